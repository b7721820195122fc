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
from bri_pipeline.uspto.xmltext import UnreadableXml, children, plain_text, printed


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
        parts = children(element)
        name = children(parts.get("name"))
        address = children(parts.get("address"))
        residence = children(parts.get("residence"))
        home = children(residence.get("residence-us", residence.get("residence-non-us")))
        place = home or address
        yield PrintedInventor(
            last_name=_last_name(name),
            first_name=_first_name(name),
            city=printed(place.get("city")),
            region=printed(place.get("state")),
            address_country=printed(children(address.get("country")).get("country-code")),
            residence_country=_residence_country(residence, home),
            nationality=printed(children(residence.get("citizenship")).get("country-code")),
        )


def _residence_country(residence: dict[str, etree._Element], home: dict[str, etree._Element]) -> str | None:
    """The country of residence; who lives in ``residence-us`` lives in the US even if the code is unusable.

    Military service is a residence without a country.
    """
    code = printed(home.get("country-code"))
    return "US" if "residence-us" in residence and country_code(code) is None else code


def _assignee(element: etree._Element) -> PrintedApplicant:
    parts = children(element)
    name, address = children(parts.get("name")), children(parts.get("address"))
    return PrintedApplicant(
        organization=printed(parts.get("organization-name")),
        last_name=_last_name(name),
        first_name=_first_name(name),
        city=printed(address.get("city")),
        country=printed(children(address.get("country")).get("country-code")),
        role="assignee",
    )


def _last_name(name: dict[str, etree._Element]) -> str | None:
    return last_name(printed(name.get("family-name")), printed(name.get("name-suffix")))


def _first_name(name: dict[str, etree._Element]) -> str | None:
    return first_name(printed(name.get("given-name")), printed(name.get("middle-name")))


def _ipc(classification: etree._Element | None) -> tuple[IpcSymbol, ...]:
    if classification is None:
        return ()
    groups = classification.iterchildren("classification-ipc-primary", "classification-ipc-secondary")
    return ordered_symbols(
        (normal_symbol(plain_text(symbol)), group.tag == "classification-ipc-primary")
        for group in groups
        for symbol in group.iterchildren("ipc")
    )
