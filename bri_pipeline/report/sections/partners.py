"""With whom: partner countries, on the map, by region, measured against the nation, and in which fields."""

from __future__ import annotations

from bri_pipeline.report import numbers, sentences
from bri_pipeline.report.figures.bars import Pair, compared
from bri_pipeline.report.figures.partner_map import Dot, partner_map
from bri_pipeline.report.figures.ranges import Range, ranges
from bri_pipeline.report.figures.tables import Cell, heat_map
from bri_pipeline.report.figures.theme import NARROW, NATION, SCOPE
from bri_pipeline.report.numbers import Kind
from bri_pipeline.report.page import Block, Fold, Section, Text
from bri_pipeline.report.reader import Reader, Row, stored
from bri_pipeline.report.sections import patents
from bri_pipeline.report.sections.who import bars_of

_ROWS = 14
_ENOUGH = 5
_SPECIALISATION_KEYS = ("scope", "dimension", "scheme", "member")
COUNTRY_COLUMNS: tuple[tuple[str, Kind], ...] = (
    ("rank", "rank"),
    ("country_name", "text"),
    ("country", "code"),
    ("patents", "count"),
    ("share", "percent"),
    ("low", "decimal"),
    ("high", "decimal"),
    ("fractional_patents", "decimal"),
    ("patents_bilateral", "count"),
    ("region", "text"),
)


def section(reader: Reader) -> Section | None:
    """Null where the scope has no patents."""
    if not reader.patents:
        return None
    say = reader.say
    rows = reader.of_scope("marts.by_country", order="rank nulls last, country")
    ranked = [row for row in rows if row["patents"]]
    sentence = sentences.leading(
        say, "country", [(row["country_name"], row["patents"]) for row in ranked], reader.patents
    )
    blocks: list[Block] = [
        Text(sentence),
        bars_of(
            reader, "partners", "country", ranked, "country_name", "marts.by_country", ("scope", "country")
        ),
        _map(reader, ranked),
        *_country_table(reader, reader.scope, rows),
        *_regions(reader),
        *_specialisation(reader),
        *_countries_by_field(reader, ranked),
        *_affinity(reader),
        *_national(reader),
        *patents.listed(reader),
    ]
    return Section("partners", say.say("section.partners"), blocks)


def _map(reader: Reader, rows: list[Row]) -> Block:
    dots = [Dot(row["country"], row["country_name"], row["patents"]) for row in rows]
    listed = reader.described({dot.name: f"{dot.patents:,}" for dot in dots})
    title = reader.say.say(
        "figure.map", name=reader.name, countries=reader.say.counted("partner_countries", len(dots))
    )
    europe = reader.say.say("figure.europe")
    return reader.figure(
        "map",
        title,
        listed,
        lambda width: partner_map(dots, listed, europe, width, reader.color),
        "marts.by_country",
        trace=reader.trace("by_country", **stored(rows[0], ("scope", "country"))) if rows else "",
    )


def _country_table(reader: Reader, scope: str, rows: list[Row]) -> list[Block]:
    columns = COUNTRY_COLUMNS if _has_regions(reader) else COUNTRY_COLUMNS[:-1]
    return [
        *reader.table(
            f"countries.{scope}",
            "marts.by_country",
            columns,
            rows,
            title=reader.say.say("table.countries", scope=reader.scope_name(scope)),
            keys=("scope", "country"),
            more="countries",
        )
    ]


def _has_regions(reader: Reader) -> bool:
    return len(reader.rows("select region from reference.regions")) > 1


def _regions(reader: Reader) -> list[Block]:
    rows = reader.of_scope("marts.by_region", order="rank, region")
    if not _has_regions(reader) or not rows:
        return []
    say = reader.say
    blocks: list[Block] = []
    sentence = sentences.leading(
        say, "region", [(row["region"], row["patents"]) for row in rows], reader.patents
    )
    if sentence:
        blocks.append(Text(sentence))
    if reader.is_national:
        blocks.append(
            bars_of(reader, "regions", "region", rows, "region", "marts.by_region", ("scope", "region"))
        )
    else:
        blocks.append(_regions_compared(reader, rows))
    columns: tuple[tuple[str, Kind], ...] = (
        ("rank", "rank"),
        ("region", "text"),
        ("countries", "count"),
        ("countries_with_patents", "count"),
        ("patents", "count"),
        ("share", "percent"),
        ("fractional_patents", "decimal"),
    )
    blocks += reader.table(
        f"regions.{reader.scope}", "marts.by_region", columns, rows, keys=("scope", "region"), top=30
    )
    return blocks


