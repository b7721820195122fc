"""Everything the page says, read from the published tables: no number on it is typed in or worked out here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import duckdb

from bri_pipeline.errors import UserError
from bri_pipeline.report import growth_and_claims as comparisons
from bri_pipeline.report import tables
from bri_pipeline.report.charts import NARROW, WIDE, Chart, ranked_chart, yearly_chart
from bri_pipeline.report.quality import Quality, read_quality
from bri_pipeline.report.tables import Table, trace_command, trace_first
from bri_pipeline.study import Study
from bri_pipeline.warehouse.database import rows_as_dicts

Row = dict[str, Any]


@dataclass(frozen=True)
class Wording:
    """What the documents of the study are called."""

    document: str
    documents: str
    in_full: str


_WORDING = {
    "publications": Wording("publication", "publications", "US patent application publications"),
    "grants": Wording("grant", "grants", "granted US patents"),
}


_SOURCES = {
    "weekly_xml": "weekly front-page files (XML) of the USPTO",
    "patentsview_tables": "tables of PatentsView",
    "odp": "Open Data Portal of the USPTO",
}
_ZERO_YEAR_RULES = {
    "skip": "A year after an empty one has no rate and is left out of the mean.",
    "zero": "A year after an empty one counts as a rate of 0.",
    "none": "With a year after an empty one the mean is not defined.",
}


@dataclass(frozen=True)
class ScopeView:
    """One scope, the nation or a province: its tables and charts, empty or null where it has no patents.

    ``yearly`` holds the chart of the years twice, for a wide page and for a narrow one.
    """

    scope: str
    name: str
    patents: int
    share: float | None
    countries: Table
    fields: Table
    sections: Table
    wipo: Table
    years: Table
    regions: Table
    yearly: tuple[Chart, ...]
    ranked_regions: Chart | None


@dataclass(frozen=True)
class Contents:
    """The page; ``province`` is null where only the nation is looked at."""

    study: Study
    wording: Wording
    summary: Row
    nation: ScopeView
    province: ScopeView | None
    provinces: Table
    growth: Table
    stages: Table
    concentration: Table
    specialisation: Table | None
    likeness: Row | None
    claims: Table
    verdicts: list[tuple[str, int]]
    quality: Quality

    @property
    def source(self) -> str:
        """Where the documents come from."""
        return _SOURCES[self.study.source.kind]

    @property
    def trace_summary(self) -> str:
        """The command that a number of the summary is added to."""
        return trace_command(self.study, "summary")

    @property
    def partial_years(self) -> list[int]:
        """Years the data cover only in part."""
        return [row["year"] for row in self.nation.years.rows if not row["is_whole"]]

    @property
    def zero_year_note(self) -> str:
        """What the study does with a year that follows an empty one."""
        return _ZERO_YEAR_RULES[self.study.zero_year_rule]

    @property
    def cut_note(self) -> str:
        """Whether the study's cut is the one the series of the scope in focus asks for."""
        cuts: dict[str, list[int]] = {"study": [], "optimal": []}
        for row in self.stages.rows:
            if row["scope"] == self.focus.scope:
                cuts[row["method"]].append(row["from_year"])
        same = "is also" if cuts["study"] == cuts["optimal"] else "is not"
        return f"For {self.focus.name} the study's cut {same} the least-squares cut."

    @property
    def views(self) -> list[ScopeView]:
        """The nation and, if one is looked at, the province."""
        return [view for view in (self.nation, self.province) if view]

    @property
    def focus(self) -> ScopeView:
        """The province, or the nation where there is none."""
        return self.province or self.nation


def read_contents(con: duckdb.DuckDBPyConnection, study: Study, scope: str | None) -> Contents:
    """Read the page's contents for a scope: by default the study's province, else the nation alone.

    Raises:
        UserError: the tables know no such scope; those there are, are listed.
    """
    reader = _Reader(con, study, scope)
    nation = reader.view(study.focal_country)
    province = reader.view(reader.province) if reader.province else None
    scopes = {view.scope: view.name for view in (nation, province) if view}
    claims = comparisons.claims_table(con, study)
    return Contents(
        study=study,
        wording=_WORDING[study.documents],
        summary=reader.rows("select * from marts.summary")[0],
        nation=nation,
        province=province,
        provinces=reader.provinces(),
        growth=comparisons.growth_table(con, study, scopes),
        stages=comparisons.stages_table(con, study, scopes),
        concentration=comparisons.concentration_table(con, study, scopes),
        specialisation=comparisons.specialisation_table(con, study, province.scope) if province else None,
        likeness=comparisons.likeness(con, province.scope) if province else None,
        claims=claims,
        verdicts=Counter(row["verdict"] for row in claims.rows).most_common(),
        quality=read_quality(con),
    )


