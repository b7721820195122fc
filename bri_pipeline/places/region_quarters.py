"""Quarters, townships and villages named in an address in Japan or Korea, alone or beside their ward or city."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bri_pipeline.places.region_cities import CityNames
from bri_pipeline.places.region_lists import City, Lists, sound
from bri_pipeline.places.region_words import KINDS, is_quarter

# Inhabitants assumed of a quarter: most have a few thousand.
_PEOPLE = 2_000
# A town that is not larger is no likelier meant than the quarters of its name, when this many other regions have one;
# fewer where what is a city now was a town once, like Ritto-cho.
_SMALL_TOWN, _MANY = 25_000, 6
_MANY_FOR_A_CITY = {"JP": 3, "KR": 1}
# A former town, or a quarter that GeoNames has as a city, is no likelier meant than so many quarters elsewhere.
_SOME = {"JP": 2, "KR": 1}
# A place that is not larger may be a quarter of its name in another region.
_VILLAGE = 10_000

# Kinds of municipalities and wards, which are listed with them.
_MUNICIPALITIES = ("shi", "ku", "machi", "cho", "mura", "son", "si", "gun", "gu")
# What townships have become since, and letters of their names at least.
_RENAMED = {"KR": {"myeon": ("eup", "dong"), "eup": ("dong", "myeon")}}
_STEM = 5

Mention = tuple[City, ...]


@dataclass(frozen=True)
class QuarterNames:
    """The quarters of one country as addresses name them."""

    country: str
    lists: Lists
    cities: CityNames

    def added_to(self, named: list[Mention], part: list[str]) -> list[Mention]:
        """The names in a segment with those of quarters: the whole segment's, or that of a quarter and its ward."""
        bare = [word for word in part if not word.isdigit()]
        whole = self._quarters(bare)
        if not named:
            return [whole] if whole else self._at_the_end(bare)
        city = self.cities.named(bare)
        if city:
            is_former = self._with_municipality(bare).isdisjoint(_regions(city))
            if is_former and len(_regions(whole) - _regions(city)) >= _SOME[self.country]:
                city = tuple(one._replace(population=min(one.population, _PEOPLE)) for one in city)
            return [self._either(city, whole, bare)]
        if whole:
            return [whole]
        return self._beside_its_ward(bare) or named

    def _at_the_end(self, bare: list[str]) -> list[Mention]:
        """A quarter behind words that name nothing: "Techno Park Yatap-dong"."""
        behind = (bare[at:] for at in range(1, len(bare)) if is_quarter(self.country, bare[at:]))
        return next(([quarters] for words in behind if (quarters := self._quarters(words))), [])

    def _with_municipality(self, bare: list[str]) -> frozenset[str]:
        """The regions where a name is that of a municipality or ward, and not of a quarter or former town only."""
        name = "".join(bare)
        stem = "".join(bare[:-1]) if bare[-1] in KINDS else name
        forms = {name, stem, *self.lists.heard.get(sound(self.country, stem), ())}
        cities = self.lists.cities
        so_called = (one for form in forms for kind in _MUNICIPALITIES for one in cities.get(form + kind, ()))
        listed = (one for form in forms for one in cities.get(form, ()) if not one.name)
        return _regions(so_called) | _regions(listed)

    def _either(self, city: Mention, quarters: Mention, bare: list[str]) -> Mention:
        """The cities of a name, with the quarters where these may be meant as well."""
        largest = max(one.population for one in city)
        elsewhere = tuple(one for one in quarters if one.region not in _regions(city))
        if is_quarter(self.country, bare):
            is_town = "".join(bare) in self.lists.cities and largest <= _SMALL_TOWN
            if len(elsewhere) >= (_MANY if is_town else _MANY_FOR_A_CITY[self.country]):
                return (*city, *(one._replace(population=largest) for one in elsewhere))
        return (*city, *elsewhere) if largest <= _VILLAGE else city

    def _quarters(self, words: list[str]) -> Mention:
        """The quarters that some words name; a township may have become a town or quarter since: Jiksan-myeon, -eup."""
        name = sound(self.country, "".join(words))
        renamed = {
            sound(self.country, kind): become for kind, become in _RENAMED.get(self.country, {}).items()
        }
        kind = next((kind for kind in renamed if name.endswith(kind)), None)
        stem = name.removesuffix(kind or "")
        forms = [name]
        if kind is not None and len(stem) >= _STEM:
            forms += [stem + sound(self.country, one) for one in renamed[kind]]
        regions = next((found for form in forms if (found := self.lists.quarters.regions(form))), ())
        return tuple(City("", region, _PEOPLE) for region in regions)

    def _beside_its_ward(self, bare: list[str]) -> list[Mention]:
        """A quarter and its ward or city, before or behind it, where a region has both."""
        for at in range(1, len(bare)):
            for quarter, ward in ((bare[:at], bare[at:]), (bare[at:], bare[:at])):
                quarters, wards = self._quarters(quarter), self.cities.named(ward)
                if _regions(quarters) & _regions(wards):
                    return [(*quarters, *self.cities.named(quarter)), wards]
        return []


def _regions(cities: Iterable[City]) -> frozenset[str]:
    return frozenset(one.region for one in cities)


def only_quarters(found: Iterable[Mention]) -> bool:
    """Whether names are those of quarters only."""
    return all(one.population == _PEOPLE and not one.name for cities in found for one in cities)
