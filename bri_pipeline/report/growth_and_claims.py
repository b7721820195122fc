"""Tables that set scopes, cuts or claims beside one another: growth, stages, concentration, the claims ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb

from bri_pipeline.report import tables
from bri_pipeline.report.tables import Table, trace_command, trace_first
from bri_pipeline.study import Study
from bri_pipeline.warehouse.database import rows_as_dicts

Row = dict[str, Any]

_MEMBERS = {
    "country": "partner countries",
    "province": "provinces",
    "field_paper": "fields, the paper's labels",
    "field_ipc_section": "IPC sections",
    "field_wipo35": "WIPO fields",
}
_CUTS = {"study": "the study's", "optimal": "least squares"}
# Where fewer patents than this are there and are expected, an advantage says more of chance than of the province.
_ENOUGH = 5


def growth_table(con: duckdb.DuckDBPyConnection, study: Study, scopes: Mapping[str, str]) -> Table:
    """Growth of the scopes (code -> name): the Poisson rate first, then the paper's ways, under the study's rule."""
    rows = _of_scopes(con, "select * from marts.growth where is_study_rule", scopes)
    trace = trace_first(study, "growth", rows, ("scope", "zero_rule"))
    return Table("growth", "Growth", "marts.growth", tables.GROWTH_COLUMNS, rows, trace)


def stages_table(con: duckdb.DuckDBPyConnection, study: Study, scopes: Mapping[str, str]) -> Table:
    """Stages of the scopes, as the study cuts them and as least squares would."""
    rows = [
        row | {"cut": _CUTS[row["method"]]}
        for row in _of_scopes(con, "select * from marts.stages order by method desc, position", scopes)
    ]
    trace = trace_first(study, "stages", rows, ("scope", "method", "position"))
    return Table("stages", "Stages", "marts.stages", tables.STAGE_COLUMNS, rows, trace, top=100)


def concentration_table(con: duckdb.DuckDBPyConnection, study: Study, scopes: Mapping[str, str]) -> Table:
    """Concentration of the scopes' patents on few countries, provinces and fields."""
    rows = [
        row | {"members_are": _MEMBERS[row["dimension"]]}
        for row in _of_scopes(con, "select * from marts.concentration order by dimension", scopes)
    ]
    trace = trace_first(study, "concentration", rows, ("scope", "dimension"))
    columns = tables.CONCENTRATION_COLUMNS
    return Table(
        "concentration", "Concentration of the patents", "marts.concentration", columns, rows, trace, top=100
    )


def specialisation_table(con: duckdb.DuckDBPyConnection, study: Study, province: str) -> Table:
    """Whether the province invents with a country more than the nation does; the advantage only where it means much."""
    rows = rows_as_dicts(
        con,
        "select * from marts.specialisation where scope = ? and (patents > 0 or expected_patents >= ?)",
        [province, _ENOUGH],
    )
    for row in rows:
        if max(row["patents"], row["expected_patents"]) < _ENOUGH:
            row["rta"] = None
    trace = trace_first(study, "specialisation", rows, ("scope", "country"))
    title = "Partner countries measured against the nation"
    return Table(
        "specialisation",
        title,
        "marts.specialisation",
        tables.SPECIALISATION_COLUMNS,
        rows,
        trace,
        rest="countries",
    )


def likeness(con: duckdb.DuckDBPyConnection, province: str) -> Row | None:
    """How alike the province and the nation rank their partners; null if there is nothing to compare."""
    rows = rows_as_dicts(con, "select * from marts.likeness where scope = ?", [province])
    return rows[0] if rows and rows[0]["rank_correlation"] is not None else None


def claims_table(con: duckdb.DuckDBPyConnection, study: Study) -> Table:
    """The paper's claims beside the numbers found now; empty for a study that does not reproduce the paper."""
    rows = rows_as_dicts(con, "select * from marts.paper_claims") if study.expected else []
    trace = trace_command(study, rows[0]["claim_id"]) if rows else ""
    return Table(
        "claims", "Claims of the paper", "marts.paper_claims", tables.CLAIM_COLUMNS, rows, trace, top=1000
    )


def _of_scopes(con: duckdb.DuckDBPyConnection, sql: str, scopes: Mapping[str, str]) -> list[Row]:
    """Rows of the scopes, scope by scope, each with the scope's name."""
    rows = rows_as_dicts(con, sql)
    return [
        row | {"scope_name": name} for scope, name in scopes.items() for row in rows if row["scope"] == scope
    ]
