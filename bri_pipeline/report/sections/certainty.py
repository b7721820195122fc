"""How sure: what each choice does to each number, how concentrated the patents are, and what the data cannot say."""

from __future__ import annotations

from collections.abc import Callable

from bri_pipeline.report import numbers, sentences
from bri_pipeline.report.figures.ranges import Range, ranges
from bri_pipeline.report.numbers import Kind
from bri_pipeline.report.page import Block, Section, Terms, Text
from bri_pipeline.report.reader import Reader, Row, stored
from bri_pipeline.report.sections.time import study_growth

_LIMITS = ("filings", "residence", "withheld", "state_codes", "names", "intervals")
_CONCENTRATION: tuple[tuple[str, Kind], ...] = (
    ("scope_name", "text"),
    ("members_are", "text"),
    ("members", "count"),
    ("cr1", "percent"),
    ("cr3", "percent"),
    ("cr5", "percent"),
    ("hhi", "number"),
    ("effective_number", "decimal"),
)
_SENSITIVITY: tuple[tuple[str, Kind], ...] = (
    ("name", "text"),
    ("baseline", "figure"),
    ("minimum", "figure"),
    ("maximum", "figure"),
    ("moved", "text"),
    ("sign", "text"),
    ("ranks", "text"),
)
_SENSITIVITY_KEYS = ("scope", "measure", "member")
_SHOWN = 16
# In the order of the page's own sections.
_MEASURES = (
    *("patents", "share_of_nation", "partner_share", "field_share", "province_share"),
    *("poisson_rate", "mean_yearly_rate", "cagr", "stage_ratio", "cr5", "hhi"),
)


def section(reader: Reader) -> Section:
    """Sensitivity and concentration where there are patents; the limits always."""
    say = reader.say
    blocks: list[Block] = []
    if reader.patents:
        blocks += [*_opening(reader), *_sensitivity(reader), *_concentration(reader)]
    # what is withheld until the grant is among the grants
    named = [name for name in _LIMITS if name != "withheld" or reader.study.documents == "publications"]
    limits = [(say.say(f"limit.{name}.name"), say.say(f"limit.{name}.text")) for name in named]
    blocks.append(Terms(say.say("certainty.limits"), limits, "limits"))
    return Section("certainty", say.say("section.certainty"), blocks)


def _opening(reader: Reader) -> list[Block]:
    """How far chance could have moved the first partner's count, and whether the growth is certain."""
    say = reader.say
    rows = [row for row in reader.of_scope("marts.by_country", order="rank, country") if row["patents"]]
    parts = []
    if rows and rows[0].get("low") is not None:
        first = rows[0]
        parts.append(
            say.say(
                "certainty.first",
                name=say.in_sentence(first["country_name"], first=True),
                patents=say.counted("patents", first["patents"]),
                low=numbers.count(round(first["low"])),
                high=numbers.count(round(first["high"])),
            )
        )
        # Counts of one set of patents: intervals that overlap leave the order open.
        within = [row["country_name"] for row in rows[1:] if row["high"] >= first["low"]]
        if within:
            parts.append(say.counted("order_open", len(within)))
        elif len(rows) > 1:
            parts.append(say.say("certainty.order_sure"))
    growth = study_growth(reader)
    parts.append(sentences.growth(say, reader.name, growth))
    return [Text(say.say("lists.sentences").join(parts))]


def _sensitivity(reader: Reader) -> list[Block]:
    say = reader.say
    rows = reader.of_scope("marts.sensitivity")
    if not rows:
        return []
    place = {measure: number for number, measure in enumerate(_MEASURES)}
    rows.sort(key=lambda row: place.get(row["measure"], len(place)))
    for row in rows:
        member = _member(reader, row)
        row["name"] = (
            say.say(f"measure.{row['measure']}", member=member)
            if say.has(f"measure.{row['measure']}")
            else f"{row['measure']} {member}"
        )
        row["moved"] = say.term("choice", row["moved_most_by"])
        row["sign"] = say.say("certainty.yes" if row["sign_can_change"] else "certainty.no")
        row["ranks"] = say.say("certainty.yes" if row["rank_can_change"] else "certainty.no")
    # A rank has no scale on which it could be drawn beside counts and rates; it is in the table.
    drawn = [
        row
        for row in rows
        if row["baseline"] and row["minimum"] is not None and not str(row["measure"]).endswith("_rank")
    ][:_SHOWN]
    blocks: list[Block] = [Text(say.say("certainty.sensitivity"))]
    shown = [
        row
        | {
            name: None if row[name] is None else _written(row[name], row["measure"], numbers.percent)
            for name in ("baseline", "minimum", "maximum")
        }
        for row in rows
    ]
    if drawn:
        bars = [_range(reader, row) for row in drawn]
        listed = reader.described({bar.name: bar.shown for bar in bars})
        blocks.append(
            reader.figure(
                "sensitivity",
                say.say("figure.sensitivity", name=reader.name),
                listed,
                lambda width: ranges(bars, listed, width, 0.0, reader.color),
                "marts.sensitivity",
                trace=reader.trace("sensitivity", **stored(drawn[0], _SENSITIVITY_KEYS)),
            )
        )
    return [
        *blocks,
        *reader.table(
            "sensitivity",
            "marts.sensitivity",
            _SENSITIVITY,
            shown,
            keys=_SENSITIVITY_KEYS,
            more="rows",
            top=12,
            by_rank=False,
        ),
    ]


def _member(reader: Reader, row: Row) -> str:
    member = str(row.get("member") or "")
    if not member:
        return ""
    if len(member) == 2:
        found = reader.rows("select name from reference.countries where iso2 = ?", member)
        return reader.say.country(member, str(found[0]["name"]) if found else member)
    return (
        reader.scope_name(member)
        if member in reader.provinces
        else str(reader.say.term("field_paper", member))
    )


def _range(reader: Reader, row: Row) -> Range:
    """Relative to the baseline, so that numbers of different units share one scale."""
    base = row["baseline"]
    low, high = (row["minimum"] - base) / abs(base), (row["maximum"] - base) / abs(base)
    shown = reader.say.say(
        "certainty.range",
        value=_written(base, row["measure"]),
        low=_written(row["minimum"], row["measure"]),
        high=_written(row["maximum"], row["measure"]),
    )
    return Range(row["name"], low, 0.0, high, shown)


def _written(value: float, measure: str, percent: Callable[[float], str] = numbers.short_percent) -> str:
    """A value in the unit of its measure: shares and rates as percentages."""
    if any(word in measure for word in ("rate", "share", "cagr", "cr5")):
        return percent(value)
    return numbers.number(value if measure == "hhi" else round(value, 2))


def _concentration(reader: Reader) -> list[Block]:
    say = reader.say
    where = (
        "base = 'memberships' and year is null "
        "and scheme is not distinct from case when dimension = 'field' then 'paper' end"
    )
    rows = []
    for scope in [reader.scope] if reader.is_national else [reader.scope, reader.nation]:
        for row in reader.of_scope("marts.concentration", scope, order="dimension", where=where):
            row["scope_name"] = reader.scope_name(scope)
            row["members_are"] = say.term("dimension", row["dimension"])
            rows.append(row)
    keys = ("scope", "dimension", "scheme", "base", "year")
    table = reader.table(
        "concentration", "marts.concentration", _CONCENTRATION, rows, keys=keys, top=100, by_rank=False
    )
    return [*table, Text(say.say("certainty.concentration"), "note")] if table else []
