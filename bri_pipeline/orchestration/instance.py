"""Dagster's instance of a study, ``$BRI_HOME/<study>/dagster``, shared by ``bri run`` and the UI."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from filelock import FileLock, Timeout

from bri_pipeline.errors import UserError
from bri_pipeline.files.atomic import replacing
from bri_pipeline.orchestration.dead_runs import close_dead_runs
from bri_pipeline.orchestration.event_log import batch_events
from bri_pipeline.orchestration.instance_faults import faults
from bri_pipeline.orchestration.storage import (
    is_lost_postgres,
    lost_postgres,
    storage_block,
    use_postgres,
    with_storage,
)
from bri_pipeline.progress import Listener, Progress, silent

MAKING_SECONDS = 120

TEMPLATE = """\
# Written by bri, which later only changes the part between the lines "storage"; the rest is yours.
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
run_monitoring:
  enabled: true
  start_timeout_seconds: 180
  cancel_timeout_seconds: 60
  poll_interval_seconds: 30
  free_slots_after_run_end_seconds: 60
run_retries:
  enabled: true
  max_retries: 1  # of runs whose process ended without saying so; not of those that failed with a reason
  retry_on_asset_or_op_failure: false
"""


def prepare_home(root: Path, postgres_url: str | None = None, progress: Listener = silent) -> Path:
    """Make ``<root>/dagster`` with its ``dagster.yaml`` and point this process and its children at it.

    Args:
        root: the study's folder.
        postgres_url: Postgres for Dagster's storage; SQLite files in the folder where it is null.
        progress: takes a sentence about an instance that an earlier version kept for all studies together.
    """
    root = root.absolute()
    folder = root / "dagster"
    config = folder / "dagster.yaml"
    if postgres_url:
        use_postgres(postgres_url, root.name)
    on_postgres = postgres_url is not None
    if not config.is_file():
        _name_older(root, progress)
        _write(config, TEMPLATE + storage_block(on_postgres))
    else:
        before = config.read_text(encoding="utf-8", errors="replace")
        if (after := with_storage(before, storage_block(on_postgres, before))) != before:
            _write(config, after)
    os.environ["DAGSTER_HOME"] = str(folder)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
    batch_events()
    return folder


@contextmanager
def open_instance(
    root: Path, postgres_url: str | None = None, progress: Listener = silent
) -> Iterator[dg.DagsterInstance]:
    """The instance of a study; it is made by one process at a time, and runs of dead processes are closed first.

    Raises:
        UserError: the instance is broken, and the file and the command that mends it are named; or Postgres went away.
    """
    root = root.absolute()
    folder = root / "dagster"
    with _naming_what_is_broken(folder, postgres_url):
        with _making(root):
            _refuse_broken(folder)
            prepare_home(root, postgres_url, progress)
            instance = dg.DagsterInstance.from_config(str(folder))
        with instance:
            close_dead_runs(instance)
            yield instance


@contextmanager
def open_as_it_is(root: Path, postgres_url: str | None = None) -> Iterator[dg.DagsterInstance]:
    """The instance of a study, with whatever dead runs have left in it."""
    root = root.absolute()
    with _making(root):
        folder = prepare_home(root, postgres_url)
        instance = dg.DagsterInstance.from_config(str(folder))
    with instance:
        yield instance


@contextmanager
def _making(root: Path) -> Iterator[None]:
    """Two processes that make Dagster's databases at once leave them with two versions."""
    root.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(root / ".dagster.lock", timeout=MAKING_SECONDS):
            yield
    except Timeout:
        raise UserError(
            f"Another process has been opening {root / 'dagster'} for {MAKING_SECONDS} s. "
            "Stop it (`bri doctor` shows what runs), then try again."
        ) from None


@contextmanager
def _naming_what_is_broken(folder: Path, postgres_url: str | None) -> Iterator[None]:
    """Whatever Dagster raises is the instance's fault if the instance is broken, or its database is gone."""
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        if postgres_url and is_lost_postgres(error):
            raise lost_postgres(postgres_url) from None
        _refuse_broken(folder)
        raise


def _refuse_broken(folder: Path) -> None:
    found = faults(folder)
    if found:
        raise UserError(
            f"Dagster's history of this study is broken: {found[0].text}. Run `bri doctor --mend`: "
            f"{found[0].mending}; the data of the study is not touched."
        )


def _name_older(root: Path, progress: Listener) -> None:
    older = root.parent / "dagster"
    if (older / "dagster.yaml").is_file() and older != root:
        now = f"Dagster's history is now kept for each study, this one's in {root / 'dagster'}."
        before = f"The one kept for all studies until now stays in {older} and is not used any more."
        progress(Progress(f"{now} {before}"))


def _write(config: Path, text: str) -> None:
    with replacing(config) as temporary:
        temporary.write_text(text, encoding="utf-8")
