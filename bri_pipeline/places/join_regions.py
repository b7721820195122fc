"""Joins the divisions of GeoNames with those of ISO 3166-2, one to one within a country.

What the hand-kept ``region_joins.csv`` says comes first. Of what is left, the two divisions whose names are most alike
in the whole country are joined, then the next two, and so on; and last those whose largest cities have the name of a
division that nothing has been joined to. Two that are equally like a third stay apart: a wrong join puts every city of
a division into another one; a missing one leaves them open.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from bri_pipeline.places.text import key, latin

_NEAR_ENOUGH = 84.0
# A city named after the division is weaker evidence than the division's own name.
_CITY_NEAR_ENOUGH = 92.0
_LARGEST = 3
_KINDS = re.compile(
    r"^(?:state of|province of|region of|changwat|muhafazat|mintaqat|respublika|raionul|opstina|wilayat-e)\b|"
    r"\b(?:province|state|region|oblast.?|kray|krai|governorate|prefecture|district|county|department|territory|"
    r"voivodeship|lan|fylke|megye|do|kraj|zupanija|oblysy|viloyati|rayon|division|special|city|republic|respublika|"
    r"gwangyeoksi|marz|novads|rajons|atoll)$"
)
_ADJECTIVES = re.compile(r"(?:skaya|skiy|ska|skyi|sky|ski|skie)$")

Number = tuple[str, str]
"""Country and the number that GeoNames gives a division of it."""


class GeoNamesDivision(NamedTuple):
    """A division of GeoNames: its name where known, and its cities, the largest first."""

    number: Number
    name: str
    cities: Sequence[str]


class Joins(NamedTuple):
    """``codes``: division of GeoNames → those of ISO (several where a person said so); ``left``: joined to none."""

    codes: Mapping[Number, tuple[str, ...]]
    left: Sequence[GeoNamesDivision]


def joined(
    divisions: Iterable[GeoNamesDivision],
    spellings: Mapping[str, Mapping[str, Sequence[str]]],
    by_hand: Mapping[Number, tuple[str, ...]],
) -> Joins:
    """Join the divisions of all countries; ``spellings`` is country → code of ISO → its name and other spellings."""
    codes: dict[Number, tuple[str, ...]] = {}
    left: list[GeoNamesDivision] = []
    by_country: dict[str, list[GeoNamesDivision]] = defaultdict(list)
    for one in sorted(divisions):
        by_country[one.number[0]].append(one)
    for country, listed in by_country.items():
        found = _of_country(listed, spellings.get(country, {}), by_hand)
        codes |= found
        left += [one for one in listed if one.number not in found]
    return Joins(codes, left)


def _of_country(
    listed: Sequence[GeoNamesDivision],
    spellings: Mapping[str, Sequence[str]],
    by_hand: Mapping[Number, tuple[str, ...]],
) -> dict[Number, tuple[str, ...]]:
    found = {one.number: by_hand[one.number] for one in listed if one.number in by_hand}
    for names, least in ((_own_name, _NEAR_ENOUGH), (_largest_cities, _CITY_NEAR_ENOUGH)):
        taken = {iso for isos in found.values() for iso in isos}
        pairs = [
            (likeness, one.number, iso)
            for one in listed
            if one.number not in found
            for iso, spelled in spellings.items()
            if iso not in taken
            and (likeness := max((_likeness(n, s) for n in names(one) for s in spelled), default=0.0))
            >= least
        ]
        found |= {number: (iso,) for number, iso in _one_to_one(pairs).items()}
    return {number: isos for number, isos in found.items() if isos}


def _own_name(one: GeoNamesDivision) -> Sequence[str]:
    return [one.name] if one.name else []


def _largest_cities(one: GeoNamesDivision) -> Sequence[str]:
    return one.cities[:_LARGEST]


def _one_to_one(pairs: Sequence[tuple[float, Number, str]]) -> dict[Number, str]:
    """The likeliest pairs first, each division once; of pairs that are as likely and share a division, none."""
    chosen: dict[Number, str] = {}
    spent: set[Number | str] = set()
    for likeness in sorted({pair[0] for pair in pairs}, reverse=True):
        equal = [(number, iso) for found, number, iso in pairs if found == likeness]
        open_pairs = [(number, iso) for number, iso in equal if number not in spent and iso not in spent]
        for number, iso in open_pairs:
            rivals = [pair for pair in open_pairs if number in pair or iso in pair]
            if len(rivals) == 1:
                chosen[number] = iso
        spent |= {one for pair in open_pairs for one in pair}
    return chosen


def _likeness(name: str, spelling: str) -> float:
    return max(
        fuzz.ratio(key(latin(name)), key(latin(spelling))),
        fuzz.ratio(_core(name), _core(spelling)) - 1,
    )


def _core(name: str) -> str:
    core = latin(name).lower()
    for _ in range(2):
        core = _KINDS.sub("", core).strip(" ,-'")
    return _ADJECTIVES.sub("", key(core))
