"""Claims of the paper: the numbers each one rests on, and the query for the rows behind each number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb

from bri_pipeline.errors import UserError
from bri_pipeline.trace.cell import near
from bri_pipeline.trace.measures import measure_query
from bri_pipeline.warehouse.database import rows_as_dicts

Row = dict[str, Any]


@dataclass(frozen=True)
class ClaimNumber:
    """A number a claim rests on; ``sql`` finds the rows behind it, null where the marts do not have the number."""

    row: Row
    sql: str | None

    @property
    def label(self) -> str:
        """Its short name."""
        return str(self.row["label"])


@dataclass(frozen=True)
class Claim:
    """A row of marts.paper_claims with its numbers, in order."""

    row: Row
    numbers: list[ClaimNumber]


def find_claim(con: duckdb.DuckDBPyConnection, claim_id: str) -> Claim:
    """The claim with an id such as C19.

    Raises:
        UserError: there is no such claim; near ones are named.
    """
    claims = {row["claim_id"]: row for row in rows_as_dicts(con, "select * from marts.paper_claims")}
    if claim_id.upper() not in claims:
        raise UserError(f"There is no claim {claim_id!r}; {near(claim_id, list(claims))}")
    sql = "select * from marts.claim_values where claim_id = ? order by position"
    numbers = rows_as_dicts(con, sql, [claim_id.upper()])
    return Claim(claims[claim_id.upper()], [ClaimNumber(row, _sql(con, row)) for row in numbers])


def _sql(con: duckdb.DuckDBPyConnection, row: Row) -> str | None:
    return measure_query(con, row) if row["found"] is not None else None
