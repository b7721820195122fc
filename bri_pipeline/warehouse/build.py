"""From the lake to the marts: loads what is not SQL, builds the SQL models, runs their checks."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from types import MappingProxyType

import duckdb

from bri_pipeline.home import StudyHome
from bri_pipeline.places.resolver import Resolver, resolve_frame
from bri_pipeline.settings import resource_dir
from bri_pipeline.study import Study
from bri_pipeline.warehouse.external import EXTERNAL_TABLES, quoted
from bri_pipeline.warehouse.lake_tables import load_lake
from bri_pipeline.warehouse.loader import load_models
from bri_pipeline.warehouse.model import Model
from bri_pipeline.warehouse.model_build import BuiltTable, CheckOutcome, build_model, run_check
from bri_pipeline.warehouse.reference_tables import load_reference

PLACE_STRINGS = "staging.place_strings"
PLACE_RESOLUTION = "staging.place_resolution"
REFERENCE_TABLES = tuple(name for name in EXTERNAL_TABLES if name.startswith("reference."))


@dataclass(frozen=True)
class Built:
    """One table after a build, with the outcome of its checks."""

    name: str
    table: BuiltTable
    checks: list[CheckOutcome]


@cache
def models() -> Mapping[str, Model]:
    """The SQL models of this installation, read once: what a process declared and what it builds are the same."""
    return MappingProxyType(load_models(resource_dir("sql")))


def build_order(sql_models: Mapping[str, Model]) -> list[str]:
    """Reference tables, then every model and staging.place_resolution, each after what it reads."""
    graph: dict[str, set[str]] = {name: set(model.depends_on) for name, model in sql_models.items()}
    graph[PLACE_RESOLUTION] = {PLACE_STRINGS}
    ordered = [name for name in TopologicalSorter(graph).static_order() if name in graph]
    return [*REFERENCE_TABLES, *ordered]


def build_tables(
    con: duckdb.DuckDBPyConnection,
    home: StudyHome,
    sql_models: Mapping[str, Model],
    wanted: Collection[str] | None = None,
) -> Iterator[Built]:
    """Build the wanted tables (all by default) in order, yielding each with its checks' outcomes.

    A failed check does not stop the tables after it, so that the whole state can be looked at; whoever
    publishes must look at the outcomes.
    """
    load_lake(con, home)
    load_reference(con, home.study, resource_dir("data/reference"))
    for name in build_order(sql_models):
        if wanted is not None and name not in wanted:
            continue
        if name in sql_models:
            built = build_model(con, sql_models[name])
            yield Built(name, built, [run_check(con, check) for check in sql_models[name].checks])
        else:
            started = time.perf_counter()
            if name == PLACE_RESOLUTION:
                resolve_places(con, home.study)
            yield Built(name, describe(con, name, time.perf_counter() - started), [])


def resolve_places(con: duckdb.DuckDBPyConnection, study: Study) -> None:
    """Make staging.place_resolution from the distinct strings of staging.place_strings."""
    strings = con.sql(f"select * from {PLACE_STRINGS}").pl()
    resolver = Resolver.load(resource_dir("data/reference"), study.focal_country)
    con.register("resolved_places", resolve_frame(resolver, strings))
    con.execute(f"create or replace table {PLACE_RESOLUTION} as select * from resolved_places")
    con.unregister("resolved_places")
    table = EXTERNAL_TABLES[PLACE_RESOLUTION]
    con.execute(f"comment on table {PLACE_RESOLUTION} is {quoted(table.description)}")
    for column in table.columns:
        con.execute(f'comment on column {PLACE_RESOLUTION}."{column.name}" is {quoted(column.description)}')


def describe(con: duckdb.DuckDBPyConnection, name: str, seconds: float) -> BuiltTable:
    """A table that Python made, in the form of a built model."""
    meanings = {column.name: column.description for column in EXTERNAL_TABLES[name].columns}
    columns = [
        (row[0], row[1], meanings.get(row[0], "")) for row in con.execute(f"describe {name}").fetchall()
    ]
    [(rows,)] = con.execute(f"select count(*) from {name}").fetchall()
    names = [column[0] for column in columns]
    preview = [
        dict(zip(names, row, strict=True)) for row in con.execute(f"select * from {name} limit 10").fetchall()
    ]
    return BuiltTable(rows, columns, preview, {}, seconds)


def run_checks(con: duckdb.DuckDBPyConnection, sql_models: Mapping[str, Model]) -> Iterator[CheckOutcome]:
    """Run every check on the tables as they stand."""
    for model in sql_models.values():
        for check in model.checks:
            yield run_check(con, check)


def failed_errors(outcomes: Iterator[CheckOutcome] | list[CheckOutcome]) -> list[CheckOutcome]:
    """The outcomes that mean the numbers must not be trusted."""
    return [outcome for outcome in outcomes if not outcome.passed and outcome.check.severity == "error"]


def check_line(outcome: CheckOutcome) -> str:
    """One line on the outcome of a check, e.g. ``FAILED  marts.by_year/no_holes: 2 offending rows (...)``."""
    check = outcome.check
    if outcome.passed:
        return f"ok      {check.id}"
    mark = "FAILED " if check.severity == "error" else "warning"
    first = (
        "; ".join(f"{name}={value}" for name, value in outcome.sample[0].items()) if outcome.sample else ""
    )
    rows = "row" if outcome.failing_rows == 1 else "rows"
    return f"{mark} {check.id}: {outcome.failing_rows:,} offending {rows}: {check.description} First: {first[:200]}"
