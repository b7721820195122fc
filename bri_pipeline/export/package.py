"""Parquet or CSV of every table with a Frictionless data package that says what each column means."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import duckdb

from bri_pipeline.csv_text import FILE_ENCODING, write_csv_rows
from bri_pipeline.export.selection import Exported
from bri_pipeline.files.atomic import replacing, write_json
from bri_pipeline.progress import Count, Listener, silent
from bri_pipeline.study import Study
from bri_pipeline.warehouse.about import notes, notes_text
from bri_pipeline.warehouse.sql_text import quoted

Form = Literal["parquet", "csv"]
_TYPES = {
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DOUBLE": "number",
    "FLOAT": "number",
    "TIMESTAMP": "datetime",
    "TIMESTAMP WITH TIME ZONE": "datetime",
}


def write_package(
    con: duckdb.DuckDBPyConnection,
    study: Study,
    tables: Sequence[Exported],
    out: Path,
    form: Form,
    scope: str | None,
    progress: Listener = silent,
) -> list[Path]:
    """``<schema>.<table>.<form>`` for every table, ``datapackage.json`` and ``NOTES.txt``."""
    written = []
    count = Count(progress, f"writing {form}", len(tables), "tables")
    for table in tables:
        count.begin(table.name)
        path = out / f"{table.name}.{form}"
        with replacing(path) as temporary:
            if form == "parquet":
                con.execute(f"copy ({table.sql}) to {quoted(temporary)} (format parquet, compression zstd)")
            else:
                _write_csv(con, table, temporary)
        written.append(path)
        count.add()
    descriptor = out / "datapackage.json"
    write_json(descriptor, package(con, study, tables, form, scope))
    text = out / "NOTES.txt"
    with replacing(text) as temporary:
        temporary.write_text(notes_text(con, study, scope), encoding="utf-8")
    return [*written, descriptor, text]


def package(
    con: duckdb.DuckDBPyConnection, study: Study, tables: Sequence[Exported], form: Form, scope: str | None
) -> dict[str, Any]:
    """The descriptor of the data package; its description says that records are synthetic, where they are."""
    return {
        "name": study.name if scope is None else f"{study.name}-{scope.lower()}",
        "title": study.title,
        "description": " ".join(f"{heading}: {text}" for heading, text in notes(con, study, scope)),
        "licenses": [{"name": "CC0-1.0", "title": "Public domain: US patent publications"}],
        "resources": [_resource(table, form) for table in tables],
    }


def _resource(table: Exported, form: Form) -> dict[str, Any]:
    described = {
        "name": table.name.replace("_", "-").lower(),
        "path": f"{table.name}.{form}",
        "description": table.description or table.name,
        "format": form,
        "mediatype": "text/csv" if form == "csv" else "application/vnd.apache.parquet",
        "schema": {
            "fields": [_field(column.name, column.type, column.meaning, form) for column in table.columns]
        },
    }
    return described | ({"encoding": FILE_ENCODING} if form == "csv" else {})


def _field(name: str, kind: str, meaning: str, form: Form) -> dict[str, str]:
    field = {"name": name, "type": _type(kind, form), "description": meaning or name}
    return field | ({"format": "any"} if field["type"] == "datetime" else {})


def _type(kind: str, form: Form) -> str:
    """The type Frictionless has for a column; lists and structures are text in CSV."""
    if kind.endswith("[]"):
        return "string" if form == "csv" else "array"
    if kind.startswith(("STRUCT", "MAP")):
        return "string" if form == "csv" else "object"
    if kind.startswith("DECIMAL"):
        return "number"
    if kind.endswith(("INT", "INTEGER")):
        return "integer"
    return _TYPES.get(kind, "string")


def _write_csv(con: duckdb.DuckDBPyConnection, table: Exported, path: Path) -> None:
    cursor = con.execute(table.sql)
    with path.open("w", encoding=FILE_ENCODING, newline="") as file:
        write_csv_rows(file, [column.name for column in table.columns], cursor.fetchall())
