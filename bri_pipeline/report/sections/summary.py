"""In short: the answers first, in a few sentences and numbers."""

from __future__ import annotations

from bri_pipeline.report import numbers, sentences
from bri_pipeline.report.page import Block, Commands, Section, Text, Tiles
from bri_pipeline.report.reader import Reader
from bri_pipeline.report.sections.time import study_growth
from bri_pipeline.report.sections.who import leading_applicants, owned


def section(reader: Reader) -> Section:
    """Search and result, then the scope: with whom, in what, who, since when, how sure."""
    say = reader.say
    [summary] = reader.rows("select * from marts.summary")
    blocks: list[Block] = [Text(search_sentence(reader), "lead")]
    if summary["patents"] and not reader.patents:
        key = "summary.own_code" if _has_own_code(reader) else "summary.none_of_scope"
        blocks.append(Text(say.say(key, name=reader.name, nation=reader.nation_name), "lead"))
    if reader.patents:
        blocks += [Text(text, "lead") for text in _answers(reader) if text]
    tiles = [
        (numbers.count(summary["hits"]), say.say("tile.hits")),
        (numbers.count(summary["duplicates"]), say.say("tile.duplicates")),
        (numbers.count(summary["patents"]), say.say("tile.patents", nation=reader.nation_name)),
        (
            numbers.count(summary["countries_with_patents"]),
            say.say(
                "tile.countries",
                nation=reader.nation_name,
                searched=numbers.count(summary["countries_searched"]),
                listed=numbers.count(summary["countries_listed"]),
            ),
        ),
    ]
    if not reader.is_national:
        tiles.insert(0, (numbers.count(reader.patents), say.say("tile.scope", name=reader.name)))
    blocks.append(Tiles(tiles))
    commands = [
        (f"{reader.trace('summary')} {column}", say.say(f"tile.{column}", nation=reader.nation_name))
        for column in ("hits", "duplicates", "patents")
        if summary[column]
    ]
    if commands:
        blocks += [Text(say.say("summary.commands"), "note"), Commands(commands)]
    return Section("summary", say.say("section.summary"), blocks)


def _has_own_code(reader: Reader) -> bool:
    """Whether inventors there have a country code of their own and so do not count for China."""
    own = {"CN-MO", "CN-TW"} if reader.study.hong_kong_as_cn else {"CN-HK", "CN-MO", "CN-TW"}
    return reader.scope in own


def search_sentence(reader: Reader) -> str:
    """What was searched and what was found, for any numbers."""
    say = reader.say
    [summary] = reader.rows("select * from marts.summary")
    is_all = summary["countries_searched"] == summary["countries_listed"]
    searched = say.say(
        "summary.searched_all" if is_all else "summary.searched",
        searched=numbers.count(summary["countries_searched"]),
        listed=say.counted("listed", summary["countries_listed"]),
        hits=say.counted("hits", summary["hits"]),
    )
    if not summary["patents"]:
        nothing = say.say("summary.no_patents", nation=reader.nation_name)
        return searched + nothing + ("" if summary["is_complete"] else say.say("summary.not_all_read"))
    found = say.say(
        "summary.found",
        duplicates=say.counted("repeat", summary["duplicates"]),
        patents=say.counted("patents", summary["patents"]),
        nation=reader.nation_name,
        countries=say.counted("partner_countries", summary["countries_with_patents"]),
        first=summary["first_date"],
        last=summary["last_date"],
    )
    return searched + found


def _answers(reader: Reader) -> list[str]:
    """With whom, in what, who, since when; empty texts where a table says nothing."""
    say = reader.say
    countries = reader.of_scope("marts.by_country")
    answers = []
    if not reader.is_national:
        share = reader.patents / max(reader.patents_of(reader.nation), 1)
        answers.append(
            say.say(
                "summary.scope",
                name=reader.name,
                patents=say.counted("patents", reader.patents),
                share=numbers.short_percent(share),
                nation=reader.nation_name,
                countries=say.counted("partner_countries", len([r for r in countries if r["patents"]])),
            )
        )
    with_whom = sentences.leading(
        say, "country", [(r["country_name"], r["patents"]) for r in countries], reader.patents
    )
    answers.append(say.say("summary.with_whom") + with_whom if with_whom else "")
    fields = reader.of_scope("marts.by_field", where="scheme = 'paper' and rank is not null")
    in_what = sentences.leading(say, "field", [(r["field"], r["patents"]) for r in fields], reader.patents)
    answers.append(say.say("summary.in_what") + in_what if in_what else "")
    applicants = [row for row in reader.of_scope("marts.by_applicant") if row["rank"] is not None]
    who = leading_applicants(reader, applicants)
    answers.append(say.say("summary.who") + who if who else "")
    answers.append(owned(reader))
    [years] = reader.rows(
        """
        select min(patents.publication_date) as first, max(patents.publication_date) as last
        from core.patents as patents
        inner join core.patent_scopes as scopes using (publication_number)
        where scopes.scope = ?
        """,
        reader.scope,
    )
    if years["first"]:
        answers.append(say.say("summary.since", first=years["first"], last=years["last"]))
    growth = study_growth(reader)
    answers.append(sentences.growth(say, reader.name, growth) if growth and "poisson_rate" in growth else "")
    return answers
