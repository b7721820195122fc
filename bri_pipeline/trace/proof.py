"""Proofs: ``sql/proofs/<schema>.<table>.sql`` works out one row of a table again from the rows behind it.

The file is one query. Its parameters (``$scope``) are columns of the row. Its first CTEs hold rows (patents with their
weights, most often); the CTE ``numbers`` has one scalar subquery over them for each number; the last select makes each
column of the table of these numbers, so that it is the column's formula::

    -- Meaning of the row.
    -- @take parts | core.member_parts.parts
    with members as (select ... from parts where scope = $scope and member = $country),
    numbers as (
        select (select sum(weight) from members) as patents, (select count(*) from whole) as scope_patents
    )
    select patents, patents / scope_patents as share from numbers

``@take name | schema.table.cte`` gives a CTE of a model's own SQL under a name, so that memberships are not written
again. ``@names key = column`` says which column says a key in words, ``@default key = value`` what is taken for a key
left out, ``@shows column`` which number is meant if none is named, ``@python column, ...`` which columns Python works
out of the rows shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import TokenType, exp

from bri_pipeline.resources import resource_dir
from bri_pipeline.warehouse.build import models
from bri_pipeline.warehouse.header import Header, read_header
from bri_pipeline.warehouse.model import Model, ModelError
from bri_pipeline.warehouse.sql_text import quoted

TAGS = frozenset({"take", "key", "names", "default", "shows", "python"})
NUMBERS = "numbers"
_PARAMETER = re.compile(r"\$([a-z_0-9]+)")


@dataclass(frozen=True)
class Proof:
    """How the rows of a table are proved.

    ``rows`` are the CTEs before ``numbers``, name -> text, and ``row_columns`` their columns; ``numbers`` and
    ``columns`` name -> expression.
    """

    name: str
    keys: tuple[str, ...]
    names: Mapping[str, str]
    defaults: Mapping[str, str]
    number: str
    by_python: frozenset[str]
    rows: Mapping[str, str]
    row_columns: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, exp.Expr]
    columns: Mapping[str, exp.Expr]

    @property
    def short(self) -> str:
        """``by_country``."""
        return self.name.rpartition(".")[2]

    def sql(self, query: str, row: Mapping[str, Any]) -> str:
        """A query over the CTEs, those it does not need left out, with the values of a row put in."""
        ctes = [f"{name} as ({text})" for name, text in self.rows.items() if name in self._needed(query)]
        head = "with " + ",\n".join(ctes) + "\n" if ctes else ""
        return with_values(f"{head}{query}", row)

    def _needed(self, query: str) -> set[str]:
        needed: set[str] = set()
        waiting = [query]
        while waiting:
            text = waiting.pop()
            found = {name for name in self.rows if name not in needed and re.search(rf"\b{name}\b", text)}
            needed |= found
            waiting += [self.rows[name] for name in found]
        return needed


def with_values(sql: str, row: Mapping[str, Any]) -> str:
    """The SQL with the values of a row in the place of its parameters."""
    return _PARAMETER.sub(lambda match: literal(row[match[1]]), sql)


def literal(value: Any) -> str:
    """A value as SQL."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case int():
            return repr(value)
        case float():
            # without an exponent DuckDB reads a decimal, which is not larger or smaller where the double is equal
            text = repr(value)
            return text if "e" in text else f"{text}e0"
        case list():
            return f"[{', '.join(map(literal, value))}]"
        case _:
            return quoted(str(value))


@cache
def proofs(kind: str = ".") -> dict[str, Proof]:
    """Every proof of a table, by its short name; of ``measures`` those of numbers that are no cell of one table.

    Raises:
        ModelError: a file is not built as the module says.
    """
    folder = resource_dir("sql") / "proofs" / kind
    read = [read_proof(path, models()) for path in sorted(folder.glob("*.sql"))]
    return {proof.short: proof for proof in read}


def read_proof(path: Path, sql_models: Mapping[str, Model]) -> Proof:
    """Read one file.

    Raises:
        ModelError: it is not built as the module says.
    """
    header = read_header(path, TAGS)
    tree = _parsed(header.body, path)
    numbers = next((cte.this for cte in tree.ctes if cte.alias == NUMBERS), None)
    if not isinstance(numbers, exp.Select):
        raise ModelError(f"{path}: write a CTE {NUMBERS}, with a scalar subquery for each number.")
    rows = {name: text for name, text in _ctes(header.body).items() if name != NUMBERS}
    keys = header.values("key") or [", ".join(_keys(path.stem, sql_models))]
    columns = {column.alias_or_name: column.unalias() for column in tree.selects}
    return Proof(
        name=path.stem,
        keys=tuple(key.strip() for key in keys[0].split(",") if key.strip()),
        names=_pairs(header, "names"),
        defaults=_pairs(header, "default"),
        number=next(iter(header.values("shows")), next(iter(columns), "")),
        by_python=frozenset(name.strip() for value in header.values("python") for name in value.split(",")),
        rows=dict(_taken(header, sql_models, path)) | rows,
        row_columns={cte.alias: tuple(cte.this.named_selects) for cte in tree.ctes if cte.alias != NUMBERS},
        numbers={number.alias_or_name: number.unalias() for number in numbers.selects},
        columns=columns,
    )


def _parsed(sql: str, path: Path) -> exp.Select:
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    if not isinstance(tree, exp.Select):
        raise ModelError(f"{path}: write one query that ends with a select from {NUMBERS}.")
    return tree


def _keys(table: str, sql_models: Mapping[str, Model]) -> tuple[str, ...]:
    unique = sql_models[table].unique if table in sql_models else ()
    return unique[0] if unique else ()


def _pairs(header: Header, tag: str) -> dict[str, str]:
    parts = (value.partition("=") for value in header.values(tag))
    return {name.strip(): value.strip() for name, _, value in parts}


def _taken(header: Header, sql_models: Mapping[str, Model], path: Path) -> Iterator[tuple[str, str]]:
    """CTEs of models under the names the proof gives them, each with the CTEs before it inside."""
    for value in header.values("take"):
        name, _, source = (part.strip() for part in value.partition("|"))
        table, _, cte = source.rpartition(".")
        ctes = _ctes(sql_models[table].sql) if table in sql_models else {}
        if cte not in ctes:
            raise ModelError(f"{path}: @take {value}: there is no such CTE; correct the name.")
        before = list(ctes)[: list(ctes).index(cte) + 1]
        inner = ",\n".join(f"{one} as ({ctes[one]})" for one in before)
        yield name, f"with {inner}\nselect * from {cte}"


def _ctes(sql: str) -> dict[str, str]:
    """Name -> text of the CTEs at the head of a query, as written."""
    found: dict[str, str] = {}
    depth, name, start, before = 0, "", 0, TokenType.WITH
    for token in sqlglot.tokenize(sql, read="duckdb"):
        kind = token.token_type
        if kind is TokenType.L_PAREN:
            start = token.end + 1 if depth == 0 and before is TokenType.ALIAS else start
            depth += 1
        elif kind is TokenType.R_PAREN:
            depth -= 1
            if depth == 0 and start:
                found[name], start = sql[start : token.start].strip(), 0
        elif depth == 0 and kind is TokenType.SELECT:
            break
        elif depth == 0 and before in (TokenType.WITH, TokenType.COMMA, TokenType.RECURSIVE):
            name = token.text
        before = kind
    return found
