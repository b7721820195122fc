"""The archive: which files of a source belong to a year, verified, the highest revision of each week."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bri_pipeline.errors import UserError
from bri_pipeline.files.atomic import read_derived, sha256_of, write_json
from bri_pipeline.files.object_storage import is_object
from bri_pipeline.files.packed import BEGINNING_BYTES, is_zip
from bri_pipeline.files.zip_damage import zip_problem
from bri_pipeline.home import StudyHome
from bri_pipeline.lake.archived import (
    ArchivedFile,
    accepted_losses,
    is_verified,
    manifest,
    write_manifest,
)
from bri_pipeline.lake.landed import landed_files
from bri_pipeline.progress import Count, Listener, Progress
from bri_pipeline.publication.record import Publication
from bri_pipeline.uspto.folder import FoundFile, files_in
from bri_pipeline.uspto.read import read_documents
from bri_pipeline.weekly_names import (
    revision_of,
    week_of,
    weekly_match,
    without_copy_marks,
    year_in,
)

_TABLES = (".tsv", ".tsv.zip")  # PatentsView's tables may be in the same archive
# What this software keeps in an archive of its own, beside the source's files.
_KEPT_HERE = re.compile(r"(?:manifest-\d+|undated|missing|accepted)\.json|search/.*")


@dataclass(frozen=True)
class SourceFile:
    """A file of the source as found on disk; ``superseded_by`` names the file that is read instead.

    ``missing`` says why a file that belongs here could not be downloaded, ``not_opened`` why one that may hold
    publications is none that can be read; ``is_other``: it is plainly something else.
    """

    name: str
    year: int
    size: int
    modified_ns: int
    superseded_by: str | None = None
    missing: str | None = None
    not_opened: str | None = None
    is_other: bool = False

    @property
    def is_there(self) -> bool:
        """Whether it is a file that can be read."""
        return not (self.missing or self.not_opened or self.is_other)


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


def source_root(home: StudyHome) -> Path:
    """The folder that the names of the source's files are relative to.

    Raises:
        UserError: as ``source_folder``.
    """
    folder = source_folder(home)
    return folder.parent if folder.is_file() else folder


def survey(home: StudyHome) -> dict[int, list[SourceFile]]:
    """The source's files by year, found by their names (or, where a name has no date, by their first document).

    A week published again (``_r1``) supersedes the lower revision; front pages supersede the full text of the
    same week, which holds the same records.

    Raises:
        UserError: the folder the study names is missing, or holds nothing that could be read.
    """
    found = files_of_source(home)
    paths = [file.path for file in found if file.is_read]
    root = source_root(home)
    if not paths and home.study.source.path is not None:
        raise UserError(
            f"{home.study.path}: the source folder {source_folder(home)} holds no .zip or .xml file. "
            f"{_in_words(found, root)}Put the USPTO's weekly files there, or correct source.path."
        )
    chosen = _best_of_each_week(paths)
    years: dict[int, list[SourceFile]] = {}
    undated = _Undated(home)
    for path in paths:
        stat = path.stat()
        best = chosen.get(week_of(path.name), path)
        superseded = None if best == path else best.relative_to(root).as_posix()
        name = path.relative_to(root).as_posix()
        year = year_in(path.name)
        if year is None:
            year = undated.year(path, name, stat.st_size, stat.st_mtime_ns)
        years.setdefault(year, []).append(SourceFile(name, year, stat.st_size, stat.st_mtime_ns, superseded))
    undated.keep()
    for other in found:
        if not other.is_read:
            file = _not_read(other, root, home, chosen)
            years.setdefault(file.year, []).append(file)
    if home.study.source.path is None:
        for year, files in missing_files(home).items():
            years.setdefault(year, []).extend(
                SourceFile(name, year, 0, 0, missing=why)
                for name, why in files.items()
                if not _stands_in(chosen.get(week_of(name)), name)
            )
    return years


def _stands_in(path: Path | None, missing: str) -> bool:
    """Whether a file holds the week of a missing one in another form, the full text for instance."""
    return path is not None and path.name != missing and revision_of(path.name) >= revision_of(missing)


def missing_files(home: StudyHome) -> dict[int, dict[str, str]]:
    """Year -> file name -> why it could not be downloaded and what to do, as of the last attempt.

    A file put into the archive by hand since then is not missing any more.
    """
    content = read_derived(_missing_path(home)) or {}
    missing = {
        int(year): {name: why for name, why in files.items() if not _put_there_since(home, year, name)}
        for year, files in content.items()
        if year.isdecimal() and isinstance(files, dict)
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


def files_of_source(home: StudyHome) -> list[FoundFile]:
    """Every file of the source's folder, in order of path: those to read, and the others with the reason.

    Raises:
        UserError: the folder the study names is missing.
    """
    folder = source_folder(home)
    if folder.is_file():
        return [FoundFile(folder)]
    own = home.study.source.path is None
    files = (file for file in files_in(folder) if not file.path.name.lower().endswith(_TABLES))
    return sorted(
        (file for file in files if not (own and _KEPT_HERE.fullmatch(_name_in(folder, file.path)))),
        key=lambda file: file.path,
    )


def _name_in(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


def _in_words(found: Iterable[FoundFile], root: Path) -> str:
    """The first few files that cannot be read, in sentences."""
    problems = [f"{_name_in(root, file.path)} {file.problem}. " for file in found if file.problem]
    return "".join(problems[:3])


def _not_read(
    found: FoundFile, root: Path, home: StudyHome, chosen: Mapping[tuple[str, str] | None, Path]
) -> SourceFile:
    """A file that is not read, under the year of its name, else of its folder, else the first of the window."""
    name = _name_in(root, found.path)
    folders = (int(part) for part in name.split("/")[-2::-1] if re.fullmatch(r"20\d\d", part))
    year = year_in(found.path.name.lstrip(".")) or next(folders, home.study.window_start.year)
    plain = _plain_name(found.path.name)
    best = chosen.get(week_of(plain))
    instead = _name_in(root, best) if best and revision_of(best.name) >= revision_of(plain) else None
    problem = f"{name} {found.problem}." if found.problem else None
    try:
        status = found.path.stat()
        size, modified_ns = (0, 0) if found.path.is_dir() else (status.st_size, status.st_mtime_ns)
    except OSError:
        size, modified_ns = 0, 0
    return SourceFile(name, year, size, modified_ns, instead, not_opened=problem, is_other=found.is_other)


def _plain_name(name: str) -> str:
    """``ipab20130103_wk01.zip`` for ``ipab20130103_wk01.tar.gz``."""
    return f"{name.lstrip('.').split('.')[0]}.zip"


def _best_of_each_week(paths: Iterable[Path]) -> dict[tuple[str, str] | None, Path]:
    """Of the files of a week the one that is read: highest revision, front pages before full text.

    Of several such, second copies as browsers make them, that with the plain name if they hold the same, else the
    one that came last.
    """
    of_week: dict[tuple[str, str] | None, list[Path]] = {}
    for path in paths:
        if week := week_of(path.name):
            of_week.setdefault(week, []).append(path)
    return {week: _best(files) for week, files in of_week.items()}


def _best(files: list[Path]) -> Path:
    def form(path: Path) -> tuple[int, bool]:
        match = weekly_match(path.name)
        return revision_of(path.name), bool(match) and match["product"].lower().endswith("b")  # type: ignore[index]

    def is_copy(path: Path) -> tuple[int, str]:
        return without_copy_marks(path.stem)[1], path.as_posix()

    highest = max(form(path) for path in files)
    alike = [path for path in files if form(path) == highest]
    if len(alike) == 1 or len({_ends(path) for path in alike}) == 1:
        # Of plain names the last one, as before there were marks: the deeper folder, usually.
        plain = [path for path in alike if not is_copy(path)[0]]
        return max(plain, key=lambda path: path.as_posix()) if plain else min(alike, key=is_copy)
    return max(alike, key=lambda path: (path.stat().st_mtime_ns, *is_copy(path)))


# What tells files apart that are equally long: a zip ends with a list of its members and their checksums.
_END = 64 * 1024


def _ends(path: Path) -> tuple[int, bytes, bytes]:
    """Size, beginning and end of a file."""
    size = path.stat().st_size
    with path.open("rb") as file:
        beginning = file.read(_END)
        file.seek(max(0, size - _END))
        return size, beginning, file.read()


class _Undated:
    """The years of files without a date in their names, by their first document; kept with size and time."""

    def __init__(self, home: StudyHome) -> None:
        self._home, self._path = home, home.archive / "undated.json"
        self._known: dict[str, Any] | None = None
        self._has_grown = False

    def year(self, path: Path, name: str, size: int, modified_ns: int) -> int:
        """The year of a file; the document is read where the file is not known, or has changed."""
        if self._known is None:
            self._known = read_derived(self._path) or {}
        entry = self._known.get(name)
        if isinstance(entry, dict) and (entry.get("size"), entry.get("modified_ns")) == (size, modified_ns):
            return int(entry["year"])
        year = _year_of_first_document(path) or self._home.study.window_start.year
        self._known[name] = {"size": size, "modified_ns": modified_ns, "year": year}
        self._has_grown = True
        return year

    def keep(self) -> None:
        """Write down what was found."""
        if self._has_grown and self._known is not None:
            write_json(self._path, self._known)


def _year_of_first_document(path: Path) -> int | None:
    try:
        for document in read_documents(path):
            if isinstance(document, Publication):
                return document.publication_date.year
    except UserError:
        pass  # verify_year says what is wrong with the file
    return None


def verify_year(
    files: Iterable[SourceFile],
    root: Path,
    home: StudyHome,
    year: int,
    progress: Listener,
    count: Count,
    elsewhere: Sequence[ArchivedFile] = (),
    *,
    thorough: bool = True,
) -> list[ArchivedFile]:
    """Verify a year's files (size, zip integrity, sha256) and write the year's manifest.

    Checksums inside a zip are compared here if verification is ``thorough``, if the file will not be read, or if it
    was damaged before. Otherwise they are compared when the file is read, so that it is inflated once; its reader then
    calls ``note_damage``.

    A file verified before and unchanged since (size and modification time) is not read again. One that was
    verified before and is gone stays in the manifest as lost, until it is back, another form of its week or the
    same bytes replace it, or its loss is accepted.

    Args:
        files: the year's files as found.
        root: the folder that their names are relative to.
        home: the study.
        year: the year.
        progress: takes a sentence about each problem.
        count: grows by one with each file.
        elsewhere: the sound files of other years.
        thorough: whether to read every zip through.
    """
    before = manifest(home, year) or _landed_before(home, year)
    known = {entry.name: entry for entry in before}
    accepted, verified = accepted_losses(home), []
    for found in files:
        count.begin(found.name)
        look_inside = thorough or any(loss.name == found.name for loss in accepted)
        verified.append(_verified(found, known.get(found.name), root, look_inside))
        count.add()
    verified = _read_once(verified, {file.sha256: file.name for file in elsewhere if file.is_read})
    verified = _without_overwritten(verified, known, {file.sha256 for file in (*verified, *elsewhere)})
    readable = [file for file in verified if not (file.not_opened or file.is_other)]
    verified += _lost(before, [*readable, *elsewhere])
    verified = [
        replace(file, accepted=bool(file.problem) and any(loss.is_of(file) for loss in accepted))
        for file in verified
    ]
    if verified != before or not is_verified(home, year):
        write_manifest(home, year, verified)
    for file in verified:
        if file.problem and not file.accepted:
            progress(Progress(f"archive {year}: {file.problem}"))
        elif file.not_opened and not file.superseded_by and known.get(file.name) != file:
            progress(Progress(f"archive {year}: {file.not_opened}"))
        elif file.same_as and known.get(file.name) != file:
            same = f"{file.name} holds the same bytes as {file.same_as}; it is not read"
            progress(Progress(f"archive {year}: {same}"))
    return verified


def _landed_before(home: StudyHome, year: int) -> list[ArchivedFile]:
    """The files that a year was landed from: what is known of them where the manifest is lost."""
    return [
        ArchivedFile(file.source_file, year, file.size, 0, file.fingerprint, None, None)
        for file in landed_files(home, [year])
        if not file.problem
    ]


def note_damage(home: StudyHome, year: int, damage: Mapping[str, str]) -> None:
    """Put the damage that was found while reading the files of a year, sentences by name, into its manifest."""
    files = manifest(home, year)
    write_manifest(home, year, [replace(file, problem=damage.get(file.name, file.problem)) for file in files])


def _read_once(files: list[ArchivedFile], elsewhere: Mapping[str, str]) -> list[ArchivedFile]:
    """The files, of each content that is there several times all but one marked with ``same_as``."""
    first = dict(elsewhere)
    for file in sorted(files, key=lambda file: (*without_copy_marks(Path(file.name).stem)[::-1], file.name)):
        if file.sha256 and not file.superseded_by and not file.problem:
            first.setdefault(file.sha256, file.name)
    return [
        replace(file, same_as=first[file.sha256])
        if first.get(file.sha256, file.name) != file.name and not file.superseded_by
        else file
        for file in files
    ]


def _without_overwritten(
    files: list[ArchivedFile], known: Mapping[str, ArchivedFile], contents: set[str]
) -> list[ArchivedFile]:
    """The files; one that held something else before it came to hold the same as another is no copy but a loss."""

    def looked_at(file: ArchivedFile) -> ArchivedFile:
        before = known.get(file.name)
        held = before and (before.held or (before.sha256 if before.is_read and not before.problem else None))
        if not (file.same_as and held) or held in contents:
            return file
        problem = (
            f"{file.name} holds the same bytes as {file.same_as}, and what it held before is gone. Put the old file "
            "back or download it again, or accept the loss: bri run --accept-loss."
        )
        return replace(file, problem=problem, same_as=None, held=held)

    return [looked_at(file) for file in files]


def _lost(before: Iterable[ArchivedFile], there: Sequence[ArchivedFile]) -> list[ArchivedFile]:
    """The files that were good before and are gone, unless their bytes or another form of their week are there."""
    names, contents = {file.name for file in there}, {file.sha256 for file in there}
    weeks = {
        (week_of(file.name), revision) for file in there for revision in range(revision_of(file.name) + 1)
    }
    return [
        file if file.is_lost else replace(file, problem=_lost_in_words(file), same_as=None, is_lost=True)
        for file in before
        if file.name not in names
        and file.sha256
        and (file.held or file.sha256) not in contents
        and not file.superseded_by
        and (file.is_lost or file.held or not file.problem)
        and not (week_of(file.name) and (week_of(file.name), revision_of(file.name)) in weeks)
    ]


def _lost_in_words(file: ArchivedFile) -> str:
    return (
        f"{file.name} was read before and is gone from the source's files. Put it back or download it again, or "
        "accept the loss: bri run --accept-loss."
    )


def _verified(file: SourceFile, before: ArchivedFile | None, root: Path, thorough: bool) -> ArchivedFile:
    if file.not_opened or file.is_other:
        return ArchivedFile(
            file.name,
            file.year,
            file.size,
            file.modified_ns,
            sha256="",
            superseded_by=file.superseded_by,
            problem=None,
            not_opened=file.not_opened,
            is_other=file.is_other,
        )
    is_known = before is not None and before.sha256 and not before.problem
    if before and is_known and (before.size, before.modified_ns) == (file.size, file.modified_ns):
        return replace(before, superseded_by=file.superseded_by, same_as=None, accepted=False)
    if file.missing:
        return ArchivedFile(
            file.name, file.year, 0, 0, "", None, f"{file.name} was not downloaded: {file.missing}"
        )
    was_damaged = before is not None and before.problem is not None
    sha256, problem = _looked_into(
        root / file.name, thorough or was_damaged or file.superseded_by is not None
    )
    return ArchivedFile(
        file.name, file.year, file.size, file.modified_ns, sha256, file.superseded_by, problem
    )


def _looked_into(path: Path, thorough: bool) -> tuple[str, str | None]:
    """The file's SHA-256 (empty if it cannot be read) and its problem (None if it has none)."""
    try:
        return sha256_of(path), damage_in(path, lambda _: thorough)
    except OSError as error:
        # what object storage says may hold a key
        reason = type(error).__name__ if is_object(path) else error.strerror or str(error)
        return "", f"{path} cannot be read ({reason}). Check the disk and the file's permissions."


def _begins_as_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return is_zip(file.read(BEGINNING_BYTES))


def damage_in(path: Path, among: Callable[[str], bool] = lambda _: True) -> str | None:
    """How a zip is damaged, and the way out; None if it is not, or is no zip by its name and its first bytes.

    Args:
        path: the file.
        among: which members are read through, by their names.

    Raises:
        OSError: the disk did not give the file's bytes.
    """
    found = zip_problem(path, among) if path.suffix.lower() == ".zip" or _begins_as_zip(path) else None
    return found and (
        f"{path} is not a whole zip file: it {found}. Delete it and download it again, or accept the loss: "
        "bri run --accept-loss."
    )
