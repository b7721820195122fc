"""Reads every document of a USPTO file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bri_pipeline.files.stream import XmlStream, open_streams
from bri_pipeline.publication.record import Publication
from bri_pipeline.publication.scanned import UnreadableDocument
from bri_pipeline.uspto.parse import NO_PUBLICATIONS, parse_document
from bri_pipeline.uspto.split import RawDocument, Root, find_root, split_documents, split_further
from bri_pipeline.uspto.xmltext import UnreadableXml

_EXCERPT_BYTES = 200

_ENTITY = re.compile(r"&[^\s;&]+;")


def _documents(stream: XmlStream, number: int) -> Iterator[RawDocument]:
    """The documents of a stream, numbered from a number on."""
    for glued in split_documents(stream.chunks):
        for document in split_further(glued):
            yield document._replace(number=number)
            number += 1


def read_documents(path: Path) -> Iterator[Publication | UnreadableDocument]:
    """Every publication and grant of a file (zip or XML, any era) in file order.

    A document that cannot be read comes as ``UnreadableDocument`` and the reading goes on. Sequence
    listings are passed over.

    Raises:
        UserError: the file cannot be opened or is damaged.
    """
    number = 0
    for stream in open_streams(path):
        if stream.unreadable is not None:
            yield unopened(stream, number)
            number += 1
        for document in _documents(stream, number):
            number += 1
            root = find_root(document.content)
            if root is None or root.name not in NO_PUBLICATIONS:
                yield read_document(stream, document, root)


def read_document(
    stream: XmlStream, document: RawDocument, root: Root | None
) -> Publication | UnreadableDocument:
    """One document as a record, or why and where it cannot be read."""
    try:
        return parse_document(document, root)
    except UnreadableXml as error:
        return unreadable(stream, document, str(error))


def unreadable(stream: XmlStream, document: RawDocument, reason: str) -> UnreadableDocument:
    """A document that cannot be read, or not used, for a reason; says where it is."""
    return UnreadableDocument(
        source_file=stream.path.name,
        document_index=document.number,
        byte_offset=document.byte_offset,
        reason=f"{reason} (in {stream.member})" if stream.member else reason,
        excerpt=_excerpt(document.content),
    )


def unopened(stream: XmlStream, number: int) -> UnreadableDocument:
    """A member of a zip that may hold documents and cannot be opened; it counts as one document."""
    return UnreadableDocument(stream.path.name, number, 0, f"{stream.member} {stream.unreadable}", "")


def undeclared_country(publication: Publication) -> str | None:
    """A country of an inventor that nobody can know, an entity without a text (``&cn;``); null if there is none."""
    for inventor in publication.inventors:
        for text in (inventor.residence_country, inventor.address_country):
            if inventor.country is None and text and _ENTITY.search(text):
                return text
    return None


def _excerpt(content: bytes) -> str:
    """The beginning of a document as text that can be shown: control characters are blanks."""
    text = content[:_EXCERPT_BYTES].decode("utf-8", "replace")
    return "".join(character if character.isprintable() or character == "\n" else " " for character in text)
