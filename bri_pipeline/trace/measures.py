"""Numbers in the long form of marts.measures: which cell of a table each one is, or which members it goes over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from bri_pipeline.errors import UserError
from bri_pipeline.trace.proof import Proof, proofs
from bri_pipeline.warehouse.database import rows_as_dicts

# numbers over the members of a dimension, largest first; the member of the measure says how many
_OVER_MEMBERS = ("members", "nth_patents", "top_patents", "top_share", "after_patents", "all_patents")
# the key between mart and column in the name of a measure
_MIDDLE_KEYS = {"by_field": "scheme", "stages": "method", "stage_models": "method"}


MEASURES = Proof(
    "marts.measures", ("measure", "scope", "member"), {}, {}, "value", frozenset(), {}, {}, {}, {}
)
# the column of a table that is the measure its row names
NUMBERS = {"marts.measures": "value", "marts.reproduction": "found", "marts.claim_values": "found"}


@dataclass(frozen=True)
class Proved:
    """What proves a number: the proof, the row its parameters come from, and the column."""

    proof: Proof
    row: Mapping[str, Any]
    column: str


def proof_of_cell(
    con: duckdb.DuckDBPyConnection, table: Proof, row: Mapping[str, Any], column: str
) -> Proved:
    """What proves a column of a row of a table; a number looked up among the measures is proved as the measure.

    Raises:
        UserError: the table has no such number.
    """
    if NUMBERS.get(table.name) == column and row[column] is not None:
        return proof_of_measure(con, row)
    if column not in table.columns:
        raise UserError(
            f"There is nothing behind {column} of {table.name}: it is part of the key. Name one of the table's numbers."
        )
    return Proved(table, row, column)


def proof_of_measure(con: duckdb.DuckDBPyConnection, row: Mapping[str, Any]) -> Proved:
    """What proves a measure; ``row`` gives measure, scope and member.

    Raises:
        UserError: no table has such a number.
    """
    mart, *middle, column = row["measure"].split(".")
    own = _no_cell(mart, middle, column, row)
    if own:
        name, parameters, column = own
        return Proved(proofs("measures")[name], parameters, column)
    if mart not in proofs():
        raise UserError(f"{row['measure']} cannot be traced to publications; trace the table it comes from.")
    proof = proofs()[mart]
    return Proved(proof, _cell(con, proof, _key(proof, mart, middle, column, row)), column)


def _no_cell(
    mart: str, middle: list[str], column: str, row: Mapping[str, Any]
) -> tuple[str, dict[str, Any], str] | None:
    """Proof, parameters and column of a measure that is no cell of one table."""
    scope, member = row["scope"], row["member"]
    if column in _OVER_MEMBERS and mart in ("by_country", "by_province", "by_field"):
        n = None if member == "all" else int(member)
        return "over_members", {"dimension": ".".join([mart, *middle]), "scope": scope, "n": n}, column
    if mart == "field_countries":
        return "top_five_fields", {"scope": scope, "member": member}, column
    if mart == "field_memberships":
        return "field_memberships", {"scope": scope, "scheme": column}, mart
    if mart == "comparison":
        return "comparison_group", {"scope": scope, "comparison_group": column}, "publications"
    if column == "total_patents":
        return "all_stages", {"scope": scope, "method": middle[0]}, column
    if (mart, column) == ("scopes", "share"):
        return "scope_share", {"scope": scope}, column
    return None


def _key(proof: Proof, mart: str, middle: list[str], column: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """The key of the cell that a measure is."""
    key: dict[str, Any] = {"scope": row["scope"]} if "scope" in proof.keys else {}
    if mart == "growth":
        key["is_study_rule"] = True
    elif mart == "internationalisation":
        key["year"] = None
    elif mart == "specialisation":
        key |= {"dimension": "country", "member": row["member"]}
    elif mart == "concentration":
        dimension, _, scheme = middle[0].partition("_")
        base = "patents" if column.startswith("cr") else "memberships"
        key |= {"dimension": dimension, "scheme": scheme or None, "base": base, "year": None}
    elif mart == "by_city":
        key["province"], _, key["city"] = row["member"].partition(" ")
    else:
        key |= {_MIDDLE_KEYS[mart]: middle[0]} if middle else {}
        key |= {proof.keys[-1]: row["member"]} if row["member"] != "all" else {}
    return key


def _cell(con: duckdb.DuckDBPyConnection, proof: Proof, key: dict[str, Any]) -> dict[str, Any]:
    where = " and ".join([f"{name}::varchar is not distinct from ?::varchar" for name in key] or ["true"])
    rows = rows_as_dicts(con, f"select * from {proof.name} where {where}", list(key.values()))
    if len(rows) != 1:
        said = " ".join(f"{name}={value}" for name, value in key.items())
        raise UserError(
            f"{proof.name} has {len(rows) or 'no'} rows for {said}, so there is nothing to trace. "
            f'`bri query "from {proof.name}"` shows the rows there are.'
        )
    return rows[0]
