"""What checks found is kept with the tables, and nothing is published on what no longer holds."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from bri_pipeline.errors import UserError
from bri_pipeline.warehouse import outcomes as outcomes_module
from bri_pipeline.warehouse.build import build_tables, models, remove_others
from bri_pipeline.warehouse.build_ids import BuildIds
from bri_pipeline.warehouse.database import writing
from bri_pipeline.warehouse.external import EXTERNAL_TABLES
from bri_pipeline.warehouse.outcomes import all_checks, kept_outcomes, run_due
from bri_pipeline.warehouse.publish import publish
from tests.end_to_end.studies import Home
from tests.small_home import small_home

DELETE_A_YEAR = "delete from core.patents where year = 2012"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home of its own with every table built and checked."""
    return small_home(tmp_path)


def change(home: Home, sql: str) -> None:
    with duckdb.connect(home.study_home.warehouse) as con:
        con.execute(sql)


def refusal(home: Home) -> str:
    before = home.study_home.published.read_bytes()
    with pytest.raises(UserError) as error:
        publish(home.study_home, models())
    assert home.study_home.published.read_bytes() == before
    return str(error.value)


def states(home: Home) -> dict[str, str]:
    with duckdb.connect(home.study_home.warehouse) as con:
        return {
            o.check.id: o.state for o in kept_outcomes(con, models(), BuildIds(con)) if o.state != "current"
        }


def test_readers_find_in_the_database_what_is_said_of_each_table_and_column(home: Home) -> None:
    publish(home.study_home, models())
    for name, table in {**EXTERNAL_TABLES, **models()}.items():
        if name.startswith("lake."):
            continue
        schema, _, short = name.partition(".")
        of_it = f"where schema_name = '{schema}' and table_name = '{short}'"
        assert home.rows(f"select comment from duckdb_tables() {of_it}") == [(table.description,)]
        said = home.rows(f"select column_name, comment from duckdb_columns() {of_it} and comment is not null")
        meant = {column.name: column.description_with_unit for column in table.columns}
        assert dict(said) == {column: text for column, text in meant.items() if text}


def test_every_check_has_an_outcome_with_the_build_it_saw(home: Home) -> None:
    publish(home.study_home, models())
    rows = home.rows(
        "select outcomes.table_name, check_name, severity, passed, offending_rows, sample, checked_at is not null, "
        "outcomes.build_id = builds.build_id from checks.outcomes as outcomes "
        "join checks.builds as builds using (table_name)"
    )
    known = {(check.table, check.name): check for check in all_checks(models())}
    assert {(table, name) for table, name, *_ in rows} == known.keys()
    for table, name, severity, passed, offending, sample, timed, same_build in rows:
        assert severity == known[table, name].severity and timed and same_build
        assert passed == (offending == 0)
        shown = json.loads(sample)
        assert len(shown) == min(offending, 10) and all(isinstance(row, dict) for row in shown)


def test_a_year_deleted_from_a_table_is_not_published(home: Home) -> None:
    change(home, DELETE_A_YEAR)
    message = refusal(home)
    assert "is older than a table it reads" in message and "`bri check`" in message
    assert home.bri("check").exit_code == 1
    assert "core.patents/hits_minus_duplicates failed" in refusal(home)


def test_a_failed_check_forbids_publishing_whatever_it_was_run_for(home: Home) -> None:
    change(home, "update marts.summary set patents = patents + 1")
    with duckdb.connect(home.study_home.warehouse) as con:
        run_due(con, models())
    assert "marts.summary/agrees_with_core failed" in refusal(home)


def test_a_missing_outcome_forbids_publishing(home: Home) -> None:
    change(
        home,
        "delete from checks.outcomes where check_name = 'sums_meet_core' and table_name = 'marts.by_year'",
    )
    assert "marts.by_year/sums_meet_core has not run" in refusal(home)
    assert states(home) == {"marts.by_year/sums_meet_core": "missing"}


def test_a_failing_warning_forbids_nothing(home: Home) -> None:
    change(home, "insert into raw.quarantine values ('a.zip', 2011, 1, 0, 'no number', '<x>')")
    with duckdb.connect(home.study_home.warehouse) as con:
        failing = [o for o in run_due(con, models()) if not o.passed]
    assert "raw.quarantine/every_document_readable" in {o.check.id for o in failing}
    publish(home.study_home, models())


def test_a_table_that_is_not_there_forbids_publishing(home: Home) -> None:
    change(home, "drop table marts.by_year")
    assert "marts.by_year is not built yet" in refusal(home)
    checked = home.bri("check")
    assert checked.exit_code == 1 and "missing marts.by_year/sums_meet_core: it cannot run" in checked.output


def test_every_offending_row_of_a_check_can_be_looked_at_while_nothing_is_published(home: Home) -> None:
    change(home, "update marts.by_year set patents = patents + 1 where scope = 'CN'")
    rows = home.bri("check", "--format", "json", "marts.by_year/sums_meet_core")
    shown = [json.loads(line) for line in rows.output.splitlines()]
    with duckdb.connect(home.study_home.warehouse, read_only=True) as con:
        [check] = [one for one in all_checks(models()) if one.id == "marts.by_year/sums_meet_core"]
        assert len(shown) == con.sql(check.sql).shape[0] > 0
    table = home.bri("check", "marts/by_year/sums_meet_core")  # as the UI writes it
    assert table.exit_code == 1 and "A row is a scope whose years" in table.output and "CN" in table.output
    none = home.bri("check", "--format", "json", "marts.by_year/years_without_holes")
    assert (none.exit_code, none.output) == (0, "")


