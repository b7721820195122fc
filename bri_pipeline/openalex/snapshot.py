"""OpenAlex's snapshot on disk: files of JSON lines, packed by gzip or not, read in a stream.

Both layouts are read: ``data/works/updated_date=2024-01-15/part_000.gz`` and ``data/jsonl/works/...``; the folder named
may be any above them. A line that cannot hold a wanted country is not parsed. Files beside them that are neither are
named, and so are those that the snapshot's own ``manifest`` lists and that are not there.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bri_pipeline.errors import UserError
from bri_pipeline.files.packed import BEGINNING_BYTES, unreadable_as
from bri_pipeline.files.stream import is_left_behind
from bri_pipeline.openalex.work import Paper, Question, odd_countries, read_institution, read_work
from bri_pipeline.outside_json import json_value
from bri_pipeline.publication.countries import words_read_as
from bri_pipeline.visible import brief

_DAMAGE = (EOFError, gzip.BadGzipFile, zlib.error)
_GZIP, _MANIFEST = b"\x1f\x8b", "manifest"
# Lists of works that became part of others, under the names of what they list.
_MERGED = "merged_ids"
# updated_date=2024-01-15/part_000.gz
_LISTED = re.compile(r"[\w=-][\w.=-]*(/[\w=-][\w.=-]*){0,3}", re.ASCII)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass
class ScannedWorks:
    """What was found in works read from anywhere."""

    papers: list[Paper] = field(default_factory=list)
    works: int = 0
    unreadable: int = 0
    is_whole: bool = True
    problem: str | None = None
    odd_countries: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class SnapshotFile:
    """A file of the snapshot; ``problem`` says why it cannot be read, and what to do."""

    path: Path
    problem: str | None = None


def works_files(folder: Path) -> list[SnapshotFile]:
    """The files of works below a folder, in order of path: by the date of their last change.

    Raises:
        UserError: there is no such folder, or no file of works in it that can be read.
    """
    return _files(folder, "works")


def institutions_files(folder: Path) -> list[SnapshotFile]:
    """The files of institutions, in the same way."""
    return _files(folder, "institutions")


def _files(folder: Path, entity: str) -> list[SnapshotFile]:
    if not folder.is_dir():
        raise UserError(f"There is no folder {folder}; [papers] path must be that of OpenAlex's snapshot.")
    paths = sorted(path for path in folder.rglob("*") if _is_of(path.relative_to(folder), folder, entity))
    found = [file for path in paths for file in _looked_at(path)]
    if all(file.problem for file in found):
        told = f" {found[0].path} {found[0].problem}." if found else ""
        raise UserError(
            f"{folder} holds no files of {entity} (such as data/{entity}/updated_date=2024-01-15/part_000.gz);{told} "
            "Download them, or name the right folder."
        )
    return sorted(found, key=lambda file: file.path)


def _is_of(path: Path, folder: Path, entity: str) -> bool:
    folders = path.parts[:-1]
    hidden = any(part.startswith(".") or is_left_behind(part) for part in path.parts)
    is_below = entity in folders or (folder.name == entity and entity == "works")
    return is_below and not hidden and _MERGED not in folders and not (folder / path).is_dir()


def _looked_at(path: Path) -> Iterator[SnapshotFile]:
    """A file by its content; of a manifest the files that it lists and that are not there."""
    if path.exists() and not path.is_file():  # opening a pipe would block
        yield SnapshotFile(path, "is no file: remove it")
        return
    if path.name == _MANIFEST:
        yield from _not_there(path)
        return
    try:
        with path.open("rb") as file:
            beginning = file.read(BEGINNING_BYTES)
    except OSError as error:
        yield SnapshotFile(path, f"cannot be read ({error.strerror or error}): mend or remove it")
        return
    if path.suffix == ".gz" or _is_json(beginning):
        yield SnapshotFile(path)
    elif beginning.startswith(_GZIP):
        yield SnapshotFile(
            path, "is packed by gzip and not named .gz, as unfinished downloads are: finish or remove it"
        )
    else:
        why = unreadable_as(path.name, beginning) or "is neither gzip nor JSON lines: remove it"
        yield SnapshotFile(path, why)


def _is_json(beginning: bytes) -> bool:
    return beginning.removeprefix(_BYTE_ORDER_MARK).lstrip().startswith(b"{")


def _not_there(manifest: Path) -> Iterator[SnapshotFile]:
    """Files that the manifest lists and that are not beside it; a manifest of another form says nothing."""
    try:
        listed = [str(entry["url"]) for entry in json_value(manifest.read_bytes())["entries"]]
    except (OSError, ValueError, KeyError, TypeError):
        return
    odd = [url for url in listed if not _LISTED.fullmatch(_below(manifest, url))]
    if odd:  # the name becomes part of a path that is written
        yield SnapshotFile(manifest, f"lists {brief(odd[0])}, which is no file of it: download it again")
        return
    for url in listed:
        path = manifest.parent / _below(manifest, url)
        if not path.is_file():
            yield SnapshotFile(path, "is listed in the snapshot's manifest and is not there: download it")


def _below(manifest: Path, url: str) -> str:
    """The path of a file below the manifest's folder."""
    return url.rpartition(f"/{manifest.parent.name}/")[2]


