"""Streams a table's zip as frames of text columns, a block at a time; unreadable lines are set aside.

Format: tab-separated, header line, UTF-8. Tables since 2021 quote text (quotes inside doubled, line breaks and
tabs allowed inside) and so quote the header too; older ones quote nothing and write HTML entities. Columns are
found by their header name. All values stay text: ``NA`` is a country, leading zeros count.

Polars parses block by block. Only where that cannot be shown to have read every line as a whole record (a
wrong number of tabs, a quote inside a text that is not doubled, an error, a row that fails a check of the table) is
the block read again record by record, which finds the lines at fault; so what is read does not depend on where blocks
begin and end.
"""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce
from itertools import chain
from operator import and_
from pathlib import Path

import numpy as np
import polars as pl

from bri_pipeline.errors import UserError
from bri_pipeline.patentsview.columns import Table
from bri_pipeline.patentsview.exact_lines import LONGEST_RECORD_BYTES, Line, read_lines
from bri_pipeline.patentsview.zipped import inflated_blocks
from bri_pipeline.publication.entities import entity_text

BLOCK_BYTES = 4 << 20
COUNTED_BYTES = 1 << 17
LINES_REPORTED = 1000
EXCERPT_CHARACTERS = 200
_ODD_QUOTES_IN_TEXT = re.compile(rb'[^\t\r\n"]"(?:"")*[^\t\r\n"]')
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]*|#[0-9]+|#x[0-9A-Fa-f]+);")


@dataclass(frozen=True, slots=True)
class UnreadableLine:
    """A line of a table set aside: the file, the line's number (the header is line 1), why, how it begins."""

    file: str
    line: int
    reason: str
    excerpt: str


@dataclass(slots=True)
class Unreadable:
    """The unreadable lines of a table: how many, and the first thousand."""

    count: int = 0
    lines: list[UnreadableLine] = field(default_factory=list)

    def add(self, file: str, line: Line, reason: str) -> None:
        """Count a line, and keep it while there is room."""
        self.count += 1
        if len(self.lines) < LINES_REPORTED:
            excerpt = line.text[: 4 * EXCERPT_CHARACTERS].decode("utf-8", "replace")[:EXCERPT_CHARACTERS]
            self.lines.append(UnreadableLine(file, line.number, reason, excerpt.rstrip("\r\n")))


