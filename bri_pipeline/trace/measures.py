"""Numbers in the long form of marts.measures: which cell of a mart each one is, or which members it sums."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb

from bri_pipeline.errors import UserError
from bri_pipeline.trace import queries as q
from bri_pipeline.trace.marts import MARTS, Row, TracedTable
from bri_pipeline.warehouse.database import rows_as_dicts
from bri_pipeline.warehouse.sql_text import quoted

_MARTS = {table.short: table for table in MARTS}
# numbers over the members of a dimension, largest first; the member of the measure says how many
_OVER_MEMBERS = ("members", "nth_patents", "top_patents", "top_share", "after_patents", "all_patents")
# the key between mart and column in the name of a measure
_MIDDLE_KEYS = {"by_field": "scheme", "stages": "method"}
_MEMBERSHIPS = {
    "by_country": ("country", "core.patent_countries"),
    "by_province": ("province", "core.patent_provinces"),
    "by_field": ("field_code", "core.patent_fields"),
}


def measure_query(con: duckdb.DuckDBPyConnection, row: Row, number: str = "value") -> str:
    """The query for the rows behind a measure; ``row`` gives measure, scope and member.

    Raises:
        UserError: the measure is not about publications, or the marts have no such number.
    """
    mart, *middle, column = row["measure"].split(".")
    if mart in _OWN_QUERIES:
        return _OWN_QUERIES[mart](row)
    if mart == "by_city":
        province, _, city = row["member"].partition(" ")
        return q.publications(q.in_scope(row["scope"]), q.in_city(province, city))
    if mart not in _MARTS:
        raise UserError(f"{row['measure']} cannot be traced to publications.")
    table = _MARTS[mart]
    key: dict[str, Any] = {"scope": row["scope"]} if "scope" in table.keys else {}
    key |= _further_keys(mart, middle, column)
    if column in _OVER_MEMBERS:
        return _over_members(con, table, key, column, row)
    if column == "total_patents":
        return _all_stages(con, key)
    if row["member"] != "all":
        key[table.keys[-1]] = row["member"]
    return table.query(con, _mart_row(con, table, key), column)


def _further_keys(mart: str, middle: list[str], column: str) -> dict[str, Any]:
    """What else of a mart's key the name of a measure says, or leaves unsaid."""
    if mart == "growth":
        return {"is_study_rule": "true"}
    if mart == "specialisation":
        return {"dimension": "country"}
    if mart == "concentration":
        dimension, _, scheme = middle[0].partition("_")
        base = "patents" if column.startswith("cr") else "memberships"
        return {"dimension": dimension, "scheme": scheme or None, "base": base, "year": None}
    return {_MIDDLE_KEYS[mart]: middle[0]} if middle else {}


def _mart_row(con: duckdb.DuckDBPyConnection, table: TracedTable, key: dict[str, Any]) -> Row:
    rows = _mart_rows(con, table, key)
    if len(rows) != 1:
        said = " ".join(f"{name}={value}" for name, value in key.items())
        raise UserError(
            f"{table.name} has {len(rows) or 'no'} rows for {said}, so there is nothing to trace."
        )
    return rows[0]


def _mart_rows(
    con: duckdb.DuckDBPyConnection, table: TracedTable, key: dict[str, Any]
) -> list[dict[str, Any]]:
    where = " and ".join([f"{name}::varchar is not distinct from ?" for name in key] or ["true"])
    return rows_as_dicts(con, f"select * from {table.name} where {where}", list(key.values()))


def _over_members(
    con: duckdb.DuckDBPyConnection, table: TracedTable, key: dict[str, Any], column: str, row: Row
) -> str:
    """Ordered as marts.measures orders them: by patents, then by the member's code."""
    name, memberships = _MEMBERSHIPS[table.short]
    rows = [found for found in _mart_rows(con, table, key) if found["rank"] is not None]
    ordered = sorted(rows, key=lambda found: (-found["patents"], found[name]))
    if column == "members":
        return _member_list(table, key, name)
    n = len(ordered) if column == "all_patents" else int(row["member"])
    if column == "nth_patents":
        return table.query(con, ordered[n - 1], "patents")
    members = [found[name] for found in (ordered[n:] if column == "after_patents" else ordered[:n])]
    conditions = [q.in_scope(key["scope"])] if "scope" in key else []
    if "scheme" in key:
        conditions.append(f"counted.scheme = {quoted(key['scheme'])} and counted.is_primary")
    return q.memberships(name, memberships, *conditions, f"counted.{name} in {q.one_of(members)}")


def _member_list(table: TracedTable, key: dict[str, Any], name: str) -> str:
    conditions = [f"{column} = {quoted(value)}" for column, value in key.items()]
    where = " and ".join([*conditions, "rank is not null"])
    return f"select {name}, patents, share, rank\nfrom {table.name}\nwhere {where}\norder by patents desc, {name};"


def _all_stages(con: duckdb.DuckDBPyConnection, key: dict[str, Any]) -> str:
    stages = _mart_rows(con, _MARTS["stages"], key)
    first, last = min(row["from_year"] for row in stages), max(row["to_year"] for row in stages)
    return q.publications(q.in_scope(key["scope"]), q.in_years(first, last))


def _top_five_fields(row: Row) -> str:
    fields = (
        "select field_code from marts.by_field "
        f"where scope = {quoted(row['scope'])} and scheme = 'paper' and rank <= 5"
    )
    in_the_fields = (
        "patents.publication_number in (\n"
        "    select publication_number from core.patent_fields\n"
        f"    where scheme = 'paper' and is_primary and field_code in ({fields})\n)"
    )
    return q.publications(q.in_scope(row["scope"]), q.with_country(row["member"]), in_the_fields)


def _field_memberships(row: Row) -> str:
    scheme = row["measure"].rpartition(".")[2]
    return q.memberships(
        "field_code", "core.patent_fields", q.in_scope(row["scope"]), f"counted.scheme = {quoted(scheme)}"
    )


def _comparison_group(row: Row) -> str:
    group = row["measure"].partition(".")[2]
    return q.applications(row["scope"], f"publications.comparison_group = {quoted(group)}")


def _compared(row: Row) -> str:
    return q.applications(row["scope"], "publications.comparison_group != 'domestic only'")


def _all_applications(row: Row) -> str:
    return q.applications(row["scope"])


def _partners_of_province(row: Row) -> str:
    return (
        "select member as country, member_name as country_name, patents, national_patents, national_rank\n"
        f"from marts.specialisation\nwhere scope = {quoted(row['scope'])} and dimension = 'country'\n"
        "order by national_rank, member;"
    )


# measures that are no cell of one mart
_OWN_QUERIES: dict[str, Callable[[Row], str]] = {
    "field_countries": _top_five_fields,
    "field_memberships": _field_memberships,
    "comparison": _comparison_group,
    "comparison_ratios": _compared,
    "internationalisation": _all_applications,
    "homogeneity": _partners_of_province,
}

MEASURES: tuple[TracedTable, ...] = (
    TracedTable("marts.measures", ("measure", "scope", "member"), measure_query, number="value"),
    TracedTable(
        "marts.reproduction", ("invariant", "measure", "scope", "member"), measure_query, number="found"
    ),
)
