"""Reads grants of 2002 to 2004 (root ``PATDOC``, ST32-US-Grant v2.4 and v2.5).

Elements are named by the codes of WIPO's ST.32; text is in ``PDAT`` elements. An inventor who lives in the US has a
state and no country.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from lxml import etree

from bri_pipeline.publication import notes as note
from bri_pipeline.publication.days import noted_day
from bri_pipeline.publication.ipc import ordered_symbols, symbol_in_columns
from bri_pipeline.publication.parties import (
    PrintedApplicant,
    PrintedInventor,
    first_name,
    last_name,
    numbered_applicants,
    numbered_inventors,
    state_notes,
)
from bri_pipeline.publication.record import IpcSymbol, Publication
from bri_pipeline.uspto.document_id import document_id
from bri_pipeline.uspto.related import patdoc_related
from bri_pipeline.uspto.xmltext import Form, UnreadableXml, children, plain_text, texts, whole_text

_PUBLISHED: Form = {"B110": {"DNUM": "number"}, "B130": "kind", "B140": {"DATE": "date"}}
_FILED: Form = {"B210": {"DNUM": "number"}, "B220": {"DATE": "date"}}
_PARTY: Form = {
    "NAM": {
        "FNM": "first name",
        "MNM": "middle name",
        "SNM": "last name",
        "SFX": "suffix",
        "ONM": "organization",
    },
    "ADR": {"CITY": "city", "STATE": "region", "CTRY": "country"},
}


def read_patdoc(root: etree._Element) -> Publication:
    """The record of a ``PATDOC``.

    Raises:
        UnreadableXml: the bibliographic part, number, kind or publication date is missing or unreadable.
    """
    bibliography = children(root).get("SDOBI")
    if bibliography is None:
        raise UnreadableXml("the bibliographic part <SDOBI> is missing")
    parts = children(bibliography)
    published, filed = texts(parts.get("B100"), _PUBLISHED), texts(parts.get("B200"), _FILED)
    identity = document_id(published.get("number"), published.get("kind"), published.get("date"), "grant")
    technical, parties = children(parts.get("B500")), children(parts.get("B700"))
    printed = list(_inventors(parties))
    inventors = numbered_inventors(printed)
    notes = list(state_notes(inventors))
    return Publication(
        publication_number=identity.publication_number,
        kind=identity.kind,
        publication_date=identity.publication_date,
        application_number=filed.get("number"),
        filing_date=noted_day(filed.get("date"), note.FILING_DATE, notes),
        title=plain_text(technical.get("B540")),
        inventors=inventors,
        applicants=numbered_applicants(_applicants(parties), printed),
        ipc=_ipc(technical.get("B510"), notes),
        related=patdoc_related(parts, notes),
        notes=tuple(dict.fromkeys(notes)),
    )


def _inventors(parties: dict[str, etree._Element]) -> Iterator[PrintedInventor]:
    for text in _parties(parties.get("B720"), "B721"):
        yield PrintedInventor(
            last_name(text.get("last name"), text.get("suffix")) or text.get("organization"),
            first_name(text.get("first name"), text.get("middle name")),
            text.get("city"),
            text.get("region"),
            _country(text),
        )


def _applicants(parties: dict[str, etree._Element]) -> Iterator[PrintedApplicant]:
    role: Literal["assignee"] = "assignee"
    for text in _parties(parties.get("B730"), "B731"):
        yield PrintedApplicant(
            text.get("organization"),
            last_name(text.get("last name"), text.get("suffix")),
            first_name(text.get("first name"), text.get("middle name")),
            text.get("city"),
            _country(text),
            role,
            region=text.get("region"),
        )


def _parties(group: etree._Element | None, name: str) -> Iterator[dict[str, str | None]]:
    for member in () if group is None else group.iterchildren(name):
        for party in member.iterchildren("PARTY-US"):
            yield texts(party, _PARTY)


def _country(text: dict[str, str | None]) -> str | None:
    """The country printed; the US where only a state is."""
    return text.get("country") or ("US" if text.get("region") else None)


def _ipc(classification: etree._Element | None, notes: list[str]) -> tuple[IpcSymbol, ...]:
    """The main symbol (B511), then the others (B512), written in columns."""
    if classification is None:
        return ()
    printed = [
        (symbol_in_columns(text), element.tag == "B511")
        for element in classification.iterchildren("B511", "B512")
        if (text := whole_text(element).strip())
    ]
    symbols, unread = ordered_symbols(printed, IpcSymbol)
    if unread:
        notes.append(note.IPC_SYMBOL)
    return symbols
