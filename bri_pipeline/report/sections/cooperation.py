"""Patents beside papers and technology alliances: whether they go to the same partners, and the paper's words on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bri_pipeline.report import numbers
from bri_pipeline.report.language import Language
from bri_pipeline.report.numbers import Kind
from bri_pipeline.report.page import Block, Section, Text
from bri_pipeline.report.reader import Reader, Row
from bri_pipeline.report.sentences import MOST_NAMED, most_of

INSTRUMENTS = ("patents", "papers", "alliances")
# The regions that the paper's conclusion iv names; its fifth, "Eastern Europe", is none of its seven.
MAIN = ("West Asia", "South Asia", "CIS", "Central and Eastern Europe")
LACKING = ("East Asia", "Central Asia")
FOCUS = {"alliances": "Central and Eastern Europe", "patents": "ASEAN"}
PAPERS_GROUP = "belt_and_road_2018"
SIGNIFICANT = 0.05
# Fewer than one in twenty is called a lack.
SCARCE = 20
_ALIKE = {True: "yes", False: "no", None: "open"}
_PROFILE: tuple[tuple[str, Kind], ...] = (
    ("member_name", "text"),
    ("patents_count", "count"),
    ("patents_share", "percent"),
    ("papers_count", "count"),
    ("papers_share", "percent"),
    ("alliances_count", "count"),
    ("alliances_share", "percent"),
)
_DIFFERENCES: tuple[tuple[str, Kind], ...] = (
    ("member_name", "text"),
    ("first_share", "percent"),
    ("second_share", "percent"),
    ("difference", "percent"),
    ("low", "percent"),
    ("high", "percent"),
)


@dataclass(frozen=True)
class Judgement:
    """What becomes of the four statements of the paper's conclusion iv; null: it cannot be judged.

    ``main``: alliances are mainly with the regions it names; ``lacking``: there are hardly any with East and Central
    Asia; ``alike``: regions have the shares they have of the patents; ``focus``: most alliances are with Central and
    Eastern Europe, most patents with ASEAN.
    """

    main: bool
    lacking: bool
    alike: bool | None
    focus: bool

    @property
    def verdict(self) -> str:
        """The verdict on the whole, in the words of the ledger."""
        parts = (self.main, self.lacking, self.alike, self.focus)
        if all(part is True for part in parts):
            return "holds"
        return "holds in part" if any(parts) else "contradicted"


def judge(
    alliances: Mapping[str, int], patents: Mapping[str, int], items: int, homogeneity_p: float | None
) -> Judgement:
    """Judge the paper's conclusion iv by the counts of regions.

    Args:
        alliances: region -> alliances with it.
        patents: region -> patents with it.
        items: all alliances, 1 or more.
        homogeneity_p: chance of regions as unlike if both went to the same partners; null if it cannot be said.
    """
    scarce = [region for region in LACKING if alliances.get(region, 0) * SCARCE < items]
    return Judgement(
        main=2 * sum(alliances.get(region, 0) for region in MAIN) > items,
        lacking=len(scarce) == len(LACKING),
        alike=None if homogeneity_p is None else homogeneity_p >= SIGNIFICANT,
        focus=first_of(alliances) == [FOCUS["alliances"]] and first_of(patents) == [FOCUS["patents"]],
    )


def first_of(members: Mapping[str, int]) -> list[str]:
    """The members with most, none if nobody has any."""
    return most_of(list(members.items()))[1]


def section(reader: Reader) -> Section | None:
    """Null where the scope has items of one instrument only."""
    profile = reader.of_scope("marts.cooperation_profile", order="dimension, instrument, rank, member")
    there = [
        name for name in INSTRUMENTS if any(row["instrument"] == name and row["count"] for row in profile)
    ]
    if len(there) < 2:
        return None
    say = reader.say
    regions = [row for row in profile if row["dimension"] == "region"]
    has_regions = len({row["member"] for row in regions}) > 1
    dimension = "region" if has_regions else "country"
    blocks: list[Block] = [
        Text(leading(say, name, _named(reader, profile, name, dimension), _items(profile, name)))
        for name in there
    ]
    blocks += _likeness(reader, dimension)
    blocks += _profile_table(reader, [row for row in profile if row["dimension"] == dimension], there)
    blocks += _difference_tables(reader, dimension)
    blocks += _conclusion(reader, regions)
    if "alliances" in there and _synthetic(reader):
        blocks.append(Text(say.say("cooperation.synthetic"), "note"))
    others = [name for name in there if name != "patents"]
    heading = f"section.cooperation_{others[0]}" if len(others) == 1 else "section.cooperation"
    return Section("cooperation", say.say(heading), blocks)


def leading(say: Language, instrument: str, members: Sequence[tuple[str, int]], items: int) -> str:
    """With whom most items of an instrument are: one member, several that tie, or many."""
    most, first = most_of(members)
    values = {
        "items": say.counted(f"cooperation_{instrument}", items),
        "n": say.counted(f"cooperation_{instrument}", most),
        "share": numbers.short_percent(most / items),
    }
    if len(first) > MOST_NAMED:
        return say.say("cooperation.tied_many", members=numbers.count(len(first)), **values)
    names = say.joined([say.in_sentence(name) for name in first])
    return say.say("cooperation.first" if len(first) == 1 else "cooperation.tied", names=names, **values)


def likeness(say: Language, row: Row) -> str:
    """What the rank correlation and the test of homogeneity of two instruments say; each claim is one of the tests'."""
    pair = {name: say.term("instrument", row[name]) for name in ("first", "second")}
    if row["reason"] is not None:
        return say.say("cooperation.too_few", **pair)
    order = "open" if row["spearman_p"] >= SIGNIFICANT else "same" if row["spearman"] > 0 else "opposite"
    shares = "open" if row["homogeneity_p"] >= SIGNIFICANT else "differ"
    ranks = say.say(
        f"cooperation.order_{order}",
        rho=numbers.decimal(row["spearman"]),
        rho_p=numbers.probability(row["spearman_p"]),
        tau=numbers.decimal(row["kendall"]),
        tau_p=numbers.probability(row["kendall_p"]),
        **pair,
    )
    tested = say.say(
        f"cooperation.shares_{shares}",
        chi=numbers.decimal(row["chi_square"]),
        p=numbers.probability(row["homogeneity_p"]),
        **pair,
    )
    return ranks + say.say("lists.sentences") + tested


