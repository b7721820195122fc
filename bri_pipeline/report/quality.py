"""What the numbers rest on: files and documents read, what was set aside, how places were found, which checks fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from bri_pipeline.report import tables
from bri_pipeline.report.tables import Table
from bri_pipeline.warehouse.database import rows_as_dicts, table_names

Row = dict[str, Any]


@dataclass(frozen=True)
class Quality:
    """``files`` is null where the tables do not say what was read; ``checks`` holds the failed ones only."""

    files: Row | None
    quarantine: Table
    duplicates: Table
    places: Table
    placed: Row
    reproduction: Table
    reproduced: Row
    checks: Table
    checks_run: int

    @property
    def failed(self) -> Sequence[tables.Row]:
        """Failed checks of error severity: the numbers must not be trusted."""
        return [row for row in self.checks.rows if row["severity"] == "error"]


def read_quality(con: duckdb.DuckDBPyConnection) -> Quality:
    """Read what the published tables say of their own quality."""
    there = set(table_names(con))
    outcomes = _outcomes(con, "checks.outcomes" in there)
    failed = [row for row in outcomes if not row["passed"]]
    return Quality(
        files=_files(con) if "raw.source_files" in there else None,
        quarantine=_quarantine(con, "raw.quarantine" in there),
        duplicates=_duplicates(con),
        places=_places(con),
        placed=_placed(con),
        reproduction=_reproduction(con),
        reproduced=_reproduced(con),
        checks=Table("checks", "Checks that do not pass", "", tables.CHECK_COLUMNS, failed, top=1000),
        checks_run=len(outcomes),
    )


def _files(con: duckdb.DuckDBPyConnection) -> Row:
    [row] = rows_as_dicts(
        con,
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
        """,
    )
    return row


def _quarantine(con: duckdb.DuckDBPyConnection, is_there: bool) -> Table:
    sql = "select source_file, document_index, reason from raw.quarantine order by all"
    rows = rows_as_dicts(con, sql) if is_there else []
    columns = tables.QUARANTINE_COLUMNS
    return Table("quarantine", "Documents set aside", "raw.quarantine", columns, rows, rest="documents")


def _duplicates(con: duckdb.DuckDBPyConnection) -> Table:
    sql = "select reason, count(*) as hits from core.duplicates group by reason order by hits desc, reason"
    return Table(
        "duplicates", "Hits removed", "core.duplicates", tables.DUPLICATE_COLUMNS, rows_as_dicts(con, sql)
    )


def _places(con: duckdb.DuckDBPyConnection) -> Table:
    sql = """
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
    columns = tables.PLACE_COLUMNS
    return Table("places", "How addresses were placed", "staging.inventors", columns, rows_as_dicts(con, sql))


def _placed(con: duckdb.DuckDBPyConnection) -> Row:
    """Focal inventors of the patents, and how many of them have a province."""
    [row] = rows_as_dicts(
        con,
        """
        select
            count(*) as inventors,
            count(*) filter (inventors.province not in ('unresolved', 'ambiguous')) as placed,
            avg((inventors.province not in ('unresolved', 'ambiguous'))::integer) as share
        from staging.inventors as inventors
        inner join core.patents as patents using (publication_number)
        where inventors.is_focal
        """,
    )
    return row


def _reproduction(con: duckdb.DuckDBPyConnection) -> Table:
    rows = rows_as_dicts(con, "select * from marts.reproduction where not matches")
    columns = tables.REPRODUCTION_COLUMNS
    return Table(
        "reproduction", "Expected values not met", "marts.reproduction", columns, rows, rest="values"
    )


def _reproduced(con: duckdb.DuckDBPyConnection) -> Row:
    sql = "select count(*) as expected, count(*) filter (matches) as matched from marts.reproduction"
    return rows_as_dicts(con, sql)[0]


def _outcomes(con: duckdb.DuckDBPyConnection, is_there: bool) -> list[Row]:
    """What every check found on the tables before they were published."""
    if not is_there:
        return []
    return rows_as_dicts(
        con,
        """
        select table_name || '/' || check_name as id, severity, passed, offending_rows as failing_rows, description
        from checks.outcomes
        order by severity, id
        """,
    )
