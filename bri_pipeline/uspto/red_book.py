"""Reads publications and grants of 2005 and later (Red Book v4.0 to v4.7)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from lxml import etree

from bri_pipeline.publication import notes as note
from bri_pipeline.publication.days import noted_day
from bri_pipeline.publication.ipc import ordered_symbols, symbol_in_columns, symbol_of_parts
from bri_pipeline.publication.parties import (
    PrintedApplicant,
    PrintedInventor,
    first_name,
    last_name,
    numbered_applicants,
    numbered_inventors,
    state_notes,
    united_inventors,
)
from bri_pipeline.publication.record import CpcSymbol, IpcSymbol, Publication
from bri_pipeline.uspto.document_id import document_id
from bri_pipeline.uspto.related import red_book_related
from bri_pipeline.uspto.xmltext import Form, UnreadableXml, children, plain_text, texts, whole_text

_BIBLIOGRAPHIES = {
    "us-patent-application": ("us-bibliographic-data-application", "publication"),
    "us-patent-grant": ("us-bibliographic-data-grant", "grant"),
}
_REFERENCE: Form = {"document-id": {"doc-number": "number", "kind": "kind", "date": "date"}}
_NAMES_AND_ADDRESS: Form = {
    "last-name": "last name",
    "first-name": "first name",
    "middle-name": "middle name",
    "suffix": "suffix",
    "orgname": "organization",
    "name": "name",
    "text": "name as text",
    "address": {"city": "city", "state": "region", "country": "address country"},
}
# Names are in an address book, in some files without one; a second one, in another language, is ignored.
_PARTY: Form = {
    **_NAMES_AND_ADDRESS,
    "addressbook": _NAMES_AND_ADDRESS,
    "residence": {"country": "residence country"},
    "nationality": {"country": "nationality country"},
}
_SYMBOL_PARTS = ("section", "class", "subclass", "main-group", "subgroup")


def read_redbook(root: etree._Element) -> Publication:
    """The record of a ``us-patent-application`` or ``us-patent-grant``.

    Raises:
        UnreadableXml: the bibliographic part, number, kind or publication date is missing or unreadable.
    """
    name, what = _BIBLIOGRAPHIES[root.tag]
    bibliography = children(root).get(name)
    if bibliography is None:
        raise UnreadableXml(f"the bibliographic part <{name}> is missing")
    parts = children(bibliography)
    published = texts(parts.get("publication-reference"), _REFERENCE)
    filed = texts(parts.get("application-reference"), _REFERENCE)
    identity = document_id(published.get("number"), published.get("kind"), published.get("date"), what)
    parties, printed = _parties(parts, bibliography)
    inventors = numbered_inventors(printed)
    notes = list(state_notes(inventors))
    return Publication(
        publication_number=identity.publication_number,
        kind=identity.kind,
        publication_date=identity.publication_date,
        application_number=filed.get("number"),
        filing_date=noted_day(filed.get("date"), note.FILING_DATE, notes),
        title=plain_text(parts.get("invention-title")),
        inventors=inventors,
        applicants=numbered_applicants(_applicants(parts.get("assignees"), parties), printed),
        ipc=_ipc(parts, notes),
        cpc=_cpc(parts.get("classifications-cpc"), notes),
        related=red_book_related(parts, notes),
        notes=tuple(dict.fromkeys(notes)),
    )


def _parties(
    parts: dict[str, etree._Element], bibliography: etree._Element
) -> tuple[dict[str, etree._Element], list[PrintedInventor]]:
    """The lists of parties by name, and the inventors in them.

    Inventors of v4.3 and later are in ``us-parties/inventors``. Those of v4.0 to v4.2 are applicants marked as
    inventors; some are (again) in ``parties/inventors``, deceased ones in ``us-deceased-inventor``.
    """
    if "us-parties" in parts:
        parties = children(parts["us-parties"])
        return parties, _listed(parties.get("inventors"))
    parties = children(parts.get("parties"))
    applying = [
        _inventor(applicant)
        for applicant in _each(parties.get("applicants"), "applicant")
        if applicant.get("app-type") == "applicant-inventor"
    ]
    dead = [_inventor(element, deceased=True) for element in _each(bibliography, "us-deceased-inventor")]
    return parties, united_inventors(united_inventors(applying, _listed(parties.get("inventors"))), dead)


def _listed(inventors: etree._Element | None) -> list[PrintedInventor]:
    return [
        _inventor(inventor, deceased=inventor.tag == "deceased-inventor")
        for inventor in _each(inventors, "inventor", "deceased-inventor")
    ]


def _inventor(element: etree._Element, *, deceased: bool = False) -> PrintedInventor:
    text = texts(element, _PARTY)
    return PrintedInventor(
        _last_name(text) or text.get("organization"),
        first_name(text.get("first name"), text.get("middle name")),
        text.get("city"),
        text.get("region"),
        text.get("address country"),
        text.get("residence country"),
        text.get("nationality country"),
        deceased,
    )


def _applicants(
    assignees: etree._Element | None, parties: dict[str, etree._Element]
) -> Iterator[PrintedApplicant]:
    """Assignees, the applicants of v4.3 and later, and those of v4.0 to v4.2 who are not marked as inventors."""
    for assignee in _each(assignees, "assignee"):
        yield _applicant(assignee, "assignee")
    for applicant in _each(parties.get("us-applicants"), "us-applicant"):
        yield _applicant(applicant, "applicant")
    for applicant in _each(parties.get("applicants"), "applicant"):
        if applicant.get("app-type") != "applicant-inventor":
            yield _applicant(applicant, "applicant")


def _applicant(element: etree._Element, role: Literal["assignee", "applicant"]) -> PrintedApplicant:
    text = texts(element, _PARTY)
    return PrintedApplicant(
        text.get("organization"),
        _last_name(text),
        first_name(text.get("first name"), text.get("middle name")),
        text.get("city"),
        text.get("address country") or text.get("residence country"),
        role,
        element.get("app-type") == "applicant-inventor"
        or element.get("applicant-authority-category") == "inventor",
        text.get("region"),
    )


def _last_name(text: dict[str, str | None]) -> str | None:
    """Last name and suffix; names that are not divided (``name``, free ``text``) whole."""
    last = text.get("last name") or text.get("name") or text.get("name as text")
    return last_name(last, text.get("suffix"))


def _ipc(parts: dict[str, etree._Element], notes: list[str]) -> tuple[IpcSymbol, ...]:
    printed = _parted_symbols(parts.get("classifications-ipcr"), "classification-ipcr")
    symbols, unread = ordered_symbols([*_whole_symbols(parts), *printed], IpcSymbol)
    if unread:
        notes.append(note.IPC_SYMBOL)
    return symbols


def _cpc(classifications: etree._Element | None, notes: list[str]) -> tuple[CpcSymbol, ...]:
    printed = _parted_symbols(classifications, "classification-cpc", cpc=True)
    symbols, unread = ordered_symbols(printed, CpcSymbol)
    if unread:
        notes.append(note.CPC_SYMBOL)
    return symbols


def _whole_symbols(parts: dict[str, etree._Element]) -> Iterator[tuple[str | None, bool]]:
    """Symbols of v4.0: ``main-classification`` first, then ``further-classification``; in grants in columns."""
    for element in _each(parts.get("classification-ipc"), "main-classification", "further-classification"):
        if text := whole_text(element).strip():
            yield symbol_in_columns(text), element.tag == "main-classification"


def _parted_symbols(
    section: etree._Element | None, name: str, *, cpc: bool = False
) -> Iterator[tuple[str | None, bool]]:
    """Symbols of v4.1 and later, in parts; ``symbol-position`` F marks the first.

    The combinations of CPC symbols behind the symbols are left out: they repeat them.
    """
    if section is None:
        return
    # One walk over the section: asking each symbol for its children takes three times as long.
    symbols: list[dict[str, str | None]] = []
    for element in section.iter(name, "combination-set", "symbol-position", *_SYMBOL_PARTS):
        if element.tag == "combination-set":
            break
        if element.tag == name:
            symbols.append({})
        elif symbols:
            symbols[-1][element.tag] = element.text
    for part in symbols:
        symbol = symbol_of_parts(*[part.get(key) for key in _SYMBOL_PARTS], cpc=cpc)
        if symbol or any(part.values()):
            yield symbol, (part.get("symbol-position") or "").strip() == "F"


def _each(element: etree._Element | None, *names: str) -> Iterator[etree._Element]:
    return iter(()) if element is None else element.iterchildren(*names)
