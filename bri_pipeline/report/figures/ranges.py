"""Ranges about a value: what a choice does to a number, and an advantage with its interval."""

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
    Words,
    at_pixels,
    data,
    finished,
    names_at_left,
    text_width,
)


@dataclass(frozen=True)
class Range:
    """A value with the ends of its range, and how the three are written."""

    name: str
    low: float
    value: float
    high: float
    shown: str
    low_shown: str = ""
    high_shown: str = ""


def ranges(
    rows: Sequence[Range],
    words: Words,
    width: int,
    reference: float,
    color: str = NATION,
    log: bool = False,
) -> dict[str, Any]:
    """One row a range: a line from low to high, a dot at the value, and a dashed line at the reference."""
    names_width = min(
        max((text_width(row.name) for row in rows), default=0) + 10, 150 if width <= NARROW else 280
    )
    shown_width = max((text_width(row.shown) for row in rows), default=0) + 12
    listed = [
        {
            "place": place,
            "name": row.name,
            "low": row.low,
            "value": row.value,
            "high": row.high,
            "shown": row.shown,
            "hint": words.hint(row.name, value=row.shown),
        }
        for place, row in enumerate(rows)
    ]
    ends = [reference, *(row.low for row in rows), *(row.high for row in rows)]
    low, high = min(ends), max(ends)
    room = (high - low) * 0.03 or 1
    scale = (
        alt.Scale(type="log", domain=[low / 1.1, high * 1.1], nice=False)
        if log
        else alt.Scale(domain=[low - room, high + room], nice=False)
    )
    plot_width = max(width - names_width - shown_width, 80)
    y = alt.Y("place:O", axis=None)
    base = alt.Chart(data(listed))
    layers = [
        alt.Chart(data([{"at": reference}]))
        .mark_rule(color=SOFT, strokeDash=[4, 3])
        .encode(x=alt.X("at:Q", scale=scale, axis=None)),
        base.mark_rule(color=color, strokeWidth=5, strokeOpacity=0.45).encode(
            y=y, x=alt.X("low:Q", scale=scale, axis=None), x2=alt.X2("high:Q")
        ),
        base.mark_circle(color=color, size=80, opacity=1).encode(
            y=y, x=alt.X("value:Q", scale=scale), description=alt.Description("hint:N")
        ),
        *names_at_left(listed, y, names_width, 8),
        base.mark_text(align="left", baseline="middle", xOffset=8, color=INK).encode(
            y=y, x=at_pixels(alt.XValue, plot_width), text=alt.Text("shown:N")
        ),
    ]
    return finished(layers, words.description, plot_width, 26 * max(len(rows), 1))
