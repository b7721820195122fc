"""``bri trace``: what was typed is looked up, and shown with its formula and rows as text, CSV or JSON."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import duckdb

from bri_pipeline.errors import UserError
from bri_pipeline.home import StudyHome
from bri_pipeline.printing import formatted, json_line, terminal_width
from bri_pipeline.trace.cell import Cell, Choices, find_cell, near, read_words, written
from bri_pipeline.trace.claims import Claim, ClaimNumber, find_claim
from bri_pipeline.trace.measures import MEASURES, proof_of_cell
from bri_pipeline.trace.proof import Proof, proofs
from bri_pipeline.trace.proven import Part, Proven, prove
from bri_pipeline.warehouse.build import models
from bri_pipeline.warehouse.database import reading, rows_as_dicts
from bri_pipeline.warehouse.external import EXTERNAL_TABLES

# the paper's tables and figures: the mart, and whether they are of the province
_NUMBERED = {
    "table1": ("by_country", False),
    "table2": ("by_province", False),
    "table3": ("by_country", True),
    "table4": ("by_field", True),
    "figure1": ("by_year", False),
    "figure2": ("by_year", True),
    "figure3": ("by_region", False),
    "figure4": ("by_region", True),
}
_CLAIM = re.compile(r"[Cc]\d+")
# rows of a number behind the first that a page of text shows; CSV and JSON show all
_SHOWN = 20


def traced_tables() -> dict[str, Proof]:
    """Every table whose numbers can be traced, by its short name."""
    return {**proofs(), MEASURES.short: MEASURES}


def trace_text(
    home: StudyHome, what: str, cell: Sequence[str], output: str, *, with_sql: bool = False
) -> str:
    """The number in a cell, its formula with the numbers put in, and the rows behind each of these numbers.

    Args:
        home: says where the published tables are.
        what: a mart (``by_country``), a table or figure of the paper (``table3``), or a claim (``C19``).
        cell: ``key=value`` of the mart's key columns, and, if not the patents are meant, the number (``share``).
        output: ``table`` (text), ``csv`` (the rows, with the number each is behind) or ``json`` (one object).
        with_sql: whether text shows the query for the rows; JSON always has it.

    Returns:
        Text that ends with a line break. A cell that is not finished gives the values there are to choose from.

    Raises:
        UserError: nothing is published yet; or no such table, key, value, number or claim.
    """
    with reading(home.published) as con:
        if _CLAIM.fullmatch(what):
            if cell:
                raise UserError(f"A claim is traced by its id alone: bri trace {what.upper()}.")
            return _claim_text(find_claim(con, what), output, with_sql)
        table, scopes = _table(con, what)
        found = find_cell(con, table, read_words(table, cell), scopes)
        if isinstance(found, Choices):
            return _choices_text(what, found, output)
        return _cell_text(con, found, output, with_sql)


def _table(con: duckdb.DuckDBPyConnection, what: str) -> tuple[Proof, list[str]]:
    """The table, and the scopes it is looked up in if none is named, best first."""
    name = what.lower().removeprefix("marts.").removeprefix("core.")
    short, of_province = _NUMBERED.get(name, (name, False))
    tables = traced_tables()
    if short not in tables:
        known = [*tables, *_NUMBERED]
        raise UserError(
            f"There is nothing to trace named {what!r}; {near(name, known)} Or a claim such as C19."
        )
    [study] = rows_as_dicts(con, "select focal_country, focal_province from reference.study")
    scopes = [scope for scope in (study["focal_country"], study["focal_province"]) if scope]
    return tables[short], scopes[::-1] if of_province else scopes


def _cell_text(con: duckdb.DuckDBPyConnection, cell: Cell, output: str, with_sql: bool) -> str:
    proved = proof_of_cell(con, cell.table, cell.row, cell.number)
    proven = prove(con, proved.proof, proved.row, proved.column)
    meaning = _meaning(cell.table.name, cell.number)
    if output == "json":
        return _json(
            {
                "table": cell.table.name,
                "cell": cell.key,
                "number": cell.number,
                "meaning": meaning,
                "value": cell.value,
                "row": cell.row,
                **_as_json(proven),
            }
        )
    if output == "csv":
        return _csv([((part.name,), part) for part in proven.parts], ("number",))
    beside = [name for name in cell.row if name not in (*cell.key, cell.number)]
    lines = [
        f"{cell.table.name} {written(cell.key)}".rstrip(),
        f"{cell.number} = {_said(cell.value)}",
        meaning,
        f"({', '.join(f'{name} {_said(cell.row[name])}' for name in beside)})",
        "",
        *_proof_lines(proven, with_sql),
    ]
    return "\n".join(lines).rstrip("\n") + "\n"


def _meaning(table: str, column: str) -> str:
    """What the table's header says of the column."""
    columns = models()[table].columns if table in models() else EXTERNAL_TABLES[table].columns
    return next((one.description for one in columns if one.name == column), "")


