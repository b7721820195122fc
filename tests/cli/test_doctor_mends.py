"""``bri doctor`` sees what is broken in Dagster's instance, and ``--mend`` mends it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import dagster as dg
import pytest
from click.testing import Result

from bri_pipeline.orchestration.dead_runs import PID_TAG
from bri_pipeline.orchestration.instance import open_instance
from tests.end_to_end.studies import bri

STUDY = 'name = "mine"\nfocal_country = "CN"\nwindow = { start = 2016-01-01, end = 2018-12-31 }\npartners = ["SG"]\n'


def doctor(folder: Path, *options: str) -> Result:
    (folder / "mine.toml").write_text(STUDY)
    return bri(folder / "home", "doctor", "--study", str(folder / "mine.toml"), *options)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "home" / "mine"
    with open_instance(made, progress=lambda _: None):
        pass
    return made


def test_two_versions_are_seen_and_mended(tmp_path: Path, root: Path) -> None:
    with sqlite3.connect(root / "dagster" / "history" / "runs.db") as con:
        con.execute("insert into alembic_version values ('0123456789ab')")
    seen = doctor(tmp_path)
    assert seen.exit_code == 1 and "runs.db" in seen.output and "bri doctor --mend" in seen.output
    assert "history is kept" in doctor(tmp_path, "--mend").output
    assert "is whole" in doctor(tmp_path).output


@pytest.mark.parametrize("name", ["history/runs.db", "history/runs/index.db", "schedules/schedules.db"])
def test_garbage_is_seen_and_set_aside(tmp_path: Path, root: Path, name: str) -> None:
    (root / "dagster" / name).write_bytes(b"garbage" * 1000)
    seen = doctor(tmp_path)
    assert seen.exit_code == 1 and name in seen.output and "--mend" in seen.output
    said = doctor(tmp_path, "--mend").output
    assert "set aside as" in said and "Schedules and sensors are off again" in said
    assert name not in doctor(tmp_path).output
    assert list(root.glob("dagster.broken-*"))


def test_a_dead_run_and_the_slot_it_holds_are_seen_and_mended(tmp_path: Path, root: Path) -> None:
    with open_instance(root, progress=lambda _: None) as instance:
        run = dg.DagsterRun(job_name="marts", status=dg.DagsterRunStatus.STARTED, tags={PID_TAG: "999999999"})
        instance.add_run(run)
        ended = dg.DagsterRun(job_name="marts", status=dg.DagsterRunStatus.FAILURE)
        instance.add_run(ended)
        log = instance.event_log_storage
        log.initialize_concurrency_limit_to_default("mine")
        log.claim_concurrency_slot("mine", ended.run_id, "step")
    seen = doctor(tmp_path)
    assert seen.exit_code == 1 and run.run_id in seen.output and ended.run_id in seen.output
    mended = doctor(tmp_path, "--mend").output
    assert f"Marked run {run.run_id} as failed" in mended and f"run {ended.run_id}" in mended
    again = doctor(tmp_path).output
    assert run.run_id not in again and ended.run_id not in again


def test_findings_as_json_have_state_text_and_way_out(tmp_path: Path, root: Path) -> None:
    lines = [json.loads(line) for line in doctor(tmp_path, "--format", "json").output.splitlines()]
    assert lines and all(line.keys() == {"state", "text", "way_out"} for line in lines)
    assert any("is whole" in line["text"] for line in lines)


@pytest.mark.parametrize("name", ["", "dagster.yaml", "history/runs.db"])
def test_what_is_no_file_or_no_folder_where_one_belongs_is_seen_and_set_aside(
    tmp_path: Path, root: Path, name: str
) -> None:
    path = root / "dagster" / name
    if name:
        path.unlink()
        path.mkdir()
    else:
        shutil.rmtree(path)
        path.write_text("somebody's")
    seen = doctor(tmp_path)
    assert seen.exit_code == 1 and f"{path} is " in seen.output and "--mend" in seen.output
    assert "set aside as" in doctor(tmp_path, "--mend").output
    assert "error" not in doctor(tmp_path).output
