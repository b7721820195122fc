"""The data dictionary as it is kept in ``docs/tables.md`` and ``docs/lineage.md``; ``dictionary`` writes both."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from bri_pipeline.errors import UserError
from bri_pipeline.resources import resource_dir

Lineage = dict[str, list[tuple[str, str]]]
"""Column -> the columns ``(table, column)`` of other tables it is computed from."""
DIGEST_LINE = "Digest of the query and of the columns it reads: `{}`."
QUERIES_HEAD = "## What each query reads"
_DIGEST = re.compile(re.escape(DIGEST_LINE).replace(r"\{\}", "([0-9a-f]+)"))
_NAME = re.compile(r"`([^`]+)`")
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


class KeptLineage(NamedTuple):
    """The lineage of a model's columns, and the digest of what it was found from."""

    digest: str
    columns: Lineage


@cache
def kept_lineages() -> Mapping[str, KeptLineage]:
    """Table -> its lineage as it was when the dictionary was written."""
    kept: dict[str, KeptLineage] = {}
    table = ""
    for line in page("lineage.md").splitlines():
        if line.startswith("## "):
            table = line[3:].strip()
        elif found := _DIGEST.fullmatch(line):
            kept[table] = KeptLineage(found[1], {})
        elif line.startswith("| `") and table in kept:
            column, *sources = _NAME.findall(line)
            kept[table].columns[column] = [_source(name) for name in sources]
    return MappingProxyType(kept)


@cache
def kept_references() -> Mapping[str, frozenset[str]]:
    """Digest of a query -> the tables it reads, as they were when the dictionary was written."""
    _, _, section = page("lineage.md").partition(QUERIES_HEAD)
    rows = (_NAME.findall(line) for line in section.splitlines() if line.startswith("| `"))
    return MappingProxyType({digest: frozenset(tables) for _, digest, *tables in rows})


def _source(name: str) -> tuple[str, str]:
    table, _, column = name.rpartition(".")
    return table, column
