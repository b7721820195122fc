"""Which rows of which table belong to an export: the whole study, or one scope."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from bri_pipeline.errors import UserError

SCHEMAS = ("checks", "core", "marts", "raw", "reference", "staging")


@dataclass(frozen=True)
class Column:
    """A column with its type in DuckDB and what it means."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True)
class Exported:
    """A table with the query of the rows that are exported."""

    name: str
    description: str
    columns: tuple[Column, ...]
    sql: str


def selection(con: duckdb.DuckDBPyConnection, scope: str | None) -> list[Exported]:
    """Every table, with its rows of one scope, or all of them.

    Of a scope are the rows that name it, and those of its patents; tables that do neither are given whole.

    Raises:
        UserError: no such scope with patents; those there are, are listed.
    """
    if scope is not None:
        scope = _known(con, scope)
    columns = _columns(con)
    descriptions = dict(
        con.execute("select schema_name || '.' || table_name, comment from duckdb_tables()").fetchall()
    )
    return [
        Exported(name, descriptions.get(name) or "", found, _query(name, found, scope))
        for name, found in columns.items()
    ]


def resolved_scope(con: duckdb.DuckDBPyConnection, scope: str | None) -> str | None:
    """The scope as the tables write it."""
    return None if scope is None else _known(con, scope)


def _known(con: duckdb.DuckDBPyConnection, scope: str) -> str:
    scopes: list[str] = [
        code
        for (code,) in con.execute("select scope from core.scopes order by patents desc, scope").fetchall()
    ]
    found = {code.upper(): code for code in scopes}.get(scope.upper())
    if found is None:
        raise UserError(
            f"There is no scope {scope!r} with patents; give one there is: {', '.join(scopes) or 'none yet'}."
        )
    return found


def _columns(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[Column, ...]]:
    rows = con.execute(
        f"""
        select schema_name || '.' || table_name, column_name, data_type, coalesce(comment, '')
        from duckdb_columns()
        where not internal and schema_name in {SCHEMAS}
        order by 1, column_index
        """
    ).fetchall()
    found: dict[str, tuple[Column, ...]] = {}
    for table, name, kind, meaning in rows:
        found[table] = (*found.get(table, ()), Column(name, kind, meaning))
    return found


def _query(name: str, columns: tuple[Column, ...], scope: str | None) -> str:
    names = {column.name for column in columns}
    sql = f"select * from {name}"
    if scope is None:
        return sql
    if "scope" in names:
        return f"{sql} where scope = '{scope}'"
    if "publication_number" in names:
        return (
            f"{sql} where publication_number in "
            # Looking up publications loses the order of the rows.
            f"(select publication_number from core.patent_scopes where scope = '{scope}') order by rowid"
        )
    return sql
