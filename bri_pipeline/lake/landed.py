"""What was landed from a source file: the kept publications as Parquet, the counts as JSON beside it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from bri_pipeline.files.atomic import read_json, replacing, write_json
from bri_pipeline.home import StudyHome
from bri_pipeline.publication.code_counts import odd_codes
from bri_pipeline.publication.scanned import CountrySet, FileScan
from bri_pipeline.settings import PACKAGE
from bri_pipeline.study import Study


@dataclass(frozen=True)
class LandedFile:
    """What landing one source file found.

    documents = kept + skipped + unreadable. ``years`` and ``kinds`` count the kept publications by
    year of publication and kind code, ``country_sets`` all documents read by ``<year> <kind> <countries>`` (none,
    one or several, sorted), ``notes`` the kept publications that a peculiarity of the source or record concerns,
    ``country_codes`` the odd country codes of their inventors (see ``publication.code_counts``),
    ``unreadable_unlisted`` the unreadable documents that are only counted. ``reader`` changes with the code that
    read the file and with what it was asked for. ``problem`` says why the file could not
    be used at all. ``fingerprint`` tells the file's content from any other (the sha256 of a file).
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
    problem: str | None = None
    landed_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))

    @property
    def outside_year(self) -> int:
        """Kept publications whose own date lies in another year than the file's."""
        return sum(count for year, count in self.years.items() if int(year) != self.file_year)


@dataclass(frozen=True)
class LandedYear:
    """Outcome for one year: the files read now, those that were up to date, all of them."""

    read: list[LandedFile]
    unchanged: list[LandedFile]

    @property
    def files(self) -> list[LandedFile]:
        """Every file of the year."""
        return sorted([*self.read, *self.unchanged], key=lambda file: file.source_file)


@cache
def reader_version(package: str) -> str:
    """Changes with the code of the package that reads a source, so that files are read again when it does."""
    sources = sorted([*(PACKAGE / "publication").glob("*.py"), *(PACKAGE / package).glob("*.py")])
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]


def reader_for(package: str, study: Study) -> str:
    """The reading code, and what a study asks of it: files read for another request are read again."""
    totals = " with country totals" if study.source.country_totals else ""
    return f"{reader_version(package)} {study.documents}{totals}"


def store_landed(home: StudyHome, landed: LandedFile, write_parquet: Callable[[Path], object]) -> None:
    """Replace what was landed from a file: first the publications, then the counts that make them valid."""
    parquet, counts = _paths(home, landed.file_year, landed.source_file)
    counts.unlink(missing_ok=True)  # without it the Parquet file does not count: a kill here is harmless
    with replacing(parquet) as temporary:
        write_parquet(temporary)
    write_json(counts, asdict(landed))


def landed_files(home: StudyHome, years: Iterable[int] | None = None) -> Iterator[LandedFile]:
    """Every landed file, or those of some years, in order of year and name."""
    if years is None:
        folders = sorted(home.landing.glob("[0-9]*"))
    else:
        folders = [home.landing / str(year) for year in sorted(years)]
    for folder in folders:
        for path in sorted(folder.glob("*.json")):
            content = read_json(path)
            if content:
                yield LandedFile(**content)


def landed_file(home: StudyHome, year: int, name: str) -> LandedFile | None:
    """What was landed from a source file; null when it was not landed."""
    content = read_json(_paths(home, year, name)[1])
    return LandedFile(**content) if content else None


def publications_path(home: StudyHome, file: LandedFile) -> Path:
    """The Parquet file of the publications kept from a source file."""
    return _paths(home, file.file_year, file.source_file)[0]


def forget_others(home: StudyHome, year: int, names: set[str]) -> list[LandedFile]:
    """Remove what was landed in a year from files that are not, or no longer, to be read.

    Returns:
        What was removed.
    """
    others = [landed for landed in landed_files(home, [year]) if landed.source_file not in names]
    for landed in others:
        parquet, counts = _paths(home, year, landed.source_file)
        counts.unlink()
        parquet.unlink(missing_ok=True)
    return others


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


def _paths(home: StudyHome, year: int, name: str) -> tuple[Path, Path]:
    stem = name.replace("/", "__")
    folder = home.landing / str(year)
    return folder / f"{stem}.parquet", folder / f"{stem}.json"
