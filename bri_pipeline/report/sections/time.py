"""Since when: years, growth with its interval, stages against a trend, partners against other countries."""

from __future__ import annotations

from bri_pipeline.report import numbers, sentences
from bri_pipeline.report.figures.theme import NATION, SCOPE, THIRD
from bri_pipeline.report.figures.years import grouped_lines, yearly_bars
from bri_pipeline.report.numbers import Kind
from bri_pipeline.report.page import Block, Fold, Section, Text
from bri_pipeline.report.reader import Reader, Row, stored

_YEARS: tuple[tuple[str, Kind], ...] = (
    ("year", "year"),
    ("patents", "count"),
    ("growth_rate", "percent"),
    ("cumulative", "count"),
    ("exposure", "percent"),
)
_GROWTH: tuple[tuple[str, Kind], ...] = (
    ("scope_name", "text"),
    ("from_year", "year"),
    ("to_year", "year"),
    ("poisson_rate", "percent"),
    ("poisson_low", "percent"),
    ("poisson_high", "percent"),
    ("own_offset_rate", "percent"),
    ("mean_yearly_rate", "percent"),
    ("rates_defined", "count"),
    ("cagr", "percent"),
    ("log_linear_rate", "percent"),
)
_STAGE_KEYS = ("scope", "method", "position")
_STAGES: tuple[tuple[str, Kind], ...] = (
    ("scope_name", "text"),
    ("method", "text"),
    ("stage", "text"),
    ("from_year", "year"),
    ("to_year", "year"),
    ("patents", "count"),
    ("mean_per_year", "decimal"),
    ("low", "decimal"),
    ("high", "decimal"),
    ("ratio_to_previous", "decimal"),
    ("ratio_to_first", "decimal"),
)
_GROUPS = {"partner": NATION, "other foreign only": SCOPE, "domestic only": THIRD}


def section(reader: Reader) -> Section | None:
    """Null where the scope has no patents."""
    if not reader.patents:
        return None
    say = reader.say
    years = reader.of_scope("marts.by_year", order="year")
    growth = study_growth(reader)
    blocks: list[Block] = []
    if growth and "poisson_rate" in growth:
        blocks.append(Text(sentences.growth(say, reader.name, growth)))
        blocks.append(Text(_beside(reader, growth)))
    blocks += [_yearly(reader, years), *_partial(reader, years)]
    blocks += _growth_table(reader)
    blocks += _stages(reader)
    blocks += _comparison(reader)
    blocks += _internationalisation(reader)
    blocks.append(
        Fold(
            say.say("time.numbers"),
            reader.table(
                f"years.{reader.scope}", "marts.by_year", _YEARS, years, keys=("scope", "year"), top=100
            ),
        )
    )
    return Section("time", say.say("section.time"), blocks)


def study_growth(reader: Reader, scope: str | None = None) -> Row | None:
    """Growth of a scope by the rule the study declares."""
    rows = reader.of_scope("marts.growth", scope, where="is_study_rule")
    return rows[0] if rows else None


def _beside(reader: Reader, growth: Row) -> str:
    """The paper's mean of yearly rates, and the rate beyond the growth of inventing, where they are defined."""
    say = reader.say
    parts = []
    if growth["mean_yearly_rate"] is not None:
        key = "growth.mean_of_paper" if reader.study.expected else "growth.mean"
        parts.append(say.say(key, rate=numbers.short_percent(growth["mean_yearly_rate"])))
    if growth.get("own_offset_rate") is not None:
        low, high = growth["own_offset_low"], growth["own_offset_high"]
        key = "growth.beyond" if low > 0 else "growth.behind" if high < 0 else "growth.beyond_open"
        parts.append(
            say.say(
                key,
                name=reader.name,
                rate=numbers.short_percent(growth["own_offset_rate"]),
                low=numbers.short_percent(low),
                high=numbers.short_percent(high),
            )
        )
    low, high = growth["poisson_low"], growth["poisson_high"]
    # where the interval includes zero, the sentence before has said how few they are
    if growth.get("is_small") and (low is None or low > 0 or high < 0):
        parts.append(say.say("growth.small"))
    return say.say("lists.sentences").join(parts)


def _yearly(reader: Reader, years: list[Row]) -> Block:
    stages = [reader.worded(row) for row in reader.rows("select * from core.stage_periods order by position")]
    listed = reader.described({str(row["year"]): f"{row['patents']:,}" for row in years})
    title = sentences.titled(
        reader.say,
        sentences.peak(reader.say, [(row["year"], row["patents"]) for row in years]),
        reader.say.say("figure.years_stages" if stages else "figure.years", name=reader.name),
    )
    return reader.figure(
        "years",
        title,
        listed,
        lambda width: yearly_bars(years, stages, listed, width, reader.color),
        "marts.by_year",
        trace=reader.trace(
            "by_year", scope=reader.scope, year=max(years, key=lambda row: row["patents"])["year"]
        ),
    )


