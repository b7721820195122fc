"""Splits a weekly file into its documents.

A weekly file is many XML documents glued together, each with its own XML declaration. A document ends
where a line starts with ``<?xml ``; a file without any declaration is one document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

HEAD_BYTES = 1 << 22
"""A longer document (4 MiB) is cut to its head, which holds the bibliographic part.

Parsing it whole could take hundreds of megabytes.
"""

_BOUNDARY = b"\n<?xml "
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_BLANK = b" \t\r\n\x00\x1a"

# Possessive repetition: the prolog of a broken document must not be tried in every possible division.
_PROLOG = re.compile(
    rb"""(?: \s++
           | <\?.*?\?>
           | <!--.*?-->
           | <!DOCTYPE (?: [^\[>"'] | "[^"]*+" | '[^']*+' )*+ (?: \[.*?\]\s*+ )? >
         )*+
         (?=<([A-Za-z_][\w.:-]*+))""",
    re.VERBOSE | re.DOTALL,
)


class RawDocument(NamedTuple):
    """The bytes of one document: where it stands in its stream, and whether it is all there."""

    number: int
    byte_offset: int
    content: bytes
    complete: bool


class Stretch(NamedTuple):
    """Documents that lie behind each other in one piece of memory.

    ``bounds`` are the positions in ``buffer`` where they begin, and the end of the last one; ``offset`` is
    the place of the buffer in the stream. A document that is not ``complete`` is alone in its stretch.
    """

    buffer: bytes
    offset: int
    bounds: list[int]
    complete: bool

    def document(self, place: int, number: int) -> RawDocument:
        """The document at a place of this stretch, as number so and so of the file."""
        begin, end = self.bounds[place], self.bounds[place + 1]
        return RawDocument(number, self.offset + begin, self.buffer[begin:end], self.complete)


class Root(NamedTuple):
    """Name of the root element, the position of its start tag, and all bytes up to just behind the name."""

    name: bytes
    start: int
    opening: bytes


def split_documents(
    chunks: Iterable[bytes], first_number: int = 0, head_bytes: int = HEAD_BYTES
) -> Iterator[RawDocument]:
    """The documents of a stream in order, with number and byte offset, in bounded memory."""
    number = first_number
    for stretch in split_stretches(chunks, head_bytes):
        for place in range(len(stretch.bounds) - 1):
            yield stretch.document(place, number)
            number += 1


def split_stretches(chunks: Iterable[bytes], head_bytes: int = HEAD_BYTES) -> Iterator[Stretch]:
    """The documents of a stream in order, as many at a time as lie in memory together.

    A byte order mark and blanks before the first document are not part of it; a stream of nothing but
    blanks, NUL and end-of-file bytes has no documents.
    """
    for stretch in _raw_stretches(chunks, head_bytes):
        if stretch.offset == 0:
            bare = stretch.buffer.removeprefix(_BYTE_ORDER_MARK).lstrip(_BLANK)
            first = len(stretch.buffer) - len(bare)
            bounds = [first, *(bound for bound in stretch.bounds[1:] if bound > first)]
            stretch = stretch._replace(bounds=bounds)
        if len(stretch.bounds) > 1:
            yield stretch


def _raw_stretches(chunks: Iterable[bytes], head_bytes: int) -> Iterator[Stretch]:
    held, offset = b"", 0  # the document not ended yet, and its place in the stream
    head: Stretch | None = None  # of a document too long to be held
    for chunk in chunks:
        searched = max(0, len(held) - len(_BOUNDARY) + 1)
        held = held + chunk if held else chunk
        starts = _document_starts(held, searched)
        if starts:
            if head:
                yield head
            bounds = starts if head else [0, *starts]
            yield Stretch(held, offset, bounds, True)
            head, held, offset = None, held[starts[-1] :], offset + starts[-1]
        if head is None and len(held) > head_bytes:
            head = Stretch(held[:head_bytes], offset, [0, head_bytes], False)
        if head:
            passed = max(0, len(held) - len(_BOUNDARY) + 1)
            held, offset = held[passed:], offset + passed
    if head or held:
        yield head or Stretch(held, offset, [0, len(held)], True)


def _document_starts(held: bytes, searched: int) -> list[int]:
    """Positions behind a line break where a document begins.

    Looks for the question mark, the rarest byte of the boundary, which is three times as fast as looking
    for the whole.
    """
    starts = []
    mark = held.find(b"?", searched + 2)
    while mark >= 0:
        if held.startswith(_BOUNDARY, mark - 2):
            starts.append(mark - 1)
        mark = held.find(b"?", mark + 1)
    return starts


def find_root(content: bytes) -> Root | None:
    """The root element of a document, found on the bytes; None if there is no start tag after the prolog."""
    match = _PROLOG.match(content)
    return Root(match[1], match.end(), content[: match.end(1) + 1]) if match else None
