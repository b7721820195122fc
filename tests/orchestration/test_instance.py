"""What a run leaves in Dagster's instance, and how the instance is kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import duckdb
import pytest
import yaml

from bri_pipeline.orchestration.dead_runs import PID_TAG
from bri_pipeline.orchestration.instance import open_instance, prepare_home
from bri_pipeline.orchestration.jobs import RANGE_END, RANGE_START, STUDY_TAG
from bri_pipeline.orchestration.storage import TERMINAL
from tests.orchestration.conftest import PARTNERS, Site

YEARS = {"2011", "2012", "2013"}


def test_a_whole_run_is_one_dagster_run_over_the_range_of_years(
    ran: Site, instance: dg.DagsterInstance
) -> None:
    [run] = instance.get_runs()
    assert run.status == dg.DagsterRunStatus.SUCCESS
    tags = run.tags
    assert (tags[RANGE_START], tags[RANGE_END], tags[STUDY_TAG]) == ("2011", "2013", "small")
    for key in (
        "archive/uspto_files",
        "landing/publications",
        *(f"raw/uspto_hits_{c.lower()}" for c in PARTNERS),
    ):
        assert instance.get_materialized_partitions(dg.AssetKey.from_user_string(key)) == YEARS
    for key in ran.definitions.resolve_asset_graph().get_all_asset_keys():
        assert instance.get_latest_materialization_event(key), f"{key} was not materialized"


def test_columns_rows_and_lineage_are_stored_with_a_table(ran: Site, instance: dg.DagsterInstance) -> None:
    event = instance.get_latest_materialization_event(dg.AssetKey(["marts", "by_country"]))
    assert event and event.asset_materialization
    metadata = event.asset_materialization.metadata
    schema = metadata["dagster/column_schema"].value
    with duckdb.connect(ran.study_home.published, read_only=True) as con:
        described = con.sql(
            "select column_name, data_type, comment from duckdb_columns() where table_name = 'by_country'"
        )
        assert [(c.name, c.type, c.description) for c in schema.columns] == described.fetchall()
        assert metadata["dagster/row_count"].value == con.sql("from marts.by_country").shape[0]
    lineage = metadata["dagster/column_lineage"].value.deps_by_column
    assert {(d.asset_key.to_user_string(), d.column_name) for d in lineage["region"]} == {
        ("reference/partners", "region")
    }


def test_the_page_of_a_run_can_show_every_event(ran: Site, instance: dg.DagsterInstance) -> None:
    """It asks each output for its type check, and shows nothing after an event that has none."""
    [run] = instance.get_runs()
    outputs = [
        event.dagster_event.step_output_data
        for event in instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_OUTPUT)
        if event.dagster_event
    ]
    assert len(outputs) > len(PARTNERS)
    assert all(output.type_check_data and output.type_check_data.success for output in outputs)


def check_keys(site: Site) -> set[dg.AssetCheckKey]:
    return set(site.definitions.resolve_asset_graph().asset_check_keys)


def test_every_check_has_a_result(ran: Site, instance: dg.DagsterInstance) -> None:
    records = instance.event_log_storage.get_latest_asset_check_execution_by_key(list(check_keys(ran)))
    assert records.keys() == check_keys(ran)


def test_a_check_alone_shows_the_offending_rows_of_the_table_as_it_stands(built_site: Site) -> None:
    with duckdb.connect(built_site.study_home.warehouse) as con:
        con.sql("update marts.by_year set patents = patents + 5 where year = 2012 and scope = 'CN'")
    key = dg.AssetCheckKey(dg.AssetKey(["marts", "by_year"]), "sums_meet_core")
    with open_instance(built_site.study_home.root) as instance:
        job = built_site.definitions.resolve_implicit_global_asset_job_def().get_subset(
            asset_selection=set(), asset_check_selection={key}
        )
        result = job.execute_in_process(instance=instance, raise_on_error=False)
        [evaluation] = result.get_asset_check_evaluations()
        assert (evaluation.asset_check_key, evaluation.passed) == (key, False)
        stored = instance.event_log_storage.get_latest_asset_check_execution_by_key([key])[key]
        assert stored.event and stored.event.dagster_event
        metadata = stored.event.dagster_event.asset_check_evaluation_data.metadata
    assert metadata["offending_rows"].value == 1
    assert "| CN |" in str(metadata["first_offending_rows"].value)
    with duckdb.connect(built_site.study_home.warehouse, read_only=True) as con:
        query = str(metadata["query"].value).removeprefix("```sql").removesuffix("```")
        assert con.sql(query).shape[0] == 1, "the query can be run by hand"


def test_one_country_and_year_alone(site: Site) -> None:
    raw = {dg.AssetKey(["raw", "uspto_hits_sg"]), dg.AssetKey(["raw", "uspto_hits_in"])}
    with open_instance(site.study_home.root) as instance:
        job = site.definitions.resolve_job_def("lake")
        lake = {dg.AssetKey(["archive", "uspto_files"]), dg.AssetKey(["landing", "publications"])}
        result = job.execute_in_process(
            instance=instance,
            asset_selection=[*lake, *raw],
            tags={RANGE_START: "2012", RANGE_END: "2013"},
        )
        assert result.success
        for key in raw:
            assert instance.get_materialized_partitions(key) == {"2012", "2013"}
        assert instance.get_materialized_partitions(dg.AssetKey(["raw", "uspto_hits_ru"])) == set()
        before = {p: p.stat().st_mtime_ns for p in site.study_home.raw.rglob("*.parquet")}
        assert {path.parent.name for path in before} <= {"2012", "2013"}
        again = job.execute_in_process(
            instance=instance, asset_selection=[dg.AssetKey(["raw", "uspto_hits_ru"])], partition_key="2012"
        )
        assert again.success
    after = {p: p.stat().st_mtime_ns for p in site.study_home.raw.rglob("*.parquet")}
    assert {path: after[path] for path in before} == before
    assert {(p.parent.name, p.stem) for p in after.keys() - before.keys()} <= {("2012", "RU")}


def test_telemetry_is_off_and_an_edited_file_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DAGSTER_HOME", "DAGSTER_DISABLE_TELEMETRY", "DAGSTER_EVENT_BATCH_SIZE"):
        monkeypatch.setenv(name, "")
    config = prepare_home(tmp_path) / "dagster.yaml"
    written = yaml.safe_load(config.read_text(encoding="utf-8"))
    assert written["telemetry"] == {"enabled": False}
    assert written["concurrency"]["pools"] == {"granularity": "op", "default_limit": 1}
    assert os.environ["DAGSTER_HOME"] == str(tmp_path / "dagster")
    config.write_text(config.read_text() + "# mine\n")
    prepare_home(tmp_path)
    assert config.read_text().endswith("# mine\n")


@dg.asset
def says_something(context):  # type: ignore[no-untyped-def]
    context.log.info("2011: 8 files read")


def test_the_terminal_of_the_ui_shows_what_a_run_says_and_the_log_keeps_all_events(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Dagster prints through `tail`, which it may end before it has begun.
    monkeypatch.setenv("DAGSTER_COMPUTE_LOG_TAIL_WAIT_AFTER_FINISH", "0.5")
    with open_instance(tmp_path) as instance:
        result = dg.materialize([says_something], instance=instance)
        kept = {
            entry.dagster_event.event_type_value
            for entry in instance.all_logs(result.run_id)
            if entry.dagster_event
        }
    said = capfd.readouterr().err
    assert "2011: 8 files read" in said
    assert "DEBUG" not in said and "STEP_START" not in said
    assert {"STEP_START", "ASSET_MATERIALIZATION", "PIPELINE_SUCCESS"} <= kept


def test_what_is_printed_is_left_to_a_dagster_yaml_that_says_it(tmp_path: Path) -> None:
    config = prepare_home(tmp_path) / "dagster.yaml"
    config.write_text(config.read_text() + "python_logs: {python_log_level: DEBUG}\n")
    prepare_home(tmp_path)
    assert config.read_text().count("python_logs:") == 1
    with open_instance(tmp_path) as instance:
        assert instance.python_log_level == "DEBUG"


def test_a_home_of_an_earlier_version_gets_the_quiet_terminal(tmp_path: Path) -> None:
    config = prepare_home(tmp_path) / "dagster.yaml"
    config.write_text(config.read_text().replace(TERMINAL, ""))
    with open_instance(tmp_path) as instance:
        assert instance.python_log_level == "INFO"


@pytest.mark.parametrize("status", [dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTED])
def test_runs_of_dead_processes_are_closed_and_others_left(
    tmp_path: Path, status: dg.DagsterRunStatus
) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    pids = {"dead": str(ended.pid), "alive": str(os.getpid()), "of the UI": None}
    with open_instance(tmp_path) as instance:
        for name, pid in pids.items():
            tags = {PID_TAG: pid} if pid else {}
            instance.add_run(dg.DagsterRun(job_name=name, status=status, tags=tags))
    with open_instance(tmp_path) as instance:
        found = {run.job_name: run.status for run in instance.get_runs()}
    assert found == {"dead": dg.DagsterRunStatus.FAILURE, "alive": status, "of the UI": status}


@dg.multi_asset(
    specs=[dg.AssetSpec("a"), dg.AssetSpec("b")],
    partitions_def=dg.StaticPartitionsDefinition(["x", "y", "z"]),
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def two_assets(context):  # type: ignore[no-untyped-def]
    for key in ("a", "b"):
        for part in context.partition_keys:
            context.add_asset_metadata({"rows": len(part)}, asset_key=dg.AssetKey(key), partition_key=part)
        yield dg.MaterializeResult(asset_key=key)


def test_a_home_keeps_its_runs_when_it_is_moved(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    with open_instance(here) as instance:
        dg.materialize([two_assets], instance=instance, partition_key="x")
    here.rename(there)
    with open_instance(there) as instance:
        assert instance.get_materialized_partitions(dg.AssetKey("a")) == {"x"}
        dg.materialize([two_assets], instance=instance, partition_key="y")
        assert instance.get_materialized_partitions(dg.AssetKey("a")) == {"x", "y"}
        assert len(instance.get_runs()) == 2
    assert not here.exists()


def test_files_of_the_event_log_can_be_wiped_and_written_again(tmp_path: Path) -> None:
    with open_instance(tmp_path) as instance:
        dg.materialize([two_assets], instance=instance, partition_key="x")
        instance.wipe()
        assert instance.get_latest_materialization_event(dg.AssetKey("a")) is None
        dg.materialize([two_assets], instance=instance, partition_key="y")
        assert instance.get_materialized_partitions(dg.AssetKey("a")) == {"y"}
