"""Addresses of any country but China → first-level division (ISO 3166-2): the region printed first, then the city.

Names come from GeoNames' cities and ISO's divisions (``data/reference/README.md``); the rules and how often they are
right are in ``docs/places.md``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from bri_pipeline.csv_rows import csv_rows, utf8_text
from bri_pipeline.errors import UserError
from bri_pipeline.places.near import grouped, is_one_slip, remainders, sharing_a_remainder
from bri_pipeline.places.text import key, plain
from bri_pipeline.places.verdict import Resolution, ambiguous, resolved, unresolved
from bri_pipeline.places.vocabulary import BUILDINGS, INSTITUTIONS, STREETS, words

_FIELDS = 5
# The largest place of a name wins when the next region's is this many times smaller ...
_DOMINANCE = 3.5
# ... and more where every state has a Franklin; the state is nearly always printed there.
_DOMINANCE_IN = {"US": 30.0}
# Where so many places are in no list that a small one of the name is hardly the one meant.
_SMALLEST_ALONE = {"US": 5_000}
# Where cities bear the names of other states (Delaware in Ohio, Washington), the bare name is not the state's alone.
_CITIES_LIKE_STATES = frozenset({"US"})
# ... and without any doubt at this lead.
_BEYOND_DOUBT = 20.0
# A village of unknown size.
_VILLAGE = 500
# A town that is believed beside words that name nothing.
_TOWN = 20_000
# ... or at their head, where people write a town and a part of it.
_HEAD = 2_000
_TOWN_AND_PART = frozenset({"DE", "AT", "CH"})
# Misspellings are corrected to cities of this size, in names of this length.
_LARGE = 50_000
_LONG = 6
_LONGEST = 5
_PARTS = re.compile(r"[,;:()\[\]{}/|]+| - |--+")
_WORD = re.compile(r"[a-z]+|\d+")
_INITIALS = re.compile(r"\b([a-z])\.\s?(?=[a-z]\b)")
# Words after a name (Korea, Japan, Scandinavia ...) or before it that say what kind of place it is.
_KINDS = words(
    "si shi gun ku gu ken fu to cho machi mura dong ro myeon eup do pref prefecture city state province county "
    "district kommune stad town village region oblast voivodeship metropolitan taluk taluka dist tehsil area land"
)
_GLUED_KINDS = ("si", "shi", "ken", "city", "fu", "to", "gun", "gu", "ku")
_NOT_NAMES = words(
    "p o box po c o care of no the and near opp behind off at in de la le les du den der am an im bei st saint san "
    "los las new old north south east west central upper lower"
)
_SHORTENED = {"st": "saint", "mt": "mount", "ft": "fort", "ste": "sainte"}
_IN_FULL = {full: short for short, full in _SHORTENED.items()}
# Countries whose divisions are often written with the letters of their code.
_CODES_IN_CITY = frozenset({"US", "CA", "AU", "IN"})


class City(NamedTuple):
    """A city of a region."""

    name: str
    region: str
    population: int


@dataclass(frozen=True)
class Regions:
    """The divisions and cities of one country."""

    country: str
    names: Mapping[str, str]
    by_key: Mapping[str, str]
    cities: Mapping[str, tuple[City, ...]]
    # Names as they sound, for countries that romanise in several ways.
    heard: Mapping[str, tuple[str, ...]]

    @classmethod
    def load(cls, reference_dir: Path, country: str) -> Regions:
        """Read one country of ``regions.csv``, ``region_aliases.csv`` and ``gazetteer_world.tsv``.

        Raises:
            UserError: a file is missing or has a row that cannot be used.
        """
        return load_regions(reference_dir, [country])[country]

    @cached_property
    def by_remainder(self) -> Mapping[str, tuple[str, ...]]:
        """Long names of large cities and of divisions, by what is left of them without a letter; made when needed."""
        large = (
            spelling
            for spelling, listed in self.cities.items()
            if len(spelling) >= _LONG and any(city.population >= _LARGE for city in listed)
        )
        targets = {*large, *(spelling for spelling in self.by_key if len(spelling) >= _LONG)}
        return grouped(sorted(targets), remainders)

    @property
    def is_one_region(self) -> bool:
        """Whether the country is a city state or as small: all of it is one region, called by its own code."""
        return self.country in self.names

    def resolve(self, city_raw: str | None, region_raw: str | None) -> Resolution:
        """The region of a city and region field."""
        if not self.names:
            return unresolved(f"no list of divisions for {self.country}")
        if self.is_one_region:
            return resolved(self.country, self.names[self.country], "only region", 0.99)
        parts = _parts(city_raw)
        stated = self._stated(region_raw)
        said = stated or self._said(parts)
        found = [mention for part in parts for mention in self._cities(part)]
        if said is not None and not stated and self._is_also_a_city_elsewhere(said, parts):
            others = [city for city in self.cities["".join(parts[0])] if city.region != said]
            return ambiguous([said, *(city.region for city in others)], "a state and a city of another one")
        if said is not None:
            cities = [city for mention in found for city in mention if city.region == said]
            name = max(cities, key=lambda city: city.population).name if cities else None
            return resolved(said, name, "region field" if stated else "province in string", 0.98)
        if found:
            return self._of_cities(found)
        return self._misspelt(parts) or unresolved("no known place")

    def _is_also_a_city_elsewhere(self, said: str, parts: list[list[str]]) -> bool:
        """Whether the address is the bare name of a state, and of a city in another one."""
        if self.country not in _CITIES_LIKE_STATES or len(parts) != 1:
            return False
        name = "".join(parts[0])
        return name in self.by_key and any(city.region != said for city in self.cities.get(name, ()))

    def _stated(self, region_raw: str | None) -> str | None:
        """The division in the region field: its code, its name or another spelling."""
        text = plain(region_raw or "")
        if not text:
            return None
        code = text.upper().removeprefix(f"{self.country}-")
        if f"{self.country}-{code}" in self.names:
            return f"{self.country}-{code}"
        return self.by_key.get(key(text)) or self._said(_parts(region_raw))

    def _said(self, parts: list[list[str]]) -> str | None:
        """A division named in the address, the last one first; a city that is also a division is one."""
        for part in reversed(parts):
            bare = [word for word in part if not word.isdigit()]
            whole = self._division(bare)
            if whole is not None:
                return whole
            if self.country in _CODES_IN_CITY and bare and len(bare[-1]) in (2, 3):
                code = f"{self.country}-{bare[-1].upper()}"
                if code in self.names and (len(bare) == 1 or bare[-1] not in _NOT_NAMES):
                    return code
        for part in reversed(parts):
            bare = [word for word in part if not word.isdigit()]
            if "".join(bare) in self.cities:
                continue
            for size in range(min(len(bare) - 1, 4), 0, -1):
                found = self._division(bare[-size:])
                # "Suwon Kyunggi-Do" says so, "Fort Washington" does not.
                if found is not None and any(
                    city.region == found for cities in self._cities(bare[:-size]) for city in cities
                ):
                    return found
        return None

    def _division(self, part: list[str]) -> str | None:
        name = "".join(part)
        found = self.by_key.get(name)
        if found is None and self.heard and name not in self.cities:
            regions = {self.by_key.get(one) for one in self.heard.get(_sound(self.country, name), ())} - {
                None
            }
            found = regions.pop() if len(regions) == 1 else None
        # "Arkansas City" is a city of its own, in Kansas.
        if found is None and len(part) > 1 and part[-1] in _KINDS and name not in self.cities:
            found = self.by_key.get("".join(part[:-1]))
        if found is None and len(part) == 1:
            found = next(
                (
                    self.by_key[part[0].removesuffix(kind)]
                    for kind in _GLUED_KINDS
                    if part[0].endswith(kind) and part[0].removesuffix(kind) in self.by_key
                ),
                None,
            )
        return found

    def _cities(self, part: list[str]) -> Iterator[tuple[City, ...]]:
        """The cities named in a segment, the longest name first; names of streets and buildings are passed over."""
        at, unread = 0, False
        at_head: tuple[City, ...] = ()
        named: list[tuple[City, ...]] = []
        while at < len(part):
            for end in range(min(len(part), at + _LONGEST), at, -1):
                found = self._known(part[at:end])
                if found:
                    if not _names_a_street(part, end):
                        named.append(found)
                        at_head = found if at == 0 else at_head
                    at = end
                    break
            else:
                unread = unread or not (part[at].isdigit() or part[at] in _KINDS or part[at] in _NOT_NAMES)
                at += 1
        for found in named:
            # A village's name among words that name nothing is chance: "Bad Schoenborn" is not Schoenborn. A town's at
            # the head of them is not: "Alzenau Wasserlos" is a town and a part of it.
            least = _HEAD if self.country in _TOWN_AND_PART and found is at_head else _TOWN
            if not unread or any(city.population >= least for city in found):
                yield found

    def _known(self, span: list[str]) -> tuple[City, ...]:
        if len(span) == 1 and (span[0] in _NOT_NAMES or span[0] in _KINDS or len(span[0]) < 3):
            return ()
        name = "".join(span)
        found = self.cities.get(name)
        other = _SHORTENED.get(span[0]) or _IN_FULL.get(span[0])
        if len(span) > 1 and other is not None:
            # "St Louis" and "Saint Louis" are lists of different towns, and either is written for the other.
            found = (*(found or ()), *self.cities.get("".join((other, *span[1:])), ())) or None
        if found is None and self.heard:
            alike = self.heard.get(_sound(self.country, name), ())
            found = tuple(city for one in alike for city in self.cities.get(one, ()))
        if not found and len(span) == 1:
            for kind in _GLUED_KINDS:
                stem = name.removesuffix(kind)
                if stem != name and len(stem) >= 4 and stem in self.cities:
                    return self.cities[stem]
        return found or ()

    def _of_cities(self, found: list[tuple[City, ...]]) -> Resolution:
        """The region that the names share; of one name, that of its largest city."""
        shared = frozenset.intersection(*(frozenset(city.region for city in cities) for cities in found))
        named = [tuple(c for c in cities if c.region in shared) for cities in found] if shared else found
        weights: dict[str, int] = {}
        largest: dict[str, City] = {}
        for cities in named:
            for city in cities:
                if city.population >= weights.get(city.region, 0):
                    weights[city.region], largest[city.region] = max(city.population, _VILLAGE), city
        ranked = sorted(weights, key=lambda region: (-weights[region], region))
        first = ranked[0]
        if len(found) == 1 and weights[first] < _SMALLEST_ALONE.get(self.country, 0):
            why = "a small place, and not all of its namesakes are listed"
            return ambiguous(ranked, why) if len(ranked) > 1 else unresolved(why)
        if len(ranked) == 1:
            method = "parent" if len(found) > 1 else "exact"
            return resolved(first, largest[first].name, method, 0.97)
        lead = weights[first] / weights[ranked[1]]
        needed = _DOMINANCE_IN.get(self.country, _DOMINANCE)
        if lead < needed:
            rivals = [region for region in ranked if weights[region] * needed > weights[first]]
            why = (
                "several regions have this name" if len(found) == 1 else "the names are in different regions"
            )
            return ambiguous(rivals, why)
        note = f"far larger than its namesake in {', '.join(ranked[1:3])}"
        return resolved(first, largest[first].name, "exact", 0.95 if lead >= _BEYOND_DOUBT else 0.85, note)

    def _misspelt(self, parts: list[list[str]]) -> Resolution | None:
        """One slip in the name of a division or large city, the first letter right, one region only."""
        for part in parts:
            name = "".join(word for word in part if not word.isdigit() and word not in _KINDS)
            if len(name) < _LONG:
                continue
            near = {
                one
                for one in sharing_a_remainder(name, self.by_remainder)
                if one[0] == name[0] and is_one_slip(name, one)
            }
            regions = {self.by_key[one] for one in near if one in self.by_key}
            regions |= {
                city.region for one in near for city in self.cities.get(one, ()) if city.population >= _LARGE
            }
            if len(regions) == 1:
                taken = min(near)
                city = max(self.cities.get(taken, ()), key=lambda one: one.population, default=None)
                name = city.name if city is not None else self.names[min(regions)]
                return resolved(min(regions), city and city.name, "fuzzy", 0.85, f"taken for {name}")
        return None


def load_regions(reference_dir: Path, countries: Collection[str]) -> dict[str, Regions]:
    """The divisions and cities of some countries, in one reading of the files.

    Raises:
        UserError: a file is missing or has a row that cannot be used.
    """
    names: dict[str, dict[str, str]] = {country: {} for country in countries}
    for row in csv_rows(reference_dir / "regions.csv", ("iso", "name")):
        country = row.values["iso"][:2]
        if country in names:
            names[country][row.values["iso"]] = row.values["name"]
    by_key: dict[str, dict[str, str]] = {country: {} for country in countries}
    for country, listed in names.items():
        for iso, name in listed.items():
            for spelling in {key(plain(name)), key(plain(_without_kind(name)))}:
                # A name of two divisions (Hsinchu, a city and a county) is that of neither.
                by_key[country][spelling] = "" if spelling in by_key[country] else iso
    for line, row_values in csv_rows(reference_dir / "region_aliases.csv", ("iso", "alias")):
        iso = row_values["iso"]
        if iso[:2] in names:
            if iso not in names[iso[:2]]:
                raise UserError(f"region_aliases.csv, line {line}: {iso} is not in regions.csv.")
            by_key[iso[:2]][key(plain(row_values["alias"]))] = iso
    by_key = {country: {one: iso for one, iso in listed.items() if iso} for country, listed in by_key.items()}
    cities: dict[str, dict[str, list[City]]] = {country: defaultdict(list) for country in countries}
    for spelling, country, city in _world(reference_dir / "gazetteer_world.tsv", frozenset(countries)):
        cities[country][spelling].append(city)
    return {
        country: _regions(country, names[country], by_key[country], cities[country]) for country in countries
    }


def _regions(
    country: str, names: dict[str, str], by_key: dict[str, str], cities: dict[str, list[City]]
) -> Regions:
    known = {spelling: tuple(listed) for spelling, listed in cities.items()}
    heard: dict[str, tuple[str, ...]] = {}
    if country in _SOUNDS:
        heard = grouped(sorted({*known, *by_key}), lambda name: (_sound(country, name),))
    return Regions(country, names, by_key, known, heard)


# What is heard alike: long vowels and Kunrei spellings in Japan, McCune's and later romanisations in Korea.
_SOUNDS = {
    "JP": words("ou-o oo-o oh-o uu-u tu-tsu si-shi ti-chi hu-fu syu-shu syo-sho zyo-jo mb-nb mp-np"),
    "KR": words("eo-u oo-u ou-u ae-e k-g t-d p-b ch-j l-r sh-s"),
}
_HEARD = {country: tuple(pair.split("-") for pair in sorted(pairs)) for country, pairs in _SOUNDS.items()}


def _sound(country: str, name: str) -> str:
    for written, heard in _HEARD[country]:
        name = name.replace(written, heard)
    return name.replace("tssu", "tsu")


def _without_kind(name: str) -> str:
    return re.sub(r"[ -](?:do|gwangyeoksi|oblast'?|Province|State|District|County|Region|kraj)$", "", name)


def _world(path: Path, countries: frozenset[str]) -> Iterator[tuple[str, str, City]]:
    for number, line in enumerate(utf8_text(path).splitlines()[1:], start=2):
        if line[:2] not in countries:
            continue
        fields = line.split("\t")
        if len(fields) != _FIELDS or not fields[3].isdigit():
            raise UserError(
                f"{path.name}, line {number}: damaged; build it again (data/reference/README.md)."
            )
        country, region, name, population, keys = fields
        city = City(name, region, int(population))
        for spelling in keys.split():
            yield spelling, country, city


def _parts(raw: str | None) -> list[list[str]]:
    """Words per segment of an address."""
    lowered = _INITIALS.sub(r"\1", plain(raw or "").lower()).replace("'", "")
    parts = (_WORD.findall(part) for part in _PARTS.split(lowered))
    return [part for part in parts if part]


def _names_a_street(part: list[str], end: int) -> bool:
    return end < len(part) and (part[end] in STREETS or part[end] in BUILDINGS or part[end] in INSTITUTIONS)
