"""Each kind of figure as a specification and as a drawing."""

from __future__ import annotations

import json
import math
import random
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import altair as alt
import pytest

from bri_pipeline.report.figures.bars import Bar, Pair, compared, ranked_bars
from bri_pipeline.report.figures.labels import Label, Spot, labels_of
from bri_pipeline.report.figures.links import Link, two_sided
from bri_pipeline.report.figures.partner_map import Dot, country_points, partner_map, view_of
from bri_pipeline.report.figures.ranges import Range, ranges
from bri_pipeline.report.figures.render import drawn, for_page
from bri_pipeline.report.figures.tables import Cell, heat_map
from bri_pipeline.report.figures.theme import NARROW, NATION, SCOPE, TEXT, WIDE, Words, no_wider, text_width
from bri_pipeline.report.figures.tiles import Tile, tile_grid
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
    "map": lambda width: partner_map([Dot("SG", "Singapore", 3), Dot("IL", "Israel", 1)], SAID, "Europe", width),
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
    assert max(len(path) for path in svg.split("<path")) > 5_000
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
    texts = json.dumps(partner_map(dots, SAID, "Europe", width))
    assert '"<DE> 33"' in texts


def box_of(label: Label, size: float) -> tuple[float, float, float, float]:
    long, half = text_width(label.text) * size / TEXT, size / 2
    left = {"left": label.x, "center": label.x - long / 2, "right": label.x - long}[label.align]
    return left, label.y - half, left + long, label.y + half


@pytest.mark.parametrize("seed", range(20))
def test_names_on_a_map_cover_no_dot_and_no_other_name(seed: int) -> None:
    drawn_by = random.Random(seed)
    spots = [
        Spot(drawn_by.uniform(0, 400), drawn_by.uniform(0, 300), drawn_by.uniform(2, 17), f"Country {n} {n}")
        for n in range(30)
    ]
    labels = labels_of(spots, 12, 400, 300)
    boxes = [box_of(label, 12) for label in labels]
    assert len(labels) > 5
    for place, (left, top, right, bottom) in enumerate(boxes):
        assert min(left, top) >= 0 and right <= 400 and bottom <= 300
        assert not [b for b in boxes[:place] if left < b[2] and b[0] < right and top < b[3] and b[1] < bottom]
        for spot in spots:
            across, down = min(max(spot.x, left), right) - spot.x, min(max(spot.y, top), bottom) - spot.y
            assert math.hypot(across, down) >= spot.radius


def test_a_line_leads_to_a_name_that_is_not_beside_its_dot() -> None:
    around = [math.radians(turn) for turn in range(0, 360, 60)]
    crowd = [
        Spot(200, 150, 4, "Hungary 24"),
        *[Spot(200 + 20 * math.cos(turn), 150 + 20 * math.sin(turn), 8, "") for turn in around],
    ]
    [label] = labels_of(crowd, 12, 400, 300)
    assert label.line is not None
    [free] = labels_of([Spot(100, 100, 4, "Hungary 24")], 12, 400, 300)
    assert free.line is None and free.align == "left"


EUROPEANS = ["DE", "FR", "NL", "BE", "LU", "AT", "CZ", "DK", "PL", "CH"]


def dots_of(countries: list[str]) -> list[Dot]:
    return [Dot(country, country, 40 - place) for place, country in enumerate(countries)]


def test_europe_is_enlarged_where_it_is_crowded_and_others_are_elsewhere() -> None:
    wide = partner_map(dots_of([*EUROPEANS, "SG", "IN"]), SAID, "Europe", WIDE)
    narrow = partner_map(dots_of([*EUROPEANS, "SG", "IN"]), SAID, "Europe", NARROW)
    worldwide = partner_map(dots_of([*EUROPEANS, "US", "JP"]), SAID, "Europe", WIDE)
    assert len(wide["hconcat"]) == len(narrow["vconcat"]) == len(worldwide["vconcat"]) == 2
    assert "layer" in partner_map(dots_of(EUROPEANS), SAID, "Europe", WIDE)
    assert "layer" in partner_map(dots_of(["DE", "FR", "US", "JP"]), SAID, "Europe", WIDE)
    assert "layer" in partner_map([], SAID, "Europe", WIDE)


@pytest.mark.parametrize(
    "countries", [["SG", "IN", "IL", "RU"], EUROPEANS, ["US", "JP", "BR", "AU"], ["FJ", "WS"]]
)
def test_dots_are_where_their_names_are_put(countries: list[str]) -> None:
    """The renderer and the placing of names project the same way."""
    figure = partner_map(dots_of(countries), SAID, "Europe", WIDE)
    view = view_of([country_points()[one] for one in countries], figure["width"], figure["height"])
    svg = drawn(figure, "map")
    for country in countries:
        found = re.search(rf'transform="translate\(([-\d.]+),([-\d.]+)\)"[^>]*><title>{country}: ', svg)
        assert found, country
        assert (float(found[1]), float(found[2])) == pytest.approx(
            view.at(country_points()[country]), abs=0.6
        )


def test_partners_on_both_sides_of_the_date_line_are_shown_beside_each_other() -> None:
    fiji, samoa = (country_points()[one] for one in ("FJ", "WS"))
    view = view_of([fiji, samoa], 800, 400)
    assert 0 < view.at(samoa)[0] - view.at(fiji)[0] < 400


def test_text_that_is_said_to_fit_is_not_cut() -> None:
    characters = "".join(chr(code) for code in range(0x20, 0x7F)) + "–éüąçß"
    for character in characters:
        text = f"x{character * 8}x"
        room = next(room for room in range(10, 400) if no_wider(text, TEXT, room))
        chart = alt.Chart(alt.InlineData(values=[{"text": text}])).mark_text(limit=room, fontSize=TEXT)
        specification = chart.encode(text=alt.Text("text:N")).to_dict(validate=False)
        specification["config"] = {"font": "Arial, Liberation Sans"}
        assert "…" not in drawn(specification, "text"), character


@pytest.mark.parametrize("name", [r"FOO \x LTD", r"\1", r"\g0", r"a\nb", "\\"])
def test_a_figures_description_is_as_written(name):
    """Names of applicants come from outside; one with a backslash is a name as any other."""
    assert for_page('<svg width="1">', name) == f'<svg role="img" aria-label="{name}" width="1">'


@pytest.mark.skipif(sys.platform != "linux", reason="a limit of address space is set as Linux does")
def test_under_a_limit_of_address_space_it_is_said_that_no_figure_can_be_drawn() -> None:
    draw = """
import resource
resource.setrlimit(resource.RLIMIT_AS, (12 << 30, 12 << 30))
from bri_pipeline.report.figures.render import drawn
drawn({"mark": "bar", "data": {"values": [{"a": 1}]}}, "a")
"""
    ended = subprocess.run([sys.executable, "-c", draw], capture_output=True, text=True, check=False)
    assert ended.returncode == 1, ended
    assert "UserError: The report's figures cannot be drawn" in ended.stderr and "ulimit -v" in ended.stderr
