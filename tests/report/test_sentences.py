"""Generated sentences are true for any numbers."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bri_pipeline.report.figures.links import Link
from bri_pipeline.report.language import Code, language
from bri_pipeline.report.sections.ledger import listed_numbers
from bri_pipeline.report.sections.provinces import strongest_tie
from bri_pipeline.report.sentences import growth, headline, leading, models, peak

MAJORITY = {"en": "more than half", "zh": "超过半数"}
# names no other name contains
NAMES = [f"<{letter}>" for letter in "ABCDEFGHIJKL"]
counts = st.lists(st.integers(min_value=0, max_value=60), min_size=0, max_size=len(NAMES))


@pytest.mark.parametrize("code", ["en", "zh"])
@given(values=counts, beside=st.integers(min_value=0, max_value=80))
def test_who_comes_first_is_true(code: Code, values: list[int], beside: int) -> None:
    members = list(zip(NAMES, values, strict=False))
    total = max(values, default=0) + beside
    text = leading(language(code), "country", members, total)
    most = max(values, default=0)
    if most == 0:
        assert text == ""
        return
    first = [name for name, value in members if value == most]
    present = [name for name, value in members if value > 0]
    assert (MAJORITY[code] in text) == (total > most > total / 2 and len(first) <= 3)
    assert f"{most:,}" in text and f"{100 * most / total:.1f}%" in text
    named = [name for name in NAMES if name in text]
    if len(first) > 3:
        assert named == [] and str(len(first)) in text
    else:
        assert set(first) <= set(named)
    if len(named) > len(first):
        following = sorted({value for value in values if 0 < value < most})[-1]
        assert set(named) - set(first) == {name for name, value in members if value == following}
        assert str(following) in text
    assert set(named) <= set(present)


def test_a_first_place_below_half_is_no_majority() -> None:
    say = language("en")
    assert leading(say, "field", [("Electricity", 38), ("Physical", 13)], 87) == (
        "Electricity comes first with 38 patents (43.7%), followed by Physical with 13."
    )
    assert leading(say, "country", [("Philippines", 1)], 1) == (
        "The Philippines is the only partner country, with 1 patent (100.0%, all of them)."
    )
    assert leading(say, "country", [("India", 2), ("Malaysia", 2)], 4) == (
        "India and Malaysia share first place with 2 patents each (50.0%)."
    )


rates = st.floats(min_value=-0.9, max_value=5, allow_nan=False)


@given(ends=st.lists(rates, min_size=3, max_size=3))
def test_growth_is_claimed_only_by_an_interval_on_one_side_of_zero(ends: list[float]) -> None:
    low, rate, high = sorted(ends)
    row = {"from_year": 2001, "to_year": 2017, "poisson_rate": rate, "poisson_low": low, "poisson_high": high}
    text = growth(language("en"), "Jiangsu", row)
    assert ("grew by" in text) == (low > 0)
    assert ("fell by" in text) == (high < 0)
    assert ("open" in text) == (low <= 0 <= high)
    small = growth(language("en"), "Jiangsu", {**row, "is_small": True})
    assert ("Fewer than ten patents do not show" in small) == (low <= 0 <= high)
    # a fall is told by positive numbers, from the smaller to the larger
    if high < 0:
        shown = [
            float(number) for number in re.findall(r"(-?[\d,.]+)%", text.replace("95%", "").replace(",", ""))
        ]
        assert all(number >= 0 for number in shown) and shown[1] <= shown[2]


def test_growth_that_is_not_defined_is_said_to_be_so() -> None:
    assert growth(language("en"), "Gansu", None) == "The years of Gansu do not allow a growth rate."
    assert "Gansu" in growth(language("zh"), "Gansu", {"poisson_rate": None})


@given(
    trend=st.floats(min_value=10, max_value=200),
    fits=st.lists(st.floats(min_value=10, max_value=200), min_size=1, max_size=5),
)
def test_stages_or_a_trend_whichever_has_the_lower_bic(trend: float, fits: list[float]) -> None:
    rows = [{"stages": str(n), "bic": bic} for n, bic in enumerate(fits, start=1)]
    text = models(language("en"), [*rows, {"stages": "trend", "bic": trend}])
    assert ("the data show a trend, not stages" in text) == (trend < min(fits))
    assert ("explains the years better than a steady trend" in text) == (trend >= min(fits))
    # one stage is no division
    constant = trend >= min(fits) and min(fits) == fits[0] and text.startswith("A constant rate")
    assert constant or "one stage explains" not in text


@pytest.mark.parametrize("code", ["en", "zh"])
@given(values=counts)
def test_a_title_names_those_with_most_and_nobody_else(code: Code, values: list[int]) -> None:
    members = list(zip(NAMES, values, strict=False))
    text = headline(language(code), "country", members)
    most = max(values, default=0)
    first = {name for name, value in members if value == most > 0}
    assert {name for name in NAMES if name in text} == (first if len(first) <= 3 else set())
    assert bool(text) == (most > 0)
    assert ("alone" in text or "仅有" in text) == (sum(value > 0 for value in values) == 1)


@given(values=counts)
def test_the_year_with_most_is_named_where_few_have_as_many(values: list[int]) -> None:
    years = [(2001 + place, value) for place, value in enumerate(values)]
    text = peak(language("en"), years)
    most = max(values, default=0)
    first = {str(year) for year, value in years if value == most > 0}
    assert set(re.findall(r"20\d\d", text)) == (first if len(first) <= 3 else set())


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("663,349,153,148,87", "663; 349; 153; 148; 87"),
        ("35,21", "35; 21"),
        ("1,751", "1,751"),
        ("47.72 > 20.58", "47.72 > 20.58"),
        ("-", None),
        (None, None),
    ],
)
def test_lists_of_numbers_cannot_be_read_as_one(printed: str | None, shown: str | None) -> None:
    assert listed_numbers(printed) == shown


def test_the_strongest_tie_is_named_and_ties_are_counted() -> None:
    say = language("en")
    links = [Link("Jiangsu", "Philippines", 3), Link("Beijing", "India", 2)]
    assert strongest_tie(say, links) == (
        "Strongest tie between provinces and partner countries: Jiangsu and the Philippines, 3 patents"
    )
    assert strongest_tie(say, [*links, Link("Shanghai", "India", 3)]) == (
        "2 pairs of province and partner country share first place, with 3 patents each"
    )
