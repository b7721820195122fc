"""Opens a USPTO file, zip or plain XML, as streams of bytes.

Weekly files are large (a full-text week inflates to about 1 GB), so nothing is ever held whole.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from bri_pipeline.errors import UserError
from bri_pipeline.files.inflate import inflated, is_encrypted
from bri_pipeline.files.packed import BEGINNING_BYTES, is_sgml, is_zip, may_be_week, packed_as, unreadable_as
from bri_pipeline.files.zip_damage import damage_as, refuse_shared_bytes
from bri_pipeline.visible import brief

# A chunk that stays in the processor's second-level cache is searched twice as fast.
CHUNK_BYTES = 1 << 18
_XML = ".xml"
_DEFLATE64 = 9  # as Windows makes zips above 2 GB
# Of a zip within a zip so much is held in memory, the rest on disk.
_UNIT_BYTES = 1 << 24
# Zips pack a zip hardly any further; one that shrank to less was made to fill the disk.
_MOST_TIMES = 20
_MOST_LEVELS = 3
_NAMES_SHOWN = 4
_LEFT_BEHIND = frozenset({".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"})
_FOLDERS_LEFT_BEHIND = frozenset(
    {"__MACOSX", "$RECYCLE.BIN", "System Volume Information", "lost+found", "@eaDir", "#recycle", "#snapshot"}
)


@dataclass(frozen=True, slots=True)
class XmlStream:
    """One XML stream of a file: the file itself, or a member of a zip (``member`` is its name).

    ``unreadable`` says why a member that may hold publications is none that can be read; its chunks are none then.
    """

    path: Path
    member: str | None
    chunks: Iterator[bytes]
    unreadable: str | None = None


def open_streams(path: Path, suffix: str = _XML) -> Iterator[XmlStream]:
    """The streams of a file: every member of a zip that ends in ``suffix``, in the zip's order, or the file itself.

    Members that are zips themselves (the Red Book's unit files) are opened, too; what file managers leave behind
    (``__MACOSX``, ``._...``, ``.DS_Store``, ``Thumbs.db``) is passed over. Members beside XML that may hold
    publications in another form (``.gz``, ``.sgm``) come as streams whose ``unreadable`` says why they cannot be read.
    A zip is recognised by its first bytes, whatever its name. Each stream must be read before the next one is taken.

    Raises:
        UserError: the file is missing or empty, is named ``.zip`` without being one, is a damaged or
            encrypted zip, or is a zip without XML. Damage inside a member shows when its stream is read.
    """
    try:
        with path.open("rb") as file:
            magic = file.read(BEGINNING_BYTES)
            if not magic:
                raise UserError(f"{path} is empty; download it again or remove it.")
            if is_zip(magic):
                yield from _zip_streams(path, file, suffix)
            elif packed := packed_as(magic):
                raise UserError(
                    f"{path} is {packed}, which is not opened: unpack it and give the .zip or .xml file."
                )
            elif path.suffix.lower() == ".zip":
                raise UserError(
                    f"{path} is not a zip file (it starts with {magic[:4]!r}, perhaps an error page saved under "
                    "that name); download it again or remove it."
                )
            else:
                file.seek(0)
                yield XmlStream(path, None, iter(lambda: file.read(CHUNK_BYTES), b""))
    except OSError as error:
        raise UserError(
            f"{path} cannot be read ({error.strerror or error}). Correct its name or its rights, or copy it again."
        ) from error


def is_read(member: str, suffix: str = _XML) -> bool:
    """Whether ``open_streams`` reads a member of a zip, and so compares its checksum."""
    if is_left_behind(member):
        return False
    base = member.replace("\\", "/").rpartition("/")[2]
    named = member.lower().endswith((suffix, ".zip"))
    return named or (suffix == _XML and may_be_week(base) and unreadable_as(base) is None)


def is_left_behind(name: str) -> bool:
    """Whether a file or member is none of the USPTO's but left behind by a file manager."""
    *folders, base = name.replace("\\", "/").split("/")
    is_inside = not _FOLDERS_LEFT_BEHIND.isdisjoint((*folders, base))
    return is_inside or base.startswith("._") or base.lower() in _LEFT_BEHIND


def _zip_streams(
    path: Path, file: BinaryIO, suffix: str, inside: str = "", level: int = 1
) -> Iterator[XmlStream]:
    with damage_as(partial(_damaged, path)):
        archive = zipfile.ZipFile(file)
        refuse_shared_bytes(archive)
    with archive:
        members = [member for member in archive.infolist() if is_read(member.filename, suffix)]
        if not members and not inside:
            raise UserError(_nothing_in(path, archive, suffix))
        if suffix == _XML:
            yield from _unreadable_members(path, archive, inside)
        for member in members:
            name = f"{inside}{member.filename}"
            chunks = _member_chunks(path, archive, file, member)
            if not member.filename.lower().endswith(".zip"):
                yield XmlStream(path, name, chunks)
                continue
            if level == _MOST_LEVELS or member.file_size > max(
                _UNIT_BYTES, _MOST_TIMES * member.compress_size
            ):
                raise UserError(
                    f"{path} is none of the USPTO's files: {name[:200]} is a zip {_MOST_LEVELS} levels deep, or one "
                    f"packed to less than a {_MOST_TIMES}th of its size; unpack it and give what you trust."
                )
            with SpooledTemporaryFile(max_size=_UNIT_BYTES) as unit:
                unit.writelines(chunks)
                unit.seek(0)
                yield from _zip_streams(path, cast(BinaryIO, unit), suffix, f"{name}/", level + 1)


def _unreadable_members(path: Path, archive: zipfile.ZipFile, inside: str) -> Iterator[XmlStream]:
    for member in archive.infolist():
        name = member.filename
        if is_read(name) or is_left_behind(name):
            continue
        if why := unreadable_as(name.rpartition("/")[2]):
            yield XmlStream(path, f"{inside}{name}", iter(()), f"{why} (it is in a zip)")


def _nothing_in(path: Path, archive: zipfile.ZipFile, suffix: str) -> str:
    if not archive.namelist():
        return f"{path} is a zip with nothing in it; download it again or remove it."
    names = [member.filename for member in archive.infolist() if not is_left_behind(member.filename)]
    said = f"{path} holds no {suffix} file among its {_members_in_words(archive)}"
    if suffix == _XML and any(map(is_sgml, names)):
        return (
            f"{said} but SGML, the form of grants before 2002, which is not read. Grants are read from 2002 on, "
            "publications of applications since they began in March 2001: remove the file, or begin later."
        )
    if suffix == _XML and any(name.lower().rpartition("/")[2].startswith("pftaps") for name in names):
        return (
            f"{said} but text, the form of grants of 1976 to 2001, which is not read. Grants are read from 2002 on: "
            "remove the file, or begin later."
        )
    why = next((why for name in names if (why := unreadable_as(name.rpartition("/")[2]))), None)
    if why is not None:
        return f"{said}; a member {why}."
    return f"{said}; give it as the USPTO publishes it (weekly files: ipa…, ipab…, pa…, pab…)."


def what_is_in(path: Path) -> str | None:
    """The members of a zip in words, such as ``2 members (readme.txt, data.csv)``; null for a file that is no zip."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _members_in_words(archive)
    except (OSError, zipfile.BadZipFile):
        return None


def _members_in_words(archive: zipfile.ZipFile) -> str:
    names = archive.namelist()
    counted = "1 member" if len(names) == 1 else f"{len(names):,} members"
    shown = [brief(name)[1:-1] for name in names[:_NAMES_SHOWN]] + ["..."] * (len(names) > _NAMES_SHOWN)
    return f"{counted} ({', '.join(shown)})" if names else counted


def _member_chunks(
    path: Path, archive: zipfile.ZipFile, file: BinaryIO, member: zipfile.ZipInfo
) -> Iterator[bytes]:
    if is_encrypted(member):
        raise UserError(f"{path} is encrypted ({member.filename}); unpack it and give the XML file.")
    with damage_as(lambda detail: _damaged(path, f"{member.filename}: {detail}")):
        try:
            if member.compress_type == zipfile.ZIP_DEFLATED:
                yield from inflated(file, member, CHUNK_BYTES)
            else:
                with archive.open(member) as stream:
                    yield from iter(lambda: stream.read(CHUNK_BYTES), b"")
        except NotImplementedError as error:
            named = "Deflate64" if member.compress_type == _DEFLATE64 else error
            raise UserError(
                f"{path} uses a zip compression this program cannot read ({member.filename}: {named}); "
                "unpack it and give the XML file."
            ) from error


def _damaged(path: Path, detail: str) -> UserError:
    return UserError(f"{path} is a damaged zip file ({detail}); download it again or remove it.")
