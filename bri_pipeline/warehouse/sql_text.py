"""Values and names as SQL text, where a parameter cannot be bound or binding takes longer than the statement."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any


def quoted(text: str | Path) -> str:
    """The text as an SQL string literal."""
    return "'" + str(text).replace("'", "''") + "'"


def named(*parts: str) -> str:
    """A name of one part or more as an SQL identifier: ``"marts"."by_year"``."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


def literal(value: Any) -> str:
    """A value as an SQL literal; anything but numbers, lists and nulls as text."""
    match value:
        case None:
            return "null"
        case bool() | int() | float():
            return str(value)
        case list():
            return f"[{', '.join(map(literal, value))}]"
        case datetime():
            return quoted(value.isoformat())
        case _:
            return quoted(str(value))


def row_literal(values: Iterable[Any]) -> str:
    """Values as one row of an insert statement."""
    return f"({', '.join(map(literal, values))})"
