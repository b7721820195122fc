"""What readers get: the published copy of the tables, the report, the kit to take away, and the page on health."""

from datetime import timedelta

import dagster as dg

from bri_pipeline.orchestration import groups, links
from bri_pipeline.orchestration.failures import saying_first
from bri_pipeline.orchestration.logging import step_progress
from bri_pipeline.orchestration.resources import OpenedStudy
from bri_pipeline.orchestration.table_metadata import table_key
from bri_pipeline.orchestration.turns import tables_turn
from bri_pipeline.report.health import health_page
from bri_pipeline.study import Study
from bri_pipeline.warehouse.build import models
from bri_pipeline.warehouse.publish import publish
from bri_pipeline.warehouse.up_to_date import remember_built

PUBLISHED = dg.AssetKey(["published", "warehouse"])
REPORT = dg.AssetKey(["report", "html"])
EXPORTS = dg.AssetKey(["exports", "kit"])
HEALTH_PAGE = dg.AssetKey(["report", "health"])
# The refresh is monthly.
WARN_AFTER, FAIL_AFTER = timedelta(days=35), timedelta(days=65)


def publish_assets(study: Study) -> list[dg.AssetsDefinition]:
    """The published copy, made only while every check of severity error holds, and what is read from it."""
    return [_published(study), _report(study), _exports(study), _health(study)]


def freshness(study: Study) -> dg.FreshnessPolicy | None:
    """How old the published copy may be: of a study whose window is open; nothing new appears in another."""
    if study.window_end is not None:
        return None
    return dg.FreshnessPolicy.time_window(fail_window=FAIL_AFTER, warn_window=WARN_AFTER)


def _published(study: Study) -> dg.AssetsDefinition:
    @dg.asset(
        key=PUBLISHED,
        deps=[table_key(name) for name in models()],
        group_name=groups.PUBLISHED,
        kinds={"duckdb"},
        owners=groups.OWNERS,
        freshness_policy=freshness(study),
        description=(
            "A copy of every table in published.duckdb, the only file readers open. It is replaced as a whole, and "
            "only if every check of severity error has passed."
        ),
    )
    def published(context: dg.AssetExecutionContext, opened: OpenedStudy) -> dg.MaterializeResult[None]:
        groups.name_study(context, study)
        with saying_first(), tables_turn(context, opened):
            tables = publish(opened.home, models())
        context.log.info(f"published {tables} tables to {opened.home.published}")
        return dg.MaterializeResult(
            metadata={
                "tables": tables,
                "megabytes": round(opened.home.published.stat().st_size / 1e6, 2),
                "path": dg.MetadataValue.path(opened.home.published),
            }
        )

    return published


def _report(study: Study) -> dg.AssetsDefinition:
    @dg.asset(
        key=REPORT,
        deps=[PUBLISHED],
        group_name=groups.REPORT,
        kinds={"html"},
        owners=groups.OWNERS,
        freshness_policy=freshness(study),
        description="The report: one HTML page with figures, tables and a verdict on each claim; every mart as CSV.",
    )
    def report(context: dg.AssetExecutionContext, opened: OpenedStudy) -> dg.MaterializeResult[None]:
        # Drawing is imported where something is drawn: `bri run` with nothing new does not need it.
        from bri_pipeline.report.write import write_report

        groups.name_study(context, study)
        with saying_first():
            written = write_report(
                opened.home.published,
                opened.home.study,
                opened.home.report,
                progress=step_progress(context, opened),
            )
            page = written.index
        context.log.info(f"report: {page}")
        return dg.MaterializeResult(
            metadata={
                "path": dg.MetadataValue.path(page),
                "page": dg.MetadataValue.url(f"{links.REPORT}/index.html"),
            }
        )

    return report


def _exports(study: Study) -> dg.AssetsDefinition:
    @dg.asset(
        key=EXPORTS,
        deps=[REPORT],
        group_name=groups.EXPORTS,
        kinds={"parquet", "excel"},
        owners=groups.OWNERS,
        description=(
            "The folder exports: every table as Parquet with a data package, a workbook of the study's own scope, "
            "networks for Gephi and VOSviewer."
        ),
    )
    def exports(context: dg.AssetExecutionContext, opened: OpenedStudy) -> dg.MaterializeResult[None]:
        from bri_pipeline.export.write import write_kit
        from bri_pipeline.report.write import write_report

        groups.name_study(context, study)
        with saying_first():
            progress = step_progress(context, opened)
            files = write_kit(opened.home.published, opened.home.study, opened.home.exports, progress)
            remember_built(opened.home, write_report, write_kit)
        context.log.info(f"exports: {len(files)} files in {opened.home.exports}")
        return dg.MaterializeResult(
            metadata={"files": len(files), "path": dg.MetadataValue.path(opened.home.exports)}
        )

    return exports


def _health(study: Study) -> dg.AssetsDefinition:
    @dg.asset(
        key=HEALTH_PAGE,
        deps=[REPORT],
        group_name=groups.REPORT,
        kinds={"html"},
        owners=groups.OWNERS,
        description=(
            "A page for those who keep the study up to date: the last publication, source files that cannot be used, "
            "checks that failed, each year with its files, row counts against last time, places without a province, "
            "documents set aside. Made at the end of a refresh; materialize it alone after a failure to see the state "
            "as it is."
        ),
    )
    def health(context: dg.AssetExecutionContext, opened: OpenedStudy) -> dg.MaterializeResult[None]:
        groups.name_study(context, study)
        with saying_first(), tables_turn(context, opened):
            page = health_page(opened.home, _rows_before(context.instance))
        return dg.MaterializeResult(
            metadata={"page": dg.MetadataValue.md(page), "live": dg.MetadataValue.url(links.HEALTH)}
        )

    return health


def _rows_before(instance: dg.DagsterInstance) -> dict[str, int]:
    """Table -> rows of its last build but one."""
    before = {}
    for name in models():
        records = instance.fetch_materializations(table_key(name), limit=2).records
        if len(records) == 2 and (built := records[1].asset_materialization):
            rows = built.metadata.get("dagster/row_count")
            if isinstance(rows, dg.IntMetadataValue) and rows.value is not None:
                before[name] = rows.value
    return before
