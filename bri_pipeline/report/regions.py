"""Names of the first-level divisions outside China in the languages of the list."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from bri_pipeline.csv_rows import csv_rows
from bri_pipeline.resources import resource_dir


def region_name(iso: str, column: str) -> str | None:
    """``卡纳塔克邦`` for IN-KA; null for a division that the list does not name.

    ``column``: that of the names in the language wanted, ``name_zh``; ``name`` is English, the language of the tables.
    """
    return None if column == "name" else _regions(column).get(iso)


@cache
def _regions(column: str) -> Mapping[str, str]:
    rows = csv_rows(resource_dir("data/reference") / "region_names.csv", ["iso", column])
    return {row.values["iso"]: row.values[column] for row in rows}
