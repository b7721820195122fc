"""``bri ui``: starts on a free port, answers, and ends by a signal, however it was started."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import requests

from tests.end_to_end.studies import REPOSITORY
from tests.orchestration.conftest import Site


def environment(site: Site) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BRI_", "DAGSTER_"))}
    return {
        **kept,
        "BRI_HOME": str(site.settings.home),
        "PYTHONPATH": str(REPOSITORY),
        "PYTHONUNBUFFERED": "1",
    }


@contextmanager
def ui(
    site: Site, port: int, *, in_background: bool = False, settings: Mapping[str, str] | None = None
) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """The process, its address and what it said; a shell starts what is in the background with SIGINT ignored."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bri_pipeline", "ui", "--study", str(site.study.path), "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**environment(site), **(settings or {})},
        preexec_fn=(lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)) if in_background else None,
    )
    try:
        said = ""
        assert process.stdout
        for line in process.stdout:
            said += line
            if found := re.search(r"Open (http://\S+)", line):
                # Runs say a lot; a pipe that nobody reads fills, and they wait for ever.
                threading.Thread(target=process.stdout.read, daemon=True).start()
                yield process, found[1], said
                break
        else:
            pytest.fail(said)
    finally:
        process.terminate()
        process.wait(20)


def descendants(pid: int) -> set[int]:
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = {int(line.split()[0]): int(line.split()[1]) for line in listed.splitlines()}
    found: set[int] = set()
    while new := {child for child, parent in parents.items() if parent in found | {pid}} - found:
        found |= new
    return found


def gone(pids: set[int], within: float) -> bool:
    deadline = time.monotonic() + within
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.1)
    return not any(Path(f"/proc/{pid}").exists() for pid in pids)


@pytest.mark.slow
def test_the_ui_takes_a_free_port_and_ends_by_sigterm_although_started_in_the_background(site: Site) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with ui(site, port, in_background=True) as (process, address, said):
            assert f"Port {port} is in use" in said and not address.endswith(f":{port}")
            query = {"query": "{ workspaceOrError { ... on Workspace { locationEntries { loadStatus } } } }"}
            answered = requests.post(f"{address}/graphql", json=query, timeout=30).json()
            assert answered["data"]["workspaceOrError"]["locationEntries"] == [{"loadStatus": "LOADED"}]
            assert (
                requests.get(f"{address}/", headers={"Host": "evil.example"}, timeout=30).status_code == 400
            )
            again = subprocess.run(
                [sys.executable, "-m", "bri_pipeline", "ui", "--study", str(site.study.path)],
                capture_output=True,
                text=True,
                env=environment(site),
                timeout=60,
                check=False,
            )
            assert again.returncode == 2 and address in again.stderr, "one UI for one study"
            children = descendants(process.pid)
            process.send_signal(signal.SIGTERM)
            assert process.wait(15) == 143
    assert len(children) >= 3 and gone(children, within=10)


@pytest.mark.slow
def test_the_processes_of_a_killed_ui_end_with_it(site: Site) -> None:
    with ui(site, 3000) as (process, _, _said):
        children = descendants(process.pid)
        process.kill()
        process.wait()
    assert len(children) >= 3 and gone(children, within=25)
