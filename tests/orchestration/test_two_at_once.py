"""Real processes at once: a run and a backfill of the UI, a `bri run`, and a reader; with SQLite and with Postgres."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest
import requests

from bri_pipeline.orchestration.jobs import RANGE_END, RANGE_START
from tests.orchestration.conftest import Site
from tests.orchestration.test_postgres import PASSWORD, database
from tests.orchestration.test_ui import environment, ui

__all__ = ["database"]

WITHIN_SECONDS = 400
SELECTOR = {"repositoryLocationName": "bri_pipeline", "repositoryName": "__repository__"}
LAUNCH = """mutation($params: ExecutionParams!) { launchRun(executionParams: $params) {
    __typename ... on LaunchRunSuccess { run { id } } ... on PythonError { message } } }"""
BACKFILL = """mutation($params: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $params) {
    __typename ... on PythonError { message } } }"""
RUNS = "{ runsOrError { ... on Runs { results { id status } } } }"


def ask(address: str, query: str, **variables: object) -> Any:
    answer = requests.post(
        f"{address}/graphql", json={"query": query, "variables": variables}, timeout=60
    ).json()
    assert "errors" not in answer, answer
    return answer["data"]


class Reader(threading.Thread):
    """An analyst who opens the published copy again and again, and looks whether its tables belong together."""

    def __init__(self, published: Path) -> None:
        super().__init__()
        self.published, self.stop = published, threading.Event()
        self.reads, self.problems = 0, list[str]()

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                with duckdb.connect(str(self.published), read_only=True) as con:
                    [(said,)] = con.execute("select patents from marts.summary").fetchall()
                    time.sleep(0.05)  # a publication may come between the two
                    [(counted,)] = con.execute("select count(*) from core.patents").fetchall()
                if said != counted:
                    self.problems.append(f"summary says {said}, there are {counted}")
            except duckdb.Error as error:
                self.problems.append(str(error))
            self.reads += 1


def at_once(site: Site, extra: dict[str, str]) -> None:
    command = [sys.executable, "-m", "bri_pipeline", "run", "--study", str(site.study.path)]
    first = subprocess.run(
        command,
        env=environment(site) | extra,
        capture_output=True,
        text=True,
        timeout=WITHIN_SECONDS,
        check=False,
    )
    assert first.returncode == 0, first.stderr
    assert site.study.source.path
    for path in site.study.source.path.rglob("ipab2012*.zip"):
        path.touch()  # looked at again
    reader = Reader(site.study_home.published)
    reader.start()
    try:
        with ui(site, 3400, settings=extra) as (_, address, _said):
            tags = [{"key": RANGE_START, "value": "2011"}, {"key": RANGE_END, "value": "2013"}]
            params = {
                "selector": {**SELECTOR, "jobName": "refresh"},
                "mode": "default",
                "runConfigData": {},
                "executionMetadata": {"tags": tags},
            }
            beside = subprocess.Popen(
                command,
                env=environment(site) | extra,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            launched = ask(address, LAUNCH, params=params)["launchRun"]
            assert launched["__typename"] == "LaunchRunSuccess", launched
            years = {
                "selector": {
                    "partitionSetName": "lake_partition_set",
                    "repositorySelector": SELECTOR,
                },
                "partitionNames": ["2011", "2012", "2013"],
                "fromFailure": False,
            }
            started = ask(address, BACKFILL, params=years)["launchPartitionBackfill"]
            assert started["__typename"] == "LaunchBackfillSuccess", started
            said, _ = beside.communicate(timeout=WITHIN_SECONDS)
            assert beside.returncode == 0, said
            wait_for_runs(address, 3)
    finally:
        reader.stop.set()
        reader.join()
    assert reader.problems == [] and reader.reads > 10


def wait_for_runs(address: str, at_least: int) -> None:
    """Until that many runs succeeded and none is at work."""
    deadline = time.monotonic() + WITHIN_SECONDS
    while time.monotonic() < deadline:
        states = [run["status"] for run in ask(address, RUNS)["runsOrError"]["results"]]
        assert not {"FAILURE", "CANCELED"} & set(states), states
        if len(states) >= at_least and set(states) == {"SUCCESS"}:
            return
        time.sleep(1)
    pytest.fail(f"{states} after {WITHIN_SECONDS} s")


@pytest.mark.slow
def test_runs_of_the_ui_a_backfill_bri_run_and_a_reader_end_well(site: Site) -> None:
    at_once(site, {})


@pytest.mark.slow
def test_the_same_on_postgres(site: Site, database: str) -> None:
    at_once(site, {"BRI_DAGSTER_POSTGRES_URL": database})
    written = b"".join(path.read_bytes() for path in site.study_home.root.rglob("*") if path.is_file())
    assert PASSWORD.encode() not in written
