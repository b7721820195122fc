"""Warehouses built once for all tests of the models."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from bri_pipeline.study import load_study
from bri_pipeline.warehouse import Model, build_model, load_models
from bri_pipeline.warehouse.external import EXTERNAL_TABLES, create_empty
from tests.warehouse.lake import REPOSITORY, build_all, connect, fill_lake, make_from
from tests.warehouse.paper_lake import PAPER_PLACES, PAPERS, paper_hits
from tests.warehouse.small_lake import SMALL_HITS
from tests.warehouse.studies import study

EXPECTED = REPOSITORY / "data" / "studies" / "jiangsu-2018.expected.csv"


@pytest.fixture(scope="session")
def models() -> dict[str, Model]:
    return load_models(REPOSITORY / "sql")


@pytest.fixture(scope="session")
def empty(models: dict[str, Model]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Every table there is, without rows; a test undoes what it does to it."""
    con = connect()
    for table in EXTERNAL_TABLES.values():
        create_empty(con, table)
    for model in models.values():
        build_model(con, model)
        make_from(con, model.name)
    yield con
    con.close()


@pytest.fixture(scope="session")
def built_paper(models: dict[str, Model]) -> Iterator[duckdb.DuckDBPyConnection]:
    con = connect()
    fill_lake(con, load_study("jiangsu-2018"), paper_hits(), PAPER_PLACES, papers=PAPERS)
    con.execute(
        "insert into staging.place_resolution values "
        "('Suzhou', 'Jiangsu', 0, 0, 'CN-JS', 'Suzhou', 'region field', 0.9, ['CN-JS'], ['Suzhou'], '')"
    )
    build_all(con, models)
    yield con
    con.close()


@pytest.fixture(scope="session")
def small(models: dict[str, Model]) -> Iterator[duckdb.DuckDBPyConnection]:
    con = connect()
    fill_lake(con, study(), SMALL_HITS)
    build_all(con, models)
    yield con
    con.close()


@pytest.fixture
def paper(built_paper: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse with the paper's margins; whatever a test does to it is undone."""
    built_paper.execute("begin")
    yield built_paper
    built_paper.execute("rollback")