class _Reader:
    """Reads the nation and a province, if one is looked at, from one connection.

    Tables and figures have the paper's numbers only beside a province: the paper's third and fourth are of one.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, study: Study, scope: str | None) -> None:
        self.con, self.study = con, study
        self.scopes = {row["scope"]: row for row in self.rows("select * from core.scopes order by all")}
        self.stages = self.rows("select stage, from_year, to_year from reference.stages order by position")
        self.has_regions = len(self.rows("select region from reference.regions")) > 1
        self.province = self._province_code(scope)

    def rows(self, sql: str, *parameters: object) -> list[Row]:
        return rows_as_dicts(self.con, sql, list(parameters))

    def _province_code(self, wanted: str | None) -> str | None:
        """The province to look at; null for the nation alone. The study's own need not have patents."""
        if wanted is None:
            return self.study.focal_province
        found = {code.upper(): code for code in [*self.scopes, self.study.focal_province] if code}.get(
            wanted.upper()
        )
        if found is None:
            raise UserError(f"There is no scope {wanted!r}. There are: {', '.join(self.scopes)}.")
        return None if found == self.study.focal_country else found

    def view(self, scope: str) -> ScopeView:
        known = self.scopes.get(scope)
        patents = known["patents"] if known else 0
        name = known["scope_name"] if known else self._province_name(scope)
        regions = self._table("regions", scope, f"Regions of the partner countries of {name}")
        years = self._table("years", scope, f"Patents of {name} by year")
        return ScopeView(
            scope=scope,
            name=name,
            patents=patents,
            share=self._share(scope),
            countries=self._table("countries", scope, f"Partner countries of {name}"),
            fields=self._table("fields", scope, f"Technical fields of {name}"),
            sections=self._table("sections", scope, f"IPC sections of {name}"),
            wipo=self._table("wipo", scope, f"WIPO's 35 technology fields of {name}"),
            years=years,
            regions=regions,
            yearly=self._yearly_charts(years, name, scope) if patents else (),
            ranked_regions=self._region_chart(regions, name),
        )

    def _share(self, scope: str) -> float | None:
        sql = "select value from marts.measures where measure = 'scopes.share' and scope = ?"
        found = self.rows(sql, scope)
        return found[0]["value"] if found else None

    def _province_name(self, code: str) -> str:
        found = self.rows("select name from reference.provinces where code = ?", code)
        return str(found[0]["name"]) if found else code

    def _table(self, part: str, scope: str, title: str) -> Table:
        """One of the tables every scope has."""
        layout = _SCOPE_TABLES[part]
        condition, cell = "", {"scope": scope}
        if layout.scheme:
            condition, cell = f" and scheme = '{layout.scheme}'", {"scope": scope, "scheme": layout.scheme}
        rows = self.rows(f"select * from marts.{layout.mart} where scope = ?{condition}", scope)
        keys = (*cell, layout.key)
        return Table(
            anchor=f"{part}-{scope}",
            title=title,
            mart=f"marts.{layout.mart}",
            columns=tuple(column for column in layout.columns if self.has_regions or column.name != "region"),
            rows=[row for row in rows if not _is_unranked(row)],
            pinned=[row for row in rows if _is_unranked(row)],
            trace=trace_first(self.study, layout.mart, rows, keys),
            of=self._number_of(layout.of_province if scope == self.province else layout.of_nation),
            rest=layout.rest,
            top=layout.top,
        )

    def _number_of(self, table: str) -> str:
        return table if self.province else ""

    def _yearly_charts(self, years: Table, name: str, scope: str) -> tuple[Chart, ...]:
        """Wide and narrow, with the stages behind the series of the scope in focus."""
        stages = self.stages if scope == (self.province or self.study.focal_country) else []
        return tuple(
            yearly_chart(years.rows, stages, f"Patents of {name} by year", width) for width in (WIDE, NARROW)
        )

    def _region_chart(self, regions: Table, name: str) -> Chart | None:
        """Bars of the regions; null where the partners are not divided into any."""
        if not self.has_regions or not regions.rows:
            return None
        bars = [(row["region"], row["patents"]) for row in regions.rows]
        return ranked_chart(bars, f"Patents of {name} by region")

    def provinces(self) -> Table:
        rows = self.rows("select * from marts.by_province")
        return Table(
            anchor="provinces",
            title="Provinces of the focal inventors",
            mart="marts.by_province",
            columns=tables.PROVINCE_COLUMNS,
            rows=[row for row in rows if not _is_unranked(row)],
            # their code is no code: it repeats the name
            pinned=[row | {"province": None} for row in rows if _is_unranked(row)],
            trace=trace_first(self.study, "by_province", rows, ("province",)),
            of=self._number_of("2"),
            rest="provinces",
        )


def _is_unranked(row: Row) -> bool:
    """What could not be placed or classified has no rank; it is never folded away."""
    return row.get("rank", 0) is None


@dataclass(frozen=True)
class _ScopeTable:
    """How a table that every scope has is read: its mart, the key of its rows, and its number in the paper."""

    mart: str
    key: str
    columns: tuple[tables.Column, ...]
    rest: str
    scheme: str = ""
    of_nation: str = ""
    of_province: str = ""
    top: int = tables.TOP


_SCOPE_TABLES = {
    "countries": _ScopeTable(
        "by_country", "country", tables.COUNTRY_COLUMNS, "countries", of_nation="1", of_province="3"
    ),
    "regions": _ScopeTable("by_region", "region", tables.REGION_COLUMNS, "regions"),
    "years": _ScopeTable("by_year", "year", tables.YEAR_COLUMNS, "years", top=100),
    "fields": _ScopeTable("by_field", "field_code", tables.FIELD_COLUMNS, "fields", "paper", of_province="4"),
    "sections": _ScopeTable("by_field", "field_code", tables.CODED_FIELD_COLUMNS, "sections", "ipc_section"),
    "wipo": _ScopeTable("by_field", "field_code", tables.CODED_FIELD_COLUMNS, "fields", "wipo35"),
}
