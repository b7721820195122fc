"""Builds models and runs checks on a DuckDB connection."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import duckdb

from bri_pipeline.warehouse.columns import Columns, columns_of
from bri_pipeline.warehouse.external import EXTERNAL_TABLES
from bri_pipeline.warehouse.lineage import ColumnsOf, column_lineage
from bri_pipeline.warehouse.loader import LAYERS
from bri_pipeline.warehouse.model import Check, Model, ModelError

# Schemas that readers use without seeing the SQL: every column must be documented.
_DOCUMENTED_SCHEMAS = {"core", "marts"}
_PREVIEW_ROWS = 10
_OF_OTHER_KIND = re.compile(r"existing object .* trying to replace", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BuiltTable:
    """A model after a build.

    ``columns`` holds (name, DuckDB type, description), ``lineage`` column -> [(table, column)] it is made of.
    """

    rows: int
    columns: list[tuple[str, str, str]]
    preview: list[dict[str, Any]]
    lineage: dict[str, list[tuple[str, str]]]
    seconds: float


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """What a check found: the number of offending rows and the first of them."""

    check: Check
    passed: bool
    failing_rows: int
    sample: list[dict[str, Any]]
    seconds: float


def build_model(
    con: duckdb.DuckDBPyConnection, model: Model, known_columns: ColumnsOf | None = None
) -> BuiltTable:
    """Create or replace the table (or view) of a model.

    Args:
        con: a connection that may write.
        model: what is built.
        known_columns: the columns of a table, where they are known already; by default the database is asked.

    Raises:
        ModelError: the query fails, or header and columns disagree; names the file.
    """
    started = time.perf_counter()
    asked = known_columns or partial(columns_of, con)
    try:
        _create(con, model)
        columns = _documented_columns(asked(model.name), model)
        [(rows,)] = con.execute(f"select count(*) from {model.name}").fetchall()
        preview = _rows(con, f"select * from {model.name} limit {_PREVIEW_ROWS}")
    except duckdb.Error as error:
        raise ModelError(_failed(model.path, error)) from error
    return BuiltTable(rows, columns, preview, column_lineage(asked, model), time.perf_counter() - started)


def _failed(what: object, error: duckdb.Error) -> str:
    if isinstance(error, duckdb.OutOfMemoryException):
        way_out = "Set BRI_MEMORY to more, or close other programs, then run the command again."
    else:
        way_out = "Correct the query, then run the command again."
    return f"{what}: {error}\n{way_out}"


def run_check(con: duckdb.DuckDBPyConnection, check: Check, sample: int = 10) -> CheckOutcome:
    """Run a check; it passes if its query returns no row.

    Raises:
        ModelError: the query fails; names the file, or the table for a check of a header.
    """
    started = time.perf_counter()
    try:
        [(failing,)] = con.execute(f"select count(*) from (\n{check.sql}\n)").fetchall()
        offenders = _rows(con, f"select * from (\n{check.sql}\n) limit {sample}") if failing else []
    except duckdb.Error as error:
        raise ModelError(_failed(check.path or check.id, error)) from error
    return CheckOutcome(check, failing == 0, failing, offenders, time.perf_counter() - started)


def prune(con: duckdb.DuckDBPyConnection, models: Iterable[str]) -> list[str]:
    """Drop tables and views that no file makes any more, e.g. after a rename; their names are returned, sorted."""
    known = {*models, *EXTERNAL_TABLES}
    found = con.execute(
        "select table_schema || '.' || table_name, table_type from information_schema.tables "
        f"where table_catalog = current_database() and table_schema in {LAYERS} order by 1"
    ).fetchall()
    gone = [(name, kind) for name, kind in found if name not in known]
    for name, kind in gone:
        con.execute(f"drop {'view' if kind == 'VIEW' else 'table'} {name}")
    return [name for name, _ in gone]


def _create(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    wanted, other = ("view", "table") if model.is_view else ("table", "view")
    con.execute(f"create schema if not exists {model.schema}")
    statement = f"create or replace {wanted} {model.name} as\n{model.sql}"
    try:
        con.execute(statement)
    except duckdb.CatalogException as error:
        # DuckDB refuses to replace a view by a table and the other way round.
        if not _OF_OTHER_KIND.search(str(error)):
            raise
        con.execute(f"drop {other} {model.name}")
        con.execute(statement)


def _documented_columns(columns: Columns, model: Model) -> list[tuple[str, str, str]]:
    actual = dict(columns)
    meanings = {column.name: column.description_with_unit for column in model.columns}
    if absent := [name for name in meanings if name not in actual]:
        raise ModelError(
            f"{model.path}: documents column {absent[0]}, which the query does not return; take the line out."
        )
    bare = [name for name in actual if name not in meanings]
    if bare and model.schema in _DOCUMENTED_SCHEMAS:
        raise ModelError(
            f"{model.path}: column {bare[0]} is not documented; add -- @column {bare[0]} | meaning."
        )
    return [(name, type_, meanings.get(name, "")) for name, type_ in actual.items()]


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    cursor = con.execute(query)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
