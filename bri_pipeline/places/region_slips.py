"""Misspelt names of cities and divisions outside China: which region was meant, weighed by people.

How likely a name was meant is its people times how likely the slip is, weighed against a place that is in no list;
``slips`` reasons alike with inventors, who are known for China.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz.distance import OSA

from bri_pipeline.places.near import grouped, remainders, sharing_a_remainder

# One name in a hundred is misspelt, in one of about twelve ways.
_ONE_SLIP = 1 / 1200
_FIRST_LETTER = 0.3
_SWAPPED_OR_DOUBLED = 3.0
# German umlauts are lost in print: MLLHEIM.
_LOST_UMLAUT = 4.0
_WITH_UMLAUTS = frozenset({"DE", "AT", "CH", "SE", "FI", "NO", "DK", "TR", "HU"})
_TWO_SLIPS = 0.05
_MOST_UMLAUTS = 2
# Two letters, not neighbours, that changed places: KANAWAGA.
_SWAPPED_APART = 0.3
SHORTEST, _LONG_ENOUGH, _LONG = 5, 7, 9
# People whose place no list has, by the length of its name: words of five letters are many names.
_UNKNOWN = {5: 600.0, 6: 60.0, 7: 12.0, 8: 4.0, 9: 1.5}
_UNKNOWN_LONG = 0.5
# Fewer where the lists have nearly every municipality.
_UNKNOWN_IN = {"DE": 0.1, "AT": 0.1, "CH": 0.1, "JP": 0.5, "KR": 0.15, "IN": 0.5}
# Where names are made of few syllables, two slips make other names of shorter ones.
_DENSE = {"JP": 2, "KR": 2}
_SURE = 0.85
# Where most names have many namesakes, and not all are listed.
_SURE_IN = {"US": 0.97}
_POSSIBLE = 0.1
_DOUBLED = re.compile(r"(.)\1")


class Meant(NamedTuple):
    """The likeliest region with its chance, a name that was meant there, and all possible regions.

    ``is_sure``: whether one region is far likelier than all else.
    """

    region: str
    name: str
    chance: float
    regions: tuple[str, ...]
    is_sure: bool


@dataclass(frozen=True)
class RegionSlips:
    """Names that a misspelling may be corrected to, with the people of each region who live in a place of that name."""

    country: str
    people: Mapping[str, Mapping[str, float]]
    by_remainder: Mapping[str, tuple[str, ...]]
    # Where umlauts are lost in print: names by their letters other than a, o and u, which may have one.
    by_rest: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, country: str, people: Mapping[str, Mapping[str, float]]) -> RegionSlips:
        """From names (letters only, as they sound) → region → people."""
        usable = {name: regions for name, regions in people.items() if len(name) >= SHORTEST}
        names = sorted(usable)
        by_rest = grouped(names, lambda name: (_rest(name),)) if country in _WITH_UMLAUTS else {}
        return cls(country, usable, grouped(names, remainders), by_rest)

    def meant(self, name: str, slips: int = 2) -> Meant | None:
        """The region that a misspelt name most likely means; None when no name is within so many slips."""
        if len(name) < SHORTEST:
            return None
        likely = self._near(name, 1)
        if not likely and slips > 1 and len(name) >= _LONG_ENOUGH:
            likely = self._near(name, 2)
        chances: dict[str, float] = defaultdict(float)
        best: dict[str, tuple[float, str]] = {}
        for one, likelihood in likely.items():
            for region, people in self.people[one].items():
                evidence = people * likelihood * _ONE_SLIP
                chances[region] += evidence
                best[region] = max(best.get(region, (0.0, "")), (evidence, one))
        if not chances:
            return None
        unknown = _UNKNOWN.get(len(name), _UNKNOWN_LONG) * _UNKNOWN_IN.get(self.country, 1.0)
        total = sum(chances.values()) + unknown
        ranked = sorted(chances, key=lambda region: (-chances[region], region))
        possible = tuple(region for region in ranked if chances[region] >= _POSSIBLE * total)
        chance = chances[ranked[0]] / total
        is_sure = chance >= _SURE_IN.get(self.country, _SURE)
        return Meant(ranked[0], best[ranked[0]][1], chance, possible or (ranked[0],), is_sure)

    def _near(self, name: str, slips: int) -> dict[str, float]:
        if slips == 1:
            found = sharing_a_remainder(name, self.by_remainder)
            found |= {one for one in self.by_rest.get(_rest(name), ()) if _has_lost_vowels(name, one)}
        else:
            found = {one for left in remainders(name) for one in sharing_a_remainder(left, self.by_remainder)}
        found.discard(name)
        likely = {one: self._likelihood(name, one, slips) for one in found}
        return {one: likelihood for one, likelihood in likely.items() if likelihood}

    def _likelihood(self, name: str, target: str, slips: int) -> float:
        first = 1.0 if name[0] == target[0] else _FIRST_LETTER
        if self.by_rest and _has_lost_vowels(name, target):
            return first * _LOST_UMLAUT
        if OSA.distance(name, target, score_cutoff=slips) > slips:
            return 0.0
        if slips == 2:
            apart = len(name) == len(target) and sorted(name) == sorted(target)
            others = _TWO_SLIPS if len(name) >= _LONG + _DENSE.get(self.country, 0) else 0.0
            return (_SWAPPED_APART if apart else others) if first == 1.0 else 0.0
        if sorted(name) == sorted(target) or _DOUBLED.sub(r"\1", name) == _DOUBLED.sub(r"\1", target):
            return first * _SWAPPED_OR_DOUBLED
        return first


def _rest(name: str) -> str:
    return re.sub("[aou]", "", name)


def _has_lost_vowels(name: str, target: str) -> bool:
    """Whether a word is a name without one or two letters that may have had an umlaut, and nothing else."""
    left, lost = iter(name), 0
    expected = next(left, None)
    for letter in target:
        if letter == expected:
            expected = next(left, None)
        elif letter in "aou":
            lost += 1
        else:
            return False
    return expected is None and 1 <= lost <= _MOST_UMLAUTS


def as_read_or_heard(
    people: Mapping[str, Mapping[str, float]], sound: Callable[[str], str]
) -> dict[str, dict[str, float]]:
    """The same people by their place's name and by its sound."""
    heard: dict[str, dict[str, float]] = defaultdict(dict)
    for name, regions in people.items():
        for region, count in regions.items():
            for form in {name, sound(name)}:
                heard[form][region] = max(heard[form].get(region, 0.0), count)
    return heard
