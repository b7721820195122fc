"""Which tables a query reads, found from its syntax."""

from __future__ import annotations

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
        statements = [tree for tree in sqlglot.parse(sql, dialect="duckdb") if tree is not None]
    except SqlglotError as error:
        raise ModelError(f"{path}: the SQL cannot be parsed: {error}") from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise ModelError(
            f"{path}: a file holds one query (with ... select ...) and nothing else; take the rest out."
        )
    return statements[0]


def table_references(sql: str, path: Path) -> frozenset[str]:
    """Names ``schema.table`` the query reads, common table expressions left out.

    Raises:
        ModelError: a table without a schema, or a table function such as ``read_parquet``: both would
            hide a dependency.
    """
    tree = parse_query(sql, path)
    local = {cte.alias_or_name for cte in tree.find_all(exp.CTE)}
    names = {_qualified_name(table, local, path) for table in tree.find_all(exp.Table)}
    return frozenset(name for name in names if name is not None)


def _qualified_name(table: exp.Table, local: set[str], path: Path) -> str | None:
    if isinstance(table.this, exp.GenerateSeries):
        return None
    if not isinstance(table.this, exp.Identifier):
        raise ModelError(
            f"{path}: {table.sql(dialect='duckdb')} is no table; models read tables only, so make it one."
        )
    if table.catalog:
        raise ModelError(f"{path}: {table.sql(dialect='duckdb')} names a database; write schema.table.")
    if table.db:
        return f"{table.db}.{table.name}"
    if table.name in local:
        return None
    raise ModelError(
        f"{path}: {table.name} has no schema; write schema.table, or define it in a with clause."
    )