def scan_works(path: Path, question: Question) -> ScannedWorks:
    """The papers of a file that a study wants; a file cut off or damaged is read as far as it goes."""
    scanned = ScannedWorks()
    # Codes are written in quotes; the few lines that hold one elsewhere are recognised once parsed.
    # In small letters many are keys or words of every work (``"id"``, ``"in"``).
    words = sorted(words_read_as(question.focal))
    small = [f'"country_code":{blank}"{word.lower()}"' for word in words for blank in ("", " ")]
    marks = [mark.encode() for mark in (*(f'"{word}"' for word in words), *small)]
    for line in _lines(path, scanned):
        scanned.works += 1
        if any(mark in line for mark in marks):
            take(scanned, line, question)
    return scanned


def take(scanned: ScannedWorks, line: object, question: Question) -> None:
    """Count a record, and keep its paper where a study wants it."""
    try:
        record = json_value(line) if isinstance(line, bytes) else line
        if not isinstance(record, dict):
            raise ValueError("not an object")
        paper = read_work(record)
        scanned.odd_countries.update(odd_countries(record))
    except ValueError:
        scanned.unreadable += 1
        return
    if question.wants(paper):
        scanned.papers.append(paper)


def scan_institutions(
    files: Iterable[SnapshotFile], wanted: frozenset[str]
) -> dict[str, dict[str, str | None]]:
    """The wanted institutions by their numbers; of one in several files the last counts.

    Raises:
        UserError: a file cannot be read to its end: its institutions would have no place, now and later.
    """
    found: dict[str, dict[str, str | None]] = {}
    for file in files:
        if file.problem:
            raise UserError(f"{file.path} {file.problem}.")
        read = ScannedWorks()
        for line in _lines(file.path, read):
            try:
                institution = read_institution(json_value(line))
            except ValueError:
                continue
            if institution["institution_id"] in wanted:
                found[str(institution["institution_id"])] = institution
        if not read.is_whole:
            raise UserError(f"{file.path} is damaged; download it again.")
    return found


def _lines(path: Path, scanned: ScannedWorks) -> Iterator[bytes]:
    try:
        with path.open("rb") as packed:
            is_plain = _is_json(packed.read(BEGINNING_BYTES))
        with path.open("rb") if is_plain else gzip.open(path) as file:
            for line in file:
                if line.strip():
                    yield line
        if path.stat().st_size == 0:  # even of nothing gzip makes a file with bytes in it
            scanned.is_whole = False
    except _DAMAGE:
        scanned.is_whole = False
