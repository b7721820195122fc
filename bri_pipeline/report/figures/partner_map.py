"""Where the partners are: dots on the part of the world they are in, and on Europe enlarged if it is crowded."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import altair as alt

from bri_pipeline.csv_rows import converted_rows
from bri_pipeline.report.figures.labels import Label, Line, Point, Spot, labels_of
from bri_pipeline.report.figures.theme import (
    INK,
    LAND,
    NARROW,
    NATION,
    SOFT,
    TEXT,
    Panel,
    Words,
    data,
    finished,
    panels,
    text_width,
)
from bri_pipeline.resources import resource_dir

Kind = Literal["naturalEarth1", "mercator"]
# Where most partners crowd, if they do: west, south, east, north in degrees.
EUROPE = (-11.0, 34.0, 41.0, 66.0)
_CROWD = 5
# Dots farther apart than this, from west to east, are shown on the whole world.
_WORLD = 220.0
# A part of the world is at least so wide and high, in radians of its projection, so that its land can be told.
_LEAST = (0.55, 0.42)
_WHOLE, _WHOLE_LATITUDE = (5.65, 2.65), 12.0
# Latitudes of the northernmost land and of the southernmost that is inhabited.
_ENDS = (84.0, -56.0)
# Mercator keeps the shape of a country, and makes the world's north too large: for parts of so many degrees.
_LOCAL = 75.0
# Partners so many degrees apart have a low picture as wide as there is room; two of them are one above the other.
_BESIDE = 160.0
_BETWEEN = 14
_MARGIN = 0.11
_LEAST_AREA = 12


@dataclass(frozen=True)
class Dot:
    """A partner on the map: ``patents`` decides its area."""

    country: str
    name: str
    patents: int


@dataclass(frozen=True)
class View:
    """A part of the world on so many pixels: the projection, turned to a meridian, enlarged and moved."""

    kind: Kind
    meridian: float
    scale: float
    x: float
    y: float
    width: float
    height: float

    def at(self, point: Point) -> Point:
        """The pixel of a latitude and longitude."""
        x, y = _projected(self.kind, point, self.meridian)
        return self.x + self.scale * x, self.y - self.scale * y

    def shows(self, point: Point) -> bool:
        """Whether a latitude and longitude are on the picture."""
        x, y = self.at(point)
        return 0 <= x <= self.width and 0 <= y <= self.height

    def point(self, pixel: Point) -> Point:
        """The latitude and longitude of a pixel, of a part in Mercator's projection."""
        x, y = (pixel[0] - self.x) / self.scale, (self.y - pixel[1]) / self.scale
        latitude = 2 * math.atan(math.exp(y)) - math.pi / 2
        return math.degrees(latitude), self.meridian + math.degrees(x)

    @property
    def projection(self) -> alt.Projection:
        """The same for Vega."""
        return alt.Projection(
            type=self.kind,
            rotate=[-self.meridian, 0],
            scale=self.scale,
            translate=[self.x, self.y],
            clipExtent=[[0, 0], [self.width, self.height]],
        )


@cache
def country_points() -> dict[str, Point]:
    """Latitude and longitude of the capital of each country or territory."""
    rows = converted_rows(
        resource_dir("data/reference") / "country_points.csv",
        {"iso2": str, "latitude": float, "longitude": float},
    )
    return {row["iso2"]: (row["latitude"], row["longitude"]) for row in rows}


@cache
def _land() -> str:
    """The land of the world as TopoJSON; as text, which Altair does not copy value by value."""
    return (resource_dir("data/reference") / "land_110m.json").read_text(encoding="utf-8")


