"""An instance is made by one process at a time; a broken one is named, and mended without touching the data."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from bri_pipeline.errors import UserError
from bri_pipeline.orchestration.instance import open_instance
from bri_pipeline.orchestration.instance_faults import DATABASES, faults, mend
from bri_pipeline.progress import InLines
from tests.made_once import made_once


def open_at_once(root: str, barrier: Any, said: Any) -> None:
    barrier.wait()
    try:
        with open_instance(Path(root), progress=lambda _: None) as instance:
            instance.get_runs(limit=1)
            said.put("ok")
    except BaseException as error:
        said.put(repr(error))


@pytest.mark.slow
@pytest.mark.parametrize("processes", [2, 3])
def test_first_starts_at_the_same_moment_leave_one_whole_instance(tmp_path: Path, processes: int) -> None:
    context = multiprocessing.get_context("spawn")
    barrier, said = context.Barrier(processes), context.Queue()
    starts = [
        context.Process(target=open_at_once, args=(str(tmp_path), barrier, said)) for _ in range(processes)
    ]
    for start in starts:
        start.start()
    assert [said.get(timeout=60) for _ in starts] == ["ok"] * processes
    for start in starts:
        start.join()
    assert faults(tmp_path / "dagster", thorough=True) == []
    for name in DATABASES:
        with sqlite3.connect(tmp_path / "dagster" / name) as con:
            assert con.execute("select count(*) from alembic_version").fetchone() == (1,), name


@dg.job
def nothing_to_do() -> None:
    pass


def with_history(root: Path) -> Path:
    """The instance of a home in which one job has run."""

    def make(folder: Path) -> None:
        with open_instance(folder, progress=lambda _: None) as instance:
            nothing_to_do.execute_in_process(instance=instance)

    shutil.copytree(made_once("home with a history", make), root, dirs_exist_ok=True)
    return root / "dagster"


def runs(root: Path) -> int:
    with open_instance(root, progress=lambda _: None) as instance:
        return instance.get_runs_count()


@pytest.mark.parametrize("name", DATABASES)
def test_two_versions_of_a_database_are_named_and_mended_with_the_history_kept(
    tmp_path: Path, name: str
) -> None:
    folder = with_history(tmp_path)
    with sqlite3.connect(folder / name) as con:
        con.execute("insert into alembic_version values ('0123456789ab')")
    with pytest.raises(UserError, match="bri doctor --mend") as raised:
        runs(tmp_path)
    assert str(folder / name) in str(raised.value)
    said: list[str] = []
    mend(folder, InLines(said.append))
    assert "history is kept" in said[0]
    assert runs(tmp_path) == 1


GARBAGE = {"text": b"garbage" * 999, "cut": None, "folder": None, "pipe": None}
EACH_WAY_AND_EACH_FILE = [("text", name) for name in DATABASES] + [
    ("cut", DATABASES[0]),
    ("folder", "dagster.yaml"),
    ("pipe", DATABASES[1]),
]
OTHERS = [
    pytest.param(how, name, marks=pytest.mark.slow)
    for how in GARBAGE
    for name in (*DATABASES, "dagster.yaml")
    if (how, name) not in EACH_WAY_AND_EACH_FILE
]


@pytest.mark.parametrize(("how", "name"), [*EACH_WAY_AND_EACH_FILE, *OTHERS])
def test_what_cannot_be_read_is_named_and_set_aside_whole(tmp_path: Path, name: str, how: str) -> None:
    folder = with_history(tmp_path)
    path = folder / name
    whole = path.read_bytes()
    for side_file in path.parent.glob(f"{path.name}-*"):
        side_file.unlink()
    if how == "folder":
        path.unlink()
        path.mkdir()
    elif how == "pipe":
        path.unlink()
        os.mkfifo(path)
    elif how == "cut":
        path.write_bytes(whole[: len(whole) // 3] if path.suffix == ".db" else b"run_retries: {ena")
    else:
        path.write_bytes(b"\x00{" + GARBAGE["text"])  # type: ignore[operator]
    assert faults(folder, thorough=True)
    with pytest.raises(UserError, match="bri doctor --mend"):
        runs(tmp_path)
    said: list[str] = []
    mend(folder, InLines(said.append))
    [aside] = tmp_path.glob("dagster.broken-*")
    assert str(aside) in said[0]
    assert runs(tmp_path) == 0
    assert faults(folder, thorough=True) == []


@pytest.mark.parametrize("text", ["run_retries:\n", "run_monitoring: 5\n", "no_such_setting: true\n"])
def test_settings_that_dagster_does_not_take_are_named(tmp_path: Path, text: str) -> None:
    folder = with_history(tmp_path)
    config = folder / "dagster.yaml"
    config.write_text(text)
    with pytest.raises(UserError, match=r"settings that Dagster does not take .*correct them"):
        runs(tmp_path)
    mend(folder, print)
    assert runs(tmp_path) == 0


@pytest.mark.parametrize("name", ["history", "history/runs", "schedules", "storage"])
def test_a_pipe_in_the_place_of_a_folder_of_the_history_is_named_before_dagster_opens_it(
    tmp_path: Path, name: str
) -> None:
    folder = with_history(tmp_path)
    shutil.rmtree(folder / name, ignore_errors=True)
    os.mkfifo(folder / name)
    [fault] = faults(folder)
    assert fault.text == f"{folder / name} is a named pipe where a folder belongs"


def test_a_file_in_the_place_of_the_whole_history_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "dagster").write_text("somebody's")
    with pytest.raises(UserError, match=r"is a file where a folder belongs.*bri doctor --mend"):
        runs(tmp_path)
    mend(tmp_path / "dagster", print)
    assert runs(tmp_path) == 0
    [aside] = tmp_path.glob("dagster.broken-*")
    assert aside.read_text() == "somebody's"


def test_settings_of_ones_own_survive_a_broken_database(tmp_path: Path) -> None:
    folder = with_history(tmp_path)
    config = folder / "dagster.yaml"
    config.write_text(config.read_text().replace("max_concurrent_runs: 4", "max_concurrent_runs: 2"))
    (folder / "history" / "runs.db").write_bytes(b"x" * 5000)
    mend(folder, print)
    assert "max_concurrent_runs: 2" in config.read_text()


def test_a_whole_instance_is_left_alone(tmp_path: Path) -> None:
    folder = with_history(tmp_path)
    assert faults(folder, thorough=True) == []
    mend(folder, lambda event: pytest.fail(str(event)))
    assert runs(tmp_path) == 1


def test_the_instance_of_an_earlier_version_is_named_once_and_left(tmp_path: Path) -> None:
    older = tmp_path / "dagster"
    older.mkdir()
    (older / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    said: list[str] = []
    for _ in range(2):
        with open_instance(tmp_path / "live", progress=InLines(said.append)):
            pass
    assert len(said) == 1 and str(older) in said[0] and str(tmp_path / "live" / "dagster") in said[0]
    assert [path.name for path in older.iterdir()] == ["dagster.yaml"]
