"""Files that are replaced whole or not at all, and small JSON files kept that way."""

from __future__ import annotations

import hashlib
import itertools
import json
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any
from uuid import uuid4

from bri_pipeline.errors import UserError
from bri_pipeline.files.in_the_way import no_file_at
from bri_pipeline.files.object_storage import is_object, put_whole

log = logging.getLogger(__name__)
_named: set[str] = set()


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path that takes the place of ``path`` when the block ends without an error.

    It is in the folder of ``path``; for object storage it is on the local disk, and the object is put whole. A folder
    in the place of the file is set aside.
    """
    if is_object(path):
        with put_whole(path) as temporary:
            yield temporary
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not by mkstemp, whose files nobody else may read.
    temporary = path.with_name(f".{path.name}.{uuid4().hex[:12]}.tmp")
    try:
        yield temporary
        set_folder_aside(path)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_json(path: Path, value: object) -> None:
    """Write a JSON file of the software's own atomically."""
    with replacing(path) as temporary:
        temporary.write_text(
            json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8"
        )


def read_json(path: Path) -> dict[str, Any] | None:
    """A JSON object written by write_json; null when there is none.

    Raises:
        UserError: the file was damaged from outside, or is none.
    """
    if not is_object(path) and no_file_at(path):
        raise DamagedFile(path)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, RecursionError):
        raise DamagedFile(path) from None
    if not isinstance(content, dict):
        raise DamagedFile(path)
    return content


class DamagedFile(UserError):
    """A file of the software's own that was damaged from outside."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is damaged; delete it, it is made again on the next run.")


def read_derived(path: Path) -> dict[str, Any] | None:
    """As read_json, for what is made again where it is missing: a damaged one is named and counts as missing."""
    try:
        return read_json(path)
    except DamagedFile:
        name_damaged(path)
        return None


def name_damaged(path: Path, what: str = "is damaged or not as it was left") -> None:
    """Say, once in this process, what is wrong with a derived file (a predicate) and that it is made again."""
    if str(path) not in _named:
        _named.add(str(path))
        log.warning("%s %s; it is made again.", path, what)


def known_fields(kind: type, content: Mapping[str, Any]) -> dict[str, Any]:
    """Of what was written by any version of this software, the fields that a dataclass of this one has."""
    known = {one.name for one in fields(kind)}
    return {name: value for name, value in content.items() if name in known}


def set_aside(path: Path) -> Path:
    """Move whatever occupies a file's path out of the way; of a link the link.

    Returns:
        Where it is now: ``<name>.set-aside-1`` or the next number.
    """
    names = (path.with_name(f"{path.name}.set-aside-{number}") for number in itertools.count(1))
    aside = next(one for one in names if not os.path.lexists(one))
    path.rename(aside)
    return aside


def set_folder_aside(path: Path) -> None:
    """Make room for a file of the software's own where somebody put a folder."""
    if not is_object(path) and path.is_dir():
        set_aside(path)


def remove_own(path: Path) -> None:
    """Remove a file of the software's own, if it is there; a folder in its place is set aside."""
    set_folder_aside(path)
    path.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def stamp(path: Path) -> dict[str, Any]:
    """What says later whether a file is as it was left: ``bytes``, ``modified_ns``, ``sha256``."""
    status = path.stat()
    return {"bytes": status.st_size, "modified_ns": status.st_mtime_ns, "sha256": sha256_of(path)}


def write_stamped(
    data: Path, counts: Path, write: Callable[[Path], object], content: Mapping[str, Any]
) -> None:
    """Replace a data file, then the JSON file of counts that makes it valid; folders in their places are set aside.

    Args:
        data: the data file.
        counts: the JSON file beside it; removed first, so that a kill in between leaves nothing that counts.
        write: writes the data to the path it is given.
        content: what the counts say; the stamp of the data is added as ``stored``.
    """
    remove_own(counts)
    with replacing(data) as temporary:
        write(temporary)
    write_json(counts, {**content, "stored": stamp(data)})


def is_as_left(path: Path, left: object) -> bool:
    """Whether a file is the one a stamp was made of; the content is read where size or time leave it open."""
    if not isinstance(left, Mapping):
        return False
    try:
        status = path.stat()
        if not path.is_file() or status.st_size != left.get("bytes"):
            return False
        return status.st_mtime_ns == left.get("modified_ns") or stamp(path)["sha256"] == left.get("sha256")
    except OSError:
        return False
