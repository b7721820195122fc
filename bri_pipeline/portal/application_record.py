"""One record of the portal's application search, read into the record form.

What the portal's record lacks or says differently from the printed publication is noted beside it:
it has no IPC symbols, and it files inventors who live in Hong Kong under ``CN``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bri_pipeline.places.hong_kong import is_hong_kong
from bri_pipeline.publication import notes as note
from bri_pipeline.publication.countries import country_named
from bri_pipeline.publication.days import day_of, noted_day
from bri_pipeline.publication.ipc import normal_symbol, ordered_symbols
from bri_pipeline.publication.parties import (
    PrintedApplicant,
    PrintedInventor,
    numbered_applicants,
    numbered_inventors,
    state_notes,
)
from bri_pipeline.publication.record import CpcSymbol, Inventor, Publication, RelatedDocument
from bri_pipeline.publication.related import related_document

NO_IPC = "no IPC: the portal's search does not hold it"
IPC_FROM_XML = "IPC from the publication's XML, as the portal's search holds none"
HONG_KONG = "Hong Kong address filed under CN, as the portal does"
DATE_371 = "filing date may be that of entry into the national phase"

_PARENTAGES = {
    "CON": "continuation",
    "CIP": "continuation-in-part",
    "DIV": "division",
    "PRO": "provisional",
    "REI": "reissue",
    "REX": "reexamination",
    "SUB": "substitution",
    "NST": "pct",
}

PUBLICATION_NUMBER = re.compile(r"US\d{11}([A-Z]\d)", re.ASCII)


@dataclass(frozen=True)
class SearchRecord:
    """A publication as the application search gives it.

    notes         what a reader of the publication should know about it
    document_uri  where the publication's XML can be fetched; None if the record does not say
    """

    publication: Publication
    notes: tuple[str, ...]
    document_uri: str | None


def search_record(record: Mapping[str, Any]) -> SearchRecord:
    """One entry of ``patentFileWrapperDataBag``.

    What is wrong in a part that need not be there is left out and noted in the publication.

    Raises:
        ValueError: it has no publication number, no usable date of publication, or its inventors or their addresses
            cannot be read, without which nobody can say whose publication it is; the text says which.
    """
    data = metadata(record)
    number = str(data.get("earliestPublicationNumber") or "").replace(" ", "")
    match = PUBLICATION_NUMBER.fullmatch(number)
    if match is None:
        raise ValueError(f"earliestPublicationNumber {number!r} is no US publication number")
    published = day_of(_text(data.get("earliestPublicationDate")) or "")
    if published is None:
        raise ValueError(f"earliestPublicationDate {data.get('earliestPublicationDate')!r} is no date")
    notes: list[str] = []
    named = [_inventor(inventor) for inventor in bag(data, "inventorBag")]
    applying = [_applicant(one, notes) for one in _entries(data, "applicantBag", note.APPLICANT, notes)]
    inventors = numbered_inventors(named)
    publication = Publication(
        publication_number=number,
        kind=match.group(1),
        publication_date=published,
        application_number=_text(record.get("applicationNumberText")),
        filing_date=noted_day(_text(data.get("filingDate")), note.FILING_DATE, notes),
        title=_text(data.get("inventionTitle")) or "",
        inventors=inventors,
        applicants=numbered_applicants((one for one in applying if not _is_named(one, named)), named),
        ipc=(),
        cpc=_cpc(data, notes),
        related=_related(record, notes),
        notes=tuple(dict.fromkeys((*notes, *state_notes(inventors)))),
    )
    national_phase = data.get("nationalStageIndicator") in (True, "true", "Y")
    return SearchRecord(publication, tuple(_notes(inventors, national_phase)), document_uri(record))


def metadata(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """The record's ``applicationMetaData``.

    Raises:
        ValueError: there is none.
    """
    data = record.get("applicationMetaData")
    if not isinstance(data, Mapping):
        raise ValueError("applicationMetaData is missing")
    return data


def bag(data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The entries of a list in a record; none if the record has no such list.

    Raises:
        ValueError: it is something else.
    """
    entries = data.get(name) or []
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise ValueError(f"{name} is not a list of entries")
    return entries


def _entries(data: Mapping[str, Any], name: str, faulty: str, notes: list[str]) -> list[Mapping[str, Any]]:
    """The entries of a list that need not be there; what is no entry is left out and noted."""
    entries = data.get(name) or []
    if not isinstance(entries, list):
        entries = [None]
    usable = [entry for entry in entries if isinstance(entry, Mapping)]
    if len(usable) < len(entries):
        notes.append(faulty)
    return usable


def document_uri(record: Mapping[str, Any]) -> str | None:
    """Address of the publication's XML; the key's first letter is written large or small."""
    for name, value in record.items():
        if name.lower() == "pgpubdocumentmetadata" and isinstance(value, Mapping):
            return _text(value.get("fileLocationURI"))
    return None


