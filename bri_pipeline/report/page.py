"""What a page is made of: sections of sentences, figures and tables, all in the page's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bri_pipeline.report.language import Language
from bri_pipeline.report.numbers import Kind

Row = Mapping[str, Any]
TOP = 10
# Rows of a long table that are printed; one whose rows are all shown at once is printed whole.
PRINTED = 40


@dataclass(frozen=True)
class Text:
    """A paragraph; a ``lead`` is what a reader in a hurry reads, a ``note`` is small."""

    text: str
    kind: Literal["lead", "text", "note"] = "text"
    block: str = "text"


@dataclass(frozen=True)
class Tiles:
    """Numbers in large type: (number, what it counts)."""

    tiles: Sequence[tuple[str, str]]
    block: str = "tiles"


@dataclass(frozen=True)
class Terms:
    """Words and what they mean; ``title`` heads the box."""

    title: str
    terms: Sequence[tuple[str, str]]
    anchor: str = ""
    block: str = "terms"


@dataclass(frozen=True)
class Commands:
    """Commands to copy, each with what it does."""

    commands: Sequence[tuple[str, str]]
    block: str = "commands"


@dataclass(frozen=True)
class Figure:
    """A drawing, wide and narrow, as SVG text; ``title`` says the finding and ``description`` every number."""

    name: str
    title: str
    description: str
    wide: str
    narrow: str
    color: str
    table: str
    trace: str = ""
    block: str = "figure"


@dataclass(frozen=True)
class Column:
    """A column of a table: its name in the rows, its heading, the kind of its values."""

    name: str
    heading: str
    kind: Kind = "text"


@dataclass(frozen=True)
class Table:
    """Rows as the page shows them: the first ``top`` at once, the rest behind a line to open.

    ``pinned`` rows come last and are always shown; ``source`` is the table they were read from.
    """

    anchor: str
    title: str
    source: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    trace: str = ""
    more: str = ""
    top: int = TOP
    pinned: Sequence[Row] = ()
    kind: str = ""
    block: str = "table"

    @property
    def first(self) -> Sequence[Row]:
        """The rows shown at once; all, if only a few would be left over."""
        return self.rows if len(self.rows) <= self.top + 2 else self.rows[: self.top]

    @property
    def others(self) -> Sequence[Row]:
        """The rows behind the line."""
        return self.rows[len(self.first) :]

    @property
    def unprinted(self) -> int:
        """How many rows a printed page leaves out; a few that are left over are printed too."""
        left = len(self.rows) - max(PRINTED, len(self.first))
        return left if left > 2 else 0

    @property
    def where(self) -> str:
        """Where all rows are: the CSV file beside the page, else the table they were read from."""
        return f"tables/{self.csv}.csv" if self.csv else self.source

    @property
    def csv(self) -> str:
        """Name of the CSV file beside the page that holds the table; empty if none does."""
        return self.source.removeprefix("marts.") if self.source.startswith("marts.") else ""


@dataclass(frozen=True)
class Fold:
    """Blocks behind a line to open."""

    title: str
    blocks: Sequence[Block]
    block: str = "fold"


Block = Text | Tiles | Terms | Commands | Figure | Table | Fold


@dataclass(frozen=True)
class Section:
    """A part of the page with a heading; ``anchor`` is its id."""

    anchor: str
    heading: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Banner:
    """A warning above everything else."""

    anchor: str
    title: str
    text: str
    is_bad: bool = False


@dataclass(frozen=True)
class Page:
    """One page: a scope in a language."""

    scope: str
    say: Language
    title: str
    subtitle: str
    banners: Sequence[Banner]
    sections: Sequence[Section]

    @property
    def name(self) -> str:
        """File name without ending, also that of the folder of its figures: ``CN-JS.en``."""
        return f"{self.scope}.{self.say.code}"

    @property
    def figures(self) -> list[Figure]:
        """Every figure of the page, in order."""
        return [
            block for section in self.sections for block in _flat(section.blocks) if isinstance(block, Figure)
        ]

    @property
    def tables(self) -> list[Table]:
        """Every table of the page, in order."""
        return [
            block for section in self.sections for block in _flat(section.blocks) if isinstance(block, Table)
        ]


def _flat(blocks: Sequence[Block]) -> list[Block]:
    return [
        inner for block in blocks for inner in (_flat(block.blocks) if isinstance(block, Fold) else [block])
    ]
