"""Misspelt names of provinces and cities: which name was meant, weighed by how many inventors each has.

How likely a name was meant is its inventors times how likely the slip is. It is weighed against what else the string
may be: a village no list knows, or the place it spells exactly. ``docs/places.md`` has the numbers measured.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bri_pipeline.places.gazetteer import MUNICIPALITIES, Gazetteer, Place, province_place
from bri_pipeline.places.near import grouped, remainders, sharing_a_remainder
from bri_pipeline.places.pinyin import is_pinyin
from bri_pipeline.places.taiwan import COUNTIES, IN_A_COUNTY

# One name in seventy is misspelt, in one of about twelve ways.
_ONE_SLIP = 1 / 800
# Relative odds of kinds of slips.
_FIRST_LETTER = 0.3
_SOUNDS_ALIKE = 2.0
_SWAPPED_OR_DOUBLED = 3.0
_TWO_SLIPS = 0.05
# Addresses that say a province only, against those that say a city of it.
_PROVINCE_ALONE = 0.3
# Old names of a city, against its usual one.
_OLD_NAME = 0.3
# Addresses that might name a place no list has, by the length of the name: short Pinyin words are many villages.
_UNKNOWN_PINYIN = {4: 40.0, 5: 4.0, 6: 1.5, 7: 0.5}
_UNKNOWN_OTHER = {4: 30.0, 5: 1.0, 6: 0.3}
_UNKNOWN_LONG = 0.2
_SHORTEST = 4
_LONG = 8
_SURE = 0.85
_POSSIBLE = 0.1


class Meant(NamedTuple):
    """The likeliest name, its place and the chance of its province.

    ``provinces`` are the possible ones, the likeliest first; ``is_one_name``: whether a single name is near enough.
    """

    name: str
    place: Place
    chance: float
    provinces: tuple[str, ...]
    is_one_name: bool

    @property
    def is_sure(self) -> bool:
        """Whether one province is far likelier than all else."""
        return self.chance >= _SURE


@dataclass(frozen=True)
class Slips:
    """Names that a misspelling may be corrected to, by what is left when a letter is dropped, and by their sound."""

    names: Mapping[str, tuple[Place, ...]]
    by_remainder: Mapping[str, tuple[str, ...]]
    by_sound: Mapping[str, tuple[str, ...]]
    provinces: tuple[str, ...]

    @classmethod
    def of(cls, gazetteer: Gazetteer) -> Slips:
        """Provinces, prefecture-level and county-level cities in their usual spellings, and old names of cities."""
        names: dict[str, list[Place]] = defaultdict(list)
        for name, iso in gazetteer.province_keys.items():
            place = province_place(gazetteer.provinces[iso], gazetteer.rates)
            alone = 1.0 if iso in MUNICIPALITIES else _PROVINCE_ALONE
            names[name].append(place._replace(inventors=place.inventors * alone))
        for name, places in gazetteer.divisions.items():
            names[name] += [place for place in places if place.kind in ("prefecture", "city")]
        for name, places in gazetteer.curated.items():
            if all(place.kind == "exonym" for place in places) and name not in names:
                names[name] += [place._replace(inventors=place.inventors * _OLD_NAME) for place in places]
        for name in COUNTIES:
            names[name].append(Place("prefecture", name.capitalize(), "CN-TW", None, 0, "", IN_A_COUNTY))
        provinces = tuple(name for name in gazetteer.province_keys if len(name) >= _SHORTEST)
        return cls._listed(names, provinces)

    @classmethod
    def of_districts(cls, gazetteer: Gazetteer) -> Slips:
        """Districts of cities, for what is said to be one: ``Zicheng District``."""
        names = {
            name: [place for place in places if place.kind == "district"]
            for name, places in gazetteer.divisions.items()
        }
        return cls._listed(names, ())

    @classmethod
    def _listed(cls, names: Mapping[str, list[Place]], provinces: tuple[str, ...]) -> Slips:
        usable = {name: tuple(places) for name, places in names.items() if places and len(name) >= _SHORTEST}
        by_sound = grouped(usable, lambda name: (sound(name),))
        return cls(usable, grouped(usable, remainders), by_sound, provinces)

    def meant(self, name: str, exact: float = 0.0) -> Meant | None:
        """The place a misspelt name most likely means; None when nothing is near.

        Args:
            name: letters only, lower case.
            exact: addresses expected from the places that the name spells exactly.
        """
        if len(name) < _SHORTEST:
            return None
        found = {one: _likelihood(name, one) for one in self._near(name)}
        if not any(found.values()):
            return None
        chances: dict[str, float] = defaultdict(float)
        for one, likelihood in found.items():
            for place in self.names[one]:
                evidence = place.inventors * likelihood * _ONE_SLIP
                chances[place.province] += evidence
        total = sum(chances.values()) + max(exact, _unknown(name) if not exact else 0.0)
        ranked = sorted(chances, key=lambda iso: (-chances[iso], iso))
        of_first = [
            (place.inventors * likelihood, one, place)
            for one, likelihood in found.items()
            for place in self.names[one]
            if place.province == ranked[0]
        ]
        _, meant, place = max(of_first, key=lambda item: (item[0], item[1]))
        possible = tuple(iso for iso in ranked if chances[iso] >= _POSSIBLE * total)
        is_one_name = sum(likelihood > 0 for likelihood in found.values()) == 1
        return Meant(meant, place, chances[ranked[0]] / total, possible or (ranked[0],), is_one_name)

    def within(self, name: str, provinces: frozenset[str]) -> Place | None:
        """The city of these provinces that a misspelt name means, where only one is near."""
        near = [place for one in self._near(name) if _likelihood(name, one) for place in self.names[one]]
        cities = {(place.province, place.city): place for place in near if place.province in provinces}
        return next(iter(cities.values())) if len(cities) == 1 else None

    def province(self, name: str) -> str | None:
        """The spelling of the one province that a name said to be a province's is nearest to."""
        if name in self.provinces or len(name) < _SHORTEST:
            return None
        found = process.extract(name, self.provinces, scorer=OSA.distance, score_cutoff=2, limit=3)
        nearest = [one for one, distance, _ in found if distance == found[0][1]]
        return nearest[0] if len(nearest) == 1 else None

    def _near(self, name: str) -> set[str]:
        near = {*self.by_sound.get(sound(name), ()), *sharing_a_remainder(name, self.by_remainder)}
        near.discard(name)
        if not near and len(name) > _LONG and not is_pinyin(name):
            two = process.extract(name, self.names.keys(), scorer=OSA.distance, score_cutoff=2, limit=5)
            near.update(one for one, _, _ in two)
        return near


