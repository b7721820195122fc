"""Writes the report: ``index.html`` and ``tables/<mart>.csv``."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from bri_pipeline.files.atomic import replacing
from bri_pipeline.report import numbers
from bri_pipeline.report.contents import Contents, read_contents
from bri_pipeline.report.export import write_tables
from bri_pipeline.study import Study
from bri_pipeline.warehouse.database import reading


def write_report(published: Path, study: Study, out: Path, *, scope: str | None = None) -> Path:
    """Write the report of a study from its published tables; what is there is replaced.

    Args:
        published: the DuckDB file that readers open.
        study: the study the tables were made for.
        out: folder that gets ``index.html`` (one page that needs no other file) and ``tables/<mart>.csv``.
        scope: province to look at beside the nation, or the focal country for the nation alone; default the
            study's province, if it has one.

    Returns:
        Path of index.html.

    Raises:
        UserError: there are no published tables yet, or no such scope.
    """
    with reading(published) as con:
        contents = read_contents(con, study, scope)
        write_tables(con, out / "tables")
    page = out / "index.html"
    with replacing(page) as temporary:
        temporary.write_text(page_html(contents), encoding="utf-8")
    return page


def page_html(contents: Contents) -> str:
    """The page as HTML."""
    environment = Environment(
        loader=PackageLoader("bri_pipeline.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.loopcontrols"],
    )
    environment.filters.update(
        shown=numbers.shown,
        count=numbers.count,
        percent=numbers.percent,
        coordinate=lambda number: f"{round(number, 1):g}",
    )
    environment.globals["counted"] = numbers.counted
    return environment.get_template("page.html.j2").render(page=contents)
