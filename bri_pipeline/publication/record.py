"""The one form every source is read into: a publication with its inventors, applicants and IPC symbols.

Columns of a record, whatever the source and the era of the file:

publication_number  ``US`` + number + kind, e.g. ``US20210210819A1`` (grants: ``US11617522B2``)
kind                kind code: A1, A2, A9, P1 ...; grants B1, B2, S1 ...
publication_date    date of publication
application_number  digits as filed, series code first, leading zeros kept, e.g. ``09727454``; null if absent
filing_date         date of filing (PCT national phase: the international filing date); null if absent
title               plain text, inline markup removed, blanks collapsed
inventors           list of Inventor, applicants: list of Applicant, ipc: list of IpcSymbol
cpc                 list of CpcSymbol; empty before 2015, when the files began to print them
related             list of RelatedDocument: priority claims and the related documents that are printed
notes               what could not be read or was read otherwise than printed, see ``publication.notes``
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import accumulate, chain, repeat
from types import NoneType
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

import polars as pl
import pyarrow as pa


class Inventor(NamedTuple):
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


class Applicant(NamedTuple):
    """One assignee or applicant that is not merely an inventor named again."""

    sequence: int
    name: str
    kind: Literal["organization", "person"]
    role: Literal["assignee", "applicant"]
    city_raw: str | None
    country: str | None


class IpcSymbol(NamedTuple):
    """One IPC symbol in the normal form ``H04L 29/06``; ``position`` is ``first`` for the main one."""

    symbol: str
    position: Literal["first", "later"]


class CpcSymbol(NamedTuple):
    """One CPC symbol in the form of an IPC symbol, ``Y02E 60/10``; ``position`` is ``first`` for the main one."""

    symbol: str
    position: Literal["first", "later"]


class RelatedDocument(NamedTuple):
    """An application or publication that this one rests on or repeats.

    ``relation`` is one of ``publication.related.RELATIONS``. ``country`` is the office as printed, ``WO`` for
    international applications; ``number`` is as printed, ``date`` that of its filing (of publications: of their
    publication). Each is null where it is missing or unreadable.
    """

    relation: str
    country: str | None
    number: str | None
    date: date | None


class Publication(NamedTuple):
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
    cpc: tuple[CpcSymbol, ...] = ()
    related: tuple[RelatedDocument, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def countries(self) -> tuple[str, ...]:
        """The distinct countries its inventors count for, sorted."""
        return tuple(sorted({inventor.country for inventor in self.inventors if inventor.country}))

    def as_row(self) -> dict[str, Any]:
        """The record as plain dicts and lists, keyed as PUBLICATION_SCHEMA."""
        return self._asdict() | {
            "inventors": [inventor._asdict() for inventor in self.inventors],
            "applicants": [applicant._asdict() for applicant in self.applicants],
            "ipc": [symbol._asdict() for symbol in self.ipc],
            "cpc": [symbol._asdict() for symbol in self.cpc],
            "related": [document._asdict() for document in self.related],
            "notes": list(self.notes),
        }


_DTYPES = {int: pl.Int32(), str: pl.String(), date: pl.Date()}


def _columns(record: type) -> dict[str, pl.DataType]:
    """Field -> type of its column, as the class declares it."""
    return {name: _dtype(hint) for name, hint in get_type_hints(record).items()}


def _dtype(hint: Any) -> pl.DataType:
    if get_origin(hint) is tuple:
        return pl.List(_dtype(get_args(hint)[0]))
    if get_origin(hint) is Literal:
        return pl.String()
    [kind] = [kind for kind in get_args(hint) or (hint,) if kind is not NoneType]
    return pl.Struct(_columns(kind)) if hasattr(kind, "_fields") else _DTYPES[kind]


INVENTOR_STRUCT = pl.Struct(_columns(Inventor))
APPLICANT_STRUCT = pl.Struct(_columns(Applicant))
IPC_STRUCT = pl.Struct(_columns(IpcSymbol))
CPC_STRUCT = pl.Struct(_columns(CpcSymbol))
RELATED_STRUCT = pl.Struct(_columns(RelatedDocument))
PUBLICATION_SCHEMA = pl.Schema(_columns(Publication))


def publications_frame(publications: Iterable[Publication]) -> pl.DataFrame:
    """Publications as a frame with PUBLICATION_SCHEMA, in the order given."""
    columns = zip(*publications, strict=True)
    values = {
        name: _lists(lists, dtype) if isinstance(dtype, pl.List) and dtype.inner != pl.String else lists
        for (name, dtype), lists in zip(PUBLICATION_SCHEMA.items(), columns, strict=False)
    }
    return pl.DataFrame(values, schema=PUBLICATION_SCHEMA)


def _lists(lists: Sequence[Sequence[tuple[Any, ...]]], dtype: pl.List) -> pl.Series:
    """A column of lists of structs, built field by field: eight times as fast as from a dict per member."""
    struct = pl.Series([], dtype=dtype).to_arrow().type.value_type
    members = list(chain.from_iterable(lists))
    fields = zip(*members, strict=True) if members else repeat((), len(struct))
    arrays = [pa.array(values, field.type) for values, field in zip(fields, struct, strict=True)]
    ends = accumulate(map(len, lists), initial=0)
    array = pa.LargeListArray.from_arrays(
        pa.array(ends, pa.int64()), pa.StructArray.from_arrays(arrays, fields=list(struct))
    )
    return pl.Series(array, dtype=dtype)
