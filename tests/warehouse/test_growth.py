"""Growth rates against hand-worked series, independent computations, and the check values of the default study."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.warehouse.series import over_series, row

YEARLY = st.lists(st.integers(0, 40), min_size=3, max_size=12)


def growth(
    counts: Sequence[int], rule: str = "skip", publications: Sequence[int] | None = None
) -> dict[str, Any]:
    con = over_series(
        counts,
        "core.stage_periods",
        "core.year_segments",
        "core.trends_wanted",
        "core.series_rates",
        "marts.growth",
        publications=publications,
    )
    return row(con, f"from marts.growth where zero_rule = '{rule}'")


def test_growth_of_a_doubling_series() -> None:
    found = growth([3, 6, 12, 24])
    for name in ("cagr", "mean_yearly_rate", "log_linear_rate", "poisson_rate"):
        assert found[name] == pytest.approx(1)
    assert (found["rates_defined"], found["years_skipped"], found["base_patents"]) == (3, 0, 45)
    assert found["dispersion"] == pytest.approx(0, abs=1e-9)
    assert (found["is_small"], found["reason"]) == (False, None)


def test_the_poisson_rate_of_two_years_is_their_ratio() -> None:
    found = growth([4, 9])
    # se = sqrt(1/4 + 1/9); with two years there is no dispersion
    reach = 1.959964 * math.sqrt(1 / 4 + 1 / 9)
    assert found["poisson_rate"] == pytest.approx(1.25)
    assert found["poisson_low"] == pytest.approx(2.25 * math.exp(-reach) - 1)
    assert found["poisson_high"] == pytest.approx(2.25 * math.exp(reach) - 1)
    assert found["dispersion"] is None


def test_growth_beyond_the_growth_of_inventing() -> None:
    # patents double while publications triple
    found = growth([3, 6, 12, 24], publications=[10, 30, 90, 270])
    assert found["own_offset_rate"] == pytest.approx(2 / 3 - 1)


@pytest.mark.parametrize(("rule", "mean"), [("skip", -0.5 / 3), ("zero", -0.5 / 4), ("none", None)])
def test_growth_after_an_empty_year(rule: str, mean: float | None) -> None:
    # rates -0.5, 1.0, -1.0 and, after the empty year, none
    found = growth([2, 1, 2, 0, 1], rule)
    assert (found["rates_defined"], found["years_skipped"]) == (3, 1)
    assert found["cagr"] == pytest.approx(0.5**0.25 - 1)
    assert found["mean_yearly_rate"] == (mean if mean is None else pytest.approx(mean))
    assert found["log_linear_rate"] is None
    assert found["is_study_rule"] is (rule == "skip")


def test_the_mean_may_have_the_wrong_sign_where_the_poisson_rate_has_not() -> None:
    counts = [26, 0, 0, 0, 0, 39, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 27]
    assert growth(counts)["mean_yearly_rate"] == -1
    assert growth(counts)["cagr"] == pytest.approx((27 / 26) ** (1 / 16) - 1)
    rising = growth([1, 0, 2, 0, 4, 0, 8])
    assert rising["mean_yearly_rate"] < 0 < rising["poisson_rate"]


def test_compound_rate_needs_a_base() -> None:
    assert growth([0, 2, 4])["cagr"] is None
    assert growth([2, 4, 0])["cagr"] == -1


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ([0, 0, 0, 5], "all patents are in one end year"),
        ([5, 0, 0], "all patents are in one end year"),
        ([0, 0, 0, 0], "no patents"),
        ([5], "a single year"),
        ([0], "no patents"),
    ],
)
def test_a_series_without_a_slope_has_a_reason(counts: list[int], reason: str) -> None:
    found = growth(counts)
    assert (found["poisson_rate"], found["poisson_low"], found["reason"]) == (None, None, reason)


def test_patents_of_one_inner_year_have_a_rate() -> None:
    assert growth([0, 5, 0])["poisson_rate"] == pytest.approx(0)


def test_few_patents_are_marked() -> None:
    assert growth([2, 3, 4])["is_small"] is True
    assert growth([2, 3, 5])["is_small"] is False


def poisson_score(counts: Sequence[int], weights: Sequence[int], slope: float) -> float:
    """Sum of t * (observed - fitted), 0 at the estimate."""
    raised = [weight * math.exp(slope * t) for t, weight in enumerate(weights)]
    scale = sum(counts) / sum(raised)
    return sum(
        t * (count - scale * value) for t, (count, value) in enumerate(zip(counts, raised, strict=True))
    )


@settings(max_examples=20, deadline=None)
@given(YEARLY.filter(lambda counts: sum(map(bool, counts)) > 1), st.data())
def test_the_poisson_slopes_solve_their_score_equations(counts: list[int], data: st.DataObject) -> None:
    size = len(counts)
    publications = data.draw(st.lists(st.integers(40, 400), min_size=size, max_size=size))
    found = growth(counts, publications=publications)
    for name, weights in (("poisson_rate", [1] * size), ("own_offset_rate", publications)):
        slope = math.log1p(found[name])
        assert poisson_score(counts, weights, slope) == pytest.approx(0, abs=1e-6 * sum(counts) * size)


@settings(max_examples=10, deadline=None)
@given(YEARLY.filter(lambda counts: sum(map(bool, counts)) > 1))
def test_a_series_backwards_falls_as_it_rises_forwards(counts: list[int]) -> None:
    forwards, backwards = growth(counts), growth(counts[::-1])
    assert (1 + forwards["poisson_rate"]) * (1 + backwards["poisson_rate"]) == pytest.approx(1)
    assert forwards["dispersion"] == pytest.approx(backwards["dispersion"])


# Check values of the default study, worked out independently of the project.
CHINA = (15, 16, 22, 29, 38, 55, 64, 74, 80, 89, 103, 117, 135, 163, 196, 252, 282)
JIANGSU = (1, 2, 4, 2, 1, 1, 6, 8, 7, 5, 2, 3, 7, 8, 9, 10, 11)


@pytest.mark.parametrize(
    ("counts", "values"),
    [
        (CHINA, (0.20580, 0.20125, 0.19591, 0.18259, 0.16902, 0.19633, 0.912)),
        (JIANGSU, (0.47718, 0.16168, 0.13220, 0.11484, 0.06323, 0.16896, 1.037)),
    ],
)
def test_growth_of_the_papers_series(counts: Sequence[int], values: Sequence[float]) -> None:
    found = growth(counts)
    names = (
        "mean_yearly_rate",
        "cagr",
        "log_linear_rate",
        "poisson_rate",
        "poisson_low",
        "poisson_high",
        "dispersion",
    )
    for name, value in zip(names, values, strict=True):
        assert found[name] == pytest.approx(value, abs=6e-4 if name == "dispersion" else 6e-6), name


def test_every_scope_has_a_row_for_each_rule(paper: duckdb.DuckDBPyConnection) -> None:
    counted = paper.execute(
        "select count(distinct zero_rule), count(distinct poisson_rate) from marts.growth group by scope"
    ).fetchall()
    assert {rules for rules, _ in counted} == {3}
    assert {rates for _, rates in counted} <= {0, 1}
