"""From which columns a column is made, read from the syntax of a model."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
from sqlglot import exp
from sqlglot.lineage import Node, lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope
from sqlglot.schema import MappingSchema

from bri_pipeline.warehouse.model import Model
from bri_pipeline.warehouse.references import parse_query

_log = logging.getLogger(__name__)

Lineage = dict[str, list[tuple[str, str]]]
_Columns = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def column_lineage(con: duckdb.DuckDBPyConnection, model: Model) -> Lineage:
    """Column -> the columns ``(table, column)`` of other tables it is computed from; ``count(*)`` has none.

    Lineage is a convenience: a query the parser cannot follow gives an empty dict and a warning.
    """
    try:
        return _traced(con, model)
    except Exception as error:  # sqlglot raises many kinds of errors on SQL it cannot follow
        _log.warning("%s: no column lineage: %s", model.path, error)
        return {}


def _traced(con: duckdb.DuckDBPyConnection, model: Model) -> Lineage:
    found = _traced_query(model.sql, model.path, _upstream_columns(con, model))
    return {column: list(sources) for column, sources in found.items()}


# A table built again in one process (the UI's, a test's) has the lineage it had.
@lru_cache(maxsize=1024)
def _traced_query(sql: str, path: Path, upstream: _Columns) -> Lineage:
    columns_of: dict[str, Any] = {}
    for name, columns in upstream:
        owner, _, table = name.partition(".")
        columns_of.setdefault(owner, {})[table] = dict(columns)
    # Names of tables and columns are in lower case, and DuckDB has found every one of them.
    schema = MappingSchema(columns_of, dialect="duckdb", normalize=False)
    tree = qualify(parse_query(sql, path), schema=schema, dialect="duckdb", validate_qualify_columns=False)
    # Without copies and trimmed texts: only the leaves are looked at, and they cost most of the time.
    nodes = lineage(
        None, tree, schema, scope=build_scope(tree), dialect="duckdb", trim_selects=False, copy=False
    )
    return {column: sorted(_sources(node)) for column, node in nodes.items()}


def _upstream_columns(con: duckdb.DuckDBPyConnection, model: Model) -> _Columns:
    """The tables the model reads, each with the names and types of its columns."""
    return tuple(
        (name, tuple((row[0], row[1]) for row in con.execute(f"describe {name}").fetchall()))
        for name in sorted(model.depends_on)
    )


def _sources(root: Node) -> set[tuple[str, str]]:
    return {
        (f"{node.expression.db}.{node.expression.name}", node.name.rpartition(".")[2].strip('"'))
        for node in root.walk()
        if isinstance(node.expression, exp.Table) and node.expression.db
    }
