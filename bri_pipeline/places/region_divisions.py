"""Divisions named in an address outside China: in the region field, or in the city field, alone or beside a city."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import OSA

from bri_pipeline.places.region_cities import DOMINANCE, TOWN, CityNames, share_of
from bri_pipeline.places.region_lists import GLUED_KINDS, Lists, around, sound
from bri_pipeline.places.region_words import (
    DIRECTIONS,
    KINDS,
    KINDS_OF_CITY,
    KINDS_OF_DIVISION,
    LONG,
    NOT_NAMES,
    is_quarter,
    parts_of,
)
from bri_pipeline.places.text import key, latin
from bri_pipeline.places.verdict import Resolution, ambiguous

# Where cities bear the names of other states (Delaware in Ohio, Washington), the bare name is not the state's alone.
_CITIES_LIKE_STATES = frozenset({"US"})
# Share of the people of a division who write the division only.
DIVISION_ALONE = 0.3
# Countries whose divisions are often written with the letters of their code.
_CODES_IN_CITY = frozenset({"US", "CA", "AU", "IN"})
# Division → the one split off it in 2000 or 2014; addresses in the new one often still name the old one.
SPLIT_OFF = {"IN-AP": "IN-TS", "IN-UP": "IN-UK", "IN-BR": "IN-JH", "IN-MP": "IN-CG"}


@dataclass(frozen=True)
class DivisionNames:
    """The divisions of one country as addresses name them."""

    country: str
    lists: Lists
    cities: CityNames

    @property
    def names(self) -> Mapping[str, str]:
        """Code → name."""
        return self.lists.names

    @cached_property
    def people(self) -> Mapping[str, int]:
        """People in the cities of each division; those of wards and districts are in them."""
        totals: dict[str, int] = defaultdict(int)
        for city in {city for listed in self.lists.cities.values() for city in listed if city.name}:
            totals[city.region] += city.population
        return totals

    def stated(self, region_raw: str | None) -> str | None:
        """The division in the region field: its code, its name or another spelling."""
        text = latin(region_raw or "")
        if not text:
            return None
        code = text.upper().removeprefix(f"{self.country}-")
        if f"{self.country}-{code}" in self.names:
            return f"{self.country}-{code}"
        return self.lists.by_key.get(key(text)) or self.said(parts_of(region_raw))

    def city_before_its_land(self, parts: list[list[str]]) -> str | None:
        """A city that is itself a division, followed by the division around it: Kyiv, Kyiv region."""
        city = self.lists.by_key.get("".join(parts[0])) if len(parts) > 1 else None
        return city if city and self.said(parts[1:]) in around(self.lists.by_key, city) else None

    def said(self, parts: list[list[str]]) -> str | None:
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
            if "".join(bare) in self.lists.cities or is_quarter(self.country, bare):
                continue
            if (found := self._beside_others(bare)) is not None:
                return found
        return None

    def _beside_others(self, bare: list[str]) -> str | None:
        """A division behind other words or before them that agree with it, behind a point of the compass, or so called.

        "Suwon Kyunggi-Do", "Bavaria Heimertingen" and "South Wales" name one, "Fort Washington" does not.
        """
        for size in range(min(len(bare) - 1, 4), 0, -1):
            is_behind_a_point = all(word in DIRECTIONS or word in KINDS for word in bare[:-size])
            if is_behind_a_point and (found := self._division(bare[-size:])) is not None:
                return found
            for name, others in ((bare[-size:], bare[:-size]), (bare[:size], bare[size:])):
                found = self._division(name)
                is_called_so = name[-1] in KINDS_OF_DIVISION.get(self.country, ())
                if found is not None and (is_called_so or self._is_in(found, others)):
                    return found
        return None

    def _is_in(self, division: str, words: list[str]) -> bool:
        return any(city.region == division for cities in self.cities.named_in(words) for city in cities)

    def _may_be_code(self, before: list[str], word: str, code: str) -> bool:
        """Whether letters after a name are a division's code, and not a word cut off: "Los Altos Hi"."""
        if word in NOT_NAMES:
            return False
        regions = {city.region for cities in self.cities.named_in(before) for city in cities}
        return not regions or code in regions or code in SPLIT_OFF

    def _division(self, part: list[str]) -> str | None:
        if is_quarter(self.country, part):
            return None
        name = "".join(part)
        found = self.lists.by_key.get(name)
        if found is None and self.lists.heard and name not in self.lists.cities:
            regions = {
                self.lists.by_key.get(one) for one in self.lists.heard.get(sound(self.country, name), ())
            } - {None}
            found = regions.pop() if len(regions) == 1 else None
        # "Arkansas City" is a city of its own, in Kansas.
        while (
            found is None and len(part) > 1 and part[-1] in KINDS and "".join(part) not in self.lists.cities
        ):
            part = part[:-1]
            found = self.lists.by_key.get("".join(part))
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
        kinds = KINDS_OF_DIVISION.get(self.country, frozenset())
        ending = next((kind for kind in sorted(kinds) if bare and bare[-1].endswith(kind)), None)
        if ending is None or "".join(bare) in self.lists.cities:
            return None
        name = sound(self.country, "".join(bare).removesuffix(ending))
        if len(name) < LONG - 1:
            return None
        nearest: dict[str, int] = {}
        for spelling, region in self.lists.by_key.items():
            stem = sound(self.country, spelling.removesuffix(ending))
            distance = OSA.distance(name, stem, score_cutoff=2)
            if distance <= min(2, len(name) // 4):
                nearest[region] = min(distance, nearest.get(region, distance))
        first = [region for region, distance in nearest.items() if distance == min(nearest.values())]
        return first[0] if len(first) == 1 else None

    def beginning_of_several(self, parts: list[list[str]]) -> Resolution | None:
        """Divisions that share the beginning which is all that is written: Chungcheong, a north and a south."""
        name = sound(self.country, "".join(parts[0])) if len(parts) == 1 else ""
        if len(name) < LONG:
            return None
        regions = {
            region
            for spelling, region in self.lists.by_key.items()
            if sound(self.country, spelling).startswith(name) and len(spelling) > len(name) + 1
        }
        return ambiguous(sorted(regions), "the beginning of several names") if len(regions) > 1 else None

    def is_also_a_city_elsewhere(self, said: str, parts: list[list[str]]) -> bool:
        """Whether the address is the bare name of a division and of a city in another one that may as well be meant.

        In the United States every such city may; elsewhere one that is not far smaller: San Martin, in Peru.
        """
        if len(parts) != 1:
            return False
        name = "".join(parts[0])
        is_city = len(parts[0]) > 1 and parts[0][-1] in KINDS_OF_CITY
        spelling = "".join(parts[0][:-1]) if is_city else name
        listed = self.lists.cities.get(spelling, ())
        elsewhere = [city for city in listed if city.region != said]
        if self.country in _CITIES_LIKE_STATES:
            return name in self.lists.by_key and bool(elsewhere)
        largest = max((city.population * share_of(spelling, city) for city in elsewhere), default=0)
        if is_city:
            return largest >= TOWN
        itself = max((city.population for city in listed if city.region == said), default=0)
        alone = DIVISION_ALONE * self.people.get(said, 0)
        return name in self.lists.by_key and largest * DOMINANCE > max(itself, alone)

    def is_rather_a_city(self, said: str, parts: list[list[str]]) -> bool:
        """Whether the address is the bare name of a city elsewhere that is far larger than all of the division."""
        people = self.people.get(said, 0)
        if len(parts) != 1 or not people or self.country in _CITIES_LIKE_STATES:
            return False
        named = self.lists.cities.get("".join(parts[0]), ())
        return any(city.region != said and city.population > DOMINANCE * people for city in named)
