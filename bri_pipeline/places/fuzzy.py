"""Misspelt names of provinces and prefecture-level cities: strict, and the last resort."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from bri_pipeline.places.gazetteer import Gazetteer, Place

_SHORTEST = 6
_LONG = 9


@dataclass(frozen=True)
class FuzzyNames:
    """Names a misspelling may be corrected to, by first letter."""

    by_initial: dict[str, list[tuple[str, tuple[Place, ...]]]]

    @classmethod
    def of(cls, gazetteer: Gazetteer) -> FuzzyNames:
        """Provinces, prefecture-level and county-level cities, the usual spellings only."""
        targets: dict[str, list[tuple[str, tuple[Place, ...]]]] = defaultdict(list)
        for name, iso in gazetteer.province_keys.items():
            province = gazetteer.provinces[iso]
            place = Place("province", province.name, iso, None, 50_000_000, "")
            targets[name[0]].append((name, (place,)))
        for name, places in gazetteer.divisions.items():
            cities = tuple(place for place in places if place.kind in ("prefecture", "city"))
            if cities:
                targets[name[0]].append((name, cities))
        return cls(dict(targets))

    def nearest(self, name: str) -> tuple[int, tuple[Place, ...]]:
        """Distance and places of the names nearest to a misspelling; empty when none is near enough.

        One slip (a letter doubled, dropped, replaced, or two swapped) is allowed in 6–8 letters, two in 9 or
        more; the first letter must be right. Provinces and prefecture-level cities go before county-level
        cities at the same distance.
        """
        if len(name) < _SHORTEST:
            return 0, ()
        allowed = 1 if len(name) < _LONG else 2
        found: dict[int, list[tuple[Place, ...]]] = defaultdict(list)
        for target, places in self.by_initial.get(name[0], ()):
            if abs(len(target) - len(name)) > allowed or len(target) < _SHORTEST - 1:
                continue
            distance = OSA.distance(name, target, score_cutoff=allowed)
            if distance <= allowed:
                found[distance].append(places)
        for distance in sorted(found):
            near = [place for places in found[distance] for place in places]
            large = [place for place in near if place.kind != "city"]
            return distance, tuple(large or near)
        return 0, ()
