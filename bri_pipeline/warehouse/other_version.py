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
def naming_other_version(published: Path) -> Iterator[None]:
    """Turn a missing table or column in the block into a sentence where the file is of another version.

    Raises:
        UserError: a table or a column that the models of this version make is not in the published file.
    """
    try:
        yield
    except (duckdb.CatalogException, duckdb.BinderException, KeyError) as error:
        absent = first_absent(published)
        if absent is None:
            raise
        raise UserError(
            f"{published} was made by another version of the software: it has no {absent}. "
            "Run `bri run` for the same study; it makes the tables again."
        ) from error


def first_absent(published: Path) -> str | None:
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
