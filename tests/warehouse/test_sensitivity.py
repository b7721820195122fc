"""Headline numbers with one choice of the study made otherwise, counted by hand on five patents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest

from bri_pipeline.warehouse import Model, run_check
from tests.warehouse.lake import Patent, build_all, connect, fill_lake
from tests.warehouse.studies import study

NANJING, BEIJING, TAIZHOU, KOWLOON = (("CN", city) for city in ("Nanjing", "Beijing", "Taizhou", "Kowloon"))
SG, MY = ("SG", "Singapore"), ("MY", "Penang")


def patent(number: int, published: date, filed: int, *inventors: tuple[str, str], **more: Any) -> Patent:
    return Patent(
        f"US{number}A1",
        published,
        [*inventors],
        ["H04L 29/06"],
        f"1100000{number}",
        filed=date(filed, 2, 1),
        **more,
    )


A = patent(1, date(2010, 3, 4), 2009, NANJING, SG)
B = patent(2, date(2011, 3, 3), 2010, NANJING, BEIJING, SG, MY)
# Taizhou may be in Jiangsu or in Zhejiang
C = patent(3, date(2012, 3, 1), 2011, TAIZHOU, MY)
# of the family of B
D = patent(
    4, date(2012, 5, 3), 2011, NANJING, MY, related=[("continuation", "US", "11000002", date(2010, 2, 1))]
)
# a patent only where Hong Kong counts as China
E = patent(5, date(2013, 3, 7), 2012, KOWLOON, SG)
F = patent(6, date(2013, 5, 2), 2012, BEIJING, SG)
HITS = [("SG", A), ("SG", B), ("MY", B), ("MY", C), ("MY", D), ("SG", F)]


@pytest.fixture(scope="module")
def con(models: dict[str, Model]) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect() as con:
        fill_lake(con, study(), HITS, others=[E])
        build_all(con, models)
        yield con


def runs(con: duckdb.DuckDBPyConnection, scope: str, measure: str, member: str = "all") -> dict[str, Any]:
    """The numbers of the options that move it from the baseline, and the baseline."""
    [(baseline,)] = con.execute(
        "select baseline from marts.sensitivity where scope = ? and measure = ? and member = ?",
        [scope, measure, member],
    ).fetchall()
    found = con.execute(
        "select option, value from marts.sensitivity_runs where scope = ? and measure = ? and member = ? "
        "and value is distinct from ?",
        [scope, measure, member, baseline],
    ).fetchall()
    return {"baseline": baseline, **dict(found)}


def approx(values: dict[str, Any]) -> dict[str, Any]:
    return {name: None if value is None else pytest.approx(value) for name, value in values.items()}


CASES: list[tuple[str, str, str, dict[str, Any]]] = [
    # E is one more; B and D are one family; A is of 2010
    ("CN", "patents", "all", {"baseline": 5, "as China": 6, "one per family": 4, "2011": 4}),
    # A, B, D, and C, which may be
    ("CN-JS", "patents", "all", {"baseline": 3, "with candidates": 4, "one per family": 2, "2011": 2}),
    # A, B, F of five; every list begins with an inventor in China
    (
        "CN", "partner_share", "SG",
        {
            "baseline": 3 / 5, "as China": 4 / 6, "one per family": 3 / 4, "2011": 2 / 4,
            "fractional_inventors": (1 / 2 + 1 / 4 + 1 / 2) / 5, "partners_only": 2.5 / 5, "first_inventor": 0,
        },
    ),
    # B, C, D; behind Singapore where B and D are one
    ("CN", "partner_rank", "MY", {"baseline": 1, "as China": 2, "one per family": 2}),
    ("CN", "partner_rank", "SG", {"baseline": 1, "2011": 2}),
    (
        "CN-JS", "share_of_nation", "all",
        {
            "baseline": 3 / 5, "as China": 3 / 6, "with candidates": 4 / 5, "one per family": 2 / 4, "2011": 2 / 4,
            "fractional_inventors": (1 / 2 + 1 / 4 + 1 / 2) / 5, "focal_only": 2.5 / 5,
        },
    ),
    # 1, 1, 2, 1 of 2010 to 2013; with E 1, 1, 2, 2; filed in 2010 and 2011 1, 2
    ("CN", "mean_yearly_rate", "all", {
        "baseline": (0 + 1 - 1 / 2) / 3, "as China": 1 / 3, "one per family": 0, "2011": 1 / 4, "filing": 1,
    }),
    ("CN", "cagr", "all", {"baseline": 0, "as China": 2 ** (1 / 3) - 1, "filing": 1}),
    # two patents in two years, then three in two
    ("CN", "stage_ratio", "2", {"baseline": 1.5, "as China": 2, "one per family": 1, "filing": None}),
    # Jiangsu: 1, 1, 1, 0
    ("CN-JS", "mean_yearly_rate", "all", {
        "baseline": -1 / 3, "with candidates": 0, "one per family": -1 / 2, "2011": -1 / 2, "filing": 0,
    }),
    ("CN", "hhi", "all", {
        "baseline": 1 / 2, "as China": (16 + 9) / 49, "one per family": (9 + 4) / 25, "2011": (4 + 9) / 25,
        "first_inventor": None,
    }),
    ("CN", "cr5", "all", {
        "baseline": 6 / 5, "as China": 7 / 6, "one per family": 5 / 4, "2011": 5 / 4, "fractional_inventors": 1 / 2,
        "partners_only": 1, "first_inventor": 0,
    }),
]  # fmt: skip


@pytest.mark.parametrize(("scope", "measure", "member", "expected"), CASES)
def test_one_choice_at_a_time(
    con: duckdb.DuckDBPyConnection, scope: str, measure: str, member: str, expected: dict[str, Any]
) -> None:
    assert runs(con, scope, measure, member) == approx(expected)


def test_bounds_and_what_moves_a_number_most(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(
        "select measure, minimum, maximum, moved_most_by, sign_can_change, rank_can_change from marts.sensitivity "
        "where (scope, measure, member) in "
        "(('CN', 'partner_rank', 'SG'), ('CN', 'partner_share', 'SG'), ('CN-JS', 'patents', 'all')) order by 1"
    ).fetchall()
    assert found == [
        ("partner_rank", 1, 2, "first year", False, True),
        ("partner_share", 0, pytest.approx(3 / 4), "counting", False, True),
        # one more, one fewer, one fewer: the first in the alphabet
        ("patents", 2, 4, "families", False, False),
    ]
    [(sign,)] = con.execute(
        "select sign_can_change from marts.sensitivity where scope = 'CN-JS' and measure = 'mean_yearly_rate'"
    ).fetchall()
    assert not sign


def test_what_cannot_be_said_has_a_reason(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(
        "select distinct choice, option, reason from marts.sensitivity_runs "
        "where scope = 'CN' and measure in ('field_share', 'stage_ratio') and reason is not null order by all"
    ).fetchall()
    assert found == [
        ("counting", "first_inventor", "inventors do not divide a patent among fields"),
        ("counting", "fractional_inventors", "inventors do not divide a patent among fields"),
        ("date", "filing", "not defined under this option"),
    ]


def test_no_dates_of_filing_no_count_by_them(models: dict[str, Model]) -> None:
    with connect() as con:
        fill_lake(con, study(), [("SG", Patent("US1A1", date(2012, 3, 1), [NANJING, SG], [], "1"))])
        build_all(con, models, "marts.sensitivity_runs")
        found = con.execute(
            "select distinct reason from marts.sensitivity_runs where choice = 'date' and measure = 'poisson_rate'"
        ).fetchall()
    assert found == [("the source has no dates of filing",)]


def test_where_hong_kong_counts_the_option_sets_it_apart(models: dict[str, Model]) -> None:
    with connect() as con:
        fill_lake(con, study(hong_kong_as_cn=True), [*HITS, ("SG", E)])
        build_all(con, models)
        assert runs(con, "CN", "patents")["baseline"] == 6
        assert runs(con, "CN", "patents")["apart"] == 5
        assert runs(con, "CN-HK", "patents")["apart"] == 0
        assert runs(con, "CN-HK", "share_of_nation")["apart"] == 0
        for check in (check for model in models.values() for check in model.checks):
            assert run_check(con, check).passed or check.severity == "warn", check.id


def test_the_baseline_is_what_the_other_tables_say(paper: duckdb.DuckDBPyConnection) -> None:
    differing = paper.execute("""
        with marts as (
            select scope, 'patents' as measure, 'all' as member, patents as value from core.scopes
            union all select scope, 'partner_share', country, share from marts.by_country
            union all select scope, 'partner_rank', country, rank from marts.by_country
            union all select 'CN', 'province_share', province, share from marts.by_province
            union all select 'CN', 'province_rank', province, rank from marts.by_province
            union all select scope, 'cr5', 'all', cr5 from marts.concentration
                where dimension = 'country' and base = 'patents' and year is null
            union all select scope, 'hhi', 'all', hhi from marts.concentration
                where dimension = 'country' and base = 'memberships' and year is null
            union all select scope, 'mean_yearly_rate', 'all', mean_yearly_rate from marts.growth where is_study_rule
            union all select scope, 'cagr', 'all', cagr from marts.growth where is_study_rule
            union all select scope, 'poisson_rate', 'all', poisson_rate from marts.growth where is_study_rule
            union all select scope, 'stage_ratio', position::varchar, ratio_to_previous from marts.stages
                where method = 'study' and position > 1
        )
        select sensitivity.*, marts.value
        from marts.sensitivity as sensitivity
        left join marts using (scope, measure, member)
        where measure not like 'field%' and measure != 'share_of_nation'
            and (round(baseline, 12) is distinct from round(marts.value, 12))
    """).fetchall()
    assert differing == []


def test_without_relations_families_change_nothing_and_bounds_enclose(
    paper: duckdb.DuckDBPyConnection,
) -> None:
    found = paper.execute("""
        select runs.scope
        from marts.sensitivity_runs as runs
        inner join marts.sensitivity as baselines using (scope, measure, member)
        where (runs.choice = 'families' and runs.value is distinct from baselines.baseline)
            or (runs.measure = 'patents' and runs.option = 'certain only' and runs.value > baselines.baseline)
            or (runs.measure = 'patents' and runs.option = 'with candidates' and runs.value < baselines.baseline)
            or runs.value not between baselines.minimum and baselines.maximum
    """).fetchall()
    assert found == []
