"""What was landed from a source file: the kept publications as Parquet, the counts as JSON beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path

from bri_pipeline.files.atomic import (
    is_as_left,
    name_damaged,
    read_derived,
    remove_own,
    set_aside,
    write_json,
    write_stamped,
)
from bri_pipeline.files.object_storage import is_object
from bri_pipeline.home import StudyHome
from bri_pipeline.lake.landed_file import LandedFile
from bri_pipeline.study import Study


@dataclass(frozen=True)
class LandedYear:
    """Outcome for one year: the files read now, those that were up to date, all of them."""

    read: list[LandedFile]
    unchanged: list[LandedFile]

    @property
    def files(self) -> list[LandedFile]:
        """Every file of the year."""
        return sorted([*self.read, *self.unchanged], key=lambda file: file.source_file)


def reader_for(code: str, study: Study) -> str:
    """The mark of how a file is read: the digest of the code, and what a study asks of it.

    Files that carry another mark are read again.
    """
    totals = " with country totals" if study.source.country_totals else ""
    return f"{code} {study.documents}{totals}"


def documents_held(before: LandedFile | None, fingerprint: str) -> int:
    """The documents a file of this name held with other bytes, or holds too few of already and nobody accepted it.

    Another number with the same bytes is the reader's doing.
    """
    if before is None:
        return 0
    pending = before.documents_before if before.documents_before > before.documents else 0
    return max(pending, before.documents if before.fingerprint != fingerprint else 0)


def read_again(year: int, files: int) -> str:
    """Says that files which did not change are read again, and why."""
    what = "1 file is" if files == 1 else f"{files} files are"
    return f"landing {year}: {what} read again, as the rules they were read by, or the study's, have changed"


def store_landed(home: StudyHome, landed: LandedFile, write_parquet: Callable[[Path], object]) -> None:
    """Replace what was landed from a file: first the publications, then the counts that make them valid."""
    parquet, counts = _paths(home, landed.file_year, landed.source_file)
    write_stamped(parquet, counts, write_parquet, asdict(landed))


def rewrite_counts(home: StudyHome, landed: LandedFile) -> None:
    """Replace the counts of a landed file, whose publications stay."""
    write_json(_paths(home, landed.file_year, landed.source_file)[1], asdict(landed))


def landed_files(home: StudyHome, years: Iterable[int] | None = None) -> Iterator[LandedFile]:
    """Every landed file, or those of some years, in order of year and name."""
    if years is None:
        folders = sorted(home.landing.glob("[0-9][0-9][0-9][0-9]"))
    else:
        folders = [home.landing / str(year) for year in sorted(years)]
    for folder in folders:
        for path in sorted(folder.glob("*.json")):
            if landed := _read_landed(path):
                yield landed


def landed_file(home: StudyHome, year: int, name: str) -> LandedFile | None:
    """What was landed from a source file; null when it was not landed."""
    return _read_landed(_paths(home, year, name)[1])


def _read_landed(counts: Path) -> LandedFile | None:
    """Null where the counts or the publications beside them are missing or not as they were left."""
    landed = _counts_of(counts)
    if landed is None:
        return None
    parquet = counts.with_suffix(".parquet")
    if not landed.stored:
        # Landed by a version that left no stamp: not damaged, but read again whatever its mark says.
        return replace(landed, reader="")
    if not is_as_left(parquet, landed.stored):
        name_damaged(parquet)
        return None
    return landed


def _counts_of(counts: Path) -> LandedFile | None:
    """A run asks ten times for the counts of all files; those of an unchanged file are parsed once."""
    if is_object(counts):
        return _parsed(counts)
    try:
        status = counts.stat()
    except FileNotFoundError:
        return None
    return _parsed_once(counts, status.st_ino, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=4096)
def _parsed_once(counts: Path, _number: int, _modified: int, _size: int) -> LandedFile | None:
    return _parsed(counts)


def _parsed(counts: Path) -> LandedFile | None:
    content = read_derived(counts)
    if content is None:
        return None
    try:
        return LandedFile.from_json(content)
    except TypeError:  # a field is missing
        name_damaged(counts)
        return None


def publications_path(home: StudyHome, file: LandedFile) -> Path:
    """The Parquet file of the publications kept from a source file."""
    return _paths(home, file.file_year, file.source_file)[0]


def forget_others(home: StudyHome, year: int, names: set[str]) -> list[LandedFile]:
    """Remove what was landed in a year from files that are not, or no longer, to be read.

    Other counts that cannot be read may be no counts at all, and are set aside.

    Returns:
        What was removed.
    """
    others = [landed for landed in landed_files(home, [year]) if landed.source_file not in names]
    for landed in others:
        parquet, counts = _paths(home, year, landed.source_file)
        remove_own(counts)
        remove_own(parquet)
    wanted = {_paths(home, year, name)[1] for name in names}
    for path in sorted((home.landing / str(year)).glob("*.json")):
        if path not in wanted and _read_landed(path) is None:
            remove_own(path) if is_object(path) else set_aside(path)
    return others


def _paths(home: StudyHome, year: int, name: str) -> tuple[Path, Path]:
    stem = name.replace("/", "__")
    folder = home.landing / str(year)
    return folder / f"{stem}.parquet", folder / f"{stem}.json"
