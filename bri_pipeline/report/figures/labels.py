"""Where the names beside dots go, so that none covers a dot or another name; a line leads to one farther off."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bri_pipeline.report.figures.theme import TEXT, text_width

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
Line = tuple[Point, Point]
Align = Literal["left", "center", "right"]

_GAP = 4.0
_AWAY = (0.0, 5.0, 12.0, 20.0, 30.0, 42.0, 56.0)
# Right and left first: that is how a name is read beside a dot.
_TURNS = (0, 180, 330, 30, 210, 150, 300, 60, 240, 120, 270, 90)
_LINE_FROM = 12.0


@dataclass(frozen=True)
class Spot:
    """A dot in pixels, x to the right and y down, with what is to be written beside it."""

    x: float
    y: float
    radius: float
    text: str


@dataclass(frozen=True)
class Label:
    """A text at a place, in the middle of its height; ``line`` leads from the dot to it."""

    text: str
    x: float
    y: float
    align: Align
    line: Line | None = None


def labels_of(
    spots: Sequence[Spot], size: float, width: float, height: float, edges: Sequence[Line] = ()
) -> list[Label]:
    """A label for each spot that has room for one, the first spots first.

    Args:
        spots: all dots of the picture; those without a text are only not covered.
        size: of the type.
        width: of the picture; labels stay inside.
        height: of the picture.
        edges: lines of the picture that no label may cross.
    """
    boxes: list[Box] = []
    lines = list(edges)
    placed: list[Label] = []
    for spot in spots:
        if not spot.text:
            continue
        for label, box in _candidates(spot, size, width):
            inside = box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height
            if (
                inside
                and not any(_overlap(box, other) for other in boxes)
                and not any(_touches(box, other) for other in spots)
                and not any(_crosses(line, box) for line in lines)
                and not (label.line and _is_in_the_way(label.line, boxes, lines, spots, spot))
            ):
                boxes.append(box)
                placed.append(label)
                if label.line:
                    lines.append(label.line)
                break
    return placed


def _is_in_the_way(
    line: Line, boxes: Sequence[Box], lines: Sequence[Line], spots: Sequence[Spot], own: Spot
) -> bool:
    return (
        any(_crosses(line, box) for box in boxes)
        or any(_meet(line, other) for other in lines)
        or any(_passes(line, spot) for spot in spots if spot is not own)
    )


def _meet(one: Line, two: Line) -> bool:
    """Whether two lines cross."""

    def side(line: Line, point: Point) -> bool:
        (x1, y1), (x2, y2) = line
        return (x2 - x1) * (point[1] - y1) > (y2 - y1) * (point[0] - x1)

    return side(one, two[0]) != side(one, two[1]) and side(two, one[0]) != side(two, one[1])


def _candidates(spot: Spot, size: float, width: float) -> Iterator[tuple[Label, Box]]:
    """Places for the label, the nearest first."""
    long, half = text_width(spot.text) * size / TEXT, size / 2 + 1
    for away in _AWAY:
        for turn in _TURNS:
            across, down = math.cos(math.radians(turn)), math.sin(math.radians(turn))
            reach = spot.radius + _GAP + away
            x, y = spot.x + across * reach, spot.y + down * reach
            if abs(across) < 0.1:
                align: Align = "center"
                x = min(max(x, long / 2), width - long / 2)
                left, y = x - long / 2, y + (half if down > 0 else -half)
            else:
                align = "left" if across > 0 else "right"
                left = x if across > 0 else x - long
            line = None
            if away >= _LINE_FROM:
                near = (spot.x + across * spot.radius, spot.y + down * spot.radius)
                far = (x, y - math.copysign(half, down)) if align == "center" else (x - across * 2, y)
                line = (near, far)
            yield Label(spot.text, x, y, align, line), (left, y - half, left + long, y + half)


def _overlap(one: Box, two: Box) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]


def _touches(box: Box, spot: Spot) -> bool:
    """Whether the box covers a part of the dot."""
    x, y = min(max(spot.x, box[0]), box[2]), min(max(spot.y, box[1]), box[3])
    return math.hypot(spot.x - x, spot.y - y) < spot.radius + 1


def _passes(line: Line, spot: Spot) -> bool:
    """Whether the line runs through the dot."""
    (x1, y1), (x2, y2) = line
    long = math.hypot(x2 - x1, y2 - y1) or 1
    way = min(max(((spot.x - x1) * (x2 - x1) + (spot.y - y1) * (y2 - y1)) / long**2, 0), 1)
    x, y = x1 + way * (x2 - x1), y1 + way * (y2 - y1)
    return math.hypot(spot.x - x, spot.y - y) < spot.radius + 1


def _crosses(line: Line, box: Box) -> bool:
    """Whether a part of the line is inside the box."""
    (x1, y1), (x2, y2) = line
    first, last = 0.0, 1.0
    for start, step, low, high in ((x1, x2 - x1, box[0], box[2]), (y1, y2 - y1, box[1], box[3])):
        if step == 0:
            if not low < start < high:
                return False
            continue
        ends = sorted(((low - start) / step, (high - start) / step))
        first, last = max(first, ends[0]), min(last, ends[1])
    return first < last
