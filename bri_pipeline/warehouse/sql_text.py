"""Values and names as SQL text, where a parameter cannot be bound."""

from __future__ import annotations

from pathlib import Path


def quoted(text: str | Path) -> str:
    """The text as an SQL string literal."""
    return "'" + str(text).replace("'", "''") + "'"


def named(*parts: str) -> str:
    """A name of one part or more as an SQL identifier: ``"marts"."by_year"``."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)
