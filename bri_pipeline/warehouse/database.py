"""The DuckDB files: one private to the pipeline, one published for readers and swapped in whole."""

from __future__ import annotations

import logging
import os
import random
import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from bri_pipeline.errors import UserError
from bri_pipeline.files.atomic import name_damaged, replacing, set_aside
from bri_pipeline.files.disk import disk_sentence
from bri_pipeline.files.in_the_way import no_file_at
from bri_pipeline.progress import SECONDS, InLines, Listener, Progress, duration
from bri_pipeline.settings import memory_setting
from bri_pipeline.warehouse.sql_text import named, quoted

log = logging.getLogger(__name__)

# Files written with this version open in DuckDB 1.2 and later.
STORAGE_VERSION = "v1.2.0"
LOCKED = re.compile(r"could not set lock on file", re.IGNORECASE)
NEWER = re.compile(r"version number \d+, but we can only read")
LOCK_HOLDER = re.compile(r"lock is held in (?P<program>\S+) \(PID (?P<pid>\d+)\)")


READ_ONLY = 0o444
OTHER_NAME = ".reading-"
CLOSED = {
    "enable_external_access": "false",
    "python_enable_replacements": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
    "temp_directory": "",  # what does not fit into memory is not written to disk but refused
}


# What DuckDB raises where a block's checksum is wrong, or what it points to is not there.
DAMAGE = (duckdb.IOException, duckdb.InternalException, duckdb.FatalException, duckdb.SerializationException)


class Comments(NamedTuple):
    """What is said of a table, and of each of its columns."""

    table: str
    columns: Mapping[str, str]


class DamagedDatabase(UserError):
    """A file that DuckDB does not open: cut, overwritten, of a newer version, or no file at all."""

    def __init__(self, path: Path, error: Exception | None = None) -> None:
        self.path = path
        way_out = "`bri run` makes it again."
        if kind := no_file_at(path):
            self.what = f"is {kind} where a file belongs"
        elif path.exists() and not os.access(path, os.R_OK):
            self.what, way_out = "may not be read by this user", "Ask its owner for the right to read it."
        elif NEWER.search(str(error)):
            self.what = f"was written by a newer DuckDB than the one installed ({duckdb.__version__})"
        else:
            self.what = f"cannot be read as a DuckDB file ({_first_line(error)})"
        super().__init__(f"{path} {self.what}. {way_out}")


