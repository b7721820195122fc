"""The data dictionary as it is kept in ``docs/tables.md``; ``dictionary`` writes it."""

from __future__ import annotations

import re
from functools import cache

from bri_pipeline.errors import UserError
from bri_pipeline.resources import resource_dir

_ROW = re.compile(r"\| `(?P<column>[^`]+)` \| (?P<type>[^|]+?) \|")


def page(name: str) -> str:
    """The text of ``tables.md`` or ``lineage.md``; empty where the installation lacks it."""
    try:
        path = resource_dir("docs") / name
    except UserError:
        return ""
    return path.read_text(encoding="utf-8") if path.is_file() else ""


@cache
def column_types() -> dict[str, dict[str, str]]:
    """Table -> column -> DuckDB type, as they were when the dictionary was written."""
    types: dict[str, dict[str, str]] = {}
    table = ""
    for line in page("tables.md").splitlines():
        if line.startswith("### "):
            table = line[4:].strip()
        elif found := _ROW.match(line):
            types.setdefault(table, {})[found["column"]] = found["type"]
    return types
