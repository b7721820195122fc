"""Cities named in an address outside China, and the region that they mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bri_pipeline.places.region_lists import GLUED_KINDS, TOWN_AND_PART, City, Lists, is_usual, sound
from bri_pipeline.places.region_words import (
    DIRECTIONS_IN,
    KINDS,
    KINDS_OF_CITY,
    LONG,
    MAKES_ANOTHER,
    NOT_NAMES,
    SAME,
    is_followed_by_kind_of_quarter,
    is_quarter,
    names_a_street,
    parts_of,
)
from bri_pipeline.places.verdict import Resolution, ambiguous, resolved, unresolved

# The largest place of a name wins when the next region's is this many times smaller ...
DOMINANCE = 3.5
# ... and more where every state has a Franklin; the state is nearly always printed there ...
_DOMINANCE_IN = {"US": 30.0}
# ... and without any doubt at this lead.
_BEYOND_DOUBT = 20.0
# Where so many places are in no list that a small one of the name is hardly the one meant.
_SMALLEST_ALONE = {"US": 5_000}
# A village of unknown size.
VILLAGE = 500
# People of a town that is believed among words that name nothing.
TOWN = 20_000
# ... or as the first of them, where people write a town and a part of it.
_HEAD = 2_000
# ... or after an unknown word there, which may be the town.
_BEHIND = 100_000
# Where names of several words begin with those of other towns: San Luis Obispo.
_NAMED_IN_FULL = frozenset({"US"})
# The town of "Rheinfelden Herten" is the first; it has this share of the people of a namesake of its part.
_NOT_MUCH_SMALLER = 0.2
# Share of the people of a city who write another form of its name, or another name, by the letters it has at least.
_OTHER_FORM = 0.3
_OTHER_SPELLINGS = ((8, 0.05), (7, 0.002))
# Words of a name at most.
_LONGEST = 5
# People of a city that no one calls a township.
_TOWNSHIP = 80_000
# Digits of a post code (Switzerland, Austria) at least.
_POST_CODE = 4
# Letters of an abbreviation: Kernen i. R., Neuhausen a. d. F.
_ABBREVIATED = 3


@dataclass(frozen=True)
class CityNames:
    """The cities of one country as addresses name them."""

    country: str
    lists: Lists

    def named_in(self, part: list[str]) -> Iterator[tuple[City, ...]]:
        """The cities named in a segment, the longest name first; names of streets and buildings are passed over."""
        at, unread = 0, False
        named: list[tuple[tuple[City, ...], int]] = []
        while at < len(part):
            for end in range(min(len(part), at + _LONGEST), at, -1):
                found = self._known_before(part, at, end)
                if found:
                    if at and part[at - 1] in MAKES_ANOTHER:
                        unread = True
                    elif not self._names_a_street(part, end):
                        least = _TOWNSHIP if is_quarter(self.country, part[at : end + 1]) else 0
                        named.append((found, max(least, self._least(at, unread))))
                    at = end
                    break
            else:
                unread = unread or not self._is_no_name(part[at])
                at += 1
        for found, least in named:
            if not unread or any(city.population >= least for city in found):
                yield found

    def named(self, words: list[str]) -> tuple[City, ...]:
        """The cities that all of some words name, a kind of place behind them included."""
        known = self._known(words) if words else ()
        if known or len(words) < 2 or words[-1] not in KINDS:
            return known
        return self._known_before(words, 0, len(words) - 1)

    def _known_before(self, part: list[str], at: int, end: int) -> tuple[City, ...]:
        """The cities that some words of a segment name, where the word behind them is not that of another kind."""
        found = self._known(part[at:end])
        behind = part[end] if end < len(part) else ""
        if found and is_followed_by_kind_of_quarter(self.country, part, end):
            return tuple(city for city in found if city.name and city.population < _TOWNSHIP)
        if found and behind in KINDS_OF_CITY and self.country == "KR":
            return self.lists.cities.get("".join(part[at:end]) + "si", ()) or tuple(
                city for city in found if city.name
            )
        is_direction = "".join(part[at:end]) in DIRECTIONS_IN.get(self.country, ())
        return () if is_direction and len(part) > 1 and behind not in KINDS else found

    def _names_a_street(self, part: list[str], end: int) -> bool:
        """Whether a name is that of a street, by the word behind it or a number: "In der Rehbach 22 Walluf"."""
        behind = part[end] if end < len(part) - 1 else ""
        is_numbered = self.country in TOWN_AND_PART and behind.isdigit() and len(behind) < _POST_CODE
        return is_numbered or names_a_street(self.country, part, end)

    def _is_no_name(self, word: str) -> bool:
        """Whether a word names nothing that a list should have: ``i. R.`` is a part of the name before it."""
        is_short = self.country in TOWN_AND_PART and len(word) <= _ABBREVIATED
        return is_short or word.isdigit() or word in KINDS or word in NOT_NAMES

    def _least(self, at: int, unread: bool) -> int:
        """People that a place must have to be believed among words that name nothing: a village's name there is chance.

        "Bad Schoenborn" is not Schoenborn. Where people write a town and a part of it, a town's name as the first
        word is not chance, and a name after it is that of the part: "Alzenau Wasserlos".
        """
        if self.country in _NAMED_IN_FULL:
            return _BEHIND
        if self.country not in TOWN_AND_PART:
            return TOWN
        return _HEAD if at == 0 else _BEHIND if unread else TOWN

    def _known(self, span: list[str]) -> tuple[City, ...]:
        if len(span) == 1 and (span[0] in NOT_NAMES or span[0] in KINDS or len(span[0]) < 3):
            return ()
        name = "".join(span)
        found = self.lists.cities.get(name)
        same = next((one for one in SAME if span[0] in one), frozenset())
        for other in sorted(same - {span[0]}) if len(span) > 1 else ():
            # "St Louis" and "Saint Louis" are lists of different towns, and either is written for the other.
            found = (*(found or ()), *self.lists.cities.get("".join((other, *span[1:])), ())) or None
        if found and len(span) > 1 and span[0] == "bad":
            found = _spas(span, found)
        if found is None and self.lists.heard:
            alike = self.lists.heard.get(sound(self.country, name), ())
            found = tuple(city for one in alike for city in self.lists.cities.get(one, ()))
        if not found and len(span) == 1:
            for kind in GLUED_KINDS:
                stem = name.removesuffix(kind)
                if stem != name and len(stem) >= 4 and stem in self.lists.cities:
                    return self._known_before([stem, kind], 0, 1)
        return found or ()

    def region_of(self, found: list[tuple[City, ...]], *, is_told_apart: bool = False) -> Resolution:
        """The region that the names share; of one name, that of its largest city.

        ``is_told_apart``: whether words behind the name tell it from its namesakes, so that it is hardly the largest.
        """
        shared = frozenset.intersection(*(frozenset(city.region for city in cities) for cities in found))
        if not shared and self.country in TOWN_AND_PART:
            found = _town_of_parts(found)
        named = [tuple(c for c in cities if c.region in shared) for cities in found] if shared else found
        weights: dict[str, int] = {}
        largest: dict[str, City] = {}
        for cities in named:
            for city in cities:
                if city.population >= weights.get(city.region, 0):
                    weights[city.region], largest[city.region] = max(city.population, VILLAGE), city
        ranked = sorted(weights, key=lambda region: (-weights[region], region))
        first = ranked[0]
        if len(found) == 1 and weights[first] < _SMALLEST_ALONE.get(self.country, 0):
            why = "a small place, and not all of its namesakes are listed"
            return ambiguous(ranked, why) if len(ranked) > 1 else unresolved(why)
        if len(ranked) == 1:
            method = "parent" if len(found) > 1 else "exact"
            return resolved(first, largest[first].name or None, method, 0.97)
        lead = weights[first] / weights[ranked[1]]
        needed = _DOMINANCE_IN.get(self.country, DOMINANCE)
        if is_told_apart or (len(found) > 1 and not shared):
            needed = max(needed, _BEYOND_DOUBT)
        if lead < needed:
            rivals = [region for region in ranked if weights[region] * needed > weights[first]]
            why = (
                "several regions have this name" if len(found) == 1 else "the names are in different regions"
            )
            return ambiguous(rivals, why)
        note = f"far larger than its namesake in {', '.join(ranked[1:3])}"
        return resolved(
            first, largest[first].name or None, "exact", 0.95 if lead >= _BEYOND_DOUBT else 0.85, note
        )


def _spas(span: list[str], found: tuple[City, ...]) -> tuple[City, ...]:
    """The towns called Bad, where there are any: "Bad Endorf" is not Badendorf."""
    return tuple(city for city in found if parts_of(city.name) == [span]) or found


def share_of(spelling: str, city: City) -> float:
    """How many of those who name a city write this spelling.

    Many where it is another language's form of the name (Muenchen for Munich), few where it is another name (Madras for
    Chennai), none where that is short as well.
    """
    if not city.name or is_usual(spelling, city):
        return 1.0
    if spelling[0] == city.name[0].lower() and len(spelling) >= LONG:
        return _OTHER_FORM
    return next((share for letters, share in _OTHER_SPELLINGS if len(spelling) >= letters), 0.0)


def _town_of_parts(found: list[tuple[City, ...]]) -> list[tuple[City, ...]]:
    """The town alone of a town and its part, where the part is not the name of a far larger place."""
    largest = [max(city.population for city in cities) for cities in found]
    is_town = largest[0] >= _HEAD and largest[0] >= _NOT_MUCH_SMALLER * max(largest)
    return found[:1] if is_town else found
