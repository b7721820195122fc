"""Building a model and running a check, on files written for the purpose."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from bri_pipeline.warehouse import Model, ModelError, build_model, load_models, prune, run_check
from tests.warehouse.lake import connect
from tests.warehouse.test_loader import HEADER, write


def one(root: Path, text: str, name: str = "core/things.sql") -> Model:
    models = load_models(write(root, {name: text}))
    return models[name.removesuffix(".sql").replace("/", ".")]


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return connect()


def test_a_build_tells_what_it_made(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    model = one(
        tmp_path,
        "-- It's a row.\n-- @column a | Peter's\n-- @column b | word\nselect n as a, 'x' as b from range(20) as r (n)",
    )
    built = build_model(con, model)
    assert built.rows == 20
    assert built.columns == [("a", "BIGINT", "Peter's"), ("b", "VARCHAR", "word")]
    assert built.preview == [{"a": n, "b": "x"} for n in range(10)]
    assert built.seconds > 0


def test_a_table_may_become_a_view_and_back(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    query = "select 1 as a"
    for tag, kind in (("", "BASE TABLE"), ("-- @view\n", "VIEW"), ("-- @view\n", "VIEW"), ("", "BASE TABLE")):
        build_model(con, one(tmp_path, HEADER + tag + query))
        [(found,)] = con.execute("select table_type from information_schema.tables").fetchall()
        assert found == kind


@pytest.mark.parametrize(
    ("schema", "query", "message"),
    [
        ("core", "select 1 as b", "documents column a, which the query does not return"),
        ("core", "select 1 as a, 2 as b", "column b is not documented"),
        ("marts", "select 1 as a, 2 as b", "column b is not documented"),
        ("core", "select 1 as a from core.things", "things"),
        ("core", "select nothing as a", "nothing"),
    ],
)
def test_errors_of_a_build_name_the_file(
    tmp_path: Path, con: duckdb.DuckDBPyConnection, schema: str, query: str, message: str
) -> None:
    if "core.things" in query:
        write(tmp_path, {"core/things.sql": HEADER + "select 1 as a"})
    model = one(tmp_path, HEADER + query, f"{schema}/faulty.sql")
    with pytest.raises(ModelError, match=rf"faulty\.sql: .*{message}"):
        build_model(con, model)


def test_raw_and_staging_may_leave_columns_undocumented(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    built = build_model(con, one(tmp_path, HEADER + "select 1 as a, 2 as b", "staging/things.sql"))
    assert [column[2] for column in built.columns] == ["a number", ""]


def test_lineage_goes_through_ctes_windows_and_structs(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    con.execute("create schema lake")
    con.execute(
        "create table lake.hits (country varchar, year integer, inventors struct(city varchar, n integer)[])"
    )
    model = one(
        tmp_path,
        "-- One row.\n-- @column a | a\n-- @column b | b\n-- @column c | c\n-- @column d | d\n"
        "with first as (select country || 'x' as label, year, inventors from lake.hits),\n"
        "entries as (select label, year, entry.inventor.city as city\n"
        "from first, unnest(inventors) as entry (inventor))\n"
        "select label as a, row_number() over (partition by label order by year) as b, city as c,\n"
        "count(*) over () as d\n"
        "from entries union all select 'y', year, country, 0 from lake.hits",
    )
    lineage = build_model(con, model).lineage
    country, year, inventors = (("lake.hits", name) for name in ("country", "year", "inventors"))
    assert lineage == {"a": [country], "b": [country, year], "c": [country, inventors], "d": []}


def test_a_query_that_cannot_be_traced_is_built_all_the_same(
    tmp_path: Path,
    con: duckdb.DuckDBPyConnection,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr("sqlglot.lineage.lineage", broken)
    built = build_model(con, one(tmp_path, HEADER + "select 1 as a"))
    assert (built.rows, built.lineage) == (1, {})
    assert "no column lineage: too deep" in caplog.text


def test_a_check_shows_the_first_offenders(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    text = (
        "-- A row is large.\n-- @severity error\nselect a from core.things where a > 2 -- the rest is fine\n"
    )
    write(tmp_path, {"checks/core.things/large.sql": text})
    model = one(tmp_path, HEADER + "select n as a from range(100) as r (n)")
    build_model(con, model)
    outcome = run_check(con, model.checks[0], sample=3)
    assert (outcome.passed, outcome.failing_rows) == (False, 97)
    assert outcome.sample == [{"a": 3}, {"a": 4}, {"a": 5}]
    con.execute("delete from core.things where a > 2")
    passed = run_check(con, model.checks[0])
    assert (passed.passed, passed.failing_rows, passed.sample) == (True, 0, [])


def test_a_check_that_cannot_run_names_its_file(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    write(
        tmp_path, {"checks/core.things/broken.sql": "-- A row.\n-- @severity warn\nselect b from core.things"}
    )
    model = one(tmp_path, HEADER + "select 1 as a")
    build_model(con, model)
    with pytest.raises(ModelError, match=r"broken\.sql"):
        run_check(con, model.checks[0])


def test_relations_without_a_file_are_removed(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    model = one(tmp_path, HEADER + "select 1 as a")
    build_model(con, model)
    con.execute("create table core.renamed as select 1 as a")
    con.execute("create view core.renamed_view as select 1 as a")
    con.execute("create schema staging")
    con.execute("create table staging.place_resolution as select 1 as a")
    con.execute("create table main.scratch as select 1 as a")
    assert prune(con, {model.name: model}) == ["core.renamed", "core.renamed_view"]
    left = con.execute("select table_schema || '.' || table_name from information_schema.tables order by 1")
    assert left.fetchall() == [("core.things",), ("main.scratch",), ("staging.place_resolution",)]
    assert prune(con, {model.name: model}) == []
