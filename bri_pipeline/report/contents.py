"""The page of a scope in a language, read from the published tables: no number on it is typed in."""

from __future__ import annotations

import duckdb

from bri_pipeline.report.language import Code, language
from bri_pipeline.report.page import Banner, Page
from bri_pipeline.report.reader import Read, Reader
from bri_pipeline.report.sections import SECTIONS
from bri_pipeline.report.sections.quality import banners
from bri_pipeline.study import Study
from bri_pipeline.warehouse.about import holds_synthetic_records


def read_page(
    con: duckdb.DuckDBPyConnection, study: Study, scope: str | None, code: Code, read: Read | None = None
) -> Page:
    """The page of a scope: by default that of the study. ``read`` may remember what other pages asked.

    Raises:
        UserError: the study can have no such scope; those with patents are listed.
    """
    reader = Reader(con, study, scope, language(code), read)
    say = reader.say
    sections = [section for make in SECTIONS if (section := make(reader))]
    found = list(banners(reader))
    if holds_synthetic_records(con, study):
        # The records of the paper's study add up to what it prints; those of the others to nothing.
        records = "banner.synthetic" if study.expected is not None else "banner.made_up"
        found.insert(0, Banner("synthetic", say.say("banner.synthetic_title"), say.say(records)))
    return Page(reader.scope, say, reader.title, _subtitle(reader), found, sections)


def scopes_with_patents(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Codes of the scopes with patents, the largest first."""
    rows = con.execute(
        "select scope from core.scopes where patents > 0 order by patents desc, scope"
    ).fetchall()
    return [scope for (scope,) in rows]


def _subtitle(reader: Reader) -> str:
    say, study = reader.say, reader.study
    subtitle = say.say(
        "page.subtitle",
        start=study.window_start,
        end=study.window_end or say.say("page.today"),
        source=say.say(f"source.{study.source.kind}"),
    )
    [summary] = reader.rows("select last_date from marts.summary")
    if not summary["last_date"]:
        return _capital(subtitle)
    gap = say.say("lists.sentences")
    return _capital(subtitle + gap + say.say("page.as_of", date=summary["last_date"]))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
