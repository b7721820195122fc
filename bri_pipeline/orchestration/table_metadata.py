"""What the UI shows of a table: columns, a preview, numbers that plot, a small chart, where columns come from."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import partial
from typing import Any

import dagster as dg

from bri_pipeline import printing
from bri_pipeline.orchestration.links import dictionary_link
from bri_pipeline.warehouse.build import Built
from bri_pipeline.warehouse.external import EXTERNAL_TABLES
from bri_pipeline.warehouse.model import Model
from bri_pipeline.warehouse.small_chart import SmallChart, as_svg

CELL_WIDTH = 60
EXACT_UP_TO = 2**53


def table_key(name: str) -> dg.AssetKey:
    """``core.patents`` -> core/patents."""
    return dg.AssetKey(name.split("."))


def declared_metadata(name: str, model: Model | None, types: Mapping[str, str]) -> dict[str, Any]:
    """What is known of a table before it is built: its columns, its SQL, its page in the data dictionary.

    Args:
        name: ``schema.table``.
        model: the SQL model; null for a table made by Python.
        types: column -> type.
    """
    columns = (
        [(column.name, column.description_with_unit) for column in model.columns]
        if model
        else [(column.name, column.description) for column in EXTERNAL_TABLES[name].columns]
    )
    named = [dg.TableColumn(column, types.get(column, "unknown"), said) for column, said in columns]
    metadata: dict[str, Any] = {
        "dagster/column_schema": dg.TableSchema(named),
        "dagster/table_name": name,
        "dictionary": dictionary_link(name),
    }
    return metadata | ({"sql": dg.MetadataValue.md(sql_block(model.sql))} if model else {})


def built_metadata(built: Built, chart: SmallChart | None) -> dict[str, Any]:
    """What is shown of a table after it was built; every number is plotted over time."""
    table = built.table
    failed = [outcome for outcome in built.checks if not outcome.passed]
    metadata: dict[str, Any] = {
        "dagster/row_count": table.rows,
        "dagster/table_name": built.name,
        "dagster/column_schema": dg.TableSchema(
            [dg.TableColumn(name, type_, meaning or None) for name, type_, meaning in table.columns]
        ),
        "preview": dg.MetadataValue.md(markdown_table(table.preview)),
        "seconds": round(table.seconds, 3),
        "checks_failed": sum(outcome.check.severity == "error" for outcome in failed),
        "checks_warned": sum(outcome.check.severity == "warn" for outcome in failed),
    }
    if chart:
        metadata["chart"] = dg.MetadataValue.md(f"{chart.title}\n\n![{chart.title}]({_data_address(chart)})")
        metadata[f"all_{chart.measure}"] = _plain(chart.total)
    if table.lineage:
        metadata["dagster/column_lineage"] = dg.TableColumnLineage(
            {
                column: [dg.TableColumnDep(table_key(source), origin) for source, origin in origins]
                for column, origins in table.lineage.items()
            }
        )
        metadata["columns_come_from"] = dg.MetadataValue.md(_lineage_table(table.lineage))
    return metadata


def sql_block(sql: str) -> str:
    """SQL as a block of Markdown."""
    return f"```sql\n{sql.strip()}\n```"


def markdown_table(rows: list[dict[str, Any]], width: int | None = CELL_WIDTH) -> str:
    """Rows as a Markdown table, cells cut at ``width`` characters; ``no rows`` when there are none."""
    return printing.markdown_table(rows, partial(_cell, width=width)) or "no rows"


def _lineage_table(lineage: Mapping[str, list[tuple[str, str]]]) -> str:
    rows = [
        {
            "column": column,
            "from": ", ".join(f"{table}.{origin}" for table, origin in origins)
            or "a count of rows, or a constant",
        }
        for column, origins in lineage.items()
    ]
    return markdown_table(rows, None)


def _data_address(chart: SmallChart) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(as_svg(chart).encode()).decode()


def _cell(value: object, width: int | None) -> str:
    if isinstance(value, float):
        value = _plain(value) if value == value else "nan"
    text = "" if value is None else str(value)
    return text if width is None or len(text) <= width else text[: width - 1] + "…"


def _plain(value: float) -> int | float:
    """A whole number without ``.0``; others with six digits."""
    return int(value) if value.is_integer() and abs(value) < EXACT_UP_TO else float(f"{value:.6g}")
