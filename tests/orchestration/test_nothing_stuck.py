"""A run that died holds nothing; one that waits says for whom, can be stopped, and gives up in the end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pytest

from bri_pipeline.errors import UserError
from bri_pipeline.files.turn import turn
from bri_pipeline.home import StudyHome
from bri_pipeline.orchestration.dead_runs import (
    PID_TAG,
    SERVER_TAG,
    STARTED_TAG,
    own_tags,
    slots_of_ended_runs,
)
from bri_pipeline.orchestration.instance import open_instance
from bri_pipeline.progress import InLines, duration
from bri_pipeline.settings import load_settings
from bri_pipeline.study import load_study
from tests.archives import random_archive
from tests.end_to_end.studies import REPOSITORY
from tests.orchestration.conftest import PARTNERS, Site

SIGNALS = [
    pytest.param(signal.SIGINT, 130, marks=pytest.mark.slow),
    pytest.param(signal.SIGTERM, 143, marks=pytest.mark.slow),
    pytest.param(signal.SIGHUP, 129, marks=pytest.mark.slow),
]


@dg.job
def marts() -> None:
    pass


def test_the_slot_of_a_run_that_has_ended_is_freed_when_the_instance_is_opened(tmp_path: Path) -> None:
    with open_instance(tmp_path, progress=lambda _: None) as instance:
        log = instance.event_log_storage
        ended = instance.create_run_for_job(marts)
        instance.report_run_failed(ended, "killed")
        working = instance.create_run_for_job(marts, tags=own_tags(), status=dg.DagsterRunStatus.STARTED)
        log.initialize_concurrency_limit_to_default("warehouse")
        assert log.claim_concurrency_slot("warehouse", ended.run_id, "step").is_claimed
        assert not log.claim_concurrency_slot("warehouse", working.run_id, "step").is_claimed
        assert slots_of_ended_runs(instance) == [ended.run_id]
    with open_instance(tmp_path, progress=lambda _: None) as instance:
        log = instance.event_log_storage
        assert slots_of_ended_runs(instance) == []
        assert log.claim_concurrency_slot("warehouse", working.run_id, "step").is_claimed, "the next has it"


def test_a_run_whose_process_number_was_given_to_another_process_is_dead(tmp_path: Path) -> None:
    reused = {**own_tags(), STARTED_TAG: "1"}
    assert status_after_opening(tmp_path, reused) == dg.DagsterRunStatus.FAILURE
    assert status_after_opening(tmp_path, own_tags()) == dg.DagsterRunStatus.STARTED


def test_a_run_of_the_ui_is_dead_when_the_server_that_started_it_is_gone(tmp_path: Path) -> None:
    import socket

    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.bind(str(tmp_path / "s"))
    server.listen()
    tags = {SERVER_TAG: f'{{"host": "localhost", "socket": "{tmp_path / "s"}"}}'}
    assert status_after_opening(tmp_path, tags) == dg.DagsterRunStatus.STARTED
    server.close()
    assert status_after_opening(tmp_path, tags) == dg.DagsterRunStatus.FAILURE


@pytest.mark.parametrize("pid", ["", "abc", "-1", "9" * 30, "１"])
def test_a_tag_that_is_no_process_number_stops_nobody(tmp_path: Path, pid: str) -> None:
    assert status_after_opening(tmp_path, {PID_TAG: pid}) == dg.DagsterRunStatus.STARTED


@pytest.mark.parametrize("server", ["", "x", "[]", "{}", '{"port": "x"}', '{"port": null}', "null"])
def test_a_tag_that_names_no_server_stops_nobody(tmp_path: Path, server: str) -> None:
    assert status_after_opening(tmp_path, {SERVER_TAG: server}) == dg.DagsterRunStatus.STARTED


@pytest.mark.parametrize(
    "server", ['{"port": 99999999999}', f'{{"socket": "{"x" * 300}"}}', '{"socket": "a\\u0000b"}']
)
def test_a_tag_with_an_address_that_cannot_be_is_of_a_server_that_is_gone(
    tmp_path: Path, server: str
) -> None:
    assert status_after_opening(tmp_path, {SERVER_TAG: server}) == dg.DagsterRunStatus.FAILURE


def test_a_run_of_bri_run_that_is_executed_again_in_the_ui_is_not_dead_because_the_first_is(
    tmp_path: Path,
) -> None:
    """Dagster gives it the tags of the first."""
    first = {**own_tags(), STARTED_TAG: "1"}
    assert status_after_opening(tmp_path, first) == dg.DagsterRunStatus.FAILURE
    assert status_after_opening(tmp_path, first, parent="the first") == dg.DagsterRunStatus.STARTED


def status_after_opening(root: Path, tags: dict[str, str], parent: str | None = None) -> dg.DagsterRunStatus:
    with open_instance(root, progress=lambda _: None) as instance:
        run = dg.DagsterRun(
            job_name="marts",
            status=dg.DagsterRunStatus.STARTED,
            tags=tags,
            parent_run_id=parent,
            root_run_id=parent,
        )
        instance.add_run(run)
    with open_instance(root, progress=lambda _: None) as instance:
        found = instance.get_run_by_id(run.run_id)
        assert found is not None
        return found.status


HOLD = (
    "import sys, time\nfrom pathlib import Path\nfrom bri_pipeline.files.turn import turn\n"
    "with turn(Path(sys.argv[1]), 'run 1234 of the UI', 'x', print, limit=1):\n"
    "    print('held', flush=True)\n    time.sleep(60)\n"
)


@contextmanager
def holding(lock: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds a lock."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lock)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )
    assert process.stdout and process.stdout.readline() == "held\n"
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_waiting_says_for_whom_and_how_long_and_ends_with_the_way_out(tmp_path: Path) -> None:
    lock, said = tmp_path / "lock", list[str]()
    lines = InLines(said.append, waiting_every=1)
    with holding(lock) as other:
        used = time.process_time()
        with (
            pytest.raises(UserError, match="Let it end or stop it") as raised,
            turn(lock, "me", "the tables of live", lines, limit=2.2),
        ):
            pytest.fail("the lock was held")
        assert time.process_time() - used < 0.5, "it sleeps between two looks"
    held_by = f"held by run 1234 of the UI (process {other.pid})"
    assert held_by in str(raised.value)
    assert said[0] == f"Waiting for the tables of live, {held_by}; 0 s so far."
    assert [line.split()[-4:-2] for line in said] == [[str(n), "s"] for n in range(len(said))]
    assert len(said) in (2, 3)


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    with holding(tmp_path / "lock") as other:
        other.send_signal(signal.SIGKILL)
        other.wait()
        with turn(tmp_path / "lock", "me", "x", lambda event: pytest.fail(str(event)), limit=1):
            pass


@pytest.mark.parametrize(("seconds", "text"), [(0.9, "0 s"), (61, "1 min"), (3600 * 3 + 300, "3 h 5 min")])
def test_durations_are_said_in_words(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def bri_run(site: Site, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bri_pipeline", "run", "--study", str(site.study.path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        # A shell that runs the tests in the background has them ignore Ctrl-C, and what they start inherits it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        env={
            **os.environ,
            "BRI_HOME": str(site.settings.home),
            "PYTHONPATH": str(REPOSITORY),
            "PYTHONUNBUFFERED": "1",
            **more,
        },
    )


def read_until(process: subprocess.Popen[str], text: str) -> str:
    said = ""
    assert process.stdout
    for line in process.stdout:
        said += line
        if text in line:
            return said
    raise AssertionError(f"ended without saying {text!r}: {said}")


@pytest.mark.slow
@pytest.mark.parametrize(("number", "status"), SIGNALS)
def test_bri_run_that_waits_can_be_stopped(site: Site, number: signal.Signals, status: int) -> None:
    with holding(site.study_home.root / ".lake.lock") as other:
        run = bri_run(site)
        assert f"(process {other.pid})" in read_until(run, "Waiting for the files of small")
        sent = time.monotonic()
        os.killpg(run.pid, number)
        rest, _ = run.communicate(timeout=20)
    assert time.monotonic() - sent < 2
    assert run.returncode == status
    assert len(rest.strip().splitlines()) == 1 and "stopped by" in rest


def group_ends(group: int, within: float) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def slow_worker_site(folder: Path) -> Site:
    """A study whose files are read by worker processes."""
    random_archive(folder / "files", seed=42, years=(2011, 2012), size=60)
    path = folder / "study.toml"
    path.write_text(
        'name = "small"\nfocal_country = "CN"\nwindow = { start = 2011-01-01, end = 2012-12-31 }\n'
        f'partners = {list(PARTNERS)}\n[source]\npath = "{folder / "files"}"\n'
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BRI_HOME", str(folder / "home"))
        return Site(load_study(str(path)), load_settings())


# Worker processes import this as their site customization: each file then takes a minute to read.
SLOW_READING = """
import sys
if "multiprocessing.spawn" in " ".join(sys.orig_argv):
    import time
    from bri_pipeline.lake import weekly
    whole = weekly._land_file
    def slowly(*arguments):
        print("a worker reads", flush=True)
        time.sleep(60)
        return whole(*arguments)
    weekly._land_file = slowly
