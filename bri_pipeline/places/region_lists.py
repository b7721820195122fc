"""The lists of divisions, cities and small places of countries other than China, as spellings are looked up in them.

Names come from GeoNames' cities, ISO's divisions and the lists of Japan Post, Korea and India Post
(``data/reference/README.md``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from bri_pipeline.csv_rows import csv_rows, utf8_text
from bri_pipeline.cycles import without_search_for_cycles
from bri_pipeline.errors import UserError
from bri_pipeline.places.near import grouped
from bri_pipeline.places.quarters import QUARTERS, Quarters
from bri_pipeline.places.text import key, latin
from bri_pipeline.places.vocabulary import words

# A city's other spelling is longer than this; shorter ones are codes and syllables of other names.
_SHORTEST_OTHER = 4
_FIELDS, _LOCALITY_FIELDS = 5, 4
_LOCALITIES = ("world_localities.tsv", "german_municipalities.tsv", "region_parts.tsv")
# Countries where people write a town and a part of it.
TOWN_AND_PART = frozenset({"DE", "AT", "CH"})
# Countries where names are often shortened or romanised in another way, so that another spelling is as usual.
_SHORTENED = TOWN_AND_PART | {"JP", "KR", "IN"}
# Words for the kind of a division around a city; people write any of them for another.
_KINDS_OF_LAND = ("region", "oblast", "obl", "reg", "province", "governorate")
_KIND_OF_LAND = re.compile(r" (?:region|oblast'?|oblysy|province|governorate)$", re.IGNORECASE)
# Inhabitants assumed of a ward or district, and of a smaller municipality (in Japan): no list has their size.
_DISTRICT, _MUNICIPALITY, _SMALL_MUNICIPALITY = 100_000, 15_000, 2_500
# ... and of a village of Germany.
_VILLAGE = 800
_SMALL = {"municipality": _SMALL_MUNICIPALITY, "village": _VILLAGE}
# The inhabitants of a former city are divided by this.
_FORMER = 10
# A town this large is what its name means, not another one that once had it.
_TOWN = 20_000
_SMALL_KINDS = ("cho", "machi", "mura", "son", "gun")
_HEAD_OF_NAME = re.compile(r"(.{4,}?) (?:an|am|im|in|bei|ob|vor|auf|unter|b|a)\b", re.IGNORECASE)
# Kinds written together with the name.
GLUED_KINDS = (
    "gwangyeoksi", "kwangyeoksi", "gwangyoksi", "kwangyoksi", "gwangyeok", "kwangyeok", "kwangyok", "machi", "mura",
    "cho", "si", "shi", "ken", "city", "fu", "hu", "gun", "kun", "gu", "ku",
)  # fmt: skip


class City(NamedTuple):
    """A city of a region; without a name where only the region is meant."""

    name: str
    region: str
    population: int


class Lists(NamedTuple):
    """The lists of one country.

    ``names``: code → name of its divisions; ``by_key``: spelling → code; ``cities``: spelling → cities of the name;
    ``heard``: sound → spellings, where romanisation differs; ``localities``: spelling of a place too small for the list
    of cities → divisions that have one of the name; ``quarters``: places below the municipalities, read when needed.
    """

    names: Mapping[str, str]
    by_key: Mapping[str, str]
    cities: Mapping[str, tuple[City, ...]]
    heard: Mapping[str, tuple[str, ...]]
    localities: Mapping[str, frozenset[str]]
    quarters: Quarters


def is_usual(spelling: str, city: City) -> bool:
    """Whether a spelling is the city's name: umlauts, kinds and what follows "am" aside."""
    # No kind begins or ends with a letter that would make an umlaut where it is glued on.
    bare = _without_umlauts(spelling)
    return any(
        usual == bare or (usual.startswith(bare) and usual[len(bare) :] in GLUED_KINDS)
        for usual in _usual_names(city.name)
    )


# The spellings of a city are looked at one after the other.
@lru_cache(maxsize=1024)
def _usual_names(name: str) -> frozenset[str]:
    name = name.replace("ß", "ss")
    head = _HEAD_OF_NAME.match(name)
    return frozenset(_without_umlauts(key(one)) for one in (name, head[1] if head else name))


def _without_umlauts(spelling: str) -> str:
    return spelling.replace("ue", "u").replace("oe", "o").replace("ae", "a")


@without_search_for_cycles()
def load_lists(
    reference_dir: Path, countries: Collection[str], without: Collection[str] = ()
) -> dict[str, Lists]:
    """The lists of some countries, in one reading of the files; ``without`` names files of localities to leave out.

    Raises:
        UserError: a file is missing or has a row that cannot be used.
    """
    names = _names(reference_dir, countries)
    by_key = _by_key(names, reference_dir)
    cities = _all_cities(reference_dir / "gazetteer_world.tsv", by_key)
    rows = chain.from_iterable(
        _localities(reference_dir / file, names) for file in _LOCALITIES if file not in without
    )
    localities = _with_districts(cities, rows)
    return {
        country: _lists(
            names[country],
            by_key[country],
            cities[country],
            localities[country],
            Quarters(reference_dir / QUARTERS, country),
        )
        for country in countries
    }


