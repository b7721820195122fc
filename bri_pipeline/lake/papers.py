"""Papers in the lake: one Parquet file a month (or file of the snapshot) with its counts, and their institutions.

``lake/papers/<month>.parquet`` holds papers, ``<month>.json`` the counts that make them valid, written last;
``institutions.parquet`` where the institutions are. A run that breaks off goes on with the first month that is missing.
"""

from __future__ import annotations

import calendar
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from bri_pipeline.code_digest import code_digest
from bri_pipeline.errors import UserError
from bri_pipeline.files.atomic import (
    is_as_left,
    known_fields,
    read_derived,
    remove_own,
    write_stamped,
)
from bri_pipeline.home import StudyHome
from bri_pipeline.openalex.client import HOW_TO_GET_A_KEY, may_ask_openalex, openalex_client
from bri_pipeline.openalex.months import ask_institutions, scan_month
from bri_pipeline.openalex.snapshot import (
    ScannedWorks,
    SnapshotFile,
    institutions_files,
    scan_institutions,
    scan_works,
    works_files,
)
from bri_pipeline.openalex.work import (
    INSTITUTION_SCHEMA,
    Question,
    papers_frame,
    read_institution,
    read_work,
)
from bri_pipeline.progress import Count, Listener, Progress
from bri_pipeline.settings import Settings

LATE_DAYS = 60
"""For so long after its last day OpenAlex may take up papers of a month; until then it is asked again each day."""

NOT_ASKED = "OPENALEX_API_KEY is not set, so OpenAlex is not asked for new papers"


@dataclass(frozen=True)
class PaperFile:
    """What landing a month, or a file of the snapshot, found; ``asked`` changes with the question and the code.

    ``problem`` says why a file could not be opened, ``odd_countries`` counts the codes of institutions' countries that
    are no plain ones.
    """

    source_file: str
    asked: str
    works: int = 0
    kept: int = 0
    unreadable: int = 0
    truncated: int = 0
    is_whole: bool = True
    problem: str | None = None
    odd_countries: dict[str, int] = field(default_factory=dict)
    stored: dict[str, Any] = field(default_factory=dict)
    landed_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))


@dataclass(frozen=True)
class Part:
    """A month or a file to read: its name, what it must have been asked, and how it is read."""

    name: str
    asked: str
    read: Callable[[], ScannedWorks]


@dataclass(frozen=True)
class LandedPapers:
    """What landing did: the files read now, all of them, and the papers in them."""

    read: int
    files: int
    papers: int


def land_papers(home: StudyHome, settings: Settings, progress: Listener) -> LandedPapers:
    """Read the months or files that are not there yet, then the institutions not known yet.

    Raises:
        UserError: no key and nothing landed, no such folder, or OpenAlex did not give what was requested.
    """
    if home.study.papers is None:
        return LandedPapers(0, 0, 0)
    asking = home.study.papers.kind == "openalex_snapshot" or may_ask_openalex(settings)
    if not asking:
        _refuse_without_key(home)
        progress(Progress(f"papers: {NOT_ASKED}"))
    stale = stale_parts(home, settings) if asking else []
    count = Count(progress, "reading papers", len(stale), "files" if home.study.papers.path else "months")
    for part in stale:
        count.begin(part.name)
        _land(home, part, progress)
        count.add()
    files = list(paper_files(home))
    if asking:
        _forget_others(home, settings)
        _land_institutions(home, settings, progress)
    return LandedPapers(len(stale), len(files), sum(file.kept for file in files))


def _refuse_without_key(home: StudyHome) -> None:
    if next(paper_files(home), None) is None:
        raise UserError(f"{home.study.name} has no papers yet, and OpenAlex needs a key. {HOW_TO_GET_A_KEY}")


def stale_parts(home: StudyHome, settings: Settings) -> list[Part]:
    """The months or files that have to be read; none in a study without papers, or where nobody can be asked.

    Raises:
        UserError: the folder of the snapshot is not there.
    """
    if home.study.papers is None:
        return []
    if home.study.papers.kind == "openalex_api" and not may_ask_openalex(settings):
        return []
    there = {file.source_file: file.asked for file in paper_files(home)}
    return [part for part in _parts(home, settings) if there.get(part.name) != part.asked]


