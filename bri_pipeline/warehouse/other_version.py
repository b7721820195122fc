"""A published file that another version of the software made says so, in the place of a missing column."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from bri_pipeline.errors import UserError
from bri_pipeline.warehouse.build import models
from bri_pipeline.warehouse.database import reading


@contextmanager
def told_of_other_version(published: Path) -> Iterator[None]:
    """Tell failures of the block that come from tables this version does not know.

    Raises:
        UserError: a table or a column that the models of this version make is not in the published file.
    """
    try:
        yield
    except (duckdb.CatalogException, duckdb.BinderException, KeyError) as error:
        lacking = first_lacking(published)
        if lacking is None:
            raise
        raise UserError(
            f"{published} was made by another version of the software: it has no {lacking}. "
            "Run `bri run` for the same study; it makes the tables anew."
        ) from error


def first_lacking(published: Path) -> str | None:
    """The first table, or the first column, of this version's models that the file does not hold."""
    with reading(published) as con:
        rows = con.execute(
            "select schema_name || '.' || table_name, column_name from duckdb_columns() where not internal"
        ).fetchall()
    there: dict[str, set[str]] = {}
    for table, column in rows:
        there.setdefault(table, set()).add(column)
    for name, model in models().items():
        if name not in there:
            return name
        for column in model.columns:
            if column.name not in there[name]:
                return f"{name}.{column.name}"
    return None
