"""CSV as it is written everywhere: lists in one form, and no text that a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import IO, Any

# Spreadsheets look at the first character alone; East Asian versions take the full-width forms for the same.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
TEXT_MARK = "'"
FILE_ENCODING = "utf-8-sig"
"""Of CSV files: without the byte-order mark Excel takes UTF-8 for the code page of the machine."""


def plain_value(value: Any) -> Any:
    """A database value as a number or as text: ``SG; MY`` for a list, JSON for a structure or a list of them."""
    if isinstance(value, bool):
        return str(value).lower()
    if value is None or isinstance(value, int | float | Decimal | str):
        return value
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, Sequence) and not any(isinstance(member, dict | list | tuple) for member in value):
        return "; ".join("" if member is None else str(plain_value(member)) for member in value)
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def guarded(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula with an apostrophe before it; anything else as it is."""
    return TEXT_MARK + value if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def write_csv_rows(stream: IO[str], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A header line and the rows: comma separated, null is an empty field, numbers unrounded, text guarded."""
    # Only the characters of the line's own end are quoted inside a cell, and a lone CR would begin a new row.
    writer = csv.writer(_UnixLines(stream), lineterminator="\r\n")
    writer.writerow([guarded(name) for name in names])
    writer.writerows([guarded(plain_value(value)) for value in row] for row in rows)


class _UnixLines:
    """Takes rows that end with CR LF and writes them with LF."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, row: str) -> int:
        return self._stream.write(row.removesuffix("\r\n") + "\n")
