"""The archive: which files of a source belong to a year, verified, the highest revision of each week."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bri_pipeline.errors import UserError
from bri_pipeline.files.atomic import read_json, write_json
from bri_pipeline.files.zip_damage import zip_problem
from bri_pipeline.home import StudyHome
from bri_pipeline.publication.record import Publication
from bri_pipeline.uspto.read import read_documents

# Weekly files of applications (pa, ipa: full text; pab, ipab: front pages) and grants (pg, ipg, pgb, ipgb).
WEEKLY_NAME = re.compile(
    r"(?P<product>i?p[ag]b?)(?P<date>(?:20)?\d{6})(?:_wk\d\d)?(?:_r(?P<revision>\d+))?", re.IGNORECASE
)
DATED_NAME = re.compile(r"i?p[ag]b?(?P<date>20\d{6}|\d{6})(?!\d)", re.IGNORECASE)
READABLE = {".zip", ".xml"}
TABLE = ".tsv.zip"  # PatentsView's tables may lie in the same archive


@dataclass(frozen=True)
class SourceFile:
    """A file of the source as found on disk; ``superseded_by`` names the file that is read in its stead.

    ``missing`` says why a file that belongs here could not be downloaded.
    """

    name: str
    year: int
    size: int
    modified_ns: int
    superseded_by: str | None = None
    missing: str | None = None


@dataclass(frozen=True)
class ArchivedFile:
    """A verified file; ``problem`` says why it cannot be used and what to do."""

    name: str
    year: int
    size: int
    modified_ns: int
    sha256: str
    superseded_by: str | None
    problem: str | None


def source_folder(home: StudyHome) -> Path:
    """The folder the study's files are read from.

    Raises:
        UserError: the study names a folder that is not there.
    """
    if home.study.source.path is None:
        return home.archive
    if not home.study.source.path.exists():
        raise UserError(
            f"{home.study.path}: the source folder {home.study.source.path} does not exist. "
            "Correct source.path or create it."
        )
    return home.study.source.path


def survey(home: StudyHome) -> dict[int, list[SourceFile]]:
    """The source's files by year, found by their names (or, where a name has no date, by their first document).

    A week published again (``_r1``) supersedes the lower revision; front pages supersede the full text of the
    same week, which holds the same records.

    Raises:
        UserError: the folder the study names is missing, or holds nothing that could be read.
    """
    folder = source_folder(home)
    paths = [folder] if folder.is_file() else sorted(_readable_files(folder))
    if not paths and home.study.source.path is not None:
        raise UserError(
            f"{home.study.path}: the source folder {folder} holds no .zip or .xml file. "
            "Put the USPTO's weekly files there, or correct source.path."
        )
    root = folder.parent if folder.is_file() else folder
    chosen = _best_of_each_week(paths)
    years: dict[int, list[SourceFile]] = {}
    for path in paths:
        stat = path.stat()
        best = chosen.get(_week(path), path)
        superseded = None if best == path else best.relative_to(root).as_posix()
        name = path.relative_to(root).as_posix()
        year = _year(path, home, name, stat.st_size, stat.st_mtime_ns)
        years.setdefault(year, []).append(SourceFile(name, year, stat.st_size, stat.st_mtime_ns, superseded))
    if home.study.source.path is None:
        for year, files in missing_files(home).items():
            years.setdefault(year, []).extend(
                SourceFile(name, year, 0, 0, missing=why)
                for name, why in files.items()
                if not _stands_in(chosen.get(_week(Path(name))), name)
            )
    return years


def _stands_in(path: Path | None, missing: str) -> bool:
    """Whether a file holds the week of a missing one in another form, the full text for instance."""
    return path is not None and path.name != missing and _revision(path.name) >= _revision(missing)


def _revision(name: str) -> int:
    match = WEEKLY_NAME.fullmatch(Path(name).stem)
    return int(match["revision"] or 0) if match else 0


def missing_files(home: StudyHome) -> dict[int, dict[str, str]]:
    """Year -> file name -> why it could not be downloaded and what to do, as of the last attempt.

    A file put into the archive by hand since then is not missing any more.
    """
    content = read_json(_missing_path(home)) or {}
    missing = {
        int(year): {name: why for name, why in files.items() if not _put_there_since(home, year, name)}
        for year, files in content.items()
    }
    return {year: files for year, files in missing.items() if files}


def _put_there_since(home: StudyHome, year: str, name: str) -> bool:
    """By the time of the change of the folder entry: a file moved or copied may keep its own time."""
    noted = _missing_path(home).stat().st_mtime_ns
    paths = (home.archive / year / name, home.archive / name)
    return any(path.is_file() and path.stat().st_ctime_ns > noted for path in paths)


def remember_missing(home: StudyHome, missing: dict[int, dict[str, str]]) -> None:
    """Replace what missing_files answers."""
    if missing != missing_files(home):
        write_json(_missing_path(home), missing)


def _missing_path(home: StudyHome) -> Path:
    return home.archive / "missing.json"


def _readable_files(folder: Path) -> Iterable[Path]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        readable = path.suffix.lower() in READABLE and not path.name.lower().endswith(TABLE)
        if readable and path.is_file() and not hidden:
            yield path


def _week(path: Path) -> tuple[str, str] | None:
    """(applications or grants, date) of a weekly file; null for any other file."""
    match = WEEKLY_NAME.fullmatch(path.stem)
    if not match:
        return None
    return match["product"].lower().lstrip("i")[:2], match["date"][-6:]


def _best_of_each_week(paths: Iterable[Path]) -> dict[tuple[str, str] | None, Path]:
    best: dict[tuple[str, str] | None, tuple[tuple[int, bool, str], Path]] = {}
    for path in paths:
        match = WEEKLY_NAME.fullmatch(path.stem)
        if not match:
            continue
        rank = (int(match["revision"] or 0), match["product"].lower().endswith("b"), path.as_posix())
        week = _week(path)
        if week not in best or rank > best[week][0]:
            best[week] = (rank, path)
    return {week: path for week, (_, path) in best.items()}


def _year(path: Path, home: StudyHome, name: str, size: int, modified_ns: int) -> int:
    dated = DATED_NAME.match(path.stem)
    if dated:
        digits = dated["date"]
        return int(digits[:4]) if len(digits) == 8 else 2000 + int(digits[:2])
    known = read_json(home.archive / "undated.json") or {}
    entry = known.get(name)
    if entry and (entry["size"], entry["modified_ns"]) == (size, modified_ns):
        return int(entry["year"])
    year = _year_of_first_document(path) or home.study.window_start.year
    known[name] = {"size": size, "modified_ns": modified_ns, "year": year}
    write_json(home.archive / "undated.json", known)
    return year


def _year_of_first_document(path: Path) -> int | None:
    try:
        for document in read_documents(path):
            if isinstance(document, Publication):
                return document.publication_date.year
    except UserError:
        pass  # verify_year says what is wrong with the file
    return None


def verify_year(
    files: Iterable[SourceFile], folder: Path, home: StudyHome, year: int, progress: Callable[[str], None]
) -> list[ArchivedFile]:
    """Verify a year's files (size, zip integrity, sha256) and write the year's manifest.

    A file verified before and unchanged since (size and modification time) is not read again.
    """
    before = {entry.name: entry for entry in manifest(home, year)}
    root = folder.parent if folder.is_file() else folder
    verified = [_verified(file, before.get(file.name), root) for file in files]
    if verified != list(before.values()) or not is_verified(home, year):
        write_json(_manifest_path(home, year), {"year": year, "files": [asdict(file) for file in verified]})
    for file in verified:
        if file.problem:
            progress(f"archive {year}: {file.problem}")
    return verified


def _verified(file: SourceFile, before: ArchivedFile | None, root: Path) -> ArchivedFile:
    if before and (before.size, before.modified_ns) == (file.size, file.modified_ns) and not before.problem:
        return ArchivedFile(**{**asdict(before), "superseded_by": file.superseded_by})
    if file.missing:
        return ArchivedFile(
            file.name, file.year, 0, 0, "", None, f"{file.name} was not downloaded: {file.missing}"
        )
    sha256, problem = _read_through(root / file.name)
    return ArchivedFile(
        file.name, file.year, file.size, file.modified_ns, sha256, file.superseded_by, problem
    )


def _read_through(path: Path) -> tuple[str, str | None]:
    """The file's SHA-256 (empty if it cannot be read) and its problem (None if it has none)."""
    try:
        with path.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        found = zip_problem(path) if path.suffix.lower() == ".zip" else None
    except OSError as error:
        reason = error.strerror or str(error)
        return "", f"{path} cannot be read ({reason}). Check the disk and the file's permissions."
    return sha256, found and f"{path} is not a whole zip file: it {found}. Delete it and download it again."


def _manifest_path(home: StudyHome, year: int) -> Path:
    return home.archive / f"manifest-{year}.json"


def is_verified(home: StudyHome, year: int) -> bool:
    """Whether a year's files were looked at, even if there were none."""
    return _manifest_path(home, year).is_file()


def manifest(home: StudyHome, year: int) -> list[ArchivedFile]:
    """The files verified for a year; empty before the first verification."""
    content: dict[str, Any] = read_json(_manifest_path(home, year)) or {"files": []}
    return [ArchivedFile(**entry) for entry in content["files"]]
