"""A study of the paper's countries that has landed and found nothing."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import pytest

from bri_pipeline.study import load_study
from bri_pipeline.warehouse import Model, run_check
from tests.warehouse.lake import build_all, connect, fill_lake


@pytest.fixture(scope="module")
def con(models: dict[str, Model]) -> duckdb.DuckDBPyConnection:
    con = connect()
    fill_lake(con, replace(load_study("jiangsu-2018"), expected=None), [])
    build_all(con, models)
    return con


def test_no_check_fails(con: duckdb.DuckDBPyConnection, models: dict[str, Model]) -> None:
    assert con.execute("select is_complete, patents from marts.summary").fetchall() == [(True, 0)]
    outcomes = [
        run_check(con, check)
        for model in models.values()
        for check in model.checks
        if check.severity == "error" or model.schema == "marts"
    ]
    assert [outcome.check.id for outcome in outcomes if not outcome.passed] == []


def test_no_number_is_nan_or_infinite(
    con: duckdb.DuckDBPyConnection, paper: duckdb.DuckDBPyConnection, small: duckdb.DuckDBPyConnection
) -> None:
    found = []
    for name, database in (("none", con), ("paper", paper), ("small", small)):
        columns = database.execute(
            "select table_schema || '.' || table_name, column_name from information_schema.columns "
            "where data_type = 'DOUBLE' and table_schema in ('staging', 'core', 'marts')"
        ).fetchall()
        for table, column in columns:
            [(odd,)] = database.execute(
                f'select count(*) from {table} where not isfinite("{column}")'
            ).fetchall()
            if odd:
                found.append((name, table, column))
    assert found == []
