"""Which build of a table is there: an id made of the table's contents, so that nothing changes unnoticed."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import NamedTuple

import duckdb

from bri_pipeline.warehouse.external import EXTERNAL_TABLES, create_empty
from bri_pipeline.warehouse.sql_text import quoted, row_literal

BUILDS = "checks.builds"


class BuildIds:
    """The build id of each table as it is now, worked out once and again after ``forget``.

    The id is a digest of columns and rows, whatever their order: a table built again with the same contents keeps
    its id, and one changed by hand gets another.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self._known: dict[str, str | None] = {}
        self._kept: set[str] = set()

    def of(self, table: str) -> str | None:
        """The id of a table ``schema.name``; null if there is no such table."""
        if table not in self._known:
            self._known[table] = _contents_digest(self._con, table)
        return self._known[table]

    def forget(self, table: str) -> None:
        """Work the id out again next time: the table was written."""
        self._known.pop(table, None)

    def keep(self, table: str) -> None:
        """Make a table of schema ``checks`` as ``keep_table`` does, unless this was asked before."""
        if table not in self._kept:
            keep_table(self._con, table)
            self._kept.add(table)

    def combined(self, *parts: str, tables: frozenset[str]) -> str:
        """One id for texts and the contents of some tables."""
        content = [*parts, *(f"{name} {self.of(name)}" for name in sorted(tables))]
        return hashlib.sha256("\n".join(content).encode()).hexdigest()[:16]


class Recorded(NamedTuple):
    """What was noted of a table when it was built: the id of its contents, and the digest of what it was made from."""

    build_id: str
    made_from: str


def record_build(
    con: duckdb.DuckDBPyConnection, table: str, rows: int, made_from: str, ids: BuildIds
) -> None:
    """Note in checks.builds that a table was built now."""
    ids.forget(table)
    ids.keep(BUILDS)
    values = row_literal([table, ids.of(table), made_from, rows, datetime.now(UTC)])
    con.execute(
        f"delete from {BUILDS} where table_name = {quoted(table)}; insert into {BUILDS} values {values}"
    )


def recorded_builds(con: duckdb.DuckDBPyConnection) -> dict[str, Recorded]:
    """Table -> what was noted when it was built; empty where nothing was, or by another version."""
    names = [name for name, _ in _columns(con, BUILDS)]
    if not {"table_name", *Recorded._fields} <= set(names):
        return {}
    rows = con.execute(f"select table_name, build_id, made_from from {BUILDS}").fetchall()
    return {table: Recorded(build_id, made_from) for table, build_id, made_from in rows}


def keep_table(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Make a table of schema ``checks`` unless it is there with today's columns; one of another version is dropped."""
    table = EXTERNAL_TABLES[name]
    if [column for column, _ in _columns(con, name)] != [column.name for column in table.columns]:
        create_empty(con, table)


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str]]:
    """Name and type of each column, in order; none if there is no such table."""
    try:
        return [(row[0], row[1]) for row in con.execute(f"describe {table}").fetchall()]
    except duckdb.CatalogException:
        return []


def _contents_digest(con: duckdb.DuckDBPyConnection, table: str) -> str | None:
    columns = _columns(con, table)
    if not columns:
        return None
    # A sum does not depend on the order of the rows, and unlike an exclusive or it counts repeated ones.
    [found] = con.execute(
        f"select count(*), sum(hash(contents)::hugeint) from {table} as contents"
    ).fetchall()
    return hashlib.sha256(repr((columns, found)).encode()).hexdigest()[:16]
