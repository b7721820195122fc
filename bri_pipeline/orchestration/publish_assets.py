"""What readers get: the published copy of the tables, and the report."""

import dagster as dg

from bri_pipeline.orchestration.resources import OpenedStudy
from bri_pipeline.orchestration.warehouse_assets import WRITER_POOL, table_key
from bri_pipeline.report.write import write_report
from bri_pipeline.warehouse.build import models
from bri_pipeline.warehouse.database import publish
from bri_pipeline.warehouse.up_to_date import remember_built

PUBLISHED = dg.AssetKey(["published", "warehouse"])
REPORT = dg.AssetKey(["report", "html"])


def publish_assets() -> list[dg.AssetsDefinition]:
    """The published copy, made only when no blocking check failed, and the report read from it."""
    return [_published(), _report()]


def _published() -> dg.AssetsDefinition:
    @dg.asset(
        key=PUBLISHED,
        deps=[table_key(name) for name in models()],
        group_name="7_published",
        kinds={"duckdb"},
        pool=WRITER_POOL,
        description="A copy of every table, swapped in whole after the blocking checks: the only file readers open.",
    )
    def published(context: dg.AssetExecutionContext, opened: OpenedStudy) -> dg.MaterializeResult[None]:
        tables = publish(opened.home.warehouse, opened.home.published)
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
        page = write_report(opened.home.published, opened.home.study, opened.home.report)
        remember_built(opened.home)
        context.log.info(f"report: {page}")
        return dg.MaterializeResult(metadata={"path": dg.MetadataValue.path(page), "url": f"file://{page}"})

    return report
