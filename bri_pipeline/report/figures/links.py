"""A network of two sides, provinces or cities and countries, as lines as wide as the patents they share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt

from bri_pipeline.report.figures.theme import (
    INK,
    NARROW,
    NATION,
    SCOPE,
    TEXT,
    Words,
    data,
    finished,
    limit_of,
    text_width,
)

_SIDES: tuple[tuple[int, Literal["left", "right"], int], ...] = ((0, "right", -9), (1, "left", 9))


@dataclass(frozen=True)
class Link:
    """A pair that invents together."""

    left: str
    right: str
    patents: int


def two_sided(
    links: Sequence[Link],
    left: Sequence[tuple[str, str]],
    right: Sequence[tuple[str, str]],
    words: Words,
    width: int,
) -> dict[str, Any]:
    """Nodes as (name, label) from top to bottom on each side, their links between them."""
    margins = [
        min(max((text_width(label) for _, label in side), default=0) + 12, 120 if width <= NARROW else 210)
        for side in (left, right)
    ]
    height = 27 * max(len(left), len(right), 1)
    at = [{name: (place + 0.5) / len(side) for place, (name, _) in enumerate(side)} for side in (left, right)]
    largest = max((link.patents for link in links), default=1)
    curves = [
        {
            "link": f"{link.left} {link.right}",
            "x": step / 12,
            "y": _bend(at[0][link.left], at[1][link.right], step / 12),
            "width": 0.6 + 15 * link.patents / largest,
            "hint": words.hint(f"{link.left} – {link.right}", value=f"{link.patents:,}"),
        }
        for link in links
        for step in range(13)
    ]
    nodes = [
        {"x": x, "y": at[side][name], "label": label, "color": color}
        for side, (x, names, color) in enumerate(((0.0, left, SCOPE), (1.0, right, NATION)))
        for name, label in names
    ]
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, 1], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[1, 0], nice=False))
    node = alt.Chart(data(nodes)).encode(x=x, y=y)
    limits = [
        limit_of((label for _, label in names), TEXT, room)
        for names, room in zip((left, right), margins, strict=True)
    ]
    labels = [
        node.transform_filter(f"datum.x == {side}")
        .mark_text(align=align, dx=dx, color=INK, limit=limits[side])
        .encode(text=alt.Text("label:N"))
        for side, align, dx in _SIDES
    ]
    lines = (
        alt.Chart(data(curves))
        .mark_line(color=NATION, strokeOpacity=0.45, strokeCap="butt")
        .encode(
            x=x,
            y=y,
            detail=alt.Detail("link:N"),
            strokeWidth=alt.StrokeWidth("width:Q", scale=None),
            description=alt.Description("hint:N"),
        )
    )
    dots = node.mark_circle(size=60, opacity=1).encode(color=alt.Color("color:N", scale=None))
    return finished([lines, dots, *labels], words.description, max(width - sum(margins) - 8, 80), height)


def _bend(start: float, end: float, way: float) -> float:
    """The height of a smooth curve that leaves and arrives level."""
    return start + (end - start) * way * way * (3 - 2 * way)
