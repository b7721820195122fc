"""``checks.outcomes``: what every check found, kept with the tables, and which of it no longer holds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import duckdb

from bri_pipeline.warehouse.build_ids import BuildIds, keep_table
from bri_pipeline.warehouse.database import rows_as_dicts, table_names
from bri_pipeline.warehouse.header import without_comments
from bri_pipeline.warehouse.model import Check, Model
from bri_pipeline.warehouse.model_build import run_check

OUTCOMES = "checks.outcomes"
State = Literal["current", "older", "missing"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check found, and whether that still holds.

    ``state`` is ``missing`` for a check that never ran on this file, ``older`` where the check, its table or a table
    it reads has changed since; what was found then is kept. ``sample`` holds the first offending rows.
    """

    check: Check
    state: State
    passed: bool = False
    offending_rows: int = 0
    sample: tuple[dict[str, Any], ...] = ()
    checked_at: datetime | None = None

    @property
    def forbids_use(self) -> bool:
        """Whether the numbers must not be used: an error check failed, never ran, or ran on other tables."""
        return self.check.severity == "error" and not (self.state == "current" and self.passed)


def all_checks(sql_models: Mapping[str, Model]) -> list[Check]:
    """Every check of the models, in the order of the models."""
    return [check for model in sql_models.values() for check in model.checks]


def run_and_keep(con: duckdb.DuckDBPyConnection, checks: Iterable[Check], ids: BuildIds) -> list[Outcome]:
    """Run checks on the tables as they are and keep what they find in checks.outcomes."""
    outcomes = []
    for check in checks:
        found = run_check(con, check)
        now = datetime.now(UTC)
        outcomes.append(Outcome(check, "current", found.passed, found.failing_rows, tuple(found.sample), now))
    ids.note(OUTCOMES, list(_stored(outcomes, ids)), key=2)
    return outcomes


def kept_outcomes(
    con: duckdb.DuckDBPyConnection, sql_models: Mapping[str, Model], ids: BuildIds
) -> list[Outcome]:
    """The kept outcome of every check, in the order of the models."""
    kept = {(row["table_name"], row["check_name"]): row for row in _rows(con)}
    return [_kept(check, kept.get((check.table, check.name)), ids) for check in all_checks(sql_models)]


def run_due(con: duckdb.DuckDBPyConnection, sql_models: Mapping[str, Model]) -> list[Outcome]:
    """Run the checks whose outcome is missing or older than its tables; the outcomes of all checks.

    A check whose tables are not all there cannot run and stays missing.
    """
    ids = BuildIds(con)
    due = [outcome.check for outcome in kept_outcomes(con, sql_models, ids) if outcome.state != "current"]
    there = set(table_names(con))
    run_and_keep(con, [check for check in due if check.depends_on | {check.table} <= there], ids)
    return kept_outcomes(con, sql_models, ids)


def forget_other_checks(con: duckdb.DuckDBPyConnection, sql_models: Mapping[str, Model]) -> None:
    """Remove the outcomes of checks that are gone."""
    keep_table(con, OUTCOMES)
    known = {(check.table, check.name) for check in all_checks(sql_models)}
    for row in _rows(con):
        if (row["table_name"], row["check_name"]) not in known:
            _delete(con, row["table_name"], row["check_name"])


def _kept(check: Check, row: dict[str, Any] | None, ids: BuildIds) -> Outcome:
    if row is None:
        return Outcome(check, "missing")
    return Outcome(
        check,
        "current" if row["inputs_id"] == _inputs_id(check, ids) else "older",
        row["passed"],
        row["offending_rows"],
        tuple(json.loads(row["sample"])),
        row["checked_at"],
    )


def _inputs_id(check: Check, ids: BuildIds) -> str:
    asks = (check.id, check.severity, check.description, without_comments(check.sql))
    return ids.combined(*asks, tables=check.depends_on | {check.table})


def _stored(outcomes: Iterable[Outcome], ids: BuildIds) -> Iterator[tuple[Any, ...]]:
    """Rows of checks.outcomes, in the order of its columns."""
    for outcome in outcomes:
        check = outcome.check
        yield (
            check.table,
            check.name,
            check.severity,
            outcome.passed,
            outcome.offending_rows,
            json.dumps(outcome.sample, ensure_ascii=False, default=str),
            ids.of(check.table),
            _inputs_id(check, ids),
            outcome.checked_at,
            check.description,
        )


def _delete(con: duckdb.DuckDBPyConnection, table: str, check: str) -> None:
    con.execute(f"delete from {OUTCOMES} where table_name = ? and check_name = ?", [table, check])


def _rows(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    if OUTCOMES not in table_names(con):
        return []
    return rows_as_dicts(con, f"select * from {OUTCOMES}")
