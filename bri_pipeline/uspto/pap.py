"""Reads publications of 2001 to 2004 (pap-v15 and pap-v16)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from bri_pipeline.record import IpcSymbol, Publication
from bri_pipeline.uspto.countries import country_code
from bri_pipeline.uspto.fields import document_id, optional_date
from bri_pipeline.uspto.ipc import normal_symbol, ordered_symbols
from bri_pipeline.uspto.parties import (
    PrintedApplicant,
    PrintedInventor,
    first_name,
    last_name,
    numbered_applicants,
    numbered_inventors,
)
from bri_pipeline.uspto.xmltext import UnreadableXml, children, plain_text, printed, texts

_PARTY = {
    "name": "",
    "residence": "residence/",
    "residence-us": "home/",
    "residence-non-us": "home/",
    "citizenship": "citizenship/",
    "address": "address/",
    "country": "country/",  # of the address
}
_HOME = {"home/city", "home/state", "home/country-code"}


def read_pap(root: etree._Element) -> Publication:
    """The record of a ``patent-application-publication``.

    Raises:
        UnreadableXml: the bibliographic part, number, kind or a date is missing or unreadable.
    """
    bibliography = children(root).get("subdoc-bibliographic-information")
    if bibliography is None:
        raise UnreadableXml("the bibliographic part <subdoc-bibliographic-information> is missing")
    parts = children(bibliography)
    published = children(parts.get("document-id"))
    filed = children(parts.get("domestic-filing-data"))
    technical = children(parts.get("technical-information"))
    number, kind, day = (
        printed(published.get(part)) for part in ("doc-number", "kind-code", "document-date")
    )
    identity = document_id(number, kind, day, "publication")
    inventors = list(_inventors(parts.get("inventors")))
    return Publication(
        publication_number=identity.publication_number,
        kind=identity.kind,
        publication_date=identity.publication_date,
        application_number=printed(children(filed.get("application-number")).get("doc-number")),
        filing_date=optional_date(printed(filed.get("filing-date")), "filing date"),
        title=plain_text(technical.get("title-of-invention")),
        inventors=numbered_inventors(inventors),
        applicants=numbered_applicants(map(_assignee, bibliography.iterchildren("assignee")), inventors),
        ipc=_ipc(technical.get("classification-ipc")),
    )


def _inventors(inventors: etree._Element | None) -> Iterator[PrintedInventor]:
    if inventors is None:
        return
    for element in inventors.iterchildren("first-named-inventor", "inventor"):
        text = texts(element, _PARTY)
        place = "home" if text.keys() & _HOME else "address"
        yield PrintedInventor(
            last_name=_last_name(text),
            first_name=_first_name(text),
            city=text.get(f"{place}/city"),
            region=text.get(f"{place}/state"),
            address_country=text.get("country/country-code"),
            residence_country=_residence_country(text),
            nationality=text.get("citizenship/country-code"),
        )


def _residence_country(text: dict[str, str | None]) -> str | None:
    """The country of residence; who lives in ``residence-us`` lives in the US even if the code is unusable.

    Military service is a residence without a country.
    """
    code = text.get("home/country-code")
    return "US" if "residence-us" in text and country_code(code) is None else code


def _assignee(element: etree._Element) -> PrintedApplicant:
    text = texts(element, _PARTY)
    return PrintedApplicant(
        organization=text.get("organization-name"),
        last_name=_last_name(text),
        first_name=_first_name(text),
        city=text.get("address/city"),
        country=text.get("country/country-code"),
        role="assignee",
    )


def _last_name(text: dict[str, str | None]) -> str | None:
    return last_name(text.get("family-name"), text.get("name-suffix"))


def _first_name(text: dict[str, str | None]) -> str | None:
    return first_name(text.get("given-name"), text.get("middle-name"))


def _ipc(classification: etree._Element | None) -> tuple[IpcSymbol, ...]:
    if classification is None:
        return ()
    groups = classification.iterchildren("classification-ipc-primary", "classification-ipc-secondary")
    return ordered_symbols(
        (normal_symbol(plain_text(symbol)), group.tag == "classification-ipc-primary")
        for group in groups
        for symbol in group.iterchildren("ipc")
    )
