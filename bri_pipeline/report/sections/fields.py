"""In what: technical fields, how they changed over the stages, where the scope is specialised."""

from __future__ import annotations

from bri_pipeline.report import numbers, sentences
from bri_pipeline.report.figures.tables import Cell, heat_map
from bri_pipeline.report.numbers import Kind
from bri_pipeline.report.page import Block, Fold, Section, Text
from bri_pipeline.report.reader import Reader, Row
from bri_pipeline.report.sections.partners import specialised
from bri_pipeline.report.sections.who import bars_of

_COLUMNS: tuple[tuple[str, Kind], ...] = (
    ("rank", "rank"),
    ("field_code", "code"),
    ("field", "text"),
    ("patents", "count"),
    ("share", "percent"),
    ("patents_whole", "count"),
    ("fractional_patents", "decimal"),
)
_SHOWN = 9


def section(reader: Reader) -> Section | None:
    """Null where the scope has no patents."""
    if not reader.patents:
        return None
    say = reader.say
    rows = _fields(reader, "paper", reader.scope)
    ranked = [row for row in rows if row["rank"] is not None and row["patents"]]
    sentence = sentences.leading(
        say, "field", [(row["field"], row["patents"]) for row in ranked], reader.patents
    )
    blocks: list[Block] = [Text(say.say("fields.by_primary"))]
    if ranked:
        blocks += [
            Text(sentence),
            bars_of(
                reader,
                "fields",
                "field",
                ranked,
                "field",
                "marts.by_field",
                ("scope", "scheme", "field_code"),
            ),
        ]
    blocks += [
        *_table(reader, "fields", "paper", reader.scope, rows),
        *_over_stages(reader, ranked),
        *_specialisation(reader),
        *_table(reader, "wipo", "wipo35", reader.scope, _fields(reader, "wipo35", reader.scope)),
        Fold(
            say.say("fields.more"),
            [
                *_table(
                    reader,
                    "sections",
                    "ipc_section",
                    reader.scope,
                    _fields(reader, "ipc_section", reader.scope),
                ),
                *(
                    []
                    if reader.is_national
                    else _table(
                        reader, "fields", "paper", reader.nation, _fields(reader, "paper", reader.nation)
                    )
                ),
            ],
        ),
    ]
    return Section("fields", say.say("section.fields"), blocks)


def _fields(reader: Reader, scheme: str, scope: str) -> list[Row]:
    return reader.of_scope(
        "marts.by_field", scope, order="rank nulls last, field_code", where=f"scheme = '{scheme}'"
    )


def _table(reader: Reader, part: str, scheme: str, scope: str, rows: list[Row]) -> list[Block]:
    columns = _COLUMNS if scheme != "paper" else tuple(c for c in _COLUMNS if c[0] != "field_code")
    return [
        *reader.table(
            f"{part}.{scope}",
            "marts.by_field",
            columns,
            rows,
            title=reader.say.say(f"table.{part}", scope=reader.scope_name(scope)),
            keys=("scope", "scheme", "field_code"),
            more="fields",
        )
    ]


def _over_stages(reader: Reader, ranked: list[Row]) -> list[Block]:
    """Share of each field in the patents of each stage, by primary field; the fields beyond the first are summed."""
    sql = """
        select stages.position, stages.stage, fields.field_code, count(*) as patents
        from core.patent_scopes as scopes
        inner join core.patents as patents using (publication_number)
        inner join core.patent_fields as fields using (publication_number)
        inner join core.stage_periods as stages on patents.counted_year between stages.from_year and stages.to_year
        where scopes.scope = ? and fields.scheme = 'paper' and fields.is_primary
        group by all order by all
    """
    found = reader.rows(sql, reader.scope)
    stages = {row["position"]: str(reader.say.term("stage", row["stage"])) for row in found}
    totals = {p: sum(row["patents"] for row in found if row["position"] == p) for p in stages}
    named = {row["field_code"]: str(row["field"]) for row in ranked[:_SHOWN]}
    if len(stages) < 2 or not named:
        return []
    others = reader.say.say("figure.other_fields")
    counts: dict[tuple[str, int], int] = {}
    for row in found:
        key = (named.get(row["field_code"], others), row["position"])
        counts[key] = counts.get(key, 0) + row["patents"]
    rows = [*named.values(), *([others] if any(key[0] == others for key in counts) else [])]
    columns = {p: f"{stages[p]} ({totals[p]:,})" for p in sorted(stages)}
    cells = [
        Cell(row, columns[p], counts.get((row, p), 0) / totals[p], _share(counts.get((row, p), 0), totals[p]))
        for row in rows
        for p in columns
    ]
    listed = reader.described(
        {
            row: reader.say.listed([f"{c.column} {c.shown or 0}" for c in cells if c.row == row])
            for row in rows
        }
    )
    title = reader.say.say("figure.fields_over_stages", name=reader.name)
    return [
        reader.figure(
            "fields-over-stages",
            title,
            listed,
            lambda width: heat_map(cells, rows, list(columns.values()), listed, width),
            "core.patent_fields",
        )
    ]


def _share(part: int, whole: int) -> str:
    return numbers.short_percent(part / whole) if part else ""


def _specialisation(reader: Reader) -> list[Block]:
    return specialised(
        reader,
        reader.of_scope("marts.specialisation", where="dimension = 'field' and scheme = 'paper'"),
        "field",
    )
