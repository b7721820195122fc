"""A number proved: its formula with the numbers put in, and the rows each of these numbers comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import indent
from typing import Any

import duckdb
from sqlglot import exp

from bri_pipeline.trace.proof import Proof, literal

Row = Mapping[str, Any]

# what is said of each patent, the places of its focal inventors as read from their addresses
_OF_PATENTS = """\
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
    (
        select string_agg(
            format(
                '{} {}: {} -> {} ({}, {:.2f})',
                coalesce(inventors.first_name, ''),
                inventors.last_name,
                coalesce(inventors.city_raw, 'no city'),
                inventors.province,
                inventors.place_method,
                inventors.place_confidence
            ),
            '; ' order by inventors.sequence
        )
        from staging.inventors as inventors
        where inventors.publication_number = patents.publication_number and inventors.is_focal
    ) as places,
    patents.application_number,
    (
        select min(hits.source_file)
        from raw.uspto_hits as hits
        where hits.publication_number = patents.publication_number
    ) as source_file"""


@dataclass(frozen=True)
class Part:
    """A number of a formula: how it is worked out of rows (``sum(weight)``), and the query for them."""

    name: str
    value: Any
    worked_out: str
    sql: str
    names: list[str]
    rows: list[tuple[Any, ...]]

    def as_dicts(self) -> list[dict[str, Any]]:
        """The rows by column."""
        return [dict(zip(self.names, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Proven:
    """A column of a row: the value worked out again, the formula, and the same with its numbers put in.

    ``is_by_python`` says that Python, not the formula, works the column out of the rows.
    """

    column: str
    value: Any
    formula: str
    filled: str
    parts: list[Part]
    is_by_python: bool


def prove(con: duckdb.DuckDBPyConnection, proof: Proof, row: Row, column: str) -> Proven:
    """Work out one column of a row again. ``row`` has the keys, and columns that the proof names as parameters."""
    expression = proof.columns[column]
    used = _used_numbers(proof, expression)
    numbers = [f"numbers.{name} as {name}" for name in used]
    [(value, *found)] = con.execute(proof.sql(_select(proof, [column], used, numbers), row)).fetchall()
    values = dict(zip(used, found, strict=True))
    parts = [part for name in used for part in _parts(con, proof, row, name, values[name])]
    is_by_python = column in proof.by_python
    return Proven(
        column,
        None if is_by_python else value,
        "" if is_by_python else _sql(expression),
        "" if is_by_python else _filled(expression, values, row),
        parts,
        is_by_python,
    )


def worked_out(con: duckdb.DuckDBPyConnection, proof: Proof, row: Row) -> dict[str, Any]:
    """Every column of a row that SQL works out, worked out again."""
    columns = [name for name in proof.columns if name not in proof.by_python]
    if not columns:
        return {}
    used = list(
        dict.fromkeys(name for column in columns for name in _used_numbers(proof, proof.columns[column]))
    )
    [found] = con.execute(proof.sql(_select(proof, columns, used), row)).fetchall()
    return dict(zip(columns, found, strict=True))


def _used_numbers(proof: Proof, expression: exp.Expr) -> list[str]:
    names = (column.name for column in expression.find_all(exp.Column, bfs=False))
    return list(dict.fromkeys(name for name in names if name in proof.numbers))


def _select(proof: Proof, columns: list[str], used: list[str], beside: Sequence[str] = ()) -> str:
    numbers = ",\n    ".join(f"{_sql(proof.numbers[name])} as {name}" for name in used) or "1"
    made = ",\n    ".join([*(f'{_sql(proof.columns[name])} as "{name}"' for name in columns), *beside])
    return f"select\n    {made}\nfrom (select\n    {numbers}\n) as numbers"


def _parts(con: duckdb.DuckDBPyConnection, proof: Proof, row: Row, name: str, value: Any) -> list[Part]:
    """The rows that the scalar subquery of a number goes over."""
    subquery = proof.numbers[name]
    if not isinstance(subquery, exp.Subquery) or not isinstance(subquery.this, exp.Select):
        return []
    [made] = subquery.this.selects
    evidence = subquery.this.copy()
    evidence.set("expressions", [exp.Star()])
    evidence.set("having", None)
    evidence.set("group", None)
    known = proof.row_columns.get(evidence.args["from_"].this.name, ())
    sql = proof.sql(_ordered(_sql(evidence), known), row)
    cursor = con.execute(sql)
    names = [column[0] for column in cursor.description or []]
    return [Part(name, value, _sql(made), f"{sql};", names, cursor.fetchall())]


def _ordered(evidence: str, names: Sequence[str]) -> str:
    """The rows in an order of their own; patents with what is known of them, oldest first."""
    if "publication_number" not in names:
        return f"{evidence}\norder by all"
    if "publication_date" in names:
        return f"{evidence}\norder by publication_date, publication_number"
    return (
        f"select\n    evidence.*,\n{_OF_PATENTS}\nfrom (\n{indent(evidence, '    ')}\n) as evidence\n"
        "inner join core.patents as patents using (publication_number)\n"
        "order by patents.publication_date, patents.publication_number"
    )


def _filled(expression: exp.Expr, values: Row, row: Row) -> str:
    """The formula with the value of each number, and of each parameter, in its place."""

    def put_in(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column) and node.name in values:
            return exp.Var(this=_shown(values[node.name]))
        if isinstance(node, (exp.Parameter, exp.Placeholder)) and node.name in row:
            return exp.Var(this=_shown(row[node.name]))
        return node

    return _sql(expression.copy().transform(put_in))


def _shown(value: Any) -> str:
    match value:
        case float():
            return f"{value:.6g}"
        case date():
            return str(value)
        case _:
            return literal(value)


def _sql(expression: exp.Expr) -> str:
    return expression.sql(dialect="duckdb")
