"""``bri check``: what every check found, run first where it is missing or older; or every offending row of one."""

from __future__ import annotations

import difflib

import duckdb

from bri_pipeline.errors import UserError
from bri_pipeline.home import StudyHome
from bri_pipeline.printing import formatted, json_line, terminal_width
from bri_pipeline.visible import brief
from bri_pipeline.warehouse.build import check_line, models
from bri_pipeline.warehouse.build_ids import BuildIds
from bri_pipeline.warehouse.database import reading, writing
from bri_pipeline.warehouse.model import Check
from bri_pipeline.warehouse.outcomes import Outcome, all_checks, kept_outcomes, run_due


def check_study(home: StudyHome) -> list[Outcome]:
    """The outcome of every check on the warehouse as it is; what is kept and still holds is not run again.

    Raises:
        UserError: the study was never run, another program holds the warehouse, or a link is in its place.
    """
    if found := next((one for one in home.in_the_way() if one.path == home.warehouse), None):
        raise UserError(f"{found.path} {found.what}. `bri run` makes it again.")
    with reading(home.warehouse) as con:
        outcomes = kept_outcomes(con, models(), BuildIds(con))
    if all(outcome.state == "current" for outcome in outcomes):
        return outcomes
    with writing(home.warehouse) as con:
        return run_due(con, models())


def offending_rows(home: StudyHome, name: str, output: str) -> tuple[str, bool]:
    """Every row that a check returns on the private tables as they are, also while nothing can be published.

    Args:
        home: the study.
        name: the check, ``schema.table/name``.
        output: ``table`` or ``json``.

    Returns:
        The rows as text, and whether they forbid the use of the numbers.

    Raises:
        UserError: there is no such check, a table it reads is not there, or the study was never run.
    """
    check = _named(name)
    with reading(home.warehouse) as con:
        try:
            cursor = con.execute(check.sql)
        except duckdb.CatalogException:
            raise UserError(
                f"{check.id} cannot run, as a table it reads is not there. `bri run` builds all tables."
            ) from None
        columns = [column[0] for column in cursor.description or []]
        rows = cursor.fetchall()
    shown = formatted(columns, rows, output, terminal_width()).rstrip("\n")
    heading = "" if output == "json" else f"{check.description}\n\n"
    return heading + shown, bool(rows) and check.severity == "error"


def _named(name: str) -> Check:
    known = {check.id: check for check in all_checks(models())}
    wanted = name.strip().strip("/").replace("/", ".", name.count("/") - 1)  # also written as in the UI
    if wanted in known:
        return known[wanted]
    alike = difflib.get_close_matches(wanted, known, 1, 0.5)
    meant = f" Did you mean {alike[0]}?" if alike else ""
    raise UserError(f"There is no check {brief(name)}.{meant} `bri check` lists all of them.")


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
