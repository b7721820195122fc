"""Ranked bars, with an interval where there is one, and the number at the end of each."""

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
    THIRD,
    Words,
    data,
    finished,
    names_at_left,
    text_width,
)

_ROW = 26


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its length, what is written at it, its interval; ``is_rest`` for what was summed up."""

    name: str
    value: float
    shown: str
    low: float | None = None
    high: float | None = None
    is_rest: bool = False


def ranked_bars(bars: Sequence[Bar], words: Words, width: int, color: str = NATION) -> dict[str, Any]:
    """Lying bars in the order given, names at the left; the whisker is the 95 % interval."""
    narrow = width <= NARROW
    names_width = min(max((text_width(bar.name) for bar in bars), default=0) + 10, 170 if narrow else 290)
    shown_width = max((text_width(bar.shown) for bar in bars), default=0) + 14
    rows = [
        {
            "place": place,
            "name": bar.name,
            "value": bar.value,
            "end": max(bar.value, bar.high or 0),
            "shown": bar.shown,
            "low": bar.low,
            "high": bar.high,
            "color": THIRD if bar.is_rest else color,
            "hint": words.hint(bar.name, value=bar.shown),
        }
        for place, bar in enumerate(bars)
    ]
    plot_width = max(width - names_width - shown_width - 6, 60)
    longest = max((max(bar.value, bar.high or 0) for bar in bars), default=0) or 1
    x = alt.Scale(domain=[0, longest], nice=False)
    y = alt.Y("place:O", axis=None, scale=alt.Scale(paddingInner=0.28, paddingOuter=0.1))
    base = alt.Chart(data(rows))
    layers = [
        base.mark_bar().encode(
            y=y,
            x=alt.X("value:Q", scale=x, axis=None),
            color=alt.Color("color:N", scale=None),
            description=alt.Description("hint:N"),
        ),
        base.mark_text(align="left", baseline="middle", dx=6, fontSize=TEXT, color=INK).encode(
            y=y, x=alt.X("end:Q", scale=x), text=alt.Text("shown:N")
        ),
        *names_at_left(rows, y, names_width, 8),
    ]
    if any(row["low"] is not None for row in rows):
        intervals = [row for row in rows if row["low"] is not None]
        layers.insert(
            1,
            alt.Chart(data(intervals))
            .mark_rule(color=INK, strokeWidth=1.4)
            .encode(y=y, x=alt.X("low:Q", scale=x), x2=alt.X2("high:Q")),
        )
    return finished(layers, words.description, plot_width, _ROW * max(len(rows), 1))


@dataclass(frozen=True)
class Pair:
    """A member's share in two scopes."""

    name: str
    first: float
    second: float
    first_shown: str
    second_shown: str


def compared(
    pairs: Sequence[Pair], names: tuple[str, str], colors: tuple[str, str], words: Words, width: int
) -> dict[str, Any]:
    """Two dots a row on one scale, joined by a line; the upper row names which colour is which scope."""
    names_width = min(
        max((text_width(pair.name) for pair in pairs), default=0) + 12, 150 if width <= NARROW else 230
    )
    order = [pair.name for pair in pairs]
    dots = [
        {"place": order.index(pair.name), "value": value, "shown": shown, "color": color, "hint": hint}
        for pair in pairs
        for value, shown, color, hint in (
            (
                pair.first,
                pair.first_shown,
                colors[0],
                words.hint(names[0], pair.name, value=pair.first_shown),
            ),
            (
                pair.second,
                pair.second_shown,
                colors[1],
                words.hint(names[1], pair.name, value=pair.second_shown),
            ),
        )
    ]
    lines = [
        {
            "place": place,
            "name": pair.name,
            "low": min(pair.first, pair.second),
            "high": max(pair.first, pair.second),
            "low_shown": pair.first_shown if pair.first <= pair.second else pair.second_shown,
            "high_shown": pair.second_shown if pair.first <= pair.second else pair.first_shown,
        }
        for place, pair in enumerate(pairs)
    ]
    largest = max((max(pair.first, pair.second) for pair in pairs), default=0) or 1
    x = alt.Scale(domain=[0, largest], nice=False)
    y = alt.Y("place:O", axis=None)
    rows = alt.Chart(data(lines))
    edge = 60
    layers = [
        rows.mark_rule(color=SOFT, strokeWidth=2).encode(
            y=y, x=alt.X("low:Q", scale=x, axis=None), x2=alt.X2("high:Q")
        ),
        rows.mark_text(align="right", baseline="middle", dx=-10, color=INK).encode(
            y=y, x=alt.X("low:Q", scale=x), text=alt.Text("low_shown:N")
        ),
        rows.mark_text(align="left", baseline="middle", dx=10, color=INK).encode(
            y=y, x=alt.X("high:Q", scale=x), text=alt.Text("high_shown:N")
        ),
        *names_at_left(lines, y, names_width, edge),
        alt.Chart(data(dots))
        .mark_circle(size=130, opacity=1)
        .encode(
            y=y,
            x=alt.X("value:Q", scale=x),
            color=alt.Color("color:N", scale=None),
            description=alt.Description("hint:N"),
        ),
    ]
    return finished(
        layers, words.description, max(width - names_width - 2 * edge, 90), 30 * max(len(pairs), 1)
    )