def _notes(inventors: Sequence[Inventor], national_phase: bool) -> Iterator[str]:
    yield NO_IPC
    if any(one.country == "CN" and is_hong_kong(one.city_raw, one.region_raw) for one in inventors):
        yield HONG_KONG
    if national_phase:
        yield DATE_371


def _inventor(inventor: Mapping[str, Any]) -> PrintedInventor:
    """Each inventor has up to two addresses in any order: the residence counts, else the postal one.

    The inventor's own ``countryCode`` is left alone: what it means is not documented.
    """
    addresses = bag(inventor, "correspondenceAddressBag")
    residence, postal = _address(addresses, is_residence=True), _address(addresses, is_residence=False)
    shown = residence or postal
    given = (_text(inventor.get("firstName")), _text(inventor.get("middleName")))
    return PrintedInventor(
        last_name=_text(inventor.get("lastName")) or _text(inventor.get("inventorNameText")),
        first_name=" ".join(name for name in given if name) or None,
        city=_text(shown.get("cityName")),
        region=_region(shown),
        address_country=_country(postal),
        residence_country=_country(residence),
    )


def _applicant(applicant: Mapping[str, Any], notes: list[str]) -> PrintedApplicant:
    addresses = _entries(applicant, "correspondenceAddressBag", note.APPLICANT, notes)
    address = _address(addresses, is_residence=True) or _address(addresses, is_residence=False)
    family = _text(applicant.get("lastName"))
    return PrintedApplicant(
        organization=None if family else _text(applicant.get("applicantNameText")),
        last_name=family,
        first_name=_text(applicant.get("firstName")),
        city=_text(address.get("cityName")),
        country=_country(address),
        role="applicant",
        region=_region(address),
    )


def _region(address: Mapping[str, Any]) -> str | None:
    return _text(address.get("geographicRegionCode")) or _text(address.get("geographicRegionName"))


def _is_named(applicant: PrintedApplicant, inventors: Iterable[PrintedInventor]) -> bool:
    """Whether an applicant given by one line of text is an inventor: ``First Last`` or ``Last, First``."""
    words = sorted(re.findall(r"\w+", (applicant.organization or "").casefold()))
    names = (f"{one.first_name or ''} {one.last_name or ''}" for one in inventors)
    return bool(words) and any(words == sorted(re.findall(r"\w+", name.casefold())) for name in names)


def _address(addresses: Sequence[Mapping[str, Any]], *, is_residence: bool) -> Mapping[str, Any]:
    """The residence or the postal address, of several the first with a country; what is no residence is postal."""
    of_category = [
        address
        for address in addresses
        if is_residence == ((_text(address.get("postalAddressCategory")) or "").lower() == "residence")
    ]
    return next(filter(_country, of_category), of_category[0] if of_category else {})


def _country(address: Mapping[str, Any]) -> str | None:
    """The code, or where there is none the name."""
    return _text(address.get("countryCode")) or _text(address.get("countryName"))


def _text(value: Any) -> str | None:
    """Blanks collapsed; None if nothing is left."""
    return " ".join(str(value).split()) or None if value is not None else None


def _cpc(data: Mapping[str, Any], notes: list[str]) -> tuple[CpcSymbol, ...]:
    """The CPC symbols of today, which may differ from those printed; the first is the main one."""
    written = data.get("cpcClassificationBag") or []
    if not isinstance(written, list):
        written = [None]
    read = [(normal_symbol(text, cpc=True) if isinstance(text, str) else None, False) for text in written]
    symbols, unread = ordered_symbols(read, CpcSymbol)
    if unread:
        notes.append(note.CPC_SYMBOL)
    return symbols


def _related(record: Mapping[str, Any], notes: list[str]) -> tuple[RelatedDocument, ...]:
    found = [
        related_document(
            "foreign-priority",
            country_named(_text(entry.get("ipOfficeName"))),
            _text(entry.get("applicationNumberText")),
            noted_day(_text(entry.get("filingDate")), note.RELATED_DATE, notes),
        )
        for entry in _entries(record, "foreignPriorityBag", note.RELATED, notes)
    ]
    for entry in _entries(record, "parentContinuityBag", note.RELATED, notes):
        relation = _PARENTAGES.get((_text(entry.get("claimParentageTypeCode")) or "").upper())
        number = _text(entry.get("parentApplicationNumberText"))
        if relation is None:
            if number:
                notes.append(note.RELATED)
            continue
        day = noted_day(_text(entry.get("parentApplicationFilingDate")), note.RELATED_DATE, notes)
        found.append(related_document(relation, "US", number, day))
    return tuple(dict.fromkeys(document for document in found if document))
