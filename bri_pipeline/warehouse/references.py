"""Which tables a query reads, found from its syntax.

``docs/lineage.md`` keeps what was found with a digest of the query, and only a query of another digest is parsed.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bri_pipeline.warehouse.dictionary_file import kept_references
from bri_pipeline.warehouse.header import without_comments
from bri_pipeline.warehouse.model import ModelError

if TYPE_CHECKING:
    from sqlglot import exp


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
        ModelError: as ``parsed_references``.
    """
    kept = kept_references().get(query_digest(sql))
    return parsed_references(sql, path) if kept is None else kept


def query_digest(sql: str) -> str:
    """Changes with a query, and not with its comments and layout."""
    return hashlib.sha256(without_comments(sql).encode()).hexdigest()[:12]


def parsed_references(sql: str, path: Path) -> frozenset[str]:
    """The same, found by parsing the query whatever is kept of it.

    Raises:
        ModelError: a table without a schema, or a table function such as ``read_parquet``: both would
            hide a dependency.
    """
    try:
        return _references(sql)
    except ModelError as error:
        raise ModelError(f"{path}: {error}") from error.__cause__


def _parsed(sql: str) -> exp.Query:
    # Loaded where a query is parsed, which is seldom.
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

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
    from sqlglot import exp

    tree = _parsed(sql)
    local = {cte.alias_or_name for cte in tree.find_all(exp.CTE)}
    names = {_qualified_name(table, local) for table in tree.find_all(exp.Table)}
    return frozenset(name for name in names if name is not None)


def _qualified_name(table: exp.Table, local: set[str]) -> str | None:
    from sqlglot import exp

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
