"""What one pass over a source file yields, whatever the source."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from bri_pipeline.publication.record import Publication


@dataclass(frozen=True, slots=True)
class UnreadableDocument:
    """A document set aside because it could not be read: where it stands and why."""

    source_file: str
    document_index: int
    byte_offset: int
    reason: str
    excerpt: str


@dataclass(slots=True)
class FileScan:
    """Result of scanning one file.

    documents           publications (or grants) seen; the sum of kept, skipped and unreadable
    publications        kept: at least one inventor of a focal country, in file order
    skipped             documents without a focal-country inventor
    other_documents     documents of another type (sequence listings, grants in a study of publications)
    unreadable          documents that could not be read
    country_totals      (publication year, country) -> publications with an inventor of that country,
                        whole counting over all documents of the file; empty when not asked for
    notes               peculiarity of the source -> kept publications it concerns, e.g. ``no IPC``
    """

    publications: list[Publication] = field(default_factory=list)
    documents: int = 0
    skipped: int = 0
    other_documents: Counter[str] = field(default_factory=Counter)
    unreadable: list[UnreadableDocument] = field(default_factory=list)
    country_totals: Counter[tuple[int, str]] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
