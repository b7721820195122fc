"""Where the partners are, as dots on the land of the world; provinces as tiles, without drawn borders."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

import altair as alt

from bri_pipeline.csv_rows import converted_rows
from bri_pipeline.report.figures.theme import (
    INK,
    LAND,
    NARROW,
    NATION,
    SCOPE,
    SOFT,
    TEXT,
    Words,
    data,
    finished,
    text_width,
)
from bri_pipeline.resources import resource_dir

Point = tuple[float, float]
Box = tuple[float, float, float, float]
# so many partners have their name on the map even where it covers smaller dots
_ALWAYS = 3


@dataclass(frozen=True)
class Dot:
    """A partner on the map: ``patents`` decides its area."""

    country: str
    name: str
    patents: int


@dataclass(frozen=True)
class Tile:
    """A province in the grid: its ISO code, its name, what it has, and how that is written below the name."""

    province: str
    name: str
    value: float
    shown: str
    is_focus: bool


@cache
def country_points() -> dict[str, Point]:
    """Latitude and longitude of the capital of each country or territory."""
    rows = converted_rows(
        resource_dir("data/reference") / "country_points.csv",
        {"iso2": str, "latitude": float, "longitude": float},
    )
    return {row["iso2"]: (row["latitude"], row["longitude"]) for row in rows}


@cache
def tile_places() -> dict[str, tuple[int, int]]:
    """Column and row of each province of China."""
    rows = converted_rows(
        resource_dir("data/reference") / "cn_tiles.csv", {"iso": str, "column": int, "row": int}
    )
    return {row["iso"]: (row["column"], row["row"]) for row in rows}


@cache
def _land() -> str:
    """The land of the world as TopoJSON; as text, which Altair does not copy value by value."""
    return (resource_dir("data/reference") / "land_110m.json").read_text(encoding="utf-8")


def world_map(dots: Sequence[Dot], words: Words, width: int, color: str = NATION) -> dict[str, Any]:
    """Dots with an area in proportion to the patents; the largest are named where names do not collide."""
    points = country_points()
    placed = [dot for dot in sorted(dots, key=lambda dot: -dot.patents) if dot.country in points]
    rows = [
        {
            "latitude": points[dot.country][0],
            "longitude": points[dot.country][1],
            "patents": dot.patents,
            "hint": words.hint(dot.name, value=f"{dot.patents:,}"),
        }
        for dot in placed
    ]
    height = round(width * 0.47)
    largest = max((dot.patents for dot in dots), default=1)
    area = 260 if width <= NARROW else 900
    gaps = {
        dot.country: round(math.sqrt((12 + (area - 12) * dot.patents / largest) / math.pi)) + 4
        for dot in placed
    }
    named = _named(placed, points, gaps, 4 if width <= NARROW else 9, width)
    land = alt.Chart(
        alt.InlineData(values=_land(), format=alt.TopoDataFormat(type="topojson", feature="land"))
    ).mark_geoshape(fill=LAND, stroke=None)
    base = alt.Chart(data(rows)).encode(
        longitude=alt.Longitude("longitude:Q"), latitude=alt.Latitude("latitude:Q")
    )
    circles = base.mark_circle(color=color, opacity=1, fillOpacity=0.75).encode(
        size=alt.Size("patents:Q", scale=alt.Scale(domain=[0, largest], range=[12, area]), legend=None),
        description=alt.Description("hint:N"),
    )
    names = [
        alt.Chart(data([row for row in named if (row["align"], row["gap"]) == (align, gap)]))
        .mark_text(align=align, dx=gap if align == "left" else -gap, fontSize=TEXT - 1, color=INK)
        .encode(
            longitude=alt.Longitude("longitude:Q"),
            latitude=alt.Latitude("latitude:Q"),
            text=alt.Text("name:N"),
        )
        for align, gap in sorted({(row["align"], row["gap"]) for row in named})
    ]
    chart = alt.layer(land, circles, *names).project(type="naturalEarth1", scale=width / 5.65, center=[0, 12])
    return finished(chart, words.description, width - 6, height)


def _named(
    dots: Sequence[Dot], points: Mapping[str, Point], gaps: Mapping[str, int], most: int, width: int
) -> list[dict[str, Any]]:
    """The first dots whose names have room, with the side their name is on and its distance in pixels."""
    degrees = 360 / width
    circles: list[Box] = []
    for dot in dots:
        (latitude, longitude), reach = points[dot.country], (gaps[dot.country] - 4) * degrees
        circles.append((longitude - reach, longitude + reach, latitude - reach, latitude + reach))
    names: list[Box] = []
    named: list[dict[str, Any]] = []
    for place, dot in enumerate(dots):
        latitude, longitude = points[dot.country]
        text = f"{dot.name} {dot.patents:,}"
        long = text_width(text) * degrees
        gap = gaps[dot.country]
        sides = [("left", longitude + gap * degrees), ("right", longitude - gap * degrees - long)]
        # a name covers no dot, but among many neighbours the first dots are named all the same
        avoided = [names + circles, names + circles[:1]] if place < _ALWAYS else [names + circles]
        for taken, (align, left) in product(avoided, sides):
            box = (left, left + long, latitude - 8 * degrees, latitude + 8 * degrees)
            if box[0] > -178 and box[1] < 178 and not any(_overlap(box, other) for other in taken):
                names.append(box)
                named.append(
                    {"latitude": latitude, "longitude": longitude, "name": text, "align": align, "gap": gap}
                )
                break
        if len(named) == most:
            break
    return named


def _overlap(one: Box, two: Box) -> bool:
    return one[0] < two[1] and two[0] < one[1] and one[2] < two[3] and two[2] < one[3]


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
    # a second line needs the room above the first
    labels = [
        base.transform_filter(f"datum.lines == {lines}")
        .mark_text(lineBreak="\n", dy=-side * above, fontSize=size, color=INK, limit=side - 4)
        .encode(text=alt.Text("name:N"))
        for lines, above in ((1, 0.16), (2, 0.29))
    ]
    chart = alt.layer(
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
    )
    return finished(chart, words.description, side * 9, side * 8)
