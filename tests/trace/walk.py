"""Which rows of a table to prove, and whether two values are the same number."""

from __future__ import annotations

import math
from typing import Any

import duckdb

from bri_pipeline.trace.proof import Proof
from bri_pipeline.warehouse.database import rows_as_dicts

SPREAD = 4


def telling_rows(con: duckdb.DuckDBPyConnection, proof: Proof) -> list[dict[str, Any]]:
    """Few rows in which every column that has a value anywhere has one, and some spread over the table."""
    rows = rows_as_dicts(con, f"select * from {proof.name}")
    if not rows:
        return []
    first = [next((n for n, row in enumerate(rows) if row[name] is not None), 0) for name in rows[0]]
    spread = range(0, len(rows), max(1, len(rows) // SPREAD))
    return [rows[n] for n in sorted({*first, *spread})]


def same(one: Any, other: Any) -> bool:
    """Equal; floating numbers to the last digits that the order of a sum decides."""
    if isinstance(one, float) or isinstance(other, float):
        if one is None or other is None:
            return one is other
        return math.isclose(float(one), float(other), rel_tol=1e-9, abs_tol=1e-12)
    return bool(one == other)
