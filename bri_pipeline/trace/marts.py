"""The marts whose numbers count patents: their keys, and the query for the rows behind each number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import duckdb

from bri_pipeline.errors import UserError
from bri_pipeline.trace import queries as q
from bri_pipeline.warehouse.sql_text import quoted

Row = Mapping[str, Any]
Query = Callable[[duckdb.DuckDBPyConnection, Row, str], str]


@dataclass(frozen=True)
class TracedTable:
    """A table, its key columns in the order of their questions, and how its numbers are traced.

    ``names`` maps a key to the column that says the same in words, ``defaults`` to the value taken if none is
    given (the focal country for scope). ``query`` makes the SQL for a row and the number wanted of it.
    """

    name: str
    keys: tuple[str, ...]
    query: Query
    names: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    number: str = "patents"

    @property
    def short(self) -> str:
        """``by_country``."""
        return self.name.partition(".")[2]


def _country(con: duckdb.DuckDBPyConnection, row: Row, number: str) -> str:
    conditions = ["patents.inventor_countries = 2"] if number == "patents_bilateral" else []
    return q.publications(q.in_scope(row["scope"]), q.with_country(row["country"]), *conditions)


def _province(con: duckdb.DuckDBPyConnection, row: Row, number: str) -> str:
    condition = {
        "patents_certain": q.certainly_in_province,
        "patents_with_candidates": q.possibly_in_province,
        "patents_with_unplaced": q.conceivably_in_province,
    }
    return q.publications(condition.get(number, q.in_province)(row["province"]))


def _region(con: duckdb.DuckDBPyConnection, row: Row, number: str) -> str:
    partners = f"from reference.partners as partners\nwhere partners.region = {quoted(row['region'])}\n"
    columns = "select partners.iso2 as country, partners.name, partners.searched, partners.note\n"
    if number == "countries":
        return f"{columns}{partners}order by partners.position;"
    if number == "countries_with_patents":
        by_country = f"select country from marts.by_country where scope = {quoted(row['scope'])}"
        return f"{columns}{partners}    and partners.iso2 in ({by_country})\norder by partners.position;"
    return q.publications(q.in_scope(row["scope"]), q.with_region(row["region"]))


def _partner_region(con: duckdb.DuckDBPyConnection, row: Row, number: str) -> str:
    return q.publications(
        q.in_scope(row["scope"]), q.in_partner_region(row["country"], row["partner_region"])
    )


def _year(con: duckdb.DuckDBPyConnection, row: Row, number: str) -> str:
    if number == "cumulative":
        return q.publications(q.in_scope(row["scope"]), f"patents.counted_year <= {row['year']}")
    return q.publications(q.in_scope(row["scope"]), q.in_years(row["year"], row["year"]))


def _field(con: duckdb.DuckDBPyConnection, row: Row, number: str) -> str:
    primary = number not in ("patents_whole", "fractional_patents")
    field = q.with_field(row["scheme"], row["field_code"], primary=primary)
    return q.publications(q.in_scope(row["scope"]), field)


def _years(con: duckdb.DuckDBPyConnection, row: Row, number: str) -> str:
    return q.publications(q.in_scope(row["scope"]), q.in_years(row["from_year"], row["to_year"]))


def _concentration(con: duckdb.DuckDBPyConnection, row: Row, number: str) -> str:
    scope, dimension = q.in_scope(row["scope"]), row["dimension"]
    year = [q.in_years(row["year"], row["year"])] if row["year"] is not None else []
    if dimension in ("province", "city"):
        return q.publications(scope, *year, q.placed())
    if dimension == "field":
        return q.publications(scope, *year, q.classified(row["scheme"]))
    return q.publications(scope, *year)


def _specialisation(con: duckdb.DuckDBPyConnection, row: Row, number: str) -> str:
    if row["dimension"] == "country":
        member = q.with_country(row["member"])
    else:
        member = q.with_field(row["scheme"], row["member"])
    national = number in ("national_patents", "national_rank")
    return q.publications(*([] if national else [q.in_scope(row["scope"])]), member)


def _affinity(con: duckdb.DuckDBPyConnection, row: Row, number: str) -> str:
    return q.publications(q.with_country(row["country"]))


def _applicant(con: duckdb.DuckDBPyConnection, row: Row, number: str) -> str:
    return q.publications(q.in_scope(row["scope"]), q.with_applicant(row["applicant"]))


def _city(con: duckdb.DuckDBPyConnection, row: Row, number: str) -> str:
    return q.publications(q.in_scope(row["scope"]), q.in_city(row["province"], row["city"]))


def _scope(con: duckdb.DuckDBPyConnection, row: Row, number: str) -> str:
    return q.publications(q.in_scope(row["scope"]))


def _ownership(con: duckdb.DuckDBPyConnection, row: Row, number: str) -> str:
    return q.publications(q.in_scope(row["scope"]), q.owned_as(row["ownership"], row["period"]))


def _edge(con: duckdb.DuckDBPyConnection, row: Row, number: str) -> str:
    return q.publications(q.linking(row["network"], row["source"], row["target"]))


def _term(con: duckdb.DuckDBPyConnection, row: Row, number: str) -> str:
    return q.publications(
        q.in_scope(row["scope"]), q.in_slice(row["slice_kind"], row["slice"]), q.with_term(row["term"])
    )


def _field_country(con: duckdb.DuckDBPyConnection, row: Row, number: str) -> str:
    return q.publications(
        q.in_scope(row["scope"]),
        q.with_field(row["scheme"], row["field_code"]),
        q.with_country(row["country"]),
    )


def _comparison(con: duckdb.DuckDBPyConnection, row: Row, number: str) -> str:
    return q.applications(
        row["scope"],
        f"publications.counted_year = {row['year']}",
        f"publications.comparison_group = {quoted(row['comparison_group'])}",
    )


def _entrants(con: duckdb.DuckDBPyConnection, row: Row, number: str) -> str:
    condition = (
        f"having min(patents.counted_year) = {row['year']}"
        if number == "entrants"
        else f"having bool_or(patents.counted_year = {row['year']})"
    )
    return (
        "select members.applicant, min(patents.counted_year) as first_year, count(*) as patents\n"
        "from core.patent_scopes as scopes\n"
        "inner join core.patents as patents using (publication_number)\n"
        "inner join core.patent_applicants as members using (publication_number)\n"
        f"where scopes.scope = {quoted(row['scope'])}\n"
        f"group by members.applicant\n{condition}\norder by members.applicant;"
    )


def _cooperation(instrument: str, dimension: str) -> Query:
    """The papers or alliances behind a cell of ``marts.<instrument>_by_<dimension>``."""
    columns = {"country": "members.country", "region": "partners.region", "year": "members.year"}

    def query(con: duckdb.DuckDBPyConnection, row: Row, number: str) -> str:
        if number == "cumulative":
            condition = f"members.year <= {row['year']}"
        else:
            member = row[dimension]
            value = str(member) if dimension == "year" else quoted(str(member))
            condition = f"{columns[dimension]} = {value}"
        return q.cooperations(instrument, row["scope"], condition)

    return query


def _papers_by_field(con: duckdb.DuckDBPyConnection, row: Row, number: str) -> str:
    works = f"select work_id from staging.papers where coalesce(field, 'none') = {quoted(row['field'])}"
    return q.cooperations("papers", row["scope"], f"members.item in ({works})")


def _profile(con: duckdb.DuckDBPyConnection, row: Row, number: str) -> str:
    """Of the profile: patents as everywhere, papers and alliances by country, region or province."""
    instrument, member = row["instrument"], row["member"]
    dimension = "all" if number == "items" else row["dimension"]
    if dimension == "province" and member == "unresolved":
        raise UserError(
            f"{instrument} without a known province cannot be listed; trace number=items for all of the nation's."
        )
    scope = member if dimension == "province" else row["scope"]
    if instrument == "patents":
        condition = {"country": q.with_country, "region": q.with_region}.get(dimension)
        return q.publications(q.in_scope(scope), *([condition(member)] if condition else []))
    column = {"country": "members.country", "region": "partners.region"}.get(dimension)
    return q.cooperations(instrument, scope, *([f"{column} = {quoted(member)}"] if column else []))


_SUMMARY = {
    "hits": """\