def _parts(home: StudyHome, settings: Settings) -> Iterator[Part]:
    question = question_of(home)
    assert home.study.papers is not None
    if home.study.papers.path is None:
        client = openalex_client(settings)
        for first, last in _months(question):
            until = min(date.today(), last + timedelta(days=LATE_DAYS))
            yield Part(
                f"{first:%Y-%m}",
                _asked(question, f"{question.filters(first, last)} {until}"),
                lambda first=first, last=last: scan_month(client, question, first, last),  # type: ignore[misc]
            )
    else:
        folder = home.study.papers.path
        for file in works_files(folder):
            yield Part(
                file.path.relative_to(folder).as_posix(),
                _asked(question, file.problem or _size_and_time(file.path)),
                lambda file=file: _scanned(file, question),  # type: ignore[misc]
            )


def _size_and_time(path: Path) -> str:
    status = path.stat()
    return f"{status.st_size} {status.st_mtime_ns}"


def _scanned(file: SnapshotFile, question: Question) -> ScannedWorks:
    return ScannedWorks(problem=file.problem) if file.problem else scan_works(file.path, question)


def question_of(home: StudyHome) -> Question:
    """The papers the study wants, up to today."""
    study = home.study
    partners = frozenset(partner.iso2 for partner in study.partners) - study.focal_countries
    last = min(study.window_end or date.today(), date.today())
    return Question(study.focal_countries, partners, study.window_start, last)


def _asked(question: Question, of_part: str) -> str:
    code = code_digest(read_work, papers_frame, scan_works)
    # The end so far of an open window does not count; the months it reaches do, each for itself.
    text = f"{code} {sorted(question.focal)} {sorted(question.partners)} {question.first} {of_part}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _months(question: Question) -> Iterator[tuple[date, date]]:
    year, month = question.first.year, question.first.month
    while (first := date(year, month, 1)) <= question.last:
        yield first, date(year, month, calendar.monthrange(year, month)[1])
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _land(home: StudyHome, part: Part, progress: Listener) -> None:
    scanned = part.read()
    parquet, counts = _paths(home, part.name)
    landed = PaperFile(
        source_file=part.name,
        asked=part.asked,
        works=scanned.works,
        kept=len(scanned.papers),
        unreadable=scanned.unreadable,
        truncated=sum(paper.authors_truncated for paper in scanned.papers),
        is_whole=scanned.is_whole,
        problem=f"{part.name} {scanned.problem}" if scanned.problem else None,
        odd_countries=dict(sorted(scanned.odd_countries.items())),
    )
    write_stamped(parquet, counts, papers_frame(scanned.papers).write_parquet, asdict(landed))
    if landed.problem:
        progress(Progress(f"papers: {landed.problem}"))
        return
    damaged = "" if scanned.is_whole else "; the file is damaged"
    progress(Progress(f"papers {part.name}: {scanned.works:,} works, {landed.kept:,} kept{damaged}"))


def paper_files(home: StudyHome) -> Iterator[PaperFile]:
    """What has landed, in order of name; damaged files count as missing."""
    found = []
    for path in (home.papers / "works").rglob("*.json"):
        content = read_derived(path)
        try:
            file = PaperFile(**known_fields(PaperFile, content)) if content else None
        except TypeError:  # a field is missing
            file = None
        if file is not None:
            parquet, counts = _paths(home, file.source_file)
            if counts == path and is_as_left(parquet, file.stored):
                found.append(file)
    yield from sorted(found, key=lambda file: file.source_file)


def parquet_of(home: StudyHome, file: PaperFile) -> Path:
    """The Parquet file with the papers of a landed month or file."""
    return _paths(home, file.source_file)[0]


def _paths(home: StudyHome, name: str) -> tuple[Path, Path]:
    path = home.papers / "works" / name
    return path.with_name(f"{path.name}.parquet"), path.with_name(f"{path.name}.json")


