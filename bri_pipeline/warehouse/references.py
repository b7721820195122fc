"""Which tables a query reads, found from its syntax."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from bri_pipeline.warehouse.model import ModelError


def parse_query(sql: str, path: Path) -> exp.Query:
    """The one query of a file.

    Raises:
        ModelError: the text cannot be parsed, or is not exactly one query.
    """
    try:
        return _parsed(sql)
    except ModelError as error:
        raise ModelError(f"{path}: {error}") from error.__cause__


def table_references(sql: str, path: Path) -> frozenset[str]:
    """Names ``schema.table`` the query reads, common table expressions left out.

    Raises:
        ModelError: a table without a schema, or a table function such as ``read_parquet``: both would
            hide a dependency.
    """
    try:
        return _references(sql)
    except ModelError as error:
        raise ModelError(f"{path}: {error}") from error.__cause__


def _parsed(sql: str) -> exp.Query:
    try:
        statements = [tree for tree in sqlglot.parse(sql, dialect="duckdb") if tree is not None]
    except SqlglotError as error:
        raise ModelError(f"the SQL cannot be parsed: {error}") from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise ModelError("a file holds one query (with ... select ...) and nothing else; take the rest out.")
    return statements[0]


# Models that are loaded again, after one of them was edited, are parsed once.
@lru_cache(maxsize=2048)
def _references(sql: str) -> frozenset[str]:
    tree = _parsed(sql)
    local = {cte.alias_or_name for cte in tree.find_all(exp.CTE)}
    names = {_qualified_name(table, local) for table in tree.find_all(exp.Table)}
    return frozenset(name for name in names if name is not None)


def _qualified_name(table: exp.Table, local: set[str]) -> str | None:
    if isinstance(table.this, exp.GenerateSeries):
        return None
    if not isinstance(table.this, exp.Identifier):
        raise ModelError(
            f"{table.sql(dialect='duckdb')} is no table; models read tables only, so make it one."
        )
    if table.catalog:
        raise ModelError(f"{table.sql(dialect='duckdb')} names a database; write schema.table.")
    if table.db:
        return f"{table.db}.{table.name}"
    if table.name in local:
        return None
    raise ModelError(f"{table.name} has no schema; write schema.table, or define it in a with clause.")