def division_codes(reference_dir: Path, countries: Collection[str]) -> dict[str, dict[str, str]]:
    """Country → spelling of a division → its code; a spelling that two divisions share is in neither.

    Raises:
        UserError: a file is missing or has a row that cannot be used.
    """
    return _by_key(_names(reference_dir, countries), reference_dir)


def _names(reference_dir: Path, countries: Collection[str]) -> dict[str, dict[str, str]]:
    names: dict[str, dict[str, str]] = {country: {} for country in countries}
    for _, row in csv_rows(reference_dir / "regions.csv", ("iso", "name")):
        if row["iso"][:2] in names:
            names[row["iso"][:2]][row["iso"]] = row["name"]
    return names


def _by_key(names: Mapping[str, Mapping[str, str]], reference_dir: Path) -> dict[str, dict[str, str]]:
    """Country → spelling → division."""
    aliases = reference_dir / "region_aliases.csv"
    by_key: dict[str, dict[str, str]] = {country: {} for country in names}
    for country, listed in names.items():
        for iso, name in listed.items():
            for spelling in {key(latin(name)), key(latin(_without_kind(name)))}:
                # A name of two divisions (Hsinchu, a city and a county) is that of neither.
                by_key[country][spelling] = "" if spelling in by_key[country] else iso
    for line, row in csv_rows(aliases, ("iso", "alias")):
        iso = row["iso"]
        if iso[:2] in names:
            if iso not in names[iso[:2]]:
                raise UserError(
                    f"{aliases.name}, line {line}: {iso} is not in regions.csv; correct the code."
                )
            by_key[iso[:2]][key(latin(row["alias"]))] = iso
            for spelling in _with_other_kinds(latin(row["alias"])):
                by_key[iso[:2]].setdefault(spelling, iso)
    return {country: {one: iso for one, iso in listed.items() if iso} for country, listed in by_key.items()}


def _all_cities(path: Path, by_key: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, list[City]]]:
    cities: dict[str, dict[str, list[City]]] = {country: defaultdict(list) for country in by_key}
    for spelling, country, city in _world(path, by_key):
        if len(spelling) < _SHORTEST_OTHER and not is_usual(spelling, city):
            continue
        # A division's name does not mean a city whose usual name is another one (Aichi: Okazaki).
        is_division = spelling in by_key[country] and not is_usual(spelling, city)
        cities[country][spelling].append(city._replace(name="") if is_division else city)
    for country in cities.keys() - _SHORTENED:
        for spelling, namesakes in cities[country].items():
            if len(namesakes) > 1:
                _weigh_other_names(spelling, namesakes)
    return cities


