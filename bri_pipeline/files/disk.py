"""Full, read-only and failing disks, whichever library met them first: the one place that knows their words."""

from __future__ import annotations

import re
from collections.abc import Iterator

_FULL = re.compile(
    r"no space left on device|disk is full|disk quota exceeded|os error 28\b|errno 28\b|could not write all bytes",
    re.IGNORECASE,
)
_READ_ONLY = re.compile(
    r"read-only file system|readonly database|os error 30\b|errno 30\b|unable to open database file",
    re.IGNORECASE,
)
# SQLite says so also when a full disk has no room for its shared memory file.
_FAILING = re.compile("disk I/O error", re.IGNORECASE)
KEPT = "What was published stays as it was; the next run continues this one."


def disk_sentence(text: str, where: str = "BRI_HOME") -> str | None:
    """What to tell the user if an error's text says that a disk is full, cannot be written to or fails; else null."""
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
    return None


def texts_of(error: BaseException) -> Iterator[str]:
    """The text of an error and of those it came from."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield str(one)
        one = one.__cause__ or one.__context__
