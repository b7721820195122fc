"""Dagster's instance under ``$BRI_HOME/dagster``, shared by ``bri run`` and the UI."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import dagster as dg

from bri_pipeline.files.atomic import replacing
from bri_pipeline.orchestration.event_log import batch_events

PID_TAG = "bri/pid"
UNFINISHED = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]

TEMPLATE = """\
# Written by bri; a file that is already here is left alone.
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 4
  pools:
    granularity: op
    default_limit: 1
run_retries:
  enabled: true
  max_retries: 1
  retry_on_asset_or_op_failure: false
event_log_storage:
  module: bri_pipeline.orchestration.event_log
  class: BatchedSqliteEventLog
  config:
    base_dir: history/runs  # below this folder, which may be moved
"""


def prepare_home(home: Path) -> Path:
    """Make ``<home>/dagster`` with its ``dagster.yaml`` and point this process and its children at it."""
    folder = home / "dagster"
    config = folder / "dagster.yaml"
    if not config.is_file():
        with replacing(config) as temporary:
            temporary.write_text(TEMPLATE, encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(folder)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
    batch_events()
    return folder


@contextmanager
def open_instance(home: Path) -> Iterator[dg.DagsterInstance]:
    """The instance of a home; runs whose process was killed are marked as failed first."""
    folder = prepare_home(home)
    with dg.DagsterInstance.from_config(str(folder)) as instance:
        _close_killed_runs(instance)
        yield instance


def _close_killed_runs(instance: dg.DagsterInstance) -> None:
    for run in instance.get_runs(dg.RunsFilter(statuses=UNFINISHED)):
        pid = run.tags.get(PID_TAG)
        if pid and not _alive(int(pid)):
            instance.report_run_failed(
                run, message=f"The process of this run (PID {pid}) ended without saying so."
            )
            with suppress(Exception):
                instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
