"""What is kept of a landed source file beside its publications: the counts, and how a scan gives them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

import polars as pl

from bri_pipeline.publication.code_counts import odd_codes
from bri_pipeline.publication.scanned import CountrySet, FileScan


@dataclass(frozen=True)
class LandedFile:
    """What landing one source file found.

    documents = kept + skipped + unreadable. ``years`` and ``kinds`` count the kept publications by
    year of publication and kind code, ``country_sets`` all documents read by ``<year> <kind> <countries>`` (none,
    one or several, sorted), ``notes`` the kept publications that a peculiarity of the source or record concerns,
    ``country_codes`` the odd country codes of their inventors (see ``publication.code_counts``),
    ``unreadable_unlisted`` the unreadable documents that are only counted. ``reader`` changes with the code that
    read the file and with which options. ``problem`` says why the file could not
    be used at all. ``fingerprint`` identifies the file's content (the sha256 of a file).
    ``documents_before`` is the number of documents a file of this name held with other bytes. ``stored`` says
    whether the Parquet file is as it was written.
    """

    source_file: str
    file_year: int
    size: int
    fingerprint: str
    reader: str
    focal_countries: list[str]
    documents: int = 0
    kept: int = 0
    skipped: int = 0
    other_documents: dict[str, int] = field(default_factory=dict)
    unreadable: list[dict[str, Any]] = field(default_factory=list)
    unreadable_unlisted: int = 0
    years: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)
    country_sets: dict[str, int] = field(default_factory=dict)
    notes: dict[str, int] = field(default_factory=dict)
    country_codes: list[dict[str, Any]] = field(default_factory=list)
    documents_before: int = 0
    stored: dict[str, Any] = field(default_factory=dict)
    problem: str | None = None
    landed_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> LandedFile:
        """The counts as they were written; what another version wrote and this one does not know is left out."""
        known = {entry.name for entry in fields(cls)}
        return cls(**{name: value for name, value in content.items() if name in known})

    @property
    def outside_year(self) -> int:
        """Kept publications whose own date is in another year than the file's."""
        return sum(count for year, count in self.years.items() if int(year) != self.file_year)


def _counted(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def scan_counts(scan: FileScan) -> dict[str, Any]:
    """The counts of a scan as LandedFile keeps them."""
    return {
        "documents": scan.documents,
        "kept": len(scan.publications),
        "skipped": scan.skipped,
        "other_documents": dict(scan.other_documents),
        "unreadable": [asdict(document) for document in scan.unreadable],
        "years": _counted(str(publication.publication_date.year) for publication in scan.publications),
        "kinds": _counted(publication.kind for publication in scan.publications),
        "country_sets": counted_sets(scan.country_sets),
        "notes": dict(scan.notes),
    }


def counted_codes(publications: pl.DataFrame) -> list[dict[str, Any]]:
    """The odd country codes of kept publications as LandedFile keeps them."""
    return [code._asdict() for code in odd_codes(publications)]


def counted_sets(sets: Mapping[CountrySet, int]) -> dict[str, int]:
    """Counts by set of countries as LandedFile keeps them: ``2013 A1 CN SG`` -> documents."""
    return {" ".join((str(year), kind, *codes)): n for (year, kind, codes), n in sorted(sets.items())}
