"""What a folder of source files holds: the files that are read, and every other one with the reason why not."""

from __future__ import annotations

import os
import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bri_pipeline.files.object_storage import is_object
from bri_pipeline.files.packed import is_zip, may_be_week, unreadable_as
from bri_pipeline.files.stream import is_left_behind, is_read
from bri_pipeline.uspto.split import ROOT_NAMES

READABLE = (".zip", ".xml")
_HEAD_BYTES = 1 << 16
_ROOT = re.compile(rb"<(?:%b)[\s>]" % b"|".join(ROOT_NAMES))
_XML_START = re.compile(
    rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*<(?:\?xml\s|!DOCTYPE\s(?!(?i:html)\b)|!--|%b)"
    % b"|".join(ROOT_NAMES)
)
# Members by which a zip is a document, a program or a book.
_OTHER_ZIPS = re.compile(r"^(?:\[Content_Types\]\.xml|mimetype|META-INF/.*|AndroidManifest\.xml)$")


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file of a folder.

    ``problem``, a predicate with the way out, says why one that may hold publications cannot be read; ``is_other``
    that it is plainly something else, such as a README. Any other file is read.
    """

    path: Path
    problem: str | None = None
    is_other: bool = False

    @property
    def is_read(self) -> bool:
        """Whether it is a zip or XML file to read."""
        return self.problem is None and not self.is_other


def files_in(folder: Path) -> Iterator[FoundFile]:
    """Every file below a folder; what file managers leave behind and hidden files are passed over.

    A file is read if it is named ``.zip`` or ``.xml``, in any case of letters, or if its content is that of a weekly
    file whatever its name. Links to files and folders are followed; a hidden file with the name of a weekly file, as
    programs that copy files make them, is one with a problem.
    """
    if is_object(folder):
        for path in folder.rglob("*"):
            parts = path.relative_to(folder).parts
            if not any(part.startswith(".") or is_left_behind(part) for part in parts) and path.is_file():
                yield _looked_at(path)
    else:
        yield from _files_below(folder, frozenset())


def _files_below(folder: Path, above: frozenset[tuple[int, int]]) -> Iterator[FoundFile]:
    try:
        status = folder.stat()
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        why = f"is a folder that cannot be looked into ({error.strerror or error}): correct its rights"
        yield FoundFile(folder, f"{why}, or remove it")
        return
    number = (status.st_dev, status.st_ino)
    if number in above:  # a link back
        return
    for entry in entries:
        path = folder / entry.name
        if is_left_behind(entry.name):
            continue
        if not entry.name.startswith("."):
            yield from _below(path, above | {number})
        elif may_be_week(entry.name[1:]):
            yield FoundFile(path, "is hidden, as unfinished copies are: copy it again or remove it")


def _below(path: Path, above: frozenset[tuple[int, int]]) -> Iterator[FoundFile]:
    """What is at a path, links followed; a pipe or a socket is something else."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        why = f"is a link that leads to no file ({error.strerror or error}): mend or remove it"
        yield FoundFile(path, why)
        return
    if stat.S_ISDIR(mode):
        yield from _files_below(path, above)
    else:
        yield _looked_at(path) if stat.S_ISREG(mode) else FoundFile(path, is_other=True)


def _looked_at(path: Path) -> FoundFile:
    """A file by its name and, where the name leaves it open, by its first bytes."""
    if path.name.lower().endswith(READABLE):
        return FoundFile(path)
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
        if problem := unreadable_as(path.name, head):
            return FoundFile(path, problem)
        if (holds := _holds_publications(path, head)) is None:
            return FoundFile(path, "begins as a zip and is cut or damaged: get it again or remove it")
        if holds:
            return FoundFile(path)
    except OSError as error:
        return FoundFile(
            path, f"cannot be read ({error.strerror or error}): correct its rights, or remove it"
        )
    if may_be_week(path.name):
        kind = "is empty" if not head else "has the name of a weekly file, and is neither a zip nor XML"
        return FoundFile(path, f"{kind}: download it again or remove it")
    return FoundFile(path, is_other=True)


def _holds_publications(path: Path, head: bytes) -> bool | None:
    """Whether it is a zip with XML, and no document or program, or XML with a root of the USPTO's.

    None if it is a damaged zip of a name that says nothing.
    """
    if is_zip(head):
        return _is_zip_of_xml(path)
    # Without its zero bytes UTF-16 reads like ASCII.
    text = head.replace(b"\x00", b"")
    # A program, a page or a note may quote a document.
    return (_XML_START.match(text) is not None or may_be_week(path.name)) and _ROOT.search(text) is not None


def _is_zip_of_xml(path: Path) -> bool | None:
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    # A damaged directory raises nearly anything; reading a weekly file says what is wrong.
    except Exception:
        return may_be_week(path.name) or None
    return any(map(is_read, names)) and not any(map(_OTHER_ZIPS.match, names))
