"""From the lake to the marts: loads what is not SQL, builds the SQL models, runs their checks."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from graphlib import TopologicalSorter
from types import MappingProxyType

import duckdb

from bri_pipeline.cycles import without_search_for_cycles
from bri_pipeline.home import StudyHome
from bri_pipeline.lake.landed import landed_files
from bri_pipeline.progress import Count, Listener, silent
from bri_pipeline.settings import resource_dir
from bri_pipeline.study import Study
from bri_pipeline.warehouse.build_ids import BUILDS, BuildIds, keep_table, record_build
from bri_pipeline.warehouse.columns import Columns
from bri_pipeline.warehouse.external import EXTERNAL_TABLES
from bri_pipeline.warehouse.lake_tables import load_lake
from bri_pipeline.warehouse.loader import load_models
from bri_pipeline.warehouse.made_from import table_digests
from bri_pipeline.warehouse.memory import allow_all_memory, begin_with_little_memory, in_little_memory
from bri_pipeline.warehouse.model import Model
from bri_pipeline.warehouse.model_build import BuiltTable, build_model, prune
from bri_pipeline.warehouse.outcomes import OUTCOMES, Outcome, forget_other_checks, run_and_keep
from bri_pipeline.warehouse.python_tables import PYTHON_TABLES, make_python_table
from bri_pipeline.warehouse.reference_tables import load_reference, reference_rows

REFERENCE_TABLES = tuple(name for name in EXTERNAL_TABLES if name.startswith("reference."))

# Kept publications; DuckDB gives a thread 122,880 rows of a table at a time.
_WORTH_THREADS = 100_000


@dataclass(frozen=True)
class Built:
    """One table after a build, with the outcome of its checks; ``build_id`` is a digest of its contents."""

    name: str
    table: BuiltTable
    checks: list[Outcome]
    build_id: str


@cache
def models() -> Mapping[str, Model]:
    """The SQL models of this installation, read once: what a process declared and what it builds are the same."""
    return MappingProxyType(load_models(resource_dir("sql")))


def build_order(sql_models: Mapping[str, Model]) -> list[str]:
    """Reference tables, then every model and table made by Python, each after what it reads."""
    graph: dict[str, set[str]] = {name: set(model.depends_on) for name, model in sql_models.items()}
    for name in PYTHON_TABLES:
        graph[name] = {str(EXTERNAL_TABLES[name].source)}
    ordered = [name for name in TopologicalSorter(graph).static_order() if name in graph]
    return [*REFERENCE_TABLES, *ordered]


def build_tables(
    con: duckdb.DuckDBPyConnection,
    home: StudyHome,
    sql_models: Mapping[str, Model],
    wanted: Collection[str] | None = None,
    threads: int | None = None,
    progress: Listener = silent,
) -> Iterator[Built]:
    """Build the wanted tables (all by default) in order, yielding each with its checks' outcomes, which are kept.

    Nothing else is written, but for what the wanted models and their checks read of schema ``lake``. A failed check
    does not stop the tables after it, so that the whole state can be looked at; ``publish`` looks at the outcomes.
    The tables are the same, to the last bit, on any number of ``threads``: all cores by default, one for few records.
    """
    names = [name for name in build_order(sql_models) if wanted is None or name in wanted]
    if threads is None and _is_small(home):
        threads = 1
    con.execute(f"set threads = {threads}" if threads else "reset threads")
    rows = reference_rows(home.study, resource_dir("data/reference")) if names else {}
    made_from = table_digests(home, sql_models, rows) if names else {}
    begin_with_little_memory(con)
    read = _read_by(sql_models[name] for name in names if name in sql_models)
    in_little_memory(con, partial(load_lake, con, home, read))
    load_reference(con, home.study, resource_dir("data/reference"), names, rows)
    ids = BuildIds(con)
    for kept in (BUILDS, OUTCOMES):
        keep_table(con, kept)  # now, as what a table's own transaction makes may be undone
    count = Count(progress, "tables and checks", len(names), "tables")
    for name in names:
        count.begin(name)
        model = sql_models.get(name)
        built = in_little_memory(con, partial(_build, con, home.study, model, name, made_from[name], ids))
        count.add()
        yield built
    allow_all_memory(con)


def _is_small(home: StudyHome) -> bool:
    """Whether threads would wait for each other longer than they work."""
    return sum(file.kept for file in landed_files(home, home.study.years)) < _WORTH_THREADS


@without_search_for_cycles()  # tables leave none, and what resolvers hold would be searched with each
def _build(
    con: duckdb.DuckDBPyConnection,
    study: Study,
    model: Model | None,
    name: str,
    made_from: str,
    ids: BuildIds,
) -> Built:
    """Make a table, of its SQL where it has a model, and run its checks."""
    ids.forget(name)
    table = build_model(con, model, ids.columns) if model else _made_by_python(con, study, name, ids)
    record_build(name, table.rows, made_from, ids)
    outcomes = run_and_keep(con, model.checks if model else (), ids)
    return Built(name, table, outcomes, str(ids.of(name)))


def _made_by_python(con: duckdb.DuckDBPyConnection, study: Study, name: str, ids: BuildIds) -> BuiltTable:
    """A table that Python makes; reference tables are there already."""
    started = time.perf_counter()
    if name in PYTHON_TABLES:
        make_python_table(con, name, study)
    return _described(con, name, ids.columns(name), time.perf_counter() - started)


def _read_by(sql_models: Iterable[Model]) -> set[str]:
    """Every table the models and their checks read."""
    names: set[str] = set()
    for model in sql_models:
        names |= model.depends_on.union(*(check.depends_on for check in model.checks))
    return names


def remove_others(con: duckdb.DuckDBPyConnection, sql_models: Mapping[str, Model]) -> list[str]:
    """Drop the tables that nothing makes any more, with all that was kept of them; their names are returned."""
    gone = prune(con, sql_models)
    keep_table(con, "checks.builds")
    for name in gone:
        con.execute("delete from checks.builds where table_name = ?", [name])
    forget_other_checks(con, sql_models)
    return gone


def _described(con: duckdb.DuckDBPyConnection, name: str, found: Columns, seconds: float) -> BuiltTable:
    """A table that Python made, in the form of a built model."""
    meanings = {column.name: column.description_with_unit for column in EXTERNAL_TABLES[name].columns}
    columns = [(column, type_, meanings.get(column, "")) for column, type_ in found]
    [(rows,)] = con.execute(f"select count(*) from {name}").fetchall()
    names = [column[0] for column in columns]
    preview = [
        dict(zip(names, row, strict=True)) for row in con.execute(f"select * from {name} limit 10").fetchall()
    ]
    return BuiltTable(rows, columns, preview, {}, seconds)


def check_line(outcome: Outcome) -> str:
    """One line on the outcome of a check, e.g. ``FAILED  marts.by_year/no_holes: 2 offending rows (...)``."""
    check = outcome.check
    if outcome.state != "current":
        return f"missing {check.id}: it cannot run, as a table it reads is not there. `bri run` builds all tables."
    if outcome.passed:
        return f"ok      {check.id}"
    mark = "FAILED " if check.severity == "error" else "warning"
    first = (
        "; ".join(f"{name}={value}" for name, value in outcome.sample[0].items()) if outcome.sample else ""
    )
    rows = "row" if outcome.offending_rows == 1 else "rows"
    return f"{mark} {check.id}: {outcome.offending_rows:,} offending {rows}: {check.description} First: {first[:200]}"
