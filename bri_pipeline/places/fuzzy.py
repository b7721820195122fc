"""Misspelt names of provinces and prefecture-level cities: strict, and the last resort."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from bri_pipeline.places.gazetteer import MUNICIPALITIES, Gazetteer, Place
from bri_pipeline.places.pinyin import is_pinyin

_SHORT = 5
_USUAL = 6
_COUNTY_LEVEL = 7
_LONG = 9


@dataclass(frozen=True)
class FuzzyNames:
    """Names a misspelling may be corrected to, by first letter and length."""

    names: dict[tuple[str, int], list[tuple[str, tuple[Place, ...]]]]

    @classmethod
    def of(cls, gazetteer: Gazetteer) -> FuzzyNames:
        """Provinces, prefecture-level and county-level cities, the usual spellings only."""
        targets: dict[tuple[str, int], list[tuple[str, tuple[Place, ...]]]] = defaultdict(list)
        for name, iso in gazetteer.province_keys.items():
            province = gazetteer.provinces[iso]
            city = province.name if iso in MUNICIPALITIES else None
            place = Place("province", province.name, iso, city, 50_000_000, "")
            targets[name[0], len(name)].append((name, (place,)))
        for name, places in gazetteer.divisions.items():
            cities = tuple(place for place in places if place.kind in ("prefecture", "city"))
            if cities:
                targets[name[0], len(name)].append((name, cities))
        return cls(dict(targets))

    def nearest(self, name: str) -> tuple[int, tuple[Place, ...]]:
        """Distance and places of the names nearest to a misspelling; empty when none is near enough.

        The first letter must be right. One slip (a letter doubled, dropped, replaced, or two swapped) is
        allowed in six letters or more, in five only if the word cannot be Pinyin; two slips in nine or more
        that cannot be Pinyin. Provinces and prefecture-level cities go before county-level cities at the same
        distance.
        """
        foreign_looking = not is_pinyin(name)
        if len(name) < (_SHORT if foreign_looking else _USUAL):
            return 0, ()
        allowed = 2 if len(name) >= _LONG and foreign_looking else 1
        found: dict[int, list[tuple[Place, ...]]] = defaultdict(list)
        for length in range(len(name) - allowed, len(name) + allowed + 1):
            for target, places in self.names.get((name[0], length), ()):
                distance = OSA.distance(name, target, score_cutoff=allowed)
                if distance <= allowed:
                    found[distance].append(places)
        for distance in sorted(found):
            near = [place for places in found[distance] for place in places]
            large = [place for place in near if place.kind != "city"]
            if len(name) < _COUNTY_LEVEL and not large:
                return 0, ()
            return distance, tuple(near if len(name) < _USUAL else large or near)
        return 0, ()
