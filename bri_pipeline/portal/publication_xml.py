"""What the application search lacks, from the publication's own XML."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bri_pipeline.errors import UserError
from bri_pipeline.portal.answers import records_in
from bri_pipeline.portal.application_record import (
    DATE_371,
    IPC_FROM_XML,
    NO_IPC,
    SearchRecord,
    document_uri,
)
from bri_pipeline.publication.notes import FILING_DATE
from bri_pipeline.publication.record import Publication
from bri_pipeline.publication.scanned import UnreadableDocument

if TYPE_CHECKING:
    from bri_pipeline.portal.kept_answers import Portal

NOT_FETCHED = "no IPC and no inventor of a partner country, for which alone it is fetched"

XmlReader = Callable[[Path], Iterable[Publication | UnreadableDocument]]
"""Reads a USPTO XML file: ``bri_pipeline.uspto.read.read_documents``."""


class UnusableXml(Exception):
    """The XML is not that of the publication; the text says what it is, as a predicate."""


def with_ipc(client: Portal, read: SearchRecord, read_xml: XmlReader) -> SearchRecord:
    """The record with IPC symbols and filing date as printed in the publication's XML, and a note of it.

    If the XML cannot be had, the record as it was, and a note saying why.
    """
    what = f"the XML of {read.publication.publication_number}"
    try:
        uri = read.document_uri or _associated_document(client, read.publication)
        if uri is None:
            return _without_ipc(read, "the portal names no XML of the publication")
        content = client.read_file(uri, what=what)
        printed = _printed_publication(content, read.publication.publication_number, read_xml)
    except UserError as error:
        return _without_ipc(read, str(error))
    except UnusableXml as error:
        return _without_ipc(read, f"{what} {error}")
    if not printed.ipc:
        return _without_ipc(read, f"{what} shows none")
    publication = _as_printed(read.publication, printed)
    source = f"{IPC_FROM_XML}: {uri.partition('?')[0].rpartition('/')[2]}"
    notes = (source, *(note for note in read.notes if note not in (NO_IPC, DATE_371)))
    return replace(read, publication=publication, notes=notes)


def _as_printed(searched: Publication, printed: Publication) -> Publication:
    """The searched record with what only the XML has, or has as printed, and the notes that still hold."""
    filing_date = printed.filing_date or searched.filing_date
    notes = (note for note in searched.notes if not (note == FILING_DATE and filing_date))
    return searched._replace(
        ipc=printed.ipc,
        cpc=printed.cpc or searched.cpc,
        related=printed.related or searched.related,
        filing_date=filing_date,
        notes=tuple(dict.fromkeys((*notes, *printed.notes))),
    )


def without_partner(read: SearchRecord) -> SearchRecord:
    """The record of a publication that is no hit: its XML would cost a request and change nothing."""
    return replace(read, notes=(NOT_FETCHED, *(note for note in read.notes if note != NO_IPC)))


def _without_ipc(read: SearchRecord, reason: str) -> SearchRecord:
    notes = (f"no IPC: {reason}", *(note for note in read.notes if note != NO_IPC))
    return replace(read, notes=notes)


def _associated_document(client: Portal, publication: Publication) -> str | None:
    path = f"/api/v1/patent/applications/{publication.application_number}/associated-documents"
    what = f"the documents of application {publication.application_number}"
    for record in records_in(client.get_json(path, {}, what=what), what):
        if (uri := document_uri(record)) is not None:
            return uri
    return None


def _printed_publication(content: bytes, number: str, read_xml: XmlReader) -> Publication:
    """The publication of that number in the XML.

    Raises:
        UnusableXml: it is not there.
    """
    found: list[Publication | UnreadableDocument] = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "publication.xml"
        file.write_bytes(content)
        try:
            for document in read_xml(file):
                if isinstance(document, Publication) and document.publication_number == number:
                    return document
                found.append(document)
        except UserError:  # its text names the temporary file
            raise UnusableXml("is no XML file") from None
    raise UnusableXml(_what_there_is(found))


def _what_there_is(found: list[Publication | UnreadableDocument]) -> str:
    for document in found:
        if isinstance(document, UnreadableDocument):
            return f"cannot be read ({document.reason})"
    numbers = [document.publication_number for document in found if isinstance(document, Publication)]
    return f"is that of {', '.join(numbers)}" if numbers else "holds no publication"
