"""Each kind of figure as a specification and as a drawing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import altair as alt
import pytest

from bri_pipeline.report.figures.bars import Bar, Pair, compared, ranked_bars
from bri_pipeline.report.figures.links import Link, two_sided
from bri_pipeline.report.figures.maps import Dot, Tile, tile_grid, world_map
from bri_pipeline.report.figures.ranges import Range, ranges
from bri_pipeline.report.figures.render import drawn
from bri_pipeline.report.figures.tables import Cell, heat_map
from bri_pipeline.report.figures.theme import NARROW, NATION, SCOPE, WIDE, Words
from bri_pipeline.report.figures.years import grouped_lines, yearly_bars

SAID = Words("what it says")
YEARS = [{"year": 2010 + n, "patents": n, "is_whole": n < 4} for n in range(5)]
LINES = [{"year": 2010 + n, "group": group, "value": n} for n in range(5) for group in ("partner", "other")]

FIGURES: dict[str, Callable[[int], dict[str, Any]]] = {
    "bars": lambda width: ranked_bars(
        [Bar("Singapore", 3, "3", 1.0, 8.0), Bar("others", 2, "2", is_rest=True)], SAID, width
    ),
    "compared": lambda width: compared(
        [Pair("ASEAN", 0.7, 0.4, "70%", "40%")], ("Jiangsu", "China"), (SCOPE, NATION), SAID, width
    ),
    "links": lambda width: two_sided(
        [Link("Jiangsu", "Singapore", 3)], [("Jiangsu", "Jiangsu")], [("Singapore", "Singapore")], SAID, width
    ),
    "map": lambda width: world_map([Dot("SG", "Singapore", 3), Dot("IL", "Israel", 1)], SAID, width),
    "tiles": lambda width: tile_grid(
        [Tile("CN-JS", "Jiangsu", 3, "3", True), Tile("CN-QH", "Qinghai", 0, "", False)], SAID, width
    ),
    "ranges": lambda width: ranges([Range("Singapore", 0.5, 1.2, 3.0, "1.2")], SAID, width, 1.0, log=True),
    "heat": lambda width: heat_map([Cell("Electricity", "early", 2, "2")], ["Electricity"], ["early"], SAID, width),
    "years": lambda width: yearly_bars(
        YEARS, [{"stage": "early", "from_year": 2010, "to_year": 2012}], SAID, width
    ),
    "lines": lambda width: grouped_lines(LINES, {"partner": NATION, "other": SCOPE}, SAID, width, 2012),
}  # fmt: skip


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_figure_is_valid_and_no_wider_than_asked(name: str, width: int) -> None:
    specification = FIGURES[name](width)
    alt.LayerChart.validate(json.loads(json.dumps(specification)))
    svg = drawn(specification, f"{name}-{width}")
    drawn_width = float(svg.partition(' width="')[2].partition('"')[0])
    assert 0.5 * width < drawn_width <= width + 8
    assert "NaN" not in svg and "undefined" not in svg and "null" not in svg


def test_the_map_shows_land_below_its_dots() -> None:
    svg = drawn(FIGURES["map"](WIDE), "map-wide")
    assert max(len(path) for path in svg.split("<path")) > 10_000
    assert "<title>Singapore: 3</title>" in svg


def test_a_cell_with_little_in_it_is_told_from_an_empty_one() -> None:
    cells = [Cell("a", "x", 1, "1"), Cell("a", "y", 300, "300"), Cell("a", "z", 0, "")]
    svg = drawn(heat_map(cells, ["a"], ["x", "y", "z"], SAID, WIDE), "heat")
    shades = [float(part.partition('"')[0]) for part in svg.split('fill-opacity="')[1:]]
    assert 0 == min(shades) < sorted(shades)[1] < max(shades)


@pytest.mark.parametrize("kind", FIGURES)
def test_marks_are_described_in_words_or_not_at_all(kind: str) -> None:
    svg = drawn(FIGURES[kind](WIDE), kind)
    columns = r"(from|to|x|y|x2|year|value|patents|place|row|column|longitude|latitude|color|group|at|middle|name): "
    assert [text for text in re.findall("<title>([^<]*)</title>", svg) if re.match(columns, text)] == []


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_first_partners_are_named_on_the_map_among_many_neighbours(width: int) -> None:
    countries = ["DE", "FR", "NL", "BE", "LU", "AT", "CZ", "DK", "PL", "CH"]
    dots = [Dot(country, f"<{country}>", 33 - 3 * place) for place, country in enumerate(countries)]
    texts = json.dumps(world_map(dots, SAID, width))
    assert '"<DE> 33"' in texts
