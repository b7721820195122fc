"""Reads the table inside a zip as a stream of blocks."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bri_pipeline.errors import UserError
from bri_pipeline.files.stream import open_streams


def inflated_blocks(path: Path, block_bytes: int) -> Iterator[bytes]:
    """The inflated bytes of the zip's only TSV file in blocks of ``block_bytes`` or a little more.

    Inflating runs in a thread of its own, one block ahead (ISA-L lets go of the interpreter lock), so it goes
    on while the caller works on the block before.

    Raises:
        UserError: if the file is neither a TSV file nor a zip of one, or is damaged.
    """
    blocks = _gathered(_inflated(path), block_bytes)
    with ThreadPoolExecutor(1, thread_name_prefix="inflate") as pool:
        pending = pool.submit(next, blocks, b"")
        while block := pending.result():
            pending = pool.submit(next, blocks, b"")
            yield block


def _inflated(path: Path) -> Iterator[bytes]:
    for number, stream in enumerate(open_streams(path, ".tsv")):
        if number:
            raise UserError(f"{path} holds more than one table, {stream.member} too. Download it again.")
        yield from stream.chunks


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
