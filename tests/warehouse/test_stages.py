"""Stages against every possible cut, hand-worked tests, and the check values of the default study."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.warehouse.series import STAGES, build, over_series, row
from tests.warehouse.test_growth import CHINA, JIANGSU


def squared_error(counts: Sequence[int]) -> float:
    mean = sum(counts) / len(counts)
    return sum((count - mean) ** 2 for count in counts)


def poisson_cost(counts: Sequence[int]) -> float:
    mean = sum(counts) / len(counts)
    return sum(mean - (n * math.log(mean) if n else 0) + math.lgamma(n + 1) for n in counts)


def least(counts: Sequence[int], stages: int, method: str) -> float:
    """By trying every cut."""
    cost = squared_error if method == "optimal" else poisson_cost
    cuts = combinations(range(1, len(counts)), stages - 1)
    return min(sum(cost(counts[a:b]) for a, b in pairwise([0, *cut, len(counts)])) for cut in cuts)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=6, max_size=9).filter(lambda counts: sum(counts) >= 20))
def test_every_number_of_stages_has_the_best_of_all_cuts(counts: list[int]) -> None:
    con = over_series(counts, *STAGES)
    found = con.execute(
        "select method, stages::int, cost from marts.stage_models where stages != 'trend'"
    ).fetchall()
    assert len(found) == 10
    for method, stages, cost in found:
        assert cost == pytest.approx(least(counts, stages, method), abs=1e-6)


def test_of_equally_good_cuts_the_earliest_is_taken() -> None:
    con = over_series([5, 5, 5, 5], *STAGES)
    [starts] = con.execute(
        "select list(from_year order by position) from marts.stages where method = 'optimal'"
    ).fetchall()
    assert starts == ([2001, 2002],)


def test_a_study_without_stages_has_none_but_models_that_compete() -> None:
    con = over_series([10, 20, 30, 40, 50, 60], *STAGES, stages=0)
    assert con.execute("from marts.stages").fetchall() == []
    assert con.execute("select count(*) from marts.stage_models where is_study").fetchall() == [(0,)]
    assert con.execute("select count(*) from marts.stage_models").fetchall() == [(12,)]


def test_scopes_of_few_patents_have_no_models() -> None:
    assert over_series([3, 4, 5, 7], *STAGES).execute("from marts.stage_models").fetchall() == []


def test_two_stages_are_compared_exactly() -> None:
    # 2 patents in 1 year, then 4 in 2 years: as expected of equal rates
    con = over_series([2, 1, 3], *STAGES)
    found = row(con, "from marts.stages where method = 'study' and position = 2")
    assert (found["ratio_to_previous"], found["p_value"]) == (1, pytest.approx(1))
    # 0 of 3 in the later year of two, then all: (1/2)^3, doubled by the other end
    con = over_series([3, 0], *STAGES)
    found = row(con, "from marts.stages where method = 'study' and position = 2")
    assert found["p_value"] == pytest.approx(2 / 8)
    assert (found["ratio_to_previous"], found["ratio_low"]) == (0, 0)
    con = over_series([0, 3], *STAGES)
    found = row(con, "from marts.stages where method = 'study' and position = 2")
    assert (found["ratio_to_previous"], found["ratio_high"]) == (None, None)


def test_cuts_chosen_on_the_data_are_not_tested_on_them() -> None:
    con = over_series([2, 9, 8, 30], *STAGES)
    found = con.execute(
        "select p_value, ratio_to_previous from marts.stages where method != 'study'"
    ).fetchall()
    assert set(found) == {(None, None)}


@pytest.fixture(scope="module")
def jiangsu_stages() -> tuple[tuple[str, int, int], ...]:
    return (("a", 2001, 2006), ("b", 2007, 2013), ("c", 2014, 2017))


@pytest.mark.parametrize(
    ("counts", "stage", "values"),
    [(CHINA, 2, (3.2424, 2.7408, 3.8525, None)), (JIANGSU, 2, (2.9610, 1.4832, 6.4226, 0.000824))],
)
def test_ratios_of_the_papers_stages(
    counts: Sequence[int],
    stage: int,
    values: tuple[float | None, ...],
    jiangsu_stages: tuple[tuple[str, int, int], ...],
) -> None:
    con = over_series(counts, *STAGES, periods=jiangsu_stages)
    found = row(con, f"from marts.stages where method = 'study' and position = {stage}")
    for name, value in zip(("ratio_to_previous", "ratio_low", "ratio_high", "p_value"), values, strict=True):
        if value is not None:
            assert found[name] == pytest.approx(value, abs=6e-5 if name != "p_value" else 6e-7), name


@pytest.mark.parametrize(
    ("counts", "bic", "cost", "cuts"),
    [
        (
            JIANGSU,
            {"1": 96.91, "2": 79.54, "3": 79.33, "4": 80.42, "5": 84.82, "trend": 77.01},
            32.584,
            [2001, 2007, 2014],
        ),
        (CHINA, {"trend": 123.40}, 107.669, [2001, 2006, 2014]),
    ],
)
def test_models_of_the_papers_series(
    counts: Sequence[int],
    bic: dict[str, float],
    cost: float,
    cuts: list[int],
    jiangsu_stages: tuple[tuple[str, int, int], ...],
) -> None:
    con = over_series(counts, *STAGES, periods=jiangsu_stages)
    models = {
        stages: (found, fit, starts, lowest)
        for stages, found, fit, starts, lowest in con.execute(
            "select stages, bic, cost, cuts, is_lowest_bic from marts.stage_models where method = 'poisson'"
        ).fetchall()
    }
    for stages, value in bic.items():
        assert models[stages][0] == pytest.approx(value, abs=6e-3)
    assert models["3"][1] == pytest.approx(cost, abs=6e-4)
    assert models["3"][2] == cuts
    # the data show growth, not stages
    assert [stages for stages, (*_, lowest) in models.items() if lowest] == ["trend"]


def test_means_of_jiangsus_stages(jiangsu_stages: tuple[tuple[str, int, int], ...]) -> None:
    con = over_series(JIANGSU, *STAGES, periods=jiangsu_stages)
    con.execute("update core.years set exposure = 0.8 where year = 2001")
    for name in ("core.year_segments", "core.stage_spans", "marts.stages"):
        build(con, name)
    found = con.execute(
        "select round(mean_per_year, 2), round(rate_per_exposed_year, 3) from marts.stages "
        "where method = 'study' order by position"
    ).fetchall()
    assert found == [(1.83, 1.897), (5.43, 5.429), (9.5, 9.5)]
