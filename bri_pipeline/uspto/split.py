"""Splits a weekly file into its documents.

A weekly file is many XML documents glued together, each with its own XML declaration. A document ends where a
line starts with ``<?xml ``, where that follows the end of a tag, with or without blanks or a byte order mark
between them, and wherever ``<?xml version`` is; declarations in UTF-16 and UTF-32 end it, too. A file without any
declaration is one document, unless it holds several roots one behind the other (``split_further``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

HEAD_BYTES = 1 << 22
"""A longer document (4 MiB) is cut to its head, which holds the bibliographic part.

Parsing it whole could take hundreds of megabytes.
"""

ROOT_NAMES = (b"us-patent-application", b"us-patent-grant", b"patent-application-publication", b"PATDOC")
"""Roots of publications and grants."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_BLANK = b" \t\r\n\x00\x1a"
_BOUNDARY = b"\n<?xml "
_DECLARATION, _VERSION = b"<?xml", b"version"
_AFTER_DECLARATION_BYTES = (b" ", b"\t", b"\r", b"\n")
# How far around a question mark a declaration, and what may come before it, are looked for.
_LOOK_BYTES = 24
# Text as long as this after a document is not the rest of a line; it should have been read.
_OTHER_TEXT_BYTES = 200
_BETWEEN = frozenset(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe")
# Codec -> its byte order mark, the beginning of a declaration, and the place of the question mark in that.
_WIDE = {
    codec: (mark, "<?xml".encode(codec), "<?xml".encode(codec).index(b"?"))
    for codec, mark in (
        ("utf-32-le", b"\xff\xfe\x00\x00"),
        ("utf-32-be", b"\x00\x00\xfe\xff"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
    )
}

# In this order a declaration that is found is found with all its bytes.
_WIDE_LONGEST_FIRST = ("utf-32-be", "utf-16-be", "utf-32-le", "utf-16-le")

_ANY_DECLARATION = re.compile(r"<\?xml\s[^>]*\?>")
_UTF_8_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>'

_ROOTS = b"|".join(ROOT_NAMES)
_MARKS = re.compile(
    rb"(?P<prolog><\?xml\s|<!DOCTYPE\s)|(?P<root><(?:%b)(?=[\s>]))|(?P<end></(?:%b)\s*>)" % (_ROOTS, _ROOTS)
)

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


# Comments and processing instructions may follow the root.
_EPILOG = re.compile(rb"<!--.*?-->|<\?(?!xml\s).*?\?>", re.DOTALL)


class RawDocument(NamedTuple):
    """The bytes of one document, its position in the stream, and whether it is complete."""

    number: int
    byte_offset: int
    content: bytes
    complete: bool


class Stretch(NamedTuple):
    """Documents that follow each other in one piece of memory.

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
    """The documents of a stream in order, as many at a time as are in memory together.

    A byte order mark and blanks before the first document are not part of it; a stream of nothing but
    blanks, NUL and end-of-file bytes has no documents.
    """
    for stretch in _raw_stretches(chunks, head_bytes):
        if stretch.offset == 0 and wide_encoding(stretch.buffer) is None:
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
        searched = max(0, len(held) - _LOOK_BYTES)
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
            passed = max(0, len(held) - 2 * _LOOK_BYTES)
            held, offset = held[passed:], offset + passed
    if head or held:
        yield head or Stretch(held, offset, [0, len(held)], True)


def _document_starts(held: bytes, searched: int) -> list[int]:
    """Positions where a document begins behind another.

    Looks for the question mark, the rarest byte of a declaration, which is three times as fast as looking
    for the whole.
    """
    starts: list[int] = []
    mark = held.find(b"?", searched)
    while mark >= 0:
        if held.startswith(_BOUNDARY, mark - 2):
            start = mark - 1
        else:
            start = -1 if held.startswith(b"?>", mark) else _start_around(held, mark)
        if start > 0 and start >= searched - _LOOK_BYTES and start not in starts[-1:]:
            starts.append(start)
        mark = held.find(b"?", mark + 1)
    return starts


def _start_around(held: bytes, mark: int) -> int:
    """Where the document begins whose declaration has a question mark there; -1 if there is none."""
    if held.startswith(_DECLARATION, mark - 1):
        start = mark - 1
        begins = held[mark + 4 : mark + 5] in _AFTER_DECLARATION_BYTES
        is_set_apart = held[start - 1 : start] == b"\n" or _is_behind_tag(held, start)
        return start if begins and (is_set_apart or held.startswith(_VERSION, mark + 5)) else -1
    if 0 not in held[max(0, mark - 1) : mark + 2]:
        return -1
    return _wide_start(held, mark)


def _wide_start(held: bytes, mark: int) -> int:
    """The same for a declaration in UTF-16 or UTF-32.

    Without a byte order mark the orders of bytes look alike; the document before decides, if it is as wide.
    """
    for byte_order_mark, declaration, place in _WIDE.values():
        start = mark - place
        if start > 0 and held.startswith(declaration, start) and held.endswith(byte_order_mark, 0, start):
            return start - len(byte_order_mark)
    own = wide_encoding(held)
    for codec in [own] if own else _WIDE_LONGEST_FIRST:
        _, declaration, place = _WIDE[codec]
        start = mark - place
        aligned = own is None or start % _width(codec) == 0
        if start > 0 and aligned and held.startswith(declaration, start) and _is_behind_tag(held, start):
            return start
    return -1


def _width(codec: str) -> int:
    return 4 if codec.startswith("utf-32") else 2


def _is_behind_tag(held: bytes, start: int) -> bool:
    """Whether a tag, or a line after a byte order mark, ends before a position, with nothing of note between."""
    before = start
    while before > max(0, start - _LOOK_BYTES) and held[before - 1] in _BETWEEN:
        before -= 1
    return before == 0 or held[before - 1 : before] == b">"


def wide_encoding(content: bytes) -> str | None:
    """The codec of content in UTF-16 or UTF-32, by its byte order mark or declaration; None for any other."""
    for codec, (byte_order_mark, declaration, _) in _WIDE.items():
        if content.startswith((byte_order_mark, declaration)):
            return codec
    return None


def split_further(document: RawDocument) -> list[RawDocument]:
    """The documents within one that are not set apart by declarations: each that begins or ends is one.

    Short text between them stays with the document before it; longer text, such as a document in EBCDIC, and markup of
    a document that hardly began, are one of their own. Documents in UTF-16 and UTF-32 come as UTF-8.
    """
    document = _in_utf8(document)
    content = document.content
    if not document.complete:
        return [document]
    starts = [0] if _is_single(content) else _starts_of_roots(content)
    starts = sorted({*starts, *_starts_of_other_text(content, [*starts, len(content)])})
    if len(starts) == 1:
        return [document]
    bounds = [*starts, len(content)]
    return [
        RawDocument(document.number + n, document.byte_offset + begin, content[begin:end], True)
        for n, (begin, end) in enumerate(pairwise(bounds))
    ]


def _in_utf8(document: RawDocument) -> RawDocument:
    """A document in UTF-16 or UTF-32 as UTF-8, with a declaration that says so; any other as it is."""
    codec = wide_encoding(document.content)
    if codec is None:
        return document
    whole = (
        len(document.content) // _width(codec) * _width(codec)
    )  # what glues it to the next document may be single bytes
    try:
        text = document.content[:whole].decode(codec).lstrip("\ufeff")
    except UnicodeDecodeError:
        return document  # the parser says that it is no XML
    bare = _ANY_DECLARATION.sub("", text, count=1)
    return document._replace(content=_UTF_8_DECLARATION + bare.encode("utf-8", "replace"))


def _is_single(content: bytes) -> bool:
    root = find_root(content)
    if root is None or root.name not in ROOT_NAMES:
        return False
    return content.count(b"<" + root.name) == 1 and content.count(b"</" + root.name) == 1


def _starts_of_other_text(content: bytes, bounds: list[int]) -> Iterator[int]:
    """Offsets of long text, or of broken markup, after the end of a document."""
    for begin, end in pairwise(bounds):
        closed = max((content.rfind(b"</" + name, begin, end) for name in ROOT_NAMES), default=-1)
        behind = content.find(b">", closed, end) + 1 if closed >= 0 else 0
        text = content[behind:end].strip(_BLANK + _BYTE_ORDER_MARK) if behind else b""
        if b"<" in text:
            text = _EPILOG.sub(b"", text).strip(_BLANK)
        if len(text) >= _OTHER_TEXT_BYTES or b"<" in text:
            yield behind


def _starts_of_roots(content: bytes) -> list[int]:
    starts = [0]
    closed, is_open, prolog = 0, False, -1
    for mark in _MARKS.finditer(content):
        position = mark.start()
        if mark["end"]:
            if not is_open and closed > starts[-1]:
                starts.append(closed)
            closed, is_open, prolog = mark.end(), False, -1
        elif mark["root"]:
            begin = prolog if prolog >= 0 else position
            if is_open or closed > starts[-1]:
                starts.append(begin)
            is_open, prolog = True, -1
        elif prolog < 0:
            prolog = position
    return starts


def find_root(content: bytes) -> Root | None:
    """The root element of a document, found on the bytes; None if there is no start tag after the prolog."""
    match = _PROLOG.match(content)
    return Root(match[1], match.end(), content[: match.end(1) + 1]) if match else None
