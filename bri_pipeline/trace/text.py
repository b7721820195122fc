"""``bri trace``: what was typed is looked up, and shown with its SQL and rows as text, CSV or JSON."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from bri_pipeline.errors import UserError
from bri_pipeline.home import StudyHome
from bri_pipeline.printing import formatted, json_line, terminal_width
from bri_pipeline.trace.cell import Cell, Choices, find_cell, near, read_words, written
from bri_pipeline.trace.claims import Claim, find_claim
from bri_pipeline.trace.marts import MARTS, TracedTable
from bri_pipeline.trace.measures import MEASURES
from bri_pipeline.warehouse.database import reading, rows_as_dicts

TABLES = {table.short: table for table in (*MARTS, *MEASURES)}
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


@dataclass(frozen=True)
class _Result:
    """Rows of a query with their column names."""

    names: list[str]
    rows: list[tuple[Any, ...]]

    def as_dicts(self) -> list[dict[str, Any]]:
        return [dict(zip(self.names, row, strict=True)) for row in self.rows]


def trace_text(home: StudyHome, what: str, cell: Sequence[str], output: str) -> str:
    """The number in a cell, the SQL for the publications behind it, and its rows.

    Args:
        home: says where the published tables are.
        what: a mart (``by_country``), a table or figure of the paper (``table3``), or a claim (``C19``).
        cell: ``key=value`` of the mart's key columns, and, if not the patents are meant, the number (``share``).
        output: ``table`` (number, SQL, rows), ``csv`` (the rows) or ``json`` (one object with all three).

    Returns:
        Text that ends with a line break. A cell that is not finished gives the values there are to choose from.

    Raises:
        UserError: nothing is published yet; or no such table, key, value, number or claim.
    """
    with reading(home.published) as con:
        if _CLAIM.fullmatch(what):
            if cell:
                raise UserError(f"A claim is traced by its id alone: bri trace {what.upper()}.")
            return _claim_text(con, find_claim(con, what), output)
        table, scopes = _table(con, what)
        found = find_cell(con, table, read_words(table, cell), scopes)
        if isinstance(found, Choices):
            return _choices_text(what, found, output)
        return _cell_text(con, found, output)


def _table(con: duckdb.DuckDBPyConnection, what: str) -> tuple[TracedTable, list[str]]:
    """The table, and the scopes it is looked up in if none is named, best first."""
    name = what.lower().removeprefix("marts.").removeprefix("core.")
    short, of_province = _NUMBERED.get(name, (name, False))
    if short not in TABLES:
        known = [*TABLES, *_NUMBERED]
        raise UserError(
            f"There is nothing to trace named {what!r}; {near(name, known)} Or a claim such as C19."
        )
    [study] = rows_as_dicts(con, "select focal_country, focal_province from reference.study")
    scopes = [scope for scope in (study["focal_country"], study["focal_province"]) if scope]
    return TABLES[short], scopes[::-1] if of_province else scopes


def _cell_text(con: duckdb.DuckDBPyConnection, cell: Cell, output: str) -> str:
    sql = cell.table.query(con, cell.row, cell.number)
    found = _run(con, sql)
    if output == "json":
        return _json(
            {
                "table": cell.table.name,
                "cell": cell.key,
                "number": cell.number,
                "value": cell.value,
                "row": cell.row,
                "sql": sql,
                "rows": found.as_dicts(),
            }
        )
    if output == "csv":
        return formatted(found.names, found.rows, output)
    beside = [name for name in cell.row if name not in (*cell.key, cell.number)]
    lines = [
        f"{cell.table.name} {written(cell.key)}".rstrip(),
        f"{cell.number} = {_said(cell.value)}",
        f"({', '.join(f'{name} {_said(cell.row[name])}' for name in beside)})",
    ]
    return "\n".join([*lines, "", sql, "", formatted(found.names, found.rows, output, terminal_width())])


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


def _claim_text(con: duckdb.DuckDBPyConnection, claim: Claim, output: str) -> str:
    results = [_run(con, number.sql) if number.sql else _Result([], []) for number in claim.numbers]
    if output == "json":
        numbers = [
            {**number.row, "sql": number.sql, "rows": result.as_dicts()}
            for number, result in zip(claim.numbers, results, strict=True)
        ]
        return _json({"claim": claim.row, "numbers": numbers})
    if output == "csv":
        return _claim_csv(claim, results)
    lines = [f"{claim.row['claim_id']}  {claim.row['quote']}  ({claim.row['location']})"]
    lines += [
        f"{name}: {_said(claim.row[name])}" for name in ("published", "recomputed", "verdict", "explanation")
    ]
    if not claim.numbers:
        lines += ["", "The claim rests on no number that publications can give."]
    seen: dict[str | None, str] = {}
    for number, result in zip(claim.numbers, results, strict=True):
        measure = f"{number.row['measure']} scope={number.row['scope']} member={number.row['member']}"
        lines += [
            "",
            f"-- {number.label}: {number.row['shown']}  ({measure})",
            *_evidence(number.sql, result, seen),
        ]
        seen.setdefault(number.sql, number.label)
    return "\n".join(lines).rstrip("\n") + "\n"


def _evidence(sql: str | None, result: _Result, seen: dict[str | None, str]) -> list[str]:
    if sql is None:
        return ["The tables have no such number."]
    if sql in seen:
        return [f"The same rows as for {seen[sql]}."]
    return [sql, "", formatted(result.names, result.rows, "table", terminal_width())]


def _claim_csv(claim: Claim, results: list[_Result]) -> str:
    """The rows of all numbers below one another; columns a number's rows do not have stay empty."""
    names = list(dict.fromkeys(name for result in results for name in result.names))
    rows = [
        [number.label, *(row.get(name) for name in names)]
        for number, result in zip(claim.numbers, results, strict=True)
        for row in result.as_dicts()
    ]
    return formatted(["number", *names], rows, "csv")


def _run(con: duckdb.DuckDBPyConnection, sql: str) -> _Result:
    cursor = con.execute(sql)
    return _Result([column[0] for column in cursor.description or []], cursor.fetchall())


def _json(value: dict[str, Any]) -> str:
    return f"{json_line(value, indent=1)}\n"


def _said(value: Any) -> str:
    if value is None:
        return "none"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
