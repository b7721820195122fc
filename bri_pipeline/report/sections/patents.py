"""The patents themselves: the newest of the scope, each with a way to the USPTO's own page."""

from __future__ import annotations

import re

from bri_pipeline.report import numbers
from bri_pipeline.report.page import Block, Fold, Text
from bri_pipeline.report.reader import Reader
from bri_pipeline.warehouse.about import holds_synthetic_records

SHOWN = 200
_PAGE = "https://ppubs.uspto.gov/pubwebapp/external.html?q={number}.pn."


def listed(reader: Reader) -> list[Block]:
    """The newest patents below a line; the numbers of synthetic records lead nowhere, so they are no links."""
    say = reader.say
    rows = reader.rows(
        """
        select patents.publication_number, patents.publication_date, patents.title,
            string_agg(distinct countries.country, '; ' order by countries.country) as partners
        from core.patent_scopes as scopes
        inner join core.patents as patents using (publication_number)
        inner join core.patent_countries as countries using (publication_number)
        where scopes.scope = ?
        group by all
        order by patents.publication_date desc, patents.publication_number desc
        limit ?
        """,
        reader.scope,
        SHOWN,
    )
    synthetic = holds_synthetic_records(reader.con, reader.study)
    for row in rows:
        row["link"] = None if synthetic else uspto_page(row["publication_number"])
    table = reader.table(
        "publications",
        "core.patents",
        (
            ("publication_number", "publication"),
            ("publication_date", "text"),
            ("title", "text"),
            ("partners", "text"),
        ),
        rows,
        more="documents",
        by_rank=False,
    )
    if reader.patents > SHOWN:
        table = [*table, Text(say.say("partners.newest", n=numbers.count(SHOWN)), "note")]  # type: ignore[list-item]
    return [Fold(say.say("partners.publications", name=reader.name), table)]


def uspto_page(publication_number: str) -> str | None:
    """Address of a publication or a patent in the USPTO's Patent Public Search; none for a number of another form."""
    found = re.fullmatch(r"(?:US)?(\d{7,11})(?:[A-Z]\d?)?", publication_number)
    return _PAGE.format(number=found[1]) if found else None
