"""From what was typed, ``scope=CN-JS country=SG``, to one row of a table."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import duckdb

from bri_pipeline.errors import UserError
from bri_pipeline.trace.proof import Proof
from bri_pipeline.warehouse.database import rows_as_dicts

Row = dict[str, Any]

_KEY_ALIASES = {"field": "field_code"}
_LISTED = 40


@dataclass(frozen=True)
class Cell:
    """One row of a table and the number wanted of it."""

    table: Proof
    key: dict[str, Any]
    row: Row
    number: str

    @property
    def value(self) -> Any:
        """The number."""
        return self.row[self.number]


@dataclass(frozen=True)
class Choices:
    """The rows an unfinished cell may mean; ``missing`` is the key that was not given."""

    table: Proof
    key: dict[str, Any]
    missing: str
    rows: list[Row]


@dataclass(frozen=True)
class Wanted:
    """What was typed for a cell: values of keys, and the number."""

    key: dict[str, str]
    number: str | None


def read_words(table: Proof, words: Sequence[str]) -> Wanted:
    """Tell keys and the number apart: ``country=SG share``, ``number=share``.

    Raises:
        UserError: a key the table does not have, named twice, or without a value.
    """
    key: dict[str, str] = {}
    number = None
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or name == "number":
            name, value = "number", value or name
            number = value
            continue
        name = _key_name(table, name.strip().lower())
        if not value.strip() or name in key:
            raise UserError(f"{word!r}: give {name} once, with a value, as {name}=VALUE.")
        key[name] = value.strip()
    return Wanted(key, number)


def find_cell(
    con: duckdb.DuckDBPyConnection, table: Proof, wanted: Wanted, scopes: Sequence[str]
) -> Cell | Choices:
    """The row the keys name. Keys left out take their default, ``scope`` the first of ``scopes`` the table has.

    Raises:
        UserError: no row has such a value, or the table has no such number; near ones are named.
    """
    rows = rows_as_dicts(con, f"select * from {table.name}")
    if not rows:
        raise UserError(f"{table.name} is empty, so there is nothing to trace. Name another table.")
    number = _number(con, table, wanted.number)
    names = {"scope": _scope_names(con)}
    key: dict[str, Any] = {}
    for name in table.keys:
        value = wanted.key.get(name) or _default(table, name, scopes, rows)
        if value is None:
            if len({row[name] for row in rows}) != 1:
                return Choices(table, key, name, rows)
            value = str(rows[0][name])
        found = _matching(table, rows, name, value, names.get(name, {}))
        if not found:
            raise UserError(_refusal(con, table, rows, key, name, value, names.get(name, {})))
        rows = found
        key[name] = rows[0][name]
    return Cell(table, key, rows[0], number)


def near(value: str, known: Sequence[str], names: Sequence[str] = ()) -> str:
    """What ``value`` may have meant, as the end of a sentence: near ones of both lists, else those ``known``."""
    folded = {name.casefold(): name for name in [*names, *known]}
    close = get_close_matches(value.casefold(), list(folded), n=3, cutoff=0.7)
    if close:
        return f"did you mean {' or '.join(folded[name] for name in close)}?"
    more = f" and {len(known) - _LISTED} more" if len(known) > _LISTED else ""
    return f"there are: {', '.join(known[:_LISTED]) or 'none'}{more}."


def _key_name(table: Proof, name: str) -> str:
    spoken = {column: key for key, column in table.names.items()}
    found = spoken.get(name) or (name if name in table.keys else _KEY_ALIASES.get(name, name))
    if found not in table.keys:
        keys = ", ".join(table.keys) or "none"
        raise UserError(f"{table.name} has no key {name!r}; give one of its keys: {keys}.")
    return found


def _number(con: duckdb.DuckDBPyConnection, table: Proof, wanted: str | None) -> str:
    if wanted is None:
        return table.number
    columns = [row[0] for row in con.execute(f"describe {table.name}").fetchall()]
    numbers = [name for name in columns if name not in (*table.keys, *table.names.values())]
    if wanted.lower() not in numbers:
        raise UserError(
            f"{table.name} has no number {wanted!r}; {near(wanted, numbers)} Keys are written key=value."
        )
    return wanted.lower()


def _default(table: Proof, name: str, scopes: Sequence[str], rows: list[Row]) -> str | None:
    if name == "scope":
        there = {row["scope"] for row in rows}
        return next((scope for scope in scopes if scope in there), None)
    return table.defaults.get(name)


def _scope_names(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return dict(con.execute("select scope, scope_name from core.scopes").fetchall())


def _matching(table: Proof, rows: list[Row], name: str, value: str, names: dict[str, str]) -> list[Row]:
    """The rows whose key has the value, as written or by its name, whatever the case."""
    folded, spoken = value.casefold(), table.names.get(name)

    def says(row: Row) -> bool:
        words = [str(row[name]), names.get(row[name], ""), str(row[spoken] or "") if spoken else ""]
        return folded in [word.casefold() for word in words]

    exact = [row for row in rows if str(row[name]) == value]
    return exact or [row for row in rows if says(row)]


def _refusal(
    con: duckdb.DuckDBPyConnection,
    table: Proof,
    rows: list[Row],
    key: dict[str, Any],
    name: str,
    value: str,
    names: dict[str, str],
) -> str:
    """Why no row has the value: a province or partner country there are no patents of, or near ones it may mean."""
    where = f" with {written(key)}" if key else ""
    if name in ("scope", "province", "country") and (place := _without_patents(con, name, value)):
        return (
            f"{place} has no patents in this study, so {table.name} has no row for it{where}. Name another."
        )
    known = list(dict.fromkeys(str(row[name]) for row in rows))
    spoken = table.names.get(name)
    said = [str(row[spoken]) for row in rows] if spoken else [names[code] for code in known if code in names]
    return f"{table.name} has no {name} {value!r}{where}; {near(value, known, said)}"


def _without_patents(con: duckdb.DuckDBPyConnection, name: str, value: str) -> str | None:
    """``Tibet (CN-XZ)`` where the value is the code or name of a place the study knows and has no patents of."""
    places, there = (
        ("select iso2 as code, name from reference.partners", "select country from core.patent_countries")
        if name == "country"
        else ("select code, name from reference.provinces", "select scope from core.scopes")
    )
    found = con.execute(
        f"select name, code from ({places}) as places "
        f"where (lower(code) = lower(?) or lower(name) = lower(?)) and code not in ({there}) order by code limit 1",
        [value, value],
    ).fetchall()
    return f"{found[0][0]} ({found[0][1]})" if found else None


def written(key: dict[str, Any], *, in_shell: bool = False) -> str:
    """``scope=CN-JS country=SG``; quoted where a shell needs it, if it is to be typed there."""
    words = [f"{name}={value}" for name, value in key.items()]
    return shlex.join(words) if in_shell else " ".join(words)
