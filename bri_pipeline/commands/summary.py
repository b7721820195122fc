"""The few lines a run ends with."""

from __future__ import annotations

from typing import Any

from bri_pipeline.home import StudyHome
from bri_pipeline.warehouse.about import holds_synthetic_records
from bri_pipeline.warehouse.database import reading, rows_as_dicts

_GROWTH = """
    select scopes.scope_name, growth.*
    from marts.growth as growth
    inner join core.scopes as scopes using (scope)
    cross join reference.study as study
    where growth.is_study_rule and (scopes.is_national or growth.scope = study.focal_province)
    order by scopes.is_national desc
"""

_LEFT_OUT = """
    select count(*) as files, list(source_file order by file_year, source_file)[:3] as names
    from raw.files_left_out
    where reason = 'cannot be opened' and read_instead is null
"""


def summary_lines(home: StudyHome) -> list[str]:
    """What the published tables say, and where to look."""
    with reading(home.published) as con:
        [summary] = rows_as_dicts(con, "select * from marts.summary")
        [(documents, unreadable)] = con.execute(
            "select coalesce(sum(documents), 0), coalesce(sum(unreadable), 0) from raw.source_files"
        ).fetchall()
        [left_out] = rows_as_dicts(con, _LEFT_OUT)
        growth = rows_as_dicts(con, _GROWTH)
        synthetic = holds_synthetic_records(con, home.study)
    lines = [
        "",
        home.study.title,
        *(
            ["  SYNTHETIC RECORDS: made to show what the software does; they say nothing about the world"]
            * synthetic
        ),
        f"  {documents:,} {home.study.documents} read, {unreadable:,} unreadable and set aside",
        *_left_out_line(**left_out),
        f"  {summary['hits']:,} hits - {summary['duplicates']:,} duplicates = {summary['patents']:,} patents",
        f"  {summary['countries_listed']} countries listed, {summary['countries_searched']} searched, "
        f"{summary['countries_with_patents']} with patents",
        f"  published {summary['first_date']} to {summary['last_date']}"
        if summary["patents"]
        else "  no patent in the window",
        *(_growth_line(row) for row in growth),
        "",
        f"Report:  {home.report / 'index.html'}",
        f"Tables:  {home.published}",
        f"Kit:     {home.exports}",
    ]
    return lines


def _left_out_line(files: int, names: list[str] | None) -> list[str]:
    """Files of the archive that may hold publications and cannot be opened, where nothing is read in their place."""
    if not names:
        return []
    more = ", ..." if files > len(names) else ""
    what = "1 source file" if files == 1 else f"{files:,} source files"
    return [
        f"  {what} cannot be opened: {', '.join(names)}{more}; `bri check raw.files_left_out/every_file_can_be_opened` "
        "says what to do"
    ]


def _growth_line(growth: dict[str, Any]) -> str:
    years = f"{growth['from_year']}-{growth['to_year']}"
    if growth["poisson_rate"] is None:
        return f"  growth of {growth['scope_name']}: none can be given ({growth['reason']})"
    rate, low, high = (
        f"{100 * growth[name]:.1f} %" for name in ("poisson_rate", "poisson_low", "poisson_high")
    )
    small = ", of few patents" if growth["is_small"] else ""
    return (
        f"  growth of {growth['scope_name']}, {years}: {rate} a year (Poisson, 95 %: {low} to {high}{small})"
    )
