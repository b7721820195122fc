"""The queries that find what is behind a number; each runs as it is in the DuckDB shell."""

from __future__ import annotations

from textwrap import indent

from bri_pipeline.warehouse.sql_text import quoted

NOT_PLACED = "('unresolved', 'ambiguous')"
NOT_CLASSIFIED = "('unmapped', 'none')"

# what is said of each publication
_COLUMNS = """\
    patents.publication_number,
    patents.publication_date,
    patents.title,
    (
        select string_agg(members.country, ', ' order by members.country)
        from core.patent_countries as members
        where members.publication_number = patents.publication_number
    ) as partner_countries,
    (
        select string_agg(members.province, ', ' order by members.province)
        from core.patent_provinces as members
        where members.publication_number = patents.publication_number
    ) as provinces,
    patents.application_number,
    (
        select min(hits.source_file)
        from raw.uspto_hits as hits
        where hits.publication_number = patents.publication_number
    ) as source_file"""


def publications(*conditions: str) -> str:
    """One row per patent that meets all conditions, oldest first."""
    return _select(_COLUMNS, "core.patents as patents", conditions)


def memberships(member: str, table: str, *conditions: str) -> str:
    """One row per patent and member, for numbers that count a patent once for each of its members.

    ``member`` is a column of ``table``, which conditions call ``counted``.
    """
    source = f"{table} as counted\ninner join core.patents as patents using (publication_number)"
    return _select(f"    counted.{member},\n{_COLUMNS}", source, conditions, f"counted.{member}, ")


def in_scope(scope: str) -> str:
    """Patents of a scope."""
    return _in(f"select publication_number from core.patent_scopes where scope = {quoted(scope)}")


def with_country(country: str) -> str:
    """Patents with a partner country."""
    return _in(f"select publication_number from core.patent_countries where country = {quoted(country)}")


def with_region(region: str) -> str:
    """Patents with a partner country of a region."""
    return _in(
        "select members.publication_number\n"
        "from core.patent_countries as members\n"
        "inner join reference.partners as partners on members.country = partners.iso2\n"
        f"where partners.region = {quoted(region)}"
    )


def in_partner_region(country: str, region: str) -> str:
    """Patents with an inventor of a partner country who lives in a region of it, or one that is not placed."""
    return _in(
        "select publication_number from core.patent_partner_regions\n"
        f"where country = {quoted(country)} and partner_region = {quoted(region)}"
    )


def in_province(province: str) -> str:
    """Patents with a focal inventor of a province, or one that is unresolved or ambiguous."""
    return _in(f"select publication_number from core.patent_provinces where province = {quoted(province)}")


def certainly_in_province(province: str) -> str:
    """Patents of a province with the address of every focal inventor placed by itself, not by likeness."""
    return _in(
        "select publication_number from core.patent_provinces\n"
        f"where province = {quoted(province)} and is_certain"
    )


def possibly_in_province(province: str) -> str:
    """Patents with a focal inventor whose address names the province or may name it."""
    return _in(
        f"select publication_number from core.patent_provinces where province = {quoted(province)}\n"
        "union\n"
        "select publication_number from staging.inventors\n"
        f"where is_focal and list_contains(place_candidates, {quoted(province)})"
    )


def conceivably_in_province(province: str) -> str:
    """Patents with a focal inventor whose address names the province, may name it, or names none at all."""
    return _in(
        "select publication_number from core.patent_provinces\n"
        f"where province in ({quoted(province)}, 'unresolved')\n"
        "union\n"
        "select publication_number from staging.inventors\n"
        f"where is_focal and list_contains(place_candidates, {quoted(province)})"
    )


def in_city(province: str, city: str) -> str:
    """Patents with a focal inventor of a city, or of no known city of the province (``not known``)."""
    return _in(
        "select publication_number from staging.inventors\n"
        f"where is_focal and province = {quoted(province)} and coalesce(city, 'not known') = {quoted(city)}"
    )


def with_applicant(applicant: str) -> str:
    """Patents of an organisation, by its harmonised name."""
    return _in(f"select publication_number from core.patent_applicants where applicant = {quoted(applicant)}")


def placed() -> str:
    """Patents with a focal inventor whose province is known."""
    return _in(f"select publication_number from core.patent_provinces where province not in {NOT_PLACED}")


