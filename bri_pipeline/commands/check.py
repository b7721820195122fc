"""``bri check``: what every check found; those that are missing or older than their table run first."""

from __future__ import annotations

from bri_pipeline.home import StudyHome
from bri_pipeline.printing import json_line
from bri_pipeline.warehouse.build import check_line, models
from bri_pipeline.warehouse.build_ids import BuildIds
from bri_pipeline.warehouse.database import reading, writing
from bri_pipeline.warehouse.outcomes import Outcome, kept_outcomes, run_due


def check_study(home: StudyHome) -> list[Outcome]:
    """The outcome of every check on the warehouse as it is; what is kept and still holds is not run again.

    Raises:
        UserError: the study was never run, or another program holds the warehouse.
    """
    with reading(home.warehouse) as con:
        outcomes = kept_outcomes(con, models(), BuildIds(con))
    if all(outcome.state == "current" for outcome in outcomes):
        return outcomes
    with writing(home.warehouse) as con:
        return run_due(con, models())


def check_report(outcomes: list[Outcome]) -> str:
    """One line per check, and a last one that counts them."""
    failed = sum(outcome.forbids_use for outcome in outcomes)
    passed = sum(outcome.state == "current" and outcome.passed for outcome in outcomes)
    warnings = len(outcomes) - passed - failed
    lines = [check_line(outcome) for outcome in outcomes]
    lines.append(f"{passed} of {len(outcomes)} checks passed, {failed} failed, {warnings} warnings")
    return "\n".join(lines)


def check_json(outcomes: list[Outcome]) -> str:
    """One JSON object per line and check, with the columns of checks.outcomes; ``passed`` is null if it cannot run."""
    return "\n".join(json_line(_fields(outcome)) for outcome in outcomes)


def _fields(outcome: Outcome) -> dict[str, object]:
    ran = outcome.state == "current"
    return {
        "table_name": outcome.check.table,
        "check_name": outcome.check.name,
        "severity": outcome.check.severity,
        "passed": outcome.passed if ran else None,
        "offending_rows": outcome.offending_rows if ran else None,
        "sample": outcome.sample,
        "checked_at": outcome.checked_at,
        "description": outcome.check.description,
    }
