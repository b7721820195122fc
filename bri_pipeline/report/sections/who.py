"""Who: organisations that apply, cities, who owns the co-inventions, newcomers."""

from __future__ import annotations

from bri_pipeline.report import numbers, sentences
from bri_pipeline.report.figures.bars import Bar, ranked_bars
from bri_pipeline.report.figures.years import yearly_bars
from bri_pipeline.report.page import Block, Fold, Section, Text
from bri_pipeline.report.reader import Reader, Row, stored

_SHOWN = 10
_OWNERSHIP_KEYS = ("scope", "period", "ownership")


def section(reader: Reader) -> Section | None:
    """Null where the scope has no patents."""
    if not reader.patents:
        return None
    blocks = [*_applicants(reader), *_ownership(reader), *_entrants(reader), *_cities(reader)]
    return Section("who", reader.say.say("section.who"), blocks) if blocks else None


def _applicants(reader: Reader) -> list[Block]:
    say = reader.say
    rows = reader.of_scope("marts.by_applicant", order="rank nulls last, applicant")
    names = {
        str(row["iso2"]): str(row["name"])
        for row in reader.rows("select iso2, name from reference.countries")
    }
    if not rows:
        return []
    for row in rows:
        code = str(row["country"] or "")
        row["country_name"] = say.country(code, names.get(code) or code) if code else None
    ranked = [row for row in rows if row["rank"] is not None]
    sentence = leading_applicants(reader, ranked)
    blocks: list[Block] = [Text(sentence)] if sentence else []
    blocks.append(
        bars_of(
            reader,
            "applicants",
            "applicant",
            ranked,
            "example_name",
            "marts.by_applicant",
            ("scope", "applicant"),
        )
    )
    blocks += reader.table(
        f"applicants.{reader.scope}",
        "marts.by_applicant",
        (
            ("rank", "rank"),
            ("example_name", "text"),
            ("country_name", "text"),
            ("spellings", "count"),
            ("patents", "count"),
            ("share", "percent"),
            ("fractional_patents", "decimal"),
        ),
        rows,
        keys=("scope", "applicant"),
        more="applicants",
    )
    blocks.append(Text(say.say("who.names"), "note"))
    return blocks


def leading_applicants(reader: Reader, ranked: list[Row]) -> str:
    """Who comes first, and how many applicants there are; empty where there are none."""
    say = reader.say
    members = [(row["example_name"], row["patents"]) for row in ranked]
    first = sentences.leading(say, "applicant", members, reader.patents)
    return first and first + say.say("lists.sentences") + say.counted("applicants", len(ranked))


def bars_of(
    reader: Reader,
    name: str,
    what: str,
    rows: list[Row],
    label: str,
    table: str,
    keys: tuple[str, ...],
    whose: str | None = None,
    most: int = _SHOWN,
) -> Block:
    """Bars of the first rows of a ranked mart, with intervals where it has them; the title says who comes first.

    ``whose``: what the rows are parts of, where that is not the page's scope. ``most``: bars.
    """
    say = reader.say
    shown = rows[:most]
    bars = [
        Bar(
            str(row[label]),
            row["patents"],
            f"{row['patents']:,} ({numbers.short_percent(row['share'])})"
            if row.get("share") is not None
            else f"{row['patents']:,}",
            row.get("low"),
            row.get("high"),
        )
        for row in shown
    ]
    listed = reader.described({bar.name: bar.shown for bar in bars})
    finding = sentences.headline(say, what, [(str(row[label]), row["patents"]) for row in rows])
    title = sentences.titled(say, finding, say.say(f"figure.{name}", name=whose or reader.name))
    if any(bar.low is not None for bar in bars):
        title += say.say("figure.with_interval")
    mart = table.rpartition(".")[2]
    trace = reader.trace(mart, **stored(shown[0], keys)) if shown else ""
    return reader.figure(
        name, title, listed, lambda width: ranked_bars(bars, listed, width, reader.color), table, trace=trace
    )