def with_field(scheme: str, field_code: str, *, primary: bool = True) -> str:
    """Patents whose main classification, or else any, is in a field."""
    return _in(
        "select publication_number from core.patent_fields\n"
        f"where scheme = {quoted(scheme)} and field_code = {quoted(field_code)}"
        f"{' and is_primary' if primary else ''}"
    )


def classified(scheme: str) -> str:
    """Patents whose main classification a scheme knows."""
    return _in(
        "select publication_number from core.patent_fields\n"
        f"where scheme = {quoted(scheme)} and field_code not in {NOT_CLASSIFIED} and is_primary"
    )


def owned_as(ownership: str, period: str) -> str:
    """Patents of a class of ownership, of one period or of all."""
    during = "" if period == "all" else f" and period = {quoted(period)}"
    return _in(
        f"select publication_number from core.patent_ownership where ownership = {quoted(ownership)}{during}"
    )


def linking(network: str, source: str, target: str) -> str:
    """Patents that two nodes of a network share."""
    return _in(
        "select publication_number from core.network_members\n"
        f"where network = {quoted(network)} and node in ({quoted(source)}, {quoted(target)})\n"
        "group by publication_number having count(*) = 2"
    )


def with_term(term: str) -> str:
    """Patents whose title has a term."""
    return _in(f"select publication_number from core.title_terms where term = {quoted(term)}")


def in_slice(kind: str, slice_: str) -> str:
    """Patents of a WIPO field or of a stage of the study."""
    if kind == "field":
        return with_field("wipo35", slice_)
    return (
        "exists (\n"
        "    select 1 from reference.stages as stages\n"
        f"    where stages.position = {slice_} and patents.counted_year between stages.from_year and stages.to_year\n"
        ")"
    )


def applications(scope: str, *conditions: str) -> str:
    """One row per application with a focal inventor, partner or not, of a scope that meets all conditions."""
    in_its_scope = (
        "publications.application in (\n"
        f"    select application from core.focal_publication_scopes where scope = {quoted(scope)}\n"
        ")"
    )
    columns = ", ".join(
        f"publications.{name}"
        for name in ("publication_number", "publication_date", "countries", "comparison_group", "application")
    )
    where = "\nand ".join((in_its_scope, *conditions))
    return (
        f"select {columns}\nfrom core.focal_publications as publications\nwhere {where}\n"
        "order by publications.publication_date, publications.publication_number;"
    )


def in_years(first: int, last: int) -> str:
    """Patents that count in some years, both included."""
    years = f"= {first}" if first == last else f"between {first} and {last}"
    return f"patents.counted_year {years}"


def cooperations(instrument: str, scope: str, *conditions: str) -> str:
    """One row per paper or alliance of a scope that meets all conditions on ``members``, and on ``partners``."""
    if instrument == "alliances":
        columns = (
            "items.line, items.date, items.focal_party, items.place, items.province, items.foreign_party, "
            "items.country, items.kind, items.source"
        )
        source, key, order = "staging.alliances as items", "items.line::varchar", "items.line"
    else:
        columns = (
            "items.work_id, items.publication_date, items.title, items.type, items.field, items.source_file"
        )
        source, key, order = (
            "staging.papers as items",
            "items.work_id",
            "items.publication_date, items.work_id",
        )
    where = "".join(f"\n    and {condition}" for condition in conditions)
    members = (
        "select members.item\n"
        "from core.cooperation_members as members\n"
        "left join reference.partners as partners on members.country = partners.iso2\n"
        f"where members.instrument = {quoted(instrument)} and members.scope = {quoted(scope)}{where}"
    )
    return (
        f"select {columns}\nfrom {source}\nwhere {key} in (\n{indent(members, '    ')}\n)\norder by {order};"
    )


def one_of(values: list[str]) -> str:
    """A list of values for ``in``."""
    return f"({', '.join(map(quoted, values))})"


def _in(query: str) -> str:
    return f"patents.publication_number in (\n{indent(query, '    ')}\n)"


def _select(columns: str, source: str, conditions: tuple[str, ...], first_by: str = "") -> str:
    where = f"where\n{indent(f'{chr(10)}and '.join(conditions), '    ')}\n" if conditions else ""
    order = f"order by {first_by}patents.publication_date, patents.publication_number"
    return f"select\n{columns}\nfrom {source}\n{where}{order};"
