"""The marts as CSV files."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from bri_pipeline.files.atomic import replacing
from bri_pipeline.warehouse.database import table_names


def write_tables(con: duckdb.DuckDBPyConnection, folder: Path) -> list[Path]:
    """Write every table of schema marts, all scopes, as ``<folder>/<table>.csv``; the files are returned, sorted.

    UTF-8, comma separated, a header line; an empty field is null, a list is written ``SG; MY``, a structure as
    JSON. Numbers are unrounded.
    """
    marts = [name for name in table_names(con) if name.startswith("marts.")]
    return [_write_table(con, name, folder / f"{name.removeprefix('marts.')}.csv") for name in marts]


def _write_table(con: duckdb.DuckDBPyConnection, name: str, path: Path) -> Path:
    cursor = con.execute(f"select * from {name}")
    header = [column[0] for column in cursor.description or []]
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([_field(value) for value in row] for row in cursor.fetchall())
    return path


def _field(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(str(_field(member)) for member in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value
