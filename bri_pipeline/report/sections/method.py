"""How this was made: study, source, versions, definitions, how to walk back, how to cite."""

from __future__ import annotations

from datetime import date

from bri_pipeline import __version__
from bri_pipeline.report.page import Block, Commands, Section, Terms, Text
from bri_pipeline.report.reader import Reader, study_argument
from bri_pipeline.report.sections.quality import files_read

_DEFINITIONS = ("hit", "patent", "counting", "interval", "year", "place")


def section(reader: Reader) -> Section:
    """Always there."""
    say = reader.say
    nation = reader.nation_name
    study = reader.study
    files = files_read(reader)
    made = [
        (say.say("method.study"), f"{study.title} ({study.name})"),
        (say.say("method.source"), _source(reader)),
        (
            say.say("method.window"),
            say.say(
                "method.from_to", start=study.window_start, end=study.window_end or say.say("method.today")
            ),
        ),
        (say.say("method.data"), _data(reader)),
        (say.say("method.software"), f"bri-pipeline {__version__}"),
        (say.say("method.licence"), say.say("method.licence_text")),
        (say.say("method.cite"), citation(reader)),
    ]
    if built := _built(reader):
        made.insert(5, (say.say("method.built"), built))
    if files["read_on"]:
        made.insert(4, (say.say("method.read"), str(files["read_on"])))
    definitions = [
        (say.say(f"definition.{name}.name"), say.say(f"definition.{name}.text", nation=nation))
        for name in _DEFINITIONS
    ]
    argument = study_argument(study)
    commands = [
        (
            reader.trace("by_country", scope=reader.scope, country=_first_country(reader)),
            say.say("method.walk_back"),
        ),
        (f"bri query --study {argument} 'from marts.by_country'", say.say("method.query")),
        (f"bri export --study {argument} --format xlsx", say.say("method.export")),
        (f"bri run --study {argument}", say.say("method.run")),
    ]
    blocks: list[Block] = [
        Terms(say.say("method.made"), made, "method-box"),
        Terms(say.say("method.definitions"), definitions, "terms"),
        Text(say.say("method.commands")),
        Commands(commands),
    ]
    return Section("method", say.say("section.method"), blocks)


def citation(reader: Reader) -> str:
    """How to cite the page: what it counts, from which data, made with what."""
    return reader.say.say(
        "method.citation",
        title=reader.title,
        version=__version__,
        data=_last_date(reader),
    )


def _source(reader: Reader) -> str:
    """What was read, with the latest file, whose name holds its date of release."""
    source = reader.say.say(f"source.{reader.study.source.kind}")
    latest = reader.rows("select path from raw.source_files order by file_year desc, path desc limit 1")
    if not latest:
        return source
    return reader.say.say("method.latest_file", source=source, file=str(latest[0]["path"]).rpartition("/")[2])


def _built(reader: Reader) -> str:
    """When the tables were built, and the id that changes with what they were made from."""
    [row] = reader.rows("select max(built_at) as built_at from checks.builds")
    summary = reader.rows("select build_id from checks.builds where table_name = 'marts.summary'")
    if row["built_at"] is None or not summary:
        return ""
    return reader.say.say(
        "method.built_at", time=f"{row['built_at']:%Y-%m-%d %H:%M}", build=summary[0]["build_id"]
    )


def _data(reader: Reader) -> str:
    [summary] = reader.rows("select * from marts.summary")
    if not summary["patents"]:
        return reader.say.say("method.no_data")
    return reader.say.say("method.from_to", start=summary["first_date"], end=summary["last_date"])


def _last_date(reader: Reader) -> str:
    [summary] = reader.rows("select * from marts.summary")
    last: date | None = summary["last_date"]
    return str(last or reader.study.window_end or reader.study.window_start)


def _first_country(reader: Reader) -> str:
    found = reader.rows(
        "select country from marts.by_country where scope in (?, ?) order by scope = ? desc, rank, country limit 1",
        reader.scope,
        reader.nation,
        reader.scope,
    )
    return str(found[0]["country"]) if found else reader.study.partners[0].iso2
