"""From which columns a column is made, read from the syntax of a model."""

from __future__ import annotations

import logging
from typing import Any

import duckdb
from sqlglot import exp
from sqlglot.lineage import Node, lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope

from bri_pipeline.warehouse.model import Model
from bri_pipeline.warehouse.references import parse_query

_log = logging.getLogger(__name__)

Lineage = dict[str, list[tuple[str, str]]]


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
    schema = _upstream_schema(con, model)
    tree = qualify(parse_query(model.sql, model.path), schema=schema, dialect="duckdb")
    # Without copies and trimmed texts: only the leaves are looked at, and they cost most of the time.
    nodes = lineage(
        None, tree, schema, scope=build_scope(tree), dialect="duckdb", trim_selects=False, copy=False
    )
    return {column: sorted(_sources(node)) for column, node in nodes.items()}


def _upstream_schema(con: duckdb.DuckDBPyConnection, model: Model) -> dict[str, Any]:
    schema: dict[str, Any] = {}
    for name in sorted(model.depends_on):
        owner, _, table = name.partition(".")
        described = con.execute(f"describe {name}").fetchall()
        schema.setdefault(owner, {})[table] = {row[0]: row[1] for row in described}
    return schema


def _sources(root: Node) -> set[tuple[str, str]]:
    return {
        (f"{node.expression.db}.{node.expression.name}", node.name.rpartition(".")[2].strip('"'))
        for node in root.walk()
        if isinstance(node.expression, exp.Table) and node.expression.db
    }
