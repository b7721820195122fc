"""Where abroad: the regions of the partner countries whose inventors invent with the scope."""

from __future__ import annotations

from bri_pipeline.report import numbers, sentences
from bri_pipeline.report.numbers import Kind
from bri_pipeline.report.page import Block, Section, Text
from bri_pipeline.report.reader import Reader, Row
from bri_pipeline.report.sections.who import bars_of

_BARS = 12
_TABLE: tuple[tuple[str, Kind], ...] = (
    ("rank", "rank"),
    ("partner_region_name", "text"),
    ("country_name", "text"),
    ("patents", "count"),
    ("share", "percent"),
    ("share_of_country", "percent"),
    ("fractional_patents", "decimal"),
)


def section(reader: Reader) -> Section | None:
    """Null where the scope has no patents."""
    if not reader.patents:
        return None
    say = reader.say
    rows = reader.of_scope(
        "marts.by_partner_region",
        order="rank, country, partner_region",
        where="rank is not null",
    )
    for row in rows:
        name_of_region(reader, row)
    members = [(row["region_label"], row["patents"]) for row in rows]
    first = sentences.leading(say, "partner_region", members, reader.patents)
    opening = [first, *_unplaced_sentence(reader)] if first else [say.say("abroad.none")]
    blocks: list[Block] = [Text(say.say("lists.sentences").join(opening))]
    keys = ("scope", "country", "partner_region")
    if len(rows) > 1:
        blocks.append(
            bars_of(
                reader,
                "abroad",
                "partner_region",
                rows,
                "region_label",
                "marts.by_partner_region",
                keys,
                most=_BARS,
            )
        )
    blocks += reader.table(
        f"abroad.{reader.scope}",
        "marts.by_partner_region",
        _TABLE,
        rows,
        keys=keys,
        more="partner_regions",
    )
    blocks.append(Text(say.say("abroad.note"), "note"))
    return Section("abroad", say.say("section.abroad"), blocks)


def name_of_region(reader: Reader, row: Row) -> None:
    """Give the row the region's name in the page's language, and the one that also tells the country."""
    code, country = str(row["partner_region"]), str(row["country"])
    if code == country:  # a city state is its own region
        row["partner_region_name"] = row["region_label"] = row["country_name"]
        return
    row["partner_region_name"] = reader.province(code, str(row["partner_region_name"]))
    row["region_label"] = reader.say.say(
        "abroad.region", region=row["partner_region_name"], country=row["country_name"]
    )


def _unplaced_sentence(reader: Reader) -> list[str]:
    """Patents of the scope with an inventor abroad whose region is not known, in any country."""
    [row] = reader.rows(
        """
        select count(distinct regions.publication_number) as patents
        from core.patent_scopes as scopes
        inner join core.patent_partner_regions as regions using (publication_number)
        where scopes.scope = ? and regions.partner_region in ('unresolved', 'ambiguous')
        """,
        reader.scope,
    )
    if not row["patents"]:
        return []
    return [
        reader.say.say(
            "abroad.unplaced",
            patents=reader.say.counted("patents", row["patents"]),
            share=numbers.short_percent(row["patents"] / reader.patents),
        )
    ]
