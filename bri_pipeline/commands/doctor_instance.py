"""What ``bri doctor`` looks at in Dagster's instance of a study, and what ``bri doctor --mend`` mends in it."""

from __future__ import annotations

from collections.abc import Iterator

from filelock import FileLock, Timeout

from bri_pipeline.commands.doctor import Finding
from bri_pipeline.errors import UserError
from bri_pipeline.home import StudyHome
from bri_pipeline.orchestration.instance_faults import faults, mend
from bri_pipeline.progress import Listener, Progress
from bri_pipeline.settings import Settings

MEND = "run `bri doctor --mend`"


def instance_findings(home: StudyHome, settings: Settings) -> Iterator[Finding]:
    """Whether the instance is whole, whether `bri ui` is at work, and what dead runs hold. Changes nothing."""
    folder = home.root / "dagster"
    found = faults(folder, thorough=True)
    for fault in found:
        yield Finding("error", fault.text, f"{MEND}: {fault.mending}; the data is not touched")
    if found or not (folder / "dagster.yaml").is_file():
        return  # where there is none, the first run begins one
    yield Finding("ok", f"Dagster's history {folder} is whole")
    yield from _daemon(home, settings)
    try:
        yield from _dead(home, settings)
    except UserError as error:
        yield Finding("error", str(error))


def _daemon(home: StudyHome, settings: Settings) -> Iterator[Finding]:
    from bri_pipeline.orchestration.daemons import silent_daemons
    from bri_pipeline.orchestration.instance import open_as_it_is
    from bri_pipeline.orchestration.ui_status import ui_address

    if not _is_served(home):
        yield Finding("note", "`bri ui` is not running", "schedules and backfills wait until it does")
        return
    address = ui_address(home.root / "dagster")
    with open_as_it_is(home.root, settings.dagster_postgres_url) as instance:
        silent = silent_daemons(instance)
    if silent:
        what = f"`bri ui` at {address} runs, but parts of its daemon have not reported lately: {', '.join(silent)}"
        yield Finding("error", what, "stop `bri ui` and start it again")
    else:
        yield Finding("ok", f"`bri ui` serves {home.study.name} at {address}, and its daemon is alive")


def _is_served(home: StudyHome) -> bool:
    try:
        with FileLock(home.root / ".ui.lock", timeout=0):
            return False
    except Timeout:
        return True


def _dead(home: StudyHome, settings: Settings) -> Iterator[Finding]:
    from bri_pipeline.orchestration.dead_runs import dead_runs, slots_of_ended_runs
    from bri_pipeline.orchestration.instance import open_as_it_is

    with open_as_it_is(home.root, settings.dagster_postgres_url) as instance:
        for run in dead_runs(instance):
            yield Finding("error", f"run {run.run_id} looks at work but its process is gone", MEND)
        for run_id in slots_of_ended_runs(instance):
            yield Finding("error", f"run {run_id} has ended and holds the slot of a pool", MEND)


def mend_instance(home: StudyHome, settings: Settings, progress: Listener) -> None:
    """Mend the instance, mark dead runs as failed and free what ended runs hold.

    Raises:
        UserError: `bri ui` of the study is at work.
    """
    if _is_served(home):
        raise UserError(f"`bri ui` of {home.study.name} is at work; stop it, then mend.")
    folder = home.root / "dagster"
    with FileLock(home.root / ".dagster.lock"):
        mend(folder, progress)
    if not (folder / "dagster.yaml").is_file():
        return
    from bri_pipeline.orchestration.dead_runs import close_dead_runs, free_slots
    from bri_pipeline.orchestration.instance import open_as_it_is

    with open_as_it_is(home.root, settings.dagster_postgres_url) as instance:
        for run_id in free_slots(instance):
            progress(Progress(f"Freed what run {run_id}, which has ended, still held."))
        for run_id in close_dead_runs(instance):
            progress(Progress(f"Marked run {run_id} as failed; its process is gone."))
