"""Rows as people and programs read them: a text table, CSV or JSON lines."""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from bri_pipeline.csv_text import plain_value, write_csv_rows

CELL_WIDTH = 60
# Control characters, surrogates, line separators, and what turns the direction of the text around it: a terminal
# obeys these instead of showing them.
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """The text with control and direction-changing characters written as escapes, U+202E as a backslash and ``u202e``.

    Line breaks and tabs stay as they are.
    """
    return _HIDDEN.sub(lambda match: match[0] if match[0] in "\n\t" else _escape(match[0]), text)


def hidden_character(text: str) -> str | None:
    """The escape of the first control or direction-changing character, line breaks too; null where there is none."""
    match = _HIDDEN.search(text)
    return _escape(match[0]) if match else None


def brief(value: object, width: int = CELL_WIDTH) -> str:
    """A value as an error message quotes it: its Python form, on one line, cut to ``width`` characters."""
    # the form of a huge text or list need not be made whole
    text = visible(repr(value[: width + 1] if isinstance(value, str | list) else value))
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


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
