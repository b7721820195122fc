"""What makes a zip file unreadable: the one place that knows what a damaged zip can raise."""

from __future__ import annotations

import errno
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from bri_pipeline.errors import UserError
from bri_pipeline.files.inflate import LOCAL_HEADER_BYTES, inflated, is_encrypted

# A damaged directory leads to impossible positions in the file, and bz2 reports damage as an OSError without a number.
_ERRNO_OF_DAMAGE = (None, errno.EINVAL, errno.EOVERFLOW)

_UNPACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_PIECE_BYTES = 1 << 18


def zip_problem(path: Path, among: Callable[[str], bool] = lambda _: True) -> str | None:
    """What is wrong with a zip, members read through and their checksums compared; None if nothing is.

    A member in a compression that this program cannot unpack (Deflate64) is no damage: who reads the zip says so.

    Args:
        path: the zip.
        among: which members are read through, by their names; of the others only the zip's directory is read.

    Returns:
        A predicate such as "is damaged at ipab20130103.xml".

    Raises:
        OSError: the disk did not give the file's bytes, which says nothing about the zip.
    """
    with path.open("rb") as file:
        try:
            with zipfile.ZipFile(file) as archive:
                if not archive.namelist():
                    return "is empty"
                refuse_shared_bytes(archive)
                broken = next(
                    (
                        name
                        for member in archive.infolist()
                        if among(member.filename) and (name := _broken(archive, file, member))
                    ),
                    None,
                )
        except Exception as error:  # see damage_told_by
            return f"is damaged ({damage_told_by(error)})"
    return f"is damaged at {broken}" if broken else None


def refuse_shared_bytes(archive: zipfile.ZipFile) -> None:
    """Raise if members overlap: a small zip could say so that it holds terabytes.

    Raises:
        zipfile.BadZipFile: two of them do.
    """
    members = sorted(archive.infolist(), key=lambda member: member.header_offset)
    for member, following in pairwise(members):
        if member.header_offset + LOCAL_HEADER_BYTES + member.compress_size > following.header_offset:
            raise zipfile.BadZipFile(f"{member.filename} and {following.filename} share bytes")


def _broken(archive: zipfile.ZipFile, file: BinaryIO, member: zipfile.ZipInfo) -> str | None:
    """The member's name if its checksum is wrong; None if it is whole, or cannot be unpacked here."""
    if member.compress_type not in _UNPACKED:
        return None
    try:
        if member.compress_type == zipfile.ZIP_DEFLATED and not is_encrypted(member):
            for _ in inflated(file, member, _PIECE_BYTES):
                pass
            return None
        with archive.open(member) as stream:
            while stream.read(_PIECE_BYTES):
                pass
    except zipfile.BadZipFile:
        return member.filename
    return None


def damage_told_by(error: Exception) -> str:
    """What an exception met while reading a zip says of the zip.

    Bytes out of place make the reading libraries raise nearly anything (names that are no UTF-8, members that claim
    to be encrypted, negative positions), so every exception counts as damage but those of the disk.

    Raises:
        OSError: the error, if the disk failed.
    """
    if isinstance(error, OSError) and error.errno not in _ERRNO_OF_DAMAGE:
        raise error
    if isinstance(error, OSError) and error.errno:
        return "it points to a position outside the file"
    if isinstance(error, UnicodeDecodeError):
        return "the name of a member cannot be read"
    return str(error) or type(error).__name__


@contextmanager
def damage_as(worded: Callable[[str], UserError]) -> Iterator[None]:
    """Raise what reading a zip raises as ``worded`` puts it; the disk's failures and user errors pass as they are."""
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        raise worded(damage_told_by(error)) from error
