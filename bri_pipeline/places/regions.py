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

from rapidfuzz.distance import OSA

from bri_pipeline.places.region_lists import (
    GLUED_KINDS,
    TOWN_AND_PART,
    City,
    Lists,
    around,
    is_usual,
    load_lists,
    sound,
)
from bri_pipeline.places.region_slips import SHORTEST, Meant, RegionSlips, as_read_or_heard
from bri_pipeline.places.text import key, latin
from bri_pipeline.places.verdict import Resolution, ambiguous, resolved, unresolved
from bri_pipeline.places.vocabulary import BUILDINGS, INSTITUTIONS, STREETS, words

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
# People of a town that is believed among words that name nothing.
_TOWN = 20_000
# ... or as the first of them, where people write a town and a part of it.
_HEAD = 2_000
# ... or after an unknown word there, which may be the town.
_BEHIND = 100_000
# Where names of several words begin with those of other towns: San Luis Obispo.
_NAMED_IN_FULL = frozenset({"US"})
# The town of "Rheinfelden Herten" is the first; it has this share of the people of a namesake of its part.
_NOT_MUCH_SMALLER = 0.2
# Share of the people of a division who write the division only.
_DIVISION_ALONE = 0.3
# Share of the people of a city who write another form of its name, or another name, by the letters it has at least.
_OTHER_FORM = 0.3
_OTHER_SPELLINGS = ((8, 0.05), (7, 0.002))
# Words of this length that nothing else explains may be misspelt names.
_LONG = 6
_LONGEST = 5
# Letters that a name of several words has at least to be taken as misspelt as a whole.
_WHOLE = 10
_PARTS = re.compile(r"[,;:()\[\]{}/|]+| - |--+")
_WORD = re.compile(r"[a-z]+|\d+")
_INITIALS = re.compile(r"\b([a-z])\.\s?(?=[a-z]\b)")
# Words after a name (Korea, Japan, Scandinavia ...) or before it that say what kind of place it is.
_KINDS = words(
    "si shi gun ku gu ken fu to cho machi mura dong ro myeon eup do pref prefecture city state province county "
    "district kommune stad town village region oblast voivodeship metropolitan taluk taluka dist tehsil area land "
    "kun koon hu gwangyeok kwangyeok kwangyok gwangyeoksi kwangyeoksi gwangyoksi kwangyoksi"
)
# Kinds that a city has and a division of the country mostly not.
_KINDS_OF_CITY = frozenset({"si", "shi"})
# Words after the name of a division, never after that of a city.
_KINDS_OF_DIVISION = {"JP": words("ken pref prefecture"), "KR": words("do province"), "IN": words("state")}
# Words that make the name after them another place's: Bad Hamburg is not Hamburg.
_MAKES_ANOTHER = words(
    "bad neu gross klein alt hohen ober unter sankt saint st san santa los las new fort mount lake port"
)
_NOT_NAMES = words(
    "p o box po c o care of no the and near opp behind off at in de la le les du den der am an im bei st saint san "
    "los las new old north south east west central upper lower nagar"
)
# Words of a segment that names a street, building or company; as such it is no misspelt city.
_NO_CITIES = INSTITUTIONS | STREETS | BUILDINGS | words("strasse weg platz gasse allee ring")
_GLUED_STREETS = ("strasse", "str", "weg", "gasse", "allee", "platz")
_SAME = (words("st saint sankt"), words("mt mount"), words("ft fort"), words("ste sainte"))
# Countries whose divisions are often written with the letters of their code.
_CODES_IN_CITY = frozenset({"US", "CA", "AU", "IN"})
# Division → the one split off it in 2000 or 2014; addresses in the new one often still name the old one.
_SPLIT_OFF = {"IN-AP": "IN-TS", "IN-UP": "IN-UK", "IN-BR": "IN-JH", "IN-MP": "IN-CG"}


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
    def slips(self) -> RegionSlips:
        """What misspelt names may mean; made when needed."""
        people: dict[str, dict[str, float]] = defaultdict(dict)
        for spelling, listed in self.lists.cities.items():
            for city in listed:
                writers = max(city.population, _VILLAGE) * _share_of(spelling, city)
                if writers:
                    people[spelling][city.region] = max(writers, people[spelling].get(city.region, 0.0))
        for spelling, region in self.lists.by_key.items():
            alone = self._people.get(region, 0) * _DIVISION_ALONE
            people[spelling][region] = max(alone, people[spelling].get(region, 0))
        return RegionSlips.of(self.country, as_read_or_heard(people, self._sound))

    def _sound(self, name: str) -> str:
        return sound(self.country, name)

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
        said = stated or self._city_before_its_land(parts) or self._said(parts)
        if said is not None and not stated and self._is_rather_a_city(said, parts):
            said = None
        found = [mention for part in parts for mention in self._cities(part)]
        if said is not None and not stated and self._is_also_a_city_elsewhere(said, parts):
            stems = {"".join(parts[0]), "".join(parts[0][:-1])}
            others = sorted(
                {c.region for stem in stems for c in self.lists.cities.get(stem, ()) if c.region != said}
            )
            return ambiguous([said, *others], "a division and a city of another one")
        if said is not None:
            cities = [city for mention in found for city in mention if city.region == said]
            newer = [city for mention in found for city in mention if city.region == _SPLIT_OFF.get(said)]
            if newer and not cities:
                said, cities = newer[0].region, newer
            name = max(cities, key=lambda city: city.population).name if cities else None
            return resolved(said, name or None, "region field" if stated else "province in string", 0.98)
        if found:
            return self._misspelt_whole(parts) or self._of_cities(found)
        return (
            self._beginning_of_several(parts)
            or self._locality(parts)
            or self._misspelt(parts)
            or unresolved("no known place")
        )

    def _beginning_of_several(self, parts: list[list[str]]) -> Resolution | None:
        """Divisions that share the beginning which is all that is written: Chungcheong, a north and a south."""
        name = self._sound("".join(parts[0])) if len(parts) == 1 else ""
        if len(name) < _LONG:
            return None
        regions = {
            region
            for spelling, region in self.lists.by_key.items()
            if self._sound(spelling).startswith(name) and len(spelling) > len(name) + 1
        }
        return ambiguous(sorted(regions), "the beginning of several names") if len(regions) > 1 else None

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

    def _is_also_a_city_elsewhere(self, said: str, parts: list[list[str]]) -> bool:
        """Whether the address is the bare name of a division and of a city in another one that may as well be meant.

        In the United States every such city may; elsewhere one that is not far smaller: San Martin, in Peru.
        """
        if len(parts) != 1:
            return False
        name = "".join(parts[0])
        is_city = len(parts[0]) > 1 and parts[0][-1] in _KINDS_OF_CITY
        spelling = "".join(parts[0][:-1]) if is_city else name
        listed = self.lists.cities.get(spelling, ())
        elsewhere = [city for city in listed if city.region != said]
        if self.country in _CITIES_LIKE_STATES:
            return name in self.lists.by_key and bool(elsewhere)
        largest = max((city.population * _share_of(spelling, city) for city in elsewhere), default=0)
        if is_city:
            return largest >= _TOWN
        itself = max((city.population for city in listed if city.region == said), default=0)
        alone = _DIVISION_ALONE * self._people.get(said, 0)
        return name in self.lists.by_key and largest * _DOMINANCE > max(itself, alone)

    def _is_rather_a_city(self, said: str, parts: list[list[str]]) -> bool:
        """Whether the address is the bare name of a city elsewhere that is far larger than all of the division."""
        people = self._people.get(said, 0)
        if len(parts) != 1 or not people or self.country in _CITIES_LIKE_STATES:
            return False
        named = self.lists.cities.get("".join(parts[0]), ())
        return any(city.region != said and city.population > _DOMINANCE * people for city in named)

    @cached_property
    def _people(self) -> Mapping[str, int]:
        """People in the cities of each division; those of wards and districts are in them."""
        totals: dict[str, int] = defaultdict(int)
        for city in {city for listed in self.lists.cities.values() for city in listed if city.name}:
            totals[city.region] += city.population
        return totals

    def _stated(self, region_raw: str | None) -> str | None:
        """The division in the region field: its code, its name or another spelling."""
        text = latin(region_raw or "")
        if not text:
            return None
        code = text.upper().removeprefix(f"{self.country}-")
        if f"{self.country}-{code}" in self.names:
            return f"{self.country}-{code}"
        return self.lists.by_key.get(key(text)) or self._said(_parts(region_raw))

    def _city_before_its_land(self, parts: list[list[str]]) -> str | None:
        """A city that is itself a division, followed by the division around it: Kyiv, Kyiv region."""
        city = self.lists.by_key.get("".join(parts[0])) if len(parts) > 1 else None
        return city if city and self._said(parts[1:]) in around(self.lists.by_key, city) else None

    def _said(self, parts: list[list[str]]) -> str | None:
        """A division named in the address, the last one first; a city that is also a division is one."""
        for part in reversed(parts):
            bare = [word for word in part if not word.isdigit()]
            whole = self._division(bare) or self._misspelt_division(bare)
            if whole is not None:
                return whole
            if self.country in _CODES_IN_CITY and bare and len(bare[-1]) in (2, 3):
                code = f"{self.country}-{bare[-1].upper()}"
                if code in self.names and (len(bare) == 1 or self._may_be_code(bare[:-1], bare[-1], code)):
                    return code
        for part in reversed(parts):
            bare = [word for word in part if not word.isdigit()]
            if "".join(bare) in self.lists.cities:
                continue
            for size in range(min(len(bare) - 1, 4), 0, -1):
                found = self._division(bare[-size:])
                # "Suwon Kyunggi-Do" says so, "Fort Washington" does not.
                if found is not None and any(
                    city.region == found for cities in self._cities(bare[:-size]) for city in cities
                ):
                    return found
        return None

    def _may_be_code(self, before: list[str], word: str, code: str) -> bool:
        """Whether letters after a name are a division's code, and not a word cut off: "Los Altos Hi"."""
        if word in _NOT_NAMES:
            return False
        regions = {city.region for cities in self._cities(before) for city in cities}
        return not regions or code in regions or code in _SPLIT_OFF

    def _division(self, part: list[str]) -> str | None:
        name = "".join(part)
        found = self.lists.by_key.get(name)
        if found is None and self.lists.heard and name not in self.lists.cities:
            regions = {self.lists.by_key.get(one) for one in self.lists.heard.get(self._sound(name), ())} - {
                None
            }
            found = regions.pop() if len(regions) == 1 else None
        # "Arkansas City" is a city of its own, in Kansas.
        if found is None and len(part) > 1 and part[-1] in _KINDS and name not in self.lists.cities:
            found = self.lists.by_key.get("".join(part[:-1]))
        if found is None and len(part) == 1:
            found = next(
                (
                    self.lists.by_key[part[0].removesuffix(kind)]
                    for kind in GLUED_KINDS
                    if part[0].endswith(kind) and part[0].removesuffix(kind) in self.lists.by_key
                ),
                None,
            )
        return found

    def _misspelt_division(self, bare: list[str]) -> str | None:
        """The one division that a name with a division's kind (``Ibaragi-ken``) is nearest to, two slips at most."""
        kinds = _KINDS_OF_DIVISION.get(self.country, frozenset())
        ending = next((kind for kind in sorted(kinds) if bare and bare[-1].endswith(kind)), None)
        if ending is None or "".join(bare) in self.lists.cities:
            return None
        name = self._sound("".join(bare).removesuffix(ending))
        if len(name) < _LONG - 1:
            return None
        nearest: dict[str, int] = {}
        for spelling, region in self.lists.by_key.items():
            stem = self._sound(spelling.removesuffix(ending))
            distance = OSA.distance(name, stem, score_cutoff=2)
            if distance <= min(2, len(name) // 4):
                nearest[region] = min(distance, nearest.get(region, distance))
        first = [region for region, distance in nearest.items() if distance == min(nearest.values())]
        return first[0] if len(first) == 1 else None

    def _cities(self, part: list[str]) -> Iterator[tuple[City, ...]]:
        """The cities named in a segment, the longest name first; names of streets and buildings are passed over."""
        at, unread = 0, False
        named: list[tuple[tuple[City, ...], int]] = []
        while at < len(part):
            for end in range(min(len(part), at + _LONGEST), at, -1):
                found = self._known(part[at:end])
                if found:
                    if at and part[at - 1] in _MAKES_ANOTHER:
                        unread = True
                    elif not _names_a_street(part, end):
                        named.append((found, self._least(at, unread)))
                    at = end
                    break
            else:
                unread = unread or not (part[at].isdigit() or part[at] in _KINDS or part[at] in _NOT_NAMES)
                at += 1
        for found, least in named:
            if not unread or any(city.population >= least for city in found):
                yield found

    def _least(self, at: int, unread: bool) -> int:
        """People that a place must have to be believed among words that name nothing: a village's name there is chance.

        "Bad Schoenborn" is not Schoenborn. Where people write a town and a part of it, a town's name as the first
        word is not chance, and a name after it is that of the part: "Alzenau Wasserlos".
        """
        if self.country in _NAMED_IN_FULL:
            return _BEHIND
        if self.country not in TOWN_AND_PART:
            return _TOWN
        return _HEAD if at == 0 else _BEHIND if unread else _TOWN

    def _known(self, span: list[str]) -> tuple[City, ...]:
        if len(span) == 1 and (span[0] in _NOT_NAMES or span[0] in _KINDS or len(span[0]) < 3):
            return ()
        name = "".join(span)
        found = self.lists.cities.get(name)
        same = next((one for one in _SAME if span[0] in one), frozenset())
        for other in sorted(same - {span[0]}) if len(span) > 1 else ():
            # "St Louis" and "Saint Louis" are lists of different towns, and either is written for the other.
            found = (*(found or ()), *self.lists.cities.get("".join((other, *span[1:])), ())) or None
        if found is None and self.lists.heard:
            alike = self.lists.heard.get(self._sound(name), ())
            found = tuple(city for one in alike for city in self.lists.cities.get(one, ()))
        if not found and len(span) == 1:
            for kind in GLUED_KINDS:
                stem = name.removesuffix(kind)
                if stem != name and len(stem) >= 4 and stem in self.lists.cities:
                    return self.lists.cities[stem]
        return found or ()

    def _of_cities(self, found: list[tuple[City, ...]]) -> Resolution:
        """The region that the names share; of one name, that of its largest city."""
        shared = frozenset.intersection(*(frozenset(city.region for city in cities) for cities in found))
        if not shared and self.country in TOWN_AND_PART:
            found = _town_of_parts(found)
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
            return resolved(first, largest[first].name or None, method, 0.97)
        lead = weights[first] / weights[ranked[1]]
        needed = _DOMINANCE_IN.get(self.country, _DOMINANCE)
        if len(found) > 1 and not shared:
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

    def _misspelt(self, parts: list[list[str]]) -> Resolution | None:
        """A slip in a segment that names nothing, or else in one of its words."""
        open_answer: Resolution | None = None
        for part in parts:
            bare = _words_of_name(part)
            meant = self._meant("".join(bare))
            answer = self._of_slip(meant) if meant is not None else self._misspelt_word(bare)
            if answer is not None and answer.province is not None:
                return answer
            open_answer = open_answer or answer
        return open_answer

    def _misspelt_whole(self, parts: list[list[str]]) -> Resolution | None:
        """A slip in a name of several words, some of which are names of their own: ``Horn-Bad Meingerg``."""
        for part in parts:
            bare = _words_of_name(part)
            name = "".join(bare)
            if len(bare) > 1 and len(name) >= _WHOLE and name not in self.lists.cities:
                meant = self._near(name, 1)
                if meant is not None and meant.is_sure:
                    return self._of_slip(meant)
        return None

    def _misspelt_word(self, bare: list[str]) -> Resolution | None:
        """The region that all the misspelt words agree on; that of the first, the town, where its part follows it."""
        if len(bare) < 2:
            return None
        those = bare[:1] if self.country in TOWN_AND_PART else bare
        meant = [self._meant(word) for word in those if len(word) >= _LONG]
        sure = [one for one in meant if one is not None and one.is_sure]
        return self._of_slip(sure[0]) if len({one.region for one in sure}) == 1 else None

    def _meant(self, name: str) -> Meant | None:
        """What a misspelt name means, with a kind written behind it or without."""
        meant = self._near(name)
        if meant is not None:
            return meant
        stems = (name.removesuffix(kind) for kind in GLUED_KINDS if name.endswith(kind))
        glued = (self._near(stem, 1) for stem in stems if len(stem) >= _LONG)
        return next((one for one in glued if one is not None), None)

    def _near(self, name: str, slips: int = 2) -> Meant | None:
        """The likelier of what a slip in the spelling and a slip in the sound mean."""
        # Names too short to be corrected are left out here, as ``slips`` is an index that takes half a second to make.
        forms = [form for form in dict.fromkeys((name, self._sound(name))) if len(form) >= SHORTEST]
        found = [one for form in forms if (one := self.slips.meant(form, slips)) is not None]
        if len({one.region for one in found if one.is_sure}) > 1:
            return min(found, key=lambda one: one.chance)._replace(
                chance=0.5,
                regions=tuple(dict.fromkeys(region for one in found for region in one.regions)),
                is_sure=False,
            )
        return max(found, key=lambda one: one.chance, default=None)

    def _of_slip(self, meant: Meant) -> Resolution | None:
        if not meant.is_sure:
            several = len(meant.regions) > 1
            return ambiguous(meant.regions, "may be a slip for several names") if several else None
        namesakes = self.lists.cities.get(meant.name, ())
        if meant.name not in self.lists.by_key and namesakes:
            itself = self._of_cities([namesakes])
            if itself.province != meant.region:
                regions = tuple(dict.fromkeys((*meant.regions, *itself.candidates)))
                return ambiguous(regions, "a slip in a name of several regions") if len(regions) > 1 else None
        cities = [city for city in namesakes if city.region == meant.region]
        city = max(cities, key=lambda one: one.population, default=None)
        taken = city.name if city is not None and city.name else meant.name.capitalize()
        note, confidence = f"taken for {taken}", round(0.95 * meant.chance, 2)
        return resolved(meant.region, (city and city.name) or None, "fuzzy", confidence, note, meant.regions)


def _words_of_name(part: list[str]) -> list[str]:
    """The words of a segment that may be a misspelt name; none of a street, building or company."""
    if not _NO_CITIES.isdisjoint(part) or any(word.endswith(_GLUED_STREETS) for word in part):
        return []
    bare = [word for word in part if not word.isdigit() and word not in _KINDS]
    return bare[1:] if len(bare) > 1 and len(bare[0]) == 1 else bare  # D Goettingen


def _share_of(spelling: str, city: City) -> float:
    """How many of those who name a city write this spelling.

    Many where it is another language's form of the name (Muenchen for Munich), few where it is another name (Madras for
    Chennai), none where that is short as well.
    """
    if not city.name or is_usual(spelling, city):
        return 1.0
    if spelling[0] == city.name[0].lower() and len(spelling) >= _LONG:
        return _OTHER_FORM
    return next((share for letters, share in _OTHER_SPELLINGS if len(spelling) >= letters), 0.0)


def _town_of_parts(found: list[tuple[City, ...]]) -> list[tuple[City, ...]]:
    """The town alone of a town and its part, where the part is not the name of a far larger place."""
    largest = [max(city.population for city in cities) for cities in found]
    is_town = largest[0] >= _HEAD and largest[0] >= _NOT_MUCH_SMALLER * max(largest)
    return found[:1] if is_town else found


def load_regions(reference_dir: Path, countries: Collection[str]) -> dict[str, Regions]:
    """The divisions and cities of some countries, in one reading of the files.

    Raises:
        UserError: a file is missing or has a row that cannot be used.
    """
    lists = load_lists(reference_dir, countries)
    return {country: Regions(country, lists[country]) for country in countries}


def _parts(raw: str | None) -> list[list[str]]:
    """Words per segment of an address."""
    lowered = _INITIALS.sub(r"\1", latin(raw or "").lower()).replace("'", "")
    parts = (_WORD.findall(part) for part in _PARTS.split(lowered))
    return [part for part in parts if part]


def _names_a_street(part: list[str], end: int) -> bool:
    return end < len(part) and (part[end] in STREETS or part[end] in BUILDINGS or part[end] in INSTITUTIONS)