@contextmanager
def writing(
    path: Path, *, patience: float = 120.0, progress: Listener | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that may write, closed whatever happens.

    While another process holds the file this waits, with jitter, up to ``patience`` seconds, and says so to
    ``progress`` (default: the log, every few seconds). A file that cannot be opened at all is dropped, which is said,
    and an empty one made: what is written here can be made again.

    Raises:
        UserError: the file stayed locked; the process that holds it is named. Or it is no DuckDB file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _create(path)
    try:
        con = _connect(path, False, patience, progress, {})
    except DamagedDatabase as damaged:
        drop_damaged(path, damaged.what)
        _create(path)
        con = _connect(path, False, patience, progress, {})
    # The system caches files of the lake already; a second copy would use up the memory allowed.
    con.execute("set enable_external_file_cache = false")
    # Trying FSST on each column takes half of a checkpoint, and the other methods leave files as small.
    con.execute("set disabled_compression_methods = 'fsst'")
    try:
        yield con
    finally:
        _close(con)


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """What is written inside is written at once, or not at all when an error is raised.

    Alone, each statement is a transaction that waits for the disk.
    """
    con.begin()
    try:
        yield
    except BaseException:
        con.rollback()
        raise
    con.commit()


@contextmanager
def reading(
    path: Path, *, patience: float = 30.0, closed: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection, closed whatever happens.

    What somebody wrote into the log beside a read-only file, who opened it for writing, is not read.

    Args:
        path: the file.
        patience: seconds to wait while another process holds it, which is said every few seconds.
        closed: whether SQL that a person typed will run on it: no other file, no network, no extension and no
            Python object can be reached then, and no file be written, whatever the SQL says.

    Raises:
        DamagedDatabase: it cannot be opened as a DuckDB file.
        UserError: there is no such file yet, or it stayed locked.
    """
    if not path.exists():
        raise UserError(f"There is no {path} yet. Run `bri run` first (for the same study).")
    if no_file_at(path):
        raise DamagedDatabase(path)
    with _without_log(path) as opened:
        con = _connect(opened, True, patience, None, CLOSED if closed else {}, name=path)
        try:
            if closed:
                _lock(con)
            yield con
        except DAMAGE as error:
            if disk_sentence(str(error)):  # of a file that was written meanwhile; this one is sound
                raise
            raise DamagedDatabase(path, error) from None
        finally:
            _close(con)


def copy_tables(
    warehouse: Path, published: Path, names: Iterable[str], comments: Mapping[str, Comments] | None = None
) -> int:
    """Copy tables of the warehouse into a new file and swap it in atomically.

    Readers that have the old file open go on reading it; the next to open it sees the new one. It is made
    read-only, and what DuckDB left beside the old one for somebody who wrote to it is removed.

    Args:
        warehouse: the private file.
        published: the file that is replaced.
        names: ``schema.table`` of what is copied; anything else in the warehouse is left out.
        comments: what is said of a table and its columns in the new file.

    Returns:
        Number of tables copied.
    """
    wanted = set(names)
    with replacing(published) as temporary:
        _create(temporary)
        with _connected(temporary) as con:
            con.execute(f"attach {quoted(warehouse)} as warehouse (read_only)")
            tables = [row for row in _tables(con) if f"{row[0]}.{row[1]}" in wanted]
            with transaction(con):
                for schema, table in tables:
                    con.execute(f"create schema if not exists {named(schema)}")
                    con.execute(
                        f"create table {named(schema, table)} as from {named('warehouse', schema, table)}"
                    )
                    _comment(con, named(schema, table), (comments or {}).get(f"{schema}.{table}"))
            con.execute("detach warehouse")
        temporary.chmod(READ_ONLY)
        if no_file_at(published):
            set_aside(published)
        remove_side_files(published)
    remove_side_files(published)  # of somebody who wrote to the old file until now
    return len(tables)


def drop_damaged(path: Path, what: str) -> None:
    """Remove a database that is made again; what is no file in its place, which is none of ours, is set aside."""
    name_damaged(path, what)
    if no_file_at(path):
        set_aside(path)
    else:
        path.unlink(missing_ok=True)
    remove_side_files(path)


def damage_of(path: Path) -> str | None:
    """What is wrong with a database that cannot be read to its end; None for a sound one.

    None also for one that another process holds. DuckDB compares the checksum of a block when it reads the block.
    """
    if no_file_at(path):
        return DamagedDatabase(path).what
    try:
        con = duckdb.connect(path, read_only=True)
    except duckdb.Error as error:
        return None if LOCKED.search(str(error)) else DamagedDatabase(path, error).what
    try:
        for name in table_names(con):
            schema, _, table = name.partition(".")
            con.execute(f'select bit_xor(hash(t)) from "{schema}"."{table}" as t').fetchall()
    except duckdb.BinderException:
        return None  # a view over a file that is gone: no damage of the database
    except duckdb.Error as error:
        gone = "No files found" in str(error) or "No such file" in str(error)
        return None if gone else DamagedDatabase(path, error).what
    finally:
        con.close()
    return None


def side_files(path: Path) -> list[Path]:
    """What DuckDB put beside a file for somebody who writes to it: the log, and the folder of what did not fit."""
    beside = [
        path.with_name(path.name + ending) for ending in (".wal", ".tmp", ".wal.checkpoint", ".wal.recovery")
    ]
    return [one for one in (*beside, *path.parent.glob(f"{OTHER_NAME}*")) if one.exists() or one.is_symlink()]


def remove_side_files(path: Path) -> None:
    """Remove what DuckDB put beside a file."""
    for one in side_files(path):
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one, ignore_errors=True)
        else:
            one.unlink(missing_ok=True)


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


def _tables(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return con.execute("""
        select schema_name, table_name from duckdb_tables() where database_name = 'warehouse'
        union all
        select schema_name, view_name from duckdb_views() where database_name = 'warehouse' and not internal
        order by all
    """).fetchall()


def _comment(con: duckdb.DuckDBPyConnection, table: str, comments: Comments | None) -> None:
    if comments is None:
        return
    columns = [
        f"comment on column {table}.{named(column)} is {quoted(text)}"
        for column, text in comments.columns.items()
        if text
    ]
    con.execute("; ".join([f"comment on table {table} is {quoted(comments.table)}", *columns]))


def _create(path: Path) -> None:
    if path.exists():
        return
    with _memory() as con:
        con.execute(f"attach {quoted(path)} as fresh (storage_version '{STORAGE_VERSION}')")
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
    con = _limited(duckdb.connect(path))
    try:
        yield con
    finally:
        con.close()


def _connect(
    path: Path,
    read_only: bool,
    patience: float,
    progress: Listener | None,
    settings: Mapping[str, str],
    *,
    name: Path | None = None,
) -> duckdb.DuckDBPyConnection:
    """Open a file, waiting while another process holds it; ``name`` is what messages call it."""
    if no_file_at(path):
        raise DamagedDatabase(name or path)
    started, said, named = time.monotonic(), "", name or path
    progress = progress or InLines(log.warning)
    config: dict[str, Any] = dict(settings)
    while True:
        try:
            con = _limited(duckdb.connect(path, read_only=read_only, config=config))
        except duckdb.Error as error:
            if not LOCKED.search(str(error)):
                raise DamagedDatabase(named, error) from None
            waited = time.monotonic() - started
            if waited >= patience:
                raise UserError(
                    f"Gave up after waiting {duration(waited)} for {named}, which is held by {_holder(error)}. "
                    "Close that program and try again."
                ) from None
            said = said or f"Waiting for {named}, held by {_holder(error)}"
            progress(Progress(said, int(waited), None, SECONDS))
            time.sleep(random.uniform(0.2, 1.0))
        else:
            if said:
                waited = time.monotonic() - started
                progress(Progress(said, int(waited), int(waited), SECONDS))
            return con


@contextmanager
def _without_log(path: Path) -> Iterator[Path]:
    """The path to open a file by, so that a log beside a read-only file is not taken for its own.

    DuckDB looks for the log beside the name it is given, and refuses a file whose log belongs to another.
    """
    log = path.with_name(path.name + ".wal")
    if not log.exists() or path.stat().st_mode & 0o222:
        yield path
        return
    with ExitStack() as stack:
        yield _other_name(path, stack)


def _other_name(path: Path, stack: ExitStack) -> Path:
    """A second name of the file in a folder of its own (DuckDB looks through a symbolic link), else a copy."""
    try:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix=OTHER_NAME, dir=path.parent))
        other = Path(folder) / path.name
        other.hardlink_to(path)
    except OSError:
        other = Path(stack.enter_context(tempfile.TemporaryDirectory())) / path.name
        shutil.copyfile(path, other)
    return other


def _lock(con: duckdb.DuckDBPyConnection) -> None:
    """Close the file system too: of a database's own file and its log the engine leaves the names open."""
    con.execute("set disabled_filesystems = 'LocalFileSystem'")
    con.execute("set lock_configuration = true")


def _close(con: duckdb.DuckDBPyConnection) -> None:
    """Close a connection, also after a signal: it would wait for the end of what it computes, Ctrl-C or not."""
    con.interrupt()
    con.close()


def _limited(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """The connection with its memory limit, set after opening: two of one process may not be opened differently.

    Without DuckDB's own bar of progress, which it would print among what a run says.
    """
    con.execute(f"set memory_limit = '{memory_limit()}'")
    con.execute("set enable_progress_bar = false")
    return con


def memory_limit() -> str:
    """The memory a connection may use: what ``BRI_MEMORY`` says, else half of the machine's.

    Raises:
        UserError: ``BRI_MEMORY`` is no amount of memory.
    """
    return memory_setting() or _half_of_memory()


@cache
def _half_of_memory() -> str:
    with _memory() as con:
        # DuckDB's own default is 80 % of the machine's memory, or of the container's.
        [default] = con.execute("select current_setting('memory_limit')").fetchone() or ["1 GiB"]
    amount, unit = str(default).split()
    return f"{float(amount) * 5 / 8:.3f}{unit}"


def _holder(error: Exception) -> str:
    match = LOCK_HOLDER.search(str(error))
    return f"{match['program']} (process {match['pid']})" if match else "another program"


def _first_line(error: Exception | None) -> str:
    return str(error).splitlines()[0].partition("Error: ")[2] or str(error).splitlines()[0]
