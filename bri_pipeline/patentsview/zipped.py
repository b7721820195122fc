"""Reads the one file inside a zip as a stream of blocks, inflated with ISA-L and checked against its CRC."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

from isal import isal_zlib

from bri_pipeline.errors import UserError

READ_BYTES = 1 << 20


def inflated_blocks(path: Path, block_bytes: int) -> Iterator[bytes]:
    """The inflated bytes of the zip's only file in blocks of ``block_bytes`` or a little more.

    Inflating runs in a thread of its own, one block ahead (ISA-L lets go of the interpreter lock), so it goes
    on while the caller works on the block before.

    Raises:
        UserError: if the file is not a zip of one file, or is damaged.
    """
    blocks = _gathered(_inflated(path), block_bytes)
    with ThreadPoolExecutor(1, thread_name_prefix="inflate") as pool:
        pending = pool.submit(next, blocks, b"")
        while block := pending.result():
            pending = pool.submit(next, blocks, b"")
            yield block


def _gathered(pieces: Iterator[bytes], block_bytes: int) -> Iterator[bytes]:
    """The pieces joined into blocks of at least ``block_bytes``, but for the last."""
    gathered: list[bytes] = []
    size = 0
    for piece in pieces:
        gathered.append(piece)
        size += len(piece)
        if size >= block_bytes:
            yield b"".join(gathered)
            gathered, size = [], 0
    if size:
        yield b"".join(gathered)


def _inflated(path: Path) -> Iterator[bytes]:
    crc = 0
    try:
        member = _only_member(path)
        with path.open("rb") as file:
            _skip_local_header(file, member)
            for piece in _member_pieces(file, member):
                crc = isal_zlib.crc32(piece, crc)
                yield piece
        if crc != member.CRC:
            raise zipfile.BadZipFile("its checksum is wrong")
    except (zipfile.BadZipFile, isal_zlib.error, EOFError) as error:
        raise UserError(f"{path} is damaged ({error}). Download it again.") from error


def _only_member(path: Path) -> zipfile.ZipInfo:
    with zipfile.ZipFile(path) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) != 1:
        raise UserError(f"{path} holds {len(members)} files; a table's zip holds one. Download it again.")
    if members[0].compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or members[0].flag_bits & 1:
        raise UserError(f"{path} is encrypted or packed by another method than deflate. Zip the table again.")
    return members[0]


def _skip_local_header(file: BinaryIO, member: zipfile.ZipInfo) -> None:
    """Leave the file at the member's data; the lengths in the local header may differ from the directory's."""
    file.seek(member.header_offset)
    header = file.read(30)
    if len(header) < 30 or not header.startswith(b"PK\x03\x04"):
        raise zipfile.BadZipFile("its local header is broken")
    name_length, extra_length = (
        int.from_bytes(header[26:28], "little"),
        int.from_bytes(header[28:30], "little"),
    )
    file.seek(name_length + extra_length, 1)


def _member_pieces(file: BinaryIO, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The member's data inflated, in pieces of at most 1 MiB."""
    remaining = member.compress_size
    inflater = isal_zlib.decompressobj(-15) if member.compress_type == zipfile.ZIP_DEFLATED else None
    while inflater is None or not inflater.eof:
        data = inflater.unconsumed_tail if inflater else b""
        if not data:
            data = file.read(min(READ_BYTES, remaining))
            remaining -= len(data)
        piece = inflater.decompress(data, READ_BYTES) if inflater else data
        if piece:
            yield piece
        elif not data:
            if inflater and not inflater.eof:
                raise EOFError("it ends early")
            return