select country, publication_number, publication_date, title, application_number, source_file
from raw.uspto_hits
order by publication_date, publication_number, country;""",
    "duplicates": """\
select
    duplicates.publication_number,
    duplicates.country,
    duplicates.reason,
    duplicates.kept_publication_number,
    duplicates.kept_country,
    hits.publication_date,
    hits.title,
    hits.application_number,
    hits.source_file
from core.duplicates as duplicates
inner join raw.uspto_hits as hits using (publication_number, country)
order by duplicates.publication_number, duplicates.country;""",
    "countries_listed": """\
select iso2 as country, name, region, searched, note
from reference.partners
order by position;""",
    "countries_searched": """\
select iso2 as country, name, region, note
from reference.partners
where searched
order by position;""",
    "countries_with_patents": """\
select country, count(*) as patents
from core.patent_countries
group by country
order by patents desc, country;""",
    "patents": q.publications(),
    "families": """\
select family_id, priority_date, count(*) as patents, min(publication_number) as first_publication
from core.patents
group by family_id, priority_date
order by priority_date, family_id;""",
    "utility_share": "select kind, is_counted, is_invention, publications\nfrom core.kinds_read\norder by kind;",
    "first_date": q.publications(
        "patents.publication_date = (select min(publication_date) from core.patents)"
    ),
    "last_date": q.publications(
        "patents.publication_date = (select max(publication_date) from core.patents)"
    ),
}


def _summary(con: duckdb.DuckDBPyConnection, row: Row, number: str) -> str:
    if number not in _SUMMARY:
        raise UserError(
            f"No publications stand behind {number} of marts.summary. Trace one of {', '.join(_SUMMARY)}."
        )
    return _SUMMARY[number]


_COUNTRY_NAMES = {"country": "country_name"}

MARTS: tuple[TracedTable, ...] = (
    TracedTable("marts.summary", (), _summary),
    TracedTable("marts.by_country", ("scope", "country"), _country, _COUNTRY_NAMES),
    TracedTable("marts.by_province", ("province",), _province, {"province": "province_name"}),
    TracedTable("marts.by_city", ("scope", "province", "city"), _city),
    TracedTable("marts.by_applicant", ("scope", "applicant"), _applicant, {"applicant": "example_name"}),
    TracedTable("marts.by_region", ("scope", "region"), _region),
    TracedTable(
        "marts.by_partner_region",
        ("scope", "country", "partner_region"),
        _partner_region,
        {"country": "country_name", "partner_region": "partner_region_name"},
    ),
    TracedTable("marts.by_year", ("scope", "year"), _year),
    TracedTable(
        "marts.by_field",
        ("scope", "scheme", "field_code"),
        _field,
        {"field_code": "field"},
        {"scheme": "paper"},
    ),
    TracedTable(
        "marts.stages", ("scope", "method", "position"), _years, {"position": "stage"}, {"method": "study"}
    ),
    TracedTable(
        "marts.growth", ("scope", "zero_rule"), _years, defaults={"zero_rule": "skip"}, number="poisson_rate"
    ),
    TracedTable(
        "marts.concentration",
        ("scope", "dimension", "scheme", "base", "year"),
        _concentration,
        defaults={"base": "patents", "year": "None"},
        number="cr5",
    ),
    TracedTable(
        "marts.specialisation",
        ("scope", "dimension", "scheme", "member"),
        _specialisation,
        {"member": "member_name"},
        {"dimension": "country"},
    ),
    TracedTable("marts.affinity", ("country",), _affinity, _COUNTRY_NAMES),
    TracedTable("marts.ownership", ("scope", "period", "ownership"), _ownership, defaults={"period": "all"}),
    TracedTable("marts.network_edges", ("network", "source", "target"), _edge),
    TracedTable("marts.terms", ("scope", "slice_kind", "slice", "term"), _term, {"slice": "slice_name"}),
    TracedTable(
        "marts.field_countries",
        ("scope", "scheme", "field_code", "country"),
        _field_country,
        defaults={"scheme": "paper"},
    ),
    TracedTable(
        "marts.comparison", ("scope", "year", "comparison_group"), _comparison, number="publications"
    ),
    TracedTable("marts.entrants", ("scope", "year"), _entrants, number="entrants"),
    *(
        TracedTable(
            f"marts.{instrument}_by_{dimension}",
            ("scope", dimension),
            _cooperation(instrument, dimension),
            {"country": "country_name"} if dimension == "country" else {},
            number=instrument,
        )
        for instrument in ("alliances", "papers")
        for dimension in ("country", "region", "year")
    ),
    TracedTable("marts.papers_by_field", ("scope", "field"), _papers_by_field, number="papers"),
    TracedTable(
        "marts.cooperation_profile",
        ("scope", "instrument", "dimension", "member"),
        _profile,
        {"member": "member_name"},
        {"dimension": "country"},
        number="count",
    ),
    TracedTable("marts.likeness", ("scope",), _scope, number="rank_correlation"),
    TracedTable("core.scopes", ("scope",), _scope, {"scope": "scope_name"}),
)
