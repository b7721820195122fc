"""The published copy: made only of checked tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from bri_pipeline.errors import UserError
from bri_pipeline.home import StudyHome
from bri_pipeline.lake.archived import accepted_losses
from bri_pipeline.warehouse.build_ids import BuildIds
from bri_pipeline.warehouse.database import Comments, copy_tables, reading, table_names
from bri_pipeline.warehouse.external import EXTERNAL_TABLES, ExternalTable
from bri_pipeline.warehouse.model import Model
from bri_pipeline.warehouse.outcomes import Outcome, kept_outcomes
from bri_pipeline.years import years_in_words

_NAMED = 3
_REASONS = {"current": "failed", "missing": "has not run", "older": "is older than a table it reads"}


def publish(home: StudyHome, sql_models: Mapping[str, Model]) -> int:
    """Copy the warehouse's tables into the file readers open, if they are all there and checked.

    Returns:
        Number of tables copied.

    Raises:
        UserError: a table is not built, or a check of severity error failed, did not run, or ran before its table
            was changed, or there are fewer years than readers have now; the published file stays as it was.
    """
    names = published_tables(sql_models)
    with reading(home.warehouse) as con:
        refuse_unchecked(con, sql_models)
        years = _years_of(con)
    _refuse_fewer_years(home, years)
    return copy_tables(home.warehouse, home.published, names, comments(sql_models))


def _refuse_fewer_years(home: StudyHome, years: set[int]) -> None:
    """Raise if a year of the window that readers have now would vanish and nobody has accepted its loss."""
    accepted = {loss.year for loss in accepted_losses(home)}
    vanished = (_published_years(home) & set(home.study.years)) - years - accepted
    if vanished:
        raise UserError(
            f"Nothing is published: {years_in_words(vanished)} would vanish, which the published copy holds. "
            f"Run the job refresh of these years, or `bri run`; if it is meant, delete {home.published} first."
        )


def _published_years(home: StudyHome) -> set[int]:
    if not home.published.is_file():
        return set()
    try:
        with reading(home.published) as con:
            return _years_of(con)
    except (UserError, duckdb.Error):  # damaged, or of another version: it is replaced in any case
        return set()


def _years_of(con: duckdb.DuckDBPyConnection) -> set[int]:
    """The years of which a file was read whole."""
    rows = con.execute("select distinct file_year from raw.source_files where problem is null").fetchall()
    return {int(year) for (year,) in rows if year is not None}


def built_tables(sql_models: Mapping[str, Model]) -> list[str]:
    """``schema.table`` of every table that a build makes and records."""
    return [name for name in published_tables(sql_models) if not name.startswith("checks.")]


def published_tables(sql_models: Mapping[str, Model]) -> list[str]:
    """``schema.table`` of what readers get: every table but those of schema ``lake``."""
    return [*(name for name in EXTERNAL_TABLES if not name.startswith("lake.")), *sql_models]


def comments(sql_models: Mapping[str, Model]) -> dict[str, Comments]:
    """What readers find in the database beside each table and column: the headers of the SQL, and ``external``."""
    described: dict[str, ExternalTable | Model] = {**EXTERNAL_TABLES, **sql_models}
    return {
        name: Comments(
            table.description, {column.name: column.description_with_unit for column in table.columns}
        )
        for name, table in described.items()
    }


def refuse_unchecked(con: duckdb.DuckDBPyConnection, sql_models: Mapping[str, Model]) -> None:
    """Raise unless every table that is published is there and every check of severity error holds for it.

    Raises:
        UserError: says which tables or checks, and the way out.
    """
    there = set(table_names(con))
    if absent := [name for name in published_tables(sql_models) if name not in there]:
        raise UserError(
            f"Nothing is published: {_some(absent)} {'is' if len(absent) == 1 else 'are'} not built yet. "
            "`bri run` builds every table; in the UI, materialize them."
        )
    bad = [outcome for outcome in kept_outcomes(con, sql_models, BuildIds(con)) if outcome.forbids_use]
    if bad:
        raise UserError(
            f"Nothing is published: {_some([_reason(outcome) for outcome in bad])}. "
            "`bri check` runs what is due and shows the offending rows; `bri run` builds the tables again."
        )


def _reason(outcome: Outcome) -> str:
    return f"{outcome.check.id} {_REASONS[outcome.state]}"


def _some(items: Sequence[str]) -> str:
    more = len(items) - _NAMED
    return ", ".join(items[:_NAMED]) + (f" and {more} more" if more > 0 else "")
