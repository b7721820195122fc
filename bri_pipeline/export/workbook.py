"""One Excel workbook: a sheet of notes, then a sheet per table of the results and of the patents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter

from bri_pipeline.csv_text import plain_value
from bri_pipeline.export.selection import Exported
from bri_pipeline.files.atomic import replacing
from bri_pipeline.progress import Count, Listener, silent
from bri_pipeline.study import Study
from bri_pipeline.warehouse.about import notes

SHEETS = ("marts", "core", "checks")
MOST_ROWS = 1_048_575  # of an Excel sheet, less the heading
_LONGEST_TEXT = 32_767
_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}


def write_workbook(
    con: duckdb.DuckDBPyConnection,
    study: Study,
    tables: Sequence[Exported],
    path: Path,
    scope: str | None,
    progress: Listener = silent,
) -> Path:
    """Numbers as numbers, dates as dates, text always as text: no cell is a formula."""
    chosen = sorted(
        (table for table in tables if table.name.partition(".")[0] in SHEETS),
        key=lambda table: (SHEETS.index(table.name.partition(".")[0]), table.name),
    )
    with replacing(path) as temporary, xlsxwriter.Workbook(str(temporary), _OPTIONS) as book:
        book.set_properties({"title": study.title, "author": "bri-pipeline", "created": datetime(2000, 1, 1)})
        formats = {
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
            "bold": book.add_format({"bold": True, "valign": "top"}),
        }
        sheet = book.add_worksheet("notes")
        names: set[str] = {"notes"}
        count = Count(progress, "writing the workbook", len(chosen), "sheets")
        cut = []
        for table in chosen:
            count.begin(table.name)
            cut.append(_write_sheet(con, book.add_worksheet(_sheet_name(table.name, names)), table, formats))
            count.add()
        entries = notes(con, study, scope)
        entries += [
            ("Cut", f"{name}: rows beyond {MOST_ROWS:,} do not fit into a sheet") for name in cut if name
        ]
        entries += [(table.name, table.description) for table in chosen]
        _write_notes(sheet, entries, formats)
    return path


def _sheet_name(table: str, taken: set[str]) -> str:
    """At most 31 characters, as Excel allows; the schema is left out for the results."""
    name = table.removeprefix("marts.")[:31]
    number = 2
    while name.lower() in taken:
        name, number = f"{name[:28]}_{number}", number + 1
    taken.add(name.lower())
    return name


def _write_notes(sheet: Any, entries: Sequence[tuple[str, str]], formats: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 110)
    for row, (heading, text) in enumerate(entries):
        sheet.write_string(row, 0, heading, formats["bold"])
        sheet.write_string(row, 1, text, formats["wrap"])


def _write_sheet(con: duckdb.DuckDBPyConnection, sheet: Any, table: Exported, formats: dict[str, Any]) -> str:
    """Fill a sheet; the name of the table where it has more rows than fit."""
    cursor = con.execute(table.sql)
    names = [column.name for column in table.columns]
    widths = [len(name) for name in names]
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column.name, formats["head"])
        if column.meaning:
            sheet.write_comment(0, place, column.meaning)
    row, rest = 0, False
    while batch := cursor.fetchmany(10_000):
        for values in batch:
            if row == MOST_ROWS:
                rest = True
                break
            row += 1
            for place, value in enumerate(values):
                widths[place] = max(widths[place], _write(sheet, row, place, value, formats))
        if rest:
            break
    for place, width in enumerate(widths):
        sheet.set_column(place, place, min(max(width + 2, 8), 60))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(row, 1), len(names) - 1)
    return table.name if rest else ""


def _write(sheet: Any, row: int, place: int, value: Any, formats: dict[str, Any]) -> int:
    """Write one value by its type; how wide it is."""
    if value is None:
        return 0
    if isinstance(value, bool):
        sheet.write_boolean(row, place, value)
        return 5
    if isinstance(value, int | float | Decimal):
        if isfinite(value):
            sheet.write_number(row, place, value)
        return 10
    if isinstance(value, date):
        sheet.write_datetime(row, place, value, formats["date"])
        return 11
    text = str(plain_value(value))[:_LONGEST_TEXT]
    sheet.write_string(row, place, text)
    return len(text)