def _regions_compared(reader: Reader, rows: list[Row]) -> Block:
    say = reader.say
    nation = {row["region"]: row for row in reader.of_scope("marts.by_region", reader.nation)}
    names = (reader.nation_name, reader.name)
    pairs = [
        Pair(
            row["region"],
            nation[row["region"]]["share"],
            row["share"],
            numbers.short_percent(nation[row["region"]]["share"]),
            numbers.short_percent(row["share"]),
        )
        for row in rows
    ]
    listed = reader.described(
        {
            pair.name: say.listed([f"{names[0]} {pair.first_shown}", f"{names[1]} {pair.second_shown}"])
            for pair in pairs
        }
    )
    title = say.say("figure.regions_compared", nation=names[0], name=names[1])
    return reader.figure(
        "regions",
        title,
        listed,
        lambda width: compared(pairs, names, (NATION, SCOPE), listed, width),
        "marts.by_region",
        trace=reader.trace("by_region", scope=reader.scope, region=_region_code(reader)),
    )


def _region_code(reader: Reader) -> str:
    """The first region as the tables write it."""
    [row] = reader.rows(
        "select region from marts.by_region where scope = ? order by rank, region limit 1", reader.scope
    )
    return str(row["region"])


def _specialisation(reader: Reader) -> list[Block]:
    """Partners the scope invents with more, or less, than the nation does."""
    rows = reader.of_scope("marts.specialisation", where="dimension = 'country'")
    return specialised(reader, rows, "country")


def specialised(reader: Reader, rows: list[Row], dimension: str) -> list[Block]:
    """A figure and a table of advantages, members with few patents and few expected ones left out."""
    say = reader.say
    expected = "expected" if rows and "expected" in rows[0] else "expected_patents"
    shown = [row for row in rows if max(row["patents"], row[expected]) >= _ENOUGH]
    for row in shown:
        row["expected"] = row[expected]
        row["member_name"] = row.get("country_name") or _member_name(reader, row, dimension)
    if not shown:
        return []
    shown.sort(key=lambda row: -row["rta"])
    blocks: list[Block] = [
        Text(
            say.say(
                f"partners.specialisation_{dimension}",
                name=reader.name,
                nation=reader.nation_name,
            )
        )
    ]
    drawn = [row for row in shown if row.get("low") and row["rta"]]
    if drawn:
        bars = [
            Range(row["member_name"], row["low"], row["rta"], row["high"], numbers.decimal(row["rta"]))
            for row in drawn[:12]
        ]
        listed = reader.described({bar.name: bar.shown for bar in bars})
        title = say.say(f"figure.specialisation_{dimension}", name=reader.name, nation=reader.nation_name)
        blocks.append(
            reader.figure(
                f"specialisation-{dimension}",
                title,
                listed,
                lambda width: ranges(bars, listed, width, 1.0, reader.color, log=True),
                "marts.specialisation",
                trace=reader.trace("specialisation", **stored(drawn[0], _SPECIALISATION_KEYS)),
            )
        )
    columns: tuple[tuple[str, Kind], ...] = (
        ("member_name", "text"),
        ("patents", "count"),
        ("expected", "decimal"),
        ("rta", "decimal"),
        ("low", "decimal"),
        ("high", "decimal"),
        ("p_value", "probability"),
        ("q_value", "probability"),
    )
    anchor = "specialisation" if dimension == "country" else f"specialisation_{dimension}"
    blocks += reader.table(
        anchor,
        "marts.specialisation",
        columns,
        shown,
        keys=_SPECIALISATION_KEYS,
        more="rows",
        by_rank=False,
    )
    return blocks


