"""Counts by year: bars over the bands of the stages, years that are not whole hatched; and lines of several groups."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from bri_pipeline.report.figures.theme import (
    BAND,
    HATCHED,
    INK,
    NARROW,
    NATION,
    SOFT,
    TEXT,
    Words,
    at_pixels,
    data,
    finished,
    text_width,
    two_lines,
)

Row = Mapping[str, Any]


def yearly_bars(
    series: Sequence[Row], stages: Sequence[Row], words: Words, width: int, color: str = NATION
) -> dict[str, Any]:
    """Upright bars.

    Args:
        series: rows with year, patents, is_whole, in order.
        stages: rows with stage, from_year, to_year; may be empty.
        words: what the figure says, for those who do not see it.
        width: WIDE or NARROW.
        color: of the bars.
    """
    years = [row["year"] for row in series]
    largest = max((row["patents"] for row in series), default=0) or 1
    plot_width, height = width - 48, 260
    x = alt.Scale(domain=[years[0] - 0.5, years[-1] + 0.5], nice=False)
    # a fifth of the height is kept for the names of the stages
    y = alt.Scale(domain=[0, largest * (1.28 if stages else 1.08)], nice=False)
    bars = [
        {
            "from": row["year"] - 0.4,
            "to": row["year"] + 0.4,
            "year": row["year"],
            "patents": row["patents"],
            "zero": 0,
            "shown": f"{row['patents']:,}"
            if text_width(f"{row['patents']:,}") < plot_width / len(years) + 3
            else "",
            "color": color if row["is_whole"] else HATCHED,
            "hint": words.hint(row["year"], value=f"{row['patents']:,}"),
        }
        for row in series
    ]
    chart = alt.Chart(data(bars))
    every = max(1, math.ceil(40 * len(years) / plot_width))
    axis = alt.Axis(
        values=years[::-1][::every][::-1], format="d", title=None, grid=False, tickSize=4, labelFlush=False
    )
    layers: list[Any] = [*_bands(stages, years, x, y, plot_width)]
    layers += [
        chart.mark_rect().encode(
            x=alt.X("from:Q", scale=x, axis=axis),
            x2=alt.X2("to:Q"),
            y=alt.Y(
                "patents:Q",
                scale=y,
                axis=alt.Axis(title=None, tickCount=4, tickMinStep=1, domain=False, ticks=False, format=",d"),
            ),
            y2=alt.Y2("zero:Q"),
            color=alt.Color("color:N", scale=None),
            description=alt.Description("hint:N"),
        ),
        chart.mark_text(baseline="bottom", dy=-3, fontSize=TEXT - 2, color=INK).encode(
            x=alt.X("year:Q", scale=x), y=alt.Y("patents:Q", scale=y), text=alt.Text("shown:N")
        ),
    ]
    return finished(layers, words.description, plot_width, height)


def _bands(
    stages: Sequence[Row], years: Sequence[int], x: alt.Scale, y: alt.Scale, plot_width: float
) -> list[Any]:
    bands = []
    for place, stage in enumerate(stages):
        first, last = max(stage["from_year"], years[0]), min(stage["to_year"], years[-1])
        if first <= last:
            room = plot_width * (last - first + 1) / len(years) - 6
            bands.append(
                {
                    "from": first - 0.5,
                    "to": last + 0.5,
                    "middle": (first + last) / 2,
                    "name": two_lines(str(stage["stage"]), room),
                    "shade": 1 if place % 2 == 0 else 0,
                }
            )
    if not bands:
        return []
    base = alt.Chart(data(bands))
    return [
        base.mark_rect(color=BAND).encode(
            x=alt.X("from:Q", scale=x),
            x2=alt.X2("to:Q"),
            y=at_pixels(alt.YValue, 0),
            y2=at_pixels(alt.Y2Value, "height"),
            opacity=alt.Opacity("shade:Q", scale=None),
        ),
        base.mark_text(baseline="top", fontSize=TEXT - 1, color=SOFT, lineBreak="\n").encode(
            x=alt.X("middle:Q", scale=x), y=at_pixels(alt.YValue, 6), text=alt.Text("name:N")
        ),
    ]


def grouped_lines(
    rows: Sequence[Row], groups: Mapping[str, str], words: Words, width: int, mark_year: int | None = None
) -> dict[str, Any]:
    """One line a group, named at its end; rows have year, group, value. ``groups``: name -> colour."""
    listed = [
        {**row, "hint": words.hint(row["group"], row["year"], value=f"{row['value']:,}")} for row in rows
    ]
    years = sorted({row["year"] for row in listed})
    # beside a narrow figure a name has half the room and two lines
    labels = {name: two_lines(name, 0 if width <= NARROW else math.inf) for name in groups}
    longest = max((text_width(line) for name in labels.values() for line in name.split("\n")), default=0)
    names_width = longest + 10
    ends = [next((row for row in reversed(listed) if row["group"] == name), None) for name in groups]
    largest = max((row["value"] for row in listed), default=0) or 1
    x = alt.Scale(domain=[years[0] - 0.4, years[-1] + 0.1], nice=False)
    y = alt.Scale(domain=[0, largest * 1.05], nice=False)
    color = alt.Color(
        "group:N", scale=alt.Scale(domain=list(groups), range=list(groups.values())), legend=None
    )
    plot_width = width - 52 - names_width
    every = max(1, math.ceil(40 * len(years) / plot_width))
    base = alt.Chart(data(listed))
    layers: list[Any] = [
        base.mark_line(strokeWidth=2.2).encode(
            x=alt.X(
                "year:Q",
                scale=x,
                axis=alt.Axis(
                    values=years[::-1][::every][::-1], format="d", title=None, grid=False, labelFlush=False
                ),
            ),
            y=alt.Y(
                "value:Q",
                scale=y,
                axis=alt.Axis(title=None, tickCount=4, tickMinStep=1, domain=False, ticks=False, format=",d"),
            ),
            color=color,
        ),
        base.mark_circle(size=26, opacity=1).encode(
            x=alt.X("year:Q", scale=x),
            y=alt.Y("value:Q", scale=y),
            color=color,
            description=alt.Description("hint:N"),
        ),
    ]
    lines = max(name.count("\n") + 1 for name in labels.values()) if labels else 1
    placed = _spread([row for row in ends if row], largest * 1.05, 260, lines)
    layers.append(
        alt.Chart(data([{**row, "label": labels[row["group"]]} for row in placed]))
        .mark_text(
            align="left", dx=6, dy=-7 * (lines - 1), baseline="middle", lineBreak="\n", lineHeight=TEXT + 1
        )
        .encode(x=alt.X("year:Q", scale=x), y=alt.Y("at:Q", scale=y), text=alt.Text("label:N"), color=color)
    )
    if mark_year is not None:
        layers.append(
            alt.Chart(data([{"year": mark_year - 0.5}]))
            .mark_rule(color=SOFT, strokeDash=[4, 3])
            .encode(x=alt.X("year:Q", scale=x))
        )
    return finished(layers, words.description, plot_width, 260)


def _spread(ends: Sequence[Row], largest: float, height: float, lines: int) -> list[dict[str, Any]]:
    """The ends of the lines with heights for their names, which have so many lines of text and do not overlap."""
    step = largest * (4 + 14 * lines) / height
    placed: list[dict[str, Any]] = []
    for row in sorted(ends, key=lambda row: float(row["value"])):
        at = float(row["value"])
        if placed and at < placed[-1]["at"] + step:
            at = placed[-1]["at"] + step
        placed.append({**row, "at": at})
    return placed