class TableReader:
    """Reads one table of a folder once, front to back; ``unreadable`` grows while ``frames`` is consumed."""

    def __init__(self, folder: Path, table: Table, block_bytes: int = BLOCK_BYTES) -> None:
        self.path = table.path(folder)
        self.table = table
        self.unreadable = Unreadable()
        self.quoted = True
        self._block_bytes = block_bytes
        self._names: list[str] = []
        self._next_line = 2

    def frames(self) -> Iterator[pl.DataFrame]:
        """Frames, at least one, of text columns named as in the table's layout, without rows that fail a check.

        An optional column that the file does not have is null throughout. Empty text may be ``""`` or null.

        Raises:
            UserError: if the file is damaged, empty or lacks a column.
        """
        blocks = inflated_blocks(self.path, self._block_bytes)
        data = self._take_header(blocks)
        for block in chain([b""], blocks):
            frame, data = self._take(data + block, final=False)
            yield frame
        if data:
            frame, _ = self._take(data if data.endswith(b"\n") else data + b"\n", final=True)
            yield frame

    def _take_header(self, blocks: Iterator[bytes]) -> bytes:
        """Read the header line; returns what follows it."""
        data = b""
        while b"\n" not in data and (block := next(blocks, b"")):
            data += block
        line, _, rest = data.removeprefix(b"\xef\xbb\xbf").partition(b"\n")
        self.quoted = line.startswith(b'"')
        header = line.decode("utf-8", "replace").rstrip("\r")
        self._names = next(csv.reader([header], delimiter="\t"), [])
        if missing := [name for name in self.table.columns if name not in self._names]:
            raise UserError(
                f"{self.path} has no column {', '.join(missing)}; its header line is: "
                f"{', '.join(self._names)[:300] or 'empty'}. Put the table {self.table.name} of PatentsView's "
                "pre-grant product (PVPGPUBDIS) there, or write the column's name into its header line."
            )
        return rest

    def _take(self, data: bytes, final: bool) -> tuple[pl.DataFrame, bytes]:
        """The rows of all whole records at the beginning of the data, and the bytes left over."""
        end = _last_record_end(data, self.quoted)
        if len(data) - end < (1 if final else LONGEST_RECORD_BYTES):
            frame = self._parsed(data[:end])
            if frame is not None:
                self._next_line += _count(data, "\n", end)
                return frame, data[end:]
        return self._read_carefully(data, final)

    def _parsed(self, data: bytes) -> pl.DataFrame | None:
        """The rows as Polars reads them; None unless every one is certain to be whole and passes the checks."""
        if not data:
            return self._selected(pl.DataFrame(schema=dict.fromkeys(self._labels, pl.String)))
        if self.quoted and _holds_single_quote_in_text(data):
            return None
        last = self._labels[-1]
        wanted = {last, *(self._label(name) for name in self._present)}
        frame = self._read_csv(data, [label for label in self._labels if label in wanted])
        # A row with too few columns ends in nulls, and lacks tabs. One with too many has more tabs, but goes
        # unnoticed by Polars unless all columns are read; so only where no row ends in a null do the tabs tell.
        if frame is not None and frame[last].null_count():
            frame = self._read_csv(data, self._labels)
        if frame is None:
            return None
        separators = len(frame) * (len(self._labels) - 1)
        if _count(data, "\t", len(data)) != separators and _separators(data, self.quoted) != separators:
            return None
        frame = self._selected(frame)
        return frame if frame.select(self._passes.all()).item() else None

    def _read_csv(self, data: bytes, labels: list[str]) -> pl.DataFrame | None:
        try:
            return pl.read_csv(
                data,
                has_header=False,
                separator="\t",
                quote_char='"' if self.quoted else None,
                schema=dict.fromkeys(self._labels, pl.String),
                columns=labels,
            )
        except pl.exceptions.PolarsError:
            return None

    def _read_carefully(self, data: bytes, final: bool) -> tuple[pl.DataFrame, bytes]:
        lines = list(read_lines(data, len(self._names), self.quoted, self._next_line, final))
        faults = [(line, line.reason) for line in lines if line.reason]
        records = [line for line in lines if line.values]
        frame = self._selected(
            pl.DataFrame(
                [line.values for line in records],
                schema=dict.fromkeys(self._labels, pl.String),
                orient="row",
            )
        )
        passes = frame.select(self._passes).to_series()
        faults += [(records[index], self._failed_check(frame[index])) for index in passes.not_().arg_true()]
        for line, reason in sorted(faults, key=lambda fault: fault[0].number):
            self.unreadable.add(self.path.name, line, reason)
        self._next_line += sum(line.text.count(b"\n") for line in lines)
        return frame.filter(passes), data[sum(len(line.text) for line in lines) :]

    def _failed_check(self, row: pl.DataFrame) -> str:
        return next(
            reason for reason, passes in self.table.checks if not row.select(passes.fill_null(False)).item()
        )

    def _selected(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The layout's columns under their names, with entities resolved in tables old enough to have them."""
        frame = frame.select(
            pl.col(self._label(name)).alias(name)
            if name in self._names
            else pl.lit(None, pl.String).alias(name)
            for name in (*self.table.columns, *self.table.optional)
        )
        return frame if self.quoted else frame.with_columns(map(_without_entities, frame))

    @property
    def _present(self) -> list[str]:
        return [name for name in (*self.table.columns, *self.table.optional) if name in self._names]

    @property
    def _labels(self) -> list[str]:
        """Labels that are unique even if the header repeats a name."""
        return [f"column_{position}" for position in range(len(self._names))]

    def _label(self, name: str) -> str:
        return f"column_{self._names.index(name)}"

    @property
    def _passes(self) -> pl.Expr:
        return reduce(and_, (passes.fill_null(False) for _, passes in self.table.checks))


def _without_entities(column: pl.Series) -> pl.Series:
    """The texts with ``&Hcirc;`` and ``&#292;`` as characters; an ampersand that begins no entity stays."""
    texts = column.filter(column.str.contains(_ENTITY.pattern)).unique().to_list()
    return column.replace(texts, [_ENTITY.sub(_character, text) for text in texts]) if texts else column


def _character(entity: re.Match[str]) -> str:
    return html.unescape(entity[0]) if entity[0].startswith("&#") else entity_text(entity[0][1:-1])


def _last_record_end(data: bytes, quoted: bool) -> int:
    """Where the last whole record ends, if the data begin outside quotes; 0 if no record near the end does."""
    end = data.rfind(b"\n") + 1
    if not quoted:
        return end
    quotes = _count(data, '"', end)
    while end > 0 and quotes % 2:
        if len(data) - end > LONGEST_RECORD_BYTES:
            return 0
        before = data.rfind(b"\n", 0, end - 1) + 1
        quotes -= data.count(b'"', before, end)
        end = before
    return end


def _holds_single_quote_in_text(data: bytes) -> bool:
    """Whether an odd number of quotes has text before and behind it: not doubled, one ends the text too early.

    Two such rows would be taken for one, with all rows between them inside a text: Polars toggles at each quote, and so
    the number of tabs outside quotes is right.
    """
    three_in_a_row = False
    # In slices that fit the cache, two bytes over into the next.
    for start in range(0, len(data), COUNTED_BYTES):
        characters = np.frombuffer(data, np.uint8)[start : start + COUNTED_BYTES + 2]
        quotes = characters == ord('"')
        text = ~(quotes | (characters == ord("\t")) | (characters == ord("\n")) | (characters == ord("\r")))
        if (text[:-2] & quotes[1:-1] & text[2:]).any():
            return True
        three_in_a_row = three_in_a_row or bool((quotes[:-2] & quotes[1:-1] & quotes[2:]).any())
    return three_in_a_row and _ODD_QUOTES_IN_TEXT.search(data) is not None


def _count(data: bytes, character: str, end: int) -> int:
    """Occurrences before a position; in slices that fit the cache, twice as fast as bytes.count."""
    characters = np.frombuffer(data, np.uint8, end)
    slices = (characters[start : start + COUNTED_BYTES] for start in range(0, end, COUNTED_BYTES))
    return sum(int(np.count_nonzero(part == ord(character))) for part in slices)


def _separators(data: bytes, quoted: bool) -> int:
    """Tabs outside quotes."""
    if not quoted:
        return _count(data, "\t", len(data))
    characters = np.frombuffer(data, np.uint8)
    outside = np.bitwise_xor.accumulate(characters == ord('"')) == 0
    return int(np.count_nonzero((characters == ord("\t")) & outside))