def owned(reader: Reader) -> str:
    """How many patents belong to owners of each side; empty where no owner is printed."""
    say = reader.say
    rows = reader.of_scope("marts.ownership", where="period = 'all' and share is not null")
    patents = {row["ownership"]: row["patents"] for row in rows}
    known = sum(patents.values())
    if not known:
        return ""
    focal, partner = (patents.get(name, 0) for name in ("focal owner", "partner owner"))
    return say.say(
        "who.owned",
        base=say.counted("patents", known),
        nation=reader.nation_name,
        focal=numbers.count(focal),
        focal_share=numbers.short_percent(focal / known),
        partner=numbers.count(partner),
        partner_share=numbers.short_percent(partner / known),
    )


def _ownership(reader: Reader) -> list[Block]:
    """Whose the co-inventions are: all years as a sentence and a figure, the periods below a line."""
    say = reader.say
    sentence = owned(reader)
    if not sentence:
        return []
    rows = reader.of_scope(
        "marts.ownership", order="period = 'all' desc, period, share desc nulls last, ownership"
    )
    ever = {row["ownership"] for row in rows if row["patents"]}
    rows = [row for row in rows if row["ownership"] in ever]
    whole = {row["ownership"]: row for row in rows if row["period"] == "all"}
    for row in rows:
        row["owner"] = say.term("ownership", row["ownership"])
        row["period"] = say.term("period", row["period"])
    bars = [
        Bar(
            row["owner"],
            row["patents"],
            f"{row['patents']:,}"
            if row["share"] is None
            else f"{row['patents']:,} ({numbers.short_percent(row['share'])})",
            is_rest=row["share"] is None,
        )
        for row in whole.values()
    ]
    listed = reader.described({bar.name: bar.shown for bar in bars})
    table = reader.table(
        f"ownership.{reader.scope}",
        "marts.ownership",
        (("period", "text"), ("owner", "text"), ("patents", "count"), ("share", "percent")),
        rows,
        keys=_OWNERSHIP_KEYS,
        top=100,
        by_rank=False,
    )
    first = next(iter(whole.values()))
    return [
        Text(sentence),
        reader.figure(
            "ownership",
            say.say("figure.ownership", name=reader.name),
            listed,
            lambda width: ranked_bars(bars, listed, width, reader.color),
            "marts.ownership",
            trace=reader.trace("ownership", **stored(first, _OWNERSHIP_KEYS)),
        ),
        Text(say.say("who.ownership"), "note"),
        Fold(say.say("who.ownership_periods"), table),
    ]


def _entrants(reader: Reader) -> list[Block]:
    rows = reader.of_scope("marts.entrants", order="year")
    if not any(row["entrants"] for row in rows):
        return []
    most = max(rows, key=lambda row: int(row["entrants"]))
    whole = {row["year"] for row in reader.of_scope("marts.by_year") if row["is_whole"]}
    series = [
        {"year": row["year"], "patents": row["entrants"], "is_whole": row["year"] in whole} for row in rows
    ]
    listed = reader.described({str(row["year"]): f"{row['patents']:,}" for row in series})
    title = sentences.titled(
        reader.say,
        sentences.peak(reader.say, [(row["year"], row["patents"]) for row in series]),
        reader.say.say("figure.entrants", name=reader.name),
    )
    return [
        reader.figure(
            "entrants",
            title,
            listed,
            lambda width: yearly_bars(series, [], listed, width, reader.color),
            "marts.entrants",
            trace=reader.trace("entrants", **stored(most, ("scope", "year"))),
        ),
        Text(reader.say.say("who.entrants"), "note"),
    ]


def _cities(reader: Reader) -> list[Block]:
    say = reader.say
    rows = reader.of_scope("marts.by_city", order="rank nulls last, province, city")
    ranked = [row for row in rows if row["rank"] is not None]
    if not ranked:
        return []
    for row in rows:
        code = str(row["province"])
        row["province_name"] = reader.province(code, reader.provinces.get(code, code))
    sentence = sentences.leading(
        say, "city", [(row["city"], row["patents"]) for row in ranked], reader.patents
    )
    return [
        Text(sentence),
        bars_of(reader, "cities", "city", ranked, "city", "marts.by_city", ("scope", "province", "city")),
        *reader.table(
            f"cities.{reader.scope}",
            "marts.by_city",
            (
                ("rank", "rank"),
                ("city", "text"),
                *((("province_name", "text"),) if reader.is_national else ()),
                ("patents", "count"),
                ("share", "percent"),
                ("fractional_patents", "decimal"),
            ),
            rows,
            keys=("scope", "province", "city"),
            more="cities",
        ),
    ]
