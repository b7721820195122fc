from __future__ import annotations

from itertools import pairwise

import pytest

from bri_pipeline.report.charts import NARROW, WIDE, ranked_chart, round_steps, yearly_chart


@pytest.mark.parametrize(
    ("largest", "steps"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (3, [0, 1, 2, 3]),
        (11, [0, 5, 10, 15]),
        (282, [0, 100, 200, 300]),
        (1000, [0, 500, 1000]),
    ],
)
def test_steps_are_round_and_reach_the_largest(largest: int, steps: list[int]) -> None:
    assert round_steps(largest) == steps


def _series(years: range) -> list[dict[str, object]]:
    return [{"year": year, "patents": 100 + year - years[0], "is_whole": year != years[-1]} for year in years]


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("years", [range(2001, 2019), range(2001, 2027), range(2010, 2011)])
def test_bars_and_labels_of_years_stay_inside_and_apart(width: int, years: range) -> None:
    stages = [{"stage": "a name too long for its few years", "from_year": years[0], "to_year": years[0]}]
    chart = yearly_chart(_series(years), stages, "Patents", width)
    assert len(chart.bars) == len(years)
    assert all(bar.x >= 0 and bar.x + bar.width <= width and bar.y >= 0 for bar in chart.bars)
    labelled = [bar for bar in chart.bars if bar.label]
    assert labelled[-1].label == str(years[-1])
    assert all(after.middle - before.middle >= 30 for before, after in pairwise(labelled))
    assert len(chart.bands) == 1


def test_heights_are_in_proportion_and_part_years_marked() -> None:
    series = [
        {"year": 2001, "patents": 5, "is_whole": True},
        {"year": 2002, "patents": 10, "is_whole": False},
    ]
    low, high = yearly_chart(series, [], "Patents", WIDE).bars
    assert high.height == pytest.approx(2 * low.height)
    assert (low.partial, high.partial) == (False, True)


def test_long_names_are_cut_in_the_label_and_whole_in_the_hint() -> None:
    name = "A region with a name that no label could ever hold"
    chart = ranked_chart([(name, 3), ("Empty", 0)], "Regions")
    assert chart.bars[0].label.endswith("…") and len(chart.bars[0].label) < 32
    assert chart.bars[0].hint == f"{name}: 3"
    assert chart.bars[1].width == 0


def test_description_says_every_number() -> None:
    chart = ranked_chart([("ASEAN", 59), ("CIS", 2)], "Patents of Jiangsu by region")
    assert chart.description == "Patents of Jiangsu by region. ASEAN 59, CIS 2."
