"""The DuckDB files: one private to the pipeline, one published for readers and swapped in whole."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from bri_pipeline.errors import UserError
from bri_pipeline.files.atomic import replacing

# Files written with this version open in DuckDB 1.5 and in 2.x.
STORAGE_VERSION = "v1.5.0"
PUBLISHED_SCHEMAS = ("reference", "raw", "staging", "core", "marts")
LOCK_HOLDER = re.compile(r"lock is held in (?P<program>\S+) \(PID (?P<pid>\d+)\)")


@contextmanager
def writing(
    path: Path, *, patience: float = 120.0, waiting: Callable[[str], None] | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that may write, closed whatever happens.

    While another process holds the file this waits, with jitter, up to ``patience`` seconds.

    Raises:
        UserError: the file stayed locked; the process that holds it is named. Or it is no DuckDB file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _create(path)
    con = _connect(path, False, patience, waiting)
    try:
        yield con
    finally:
        con.close()


@contextmanager
def reading(path: Path, *, patience: float = 30.0) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection, closed whatever happens.

    Raises:
        UserError: there is no such file yet, or it stayed locked.
    """
    if not path.is_file():
        raise UserError(f"There is no {path} yet. Run `bri run` first (for the same study).")
    con = _connect(path, True, patience, None)
    try:
        yield con
    finally:
        con.close()


def publish(warehouse: Path, published: Path) -> int:
    """Copy the warehouse's tables into a new file, with their comments, and swap it in atomically.

    Readers that have the old file open go on reading it; whoever opens it next sees the new one.

    Returns:
        Number of tables copied.
    """
    with replacing(published) as temporary:
        _create(temporary)
        with _connected(temporary) as con:
            con.execute(f"attach '{_quoted(warehouse)}' as warehouse (read_only)")
            tables = _tables(con)
            for schema, table, comment in tables:
                con.execute(f'create schema if not exists "{schema}"')
                con.execute(f'create table "{schema}"."{table}" as from warehouse."{schema}"."{table}"')
                if comment:
                    con.execute(
                        f'comment on table "{schema}"."{table}" is \'{comment.replace(chr(39), chr(39) * 2)}\''
                    )
            _copy_column_comments(con)
            con.execute("detach warehouse")
    return len(tables)


def table_names(con: duckdb.DuckDBPyConnection) -> list[str]:
    """``schema.table`` of every table and view, sorted."""
    rows = con.execute(
        "select table_schema || '.' || table_name from information_schema.tables order by 1"
    ).fetchall()
    return [name for (name,) in rows]


def rows_as_dicts(
    con: duckdb.DuckDBPyConnection, sql: str, parameters: list[Any] | None = None
) -> list[dict[str, Any]]:
    """The result of a query as dicts, in order."""
    cursor = con.execute(sql, parameters or [])
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _tables(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str | None]]:
    schemas = ", ".join(f"'{schema}'" for schema in PUBLISHED_SCHEMAS)
    relations = f"""
        select schema_name, table_name, comment from duckdb_tables()
        where database_name = 'warehouse' and schema_name in ({schemas})
        union all
        select schema_name, view_name, comment from duckdb_views()
        where database_name = 'warehouse' and schema_name in ({schemas}) and not internal
        order by all
    """
    return con.execute(relations).fetchall()


def _copy_column_comments(con: duckdb.DuckDBPyConnection) -> None:
    comments = con.execute(
        "select schema_name, table_name, column_name, comment from duckdb_columns() "
        "where database_name = 'warehouse' and comment is not null"
    ).fetchall()
    for schema, table, column, comment in comments:
        if schema in PUBLISHED_SCHEMAS:
            text = comment.replace("'", "''")
            con.execute(f'comment on column "{schema}"."{table}"."{column}" is \'{text}\'')


def _create(path: Path) -> None:
    if path.exists():
        return
    with _memory() as con:
        con.execute(f"attach '{_quoted(path)}' as fresh (storage_version '{STORAGE_VERSION}')")
        con.execute("detach fresh")


@contextmanager
def _memory() -> Iterator[duckdb.DuckDBPyConnection]:
    con = duckdb.connect()
    try:
        yield con
    finally:
        con.close()


@contextmanager
def _connected(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    con = duckdb.connect(path)
    try:
        yield con
    finally:
        con.close()


def _connect(
    path: Path, read_only: bool, patience: float, waiting: Callable[[str], None] | None
) -> duckdb.DuckDBPyConnection:
    deadline = time.monotonic() + patience
    while True:
        try:
            # One thread adds up in one order: tables built again are the same to the last digit.
            return duckdb.connect(path, read_only=read_only, config={} if read_only else {"threads": 1})
        except duckdb.IOException as error:
            if "lock" not in str(error).lower():
                raise UserError(
                    f"{path} cannot be opened as a DuckDB file ({_first_line(error)}). "
                    "Delete it; `bri run` makes it again."
                ) from None
            if time.monotonic() > deadline:
                raise UserError(
                    f"{path} is held by {_holder(error)}. Close that program and try again."
                ) from None
            if waiting:
                waiting(f"Waiting for {path}, held by {_holder(error)} ...")
                waiting = None
            time.sleep(random.uniform(0.2, 1.0))


def _holder(error: Exception) -> str:
    match = LOCK_HOLDER.search(str(error))
    return f"{match['program']} (process {match['pid']})" if match else "another program"


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0].removeprefix("IO Error: ")


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
