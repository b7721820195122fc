"""The marts as CSV files."""

from __future__ import annotations

from pathlib import Path

import duckdb

from bri_pipeline.csv_text import FILE_ENCODING, write_csv_rows
from bri_pipeline.files.atomic import replacing
from bri_pipeline.study import Study
from bri_pipeline.warehouse.about import notes_text
from bri_pipeline.warehouse.database import table_names


def write_tables(con: duckdb.DuckDBPyConnection, folder: Path) -> list[Path]:
    """Write every table of schema marts, all scopes, as ``<folder>/<table>.csv``; the files are returned, sorted.

    UTF-8 with a byte-order mark, so that Excel reads it right; otherwise as ``write_csv_rows`` writes.
    """
    marts = [name for name in table_names(con) if name.startswith("marts.")]
    return [_write_table(con, name, folder / f"{name.removeprefix('marts.')}.csv") for name in marts]


def write_notes(con: duckdb.DuckDBPyConnection, study: Study, folder: Path) -> Path:
    """Write ``<folder>/NOTES.txt``: what the tables are, and whether their records are made up."""
    path = folder / "NOTES.txt"
    with replacing(path) as temporary:
        temporary.write_text(notes_text(con, study), encoding="utf-8")
    return path


def _write_table(con: duckdb.DuckDBPyConnection, name: str, path: Path) -> Path:
    cursor = con.execute(f"select * from {name}")
    header = [column[0] for column in cursor.description or []]
    with replacing(path) as temporary, temporary.open("w", encoding=FILE_ENCODING, newline="") as file:
        write_csv_rows(file, header, cursor.fetchall())
    return path