def partner_map(
    dots: Sequence[Dot], words: Words, europe: str, width: int, color: str = NATION
) -> dict[str, Any]:
    """Dots with an area in proportion to the patents, named where there is room.

    Where Europe has many of them, and others are elsewhere, ``europe`` heads a second picture of it.
    """
    points = country_points()
    placed = [dot for dot in sorted(dots, key=lambda dot: -dot.patents) if dot.country in points]
    crowd = [dot for dot in placed if _is_in_europe(points[dot.country])]
    narrow = width <= NARROW
    room = width - 6.0
    drawing = _Drawing(words, color, 260 if narrow else 900, max((dot.patents for dot in dots), default=1))
    where = [points[dot.country] for dot in placed]
    is_wide = _span(where)[1] >= _BESIDE
    if len(crowd) < _CROWD or len(crowd) == len(placed):
        view = view_of(where, room, room * (0.5 if is_wide else 0.72 if narrow else 0.52))
        return finished(
            drawing.layers(placed, placed, view), words.description, view.width, view.height, view.projection
        )
    beside = not narrow and not is_wide
    first = (room * 0.55, 420.0) if beside else (room, room * (0.5 if is_wide else 0.72))
    second = (room * 0.45 - _BETWEEN, 420.0) if beside else (room, room * (1.05 if narrow else 0.6))
    main = view_of(where, *first)
    large = view_of([points[dot.country] for dot in crowd], *second)
    shown = [dot for dot in placed if large.shows(points[dot.country])]
    others = [dot for dot in placed if dot not in shown]
    outline = _outline(large, main)
    heading = ((0.0, 14.0), (text_width(europe) + 12, 14.0))
    parts = [
        ([*drawing.layers(placed, others, main, outline), _lines(outline)], main),
        ([*drawing.layers(shown, shown, large, [heading]), _heading(europe)], large),
    ]
    return panels(
        [Panel(layers, view.width, view.height, view.projection) for layers, view in parts],
        words.description,
        beside,
        _BETWEEN,
    )


def view_of(points: Sequence[Point], width: float, height: float) -> View:
    """The part of the world that shows all points, latitudes and longitudes, with room for names about them."""
    west, span = _span(points)
    if span > _WORLD or not points:
        scale = min(width / _WHOLE[0], height / _WHOLE[1])
        middle = _projected("naturalEarth1", (_WHOLE_LATITUDE, 0.0), 0.0)
        return View("naturalEarth1", 0.0, scale, width / 2, height / 2 + scale * middle[1], width, height)
    kind: Kind = "mercator" if span <= _LOCAL else "naturalEarth1"
    meridian = west + span / 2
    flat = [_projected(kind, point, meridian) for point in points]
    left, right = min(x for x, _ in flat), max(x for x, _ in flat)
    low, high = min(y for _, y in flat), max(y for _, y in flat)
    scale = min(
        width * (1 - 2 * _MARGIN) / max(right - left, _LEAST[0]),
        height * (1 - 2 * _MARGIN) / max(high - low, _LEAST[1]),
    )
    level = (low + high) / 2
    if kind == "naturalEarth1":  # nothing is drawn beyond the earth
        north, south = (_projected(kind, (end, 0.0), 0.0)[1] for end in _ENDS)
        level = max(min(level, north - height / 2 / scale), south + height / 2 / scale)
    return View(
        kind,
        meridian,
        scale,
        width / 2 - scale * (left + right) / 2,
        height / 2 + scale * level,
        width,
        height,
    )


@dataclass(frozen=True)
class _Drawing:
    """What the pictures of a map have in common; ``area`` is that of the largest dot, in square pixels."""

    words: Words
    color: str
    area: float
    largest: int

    def layers(
        self, dots: Sequence[Dot], named: Sequence[Dot], view: View, edges: Sequence[Line] = ()
    ) -> list[alt.Chart]:
        """The land, the dots, the names of those that are named as far as there is room between the edges."""
        points = country_points()
        rows = [
            {
                "latitude": points[dot.country][0],
                "longitude": points[dot.country][1],
                "patents": dot.patents,
                "hint": self.words.hint(dot.name, value=f"{dot.patents:,}"),
            }
            for dot in dots
        ]
        land = alt.Chart(
            alt.InlineData(values=_land(), format=alt.TopoDataFormat(type="topojson", feature="land"))
        ).mark_geoshape(fill=LAND, stroke=None)
        circles = (
            alt.Chart(data(rows))
            .mark_circle(color=self.color, opacity=1, fillOpacity=0.8, stroke=LAND, strokeWidth=1)
            .encode(
                longitude=alt.Longitude("longitude:Q"),
                latitude=alt.Latitude("latitude:Q"),
                size=alt.Size(
                    "patents:Q",
                    scale=alt.Scale(domain=[0, self.largest], range=[_LEAST_AREA, self.area]),
                    legend=None,
                ),
                description=alt.Description("hint:N"),
            )
        )
        return [land, circles, *_names(self._labels(dots, named, view, edges))]

    def _labels(
        self, dots: Sequence[Dot], named: Sequence[Dot], view: View, edges: Sequence[Line]
    ) -> list[Label]:
        points = country_points()
        spots = []
        for dot in dots:
            area = _LEAST_AREA + (self.area - _LEAST_AREA) * dot.patents / self.largest
            text = f"{dot.name} {dot.patents:,}" if dot in named else ""
            spots.append(Spot(*view.at(points[dot.country]), math.sqrt(area / math.pi), text))
        return labels_of(spots, TEXT - 1, view.width, view.height, edges)


