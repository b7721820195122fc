"""What the numbers rest on: files and documents read, what was set aside, how places were found, failed checks."""

from __future__ import annotations

from bri_pipeline.report import numbers
from bri_pipeline.report.page import Banner, Block, Section, Text, Tiles
from bri_pipeline.report.reader import Reader, Row

_FILES = ("files", "documents", "kept", "unreadable", "kinds_not_counted", "other_documents", "outside_year")


def section(reader: Reader) -> Section:
    """Always there, also where nothing was found."""
    say = reader.say
    blocks: list[Block] = [*_files(reader), Text(_complete(reader)), *_placed(reader), *_reproduced(reader)]
    blocks += _checks(reader)
    blocks += reader.table(
        "duplicates",
        "core.duplicates",
        (("reason", "text"), ("hits", "count")),
        [
            reader.worded(row)
            for row in reader.rows(
                "select reason, count(*) as hits from core.duplicates group by reason order by hits desc, reason"
            )
        ],
    )
    blocks += _places(reader)
    blocks += reader.table(
        "quarantine",
        "raw.quarantine",
        (("source_file", "code"), ("document_index", "count"), ("reason", "text")),
        _set_aside(reader),
        more="documents",
    )
    return Section("quality", say.say("section.quality"), blocks)


def _set_aside(reader: Reader) -> list[Row]:
    rows = reader.rows("select source_file, document_index, reason from raw.quarantine order by all")
    return [row | {"reason": reader.texts.reason(row["reason"])} for row in rows]


def banners(reader: Reader) -> list[Banner]:
    """What must be said before any number: an incomplete study, failed checks."""
    say = reader.say
    [summary] = reader.rows("select * from marts.summary")
    found = []
    if not summary["is_complete"]:
        text = say.say("banner.incomplete", **_landed(reader))
        found.append(Banner("incomplete", say.say("banner.incomplete_title"), text))
    failed = [row for row in _outcomes(reader) if row["severity"] == "error" and not row["passed"]]
    if failed:
        title = say.counted("checks_failed", len(failed))
        found.append(Banner("failed-checks", title, say.say("banner.failed"), is_bad=True))
    return found


def files_read(reader: Reader) -> Row:
    """Totals over the source files."""
    [row] = reader.rows(
        """
        select
            count(*) as files,
            coalesce(sum(documents), 0)::bigint as documents,
            coalesce(sum(kept), 0)::bigint as kept,
            coalesce(sum(unreadable), 0)::bigint as unreadable,
            coalesce(sum(other_documents), 0)::bigint as other_documents,
            coalesce(sum(kinds_not_counted), 0)::bigint as kinds_not_counted,
            coalesce(sum(outside_year), 0)::bigint as outside_year,
            max(landed_at)::date as read_on
        from raw.source_files
        """
    )
    return row


def _files(reader: Reader) -> list[Block]:
    files = files_read(reader)
    nation = reader.nation_name
    tiles = [(numbers.count(files[name]), reader.say.say(f"tile.{name}", nation=nation)) for name in _FILES]
    return [
        Tiles(tiles),
        Text(reader.say.say("quality.kinds", kinds=reader.say.listed(reader.study.kinds)), "note"),
    ]


def _landed(reader: Reader) -> dict[str, str]:
    [summary] = reader.rows("select * from marts.summary")
    return {
        "landed": numbers.count(summary["country_years_landed"]),
        "all": numbers.count(summary["country_years"]),
    }


def _complete(reader: Reader) -> str:
    return reader.say.say("quality.landed", **_landed(reader))


def _placed(reader: Reader) -> list[Block]:
    [row] = reader.rows(
        """
        select
            count(*) as inventors,
            count(*) filter (inventors.province not in ('unresolved', 'ambiguous')) as placed
        from staging.inventors as inventors
        inner join core.patents as patents using (publication_number)
        where inventors.is_focal
        """
    )
    if not row["inventors"]:
        return []
    text = reader.say.say(
        "quality.placed",
        placed=numbers.count(row["placed"]),
        inventors=reader.say.counted("inventors", row["inventors"]),
        nation=reader.nation_name,
        share=numbers.short_percent(row["placed"] / row["inventors"]),
    )
    return [Text(text)]


def _places(reader: Reader) -> list[Block]:
    rows = reader.rows(
        """
        select
            inventors.place_method,
            count(*) as inventors,
            count(*) / sum(count(*)) over () as share
        from staging.inventors as inventors
        inner join core.patents as patents using (publication_number)
        where inventors.is_focal
        group by inventors.place_method
        order by inventors desc, place_method
        """
    )
    return [
        *reader.table(
            "places",
            "staging.inventors",
            (("place_method", "text"), ("inventors", "count"), ("share", "percent")),
            [reader.worded(row) for row in rows],
            top=100,
        )
    ]


def _reproduced(reader: Reader) -> list[Block]:
    rows = reader.rows("select * from marts.reproduction")
    if not rows:
        return []
    matched = [row for row in rows if row["matches"]]
    text = reader.say.say(
        "quality.reproduced",
        matched=numbers.count(len(matched)),
        expected=reader.say.counted("values", len(rows)),
    )
    not_met = [row for row in rows if not row["matches"]]
    for row in not_met:
        row["as_stored"] = dict(row)
        row["member"] = reader.texts.member(row["member"])
        row["source"] = reader.texts.source(row["source"])
    missed = reader.table(
        "reproduction",
        "marts.reproduction",
        (
            ("invariant", "code"),
            ("measure", "code"),
            ("scope", "code"),
            ("member", "text"),
            ("expected", "number"),
            ("upper", "number"),
            ("found", "number"),
            ("source", "text"),
        ),
        not_met,
        keys=("invariant", "measure", "scope", "member"),
        more="rows",
    )
    return [Text(text), *missed]


def _outcomes(reader: Reader) -> list[Row]:
    return reader.rows(
        """
        select table_name || '/' || check_name as id, severity, passed, offending_rows, description
        from checks.outcomes
        order by severity, id
        """
    )


def _checks(reader: Reader) -> list[Block]:
    say = reader.say
    outcomes = _outcomes(reader)
    if not outcomes:
        return [Text(say.say("quality.no_outcomes"))]
    failed = [reader.worded(row) for row in outcomes if not row["passed"]]
    for row in failed:
        description = reader.texts.check_description(row["id"], row["description"])
        row["description"] = say.in_own_divisions(description)
    ran = say.say(
        "quality.checks_all" if not failed else "quality.checks",
        checks=say.counted("checks", len(outcomes)),
        failed=say.counted("do_not_pass", len(failed)),
    )
    table = reader.table(
        "checks",
        "checks.outcomes",
        (("id", "code"), ("severity", "text"), ("offending_rows", "count"), ("description", "text")),
        failed,
        top=1000,
    )
    return [Text(ran), *table]
