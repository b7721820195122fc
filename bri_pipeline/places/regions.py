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
from bri_pipeline.places.region_cities import CityNames
from bri_pipeline.places.region_corrections import Corrections
from bri_pipeline.places.region_divisions import SPLIT_OFF, DivisionNames
from bri_pipeline.places.region_lists import City, Lists, load_lists
from bri_pipeline.places.region_words import parts_of
from bri_pipeline.places.verdict import Resolution, ambiguous, resolved, unresolved


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
        parts = read.parts
        stated = self._divisions.stated(region_raw)
        said = stated or self._divisions.city_before_its_land(parts) or self._divisions.said(parts)
        if said is not None and not stated and self._divisions.is_rather_a_city(said, parts):
            said = None
        found = [mention for part in parts for mention in self._cities.named_in(part)]
        if said is not None and not stated and self._divisions.is_also_a_city_elsewhere(said, parts):
            stems = {"".join(parts[0]), "".join(parts[0][:-1])}
            others = sorted(
                {c.region for stem in stems for c in self.lists.cities.get(stem, ()) if c.region != said}
            )
            return ambiguous([said, *others], "a division and a city of another one")
        if said is not None:
            cities = [city for mention in found for city in mention if city.region == said]
            newer = [city for mention in found for city in mention if city.region == SPLIT_OFF.get(said)]
            if newer and not cities:
                said, cities = newer[0].region, newer
            name = max(cities, key=lambda city: city.population).name if cities else None
            return resolved(said, name or None, "region field" if stated else "province in string", 0.98)
        if read.regions and (answer := _of_qualified(found, read)) is not None:
            return answer
        if found:
            named = _within(found, read.regions)
            return self._corrections.of_several_words(parts) or self._cities.region_of(
                named, is_told_apart=bool(read.regions)
            )
        return (
            self._divisions.beginning_of_several(parts)
            or self._locality(parts)
            or self._corrections.of_segment(parts)
            or unresolved("no known place")
        )

    def _read(self, parts: list[list[str]]) -> Qualified:
        """The segments of an address, what qualifies a German town set apart."""
        return qualified(parts, self._cities) if self.country == "DE" else Qualified(parts)

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


def _within(found: list[tuple[City, ...]], regions: frozenset[str]) -> list[tuple[City, ...]]:
    """The cities named that are in some regions, where there are any."""
    inside = [tuple(city for city in cities if city.region in regions) for cities in found]
    return [cities for cities in inside if cities] or found


def _of_qualified(found: list[tuple[City, ...]], read: Qualified) -> Resolution | None:
    """The region of a town that is known by what qualifies it only."""
    is_known = any(city.region in read.regions for city in (found[0] if found else ()))
    if is_known or (found and not read.is_certain):
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
