"""SQL for people on the published tables, closed to everything else, as a table, CSV, JSON or Parquet."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click
import duckdb

from bri_pipeline.commands.out import refuse_own_files, replaced
from bri_pipeline.csv_text import FILE_ENCODING, write_csv_rows
from bri_pipeline.errors import UserError
from bri_pipeline.home import StudyHome
from bri_pipeline.printing import formatted, terminal_width
from bri_pipeline.visible import brief, visible
from bri_pipeline.warehouse.database import reading

FORMATS = ("table", "csv", "json", "parquet")
ROWS_SHOWN = 10_000
"""Rows of a text table, whose columns are as wide as their widest cell: all of it has to be in memory."""
ROWS_AT_ONCE = 10_000
SQL_BYTES = 1 << 20
FORBIDDEN = ("disabled", "read-only", "has been locked", " extension")
"""Words of errors for what a query may not do; what DuckDB advises then, such as INSTALL, it may not do either."""


def read_sql(given: str | None) -> str:
    """The SQL itself, the content of the file it names, or standard input where it is absent or ``-``.

    Raises:
        UserError: nothing is given, or the file cannot be read.
    """
    if given is None and sys.stdin.isatty():
        raise UserError('There is no SQL to run. For example: bri query "from marts.by_year"')
    if given is None or given == "-":
        return _decoded(sys.stdin.buffer.read(SQL_BYTES + 1), "standard input")
    path = Path(given)
    try:
        if path.is_file():
            with path.open("rb") as file:
                return _decoded(file.read(SQL_BYTES + 1), str(path))
    except OSError as error:
        if path.suffix.lower() == ".sql":
            raise UserError(
                f"{path} cannot be read ({error.strerror or error}). "
                "Correct its name or its rights, or give the SQL itself."
            ) from None
    except ValueError:  # a NUL: no name of a file
        pass
    if path.suffix.lower() == ".sql" and len(given.split()) == 1:
        raise UserError(f"There is no file {path}. Give the path of a file with SQL, or the SQL itself.")
    return given


def _decoded(content: bytes, name: str) -> str:
    if len(content) > SQL_BYTES:
        raise UserError(
            f"{name} is longer than {SQL_BYTES:,} bytes, which no query here needs to be; give a shorter one."
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(f"{name} is not UTF-8 text; save the SQL as UTF-8.") from None


def run_query(
    home: StudyHome,
    sql: str,
    output: str | None,
    out: Path | None,
    stdout: IO[str],
    read: Sequence[Path] = (),
) -> None:
    """Run SQL on the published tables; the result goes to ``out``, replaced whole, or to ``stdout``.

    Args:
        home: the study.
        sql: one query, or several of which the last one's result counts.
        output: one of FORMATS; None: by the ending of ``out``, else ``table``.
        out: file to write.
        stdout: where the result goes without ``out``.
        read: files that were read for the query, which ``out`` must not replace.

    Raises:
        UserError: nothing is published yet, the SQL is wrong or reaches beyond the published tables, or ``out``
            cannot be written.
    """
    wanted = output or _format_of(out)
    if wanted == "parquet" and out is None:
        raise UserError("Parquet is no text for a terminal: name a file with --out FILE.parquet.")
    if out is not None:
        refuse_own_files(home, out, read)
    if not home.published.exists():
        raise UserError(
            f"{home.study.name} has no published tables yet ({home.published}). Run `bri run` first "
            f"(--study {home.study.as_argument})."
        )
    with reading(home.published, closed=True) as con, _errors_told():
        queries = _queries_in(con, sql)
        if queries > 1:
            click.echo(f"There are {queries} queries; what follows is the result of the last.", err=True)
        cursor = con.execute(sql)
        if cursor is None or cursor.description is None:
            raise UserError('There is no SQL to run. For example: bri query "from marts.by_year"')
        if wanted in ("json", "parquet"):
            _refuse_equal_names([column[0] for column in cursor.description])
        if out is None:
            _write_text(cursor, wanted, stdout)
            return
        with replaced(out) as temporary:
            if wanted == "parquet":
                _write_parquet(cursor, temporary)
            else:
                encoding = FILE_ENCODING if wanted == "csv" else "utf-8"
                with temporary.open("w", encoding=encoding, errors="backslashreplace", newline="") as file:
                    _write_text(cursor, wanted, file)


def _refuse_equal_names(names: list[str]) -> None:
    """JSON and Parquet know columns by their names: of two with the same one would be lost."""
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UserError(
            f"The result has two columns called {brief(twice)[1:-1]}; give one of them another name with `as`."
        )


def _queries_in(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    """How many of the statements have rows to show."""
    rows_alone = [duckdb.ExpectedResultType.QUERY_RESULT]
    return sum(statement.expected_result_type == rows_alone for statement in con.extract_statements(sql))


def _format_of(out: Path | None) -> str:
    ending = out.suffix.lower().lstrip(".") if out else ""
    return {"csv": "csv", "json": "json", "jsonl": "json", "parquet": "parquet"}.get(ending, "table")


@contextmanager
def _errors_told() -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise UserError(f'{_explained(error)}\n`bri query "show all tables"` lists what there is.') from None
    except MemoryError:
        raise UserError("The result does not fit into memory; ask for less, or aggregate.") from None


def _explained(error: duckdb.Error) -> str:
    text = str(error).strip()
    if isinstance(error, duckdb.OutOfMemoryException):
        return f"The query needs more memory than it is given; ask for less, or aggregate. ({text.splitlines()[0]})"
    if isinstance(error, duckdb.PermissionException) or any(word in text for word in FORBIDDEN):
        return (
            "A query reads the published tables and nothing else: no other file, no network, no extension, and it "
            f"writes no file but --out. ({text.splitlines()[0]})"
        )
    return text


def _write_text(cursor: duckdb.DuckDBPyConnection, output: str, stream: IO[str]) -> None:
    names = [column[0] for column in cursor.description or []]
    if output == "csv" and stream.isatty():
        for number, rows in enumerate(_pieces(cursor)):
            lines = visible(formatted(names, rows, "csv"))
            stream.write(lines.partition("\n")[2] if number else lines)
    elif output == "csv":
        write_csv_rows(stream, names, _rows(cursor))
    elif output == "json":
        for rows in _pieces(cursor):
            stream.write(formatted(names, rows, "json"))
    else:
        shown: Sequence[Sequence[Any]] = cursor.fetchmany(ROWS_SHOWN + 1)
        stream.write(formatted(names, shown[:ROWS_SHOWN], "table", terminal_width(stream)))
        if len(shown) > ROWS_SHOWN:
            stream.write(
                f"There are more rows than the {ROWS_SHOWN:,} shown; --format csv or json gives them all.\n"
            )


def _pieces(cursor: duckdb.DuckDBPyConnection) -> Iterator[Sequence[Sequence[Any]]]:
    while rows := cursor.fetchmany(ROWS_AT_ONCE):
        yield rows


def _rows(cursor: duckdb.DuckDBPyConnection) -> Iterator[Sequence[Any]]:
    for rows in _pieces(cursor):
        yield from rows


def _write_parquet(cursor: duckdb.DuckDBPyConnection, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    batches = cursor.to_arrow_reader(ROWS_AT_ONCE)
    try:
        with pq.ParquetWriter(path, batches.schema, compression="zstd") as writer:
            for batch in batches:
                writer.write_batch(batch)
    except pa.ArrowNotImplementedError as error:
        raise UserError(f"Parquet cannot hold a column of the result; cast it to text. ({error})") from None
    except pa.ArrowException as error:
        raise UserError(
            f"The query stopped: {error}. Write the result as --format csv, or cast its columns."
        ) from None
