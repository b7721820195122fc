"""Claims of the paper and the numbers each one rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb

from bri_pipeline.errors import UserError
from bri_pipeline.trace.cell import near
from bri_pipeline.trace.measures import proof_of_measure
from bri_pipeline.trace.proven import Proven, prove
from bri_pipeline.warehouse.database import rows_as_dicts

Row = dict[str, Any]


@dataclass(frozen=True)
class ClaimNumber:
    """A row of marts.claim_values; ``proven`` is null where the tables do not have the number."""

    row: Row
    proven: Proven | None

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
    """The claim with an id such as C19, its numbers proved.

    Raises:
        UserError: there is no such claim; near ones are named.
    """
    claims = {row["claim_id"]: row for row in rows_as_dicts(con, "select * from marts.paper_claims")}
    if claim_id.upper() not in claims:
        raise UserError(f"There is no claim {claim_id!r}; {near(claim_id, list(claims))}")
    sql = "select * from marts.claim_values where claim_id = ? order by position"
    numbers = rows_as_dicts(con, sql, [claim_id.upper()])
    return Claim(claims[claim_id.upper()], [ClaimNumber(row, _proven(con, row)) for row in numbers])


def _proven(con: duckdb.DuckDBPyConnection, row: Row) -> Proven | None:
    if row["found"] is None:
        return None
    proved = proof_of_measure(con, row)
    return prove(con, proved.proof, proved.row, proved.column)
