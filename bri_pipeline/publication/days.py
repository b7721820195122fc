"""Dates as sources print them, read by one rule for all of them.

A day is printed ``20120601`` or ``2012-06-01`` (ISO 8601), in the digits 0 to 9; a time of day behind it is left off.
Everything else (``01/06/2012``, ``2012-6-1``, ``20120600``) leaves open what is meant, or means no day at all.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

import polars as pl

_DAY = re.compile(
    r"(\d{4})(-?)(\d\d)\2(\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?", re.ASCII
)
_FIRST_YEAR = 1000  # the United States have granted patents since 1790; 0001-01-01 stands for no date


@lru_cache(maxsize=1 << 15)
def day_of(printed: str) -> date | None:
    """The day that is printed, blanks around it left off; None if it is none, or written in another way."""
    match = _DAY.fullmatch(printed.strip())
    if match is None or int(match[1]) < _FIRST_YEAR:
        return None
    try:
        return date(int(match[1]), int(match[3]), int(match[4]))
    except ValueError:
        return None


def days_of(printed: pl.Series) -> pl.Series:
    """The day of each text, as ``day_of`` reads it; each distinct text is read once."""
    distinct = printed.unique().drop_nulls().to_list()
    return printed.replace_strict(
        distinct, [day_of(text) for text in distinct], default=None, return_dtype=pl.Date
    )


def noted_day(printed: str | None, note: str, notes: list[str]) -> date | None:
    """The day printed; None if nothing but blanks is, and with the note if something else is."""
    if printed is None or not printed.strip():
        return None
    day = day_of(printed)
    if day is None:
        notes.append(note)
    return day
