"""The few lines a run ends with."""

from __future__ import annotations

from bri_pipeline.lake.layout import Layout
from bri_pipeline.study import Study
from bri_pipeline.warehouse import reading, rows_as_dicts


def summary_lines(study: Study, layout: Layout) -> list[str]:
    """What the published tables say, and where to look."""
    with reading(layout.published) as con:
        [summary] = rows_as_dicts(con, "select * from marts.summary")
        [(documents, unreadable)] = con.execute(
            "select coalesce(sum(documents), 0), coalesce(sum(unreadable), 0) from raw.source_files"
        ).fetchall()
    lines = [
        "",
        f"{study.title}" + (" (synthetic reference corpus)" if study.synthetic else ""),
        f"  {documents:,} {study.documents} read, {unreadable:,} unreadable and set aside",
        f"  {summary['hits']:,} hits - {summary['duplicates']:,} duplicates = {summary['patents']:,} patents",
        f"  {summary['countries_listed']} countries listed, {summary['countries_searched']} searched, "
        f"{summary['countries_with_patents']} with patents",
        f"  published {summary['first_date']} to {summary['last_date']}"
        if summary["patents"]
        else "  no patent in the window",
        "",
        f"Report:  {layout.report / 'index.html'}",
        f"Tables:  {layout.published}",
    ]
    return lines
