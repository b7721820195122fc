"""The one form every source is read into: a publication with its inventors, applicants and IPC symbols.

Columns of a record, whatever the source and the era of the file:

publication_number  ``US`` + number + kind, e.g. ``US20210210819A1`` (grants: ``US11617522B2``)
kind                kind code: A1, A2, A9, P1 ...; grants B1, B2, S1 ...
publication_date    date of publication
application_number  digits as filed, series code first, leading zeros kept, e.g. ``09727454``; null if absent
filing_date         date of filing (PCT national phase: the international filing date); null if absent
title               plain text, inline markup removed, blanks collapsed
inventors           list of Inventor, applicants: list of Applicant, ipc: list of IpcSymbol
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

import polars as pl


@dataclass(frozen=True, slots=True)
class Inventor:
    """One inventor as printed; ``country`` is the one that counts (residence, else the address)."""

    sequence: int
    last_name: str | None
    first_name: str | None
    city_raw: str | None
    region_raw: str | None
    address_country: str | None
    residence_country: str | None
    nationality: str | None
    country: str | None


@dataclass(frozen=True, slots=True)
class Applicant:
    """One assignee or applicant that is not merely an inventor named again."""

    sequence: int
    name: str
    kind: Literal["organization", "person"]
    role: Literal["assignee", "applicant"]
    city_raw: str | None
    country: str | None


@dataclass(frozen=True, slots=True)
class IpcSymbol:
    """One IPC symbol in the normal form ``H04L 29/06``; ``position`` is ``first`` for the main one."""

    symbol: str
    position: Literal["first", "later"]


@dataclass(frozen=True, slots=True)
class Publication:
    """One published document."""

    publication_number: str
    kind: str
    publication_date: date
    application_number: str | None
    filing_date: date | None
    title: str
    inventors: tuple[Inventor, ...]
    applicants: tuple[Applicant, ...]
    ipc: tuple[IpcSymbol, ...]

    def as_row(self) -> dict[str, Any]:
        """The record as plain dicts and lists, keyed as PUBLICATION_SCHEMA."""
        return asdict(self)


INVENTOR_STRUCT = pl.Struct(
    {
        "sequence": pl.Int32,
        "last_name": pl.String,
        "first_name": pl.String,
        "city_raw": pl.String,
        "region_raw": pl.String,
        "address_country": pl.String,
        "residence_country": pl.String,
        "nationality": pl.String,
        "country": pl.String,
    }
)
APPLICANT_STRUCT = pl.Struct(
    {
        "sequence": pl.Int32,
        "name": pl.String,
        "kind": pl.String,
        "role": pl.String,
        "city_raw": pl.String,
        "country": pl.String,
    }
)
IPC_STRUCT = pl.Struct({"symbol": pl.String, "position": pl.String})

PUBLICATION_SCHEMA = pl.Schema(
    {
        "publication_number": pl.String(),
        "kind": pl.String(),
        "publication_date": pl.Date(),
        "application_number": pl.String(),
        "filing_date": pl.Date(),
        "title": pl.String(),
        "inventors": pl.List(INVENTOR_STRUCT),
        "applicants": pl.List(APPLICANT_STRUCT),
        "ipc": pl.List(IPC_STRUCT),
    }
)


def publications_frame(publications: Iterable[Publication]) -> pl.DataFrame:
    """Publications as a frame with PUBLICATION_SCHEMA, in the order given."""
    return pl.DataFrame([publication.as_row() for publication in publications], schema=PUBLICATION_SCHEMA)
