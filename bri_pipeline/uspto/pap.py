"""Reads publications of 2001 to 2004 (pap-v15 and pap-v16)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from bri_pipeline.publication import notes as note
from bri_pipeline.publication.countries import country_code
from bri_pipeline.publication.days import noted_day
from bri_pipeline.publication.ipc import normal_symbol, ordered_symbols
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
from bri_pipeline.uspto.related import pap_related
from bri_pipeline.uspto.xmltext import Form, UnreadableXml, children, plain_text, texts

_PUBLISHED: Form = {"doc-number": "number", "kind-code": "kind", "document-date": "date"}
_FILED: Form = {"application-number": {"doc-number": "number"}, "filing-date": "date"}
_HOME: Form = {"city": "home city", "state": "home region", "country-code": "home country"}
_PARTY: Form = {
    "name": {
        "given-name": "given name",
        "middle-name": "middle name",
        "family-name": "family name",
        "name-suffix": "suffix",
    },
    "residence": {
        "residence-us": _HOME,
        "residence-non-us": _HOME,
        "citizenship": {"country-code": "citizenship country"},
    },
    "organization-name": "organization",
    "address": {"city": "city", "state": "region", "country": {"country-code": "address country"}},
}
_AT_HOME = {"home city", "home region", "home country"}


def read_pap(root: etree._Element) -> Publication:
    """The record of a ``patent-application-publication``.

    Raises:
        UnreadableXml: the bibliographic part, number, kind or publication date is missing or unreadable.
    """
    bibliography = children(root).get("subdoc-bibliographic-information")
    if bibliography is None:
        raise UnreadableXml("the bibliographic part <subdoc-bibliographic-information> is missing")
    parts = children(bibliography)
    published = texts(parts.get("document-id"), _PUBLISHED)
    filed = texts(parts.get("domestic-filing-data"), _FILED)
    technical = children(parts.get("technical-information"))
    identity = document_id(
        published.get("number"), published.get("kind"), published.get("date"), "publication"
    )
    printed = list(_inventors(parts.get("inventors")))
    inventors = numbered_inventors(printed)
    notes = list(state_notes(inventors))
    return Publication(
        publication_number=identity.publication_number,
        kind=identity.kind,
        publication_date=identity.publication_date,
        application_number=filed.get("number"),
        filing_date=noted_day(filed.get("date"), note.FILING_DATE, notes),
        title=plain_text(technical.get("title-of-invention")),
        inventors=inventors,
        applicants=numbered_applicants(map(_assignee, bibliography.iterchildren("assignee")), printed),
        ipc=_ipc(technical.get("classification-ipc"), notes),
        related=pap_related(bibliography, parts, notes),
        notes=tuple(dict.fromkeys(notes)),
    )


def _inventors(inventors: etree._Element | None) -> Iterator[PrintedInventor]:
    if inventors is None:
        return
    for element in inventors.iterchildren("first-named-inventor", "inventor"):
        text = texts(element, _PARTY)
        home = "home " if text.keys() & _AT_HOME else ""
        yield PrintedInventor(
            _last_name(text),
            _first_name(text),
            text.get(f"{home}city"),
            text.get(f"{home}region"),
            text.get("address country"),
            _residence_country(text),
            text.get("citizenship country"),
        )


def _residence_country(text: dict[str, str | None]) -> str | None:
    """The country of residence; who lives in ``residence-us`` lives in the US even if the code is unusable.

    Military service is a residence without a country.
    """
    code = text.get("home country")
    return "US" if "residence-us" in text and country_code(code) is None else code


def _assignee(element: etree._Element) -> PrintedApplicant:
    text = texts(element, _PARTY)
    return PrintedApplicant(
        text.get("organization"),
        _last_name(text),
        _first_name(text),
        text.get("city"),
        text.get("address country"),
        "assignee",
        region=text.get("region"),
    )


def _last_name(text: dict[str, str | None]) -> str | None:
    return last_name(text.get("family name"), text.get("suffix"))


def _first_name(text: dict[str, str | None]) -> str | None:
    return first_name(text.get("given name"), text.get("middle name"))


def _ipc(classification: etree._Element | None, notes: list[str]) -> tuple[IpcSymbol, ...]:
    if classification is None:
        return ()
    groups = classification.iterchildren("classification-ipc-primary", "classification-ipc-secondary")
    printed = [
        (text, group.tag == "classification-ipc-primary")
        for group in groups
        for symbol in group.iterchildren("ipc")
        if (text := plain_text(symbol))
    ]
    symbols, unread = ordered_symbols(((normal_symbol(text), main) for text, main in printed), IpcSymbol)
    if unread:
        notes.append(note.IPC_SYMBOL)
    return symbols
