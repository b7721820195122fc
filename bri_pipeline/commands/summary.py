"""The few lines a run ends with."""

from __future__ import annotations

from bri_pipeline.home import StudyHome
from bri_pipeline.warehouse.database import reading, rows_as_dicts


def summary_lines(home: StudyHome) -> list[str]:
    """What the published tables say, and where to look."""
    with reading(home.published) as con:
        [summary] = rows_as_dicts(con, "select * from marts.summary")
        [(documents, unreadable)] = con.execute(
            "select coalesce(sum(documents), 0), coalesce(sum(unreadable), 0) from raw.source_files"
        ).fetchall()
    lines = [
        "",
        f"{home.study.title}" + (" (synthetic reference corpus)" if home.study.synthetic else ""),
        f"  {documents:,} {home.study.documents} read, {unreadable:,} unreadable and set aside",
        f"  {summary['hits']:,} hits - {summary['duplicates']:,} duplicates = {summary['patents']:,} patents",
        f"  {summary['countries_listed']} countries listed, {summary['countries_searched']} searched, "
        f"{summary['countries_with_patents']} with patents",
        f"  published {summary['first_date']} to {summary['last_date']}"
        if summary["patents"]
        else "  no patent in the window",
        "",
        f"Report:  {home.report / 'index.html'}",
        f"Tables:  {home.published}",
    ]
    return lines
