"""Which build of a table is there: an id made of the table's contents, so that nothing changes unnoticed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import duckdb

from bri_pipeline.warehouse.columns import Columns, columns_of
from bri_pipeline.warehouse.external import EXTERNAL_TABLES, create_empty
from bri_pipeline.warehouse.sql_text import row_literal

BUILDS = "checks.builds"
Row = tuple[Any, ...]


class BuildIds:
    """The build id of each table as it is now, worked out once and again after ``forget``.

    The id is a digest of columns and rows, whatever their order: a table built again with the same contents keeps
    its id, and one changed by hand gets another.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self._known: dict[str, str | None] = {}
        self._columns: dict[str, Columns] = {}
        self._noted: dict[str, set[Row]] = {}

    def of(self, table: str) -> str | None:
        """The id of a table ``schema.name``; null if there is no such table."""
        if table not in self._known:
            self._known[table] = _contents_digest(self._con, table, self.columns(table))
        return self._known[table]

    def columns(self, table: str) -> Columns:
        """Name and type of each column of a table, in order; none if there is no such table."""
        if table not in self._columns:
            self._columns[table] = columns_of(self._con, table)
        return self._columns[table]

    def forget(self, table: str) -> None:
        """Look again next time: the table was written."""
        self._known.pop(table, None)
        self._columns.pop(table, None)

    def note(self, table: str, rows: Sequence[Row], key: int) -> None:
        """Put rows into a table of schema ``checks``, in the place of those whose first ``key`` values are the same.

        The table is made as ``keep_table`` does. Nothing is deleted from one that does not hold the keys, which
        takes longer than adding rows.
        """
        names = [column.name for column in EXTERNAL_TABLES[table].columns[:key]]
        if table not in self._noted:
            keep_table(self._con, table)
            self._noted[table] = set(self._con.execute(f"select {', '.join(names)} from {table}").fetchall())
        new = {row[:key] for row in rows}
        # Statements of literals: binding the values takes longer than storing them.
        statements = []
        if replaced := new & self._noted[table]:
            keys = ", ".join(map(row_literal, sorted(replaced)))
            statements = [f"delete from {table} where ({', '.join(names)}) in ({keys})"]
        if rows:
            statements.append(f"insert into {table} values {', '.join(map(row_literal, rows))}")
        if statements:
            self._con.execute("; ".join(statements))
        self._noted[table] |= new

    def combined(self, *parts: str, tables: frozenset[str]) -> str:
        """One id for texts and the contents of some tables."""
        content = [*parts, *(f"{name} {self.of(name)}" for name in sorted(tables))]
        return hashlib.sha256("\n".join(content).encode()).hexdigest()[:16]


class Recorded(NamedTuple):
    """What was noted of a table when it was built: the id of its contents, and the digest of what it was made from."""

    build_id: str
    made_from: str


def record_build(table: str, rows: int, made_from: str, ids: BuildIds) -> None:
    """Note in checks.builds that a table was built now; ``ids`` was told to forget the one before."""
    ids.note(BUILDS, [(table, ids.of(table), made_from, rows, datetime.now(UTC))], key=1)


def recorded_builds(con: duckdb.DuckDBPyConnection) -> dict[str, Recorded]:
    """Table -> what was noted when it was built; empty where nothing was, or by another version."""
    names = [name for name, _ in columns_of(con, BUILDS)]
    if not {"table_name", *Recorded._fields} <= set(names):
        return {}
    rows = con.execute(f"select table_name, build_id, made_from from {BUILDS}").fetchall()
    return {table: Recorded(build_id, made_from) for table, build_id, made_from in rows}


def keep_table(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Make a table of schema ``checks`` unless it is there with today's columns; one of another version is dropped."""
    table = EXTERNAL_TABLES[name]
    if [column for column, _ in columns_of(con, name)] != [column.name for column in table.columns]:
        create_empty(con, table)


def _contents_digest(con: duckdb.DuckDBPyConnection, table: str, columns: Columns) -> str | None:
    if not columns:
        return None
    # A sum does not depend on the order of the rows, and unlike an exclusive or it counts repeated ones.
    [found] = con.execute(
        f"select count(*), sum(hash(contents)::hugeint) from {table} as contents"
    ).fetchall()
    return hashlib.sha256(repr((list(columns), found)).encode()).hexdigest()[:16]