def _partial(reader: Reader, years: list[Row]) -> list[Block]:
    partial = [row["year"] for row in years if not row["is_whole"]]
    if not partial:
        return []
    say = reader.say
    parts = [say.say("time.partial", years=say.joined([str(year) for year in partial]))]
    growth = study_growth(reader)
    if growth and growth.get("poisson_rate") is not None:
        counted = [str(year) for year in partial if growth["from_year"] <= year <= growth["to_year"]]
        left_out = [str(year) for year in partial if str(year) not in counted]
        if left_out:
            parts.append(say.say("time.partial_out", years=say.joined(left_out)))
        if counted:
            parts.append(say.say("time.partial_in", years=say.joined(counted)))
    return [Text(say.say("lists.sentences").join(parts), "note")]


def _scopes(reader: Reader) -> list[str]:
    return [reader.scope] if reader.is_national else [reader.scope, reader.nation]


def _growth_table(reader: Reader) -> list[Block]:
    rows = [
        row | {"scope_name": reader.scope_name(scope)}
        for scope in _scopes(reader)
        if (row := study_growth(reader, scope))
    ]
    rule = reader.say.say(f"time.rule_{reader.study.zero_year_rule}")
    table = reader.table("growth", "marts.growth", _GROWTH, rows, keys=("scope", "zero_rule"), by_rank=False)
    return [*table, Text(reader.say.say("time.growth_note") + rule, "note")] if table else []


def _stages(reader: Reader) -> list[Block]:
    say = reader.say
    rows = [
        row | {"scope_name": reader.scope_name(scope)}
        for scope in _scopes(reader)
        for row in reader.of_scope("marts.stages", scope, order="method = 'study' desc, method, position")
    ]
    declared = [row for row in rows if row["as_stored"]["method"] == "study"]
    found = [row for row in rows if row["as_stored"]["method"] != "study"]
    blocks: list[Block] = [
        *reader.table("stages", "marts.stages", _STAGES, declared, keys=_STAGE_KEYS, top=100, by_rank=False)
    ]
    if not blocks:
        return []
    if found:
        others = reader.table(
            "stages_found", "marts.stages", _STAGES, found, keys=_STAGE_KEYS, top=100, by_rank=False
        )
        blocks.append(Fold(say.say("time.stages_found"), others))
    blocks.append(Text(say.say("time.stages_note"), "note"))
    models = reader.rows(
        "select stages, bic from marts.stage_models where scope = ? and method = 'poisson'", reader.scope
    )
    text = sentences.models(say, models)
    return [*blocks, Text(text)] if text else blocks


def _comparison(reader: Reader) -> list[Block]:
    """Publications with partners, with other countries only and domestic ones, by year."""
    whole = {row["year"] for row in reader.of_scope("marts.by_year") if row["is_whole"]}
    rows = [row for row in reader.of_scope("marts.comparison", order="year") if row["year"] in whole]
    if len(whole) < 2 or not rows:
        return []
    say = reader.say
    groups = {str(say.term("comparison", group)): color for group, color in _GROUPS.items()}
    listed_rows = [
        {
            "year": row["year"],
            "group": say.term("comparison", row["comparison_group"]),
            "value": row["publications"],
        }
        for row in rows
    ]
    policy = reader.study.comparison_from
    listed = reader.described(
        {
            name: say.listed(
                [f"{row['year']} {row['value']:,}" for row in listed_rows if row["group"] == name]
            )
            for name in groups
        }
    )
    title = say.say(
        "figure.comparison_year" if policy else "figure.comparison", name=reader.name, year=policy or ""
    )
    blocks: list[Block] = [
        reader.figure(
            "comparison",
            title,
            listed,
            lambda width: grouped_lines(listed_rows, groups, listed, width, policy),
            "marts.comparison",
            trace=reader.trace("comparison", **stored(rows[0], ("scope", "year", "comparison_group"))),
        )
    ]
    ratios = [row for row in reader.of_scope("marts.comparison_ratios") if row.get("ratio") is not None]
    for row in ratios[:1]:
        key = (
            "time.ratio_more"
            if row["low"] > 1
            else "time.ratio_less"
            if row["high"] < 1
            else "time.ratio_open"
        )
        values = {key: numbers.decimal(row[key]) for key in ("ratio", "low", "high")}
        blocks.append(Text(say.say(key, year=policy or "", **values)))
    return blocks


def _internationalisation(reader: Reader) -> list[Block]:
    rows = reader.of_scope("marts.internationalisation", where="year is null")
    if not rows or rows[0].get("shii") is None:
        return []
    row = rows[0]
    return [
        Text(
            reader.say.say(
                "time.internationalisation",
                name=reader.name,
                base=numbers.count(row["base"]),
                shii=numbers.short_percent(row["shii"]),
                partners=numbers.short_percent(row["shii_partners"]),
            )
        )
    ]
