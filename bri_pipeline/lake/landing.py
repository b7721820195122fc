"""Landing: every publication with a focal-country inventor, one Parquet file per source file, with its counts."""

from __future__ import annotations

import hashlib
import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from bri_pipeline.errors import UserError
from bri_pipeline.lake.archive import ArchivedFile
from bri_pipeline.lake.layout import Layout, read_json, replacing, write_json
from bri_pipeline.record import publications_frame
from bri_pipeline.scan import FileScan
from bri_pipeline.settings import PACKAGE
from bri_pipeline.study import Study
from bri_pipeline.uspto.scan import scan_file

# Starting worker processes costs about a second each; below this many bytes one process is quicker.
PARALLEL_FROM_BYTES = 30_000_000


@dataclass(frozen=True)
class LandedFile:
    """What landing one source file found; stored as JSON beside the Parquet file of the kept publications.

    documents = kept + skipped + number of unreadable. ``years`` and ``kinds`` count the kept publications by
    year of publication and kind code, ``country_totals`` all publications by ``<year> <country>``.
    """

    source_file: str
    file_year: int
    size: int
    sha256: str
    reader: str
    focal_countries: list[str]
    documents: int
    kept: int
    skipped: int
    other_documents: dict[str, int]
    unreadable: list[dict[str, Any]]
    years: dict[str, int]
    kinds: dict[str, int]
    country_totals: dict[str, int]
    problem: str | None
    landed_at: str

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
def reader_version() -> str:
    """Changes with the code that reads files, so that files are read again when it does."""
    sources = [PACKAGE / "record.py", PACKAGE / "scan.py", *sorted((PACKAGE / "uspto").glob("*.py"))]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]


def land_year(
    files: Iterable[ArchivedFile],
    folder: Path,
    study: Study,
    layout: Layout,
    year: int,
    *,
    workers: int = 1,
    progress: Callable[[str], None] = print,
) -> LandedYear:
    """Read the year's files that are new or changed; remove what came from files no longer used.

    A file that cannot be opened is recorded with its problem and keeps nothing; the others are landed.
    """
    wanted = [file for file in files if not file.superseded_by]
    _forget_others(layout, year, {file.name for file in wanted})
    unchanged, to_read = [], []
    for file in wanted:
        landed = landed_file(layout, year, file.name)
        if landed and is_current(landed, file, study):
            unchanged.append(landed)
        else:
            to_read.append(file)
    root = folder.parent if folder.is_file() else folder
    jobs = [
        _Job(root / file.name, file, study.focal_countries, study.documents, layout, year) for file in to_read
    ]
    read = []
    for landed in _run(jobs, workers):
        if remark := _remark(landed):
            progress(remark)
        read.append(landed)
    if read or not unchanged:
        progress(_summary(year, read, unchanged))
    return LandedYear(read, unchanged)


def landed_files(layout: Layout, years: Iterable[int] | None = None) -> Iterator[LandedFile]:
    """Every landed file, or those of some years, in order of year and name."""
    folders = (
        sorted(layout.landing.glob("[0-9]*"))
        if years is None
        else [layout.landing / str(year) for year in sorted(years)]
    )
    for folder in folders:
        for path in sorted(folder.glob("*.json")):
            content = read_json(path)
            if content:
                yield LandedFile(**content)


def landed_file(layout: Layout, year: int, name: str) -> LandedFile | None:
    """The landed file of a source file; null when it was not landed."""
    content = read_json(_paths(layout, year, name)[1])
    return LandedFile(**content) if content else None


def publications_path(layout: Layout, file: LandedFile) -> Path:
    """The Parquet file of the publications kept from a source file."""
    return _paths(layout, file.file_year, file.source_file)[0]


def is_current(landed: LandedFile, file: ArchivedFile, study: Study) -> bool:
    """Whether a file was landed from these very bytes, by this reader, for the same focal countries."""
    return (
        (landed.sha256, landed.problem) == (file.sha256, file.problem)
        and landed.reader == reader_version()
        and landed.focal_countries == sorted(study.focal_countries)
    )


def _paths(layout: Layout, year: int, name: str) -> tuple[Path, Path]:
    stem = name.replace("/", "__")
    return layout.landing / str(year) / f"{stem}.parquet", layout.landing / str(year) / f"{stem}.json"


def _forget_others(layout: Layout, year: int, names: set[str]) -> None:
    for landed in list(landed_files(layout, [year])):
        if landed.source_file not in names:
            parquet, counts = _paths(layout, year, landed.source_file)
            counts.unlink()
            parquet.unlink(missing_ok=True)


@dataclass(frozen=True)
class _Job:
    path: Path
    file: ArchivedFile
    focal_countries: frozenset[str]
    documents: Any
    layout: Layout
    year: int


def _run(jobs: list[_Job], workers: int) -> Iterator[LandedFile]:
    if workers == 1 or len(jobs) < 2 or sum(job.file.size for job in jobs) < PARALLEL_FROM_BYTES:
        yield from map(_land_file, jobs)
        return
    # A fork of a process with running threads (Polars, Dagster) can hang; a fresh interpreter cannot.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(jobs)), mp_context=context) as pool:
        yield from pool.map(_land_file, jobs)


def _land_file(job: _Job) -> LandedFile:
    problem, scan = job.file.problem, FileScan()
    if not problem:
        try:
            scan = scan_file(job.path, job.focal_countries, job.documents, count_countries=True)
        except UserError as error:
            problem = str(error)
    landed = LandedFile(
        source_file=job.file.name,
        file_year=job.year,
        size=job.file.size,
        sha256=job.file.sha256,
        reader=reader_version(),
        focal_countries=sorted(job.focal_countries),
        documents=scan.documents,
        kept=len(scan.publications),
        skipped=scan.skipped,
        other_documents=dict(scan.other_documents),
        unreadable=[asdict(document) for document in scan.unreadable],
        years=_counted(str(publication.publication_date.year) for publication in scan.publications),
        kinds=_counted(publication.kind for publication in scan.publications),
        country_totals={
            f"{year} {country}": count for (year, country), count in sorted(scan.country_totals.items())
        },
        problem=problem,
        landed_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    parquet, counts = _paths(job.layout, job.year, job.file.name)
    counts.unlink(missing_ok=True)  # without it the Parquet file does not count: a kill here is harmless
    with replacing(parquet) as temporary:
        publications_frame(scan.publications).write_parquet(temporary)
    write_json(counts, asdict(landed))
    return landed


def _counted(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _remark(landed: LandedFile) -> str | None:
    """What somebody should know of a file; null when there is nothing."""
    where = f"landing {landed.file_year}: {landed.source_file}"
    if landed.problem:
        return f"{where} could not be read: {landed.problem}"
    remarks = []
    if landed.unreadable:
        remarks.append(f"{len(landed.unreadable)} unreadable document(s) set aside")
    if landed.outside_year:
        remarks.append(f"{landed.outside_year} publication(s) dated in another year")
    return f"{where}: {', '.join(remarks)}" if remarks else None


def _summary(year: int, read: list[LandedFile], unchanged: list[LandedFile]) -> str:
    if not read and not unchanged:
        return f"landing {year}: no source files"
    documents, kept = sum(file.documents for file in read), sum(file.kept for file in read)
    text = f"landing {year}: {len(read)} files read, {documents:,} documents, {kept:,} kept"
    return f"{text}, {len(unchanged)} files unchanged" if unchanged else text
