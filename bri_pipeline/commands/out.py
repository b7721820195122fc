"""``--out``: what it names is replaced whole, and it does not lead to what a study is made of."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bri_pipeline.errors import UserError
from bri_pipeline.files.atomic import replacing
from bri_pipeline.home import StudyHome
from bri_pipeline.visible import brief


@contextmanager
def replaced(out: Path) -> Iterator[Path]:
    """Yield a temporary path that takes the place of the file when the block ends without an error.

    Raises:
        UserError: the file cannot be written.
    """
    try:
        if out.is_dir():  # the user's own, not to be set aside
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
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


def refuse_own_files(home: StudyHome, out: Path) -> None:
    """Refuse a place among the files that only a run writes; report and exports are for everybody.

    Raises:
        UserError: it is one.
    """
    try:
        target = out.expanduser().resolve()
    except (OSError, ValueError, RuntimeError):
        return  # writing to it says why it cannot be
    free = [folder.resolve() for folder in (home.report, home.exports)]
    if target.is_relative_to(home.root.resolve()) and not any(target.is_relative_to(one) for one in free):
        raise UserError(
            f"--out {out} is among the study's own files ({home.root}), which only a run writes. "
            "Name a file in another folder."
        )


def _cannot_be_written(out: Path, error: OSError) -> UserError:
    name, reason = brief(str(out), 300)[1:-1], error.strerror or error
    return UserError(f"--out {name} cannot be written ({reason}). Name another file or folder.")
