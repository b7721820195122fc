"""Geometry of the bar charts; ``charts.svg.j2`` draws it.

Drawn by hand as SVG rather than by a plotting library: text stays text (sharp, searchable, in the page's font),
the same tables give the same bytes, and nothing heavy is imported for two kinds of bars.
All lengths are in units of the SVG's viewBox, which are CSS pixels at full size.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDE, NARROW = 980, 360
_CHARACTER = 7.2  # mean width of a digit or letter at the charts' font size of 13
_GRID_LINES = 4


@dataclass(frozen=True)
class Bar:
    """A bar with what is written at it; ``value_label`` and ``label`` are empty where there is no room."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value_label: str
    hint: str
    partial: bool = False

    @property
    def middle(self) -> float:
        """Its centre, along the axis of the years."""
        return self.x + self.width / 2


@dataclass(frozen=True)
class Band:
    """A shaded period behind the bars."""

    x: float
    width: float
    label: str
    shaded: bool


@dataclass(frozen=True)
class GridLine:
    """A line at a round number."""

    position: float
    label: str


@dataclass(frozen=True)
class Chart:
    """All that is drawn, and a sentence that says it for those who do not see it."""

    width: float
    height: float
    left: float
    top: float
    bottom: float
    description: str
    bars: tuple[Bar, ...]
    grid: tuple[GridLine, ...]
    bands: tuple[Band, ...] = ()


def round_steps(largest: float) -> list[int]:
    """Round numbers from 0 up to or just beyond ``largest``, about four steps: 282 -> 0, 100, 200, 300."""
    if largest <= 0:
        return [0, 1]
    rough = max(largest / _GRID_LINES, 1)
    power = 10 ** math.floor(math.log10(rough))
    step = next(int(power * factor) for factor in (1, 2, 5, 10) if power * factor >= rough)
    return list(range(0, math.ceil(largest / step) * step + 1, step))


def yearly_chart(
    series: Sequence[Mapping[str, Any]], stages: Sequence[Mapping[str, Any]], title: str, width: int
) -> Chart:
    """Upright bars, one a year, over bands for the stages.

    Args:
        series: rows of marts.by_year (year, patents, is_whole), in order.
        stages: rows with stage, from_year, to_year; may be empty.
        title: what is counted, for the description.
        width: WIDE or NARROW.
    """
    height, bottom, top = 260.0, 228.0, 44.0 if stages else 22.0
    steps = round_steps(max((row["patents"] for row in series), default=0))
    left = 8 + _CHARACTER * len(f"{steps[-1]:,}")
    slot = (width - left - _CHARACTER) / max(len(series), 1)
    every = max(1, math.ceil(_CHARACTER * 5.4 / slot))
    scale = (bottom - top) / steps[-1]
    bars = [
        Bar(
            x=left + slot * place + slot * 0.12,
            y=bottom - scale * row["patents"],
            width=slot * 0.76,
            height=scale * row["patents"],
            label=str(row["year"]) if (len(series) - 1 - place) % every == 0 else "",
            value_label=_if_room(f"{row['patents']:,}", slot),
            hint=f"{row['year']}: {row['patents']:,}" + ("" if row["is_whole"] else " (part of the year)"),
            partial=not row["is_whole"],
        )
        for place, row in enumerate(series)
    ]
    grid = [GridLine(bottom - scale * step, f"{step:,}") for step in steps]
    bands = _bands(stages, [row["year"] for row in series], left, slot)
    return Chart(
        width, height, left, top, bottom, _yearly_words(title, series), tuple(bars), tuple(grid), bands
    )


def ranked_chart(rows: Sequence[tuple[str, int]], title: str, width: int = 480) -> Chart:
    """Lying bars, one a category, in the order given; names too long are cut, and whole in the bar's hint."""
    row_height, top, left = 32.0, 6.0, 204.0
    largest = max((number for _, number in rows), default=0)
    room = width - left - 12 - _CHARACTER * len(f"{largest:,}")
    bars = [
        Bar(
            x=left,
            y=top + row_height * place + 5,
            width=room * number / largest if largest else 0,
            height=row_height - 10,
            label=_cut(name, int((left - 10) / _CHARACTER) + 2),
            value_label=f"{number:,}",
            hint=f"{name}: {number:,}",
        )
        for place, (name, number) in enumerate(rows)
    ]
    words = f"{title}. " + ", ".join(f"{name} {number:,}" for name, number in rows) + "."
    bottom = top + row_height * len(rows)
    return Chart(width, bottom + 4, left, top, bottom, words, tuple(bars), ())


def _bands(
    stages: Sequence[Mapping[str, Any]], years: list[int], left: float, slot: float
) -> tuple[Band, ...]:
    bands = []
    for place, stage in enumerate(stages):
        inside = [year for year in years if stage["from_year"] <= year <= stage["to_year"]]
        if not inside:
            continue
        width = slot * len(inside)
        label = _cut(stage["stage"], int(width / _CHARACTER))
        bands.append(Band(left + slot * years.index(inside[0]), width, label, place % 2 == 0))
    return tuple(bands)


def _if_room(text: str, width: float) -> str:
    return text if _CHARACTER * (len(text) + 0.5) <= width else ""


def _cut(text: str, characters: int) -> str:
    return text if len(text) <= characters else text[: max(characters - 1, 1)].rstrip() + "…"


def _yearly_words(title: str, series: Sequence[Mapping[str, Any]]) -> str:
    return f"{title}. " + ", ".join(f"{row['year']}: {row['patents']:,}" for row in series) + "."
