"""Reads publications and grants of 2005 and later (Red Book v4.0 to v4.7)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from lxml import etree

from bri_pipeline.record import IpcSymbol, Publication
from bri_pipeline.uspto.fields import document_id, optional_date
from bri_pipeline.uspto.ipc import normal_symbol, ordered_symbols, symbol_of_parts
from bri_pipeline.uspto.parties import (
    PrintedApplicant,
    PrintedInventor,
    first_name,
    last_name,
    numbered_applicants,
    numbered_inventors,
    united_inventors,
)
from bri_pipeline.uspto.xmltext import UnreadableXml, children, plain_text, printed, texts

_BIBLIOGRAPHIES = {
    "us-patent-application": ("us-bibliographic-data-application", "publication"),
    "us-patent-grant": ("us-bibliographic-data-grant", "grant"),
}
# Names stand in an address book; of a second one, in another language, nothing is taken.
_PARTY = {
    "addressbook": "",
    "address": "address/",
    "residence": "residence/",
    "nationality": "nationality/",
}
_IPC_PARTS = ("section", "class", "subclass", "main-group", "subgroup")


def read_redbook(root: etree._Element) -> Publication:
    """The record of a ``us-patent-application`` or ``us-patent-grant``.

    Raises:
        UnreadableXml: the bibliographic part, number, kind or a date is missing or unreadable.
    """
    name, what = _BIBLIOGRAPHIES[root.tag]
    bibliography = children(root).get(name)
    if bibliography is None:
        raise UnreadableXml(f"the bibliographic part <{name}> is missing")
    parts = children(bibliography)
    published = children(children(parts.get("publication-reference")).get("document-id"))
    filed = children(children(parts.get("application-reference")).get("document-id"))
    number, kind, day = (printed(published.get(part)) for part in ("doc-number", "kind", "date"))
    identity = document_id(number, kind, day, what)
    inventors = _inventors(parts, bibliography)
    return Publication(
        publication_number=identity.publication_number,
        kind=identity.kind,
        publication_date=identity.publication_date,
        application_number=printed(filed.get("doc-number")),
        filing_date=optional_date(printed(filed.get("date")), "filing date"),
        title=plain_text(parts.get("invention-title")),
        inventors=numbered_inventors(inventors),
        applicants=numbered_applicants(_applicants(parts), inventors),
        ipc=_ipc(parts),
    )


def _inventors(parts: dict[str, etree._Element], bibliography: etree._Element) -> list[PrintedInventor]:
    """Inventors of v4.3 and later stand in ``us-parties/inventors``.

    Those of v4.0 to v4.2 are applicants marked as inventors; some stand (again) in ``parties/inventors``,
    dead ones in ``us-deceased-inventor``.
    """
    if "us-parties" in parts:
        return _listed(children(parts["us-parties"]).get("inventors"))
    parties = children(parts.get("parties"))
    applying = [
        _inventor(applicant)
        for applicant in _each(parties.get("applicants"), "applicant")
        if applicant.get("app-type") == "applicant-inventor"
    ]
    dead = [_inventor(element, deceased=True) for element in _each(bibliography, "us-deceased-inventor")]
    return united_inventors(united_inventors(applying, _listed(parties.get("inventors"))), dead)


def _listed(inventors: etree._Element | None) -> list[PrintedInventor]:
    return [
        _inventor(inventor, deceased=inventor.tag == "deceased-inventor")
        for inventor in _each(inventors, "inventor", "deceased-inventor")
    ]


def _inventor(element: etree._Element, *, deceased: bool = False) -> PrintedInventor:
    text = texts(element, _PARTY)
    return PrintedInventor(
        last_name=_last_name(text) or text.get("orgname"),
        first_name=first_name(text.get("first-name"), text.get("middle-name")),
        city=text.get("address/city"),
        region=text.get("address/state"),
        address_country=text.get("address/country"),
        residence_country=text.get("residence/country"),
        nationality=text.get("nationality/country"),
        deceased=deceased,
    )


def _applicants(parts: dict[str, etree._Element]) -> Iterator[PrintedApplicant]:
    for assignee in _each(parts.get("assignees"), "assignee"):
        yield _applicant(assignee, "assignee")
    for applicant in _each(children(parts.get("us-parties")).get("us-applicants"), "us-applicant"):
        yield _applicant(applicant, "applicant")
    if "us-parties" in parts:
        return
    for applicant in _each(children(parts.get("parties")).get("applicants"), "applicant"):
        if applicant.get("app-type") != "applicant-inventor":
            yield _applicant(applicant, "applicant")


def _applicant(element: etree._Element, role: Literal["assignee", "applicant"]) -> PrintedApplicant:
    text = texts(element, _PARTY)
    return PrintedApplicant(
        organization=text.get("orgname"),
        last_name=_last_name(text),
        first_name=first_name(text.get("first-name"), text.get("middle-name")),
        city=text.get("address/city"),
        country=text.get("address/country") or text.get("residence/country"),
        role=role,
        says_inventor=element.get("app-type") == "applicant-inventor"
        or element.get("applicant-authority-category") == "inventor",
    )


def _last_name(text: dict[str, str | None]) -> str | None:
    """Last name and suffix; names that are not divided (``name``, free ``text``) whole."""
    return last_name(text.get("last-name") or text.get("name") or text.get("text"), text.get("suffix"))


def _ipc(parts: dict[str, etree._Element]) -> tuple[IpcSymbol, ...]:
    return ordered_symbols([*_whole_symbols(parts), *_parted_symbols(parts)])


def _whole_symbols(parts: dict[str, etree._Element]) -> Iterator[tuple[str | None, bool]]:
    """Symbols of v4.0: ``main-classification`` first, then ``further-classification``."""
    for element in _each(parts.get("classification-ipc"), "main-classification", "further-classification"):
        yield normal_symbol(plain_text(element)), element.tag == "main-classification"


def _parted_symbols(parts: dict[str, etree._Element]) -> Iterator[tuple[str | None, bool]]:
    """Symbols of v4.1 and later, in parts; ``symbol-position`` F marks the first."""
    section = parts.get("classifications-ipcr")
    if section is None:
        return
    # One walk over the section: asking each symbol for its children takes three times as long.
    symbols: list[dict[str, str | None]] = []
    for element in section.iter("classification-ipcr", "symbol-position", *_IPC_PARTS):
        if element.tag == "classification-ipcr":
            symbols.append({})
        elif symbols:
            symbols[-1][element.tag] = element.text
    for part in symbols:
        symbol = symbol_of_parts(*(part.get(name) for name in _IPC_PARTS))
        yield symbol, (part.get("symbol-position") or "").strip() == "F"


def _each(element: etree._Element | None, *names: str) -> Iterator[etree._Element]:
    return iter(()) if element is None else element.iterchildren(*names)
