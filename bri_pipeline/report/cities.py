"""Chinese names of the cities of China, for the page in Chinese."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache

from bri_pipeline.resources import resource_dir

_KINDS = ("prefecture", "city")


def chinese_city(province: str, city: str) -> str | None:
    """``南京`` for Nanjing in CN-JS; null for a city that the gazetteer does not know by this name."""
    return _cities().get((province, city))


@cache
def _cities() -> Mapping[tuple[str, str], str]:
    path = resource_dir("data/reference") / "gazetteer_cn.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        found = [row for row in rows if row["kind"] in _KINDS]
    # A prefecture is preferred to a lesser city of the same name.
    found.sort(key=lambda row: -_KINDS.index(row["kind"]))
    return {(row["province"], row["name"]): row["name_zh"].removesuffix("市") for row in found}
