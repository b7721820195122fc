"""Indicators against independent computations, on series written into the tables a mart reads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations, pairwise

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bri_pipeline.warehouse import Model, build_model, load_models
from bri_pipeline.warehouse.external import EXTERNAL_TABLES, create_empty
from tests.warehouse.lake import REPOSITORY, connect

MODELS = load_models(REPOSITORY / "sql")
FIRST = 2001


def mart_over_series(
    model: Model, counts: Sequence[int], stages: int = 2, rule: str = "skip"
) -> duckdb.DuckDBPyConnection:
    """Build one mart over one yearly series of scope CN."""
    con = connect()
    last = FIRST + len(counts) - 1
    for name in ("reference.study", "reference.stages"):
        create_empty(con, EXTERNAL_TABLES[name])
    con.execute(
        "insert into reference.study by name select ? as growth_from, ? as growth_to, ? as zero_year_rule",
        [FIRST, last, rule],
    )
    # declared cuts: one year each, the last takes the rest
    for n in range(1, stages + 1):
        end = last if n == stages else FIRST + n - 1
        con.execute("insert into reference.stages values (?, ?, ?, ?)", [n, f"stage {n}", FIRST + n - 1, end])
    con.execute("create schema core; create schema marts; create table core.scopes as select 'CN' as scope")
    con.execute(
        "create table marts.by_year as select 'CN' as scope, ? + n - 1 as year, patents "
        "from (select unnest(?::bigint[]) as patents, generate_subscripts(?::bigint[], 1) as n)",
        [FIRST, list(counts), list(counts)],
    )
    build_model(con, model)
    return con


def squared_error(counts: Sequence[int]) -> float:
    mean = sum(counts) / len(counts)
    return sum((count - mean) ** 2 for count in counts)


def best_error(counts: Sequence[int], stages: int) -> float:
    """By trying every cut."""
    cuts = combinations(range(1, len(counts)), stages - 1)
    bounds = ([0, *cut, len(counts)] for cut in cuts)
    return min(sum(squared_error(counts[a:b]) for a, b in pairwise(edges)) for edges in bounds)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=4, max_size=9), st.integers(1, 4))
def test_optimal_stages_are_the_best_of_all_cuts(counts: list[int], stages: int) -> None:
    con = mart_over_series(MODELS["marts.stages"], counts, stages)
    found = con.execute(
        "select from_year, to_year, squared_error from marts.stages where method = 'optimal' order by position"
    ).fetchall()
    assert [row[0] for row in found] == [FIRST, *(row[1] + 1 for row in found[:-1])]
    assert found[-1][1] == FIRST + len(counts) - 1
    assert sum(row[2] for row in found) == pytest.approx(best_error(counts, stages), abs=1e-4)


def test_of_equally_good_cuts_the_earliest_is_taken() -> None:
    con = mart_over_series(MODELS["marts.stages"], [5, 5, 5, 5], 2)
    [starts] = con.execute(
        "select list(from_year order by position) from marts.stages where method = 'optimal'"
    ).fetchall()
    assert starts == ([2001, 2002],)


def test_a_study_without_stages_has_none() -> None:
    con = mart_over_series(MODELS["marts.stages"], [1, 2, 3], 0)
    assert con.execute("select * from marts.stages").fetchall() == []


def growth(counts: Sequence[int], rule: str = "skip") -> dict[str, float]:
    con = mart_over_series(MODELS["marts.growth"], counts, rule=rule)
    cursor = con.execute("select * from marts.growth")
    return dict(zip([column[0] for column in cursor.description], cursor.fetchall()[0], strict=True))


def test_growth_of_a_doubling_series() -> None:
    found = growth([3, 6, 12, 24])
    assert found["cagr"] == pytest.approx(1)
    assert found["mean_yearly_rate"] == pytest.approx(1)
    assert (found["log_linear_rate"], found["log_linear_method"]) == (pytest.approx(1), "least squares")
    assert (found["rates_defined"], found["years_skipped"]) == (3, 0)


@pytest.mark.parametrize(("rule", "mean"), [("skip", -0.5 / 3), ("zero", -0.5 / 4), ("none", None)])
def test_growth_after_an_empty_year(rule: str, mean: float | None) -> None:
    # rates -0.5, 1.0, -1.0 and, after the empty year, none
    found = growth([2, 1, 2, 0, 1], rule)
    assert (found["rates_defined"], found["years_skipped"]) == (3, 1)
    assert found["cagr"] == pytest.approx(0.5**0.25 - 1)
    assert found["mean_yearly_rate"] == (mean if mean is None else pytest.approx(mean))


def test_compound_rate_needs_a_base() -> None:
    assert growth([0, 2, 4])["cagr"] is None
    assert growth([2, 4, 0])["cagr"] == -1


@pytest.mark.parametrize("patents", [0, 5])
def test_one_year_has_no_growth(patents: int) -> None:
    found = growth([patents])
    assert [found["cagr"], found["mean_yearly_rate"], found["log_linear_rate"]] == [None, None, None]


def poisson_score(counts: Sequence[int], slope: float) -> float:
    """Sum of t * (observed - fitted), which falls as the slope rises and is 0 at the estimate."""
    weights = [math.exp(slope * t) for t in range(len(counts))]
    scale = sum(counts) / sum(weights)
    return sum(
        t * (count - scale * weight) for t, (count, weight) in enumerate(zip(counts, weights, strict=True))
    )


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.integers(0, 40), min_size=4, max_size=12).filter(lambda counts: 0 in counts and any(counts))
)
def test_the_poisson_slope_solves_its_score_equation(counts: list[int]) -> None:
    found = growth(counts)
    assert found["log_linear_method"] == "poisson"
    if found["log_linear_rate"] is None:
        assert poisson_score(counts, -2.99) < 0 or poisson_score(counts, 2.99) > 0
    else:
        assert poisson_score(counts, math.log1p(found["log_linear_rate"])) == pytest.approx(
            0, abs=1e-4 * sum(counts)
        )


@pytest.mark.parametrize("counts", [[0, 0, 0, 5], [0, 0, 0, 0]])
def test_a_series_without_a_slope_has_none(counts: list[int]) -> None:
    assert growth(counts)["log_linear_rate"] is None
