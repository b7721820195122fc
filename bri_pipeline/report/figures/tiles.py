"""Provinces as tiles in their approximate positions, without drawn borders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt

from bri_pipeline.csv_rows import converted_rows
from bri_pipeline.report.figures.theme import (
    INK,
    NATION,
    SCOPE,
    SOFT,
    TEXT,
    Words,
    data,
    finished,
    limit_of,
    text_width,
)
from bri_pipeline.resources import resource_dir


@dataclass(frozen=True)
class Tile:
    """A province in the grid: its ISO code, its name, what it has, and how that is written below the name."""

    province: str
    name: str
    value: float
    shown: str
    is_focus: bool


@cache
def tile_places() -> dict[str, tuple[int, int]]:
    """Column and row of each province of China."""
    rows = converted_rows(
        resource_dir("data/reference") / "cn_tiles.csv", {"iso": str, "column": int, "row": int}
    )
    return {row["iso"]: (row["column"], row["row"]) for row in rows}


def _longest_word(name: str) -> float:
    return max(text_width(word) for word in name.split())


def tile_grid(tiles: Sequence[Tile], words: Words, width: int) -> dict[str, Any]:
    """One square a province, in its approximate position; the darker, the more. The province in focus is outlined."""
    places = tile_places()
    side = min(width / 9.2, 68)
    size = 9 if side < 50 else 11
    # short codes for all where one name is too long for a line of its tile
    short = any(_longest_word(tile.name) * size / TEXT > side + 2 for tile in tiles)
    names = {tile.province: tile.province.partition("-")[2] if short else tile.name for tile in tiles}
    wide = {code for code, name in names.items() if text_width(name) * size / TEXT > side + 2}
    largest = max((tile.value for tile in tiles), default=0) or 1
    rows = [
        {
            "column": places[tile.province][0],
            "row": places[tile.province][1],
            "name": names[tile.province].replace(" ", "\n")
            if tile.province in wide
            else names[tile.province],
            "lines": 2 if tile.province in wide else 1,
            "shown": tile.shown,
            "shade": 0.04 + 0.56 * (tile.value / largest) ** 0.5 if tile.value else 0.0,
            "outline": SCOPE if tile.is_focus else SOFT,
            "line": 3 if tile.is_focus else 0.6,
            "hint": words.hint(tile.name, value=tile.shown or "0"),
        }
        for tile in tiles
        if tile.province in places
    ]
    base = alt.Chart(data(rows)).encode(
        x=alt.X("column:O", axis=None, scale=alt.Scale(padding=0.06, domain=list(range(9)))),
        y=alt.Y("row:O", axis=None, scale=alt.Scale(padding=0.06, domain=list(range(8)))),
    )
    limit = limit_of((str(row["name"]) for row in rows), size, side - 4)
    # a second line needs the room above the first
    labels = [
        base.transform_filter(f"datum.lines == {lines}")
        .mark_text(lineBreak="\n", dy=-side * above, fontSize=size, color=INK, limit=limit)
        .encode(text=alt.Text("name:N"))
        for lines, above in ((1, 0.16), (2, 0.29))
    ]
    layers = [
        base.mark_rect(fill=NATION).encode(
            fillOpacity=alt.FillOpacity("shade:Q", scale=None),
            stroke=alt.Stroke("outline:N", scale=None),
            strokeWidth=alt.StrokeWidth("line:Q", scale=None),
            description=alt.Description("hint:N"),
        ),
        *labels,
        base.mark_text(
            dy=side * 0.19, fontSize=10 if side < 50 else TEXT, fontWeight="bold", color=INK
        ).encode(text=alt.Text("shown:N")),
    ]
    return finished(layers, words.description, side * 9, side * 8)
