"""Inventors and applicants as printed, united into the record form.

Two decisions live here, whatever the era: one person is listed once among the inventors, and a company or
person is listed once among the applicants, where inventors who apply for themselves do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from bri_pipeline.publication import notes as note
from bri_pipeline.publication.countries import counting_country, country_code, is_us_state_twice
from bri_pipeline.publication.record import Applicant, Inventor

_NO_LETTERS = re.compile(r"[\W_]+")


class PrintedInventor(NamedTuple):
    """An inventor as one place of the document prints it; blanks cleaned, blank is None."""

    last_name: str | None = None
    first_name: str | None = None
    city: str | None = None
    region: str | None = None
    address_country: str | None = None
    residence_country: str | None = None
    nationality: str | None = None
    deceased: bool = False

    @property
    def name_key(self) -> str:
        """What two spellings of one name have in common."""
        return f"{_letters(self.last_name)} {_letters(self.first_name)}"


class PrintedApplicant(NamedTuple):
    """An assignee or applicant as one place of the document prints it.

    ``says_inventor``: the document marks it as one of the inventors.
    """

    organization: str | None
    last_name: str | None
    first_name: str | None
    city: str | None
    country: str | None
    role: Literal["assignee", "applicant"]
    says_inventor: bool = False
    region: str | None = None

    @property
    def name(self) -> str:
        """The organisation, or ``Last, First``; empty if nothing is printed."""
        return self.organization or ", ".join(part for part in (self.last_name, self.first_name) if part)


def last_name(last: str | None, suffix: str | None) -> str | None:
    """The family name with its suffix (``Jr.``)."""
    return f"{last} {suffix}" if last and suffix else last


def first_name(first: str | None, middle: str | None) -> str | None:
    """The given names."""
    return f"{first} {middle}" if first and middle else first or middle


def united_inventors(
    first: Sequence[PrintedInventor], second: Sequence[PrintedInventor]
) -> list[PrintedInventor]:
    """Two lists of the same document as one: a person in both is kept once, with what either says.

    Two namesakes within one list stay two inventors.
    """
    united = list(first)
    open_places = list(range(len(first)))
    for inventor in second:
        place = next((p for p in open_places if united[p].name_key == inventor.name_key), None)
        if place is None:
            united.append(inventor)
        else:
            open_places.remove(place)
            united[place] = _completed(united[place], inventor)
    return united


def _completed(inventor: PrintedInventor, other: PrintedInventor) -> PrintedInventor:
    """What is missing taken from the other; city, region and country of the address travel together."""
    if not (inventor.city or inventor.address_country):
        inventor = inventor._replace(
            city=other.city, region=other.region, address_country=other.address_country
        )
    return inventor._replace(
        residence_country=inventor.residence_country or other.residence_country,
        nationality=inventor.nationality or other.nationality,
    )


def numbered_inventors(inventors: Iterable[PrintedInventor]) -> tuple[Inventor, ...]:
    """Inventors of the record, numbered from 1 in order, with the country that counts.

    A deceased inventor counts for no country.
    """
    return tuple(
        [
            Inventor(
                sequence,
                *inventor[:-1],  # as printed, in the same order
                None
                if inventor.deceased
                else counting_country(inventor.residence_country, inventor.address_country, inventor.region),
            )
            for sequence, inventor in enumerate(inventors, start=1)
        ]
    )


def state_notes(inventors: Iterable[Inventor]) -> tuple[str, ...]:
    """The note that an inventor counts for the US because the country printed is the US state beside it."""
    return (note.US_STATE,) if any(map(_is_of_a_state, inventors)) else ()


def _is_of_a_state(inventor: Inventor) -> bool:
    printed = (inventor.residence_country, inventor.address_country)
    return inventor.country == "US" and any(is_us_state_twice(code, inventor.region_raw) for code in printed)


def numbered_applicants(
    applicants: Iterable[PrintedApplicant], inventors: Sequence[PrintedInventor]
) -> tuple[Applicant, ...]:
    """Applicants of the record: assignees first, each name once, inventors named again left out."""
    united: dict[str, PrintedApplicant] = {}
    for applicant in sorted(applicants, key=lambda applicant: applicant.role != "assignee"):
        key = _letters(applicant.name)
        if not key or _is_inventor(applicant, inventors):
            continue
        united[key] = _filled(united[key], applicant) if key in united else applicant
    return tuple(
        Applicant(
            sequence,
            applicant.name,
            "organization" if applicant.organization else "person",
            applicant.role,
            applicant.city,
            counting_country(None, applicant.country, applicant.region),
        )
        for sequence, applicant in enumerate(united.values(), start=1)
    )


def _is_inventor(applicant: PrintedApplicant, inventors: Sequence[PrintedInventor]) -> bool:
    if applicant.organization:
        return False
    family = _letters(applicant.last_name)
    name = f"{family} {_letters(applicant.first_name)}"
    return any(
        inventor.name_key == name or (applicant.says_inventor and _letters(inventor.last_name) == family)
        for inventor in inventors
    )


def _filled(applicant: PrintedApplicant, other: PrintedApplicant) -> PrintedApplicant:
    country = applicant.country if country_code(applicant.country) else other.country
    return applicant._replace(
        city=applicant.city or other.city, country=country, region=applicant.region or other.region
    )


@lru_cache(maxsize=1 << 14)
def _letters(name: str | None) -> str:
    return _NO_LETTERS.sub("", name.casefold()) if name else ""
