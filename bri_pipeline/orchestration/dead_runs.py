"""Runs whose process has ended without saying so are marked as failed, and what they held is freed."""

from __future__ import annotations

import json
import os
import re
import socket
import sys
from contextlib import closing
from pathlib import Path

import dagster as dg

PID_TAG = "bri/pid"
STARTED_TAG = "bri/process_started"
SERVER_TAG = ".dagster/grpc_info"  # written by Dagster: the code server that started the run
UNFINISHED = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
CONNECT_SECONDS = 2
_PID = re.compile("[0-9]{1,9}", re.ASCII)


def own_tags() -> dict[str, str]:
    """Tags by which a later process can tell whether this one is still at work."""
    started = process_started(os.getpid())
    return {PID_TAG: str(os.getpid()), **({STARTED_TAG: started} if started else {})}


def is_of_bri_run(run: dg.DagsterRun) -> bool:
    """Whether `bri run` executes the run in its own process.

    Whoever starts a run in the UI may give it any tags, and one that is executed again has those of the first.
    """
    is_of_ui = run.parent_run_id is not None or SERVER_TAG in run.tags
    return not is_of_ui and _PID.fullmatch(run.tags.get(PID_TAG, "")) is not None


def dead_runs(instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    """Runs that look as if at work although their process, or the server that started it, is gone."""
    return [run for run in instance.get_runs(dg.RunsFilter(statuses=UNFINISHED)) if _is_dead(run)]


def close_dead_runs(instance: dg.DagsterInstance) -> list[str]:
    """Mark dead runs as failed and free the pool slots of runs that have ended.

    Returns:
        Ids of the runs that were marked.
    """
    closed = []
    for run in dead_runs(instance):
        instance.report_run_failed(run, message=_how_it_ended(run))
        closed.append(run.run_id)
    free_slots(instance)
    return closed


def slots_of_ended_runs(instance: dg.DagsterInstance) -> list[str]:
    """Ids of runs that have ended, or are gone, and still hold a pool's slot or wait for one."""
    log = instance.event_log_storage
    if not log.supports_global_concurrency_limits:
        return []
    holding = set(log.get_concurrency_run_ids())
    for pool in log.get_concurrency_keys():
        holding |= {slot.run_id for slot in log.get_concurrency_info(pool).claimed_slots}
    runs = {run_id: instance.get_run_by_id(run_id) for run_id in sorted(holding)}
    return [run_id for run_id, run in runs.items() if run is None or run.is_finished]


def free_slots(instance: dg.DagsterInstance) -> list[str]:
    """Free what ended runs hold.

    Returns:
        Ids of those runs.
    """
    ended = slots_of_ended_runs(instance)
    for run_id in ended:
        instance.event_log_storage.free_concurrency_slots_for_run(run_id)
    return ended


def process_started(pid: int) -> str | None:
    """When a process was started, in ticks since the machine was; null where the system does not say."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return stat.rpartition(")")[2].split()[19]


def is_alive(pid: int) -> bool:
    """Whether there is a process of this number."""
    if sys.platform == "win32":  # there os.kill would end it
        import ctypes

        handle = ctypes.windll.kernel32.OpenProcess(0x1000, False, pid)
        ctypes.windll.kernel32.CloseHandle(handle)
        return bool(handle)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_dead(run: dg.DagsterRun) -> bool:
    if is_of_bri_run(run):
        pid, started = int(run.tags[PID_TAG]), run.tags.get(STARTED_TAG)
        return not is_alive(pid) or (started is not None and process_started(pid) != started)
    address = _server_of(run)
    return address is not None and not _answers(*address)


def _server_of(run: dg.DagsterRun) -> tuple[socket.AddressFamily, object] | None:
    """Where the code server that started a run listens; null where its tag does not say."""
    try:
        server = json.loads(run.tags[SERVER_TAG])
        if "socket" in server:
            return socket.AF_UNIX, str(server["socket"])
        return socket.AF_INET, (str(server.get("host", "127.0.0.1")), int(server["port"]))
    except (KeyError, ValueError, TypeError, AttributeError):
        return None


def _answers(family: socket.AddressFamily, address: object) -> bool:
    """Whether the code server still listens; it reports runs that die while it lives."""
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.settimeout(CONNECT_SECONDS)
        try:
            return probe.connect_ex(address) == 0  # type: ignore[arg-type]
        except (OSError, OverflowError, ValueError):  # no address at all
            return False


def _how_it_ended(run: dg.DagsterRun) -> str:
    if is_of_bri_run(run):
        return f"The process of this run (PID {run.tags[PID_TAG]}) ended without saying so."
    return "The process of this run ended without saying so, with the `bri ui` that had started it."
