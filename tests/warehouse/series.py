"""Yearly series written straight into the tables that growth and stages are worked out from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from bri_pipeline.warehouse import load_models
from bri_pipeline.warehouse.external import EXTERNAL_TABLES, create_empty
from tests.warehouse.lake import REPOSITORY, connect, create, make_from

STAGES = (
    "core.stage_periods", "core.year_segments", "core.stage_cuts", "core.stage_spans", "core.ratios_wanted",
    "core.counts_wanted", "core.trends_wanted", "marts.stages", "marts.stage_models",
)  # fmt: skip
MODELS = load_models(REPOSITORY / "sql")
FIRST = 2001


def over_series(
    counts: Sequence[int],
    *wanted: str,
    publications: Sequence[int] | None = None,
    stages: int = 2,
    periods: Sequence[tuple[str, int, int]] | None = None,
    rule: str = "skip",
) -> duckdb.DuckDBPyConnection:
    """Build models over one yearly series of scope CN; every year is whole and a growth year.

    The study declares ``periods`` (name, first and last year), else cuts of one year each, the last takes the rest.
    """
    con = connect()
    last = FIRST + len(counts) - 1
    for name in ("reference.study", "reference.stages"):
        create_empty(con, EXTERNAL_TABLES[name])
    con.execute(
        "insert into reference.study by name select 'CN' as focal_country, ? as growth_from, ? as growth_to, "
        "? as zero_year_rule",
        [FIRST, last, rule],
    )
    yearly = [
        (f"stage {n}", FIRST + n - 1, last if n == stages else FIRST + n - 1) for n in range(1, stages + 1)
    ]
    for n, period in enumerate(periods or yearly, start=1):
        con.execute("insert into reference.stages values (?, ?, ?, ?)", [n, *period])
    con.execute("create schema core; create schema marts")
    con.execute(
        "create table core.scopes as select 'CN' as scope, true as is_national, ?::bigint as patents",
        [sum(counts)],
    )
    con.execute("create table core.family_counts (families bigint)")
    con.execute(
        "create table core.scope_years as select 'CN' as scope, ? + n - 1 as year, patents, publications "
        "from (select unnest(?::bigint[]) as patents, unnest(?::bigint[]) as publications, "
        "generate_subscripts(?::bigint[], 1) as n)",
        [FIRST, list(counts), list(publications or [100] * len(counts)), list(counts)],
    )
    con.execute(
        "create table core.years as select year, 1::double as exposure, true as is_whole, "
        "true as is_of_last_run, true as is_growth_year from core.scope_years"
    )
    con.execute(
        "create table core.member_parts (scope text, dimension text, scheme text, member text, counting text, "
        "denominator bigint, numerator bigint)"
    )
    con.execute(
        "create table core.option_series as select 'none' as choice, 'baseline' as option, scope, year, "
        "true as is_growth_year, patents from core.scope_years"
    )
    for name in wanted:
        build(con, name)
    return con


def build(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """A model, and what Python makes from it."""
    create(con, MODELS[name])
    make_from(con, name)


def row(con: duckdb.DuckDBPyConnection, query: str) -> dict[str, Any]:
    """The one row of a query."""
    cursor = con.execute(query)
    names = [column[0] for column in cursor.description]
    [values] = cursor.fetchall()
    return dict(zip(names, values, strict=True))
