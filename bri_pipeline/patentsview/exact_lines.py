"""Reads tab-separated lines record by record and names every line that is not part of one.

Slow (some 20 MB a second) and exact: for the few blocks in which something is wrong.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_RECORD_BYTES = 1 << 18


@dataclass(frozen=True, slots=True)
class Line:
    """A record, or a line that begins none.

    number    number of its first line
    values    values of the record; none if the line is unreadable
    reason    why the line is unreadable; empty for a record
    text      the bytes as they are, with the line break
    """

    number: int
    values: list[str]
    reason: str
    text: bytes


def read_lines(data: bytes, columns: int, quoted: bool, first_line: int, final: bool) -> Iterator[Line]:
    """The records and unreadable lines of some bytes that begin at the start of a line.

    A line that begins no whole record is unreadable alone; reading goes on with the line after it, so one stray
    quote costs one line. Stops before a record that bytes still to come may complete; together the ``text`` of
    what is yielded is all that was read. Blank lines have neither values nor a reason.

    Args:
        data: lines of a table.
        columns: values a record must have.
        quoted: whether text is in double quotes, within which line breaks are text.
        first_line: number of the first line of ``data``.
        final: whether nothing follows, so that a quote open at the end cannot be closed any more.
    """
    start, number = 0, first_line
    while start < len(data):
        end = _record_end(data, start, quoted)
        if not end and not final and len(data) - start < LONGEST_RECORD_BYTES:
            return
        line = _record(data[start:end], columns, quoted, number) if end else None
        if line is None or line.reason:
            text = data[start : _line_end(data, start)]
            line = Line(number, [], line.reason if line else "a quote is opened and not closed", text)
        yield line
        start += len(line.text)
        number += line.text.count(b"\n")


def _line_end(data: bytes, start: int) -> int:
    return data.find(b"\n", start) + 1 or len(data)


def _record_end(data: bytes, start: int, quoted: bool) -> int:
    """Where the record that begins at ``start`` ends; 0 if its line or a quote is left open."""
    end, quotes = start, 0
    while end - start < LONGEST_RECORD_BYTES:
        line_end = data.find(b"\n", end) + 1
        if not line_end:
            return 0
        quotes += data.count(b'"', end, line_end)
        end = line_end
        if not quoted or quotes % 2 == 0:
            return end
    return 0


def _record(text: bytes, columns: int, quoted: bool, number: int) -> Line:
    try:
        line = text.decode("utf-8").removesuffix("\n").removesuffix("\r")
        values = next(csv.reader([line], delimiter="\t", strict=True), []) if quoted else line.split("\t")
    except UnicodeDecodeError as error:
        return Line(number, [], f"not UTF-8 ({error.reason})", text)
    except csv.Error as error:
        return Line(number, [], f"quotes in the wrong place ({error})", text)
    if not line or len(values) == columns:
        return Line(number, values if line else [], "", text)
    return Line(number, [], f"{len(values)} columns instead of {columns}", text)
