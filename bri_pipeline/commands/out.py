"""``--out``: what it names is replaced whole, and it does not lead to what a study is made of."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bri_pipeline.errors import UserError
from bri_pipeline.files.atomic import replacing
from bri_pipeline.files.disk import disk_sentence, names_no_disk, temporary_disk_sentence, texts_of
from bri_pipeline.files.object_storage import is_object
from bri_pipeline.home import StudyHome
from bri_pipeline.visible import brief

_IN_EVERY_HOME = ("warehouse.duckdb", "published.duckdb", ".lake.lock")


@contextmanager
def replaced(out: Path) -> Iterator[Path]:
    """Yield a temporary path that takes the place of the file when the block ends without an error.

    Raises:
        UserError: the file cannot be written.
    """
    try:
        if out.is_dir():  # the user's own, not to be set aside
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if out.exists() and not out.is_file():  # /dev/null would be a file from then on
            raise OSError(errno.EINVAL, "it is a device or a pipe, not a file")
        with replacing(out) as temporary:
            yield temporary
    except OSError as error:
        raise _cannot_be_written(out, error) from None
    except ValueError:
        raise UserError(f"--out {brief(str(out))} cannot be the name of a file. Name another one.") from None


def folder_for(home: StudyHome, out: Path | None, default: Path) -> Path:
    """The folder to write to: the default, or the one named, which is made.

    Raises:
        UserError: it cannot be made, or is among the study's own files.
    """
    if out is None:
        return default
    refuse_own_files(home, out)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot_be_written(out, error) from None
    except ValueError:
        raise UserError(
            f"--out {brief(str(out))} cannot be the name of a folder. Name another one."
        ) from None
    return out


def refuse_links(out: Path | None, *patterns: str) -> None:
    """Refuse to write through a link to a folder elsewhere; ``patterns`` name the folders written below ``--out``.

    Raises:
        UserError: one of them is a link.
    """
    found = [path for pattern in patterns for path in out.glob(pattern) if path.is_symlink()] if out else []
    if found:
        raise UserError(
            f"{found[0]} is a link, and what it leads to would be written to. Remove it, or name another folder."
        )


@contextmanager
def filling(out: Path | None) -> Iterator[None]:
    """Name the folder of ``--out`` where its disk is full or turns out not to be writable, whichever library says so.

    Raises:
        UserError: it is; without ``--out`` the error is left as it is.
    """
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        of_disk = [text for text in texts_of(error) if disk_sentence(text) and not names_no_disk(text)]
        if out is None or not of_disk:
            raise
        name = brief(str(out), 300)[1:-1]
        if full := temporary_disk_sentence(out):
            raise UserError(full) from None
        raise UserError(
            f"--out {name} cannot be written: its disk is full, or read-only. Free some space, or name another folder."
        ) from None


def refuse_own_files(home: StudyHome | None, out: Path, read: Sequence[Path] = ()) -> None:
    """Refuse to write over the files of a study, which only a run writes, or over files that are read.

    Anyone may write to a study's folders of reports and exports.

    Args:
        home: the study asked about; null for a command without one.
        out: file or folder to write to.
        read: files and folders that are read.

    Raises:
        UserError: it would be one of these.
    """
    try:
        target = out.expanduser().resolve()
        folders = [*_homes(home, target), *read]
    except (OSError, ValueError, RuntimeError):
        return  # writing to it says why it cannot be
    for folder in folders:
        if _is_below(target, folder) and not _may_be_written(folder, target):
            raise UserError(
                f"--out {out} is one of the files that are read here, or one of a study's own files, which only "
                f"a run writes ({folder}). Name a file in another folder."
            )


def _is_below(target: Path, folder: Path) -> bool:
    try:
        return target.is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):  # a link to itself is nobody's folder
        return False


def _homes(home: StudyHome | None, target: Path) -> Iterator[Path]:
    """The folders of the study, its file and what it names, and the home of any other that the target is in."""
    if home is not None:
        study = home.study
        papers = study.papers.path if study.papers else None
        kept = (home.root, home.lake, study.source.path, study.path, study.expected, study.alliances, papers)
        yield from (one for one in kept if one and not is_object(one))
    for folder in target.parents:
        if any((folder / name).is_file() for name in _IN_EVERY_HOME):
            yield folder


def _may_be_written(folder: Path, target: Path) -> bool:
    return any(target.is_relative_to((folder / name).resolve()) for name in ("report", "exports"))


def _cannot_be_written(out: Path, error: OSError) -> UserError:
    name, reason = brief(str(out), 300)[1:-1], error.strerror or error
    return UserError(f"--out {name} cannot be written ({reason}). Name another file or folder.")
