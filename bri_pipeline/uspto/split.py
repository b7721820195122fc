"""Splits a weekly file into its documents.

A weekly file is many XML documents glued together, each with its own XML declaration. A document ends
where a line starts with ``<?xml ``; a file without any declaration is one document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

HEAD_BYTES = 1 << 24
"""A longer document (16 MiB) is cut to its head, which holds the bibliographic part."""

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


class Root(NamedTuple):
    """Name of the root element and the position of its start tag in the document."""

    name: bytes
    start: int


def split_documents(chunks: Iterable[bytes], head_bytes: int = HEAD_BYTES) -> Iterator[RawDocument]:
    """The documents of a stream in order, with number (from 0) and byte offset, in bounded memory.

    A byte order mark and blanks before the first document are not part of it; stretches of nothing but
    blanks, NUL and end-of-file bytes are no documents.
    """
    number = 0
    for offset, content, complete in _pieces(chunks, head_bytes):
        if offset == 0:
            bare = content.removeprefix(_BYTE_ORDER_MARK).lstrip(_BLANK)
            offset, content = len(content) - len(bare), bare
        if content[:1] == b"<" or content.strip(_BLANK):
            yield RawDocument(number, offset, content, complete)
            number += 1


def _pieces(chunks: Iterable[bytes], head_bytes: int) -> Iterator[tuple[int, bytes, bool]]:
    """Offset, bytes and completeness of every stretch between two boundaries."""
    head: bytes | None = None
    held, offset, searched = b"", 0, 0
    start = 0
    for chunk in chunks:
        held = held + chunk if held else chunk
        begin = 0
        while (cut := held.find(_BOUNDARY, searched)) >= 0:
            searched = cut + 1
            yield start, held[begin:searched] if head is None else head, head is None
            head, begin, start = None, searched, offset + searched
        if head is None and len(held) - begin > head_bytes:
            head = held[begin : begin + head_bytes]
        if head is not None:
            begin = max(begin, len(held) - len(_BOUNDARY) + 1)
        held, offset = held[begin:], offset + begin
        searched = max(0, len(held) - len(_BOUNDARY) + 1)
    if head is not None:
        yield start, head, False
    elif held:
        yield start, held, True


def find_root(content: bytes) -> Root | None:
    """The root element of a document, found on the bytes; None if there is no start tag after the prolog."""
    match = _PROLOG.match(content)
    return Root(match[1], match.end()) if match else None