def _member_name(reader: Reader, row: Row, dimension: str) -> str:
    if dimension == "country":
        return reader.say.country(row["member"], str(row.get("member_name") or row["member"]))
    return str(
        reader.say.term(f"field_{row.get('scheme', 'paper')}", row.get("member_name") or row["member"])
    )


def _countries_by_field(reader: Reader, ranked: list[Row]) -> list[Block]:
    """Patents of the scope by partner and main section of the IPC; the partners beyond the first are summed."""
    sql = """
        select countries.country, fields.field_code, fields.field, count(distinct scopes.publication_number) as patents
        from core.patent_scopes as scopes
        inner join core.patent_countries as countries using (publication_number)
        inner join core.patent_fields as fields using (publication_number)
        where scopes.scope = ? and fields.scheme = 'ipc_section' and fields.is_primary
        group by all order by all
    """
    found = reader.rows(sql, reader.scope)
    named = {row["country"]: row["country_name"] for row in ranked[:_ROWS]}
    if len(named) < 2:
        return []
    rest = reader.say.say("figure.the_rest", n=numbers.count(len(ranked) - len(named)))
    codes = sorted({row["field_code"] for row in found})
    sections = {code: reader.say.term("section_short", code) or code for code in codes}
    totals: dict[tuple[str, str], int] = {}
    for row in found:
        key = (named.get(row["country"], rest), row["field_code"])
        totals[key] = totals.get(key, 0) + row["patents"]
    rows = [*named.values(), *([rest] if len(ranked) > len(named) else [])]

    def draw(width: int) -> dict[str, object]:
        columns = {code: code if width <= NARROW and len(code) == 1 else sections[code] for code in codes}
        cells = [
            Cell(row, columns[code], totals.get((row, code), 0), _number(totals.get((row, code), 0)))
            for row in rows
            for code in codes
        ]
        return heat_map(cells, rows, list(columns.values()), listed, width)

    listed = reader.described(
        {
            row: reader.say.listed([f"{sections[c]} {totals[row, c]}" for c in codes if (row, c) in totals])
            for row in rows
        }
    )
    title = reader.say.say("figure.country_field", name=reader.name)
    letters = reader.paired({code: sections[code] for code in codes if len(code) == 1})
    return [
        reader.figure("country-field", title, listed, draw, "core.patent_fields"),
        Text(reader.say.say("partners.sections", letters=letters), "note"),
    ]


def _number(value: int) -> str:
    return f"{value:,}" if value else ""


def _affinity(reader: Reader) -> list[Block]:
    """How close the tie is for the size of both sides; of the nation only."""
    if not reader.is_national:
        return []
    rows = [
        reader.worded(row)
        for row in reader.rows("select * from marts.affinity order by salton desc nulls last, country")
    ]
    shown = [row for row in rows if row["patents"] and row["salton"] is not None]
    columns: tuple[tuple[str, Kind], ...] = (
        ("country_name", "text"),
        ("patents", "count"),
        ("country_publications", "count"),
        ("share_of_focal", "percent"),
        ("share_of_country", "percent"),
        ("salton", "number"),
        ("association", "number"),
        ("probabilistic_affinity", "number"),
    )
    tables = reader.table(
        "affinity", "marts.affinity", columns, shown, keys=("country",), more="countries", by_rank=False
    )
    return [Fold(reader.say.say("partners.affinity"), tables)] if tables else []


def _national(reader: Reader) -> list[Block]:
    """The nation's partners, to compare with; below the line on a province's page."""
    if reader.is_national:
        return []
    rows = reader.of_scope("marts.by_country", reader.nation, order="rank nulls last, country")
    name = reader.nation_name
    tables = _country_table(reader, reader.nation, rows)
    likeness = [row for row in reader.of_scope("marts.likeness") if row["rank_correlation"] is not None]
    note: list[Block] = [
        Text(
            reader.say.say(
                "partners.likeness",
                name=reader.name,
                nation=name,
                shared=numbers.count(row["countries_compared"]),
                correlation=numbers.decimal(row["rank_correlation"]),
            ),
            "note",
        )
        for row in likeness
    ]
    return [*note, Fold(reader.say.say("partners.national", nation=name), tables)] if tables else note
