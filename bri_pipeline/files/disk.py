"""Full, read-only and failing disks, whichever library met them first: the one place that knows their words."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from shutil import disk_usage

_FULL = re.compile(
    r"no space left on device|disk is full|disk quota exceeded|os error 28\b|errno 28\b|could not write all bytes",
    re.IGNORECASE,
)
_READ_ONLY = re.compile(
    r"read-only file system|readonly database|os error 30\b|errno 30\b|unable to open database file",
    re.IGNORECASE,
)
_TOO_LARGE = re.compile(r"file too large|os error 27\b|errno 27\b", re.IGNORECASE)
_TOO_MANY_OPEN = re.compile(r"too many open files|os error 24\b|errno 24\b", re.IGNORECASE)
# SQLite says so also when a full disk has no room for its shared memory file.
_FAILING = re.compile("disk I/O error", re.IGNORECASE)
KEPT = "What was published stays as it was; the next run continues this one."


def disk_sentence(text: str, where: str = "BRI_HOME") -> str | None:
    """What to tell the user if an error's text says that a disk is full, fails, or cannot be written to; else null."""
    if _FULL.search(text):
        return f"The disk of {where} is full. Free some space, or set BRI_HOME to a larger disk. {KEPT}"
    if _READ_ONLY.search(text):
        return (
            f"{where} cannot be written to. Mend that, or set BRI_HOME to a folder you can write to. {KEPT}"
        )
    if _FAILING.search(text):
        return (
            f"The disk of {where} is full or fails. Free some space, or set BRI_HOME to another disk. {KEPT}"
        )
    if _TOO_LARGE.search(text):
        return (
            "A file grew larger than its disk, or a limit of this shell (ulimit -f), allows. Use another disk, or lift "
            f"the limit. {KEPT}"
        )
    if _TOO_MANY_OPEN.search(text):
        return f"Too few files may be open at once (ulimit -n): raise the limit to 1024 or more. {KEPT}"
    return None


def names_no_disk(text: str) -> bool:
    """Whether it is a limit of the shell that an error's text speaks of, wherever the file is."""
    return bool(_TOO_LARGE.search(text) or _TOO_MANY_OPEN.search(text))


def texts_of(error: BaseException) -> Iterator[str]:
    """The text of an error and of those it came from."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield str(one)
        one = one.__cause__ or one.__context__


def temporary_disk_sentence(written: Path) -> str | None:
    """What to say where it is the disk of temporary files that is full, not that of what is written; null otherwise.

    That is told by the room they have: the folder of temporary files is on another disk, and has less.
    """
    try:
        folder = Path(tempfile.gettempdir())
        there = next(path for path in (written, *written.absolute().parents) if path.exists())
        is_another = folder.stat().st_dev != there.stat().st_dev
        if not is_another or disk_usage(folder).free >= disk_usage(there).free:
            return None
    except OSError:
        return None
    return f"The disk of temporary files ({folder}) is full. Free some space, or set TMPDIR to a folder elsewhere."
