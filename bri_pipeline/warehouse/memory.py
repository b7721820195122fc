"""Memory of a connection by need: DuckDB takes all it may before it writes anything to disk."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import duckdb

from bri_pipeline.warehouse.database import memory_limit, transaction

FIRST_MEMORY = 300_000_000
"""Bytes that a connection begins with."""
_AMOUNT = re.compile(r"(?P<number>[\d.]+) ?(?P<unit>[KMGTP]?)(?P<binary>i?)(B|bytes)", re.IGNORECASE)
Result = TypeVar("Result")


def begin_with_little_memory(con: duckdb.DuckDBPyConnection) -> None:
    """Let a connection have a fraction of the memory allowed, to which ``in_little_memory`` adds."""
    with suppress(duckdb.OutOfMemoryException):  # it holds more already
        con.execute(f"set memory_limit = '{min(FIRST_MEMORY, _bytes(memory_limit()))}B'")


def allow_all_memory(con: duckdb.DuckDBPyConnection) -> None:
    """Let a connection have all of the memory allowed again."""
    con.execute(f"set memory_limit = '{memory_limit()}'")


def in_little_memory(con: duckdb.DuckDBPyConnection, work: Callable[[], Result]) -> Result:
    """Do some work in a transaction, with no more memory than it needs.

    Work for which the memory does not suffice is undone and done again with twice as much, as far as
    ``memory_limit`` goes. Later work keeps what was added, so that few things are done twice.

    Args:
        con: a connection on which no transaction has begun.
        work: what is done; it may be called several times.

    Raises:
        duckdb.OutOfMemoryException: all of the memory allowed does not suffice, or what ``work`` makes of this error.
    """
    while True:
        try:
            with transaction(con):
                return work()
        except Exception as error:
            if not (_is_out_of_memory(error) and _add_memory(con)):
                raise


def _is_out_of_memory(error: Exception) -> bool:
    return any(isinstance(one, duckdb.OutOfMemoryException) for one in (error, error.__cause__))


def _add_memory(con: duckdb.DuckDBPyConnection) -> bool:
    """Double the memory of a connection, as far as allowed; whether it has more now."""
    [now] = con.execute("select current_setting('memory_limit')").fetchone() or ["0B"]
    before, allowed = _bytes(str(now)), _bytes(memory_limit())
    # A limit is shown rounded.
    if before > 0.99 * allowed:
        return False
    con.execute(f"set memory_limit = '{min(2 * before, allowed)}B'")
    return True


def _bytes(amount: str) -> int:
    """Bytes of an amount of memory as settings and DuckDB write it: ``4GB``, ``381.4 MiB``."""
    found = _AMOUNT.fullmatch(amount)
    if found is None:
        raise ValueError(f"{amount!r} is no amount of memory")
    power = " KMGTP".index(found["unit"].upper() or " ")
    return int(float(found["number"]) * (1024 if found["binary"] else 1000) ** power)
