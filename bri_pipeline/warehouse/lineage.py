"""From which columns a column is made, read from the syntax of a model.

Following a query takes several times as long as planning it. So ``docs/lineage.md`` keeps what was found with a digest
of the query and of the columns it reads, and only a query of another digest is followed.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bri_pipeline.warehouse.columns import Columns
from bri_pipeline.warehouse.dictionary_file import Lineage, kept_lineages
from bri_pipeline.warehouse.model import Model

if TYPE_CHECKING:
    from sqlglot.lineage import Node

_log = logging.getLogger(__name__)

ColumnsOf = Callable[[str], Columns]
_Upstream = tuple[tuple[str, Columns], ...]


def column_lineage(columns_of: ColumnsOf, model: Model) -> Lineage:
    """Column -> the columns ``(table, column)`` of other tables it is computed from; ``count(*)`` has none.

    Lineage is a convenience: a query the parser cannot follow gives an empty dict and a warning.
    """
    kept = kept_lineages().get(model.name)
    if kept is not None and kept.digest == lineage_digest(columns_of, model):
        return kept.columns
    return traced_lineage(columns_of, model)


def traced_lineage(columns_of: ColumnsOf, model: Model) -> Lineage:
    """The same, found by following the query whatever is kept of it."""
    try:
        found = _traced_query(model.sql, model.path, _upstream_columns(columns_of, model))
    except Exception as error:  # sqlglot raises many kinds of errors on SQL it cannot follow
        _log.warning("%s: no column lineage: %s", model.path, error)
        return {}
    return {column: list(sources) for column, sources in found.items()}


def lineage_digest(columns_of: ColumnsOf, model: Model) -> str:
    """Changes with all that the lineage of a model follows from: its query, and the columns of what it reads."""
    content = repr((model.digest, _upstream_columns(columns_of, model)))
    return hashlib.sha256(content.encode()).hexdigest()[:12]


# A table built again in one process (the UI's, a test's) has the lineage it had.
@lru_cache(maxsize=1024)
def _traced_query(sql: str, path: Path, upstream: _Upstream) -> Lineage:
    # Loaded where a query is followed, which is seldom.
    from sqlglot.lineage import lineage
    from sqlglot.optimizer.qualify import qualify
    from sqlglot.optimizer.scope import build_scope
    from sqlglot.schema import MappingSchema

    from bri_pipeline.warehouse.references import parse_query

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


def _upstream_columns(columns_of: ColumnsOf, model: Model) -> _Upstream:
    """The tables the model reads, each with the names and types of its columns."""
    return tuple((name, columns_of(name)) for name in sorted(model.depends_on))


def _sources(root: Node) -> set[tuple[str, str]]:
    from sqlglot import exp

    return {
        (f"{node.expression.db}.{node.expression.name}", node.name.rpartition(".")[2].strip('"'))
        for node in root.walk()
        if isinstance(node.expression, exp.Table) and node.expression.db
    }
