"""From the bytes of one document to its record, whatever the era."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from bri_pipeline.publication.record import Publication
from bri_pipeline.uspto.pap import read_pap
from bri_pipeline.uspto.patdoc import read_patdoc
from bri_pipeline.uspto.red_book import read_redbook
from bri_pipeline.uspto.split import RawDocument, Root, find_root
from bri_pipeline.uspto.xmltext import UnreadableXml, read_root

_READERS: dict[bytes, tuple[Callable[[etree._Element], Publication], bytes]] = {
    b"us-patent-application": (read_redbook, b"</us-bibliographic-data-application>"),
    b"us-patent-grant": (read_redbook, b"</us-bibliographic-data-grant>"),
    b"PATDOC": (read_patdoc, b"</SDOBI>"),
    b"patent-application-publication": (read_pap, b"</subdoc-bibliographic-information>"),
}

NO_PUBLICATIONS = frozenset({b"sequence-cwu"})
"""Roots that occur in weekly files without being publications (sequence listings)."""


def parse_document(document: RawDocument, root: Root | None = None) -> Publication:
    """The record of a publication or grant.

    Of a document too long to be held (``complete`` is false) only the bibliographic part is read.

    Raises:
        UnreadableXml: the document cannot be read; the text says why.
    """
    root = root or find_root(document.content)
    if root is None:
        raise UnreadableXml("no root element: this is no XML document")
    if root.name not in _READERS:
        name = root.name.decode("utf-8", "replace")
        raise UnreadableXml(f"the root element <{name}> is neither a publication nor a grant of a known form")
    read, bibliography_end = _READERS[root.name]
    content = document.content
    if not document.complete:
        content = _bibliography_only(content, root, bibliography_end)
    return read_root(content, root, read)


def _bibliography_only(content: bytes, root: Root, bibliography_end: bytes) -> bytes:
    end = content.find(bibliography_end, root.start)
    if end < 0:
        raise UnreadableXml(f"the bibliographic part does not end within the first {len(content)} bytes")
    return content[: end + len(bibliography_end)] + b"</" + root.name + b">"
