"""Rows as people and programs read them: a text table, CSV or JSON lines."""

from __future__ import annotations

import io
import json
import math
import re
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import IO, Any

from rich.box import Box
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.table import Table

from bri_pipeline.csv_text import plain_value, write_csv_rows
from bri_pipeline.visible import visible, visible_json

GAP = "  "
WIDEST_COLUMN = 1_000  # longer text is shown whole, but other rows are not padded to its width
LONGEST_WORD = 20  # a longer one, a path or a command, may be broken
MOST_ROWS_FITTED = 1_000  # rich takes about a tenth of a millisecond per cell
_RULE_BELOW_HEADING = Box("    \n    \n -  \n    \n    \n    \n    \n    \n")
_MARKDOWN = re.compile(r"[\\`|<>\[\]]")
# Bare addresses become links after escapes are resolved; a word joiner, which nobody sees, keeps them text.
_ADDRESS = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)", re.IGNORECASE)
_WORD_JOINER = "\u2060"
_BLANKS = re.compile(r"[ \t\r\n]+")


def markdown_text(text: str) -> str:
    """Text from outside as Markdown that shows it: no link, image, markup or cell of a table comes of it."""
    escaped = _MARKDOWN.sub(r"\\\g<0>", visible(text).replace("\n", " "))
    return _ADDRESS.sub(_WORD_JOINER, escaped)


def markdown_table(rows: Sequence[Mapping[str, Any]], cell: Callable[[Any], str]) -> str:
    """Rows as a Markdown table with the columns of the first one, ``cell`` making text of a value; empty for none."""
    if not rows:
        return ""
    names = list(rows[0])
    lines = ["| " + " | ".join(names) + " |", "|" + " --- |" * len(names)]
    for row in rows:
        texts = (markdown_text(cell(row[name])) for name in names)
        lines.append("| " + " | ".join(texts) + " |")
    return "\n".join(lines)


def terminal_width(stream: IO[str] | None = None) -> int | None:
    """Columns of the terminal that a stream (default: standard output) writes to; null for a file or a pipe."""
    stream = stream or sys.stdout
    return shutil.get_terminal_size().columns if stream.isatty() else None


def formatted(
    names: Sequence[str], rows: Sequence[Sequence[Any]], output: str, width: int | None = None
) -> str:
    """Rows as a text table, CSV, or JSON lines; ends with a line break. ``width`` as for ``text_table``."""
    if output == "json":
        lines = (json_line(dict(zip(names, row, strict=True))) for row in rows)
        return "".join(f"{line}\n" for line in lines)
    if output == "csv":
        buffer = io.StringIO()
        write_csv_rows(buffer, names, rows)
        return buffer.getvalue()
    count = f"({len(rows):,} row" + (")" if len(rows) == 1 else "s)")
    return f"{text_table(names, rows, width)}{count}\n"


def json_line(value: Any, indent: int | None = None) -> str:
    """A value as JSON that a terminal can show: what cannot be seen is escaped, other letters are not."""
    return visible_json(json.dumps(_json(value), ensure_ascii=False, indent=indent))


def _json(value: Any) -> Any:
    """The value in JSON's own types: decimals as numbers, what is no number as null, other types as text."""
    if isinstance(value, dict):
        return {str(name): _json(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_json(member) for member in value]
    if isinstance(value, Decimal):
        return _json(float(value))
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def text_table(names: Sequence[str], rows: Sequence[Sequence[Any]], width: int | None = None) -> str:
    """A heading, a rule, and a line per row: columns as wide as their widest cell, numbers to the right.

    Args:
        names: the heading.
        rows: values; one of several lines becomes one line.
        width: columns of the terminal, into which a wider table is folded, or written as a block per row where
            folding would break words; null for a file or a pipe, where every row stays one line and nothing is cut.
    """
    cells = [[_cell(value) for value in row] for row in rows]
    table = [[_cell(name) for name in names], *cells]
    right = [all(isinstance(row[n], int | float | None) for row in rows) for n in range(len(names))]
    widths = [min(max(cell_len(row[n]) for row in table), WIDEST_COLUMN) for n in range(len(names))]
    if width is not None and len(rows) <= MOST_ROWS_FITTED and sum(widths) + len(GAP) * len(names) > width:
        least = _least(table, widths, right, width)
        return _blocks(table, width) if least is None else _folded(table, least, right, width)
    lines = [table[0], ["-" * size for size in widths], *cells]
    return "".join(f"{_padded(line, widths, right)}\n" for line in lines)


def cut(text: str, width: int) -> str:
    """The text as one line, cut to a number of columns of the terminal."""
    line = visible(_BLANKS.sub(" ", text).strip())
    return line if cell_len(line) <= width else f"{set_cell_size(line, width - 1).rstrip()}…"


def _padded(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = []
    for cell, width, number in zip(cells, widths, right, strict=True):
        blanks = " " * (width - cell_len(cell))
        padded.append(blanks + cell if number else cell + blanks)
    return GAP.join(padded).rstrip()


def _folded(table: Sequence[Sequence[str]], least: Sequence[int], right: Sequence[bool], width: int) -> str:
    """The table inside the terminal: long text runs over several lines, numbers are never broken."""
    fitted = Table(
        box=_RULE_BELOW_HEADING, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style=""
    )
    for name, size, number in zip(table[0], least, right, strict=True):
        fitted.add_column(name, justify="right" if number else "left", min_width=size, overflow="fold")
    for row in table[1:]:
        fitted.add_row(*row)
    return _printed(fitted, width)


def _printed(table: Table, width: int) -> str:
    text = io.StringIO()
    console = Console(file=text, width=width, color_system=None, markup=False, highlight=False, emoji=False)
    console.print(table)
    return "".join(f"{line.rstrip()}\n" for line in text.getvalue().splitlines())


def _blocks(table: Sequence[Sequence[str]], width: int) -> str:
    """A block per row: a line per column that has a value, its name before it, long values over several lines."""
    blocks = []
    for row in table[1:]:
        block = Table.grid(padding=(0, len(GAP), 0, 0))
        block.add_column(no_wrap=True)
        block.add_column(overflow="fold")
        for name, cell in zip(table[0], row, strict=True):
            if cell:
                block.add_row(name, cell)
        blocks.append(_printed(block, width))
    return "".join(f"{block}\n" for block in blocks)


def _least(
    table: Sequence[Sequence[str]], widths: Sequence[int], right: Sequence[bool], width: int
) -> list[int] | None:
    """The narrowest each column may become: numbers and words whole; null where the terminal has no room for them."""
    words = [
        max(min(cell_len(word), LONGEST_WORD) for row in table for word in row[n].split(" "))
        for n in range(len(widths))
    ]
    for usual in (20, 12, 0):
        least = [
            size if number else min(size, max(usual, word))
            for size, number, word in zip(widths, right, words, strict=True)
        ]
        if sum(least) + len(GAP) * len(least) <= width:
            return least
    return None


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = f"{value:.6g}" if isinstance(value, float) else str(plain_value(value))
    return visible(_BLANKS.sub(" ", text).strip())
