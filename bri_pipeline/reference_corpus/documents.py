"""What a document to be written says: the truth that files are made from and readers are judged by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class WrittenInventor:
    """One inventor as the file is to print them.

    ``country`` is part of the address (2001-2004: of the residence), ``residence`` only where the format has an
    element of its own (v4.0-v4.2); ``also_applicant`` lists the same person a second time among the
    inventors (v4.0-v4.2) or among the applicants (v4.3 on).
    """

    last_name: str
    first_name: str | None
    city: str | None
    country: str | None
    region: str | None = None
    residence: str | None = None
    nationality: str | None = None
    also_applicant: bool = False

    @property
    def counted_country(self) -> str | None:
        """The country that counts: the residence if the format prints one, else that of the address."""
        return self.residence or self.country


@dataclass(frozen=True, slots=True)
class WrittenApplicant:
    """One company or person owning or filing; a ``first_name`` makes it a person."""

    name: str
    country: str
    city: str | None = None
    role: Literal["assignee", "applicant"] = "assignee"
    first_name: str | None = None


@dataclass(frozen=True, slots=True)
class WrittenRelated:
    """A priority claim or related document; ``relation`` as in ``publication.related``, ``day`` as YYYYMMDD."""

    relation: str
    country: str
    number: str
    day: str


@dataclass(frozen=True, slots=True)
class Document:
    """One publication; ``serial`` ends its number, ``ipc`` and ``cpc`` have the main symbol first.

    Without an ``abstract`` the title is used instead.
    """

    serial: int
    kind: str
    publication_date: date
    application_number: str
    filing_date: date
    title: str
    inventors: tuple[WrittenInventor, ...]
    applicants: tuple[WrittenApplicant, ...] = ()
    ipc: tuple[str, ...] = ()
    abstract: str | None = None
    cpc: tuple[str, ...] = ()
    related: tuple[WrittenRelated, ...] = ()

    @property
    def number(self) -> str:
        """Year and serial, e.g. ``20059000001``."""
        return f"{self.publication_date.year}{self.serial:07d}"

    @property
    def publication_number(self) -> str:
        """Country, number and kind, e.g. ``US20059000001A1``."""
        return f"US{self.number}{self.kind}"

    @property
    def is_plant(self) -> bool:
        """Whether the kind is one of the plant kinds P1 to P9."""
        return self.kind.startswith("P")

    @property
    def countries(self) -> frozenset[str]:
        """The countries that count, of all inventors."""
        return frozenset(i.counted_country for i in self.inventors if i.counted_country)