def _as_json(proven: Proven) -> dict[str, Any]:
    """``sql`` and ``rows`` are those of the formula's first number."""
    parts = [
        {
            "number": part.name,
            "value": part.value,
            "worked_out": part.worked_out,
            "sql": part.sql,
            "rows": part.as_dicts(),
        }
        for part in proven.parts
    ]
    return {
        "worked_out": proven.value,
        "formula": proven.formula,
        "with_numbers": proven.filled,
        "by_python": proven.is_by_python,
        "sql": parts[0]["sql"] if parts else None,
        "rows": parts[0]["rows"] if parts else [],
        "numbers": parts,
    }


def _proof_lines(proven: Proven, with_sql: bool) -> list[str]:
    if proven.is_by_python:
        lines = [f"{proven.column} is worked out in Python of the rows below."]
    elif proven.formula in [part.name for part in proven.parts]:
        lines = []
    else:
        lines = [
            f"{proven.column} = {proven.formula}",
            f"{' ' * len(proven.column)} = {proven.filled} = {_said(proven.value)}",
        ]
    for n, part in enumerate(proven.parts):
        lines += ["", *_part_lines(part, with_sql, None if n == 0 else _SHOWN)]
    return lines


def _part_lines(part: Part, with_sql: bool, most: int | None) -> list[str]:
    rows = part.rows[:most]
    left = len(part.rows) - len(rows)
    more = [f"({left:,} more rows; --format csv shows them all)"] if left else []
    table = formatted(part.names, rows, "table", terminal_width()).rstrip("\n")
    sql = [part.sql, ""] if with_sql else []
    return [f"-- {part.name} = {part.worked_out} = {_said(part.value)}", *sql, table, *more]


def _choices_text(what: str, choices: Choices, output: str) -> str:
    names = [name for name in choices.rows[0] if name not in choices.key]
    shown = dict.fromkeys(_choice(row, choices, names) for row in choices.rows)
    headings = names if len(shown) == len(choices.rows) else [choices.missing]
    if output == "json":
        rows = [dict(zip(headings, row, strict=True)) for row in shown]
        return _json(
            {"table": choices.table.name, "cell": choices.key, "missing": choices.missing, "choices": rows}
        )
    listing = formatted(headings, list(shown), output, terminal_width())
    if output == "csv":
        return listing
    example = written(choices.key | {choices.missing: choices.rows[0][choices.missing]}, in_shell=True)
    lines = [
        f"{choices.table.name} {written(choices.key)}".rstrip(),
        f"Which {choices.missing}? For example:",
    ]
    return "\n".join([*lines, f"    bri trace {what} {example}", "", listing])


def _choice(row: dict[str, Any], choices: Choices, names: list[str]) -> tuple[Any, ...]:
    """A whole row where the missing key is the last one, else its value alone: many rows share it."""
    if choices.missing == choices.table.keys[-1]:
        return tuple(row[name] for name in names)
    return (row[choices.missing],)


def _claim_text(claim: Claim, output: str, with_sql: bool) -> str:
    if output == "json":
        numbers = [
            {**number.row, **(_as_json(number.proven) if number.proven else {"sql": None, "rows": []})}
            for number in claim.numbers
        ]
        return _json({"claim": claim.row, "numbers": numbers})
    if output == "csv":
        rows = [
            ((number.label, part.name), part)
            for number in claim.numbers
            if number.proven
            for part in number.proven.parts
        ]
        return _csv(rows, ("label", "number"))
    lines = [f"{claim.row['claim_id']}  {claim.row['quote']}  ({claim.row['location']})"]
    names = ("published", "recomputed", "basis", "verdict", "explanation")
    lines += [f"{name}: {_said(claim.row[name])}" for name in names]
    if not claim.numbers:
        lines += ["", "The claim rests on no number that publications can give."]
    for number in claim.numbers:
        lines += ["", *_claim_number_lines(number, with_sql)]
    return "\n".join(lines).rstrip("\n") + "\n"


def _claim_number_lines(number: ClaimNumber, with_sql: bool) -> list[str]:
    measure = f"{number.row['measure']} scope={number.row['scope']} member={number.row['member']}"
    heading = f"-- {number.label}: {number.row['shown']}  ({measure})"
    if number.proven is None:
        return [heading, "The tables have no such number."]
    return [heading, *_proof_lines(number.proven, with_sql)]


def _csv(parts: Sequence[tuple[tuple[str, ...], Part]], headings: tuple[str, ...]) -> str:
    """The rows of all numbers below one another; columns a number's rows do not have stay empty."""
    names = list(dict.fromkeys(name for _, part in parts for name in part.names))
    rows = [[*said, *(row.get(name) for name in names)] for said, part in parts for row in part.as_dicts()]
    return formatted([*headings, *names], rows, "csv")


def _json(value: dict[str, Any]) -> str:
    return f"{json_line(value, indent=1)}\n"


def _said(value: Any) -> str:
    if value is None:
        return "none"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
