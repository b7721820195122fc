"""One Excel workbook: a sheet of notes, then a sheet per table of the results and of the patents."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import duckdb
import polars as pl
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from bri_pipeline.export.selection import Exported
from bri_pipeline.export.sheet_rows import cell_values, rows_as_xml, widths
from bri_pipeline.files.atomic import replacing
from bri_pipeline.progress import Count, Listener, silent
from bri_pipeline.study import Study
from bri_pipeline.warehouse.about import notes

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

SHEETS = ("marts", "core", "checks")
MOST_ROWS = 1_048_575  # of an Excel sheet, less the heading
_ROWS_AT_ONCE = 10_000
_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}


class _UntilFull(FileIO):
    """A file that fails once.

    Of a zip that xlsxwriter left open on a full disk Python tries to write the end, too late for anybody to handle the
    error, which it prints.
    """

    _has_failed = False

    def write(self, content: ReadableBuffer, /) -> int:
        if self._has_failed:
            return memoryview(content).nbytes
        try:
            return super().write(content)
        except OSError:
            self._has_failed = True
            raise


@contextmanager
def _written(path: Path) -> Iterator[_UntilFull]:
    """The file to write, closed unless it failed: what was left open still writes to it."""
    file = _UntilFull(path, "wb")
    yield file
    file.close()


def write_workbook(
    con: duckdb.DuckDBPyConnection,
    study: Study,
    tables: Sequence[Exported],
    path: Path,
    scope: str | None,
    progress: Listener = silent,
) -> Path:
    """Numbers as numbers, dates as dates, text always as text: no cell is a formula.

    Memory does not grow with the tables.
    """
    chosen = sorted(
        (table for table in tables if table.name.partition(".")[0] in SHEETS),
        key=lambda table: (SHEETS.index(table.name.partition(".")[0]), table.name),
    )
    with (
        replacing(path) as temporary,
        # what a library leaves of its parts when it fails goes with the folder
        tempfile.TemporaryDirectory(prefix="bri-workbook-", ignore_cleanup_errors=True) as parts,
        _written(temporary) as file,
        xlsxwriter.Workbook(file, {**_OPTIONS, "tmpdir": parts}) as book,
    ):
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
            cut.append(_write_sheet(con, _add_sheet(book, _sheet_name(table.name, names)), table, formats))
            count.add()
        entries = notes(con, study, scope)
        entries += [
            ("Cut", f"{name}: rows beyond {MOST_ROWS:,} do not fit into a sheet") for name in cut if name
        ]
        entries += [(table.name, table.description) for table in chosen]
        _write_notes(sheet, entries, formats)
    return path


def _add_sheet(book: Any, name: str) -> TableSheet:
    sheet: TableSheet = book.add_worksheet(name, worksheet_class=TableSheet)
    return sheet


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


def _write_sheet(
    con: duckdb.DuckDBPyConnection, sheet: TableSheet, table: Exported, formats: dict[str, Any]
) -> str:
    """Fill a sheet; the name of the table where it has more rows than fit."""
    names = [column.name for column in table.columns]
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column.name, formats["head"])
        if column.meaning:
            sheet.write_comment(0, place, column.meaning)
    # One row too many is asked for, which says whether there are more than fit.
    batches = con.execute(f"from ({table.sql}) limit {MOST_ROWS + 1}").to_arrow_reader(_ROWS_AT_ONCE)
    widest, more = [len(name) for name in names], False
    for batch in batches:
        values = cell_values(pl.DataFrame(pl.from_arrow(batch)))
        fitting = values.head(MOST_ROWS - sheet.rows_written)
        more = more or fitting.height < values.height
        sheet.add_rows(fitting, formats["date"])
        widest = [max(pair) for pair in zip(widest, widths(fitting), strict=True)]
    for place, width in enumerate(widest):
        sheet.set_column(place, place, min(max(width + 2, 8), 60))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(sheet.rows_written, 1), len(names) - 1)
    return table.name if more else ""


class TableSheet(Worksheet):  # type: ignore[misc]  # xlsxwriter has no types
    """A sheet whose rows below the heading are written as they come, and kept in a file instead of in memory."""

    def __init__(self) -> None:
        super().__init__()
        self.rows_written = 0
        self._rows: IO[str] | None = None

    def add_rows(self, values: pl.DataFrame, date_format: Any) -> None:
        """Add rows of ``cell_values`` below those that are there."""
        if self._rows is None:
            self._rows = tempfile.TemporaryFile(  # noqa: SIM115  # read when the workbook is closed
                "w+", encoding="utf-8", newline=""
            )
        self._rows.write(rows_as_xml(values, self.rows_written + 2, date_format._get_xf_index()))
        self.rows_written += values.height

    def _write_dimension(self) -> None:
        self.dim_rowmax = self.rows_written
        super()._write_dimension()
        self.dim_rowmax = 0

    def _write_sheet_data(self) -> None:
        self._xml_start_tag("sheetData")
        self._write_rows()  # the heading
        if self._rows is not None:
            self._rows.seek(0)
            shutil.copyfileobj(self._rows, self.fh, 1 << 20)
            self._rows.close()
        self._xml_end_tag("sheetData")
