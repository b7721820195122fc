"""What is costly to make and only read, made once for all worker processes of a test run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

_folder: Path | None = None


def share(folder: Path) -> None:
    """Set the folder of what is made: the same for every worker process, a new one for each run."""
    global _folder
    _folder = folder


def made_once(name: str, make: Callable[[Path], object]) -> Path:
    """The folder ``name``, filled by ``make`` in the process that asks first; the others wait for it.

    What is in it is read by all: copy what a test changes.
    """
    assert _folder is not None, "tests/conftest.py says where"
    folder, done = _folder / name, _folder / f"{name}.done"
    _folder.mkdir(parents=True, exist_ok=True)
    with FileLock(_folder / f"{name}.lock"):
        if not done.exists():
            folder.mkdir()
            make(folder)
            done.touch()
    return folder
