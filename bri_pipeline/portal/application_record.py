"""One record of the portal's application search, read into the record form.

What the portal's record lacks or says otherwise than the printed publication is told in notes beside it:
it has no IPC symbols, and it files inventors who live in Hong Kong under ``CN``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bri_pipeline.record import Applicant, Inventor, Publication

NO_IPC = "no IPC: the portal's search does not hold it"
HONG_KONG = "Hong Kong address filed under CN, as the portal does"
DATE_371 = "filing date may be that of entry into the national phase"

PUBLICATION_NUMBER = re.compile(r"US\d{11}([A-Z]\d)")
_HONG_KONG_TEXT = re.compile(r"hong\s*kong|kowloon|new territories", re.IGNORECASE)


@dataclass(frozen=True)
class SearchRecord:
    """A publication as the application search gives it.

    notes         what whoever reads the publication should know about it
    document_uri  where the publication's XML can be fetched; None if the record does not say
    """

    publication: Publication
    notes: tuple[str, ...]
    document_uri: str | None


def search_record(record: Mapping[str, Any]) -> SearchRecord:
    """One entry of ``patentFileWrapperDataBag``.

    Raises:
        ValueError: it has no publication number or no usable date; the text says which.
    """
    data = record.get("applicationMetaData") or {}
    number = str(data.get("earliestPublicationNumber") or "").replace(" ", "")
    match = PUBLICATION_NUMBER.fullmatch(number)
    if match is None:
        raise ValueError(f"earliestPublicationNumber {number!r} is no US publication number")
    published = _date(data, "earliestPublicationDate")
    if published is None:
        raise ValueError("earliestPublicationDate is missing")
    inventors = tuple(_inventors(data.get("inventorBag") or []))
    publication = Publication(
        publication_number=number,
        kind=match.group(1),
        publication_date=published,
        application_number=_text(record.get("applicationNumberText")),
        filing_date=_date(data, "filingDate"),
        title=_text(data.get("inventionTitle")) or "",
        inventors=inventors,
        applicants=tuple(_applicants(data.get("applicantBag") or [], inventors)),
        ipc=(),
    )
    national_phase = data.get("nationalStageIndicator") in (True, "true", "Y")
    return SearchRecord(publication, tuple(_notes(inventors, national_phase)), document_uri(record))


def document_uri(record: Mapping[str, Any]) -> str | None:
    """Address of the publication's XML; the key's first letter is written large or small."""
    for name, value in record.items():
        if name.lower() == "pgpubdocumentmetadata" and isinstance(value, Mapping):
            return _text(value.get("fileLocationURI"))
    return None


def _notes(inventors: Sequence[Inventor], national_phase: bool) -> Iterator[str]:
    yield NO_IPC
    places = (f"{one.city_raw} {one.region_raw}" for one in inventors if one.country == "CN")
    if any(_HONG_KONG_TEXT.search(place) for place in places):
        yield HONG_KONG
    if national_phase:
        yield DATE_371


def _inventors(bag: Iterable[Mapping[str, Any]]) -> Iterator[Inventor]:
    """Each inventor has up to two addresses in any order: the residence counts, else the postal one.

    The inventor's own ``countryCode`` is left alone: what it means is not documented.
    """
    for sequence, inventor in enumerate(bag, start=1):
        addresses = inventor.get("correspondenceAddressBag") or []
        residence, postal = _address(addresses, "residence"), _address(addresses, "postal")
        printed = residence or postal
        given = (_text(inventor.get("firstName")), _text(inventor.get("middleName")))
        yield Inventor(
            sequence=sequence,
            last_name=_text(inventor.get("lastName")) or _text(inventor.get("inventorNameText")),
            first_name=" ".join(name for name in given if name) or None,
            city_raw=_text(printed.get("cityName")),
            region_raw=_text(printed.get("geographicRegionCode"))
            or _text(printed.get("geographicRegionName")),
            address_country=_country(postal),
            residence_country=_country(residence),
            nationality=None,
            country=_country(residence) or _country(postal),
        )


def _address(addresses: Sequence[Mapping[str, Any]], category: str) -> Mapping[str, Any]:
    for address in addresses:
        if str(address.get("postalAddressCategory") or "postal").lower() == category:
            return address
    return {}


def _applicants(bag: Iterable[Mapping[str, Any]], inventors: Sequence[Inventor]) -> Iterator[Applicant]:
    """The applicants, those left out who are inventors named again."""
    known = {_letters(f"{one.first_name or ''} {one.last_name or ''}") for one in inventors}
    sequence = 0
    for applicant in bag:
        given, family = _text(applicant.get("firstName")), _text(applicant.get("lastName"))
        person = f"{given or ''} {family or ''}".strip()
        name = _text(applicant.get("applicantNameText")) or person
        if not name or _letters(name) in known or (person and _letters(person) in known):
            continue
        sequence += 1
        addresses = applicant.get("correspondenceAddressBag") or []
        address = _address(addresses, "residence") or _address(addresses, "postal")
        yield Applicant(
            sequence=sequence,
            name=name,
            kind="person" if person else "organization",
            role="applicant",
            city_raw=_text(address.get("cityName")),
            country=_country(address),
        )


def _country(address: Mapping[str, Any]) -> str | None:
    code = (_text(address.get("countryCode")) or "").upper()
    return code if re.fullmatch(r"[A-Z]{2}", code) else None


def _text(value: Any) -> str | None:
    """Blanks collapsed; None if nothing is left."""
    return " ".join(str(value).split()) or None if value is not None else None


def _letters(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _date(data: Mapping[str, Any], name: str) -> date | None:
    value = data.get(name)
    if not value:
        return None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise ValueError(f"{name} {value!r} is no date") from None
