"""What is read of a work and an institution of OpenAlex, from its API or its snapshot: one record at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import polars as pl

from bri_pipeline.publication.countries import country_code, read_code
from bri_pipeline.publication.days import day_of

WORK_FIELDS = "id,title,publication_date,type,primary_topic,authorships,is_authors_truncated"
INSTITUTION_FIELDS = "id,display_name,country_code,geo"

_CODE_LETTERS = 2
PAPER_SCHEMA = pl.Schema(
    {
        "work_id": pl.String(),
        "title": pl.String(),
        "publication_date": pl.Date(),
        "year": pl.Int32(),
        "type": pl.String(),
        "field": pl.String(),
        "authors": pl.Int32(),
        "authors_truncated": pl.Boolean(),
        "affiliations": pl.List(
            pl.Struct(
                {
                    "author": pl.Int32(),
                    "institution_id": pl.String(),
                    "institution": pl.String(),
                    "country": pl.String(),
                }
            )
        ),
    }
)
INSTITUTION_SCHEMA = pl.Schema(
    dict.fromkeys(("institution_id", "name", "country", "city", "region"), pl.String())
)


@dataclass(frozen=True)
class Question:
    """Which papers a study wants: an institution of a focal country and one of a partner country, by date."""

    focal: frozenset[str]
    partners: frozenset[str]
    first: date
    last: date

    def wants(self, paper: Paper) -> bool:
        """Whether a paper is one of them."""
        countries = {affiliation.country for affiliation in paper.affiliations}
        in_time = self.first <= paper.publication_date <= self.last
        return in_time and bool(countries & self.focal) and bool(countries & self.partners)

    def filters(self, first: date, last: date) -> str:
        """The same as OpenAlex's filter, for a part of the time."""
        focal, partners = ("|".join(sorted(codes)) for codes in (self.focal, self.partners))
        country = "authorships.institutions.country_code"
        return (
            f"{country}:{focal},{country}:{partners},"
            f"from_publication_date:{max(first, self.first)},to_publication_date:{min(last, self.last)}"
        )


class Affiliation(NamedTuple):
    """An institution of an author; ``author`` is the position, from 1."""

    author: int
    institution_id: str
    institution: str | None
    country: str | None


@dataclass(frozen=True)
class Paper:
    """What is kept of a work; fields as in ``lake.papers``."""

    work_id: str
    title: str | None
    publication_date: date
    type: str | None
    field: str | None
    authors: int
    authors_truncated: bool
    affiliations: tuple[Affiliation, ...]

    def row(self) -> dict[str, Any]:
        """The paper as a row of PAPER_SCHEMA."""
        named = {name: getattr(self, name) for name in PAPER_SCHEMA if name not in ("year", "affiliations")}
        affiliations = [one._asdict() for one in self.affiliations]
        return {**named, "year": self.publication_date.year, "affiliations": affiliations}


def read_work(record: Mapping[str, Any]) -> Paper:
    """A work as OpenAlex writes it.

    Raises:
        ValueError: it has no number or no date, or is not of OpenAlex's form; the words say which.
    """
    authorships = record.get("authorships") or []
    if not isinstance(authorships, list) or not all(isinstance(one, dict) for one in authorships):
        raise ValueError("its authorships are no list of objects")
    affiliations: dict[tuple[int, str], Affiliation] = {}
    for author, authorship in enumerate(authorships, start=1):
        for institution in _institutions(authorship):
            number = short_id(institution.get("id"))
            if number is not None:
                name, country = _text(institution, "display_name"), _country(institution)
                affiliations[author, number] = Affiliation(author, number, name, country)
    field = _part(_part(record, "primary_topic"), "field")
    return Paper(
        work_id=_number_of(record),
        title=_text(record, "title") or _text(record, "display_name"),
        publication_date=_date_of(record),
        type=_text(record, "type"),
        field=_text(field, "display_name"),
        authors=len(authorships),
        authors_truncated=bool(record.get("is_authors_truncated")),
        affiliations=tuple(affiliations.values()),
    )


def odd_countries(record: Mapping[str, Any]) -> Iterator[str]:
    """The codes of countries of a work's institutions that are no plain ones of ISO 3166, as written."""
    for authorship in record.get("authorships") or []:
        for institution in _institutions(authorship):
            code = _text(institution, "country_code")
            if code and (read_code(code).rule or len(code.strip()) != _CODE_LETTERS):
                yield code


def _institutions(authorship: Mapping[str, Any]) -> list[dict[str, Any]]:
    institutions = authorship.get("institutions") or []
    if not isinstance(institutions, list):
        raise ValueError("the institutions of an author are no list")
    return [one for one in institutions if isinstance(one, dict)]


def _part(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object within the record; an empty one where there is none."""
    part = record.get(name)
    return part if isinstance(part, dict) else {}


def _text(record: Mapping[str, Any], name: str) -> str | None:
    """A text of the record; null where there is none, or an empty one."""
    value = record.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"its {name} is no text")
    return value or None


def _country(record: Mapping[str, Any]) -> str | None:
    """The country of a record's code, read as those of inventors are; null if there is none, or none known."""
    printed = _text(record, "country_code")
    return country_code(printed) if printed else None


def read_institution(record: object) -> dict[str, str | None]:
    """An institution as OpenAlex writes it, as a row of INSTITUTION_SCHEMA.

    Raises:
        ValueError: it has no number, or is not of OpenAlex's form; the words say which.
    """
    if not isinstance(record, dict):
        raise ValueError("it is no object")
    place = _part(record, "geo")
    return {
        "institution_id": _number_of(record),
        "name": _text(record, "display_name"),
        "country": _country(record) or _country(place),
        "city": _text(place, "city"),
        "region": _text(place, "region"),
    }


def short_id(address: object) -> str | None:
    """``W2741809807`` of ``https://openalex.org/W2741809807``; null if it is none."""
    text = str(address or "").rpartition("/")[2]
    return text.upper() if text[1:].isdecimal() and text[:1].isalpha() else None


def _number_of(record: Mapping[str, Any]) -> str:
    number = short_id(record.get("id"))
    if number is None:
        raise ValueError("it has no number of OpenAlex's form")
    return number


def _date_of(record: Mapping[str, Any]) -> date:
    day = day_of(str(record.get("publication_date")))
    if day is None:
        raise ValueError("it has no date of publication")
    return day


def papers_frame(papers: list[Paper]) -> pl.DataFrame:
    """Papers as a frame of PAPER_SCHEMA, in order of their numbers."""
    rows = [paper.row() for paper in sorted(papers, key=lambda one: one.work_id)]
    return pl.DataFrame(rows, schema=PAPER_SCHEMA)
