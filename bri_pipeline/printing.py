"""Rows as people and programs read them: a text table, CSV or JSON lines."""

from __future__ import annotations

import codecs
import io
import json
import math
import sys
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from bri_pipeline.csv_text import plain_value, write_csv_rows

CELL_WIDTH = 60


def prepare_streams() -> None:
    """Let standard output and error write any text, and standard input read any bytes.

    What the console's encoding lacks is written as in JSON (a backslash and ``u5357``), so that JSON stays
    JSON; what standard input holds of other encodings is read as U+FFFD.
    """
    codecs.register_error("json-escapes", _json_escapes)
    for stream, errors in (
        (sys.stdout, "json-escapes"),
        (sys.stderr, "json-escapes"),
        (sys.stdin, "replace"),
    ):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)


def _json_escapes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    escaped = json.dumps(error.object[error.start : error.end])[1:-1]
    return escaped, error.end


def formatted(names: Sequence[str], rows: Sequence[Sequence[Any]], output: str) -> str:
    """Rows as a text table, CSV, or JSON lines; ends with a line break."""
    if output == "json":
        return "".join(
            json.dumps(
                {name: _json(value) for name, value in zip(names, row, strict=True)}, ensure_ascii=False
            )
            + "\n"
            for row in rows
        )
    if output == "csv":
        buffer = io.StringIO()
        write_csv_rows(buffer, names, rows)
        return buffer.getvalue()
    return text_table(names, rows)


def _json(value: Any) -> Any:
    """The value in JSON's own types: decimals as numbers, what is no number as null, other types as text."""
    if isinstance(value, dict):
        return {str(name): _json(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_json(member) for member in value]
    if isinstance(value, Decimal):
        return _json(float(value))
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def text_table(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Columns padded to their widest cell, numbers to the right, long cells cut."""
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max(len(name), *(len(row[index]) for row in cells), 0) for index, name in enumerate(names)]
    right = [
        all(isinstance(row[index], int | float) or row[index] is None for row in rows)
        for index in range(len(names))
    ]

    def line(values: Sequence[str]) -> str:
        padded = [
            value.rjust(width) if number else value.ljust(width)
            for value, width, number in zip(values, widths, right, strict=True)
        ]
        return "  ".join(padded).rstrip()

    lines = [line(names), line(["-" * width for width in widths]), *map(line, cells)]
    count = f"{len(rows):,} row" + ("" if len(rows) == 1 else "s")
    return "\n".join([*lines, f"({count})"]) + "\n"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = f"{value:.6g}" if isinstance(value, float) else " ".join(str(plain_value(value)).split())
    return text if len(text) <= CELL_WIDTH else text[: CELL_WIDTH - 1] + "…"
