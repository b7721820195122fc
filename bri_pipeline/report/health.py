"""One page on the state of a study: checks, years, row counts, places, quarantine, and the last publication."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import duckdb

from bri_pipeline.home import StudyHome
from bri_pipeline.lake.soundness import faults_of
from bri_pipeline.printing import markdown_table, markdown_text
from bri_pipeline.warehouse.build import check_line, models
from bri_pipeline.warehouse.build_ids import BuildIds
from bri_pipeline.warehouse.database import reading, rows_as_dicts, table_names
from bri_pipeline.warehouse.outcomes import kept_outcomes

CHANGES_SHOWN = 15
PLACES_SHOWN = 10
_YEARS = """
    select file_year as year, count(*) as files, sum(documents)::bigint as documents, sum(kept)::bigint as kept,
        sum(unreadable)::bigint as unreadable, max(landed_at)::date::varchar as newest_reading
    from raw.source_files group by file_year order by file_year
"""
_PLACES = f"""
    select city_raw as city, region_raw as region, inventor_mentions as inventors, method
    from staging.place_resolution where province is null
    order by inventor_mentions desc, city_raw limit {PLACES_SHOWN}
"""

_SET_ASIDE = (
    "select reason, count(*) as documents from raw.quarantine group by reason order by documents desc, reason"
)


def health_page(home: StudyHome, rows_before: Mapping[str, int] | None = None) -> str:
    """The page as Markdown.

    Args:
        home: the study.
        rows_before: table -> rows it had in the build before; null where nobody knows, which leaves that part out.
    """
    lines = [f"# Health of {home.study.name}", "", _publication(home), "", *_files(home)]
    if home.warehouse.is_file():
        with reading(home.warehouse) as con:
            lines += _tables_section(con, rows_before)
    else:
        lines += ["No table has been built yet: run the job `refresh`, or `bri run`."]
    return "\n".join(lines) + "\n"


def _publication(home: StudyHome) -> str:
    if not home.published.is_file():
        return "**Nothing has been published yet.** Run the job `refresh`, or `bri run`."
    at = datetime.fromtimestamp(home.published.stat().st_mtime, UTC)
    return f"Last published {at:%Y-%m-%d %H:%M} UTC: `{home.published}`."


def _files(home: StudyHome) -> Iterator[str]:
    faults = faults_of(home, home.study.years)
    yield "## Source files"
    yield ""
    if not faults:
        yield "Every file that was looked at can be used."
    for year, found in faults.items():
        yield from (f"- **{year}**: {markdown_text(fault)}" for fault in found)
    yield ""


def _tables_section(con: duckdb.DuckDBPyConnection, rows_before: Mapping[str, int] | None) -> Iterator[str]:
    there = set(table_names(con))
    yield from _checks(con)
    if "raw.source_files" in there:
        yield from _section("Years", rows_as_dicts(con, _YEARS), "no file has been read")
    if rows_before is not None:
        yield from _changes(con, rows_before)
    if "staging.place_resolution" in there:
        [(strings, mentions)] = con.execute(
            "select count(*), coalesce(sum(inventor_mentions), 0)::bigint from staging.place_resolution "
            "where province is null"
        ).fetchall()
        yield f"## Places without a province\n\n{strings:,} strings, {mentions:,} inventors; the most frequent:\n"
        yield from _table(rows_as_dicts(con, _PLACES), "every place has one")
        yield "Enter those you know in `data/reference/place_overrides.csv` (docs/places.md).\n"
    if "raw.quarantine" in there:
        yield from _section("Documents set aside", rows_as_dicts(con, _SET_ASIDE), "none")


def _checks(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    outcomes = kept_outcomes(con, models(), BuildIds(con))
    bad = [outcome for outcome in outcomes if not outcome.passed]
    errors = [outcome for outcome in bad if outcome.check.severity == "error"]
    yield f"## Checks\n\n{len(outcomes) - len(bad):,} of {len(outcomes):,} passed, {len(errors):,} failed, "
    yield f"{len(bad) - len(errors):,} warned.\n"
    for outcome in bad:
        mark = "**failed**" if outcome in errors else "warning"
        _, _, said = check_line(outcome).partition(outcome.check.id)
        yield f"- {mark} `{outcome.check.id}`{markdown_text(said)}"
    yield ""


def _changes(con: duckdb.DuckDBPyConnection, before: Mapping[str, int]) -> Iterator[str]:
    now: dict[str, int] = dict(con.execute("select table_name, rows from checks.builds").fetchall())
    different = [name for name, rows in now.items() if before.get(name, rows) != rows]
    different.sort(key=lambda name: -abs(now[name] - before[name]))
    changed = [
        {
            "table": name,
            "rows before": before[name],
            "rows now": now[name],
            "change": now[name] - before[name],
        }
        for name in different
    ]
    yield from _section(
        "Rows against last time",
        changed[:CHANGES_SHOWN],
        f"the {len(now):,} tables have as many rows as before",
    )


def _section(title: str, rows: list[dict[str, Any]], otherwise: str) -> Iterator[str]:
    yield f"## {title}\n"
    yield from _table(rows, otherwise)


def _table(rows: list[dict[str, Any]], otherwise: str) -> Iterator[str]:
    yield f"{markdown_table(rows, _cell) or f'{otherwise}.'}\n"


def _cell(value: object) -> str:
    if isinstance(value, int) and value > 9999:
        return f"{value:,}"
    return "" if value is None else str(value)
