"""Tables are built with as little memory as they need, and with all that is allowed where they need it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from bri_pipeline.warehouse import memory
from bri_pipeline.warehouse.database import writing
from bri_pipeline.warehouse.memory import allow_all_memory, begin_with_little_memory, in_little_memory

# Texts of all the rows are held at once.
HUNGRY = (
    "create or replace table sums as select sum(length(texts)) as total "
    "from (select list(repeat('x', 100) || n) as texts from range(400_000) as t (n))"
)


def limit_of(con: duckdb.DuckDBPyConnection) -> str:
    return str(con.execute("select current_setting('memory_limit')").fetchall()[0][0])


@pytest.fixture(autouse=True)
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "FIRST_MEMORY", 16 * 2**20)


def test_what_needs_more_memory_is_undone_and_gets_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRI_MEMORY", "1GiB")
    calls = []
    with writing(tmp_path / "w.duckdb") as con:
        con.execute("create table calls (n integer)")
        begin_with_little_memory(con)
        assert limit_of(con) == "16.0 MiB"

        def work() -> str:
            calls.append(len(calls))
            con.execute("insert into calls values (?)", [len(calls)])
            con.execute(HUNGRY)
            return "done"

        assert in_little_memory(con, work) == "done"
        assert len(calls) > 1 and con.execute("from calls").fetchall() == [(len(calls),)]
        kept = limit_of(con)
        assert kept in ("32.0 MiB", "64.0 MiB", "128.0 MiB", "256.0 MiB", "512.0 MiB", "1.0 GiB")
        assert in_little_memory(con, work) == "done"
        assert limit_of(con) == kept
        allow_all_memory(con)
        assert limit_of(con) == "1.0 GiB"


def test_no_more_than_the_setting_is_taken_and_the_error_comes_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRI_MEMORY", "100MB")
    monkeypatch.setattr(memory, "FIRST_MEMORY", 400_000_000)
    with writing(tmp_path / "w.duckdb") as con:
        begin_with_little_memory(con)
        assert limit_of(con) == "95.3 MiB"
        calls = []

        def work() -> None:
            calls.append(1)
            con.execute(HUNGRY.replace("400_000", "4_000_000"))

        with pytest.raises(duckdb.OutOfMemoryException):
            in_little_memory(con, work)
        assert len(calls) == 1
        con.execute("select 1")  # the connection goes on


def test_other_errors_are_not_tried_again(tmp_path: Path) -> None:
    calls = []
    with writing(tmp_path / "w.duckdb") as con:
        begin_with_little_memory(con)

        def work() -> None:
            calls.append(1)
            con.execute("select no_such_column")

        with pytest.raises(duckdb.BinderException):
            in_little_memory(con, work)
    assert len(calls) == 1
