"""Read-only SQL for people, as a table, CSV or JSON."""

from __future__ import annotations

import duckdb

from bri_pipeline.errors import UserError
from bri_pipeline.home import StudyHome
from bri_pipeline.printing import formatted
from bri_pipeline.warehouse.database import reading


def run_query(home: StudyHome, sql: str, output: str) -> str:
    """The result of one query on the published tables, or on the warehouse where nothing is published yet.

    Raises:
        UserError: there is no SQL, it is wrong, or tries to write.
    """
    path = home.published if home.published.is_file() else home.warehouse
    with reading(path) as con:
        try:
            cursor = con.execute(sql)
        except duckdb.Error as error:
            raise UserError(
                f'{str(error).strip()}\n`bri query "show all tables"` lists what there is.'
            ) from None
        if cursor is None or cursor.description is None:
            raise UserError('There is no SQL to run. For example: bri query "from marts.by_year"')
        names = [column[0] for column in cursor.description]
        return formatted(names, cursor.fetchall(), output)