def _likeness(reader: Reader, dimension: str) -> list[Block]:
    rows = reader.of_scope(
        "marts.cooperation_likeness", where=f"dimension = '{dimension}'", order="first, second"
    )
    compared = [row for row in rows if row["reason"] is None]
    blocks: list[Block] = [Text(likeness(reader.say, row)) for row in rows]
    if compared:
        key = "cooperation.exact" if compared[0]["is_exact"] else "cooperation.drawn"
        orders = numbers.count(compared[0]["orders"])
        blocks.append(Text(reader.say.say(key, orders=orders), "note"))
    return blocks


def _items(profile: Sequence[Row], instrument: str) -> int:
    return next(int(row["items"]) for row in profile if row["instrument"] == instrument)


def _named(reader: Reader, profile: Sequence[Row], instrument: str, dimension: str) -> list[tuple[str, int]]:
    return [
        (_member(reader, row), int(row["count"]))
        for row in profile
        if row["instrument"] == instrument and row["dimension"] == dimension and row["rank"] is not None
    ]


def _member(reader: Reader, row: Row) -> str:
    if row["dimension"] == "region":
        return str(reader.say.term("region", row["member"]))
    return reader.say.country(row["member"], row["member_name"])


def _profile_table(reader: Reader, rows: Sequence[Row], there: Sequence[str]) -> list[Block]:
    """One row per member, one pair of columns per instrument."""
    shown: dict[str, Row] = {}
    for row in rows:
        line = shown.setdefault(row["member"], {"member_name": _member(reader, row)})
        line[f"{row['instrument']}_count"] = row["count"]
        line[f"{row['instrument']}_share"] = row["share"]
    if not shown:
        return []
    ordered = sorted(
        shown.values(), key=lambda line: [-(line.get(f"{name}_count") or 0) for name in reversed(there)]
    )
    first = next(row for row in rows if row["instrument"] == there[-1])
    trace = reader.trace(
        "cooperation_profile",
        **{key: first[key] for key in ("scope", "instrument", "dimension", "member")},
    )
    return [
        *reader.table(
            f"cooperation.{reader.scope}",
            "marts.cooperation_profile",
            _PROFILE,
            ordered,
            title=reader.say.say(
                "table.cooperation",
                name=reader.name,
                instruments=reader.say.joined([str(reader.say.term("instrument", name)) for name in there]),
            ),
            by_rank=False,
            trace=trace,
        )
    ]


