"""What occupies the path of a file or folder without being one: a pipe, whose opening blocks, a socket, a device."""

from __future__ import annotations

import errno
import stat
from collections.abc import Callable
from pathlib import Path

_NOTHING_THERE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}
A_FILE, A_FOLDER = "a file", "a folder"
_KINDS: tuple[tuple[Callable[[int], bool], str], ...] = (
    (stat.S_ISREG, A_FILE),
    (stat.S_ISDIR, A_FOLDER),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
)


def kind_at(path: Path) -> str | None:
    """What is at a path, links followed, in words such as ``a file`` or ``a named pipe``; null where nothing is."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        if error.errno in _NOTHING_THERE:
            return None
        raise
    return next((kind for is_kind, kind in _KINDS if is_kind(mode)), "a device")


def no_file_at(path: Path) -> str | None:
    """What is in the place of a file, such as ``a named pipe``; null for a file, and where nothing is."""
    kind = kind_at(path)
    return None if kind == A_FILE else kind