def test_a_check_that_does_not_exist_is_a_sentence(home: Home) -> None:
    refused = home.bri("check", "marts.by_year/sum_meet_core")
    assert refused.exit_code == 2 and "Did you mean marts.by_year/sums_meet_core?" in refused.output


def test_a_table_built_again_with_the_same_contents_needs_no_new_checks(home: Home) -> None:
    change(home, "create or replace table marts.by_year as select * from marts.by_year order by patents")
    assert states(home) == {}


def test_a_table_built_again_with_others_makes_the_checks_of_later_tables_old(home: Home) -> None:
    change(home, DELETE_A_YEAR)
    with writing(home.study_home.warehouse) as con:
        list(build_tables(con, home.study_home, models(), {"core.patents"}))
    assert states(home) == {}, "the table is again what it was"
    change(home, "update staging.publications set title = title || ' (changed)'")
    with writing(home.study_home.warehouse) as con:
        list(build_tables(con, home.study_home, models(), {"core.patents"}))
    old = states(home)
    assert not any(check.startswith("core.patents/unique") for check in old)
    assert any(check.startswith("marts.") for check in old) and set(old.values()) == {"older"}


def test_an_edited_check_is_due_and_one_with_another_comment_is_not(home: Home) -> None:
    name = "core.patents"
    model = models()[name]
    for text, due in (("\n-- a remark", set()), ("\nlimit 5", {check.id for check in model.checks})):
        checks = tuple(
            type(check)(check.name, check.table, check.description, check.severity, check.sql + text, check.path,
                        check.depends_on)
            for check in model.checks
        )  # fmt: skip
        edited = {**models(), name: replace(model, checks=checks)}
        with duckdb.connect(home.study_home.warehouse) as con:
            found = {o.check.id for o in kept_outcomes(con, edited, BuildIds(con)) if o.state != "current"}
        assert found == due


def test_bri_check_runs_what_is_due_alone(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    original = outcomes_module.run_check

    def counting(con: duckdb.DuckDBPyConnection, check: object) -> object:
        ran.append(check.id)  # type: ignore[attr-defined]
        return original(con, check)  # type: ignore[arg-type]

    monkeypatch.setattr(outcomes_module, "run_check", counting)
    assert home.bri("check").exit_code == 0
    assert ran == []
    change(home, "update marts.by_year set patents = patents + 1")
    lines = [json.loads(line) for line in home.bri("check", "--format", "json").output.splitlines()]
    reading_it = {check.id for check in all_checks(models()) if "marts.by_year" in check.depends_on}
    assert set(ran) == reading_it | {check.id for check in models()["marts.by_year"].checks}
    failed = {f"{line['table_name']}/{line['check_name']}" for line in lines if line["passed"] is False}
    assert any(check.startswith("marts.by_year/") for check in failed)
    assert len(lines) == len(all_checks(models()))


def contents(home: Home, *schemas: str) -> dict[str, str | None]:
    with duckdb.connect(home.study_home.warehouse, read_only=True) as con:
        ids = BuildIds(con)
        found = con.execute(
            f"select table_schema || '.' || table_name from information_schema.tables where table_schema in {schemas}"
        ).fetchall()
        return {name: ids.of(name) for (name,) in found}


def test_building_one_table_writes_no_other(home: Home) -> None:
    change(home, "update lake.files set kept = kept + 1; update reference.countries set name = name || '!'")
    every = ("lake", "reference", "raw", "staging", "core", "marts")
    before = contents(home, *every)
    with writing(home.study_home.warehouse) as con:
        assert [built.name for built in build_tables(con, home.study_home, models(), {"marts.by_year"})] == [
            "marts.by_year"
        ]
        assert list(build_tables(con, home.study_home, models(), set())) == []
    assert contents(home, *every) == before
    with writing(home.study_home.warehouse) as con:
        list(build_tables(con, home.study_home, models(), {"reference.countries"}))
    changed = {name for name, build in contents(home, *every).items() if build != before[name]}
    assert changed == {"reference.countries"}


def test_tables_whose_model_is_gone_are_removed_and_not_published(home: Home) -> None:
    change(home, "create table marts.by_moon as select 1 as patents; create view core.old as select 1 as a")
    change(home, "insert into checks.builds (table_name, build_id) values ('marts.by_moon', 'x')")
    change(
        home, "insert into checks.outcomes by name select 'marts.by_moon' as table_name, 'full' as check_name"
    )
    publish(home.study_home, models())
    assert "marts.by_moon" not in home.tables()
    with writing(home.study_home.warehouse) as con:
        assert remove_others(con, models()) == ["core.old", "marts.by_moon"]
    publish(home.study_home, models())
    assert home.rows("select * from checks.builds where table_name = 'marts.by_moon'") == []
    assert home.rows("select * from checks.outcomes where table_name = 'marts.by_moon'") == []
