"""OpenAlex's snapshot on disk: gzip files of JSON lines, read in a stream.

Both layouts are read: ``data/works/updated_date=2024-01-15/part_000.gz`` and ``data/jsonl/works/...``; the folder named
may be any above them. A line that cannot hold a wanted country is not parsed.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bri_pipeline.errors import UserError
from bri_pipeline.openalex.work import Paper, Question, read_institution, read_work

_DAMAGE = (EOFError, gzip.BadGzipFile, zlib.error)


@dataclass
class ScannedWorks:
    """What was found in works read from anywhere."""

    papers: list[Paper] = field(default_factory=list)
    works: int = 0
    unreadable: int = 0
    is_whole: bool = True


def works_files(folder: Path) -> list[Path]:
    """The files of works below a folder, in order of path: by the date of their last change.

    Raises:
        UserError: there is no such folder, or no file of works in it.
    """
    return _files(folder, "works")


def institutions_files(folder: Path) -> list[Path]:
    """The files of institutions, in the same way."""
    return _files(folder, "institutions")


def _files(folder: Path, entity: str) -> list[Path]:
    if not folder.is_dir():
        raise UserError(f"There is no folder {folder}; [papers] path must be that of OpenAlex's snapshot.")
    found = sorted(
        path
        for path in folder.rglob("*.gz")
        if entity in path.relative_to(folder).parts[:-1] or (folder.name == entity and entity == "works")
    )
    if not found:
        raise UserError(
            f"{folder} holds no files of {entity} (such as data/{entity}/updated_date=2024-01-15/part_000.gz); "
            "download them, or name the right folder."
        )
    return found


def scan_works(path: Path, question: Question) -> ScannedWorks:
    """The papers of a file that a study wants; a file cut off or damaged is read as far as it goes."""
    scanned = ScannedWorks()
    # Codes are written in quotes; the few lines that hold one elsewhere are recognised once parsed.
    marks = [f'"{code}"'.encode() for code in question.focal]
    for line in _lines(path, scanned):
        scanned.works += 1
        if any(mark in line for mark in marks):
            take(scanned, line, question)
    return scanned


def take(scanned: ScannedWorks, line: bytes | dict[str, Any], question: Question) -> None:
    """Count a record, and keep its paper where a study wants it."""
    try:
        record = json.loads(line) if isinstance(line, bytes) else line
        if not isinstance(record, dict):
            raise ValueError("not an object")
        paper = read_work(record)
    except (ValueError, RecursionError):
        scanned.unreadable += 1
        return
    if question.wants(paper):
        scanned.papers.append(paper)


def scan_institutions(paths: Iterable[Path], wanted: frozenset[str]) -> dict[str, dict[str, str | None]]:
    """The wanted institutions by their numbers; of one in several files the last counts."""
    found: dict[str, dict[str, str | None]] = {}
    for path in paths:
        for line in _lines(path, ScannedWorks()):
            try:
                institution = read_institution(json.loads(line))
            except (ValueError, AttributeError, RecursionError):
                continue
            if institution["institution_id"] in wanted:
                found[str(institution["institution_id"])] = institution
    return found


def _lines(path: Path, scanned: ScannedWorks) -> Iterator[bytes]:
    try:
        with gzip.open(path) as file:
            for line in file:
                if line.strip():
                    yield line
    except _DAMAGE:
        scanned.is_whole = False