def _forget_others(home: StudyHome, settings: Settings) -> None:
    """Remove what is of another window, source or question."""
    wanted = {part.name for part in _parts(home, settings)}
    for file in list(paper_files(home)):
        if file.source_file not in wanted:
            for path in _paths(home, file.source_file)[::-1]:
                remove_own(path)


# ---- institutions


def institutions_path(home: StudyHome) -> Path:
    """Where the institutions of the papers are kept."""
    return home.papers / "institutions.parquet"


def known_institutions(home: StudyHome) -> pl.DataFrame:
    """The institutions looked up so far."""
    path = institutions_path(home)
    if not path.is_file():
        return INSTITUTION_SCHEMA.to_frame()
    try:
        return pl.read_parquet(path, glob=False).select(INSTITUTION_SCHEMA.names())
    except (pl.exceptions.PolarsError, OSError):  # damaged: looked up again
        return INSTITUTION_SCHEMA.to_frame()


def institutions_are_stale(home: StudyHome) -> bool:
    """Whether the snapshot's files of institutions have changed since those of the papers were looked up.

    Raises:
        UserError: the snapshot has no such files.
    """
    if home.study.papers is None or _named_institutions(home).is_empty():
        return False
    return not _looked_up_in(home, _institutions_asked(home))


def _looked_up_in(home: StudyHome, asked: str) -> bool:
    noted = read_derived(institutions_path(home).with_suffix(".json")) or {}
    return noted.get("asked") == asked and is_as_left(institutions_path(home), noted.get("stored"))


def _institutions_asked(home: StudyHome) -> str:
    """A digest of where institutions are looked up: the snapshot's files of them, or OpenAlex itself."""
    assert home.study.papers is not None
    folder = home.study.papers.path
    text = code_digest(read_institution, scan_institutions)
    if folder is not None:
        for file in institutions_files(folder):
            text += f"\n{file.path.relative_to(folder)} {file.problem or _size_and_time(file.path)}"
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _land_institutions(home: StudyHome, settings: Settings, progress: Listener) -> None:
    """Look up the institutions of the papers that are not known; one that nobody knows keeps its name and country.

    Where the snapshot's files of institutions have changed, all of them are looked up again.
    """
    named = _named_institutions(home)
    if named.is_empty():
        return
    asked = _institutions_asked(home)
    known = known_institutions(home) if _looked_up_in(home, asked) else INSTITUTION_SCHEMA.to_frame()
    missing = named.join(known, on="institution_id", how="anti")
    if missing.is_empty():
        return
    assert home.study.papers is not None
    wanted = frozenset(missing["institution_id"].to_list())
    if home.study.papers.path is None:
        found = ask_institutions(openalex_client(settings), wanted)
    else:
        found = scan_institutions(institutions_files(home.study.papers.path), wanted)
    rows = [
        found.get(row["institution_id"]) or {**row, "city": None, "region": None}
        for row in missing.to_dicts()
    ]
    merged = pl.concat([known, pl.DataFrame(rows, schema=INSTITUTION_SCHEMA)]).sort("institution_id")
    path = institutions_path(home)
    write_stamped(path, path.with_suffix(".json"), merged.write_parquet, {"asked": asked})
    progress(Progress(f"papers: {len(found.keys() & wanted):,} of {len(wanted):,} institutions looked up"))


def _named_institutions(home: StudyHome) -> pl.DataFrame:
    """``institution_id, name, country`` as the papers have them."""
    frames = [
        pl.read_parquet(parquet_of(home, file), glob=False, columns=["affiliations"])
        .explode("affiliations")
        .unnest("affiliations")
        .select("institution_id", name="institution", country="country")
        for file in paper_files(home)
        if file.kept
    ]
    if not frames:
        return INSTITUTION_SCHEMA.to_frame().select("institution_id", "name", "country")
    return (
        pl.concat(frames)
        .drop_nulls("institution_id")
        .unique("institution_id", keep="first", maintain_order=True)
    )
