"""Values and names as SQL text, where a parameter cannot be bound or binding takes longer than the statement."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any


def quoted(text: str | Path) -> str:
    """The text as an SQL string literal."""
    return "'" + str(text).replace("'", "''") + "'"


def parquet_files(paths: Iterable[str | Path]) -> str:
    """A table function that reads these files and no other, whatever is in their names.

    A bracket or a star in a name is no pattern, and ``key=value`` in a folder's name no column. Beside the columns of
    the files the table has ``filename`` and ``file_row_number``.
    """
    names = (re.sub(r"[*?\[]", lambda found: f"[{found[0]}]", str(path)) for path in paths)
    options = "filename = true, file_row_number = true, hive_partitioning = false"
    return f"read_parquet([{', '.join(map(quoted, names))}], {options})"


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
