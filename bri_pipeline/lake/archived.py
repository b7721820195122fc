"""What is known of the files of an archive: those verified, one manifest a year, and the losses accepted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bri_pipeline.files.atomic import known_fields, name_damaged, read_derived, write_json
from bri_pipeline.home import StudyHome


@dataclass(frozen=True)
class ArchivedFile:
    """A verified file; ``problem`` says why it cannot be used and what to do.

    ``superseded_by`` names the file that is read instead, another form or revision of the week, ``same_as``
    the one that holds the same bytes. ``is_lost``: it was verified before and is gone. ``accepted``: somebody has
    accepted that it is left out. ``not_opened`` says why a file that may hold publications is none that can be read,
    and what to do; ``is_other``: it is plainly something else. ``held``: the digest of what it held before it was
    overwritten with the bytes of another file, if no file holds that any more.
    """

    name: str
    year: int
    size: int
    modified_ns: int
    sha256: str
    superseded_by: str | None
    problem: str | None
    same_as: str | None = None
    is_lost: bool = False
    accepted: bool = False
    not_opened: str | None = None
    is_other: bool = False
    held: str | None = None

    @property
    def is_read(self) -> bool:
        """Whether it is landed, if only with its problem; the others are left out, and each has a reason."""
        left_out = self.superseded_by or self.same_as or self.accepted or self.not_opened or self.is_other
        return not left_out


@dataclass(frozen=True)
class AcceptedLoss:
    """A file whose loss somebody accepted: what was wrong with it, and its size and time then."""

    name: str
    year: int
    what: str
    size: int
    modified_ns: int
    accepted_at: str

    def is_of(self, file: ArchivedFile) -> bool:
        """Whether just this was accepted: a file that came or changed since then is another one."""
        return (self.name, self.year, self.size, self.modified_ns) == (
            file.name,
            file.year,
            file.size,
            file.modified_ns,
        )


def manifest(home: StudyHome, year: int) -> list[ArchivedFile]:
    """The files verified for a year, and those that are lost; empty before the first verification."""
    path = manifest_path(home, year)
    content: dict[str, Any] = read_derived(path) or {}
    try:
        return [ArchivedFile(**known_fields(ArchivedFile, entry)) for entry in content.get("files") or []]
    except (TypeError, AttributeError):
        name_damaged(path)
        return []


def write_manifest(home: StudyHome, year: int, files: Iterable[ArchivedFile]) -> None:
    """Replace a year's manifest."""
    write_json(manifest_path(home, year), {"year": year, "files": [asdict(file) for file in files]})


def manifest_path(home: StudyHome, year: int) -> Path:
    """The path of a year's manifest."""
    return home.archive / f"manifest-{year}.json"


def is_verified(home: StudyHome, year: int) -> bool:
    """Whether a year's files were looked at, even if there were none."""
    return manifest_path(home, year).is_file()


def accepted_losses(home: StudyHome) -> list[AcceptedLoss]:
    """The losses accepted so far, those that were made good since among them."""
    path = home.archive / "accepted.json"
    content = read_derived(path) or {}
    try:
        return [AcceptedLoss(**known_fields(AcceptedLoss, entry)) for entry in content.get("losses") or []]
    except (TypeError, AttributeError):
        name_damaged(path)
        return []


def write_accepted(home: StudyHome, losses: Iterable[AcceptedLoss]) -> None:
    """Replace what accepted_losses answers."""
    write_json(home.archive / "accepted.json", {"losses": [asdict(loss) for loss in losses]})