def _names(labels: Sequence[Label]) -> list[alt.Chart]:
    layers = [
        alt.Chart(data([{"x": one.x, "y": one.y, "text": one.text} for one in labels if one.align == align]))
        .mark_text(align=align, baseline="middle", fontSize=TEXT - 1, color=INK)
        .encode(x=_pixel(alt.X, "x"), y=_pixel(alt.Y, "y"), text=alt.Text("text:N"))
        for align in sorted({one.align for one in labels})
    ]
    lines = [one.line for one in labels if one.line]
    return [*layers, _lines(lines)] if lines else layers


def _lines(lines: Sequence[Line]) -> alt.Chart:
    ends = [{"x": x, "y": y, "x2": x2, "y2": y2} for (x, y), (x2, y2) in lines]
    drawn: alt.Chart = (
        alt.Chart(data(ends))
        .mark_rule(color=SOFT, strokeWidth=0.8)
        .encode(x=_pixel(alt.X, "x"), y=_pixel(alt.Y, "y"), x2=alt.X2("x2:Q"), y2=alt.Y2("y2:Q"))
    )
    return drawn


def _outline(part: View, whole: View) -> list[Line]:
    """The edges of a part of the world on the picture of more of it."""
    corners = ((0.0, 0.0), (part.width, 0.0), (part.width, part.height), (0.0, part.height))
    ends = [whole.at(part.point(corner)) for corner in corners]
    return list(zip(ends, [*ends[1:], ends[0]], strict=True))


def _heading(text: str) -> alt.Chart:
    heading: alt.Chart = (
        alt.Chart(data([{"x": 6, "y": 6, "text": text}]))
        .mark_text(align="left", baseline="top", fontSize=TEXT, fontWeight="bold", color=INK)
        .encode(x=_pixel(alt.X, "x"), y=_pixel(alt.Y, "y"), text=alt.Text("text:N"))
    )
    return heading


def _pixel(channel: Callable[..., Any], column: str) -> Any:
    """A column that holds pixels."""
    return channel(f"{column}:Q", scale=None, axis=None)


def _is_in_europe(point: Point) -> bool:
    west, south, east, north = EUROPE
    return south <= point[0] <= north and west <= point[1] <= east


def _span(points: Sequence[Point]) -> tuple[float, float]:
    """The western end of all longitudes, and the degrees to the eastern one, the shorter way about the earth."""
    longitudes = sorted(longitude for _, longitude in points)
    if not longitudes:
        return 0.0, 0.0
    gaps = [
        (after - before, after)
        for before, after in zip(longitudes, [*longitudes[1:], longitudes[0] + 360], strict=True)
    ]
    widest, west = max(gaps)
    return west, 360 - widest


def _projected(kind: Kind, point: Point, meridian: float) -> Point:
    """A latitude and longitude on the plane, in radians: the formulas of d3-geo."""
    latitude, turned = math.radians(point[0]), (point[1] - meridian + 180) % 360 - 180
    longitude = math.radians(turned)
    if kind == "mercator":
        return longitude, math.log(math.tan(math.pi / 4 + latitude / 2))
    square = latitude * latitude
    fourth = square * square
    across = 0.8707 - 0.131979 * square
    across += fourth * (-0.013791 + fourth * (0.003971 * square - 0.001529 * fourth))
    up = 1.007226 + square * (0.015085 + fourth * (-0.044475 + 0.028874 * square - 0.005916 * fourth))
    return longitude * across, latitude * up
