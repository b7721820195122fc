"""Misspelt names in an address outside China: which words may be one, and the region that was meant."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from bri_pipeline.places.region_cities import VILLAGE, CityNames, share_of
from bri_pipeline.places.region_divisions import DIVISION_ALONE, DivisionNames
from bri_pipeline.places.region_lists import GLUED_KINDS, TOWN_AND_PART, Lists, sound
from bri_pipeline.places.region_slips import SHORTEST, Meant, RegionSlips, as_read_or_heard
from bri_pipeline.places.region_words import LONG, is_quarter, words_of_name
from bri_pipeline.places.verdict import Resolution, ambiguous, resolved

# Letters that a name of several words has at least to be taken as misspelt as a whole.
_WHOLE = 10
# A place so many times larger than one whose name is a slip away may be meant by it.
_FAR_LARGER, _AS_LIKELY = 10, 0.5


@dataclass(frozen=True)
class Corrections:
    """What misspelt names of one country mean."""

    country: str
    lists: Lists
    cities: CityNames
    divisions: DivisionNames

    @cached_property
    def slips(self) -> RegionSlips:
        """What misspelt names may mean; made when needed."""
        people: dict[str, dict[str, float]] = defaultdict(dict)
        for spelling, listed in self.lists.cities.items():
            for city in listed:
                writers = max(city.population, VILLAGE) * share_of(spelling, city)
                if writers:
                    people[spelling][city.region] = max(writers, people[spelling].get(city.region, 0.0))
        for spelling, region in self.lists.by_key.items():
            alone = self.divisions.people.get(region, 0) * DIVISION_ALONE
            people[spelling][region] = max(alone, people[spelling].get(region, 0))
        return RegionSlips.of(self.country, as_read_or_heard(people, self._sound))

    def _sound(self, name: str) -> str:
        return sound(self.country, name)

    def of_segment(self, parts: list[list[str]]) -> Resolution | None:
        """A slip in a segment that names nothing, or else in one of its words."""
        open_answer: Resolution | None = None
        for part in parts:
            if is_quarter(self.country, part):
                answer = self._of_town(part)
            else:
                bare = words_of_name(self.country, part)
                meant = self._meant("".join(bare))
                answer = self._of_slip(meant) if meant is not None else self._of_word(bare)
            if answer is not None and answer.province is not None:
                return answer
            open_answer = open_answer or answer
        return open_answer

    def larger_one(self, name: str, people: int) -> Meant | None:
        """A far larger place that a slip in a name of a small one may mean, if there is one."""
        meant = self._near(name, 1)
        if meant is None or meant.chance < _AS_LIKELY:
            return None
        is_larger = self.slips.people[meant.name].get(meant.region, 0) > _FAR_LARGER * people
        return meant if is_larger else None

    def _of_town(self, part: list[str]) -> Resolution | None:
        """A slip in a name with the kind of a town or quarter, which means a town with such a kind only."""
        name = self._sound("".join(word for word in part if not word.isdigit()))
        meant = self._near(name, 1)
        has_kind = meant is not None and meant.name[-3:] == name[-3:]
        return self._of_slip(meant) if meant is not None and has_kind and meant.is_sure else None

    def of_several_words(self, parts: list[list[str]]) -> Resolution | None:
        """A slip in a name of several words, some of which are names of their own: ``Horn-Bad Meingerg``."""
        for part in parts:
            bare = words_of_name(self.country, part)
            name = "".join(bare)
            if len(bare) > 1 and len(name) >= _WHOLE and name not in self.lists.cities:
                meant = self._near(name, 1)
                if meant is not None and meant.is_sure:
                    return self._of_slip(meant)
        return None

    def may_be(self, part: list[str]) -> tuple[str, ...]:
        """The regions that a slip in a segment may mean, though the segment is a name itself."""
        meant = self._near("".join(words_of_name(self.country, part)))
        return meant.regions if meant is not None else ()

    def _of_word(self, bare: list[str]) -> Resolution | None:
        """The region that all the misspelt words agree on; that of the first, the town, where its part follows it."""
        if len(bare) < 2:
            return None
        those = bare[:1] if self.country in TOWN_AND_PART else bare
        meant = [self._meant(word) for word in those if len(word) >= LONG]
        sure = [one for one in meant if one is not None and one.is_sure]
        return self._of_slip(sure[0]) if len({one.region for one in sure}) == 1 else None

    def _meant(self, name: str) -> Meant | None:
        """What a misspelt name means, with a kind written behind it or without."""
        meant = self._near(name)
        if meant is not None:
            return meant
        stems = (name.removesuffix(kind) for kind in GLUED_KINDS if name.endswith(kind))
        glued = (self._near(stem, 1) for stem in stems if len(stem) >= LONG)
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
            itself = self.cities.region_of([namesakes])
            if itself.province != meant.region:
                regions = tuple(dict.fromkeys((*meant.regions, *itself.candidates)))
                return ambiguous(regions, "a slip in a name of several regions") if len(regions) > 1 else None
        cities = [city for city in namesakes if city.region == meant.region]
        city = max(cities, key=lambda one: one.population, default=None)
        taken = city.name if city is not None and city.name else meant.name.capitalize()
        note, confidence = f"taken for {taken}", round(0.95 * meant.chance, 2)
        return resolved(meant.region, (city and city.name) or None, "fuzzy", confidence, note, meant.regions)
