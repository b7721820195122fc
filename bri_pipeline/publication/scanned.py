"""What one pass over a source file yields, whatever the source."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from bri_pipeline.publication.record import Publication


@dataclass(frozen=True, slots=True)
class UnreadableDocument:
    """A document set aside because it could not be read: its position and the reason."""

    source_file: str
    document_index: int
    byte_offset: int
    reason: str
    excerpt: str


CountrySet = tuple[int, str, tuple[str, ...]]
"""Year of publication, kind code and the sorted countries that the inventors count for; none if none is known."""


def country_set(publication: Publication) -> CountrySet:
    """What a publication counts as among all documents."""
    return publication.publication_date.year, publication.kind, publication.countries


@dataclass(slots=True)
class FileScan:
    """Result of scanning one file.

    documents           publications (or grants) seen; the sum of kept, skipped and unreadable
    publications        kept: at least one inventor of a focal country, in file order
    skipped             documents without a focal-country inventor
    other_documents     documents of another type (sequence listings, grants in a study of publications)
    unreadable          documents that could not be read
    country_sets        every document read, kept or not: (publication year, kind, countries of its inventors)
                        -> documents; empty when not requested
    notes               peculiarity of the source or of a record -> kept publications it concerns, e.g. ``no IPC``
    """

    publications: list[Publication] = field(default_factory=list)
    documents: int = 0
    skipped: int = 0
    other_documents: Counter[str] = field(default_factory=Counter)
    unreadable: list[UnreadableDocument] = field(default_factory=list)
    country_sets: Counter[CountrySet] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