elif "bri_pipeline" in " ".join(sys.orig_argv):
    from bri_pipeline.lake import spread
    spread.PARALLEL_FROM_BYTES = 0
"""


@pytest.mark.parametrize(("number", "status"), SIGNALS)
def test_bri_run_can_be_stopped_while_worker_processes_read(
    tmp_path: Path, number: signal.Signals, status: int
) -> None:
    site = slow_worker_site(tmp_path)
    customization = tmp_path / "customization"
    customization.mkdir()
    (customization / "sitecustomize.py").write_text(SLOW_READING)
    run = bri_run(site, PYTHONPATH=f"{customization}:{REPOSITORY}", BRI_WORKERS="3")
    read_until(run, "a worker reads")
    sent = time.monotonic()
    os.killpg(run.pid, number)
    rest, _ = run.communicate(timeout=30)
    assert time.monotonic() - sent < 2
    assert run.returncode == status
    said = [line for line in rest.splitlines() if line.strip() and "a worker reads" not in line]
    assert len(said) == 1 and "stopped by" in said[0] and "is kept" in said[0]
    assert group_ends(run.pid, within=5), "no process is left behind"
    with open_instance(site.study_home.root) as instance:
        [found] = instance.get_runs()
        assert found.status in (dg.DagsterRunStatus.CANCELED, dg.DagsterRunStatus.FAILURE)


def test_run_configuration_cannot_name_folders(site: Site, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    job = site.definitions.resolve_job_def("refresh")
    for resource, config in (
        ("opened", {"folder": str(elsewhere)}),
        ("opened", {"study_file": "x", "folder": str(elsewhere)}),
        ("warehouse", {"database": str(elsewhere / "w.duckdb")}),
        ("io_manager", {"base_dir": str(elsewhere)}),
    ):
        with pytest.raises(dg.DagsterInvalidConfigError):
            job.execute_in_process(
                {"resources": {resource: {"config": config}}}, instance=dg.DagsterInstance.ephemeral()
            )
    assert not elsewhere.exists()
    assert StudyHome.of(site.study, site.settings).root.parent == site.settings.home
