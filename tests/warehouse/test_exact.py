"""Exact intervals and tests against the check values of the default study and against identities."""

from __future__ import annotations

import math
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bri_pipeline.warehouse.exact import fisher_tests, poisson_limits, proportion_limits


def table(*row: int) -> dict[str, Any]:
    names = ("patents", "scope_patents", "member_patents", "national_patents")
    return fisher_tests(pl.DataFrame([row], schema=names, orient="row")).row(0, named=True)


@pytest.mark.parametrize(("count", "low", "high"), [(663, 613.49, 715.45), (41, 29.42, 55.62), (0, 0, 3.69)])
def test_poisson_limits(count: int, low: float, high: float) -> None:
    found = poisson_limits(pl.DataFrame({"patents": [count]})).row(0, named=True)
    assert (found["low"], found["high"]) == (pytest.approx(low, abs=6e-3), pytest.approx(high, abs=6e-3))


def test_limits_of_a_share() -> None:
    found = proportion_limits(pl.DataFrame({"part": [87, 0, 5], "base": [1730, 5, 5]})).rows()
    assert found[0][2:] == (pytest.approx(0.04047, abs=6e-6), pytest.approx(0.06166, abs=6e-6))
    # with none or all of five the other limit is 1 - 0.025 ^ (1 / 5)
    assert found[1][2:] == (0, pytest.approx(1 - 0.025 ** (1 / 5)))
    assert found[2][2:] == (pytest.approx(0.025 ** (1 / 5)), 1)


def test_fisher_of_the_tea_tasting_lady() -> None:
    # three of four cups right: 2 * (16 + 1) / 70
    assert table(3, 4, 4, 8)["p_value"] == pytest.approx(34 / 70)
    assert table(13, 87, 42, 1730)["p_value"] == pytest.approx(4.16e-8, rel=2e-3)
    assert table(6, 87, 349, 1730)["p_value"] == pytest.approx(0.00085, abs=6e-6)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 30), st.integers(1, 30), st.integers(0, 60), st.data())
def test_fisher_by_counting_every_table(n: int, members: int, rest: int, data: st.DataObject) -> None:
    total = max(n, members) + rest
    k = data.draw(st.integers(max(0, n + members - total), min(n, members)))

    def tables(cell: int) -> int:
        return math.comb(members, cell) * math.comb(total - members, n - cell)

    cells = range(max(0, n + members - total), min(n, members) + 1)
    exact = sum(tables(cell) for cell in cells if tables(cell) <= tables(k)) / math.comb(total, n)
    assert table(k, n, members, total)["p_value"] == pytest.approx(exact)
    # rows and columns of the table may be swapped
    assert table(k, members, n, total)["p_value"] == pytest.approx(exact)


# Check values of Jiangsu; the lake of the paper has its Tables 1 and 3.
@pytest.mark.parametrize(
    ("member", "values"),
    [
        ("PH", {"rta": 6.1549, "low": 3.504, "high": 9.363, "rta_outside": 8.4657}),
        ("SG", {"rta": 1.2297, "low": 0.890, "high": 1.650, "rta_outside": 1.2448}),
        ("CZ", {"rta": 3.4089}),
        ("IN", {"rta": 0.3419, "p_value": 0.00085}),
        ("RU", {"rta": 0.2599}),
    ],
)
def test_specialisation_of_jiangsu(
    paper: duckdb.DuckDBPyConnection, member: str, values: dict[str, float]
) -> None:
    for name, value in values.items():
        [(found,)] = paper.execute(
            f"select {name} from marts.specialisation where scope = 'CN-JS' and dimension = 'country' and member = ?",
            [member],
        ).fetchall()
        assert found == pytest.approx(value, abs=6e-4), name


@pytest.mark.parametrize(
    ("scope", "values"),
    [
        (
            "CN-JS",
            {
                "hhi": 0.26965, "hhi_normalised": 0.17836, "members": 9, "effective_number": 3.7085,
                "entropy": 1.69329, "gini": 0.51086, "cr5": 0.85057,
            },
        ),
        ("CN", {"hhi": 0.20341, "hhi_normalised": 0.17998, "members": 35}),
    ],
)  # fmt: skip
def test_concentration_on_partners(
    paper: duckdb.DuckDBPyConnection, scope: str, values: dict[str, float]
) -> None:
    for name, value in values.items():
        [(found,)] = paper.execute(
            f"select {name} from marts.concentration where scope = ? and dimension = 'country' "
            "and base = 'memberships' and year is null",
            [scope],
        ).fetchall()
        # the countries that the paper does not print differ from the default study's
        assert found == pytest.approx(value, abs=6e-5 if scope == "CN-JS" else 6e-4), name


def test_years_of_a_dimension_sum_to_its_counts(paper: duckdb.DuckDBPyConnection) -> None:
    wrong = paper.execute(
        "with years as (select scope, dimension, scheme, member, sum(patents) as patents from core.member_years "
        "group by all) select years.member, years.patents, counts.patents from years left join marts.counts as counts "
        "on years.scope = counts.scope and years.dimension = counts.dimension and years.member = counts.member "
        "and years.scheme is not distinct from counts.scheme "
        "and counts.counting = if(years.dimension = 'field', 'primary', 'whole') "
        "where counts.patents is distinct from years.patents"
    ).fetchall()
    assert wrong == []