def _weigh_other_names(spelling: str, namesakes: list[City]) -> None:
    """Where a town has the name, count a city that has it only as another name like a former one.

    Stavropol is the city of that name, not Tolyatti, which had it until 1964.
    """
    is_a_town = any(city.population >= _TOWN and is_usual(spelling, city) for city in namesakes)
    for at, city in enumerate(namesakes if is_a_town else ()):
        if not city.name or not is_usual(spelling, city):
            namesakes[at] = city._replace(population=city.population // _FORMER)


def _with_districts(
    cities: Mapping[str, Mapping[str, list[City]]], rows: Iterable[tuple[str, str, str, list[str]]]
) -> dict[str, dict[str, set[str]]]:
    """Add the districts to the cities; returns the other localities: country → spelling → divisions."""
    districts: dict[tuple[str, str], list[City]] = defaultdict(list)
    localities: dict[str, dict[str, set[str]]] = {country: defaultdict(set) for country in cities}
    for country, region, kind, spellings in rows:
        people = _MUNICIPALITY if spellings[-1].endswith(_SMALL_KINDS) else _DISTRICT
        if kind in _SMALL:
            people = _SMALL[kind]
        for spelling in spellings:
            if kind != "locality":
                districts[country, spelling].append(City("", region, people))
            else:
                localities[country][spelling].add(region)
    for (country, spelling), listed in districts.items():
        _add_districts(cities[country][spelling], listed, is_whole=country == "JP")
    return localities


def _add_districts(listed: list[City], districts: Collection[City], *, is_whole: bool) -> None:
    """Add the wards, counties and municipalities of a name, each unless its region has a city of the name.

    Where the list of them is whole, a city of the name in another region is a former one, or a quarter.
    """
    regions = {district.region for district in districts}
    for at, city in enumerate(listed if is_whole else ()):
        if city.region not in regions:
            listed[at] = city._replace(population=city.population // _FORMER)
    known = {city.region for city in listed}
    listed += [district for district in districts if district.region not in known]


def _lists(
    names: dict[str, str],
    by_key: dict[str, str],
    cities: dict[str, list[City]],
    localities: dict[str, set[str]],
    quarters: Quarters,
) -> Lists:
    country = quarters.country
    known = {spelling: tuple(listed) for spelling, listed in cities.items()}
    if country == "KR":
        known |= _in_mccune(known)
    heard: dict[str, tuple[str, ...]] = {}
    if country in _SOUNDS:
        heard = grouped(sorted({*known, *by_key}), lambda name: (sound(country, name),))
    small = {name: frozenset(regions) for name, regions in localities.items()}
    return Lists(names, by_key, known, heard, small, quarters)


def _in_mccune(known: Mapping[str, tuple[City, ...]]) -> dict[str, tuple[City, ...]]:
    """Korean names as McCune and Reischauer write them, without their marks: Icheon is Ichon, Geumcheon Kumchon."""
    written: dict[str, tuple[City, ...]] = {}
    for spelling, listed in known.items():
        older = spelling.replace("eo", "o").replace("eu", "u")
        if older not in known:
            written[older] = (*written.get(older, ()), *listed)
    return written


# Spellings of the same sound: long vowels and Kunrei spellings in Japan, McCune's and later romanisations in Korea.
_SOUNDS = {
    "JP": words(
        "ou-o oo-o uu-u tu-tsu si-shi ti-chi hu-fu sya-sha syu-shu syo-sho tya-cha tyu-chu tyo-cho zya-ja zyu-ju "
        "zyo-jo jya-ja jyu-ju jyo-jo cya-cha cyu-chu cyo-cho zi-ji mb-nb mp-np mm-nm"
    ),
    "KR": words("eo-u oo-u ou-u eu-u ae-e k-g t-d p-b ch-j l-r sh-s"),
}
_HEARD = {country: tuple(pair.split("-") for pair in sorted(pairs)) for country, pairs in _SOUNDS.items()}


# A vowel made long by an h: Ohta, Ahnsan.
_LONG_BY_H = {"JP": re.compile(r"(?<=o)h(?![aiueoy])"), "KR": re.compile(r"(?<=a)h(?![aeiouwy])")}


def sound(country: str, name: str) -> str:
    """The sound of a name as one spelling, for countries that romanise in several ways."""
    if country in _LONG_BY_H:
        name = _LONG_BY_H[country].sub("", name)
    for written, heard in _HEARD.get(country, ()):
        name = name.replace(written, heard)
    return name.replace("tssu", "tsu")


def _without_kind(name: str) -> str:
    return re.sub(
        r"[ -](?:do|gwangyeoksi|oblast'?|Province|State|District|County|City|Region|kraj)$", "", name
    )


def _with_other_kinds(name: str) -> list[str]:
    """The name of a division with the other words for its kind: Kyiv Oblast is Kyiv region, and not the city."""
    stem = _KIND_OF_LAND.sub("", name)
    return [key(stem) + kind for kind in _KINDS_OF_LAND] if stem != name else []


def around(by_key: Mapping[str, str], division: str) -> set[str]:
    """The divisions named after a city that is itself a division, with a word for their kind: Kyiv region for Kyiv."""
    spelled = [spelling for spelling, iso in by_key.items() if iso == division]
    named = (by_key.get(spelling + kind) for spelling in spelled for kind in _KINDS_OF_LAND)
    return {iso for iso in named if iso is not None and iso != division}


def _built_rows(
    path: Path, countries: Collection[str], is_sound: Callable[[list[str]], bool]
) -> Iterator[list[str]]:
    """The fields of the rows of some countries, which are the first field, in a file that a program has built."""
    for number, line in enumerate(utf8_text(path).splitlines()[1:], start=2):
        if line[:2] in countries:
            fields = line.split("\t")
            if not is_sound(fields):
                raise UserError(
                    f"{path.name}, line {number}: damaged; build it again (data/reference/README.md)."
                )
            yield fields


def _world(path: Path, countries: Collection[str]) -> Iterator[tuple[str, str, City]]:
    """Spelling, country and city of every spelling of the cities of some countries."""
    rows = _built_rows(path, countries, lambda row: len(row) == _FIELDS and row[3].isdigit())
    for country, region, name, population, keys in rows:
        city = City(name, region, int(population))
        spellings = keys.split()
        if country in TOWN_AND_PART and (head := _HEAD_OF_NAME.match(name)):
            spellings.append(key(head[1]))  # Redwitz an der Rodach
        for spelling in spellings:
            yield spelling, country, city


def _localities(
    path: Path, names: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, str, str, list[str]]]:
    """Country, region, kind and spellings of the rows of some countries."""
    rows = _built_rows(
        path, names, lambda row: len(row) == _LOCALITY_FIELDS and row[1] in names.get(row[0], ())
    )
    for country, region, kind, keys in rows:
        yield country, region, kind, keys.split()
