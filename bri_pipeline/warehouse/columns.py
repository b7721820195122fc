"""The columns of a table as DuckDB has them."""

from __future__ import annotations

import duckdb

Columns = tuple[tuple[str, str], ...]
"""Name and DuckDB type of each column, in order."""


def columns_of(con: duckdb.DuckDBPyConnection, table: str) -> Columns:
    """Name and type of each column of a table or view, in order; none if there is no such table."""
    try:
        return tuple((row[0], row[1]) for row in con.execute(f"describe {table}").fetchall())
    except duckdb.CatalogException:
        return ()
