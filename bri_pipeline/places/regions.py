"""Addresses of any country but China → first-level division (ISO 3166-2): the region printed first, then the city.

Names come from GeoNames' cities and ISO's divisions (``data/reference/README.md``); the rules and how often they are
right are in ``docs/places.md``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bri_pipeline.places.german_qualifiers import Qualified, qualified
from bri_pipeline.places.quarters import WITH_QUARTERS
from bri_pipeline.places.region_cities import CityNames
from bri_pipeline.places.region_corrections import Corrections
from bri_pipeline.places.region_divisions import SPLIT_OFF, DivisionNames
from bri_pipeline.places.region_lists import City, Lists, load_lists
from bri_pipeline.places.region_quarters import QuarterNames, only_quarters
from bri_pipeline.places.region_words import is_quarter, parts_of, words_of_name
from bri_pipeline.places.verdict import Resolution, ambiguous, resolved, unresolved

# Countries whose names are romanised in so many ways that a small place of a name may be a larger one's spelling.
_SPELLED_IN_MANY_WAYS = frozenset({"IN"})
_SMALL = 20_000
# Letters of a quarter's name that is believed without a word for its kind.
_CLEAR = 8


@dataclass(frozen=True)
class Regions:
    """The divisions and cities of one country."""

    country: str
    lists: Lists

    @property
    def names(self) -> Mapping[str, str]:
        """Code → name of the divisions."""
        return self.lists.names

    @classmethod
    def load(cls, reference_dir: Path, country: str) -> Regions:
        """Read the lists of one country, as ``load_lists`` does.

        Raises:
            UserError: a file is missing or has a row that cannot be used.
        """
        return load_regions(reference_dir, [country])[country]

    @cached_property
    def _cities(self) -> CityNames:
        return CityNames(self.country, self.lists)

    @cached_property
    def _divisions(self) -> DivisionNames:
        return DivisionNames(self.country, self.lists, self._cities)

    @cached_property
    def _quarters(self) -> QuarterNames:
        return QuarterNames(self.country, self.lists, self._cities)

    @cached_property
    def _corrections(self) -> Corrections:
        return Corrections(self.country, self.lists, self._cities, self._divisions)

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
        read = self._read(parts_of(city_raw))
        found = [mention for part in read.parts for mention in self._named_in(part)]
        stated = self._divisions.stated(region_raw)
        if stated is not None:
            return _of_division(stated, found, "region field")
        said = self._divisions.city_before_its_land(read.parts) or self._divisions.said(read.parts)
        if said is None or self._divisions.is_rather_a_city(said, read.parts):
            return self._of_names(found, read)
        if self._divisions.is_also_a_city_elsewhere(said, read.parts):
            stems = {"".join(read.parts[0]), "".join(read.parts[0][:-1])}
            elsewhere = {city.region for stem in stems for city in self.lists.cities.get(stem, ())} - {said}
            return ambiguous([said, *sorted(elsewhere)], "a division and a city of another one")
        return _of_division(said, found, "province in string")

    def _of_names(self, found: list[tuple[City, ...]], read: Qualified) -> Resolution:
        """The region of the cities and quarters named, or of what may be a misspelt name."""
        if read.regions and (answer := _of_qualified(found, read)) is not None:
            return answer
        if not found:
            return (
                self._divisions.beginning_of_several(read.parts)
                or self._locality(read.parts)
                or self._corrections.of_segment(read.parts)
                or unresolved("no known place")
            )
        if only_quarters(found):
            return self._of_quarters(found, read.parts)
        return (
            self._open_beside_a_larger_one(found, read.parts)
            or self._corrections.of_several_words(read.parts)
            or self._cities.region_of(_within(found, read.regions), is_told_apart=bool(read.regions))
        )

    def _read(self, parts: list[list[str]]) -> Qualified:
        """The segments of an address, what qualifies a German town set apart."""
        return qualified(parts, self._cities) if self.country == "DE" else Qualified(parts)

    def _named_in(self, part: list[str]) -> list[tuple[City, ...]]:
        """The cities, wards and quarters named in a segment."""
        named = list(self._cities.named_in(part))
        return self._quarters.added_to(named, part) if self.country in WITH_QUARTERS else named

    def _open_beside_a_larger_one(
        self, found: list[tuple[City, ...]], parts: list[list[str]]
    ) -> Resolution | None:
        """No answer for a small place whose name is one slip from that of a far larger one: Anantpur, Anantapur."""
        largest = max(city.population for city in found[0])
        if self.country not in _SPELLED_IN_MANY_WAYS or len(found) > 1 or largest > _SMALL:
            return None
        meant = self._corrections.larger_one("".join(words_of_name(self.country, parts[0])), largest)
        regions = sorted({city.region for city in found[0]})
        if meant is None or meant.region in regions:
            return None
        return ambiguous([meant.region, *regions], f"a small place, or a slip in {meant.name.capitalize()}")

    def _of_quarters(self, found: list[tuple[City, ...]], parts: list[list[str]]) -> Resolution:
        """The region of quarters, where no slip in the name of a city is as likely."""
        answer = self._cities.region_of(found)
        if answer.province is None or any(is_quarter(self.country, part) for part in parts):
            return answer._replace(method="town", confidence=0.8) if answer.province else answer
        meant = {region for part in parts for region in self._corrections.may_be(part)} - {answer.province}
        if meant:
            return ambiguous((answer.province, *sorted(meant)), "a quarter, or a slip in the name of a city")
        if max(sum(map(len, part)) for part in parts) < _CLEAR:
            return unresolved("a quarter has this name, which may be the beginning of another one")
        return answer._replace(method="town", confidence=0.8)

    def _locality(self, parts: list[list[str]]) -> Resolution | None:
        """The region of a place too small for the list of cities, where one region only has the name."""
        names = ["".join(word for word in part if not word.isdigit()) for part in parts]
        found = [self.lists.localities[name] for name in names if name in self.lists.localities]
        regions = sorted(frozenset.intersection(*found) or frozenset.union(*found)) if found else []
        if not regions:
            return None
        if len(regions) > 1:
            return ambiguous(regions, "several regions have a small place of this name")
        return resolved(regions[0], None, "town", 0.8)


def _of_division(said: str, found: list[tuple[City, ...]], method: str) -> Resolution:
    """A division that is printed, with the city named in it, or the one split off it that the city is in."""
    cities = [city for mention in found for city in mention if city.region == said]
    newer = [city for mention in found for city in mention if city.region == SPLIT_OFF.get(said)]
    if newer and not cities:
        said, cities = newer[0].region, newer
    name = max(cities, key=lambda city: city.population).name if cities else None
    return resolved(said, name or None, method, 0.98)


def _within(found: list[tuple[City, ...]], regions: frozenset[str]) -> list[tuple[City, ...]]:
    """The cities named that are in some regions, where there are any."""
    inside = [tuple(city for city in cities if city.region in regions) for cities in found]
    return [cities for cities in inside if cities] or found


def _of_qualified(found: list[tuple[City, ...]], read: Qualified) -> Resolution | None:
    """The region of a town that is known by what qualifies it only."""
    is_known = any(city.region in read.regions for city in (found[0] if found else ()))
    if is_known or (found and not read.is_certain) or (not found and len(read.regions) > 1):
        return None
    if len(read.regions) > 1:
        return ambiguous(sorted(read.regions), "the landscape or the town nearby is in several regions")
    return resolved(min(read.regions), None, "parent", 0.9, "by its district, landscape or a town nearby")


def load_regions(reference_dir: Path, countries: Collection[str]) -> dict[str, Regions]:
    """The divisions and cities of some countries, in one reading of the files.

    Raises:
        UserError: a file is missing or has a row that cannot be used.
    """
    lists = load_lists(reference_dir, countries)
    return {country: Regions(country, lists[country]) for country in countries}
