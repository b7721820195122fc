"""Where in the focal country: provinces as tiles, their bounds, and which province invents with whom."""

from __future__ import annotations

from collections.abc import Sequence

from bri_pipeline.report import numbers, sentences
from bri_pipeline.report.figures.links import Link, two_sided
from bri_pipeline.report.figures.tables import Cell, heat_map
from bri_pipeline.report.figures.theme import NARROW
from bri_pipeline.report.figures.tiles import Tile, tile_grid, tile_places
from bri_pipeline.report.language import Language
from bri_pipeline.report.numbers import Kind
from bri_pipeline.report.page import Block, Section, Text
from bri_pipeline.report.reader import Reader, Row, stored
from bri_pipeline.report.sections.who import bars_of

_ROWS, _COLUMNS = 14, 9
_TABLE: tuple[tuple[str, Kind], ...] = (
    ("rank", "rank"),
    ("province_name", "text"),
    ("province_code", "code"),
    ("patents", "count"),
    ("share", "percent"),
    ("fractional_patents", "decimal"),
    ("patents_min", "count"),
    ("patents_max", "count"),
    ("patents_certain", "count"),
    ("patents_with_candidates", "count"),
    ("patents_with_unplaced", "count"),
)


def section(reader: Reader) -> Section | None:
    """The nation's provinces; null where nobody has patents."""
    say = reader.say
    nation = reader.nation_name
    rows = [
        reader.worded(row)
        for row in reader.rows("select * from marts.by_province order by rank nulls last, province")
    ]
    if not any(row["patents"] for row in rows):
        return None
    for row in rows:
        row["province_code"] = row["province"] if row["rank"] is not None else None
    ranked = [row for row in rows if row["rank"] is not None]
    total = reader.patents_of(reader.nation)
    sentence = sentences.leading(say, "province", [(r["province_name"], r["patents"]) for r in ranked], total)
    blocks: list[Block] = [Text(say.say("provinces.by_address", nation=nation))]
    if sentence:
        blocks.append(Text(sentence))
    if own := _own_rank(reader, ranked):
        blocks.append(Text(own))
    if reader.nation == "CN":
        blocks.append(_tiles(reader, rows))
    elif ranked:
        blocks.append(
            bars_of(
                reader,
                "provinces",
                "province",
                ranked,
                "province_name",
                "marts.by_province",
                ("province",),
                whose=nation,
            )
        )
    blocks += reader.table(
        "provinces",
        "marts.by_province",
        _TABLE,
        rows,
        title=say.say("table.provinces", scope=nation),
        keys=("province",),
        more="provinces",
    )
    if reader.is_national:
        blocks += _crossed(reader, ranked)
    return Section("provinces-section", say.say("section.provinces"), blocks)


def _own_rank(reader: Reader, ranked: list[Row]) -> str:
    """The rank of the page's province among the others; empty for the nation and where it has no patents."""
    found = [row for row in ranked if row["province"] == reader.scope and row["patents"]]
    return "".join(
        reader.say.say(
            "provinces.rank",
            name=reader.name,
            patents=reader.say.counted("patents", row["patents"]),
            rank=row["rank"],
            n=numbers.count(sum(other["patents"] > 0 for other in ranked)),
        )
        for row in found
    )


def _tiles(reader: Reader, rows: list[Row]) -> Block:
    patents = {row["province"]: row["patents"] for row in rows}

    def draw(width: int) -> dict[str, object]:
        tiles = [
            Tile(
                code,
                reader.province(code, name),
                patents.get(code, 0),
                f"{patents[code]:,}" if patents.get(code) else "",
                code == reader.scope,
            )
            for code, name in reader.provinces.items()
            if code in tile_places()
        ]
        return tile_grid(tiles, listed, width)

    listed = reader.described({row["province_name"]: f"{row['patents']:,}" for row in rows if row["patents"]})
    ranked = [(row["province_name"], row["patents"]) for row in rows if row["rank"] is not None]
    title = sentences.titled(
        reader.say,
        sentences.headline(reader.say, "province", ranked),
        reader.say.say("figure.tiles", nation=reader.nation_name),
    )
    return reader.figure(
        "provinces",
        title,
        listed,
        draw,
        "marts.by_province",
        trace=reader.trace("by_province", **stored(rows[0], ("province",))),
    )


def _crossed(reader: Reader, ranked: list[Row]) -> list[Block]:
    """Which province invents with which country, as a heat map and as a network."""
    say = reader.say
    found = reader.rows(
        "select source, target, patents from marts.network_edges where network = 'province-country'"
    )
    countries = reader.of_scope("marts.by_country", order="rank, country")[:_COLUMNS]
    provinces = ranked[:_ROWS]
    counts = {(row["source"], row["target"]): row["patents"] for row in found}
    if len(provinces) < 2 or len(countries) < 2:
        return []
    names = {row["province"]: row["province_name"] for row in provinces}
    rest = [row for row in ranked if row["province"] not in names and row["patents"]]
    rest_name = say.say("figure.the_rest_provinces", n=numbers.count(len(rest)))

    def draw(width: int) -> dict[str, object]:
        columns = {
            row["country"]: row["country"] if width <= NARROW else row["country_name"] for row in countries
        }
        cells = [
            Cell(names[province], columns[country], value, f"{value:,}" if value else "")
            for province in names
            for country in columns
            for value in (counts.get((province, country), 0),)
        ]
        if rest:
            sums = {c: sum(counts.get((row["province"], c), 0) for row in rest) for c in columns}
            cells += [
                Cell(rest_name, columns[c], sums[c], f"{sums[c]:,}" if sums[c] else "") for c in columns
            ]
        return heat_map(
            cells, [*names.values(), *([rest_name] if rest else [])], list(columns.values()), listed, width
        )

    pairs = [(p, row["country"]) for p in names for row in countries if (p, row["country"]) in counts]
    country_names = {row["country"]: row["country_name"] for row in countries}
    links = [Link(names[p], country_names[c], counts[p, c]) for p, c in pairs]
    listed = reader.described({f"{link.left} – {link.right}": f"{link.patents:,}" for link in links})
    left = [(row["province_name"], f"{row['province_name']} {row['patents']:,}") for row in provinces]
    right = [(row["country_name"], f"{row['country_name']} {row['patents']:,}") for row in countries]
    if not links:
        return []
    first = max(pairs, key=lambda pair: counts[pair])
    trace = reader.trace("network_edges", network="province-country", source=first[0], target=first[1])
    return [
        reader.figure(
            "province-country",
            say.say("figure.province_country"),
            listed,
            draw,
            "marts.network_edges",
            trace=trace,
        ),
        reader.figure(
            "network",
            strongest_tie(say, links),
            listed,
            lambda width: two_sided(links, left, right, listed, width),
            "marts.network_edges",
            trace=trace,
        ),
    ]


def strongest_tie(say: Language, links: Sequence[Link]) -> str:
    """The title of the network: the pair with most patents, or how many pairs share that place."""
    most = max(link.patents for link in links)
    first = [link for link in links if link.patents == most]
    patents = say.counted("patents", most)
    if len(first) > 1:
        return say.say("figure.network_tied", n=numbers.count(len(first)), patents=patents)
    left, right = first[0].left, say.in_sentence(first[0].right)
    return say.say("figure.network", left=left, right=right, patents=patents)