def _difference_tables(reader: Reader, dimension: str) -> list[Block]:
    """The differences of the shares, one table for each two instruments."""
    rows = reader.of_scope(
        "marts.cooperation_differences",
        where=f"dimension = '{dimension}'",
        order="first, second, difference desc",
    )
    blocks: list[Block] = []
    for first, second in dict.fromkeys((row["first"], row["second"]) for row in rows):
        of_pair = [row for row in rows if (row["first"], row["second"]) == (first, second)]
        for row in of_pair:
            row["member_name"] = _member(reader, row)
        names = {
            "first": reader.say.term("instrument", first),
            "second": reader.say.term("instrument", second),
        }
        blocks += reader.table(
            f"differences_{first}_{second}.{reader.scope}",
            "marts.cooperation_differences",
            _DIFFERENCES,
            of_pair,
            title=reader.say.say("table.differences", name=reader.name, **names),
            keys=("scope", "dimension", "first", "second", "member"),
            by_rank=False,
            words=names,
        )
    return blocks


def _conclusion(reader: Reader, regions: Sequence[Row]) -> list[Block]:
    """The verdict on the paper's conclusion iv, on the page it is about and where there are alliances."""
    alliances = {row["member"]: int(row["count"]) for row in regions if row["instrument"] == "alliances"}
    patents = {row["member"]: int(row["count"]) for row in regions if row["instrument"] == "patents"}
    about_the_paper = reader.study.expected is not None and reader.is_own
    if not about_the_paper or reader.study.partner_group != PAPERS_GROUP or not alliances or not patents:
        return []
    items = _items(regions, "alliances")
    [row] = reader.of_scope(
        "marts.cooperation_likeness",
        where="dimension = 'region' and first = 'patents' and second = 'alliances'",
    )
    judged = judge(alliances, patents, items, row["homogeneity_p"])
    return [Text(conclusion(reader.say, judged, alliances, items))]


def conclusion(say: Language, judged: Judgement, alliances: Mapping[str, int], items: int) -> str:
    """The verdict in words, statement by statement."""
    main = sum(alliances.get(region, 0) for region in MAIN)
    scarce = sum(alliances.get(region, 0) for region in LACKING)
    first = [str(say.term("region", name)) for name in first_of(alliances)]
    parts = [
        say.say(
            "cooperation.main_yes" if judged.main else "cooperation.main_no",
            n=numbers.count(main),
            items=say.counted("cooperation_alliances", items),
        ),
        say.say(
            "cooperation.lacking_yes" if judged.lacking else "cooperation.lacking_no", n=numbers.count(scarce)
        ),
        say.say(f"cooperation.alike_{_ALIKE[judged.alike]}"),
        say.say(
            "cooperation.focus_yes" if judged.focus else "cooperation.focus_no",
            first=say.joined(first) if len(first) <= MOST_NAMED else say.say("cooperation.several"),
        ),
    ]
    verdict = say.say("cooperation.verdict", verdict=say.term("verdict", judged.verdict))
    return say.say("lists.sentences").join([verdict, *parts])


def _synthetic(reader: Reader) -> bool:
    [row] = reader.rows("select count(*) as lines from staging.alliances where is_synthetic")
    return bool(row["lines"])
