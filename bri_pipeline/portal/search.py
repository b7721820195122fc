"""The ``odp`` source: application search by publication date, every record checked here for its countries.

Meant for topping up recent weeks and for looking at single applications.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from bri_pipeline.errors import UserError
from bri_pipeline.portal.answers import records_in
from bri_pipeline.portal.application_record import IPC_FROM_XML, SearchRecord, metadata, search_record
from bri_pipeline.portal.publication_xml import XmlReader, with_ipc, without_partner
from bri_pipeline.portal.slices import FIELDS, NUMBER_FIELD, PAGE, SEARCH, Period, Slice
from bri_pipeline.publication.record import Publication
from bri_pipeline.publication.scanned import FileScan, UnreadableDocument

if TYPE_CHECKING:
    from bri_pipeline.portal.kept_answers import Portal


def scan_period(
    client: Portal,
    start: date,
    end: date,
    focal_countries: frozenset[str],
    *,
    partner_countries: frozenset[str] | None = None,
    read_xml: XmlReader | None = None,
    days_read: Callable[[int], object] = lambda _: None,
) -> FileScan:
    """A period as one scan: every publication with an inventor of a focal country.

    Args:
        client: the portal.
        start: first day of publication.
        end: last day of publication.
        focal_countries: their publications are kept.
        partner_countries: the XML is fetched only for kept publications with an inventor of these; None: all.
        read_xml: reads a publication's XML for its IPC symbols; None: none is fetched, ``ipc`` stays empty.
        days_read: takes how many days of the period are read, after each slice.

    Returns:
        The scan; ``notes`` counts the publications without IPC and the portal's other peculiarities, but not
        those whose IPC was filled in: nothing is missing in them.

    Raises:
        PortalError: a slice could not be read.
        UserError: the portal gave fewer records than it announced.
    """
    scan = FileScan()
    for part in Period(client, start, end, focal_countries).slices():
        scan.documents += part.documents
        for index, record in enumerate(part.records):
            read = _read_into(scan, part, index, record)
            if read is None or not has_inventor_of(read.publication, focal_countries):
                continue
            wanted = partner_countries is None or has_inventor_of(read.publication, partner_countries)
            if read_xml is not None:
                read = with_ipc(client, read, read_xml) if wanted else without_partner(read)
            scan.publications.append(read.publication)
            scan.notes.update(read.publication.notes)
            scan.notes.update(note.split(":")[0] for note in read.notes if not note.startswith(IPC_FROM_XML))
        days_read((part.last - start).days + 1)
    scan.skipped = scan.documents - len(scan.publications) - len(scan.unreadable)
    return scan


def _read_into(scan: FileScan, part: Slice, index: int, record: Mapping[str, Any]) -> SearchRecord | None:
    try:
        return part.read(record)
    except ValueError as error:
        excerpt = json.dumps(record)[:200]
        scan.unreadable.append(UnreadableDocument(part.name, index, 0, str(error), excerpt))
        return None


def has_inventor_of(publication: Publication, countries: frozenset[str] | set[str]) -> bool:
    """Whether an inventor counts for one of the countries."""
    return any(inventor.country in countries for inventor in publication.inventors)


# ---- single publications


def publication_number(text: str) -> str | None:
    """``US20210210819A1`` for ``US 2021/0210819 A1`` and the like, A1 where no kind is given; else None."""
    match = re.fullmatch(r"(?:US)?(\d{4})/?(\d{7})([A-Z]\d)?", re.sub(r"[\s-]", "", text.upper()))
    return f"US{match.group(1)}{match.group(2)}{match.group(3) or 'A1'}" if match else None


def fetch_publication(client: Portal, number: str, *, read_xml: XmlReader | None = None) -> SearchRecord:
    """One publication by its number, with the IPC symbols of its XML if a reader is given.

    Raises:
        UserError: not a publication number, or the portal does not know it.
        PortalError: the portal could not be asked.
    """
    wanted = publication_number(number)
    if wanted is None:
        raise UserError(f"{number!r} is no publication number; write it like US20210210819A1.")
    body = {
        "q": f"{NUMBER_FIELD}:{wanted}",
        "fields": list(FIELDS),
        "pagination": {"offset": 0, "limit": PAGE},
    }
    what = f"publication {wanted}"
    for record in records_in(client.post_json(SEARCH, body, what=what), what):
        try:
            if metadata(record).get("earliestPublicationNumber") != wanted:
                continue
            read = search_record(record)
        except ValueError as error:
            raise UserError(
                f"The portal's record of {wanted} cannot be read: {error}. Inspect the weekly file it is in."
            ) from None
        return read if read_xml is None else with_ipc(client, read, read_xml)
    raise UserError(
        f"The portal knows no application first published as {wanted}; it finds applications filed since "
        "2001 by their first publication only. Check the number, or inspect the weekly file it is in."
    )
