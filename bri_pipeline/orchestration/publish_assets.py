"""What readers get: the published copy of the tables, the report, and the kit to take away."""

import dagster as dg

from bri_pipeline.orchestration.resources import OpenedStudy
from bri_pipeline.orchestration.turns import tables_turn
from bri_pipeline.orchestration.warehouse_assets import table_key
from bri_pipeline.report.export import remove_gone_tables
from bri_pipeline.warehouse.build import models
from bri_pipeline.warehouse.publish import publish, published_tables
from bri_pipeline.warehouse.up_to_date import remember_built

PUBLISHED = dg.AssetKey(["published", "warehouse"])
REPORT = dg.AssetKey(["report", "html"])
EXPORTS = dg.AssetKey(["exports", "kit"])


def publish_assets() -> list[dg.AssetsDefinition]:
    """The published copy, made only while every check of severity error holds, and what is read from it."""
    return [_published(), _report(), _exports()]


def _published() -> dg.AssetsDefinition:
    @dg.asset(
        key=PUBLISHED,
        deps=[table_key(name) for name in models()],
        group_name="7_published",
        kinds={"duckdb"},
        description="A copy of every table, swapped in whole if every error check holds: the only file readers open.",
    )
    def published(context: dg.AssetExecutionContext, opened: OpenedStudy) -> dg.MaterializeResult[None]:
        with tables_turn(context, opened.home):
            tables = publish(opened.home, models())
        context.log.info(f"published {tables} tables to {opened.home.published}")
        return dg.MaterializeResult(
            metadata={"tables": tables, "path": dg.MetadataValue.path(opened.home.published)}
        )

    return published


def _report() -> dg.AssetsDefinition:
    @dg.asset(
        key=REPORT,
        deps=[PUBLISHED],
        group_name="8_report",
        kinds={"html"},
        description="Figures, tables and the claims ledger as one HTML page, and every mart as CSV.",
    )
    def report(context: dg.AssetExecutionContext, opened: OpenedStudy) -> dg.MaterializeResult[None]:
        # Drawing is imported where something is drawn: `bri run` with nothing new does not need it.
        from bri_pipeline.report.write import write_report

        page = write_report(opened.home.published, opened.home.study, opened.home.report).index
        for gone in remove_gone_tables(opened.home.report / "tables", published_tables(models())):
            context.log.info(f"removed {gone}, whose table is gone")
        context.log.info(f"report: {page}")
        return dg.MaterializeResult(metadata={"path": dg.MetadataValue.path(page), "url": f"file://{page}"})

    return report


def _exports() -> dg.AssetsDefinition:
    @dg.asset(
        key=EXPORTS,
        deps=[REPORT],
        group_name="9_exports",
        kinds={"parquet", "excel"},
        description="Every table as Parquet with a data package, a workbook of the study's scope, network files.",
    )
    def exports(context: dg.AssetExecutionContext, opened: OpenedStudy) -> dg.MaterializeResult[None]:
        from bri_pipeline.export.write import write_kit
        from bri_pipeline.report.write import write_report

        files = write_kit(opened.home.published, opened.home.study, opened.home.exports)
        remember_built(opened.home, write_report, write_kit)
        context.log.info(f"exports: {len(files)} files in {opened.home.exports}")
        return dg.MaterializeResult(
            metadata={"files": len(files), "path": dg.MetadataValue.path(opened.home.exports)}
        )

    return exports
