"""One model at a time: the rows it is given and the rows it must make, in ``models/<schema>.<table>.yaml``.

Each file is a list of cases: ``name``, ``given`` (table -> rows) and ``expect`` (rows). A table that is not given is
empty, a column that is not given is null, and only the columns that are expected are compared, in any order of rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from bri_pipeline.warehouse import Model

CASES = Path(__file__).parent / "models"
Row = dict[str, Any]


def cases() -> Iterator[Any]:
    for path in sorted(CASES.glob("*.yaml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            yield pytest.param(path.stem, case, id=f"{path.stem}: {case['name']}")


@pytest.mark.parametrize(("name", "case"), list(cases()))
def test_a_model_makes_the_rows_it_must(
    empty: duckdb.DuckDBPyConnection, models: dict[str, Model], name: str, case: dict[str, Any]
) -> None:
    assert_case(empty, models[name], case)


def assert_case(con: duckdb.DuckDBPyConnection, model: Model, case: dict[str, Any]) -> None:
    """Fill the tables the case gives, run the model's query, compare; the tables are as they were afterwards."""
    name = model.name
    assert set(case) == {"name", "given", "expect"}
    assert set(case["given"]) <= model.depends_on, f"{name} reads {sorted(model.depends_on)}"
    con.execute("begin")
    try:
        for table, rows in case["given"].items():
            fill(con, table, rows)
        columns = list(case["expect"][0]) if case["expect"] else ["*"]
        listed = ", ".join(columns)
        con.execute(f"create temp table expected as from (\n{model.sql}\n) limit 0")
        fill(con, "expected", case["expect"])
        found = con.execute(f"select {listed} from (\n{model.sql}\n) order by all").fetchall()
        expected = con.execute(f"select {listed} from expected order by all").fetchall()
    finally:
        con.execute("rollback")
    assert [dict(zip(columns, row, strict=False)) for row in found] == [
        {column: almost(value) for column, value in zip(columns, row, strict=False)} for row in expected
    ]


def fill(con: duckdb.DuckDBPyConnection, table: str, rows: list[Row]) -> None:
    """Replace a table, or a view, by the rows; their values take the types of its columns."""
    types = {row[0]: row[1] for row in con.execute(f"describe {table}").fetchall()}
    if table != "expected":
        is_view = con.execute(
            "select count(*) from duckdb_views() where schema_name || '.' || view_name = ?", [table]
        ).fetchone()
        con.execute(f"create temp table shape as from {table} limit 0")
        con.execute(f"drop {'view' if is_view and is_view[0] else 'table'} {table}")
        con.execute(f"create table {table} as from shape")
        con.execute("drop table shape")
    for row in rows:
        assert set(row) <= set(types), f"{table} has the columns {', '.join(types)}"
        values = [
            f"cast(?{'::json' if isinstance(v, list | dict) else ''} as {types[c]})" for c, v in row.items()
        ]
        given = [json.dumps(v, default=str) if isinstance(v, list | dict) else v for v in row.values()]
        con.execute(f"insert into {table} ({', '.join(row)}) select {', '.join(values)}", given)


def almost(value: Any) -> Any:
    """A fraction as it can be written in a case: equal to six digits."""
    return pytest.approx(value, rel=1e-6) if isinstance(value, float) else value
