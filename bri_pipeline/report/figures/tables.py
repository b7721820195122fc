"""Heat maps: two dimensions crossed, every cell with its number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from bri_pipeline.report.figures.theme import (
    INK,
    NARROW,
    NATION,
    SOFT,
    TEXT,
    Words,
    data,
    finished,
    limit_of,
    names_at_left,
    text_width,
)


@dataclass(frozen=True)
class Cell:
    """One crossing; ``shown`` is its text, ``value`` decides how dark it is."""

    row: str
    column: str
    value: float
    shown: str


def heat_map(
    cells: Sequence[Cell], rows: Sequence[str], columns: Sequence[str], words: Words, width: int
) -> dict[str, Any]:
    """Rows and columns in the order given, names of the columns slanted above."""
    narrow = width <= NARROW
    names_width = min(max((text_width(name) for name in rows), default=0) + 10, 120 if narrow else 200)
    widest = max((text_width(name) for name in columns), default=0)
    side = (width - names_width - 40) / max(len(columns), 1)
    slanted = widest > side
    largest = max((cell.value for cell in cells), default=0) or 1
    values = [
        {
            "row": cell.row,
            "column": cell.column,
            "shown": cell.shown,
            "shade": 0.62 * (cell.value / largest) ** 0.6 if cell.value else 0.0,
            "hint": words.hint(cell.row, cell.column, value=cell.shown or "0"),
        }
        for cell in cells
    ]
    y = alt.Y("row:N", sort=list(rows), scale=alt.Scale(domain=list(rows)), axis=None)
    base = alt.Chart(data(values)).encode(
        x=alt.X(
            "column:N",
            sort=list(columns),
            scale=alt.Scale(domain=list(columns)),
            axis=alt.Axis(
                orient="top",
                title=None,
                labelAngle=-40 if slanted else 0,
                labelAlign="left" if slanted else "center",
                ticks=False,
                domain=False,
                labelColor=INK,
                labelPadding=6,
                labelLimit=limit_of(columns, TEXT - 1, 150),
                labelOverlap=False,
            ),
        ),
        y=y,
    )
    layers = [
        base.mark_rect(fill=NATION, stroke=SOFT, strokeOpacity=0.25).encode(
            fillOpacity=alt.FillOpacity("shade:Q", scale=None), description=alt.Description("hint:N")
        ),
        base.mark_text(fontSize=TEXT - (2 if narrow else 1), color=INK).encode(text=alt.Text("shown:N")),
        *names_at_left([{"row": row, "name": row} for row in rows], y, names_width, 6),
    ]
    return finished(layers, words.description, side * len(columns), 26 * max(len(rows), 1))
