"""Names of the cities of China in the languages of the gazetteer."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache

from bri_pipeline.resources import resource_dir

_KINDS = ("prefecture", "city")


def city_name(province: str, city: str, column: str) -> str | None:
    """``南京`` for Nanjing in CN-JS; null for a city that the gazetteer does not know by this name.

    ``column``: the gazetteer's column of names in the language wanted, ``name`` (English) or ``name_zh``.
    """
    return city if column == "name" else _cities(column).get((province, city))


@cache
def _cities(column: str) -> Mapping[tuple[str, str], str]:
    path = resource_dir("data/reference") / "gazetteer_cn.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        found = [row for row in rows if row["kind"] in _KINDS]
    # A prefecture is preferred to a lesser city of the same name.
    found.sort(key=lambda row: -_KINDS.index(row["kind"]))
    return {(row["province"], row["name"]): row[column].removesuffix("市") for row in found}
