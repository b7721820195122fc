"""Indicators against independent computations, on series written into the tables a mart reads."""

from __future__ import annotations

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