_SOUNDS = (
    ("ng", "n"),
    ("zh", "z"),
    ("ch", "c"),
    ("sh", "s"),
    ("ts", "c"),
    ("k", "g"),
    ("ou", "u"),
    ("iu", "ui"),
)
_DOUBLED = re.compile(r"(.)\1+")


def sound(name: str) -> str:
    """A name as careless ears hear it: ``shengzheng`` and ``shenzhen`` are one."""
    for written, heard in _SOUNDS:
        name = name.replace(written, heard)
    return _DOUBLED.sub(r"\1", name)


def _likelihood(name: str, target: str) -> float:
    distance = OSA.distance(name, target, score_cutoff=2)
    first = 1.0 if name[0] == target[0] else _FIRST_LETTER
    alike = sound(name) == sound(target)
    if alike:
        doubled = len(name) == len(target) + 1 and _DOUBLED.sub(r"\1", name) == _DOUBLED.sub(r"\1", target)
        return first * (_SWAPPED_OR_DOUBLED if doubled else _SOUNDS_ALIKE if distance <= 2 else 1.0)
    if distance == 1:
        return first * (_SWAPPED_OR_DOUBLED if sorted(name) == sorted(target) else 1.0)
    two = len(name) >= _LONG and name[0] == target[0] and not is_pinyin(name)
    return _TWO_SLIPS if distance == 2 and two else 0.0


def _unknown(name: str) -> float:
    table = _UNKNOWN_PINYIN if is_pinyin(name) else _UNKNOWN_OTHER
    return table.get(len(name), _UNKNOWN_LONG)
