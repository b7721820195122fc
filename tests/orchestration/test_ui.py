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
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from queue import Queue
from typing import IO

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


def with_modules_of_the_same_names(folder: Path) -> Path:
    """A folder with files that are called as libraries are, and end whoever takes them for those."""
    folder.mkdir(exist_ok=True)
    for name in ("json", "multiprocessing", "dagster", "polars", "dagster_webserver", "bri_pipeline"):
        (folder / f"{name}.py").write_text(f"raise SystemExit('the {name} of this folder is run')\n")
    return folder


class Said:
    """What a process prints, read as it comes: a pipe that nobody reads fills, and its writer waits for ever."""

    def __init__(self, stream: IO[str]) -> None:
        self.lines: list[str] = []
        self._address: Queue[str] = Queue()
        threading.Thread(target=self._read, args=(stream,), daemon=True).start()

    def _read(self, stream: IO[str]) -> None:
        for line in stream:
            self.lines.append(line)
            if found := re.search(r"Open (http://\S+)", line):
                self._address.put(found[1])
        self._address.put("")

    def address(self) -> str:
        """The address that is served; none where the process ended before."""
        return self._address.get(timeout=300)

    def __str__(self) -> str:
        return "".join(self.lines)


@contextmanager
def ui(
    site: Site, port: int, *, in_background: bool = False, settings: Mapping[str, str] | None = None
) -> Iterator[tuple[subprocess.Popen[str], str, Said]]:
    """The process, its address and what it says; a shell starts what is in the background with SIGINT ignored."""
    command = ["-P", "-m", "bri_pipeline", "ui", "--study", str(site.study.path), "--port", str(port)]
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=with_modules_of_the_same_names(site.settings.home.parent / "somebody's"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**environment(site), **(settings or {})},
        preexec_fn=(lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)) if in_background else None,
    )
    assert process.stdout
    said = Said(process.stdout)
    try:
        address = said.address()
        assert address, str(said)
        yield process, address, said
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


def gone(pids: set[int], seconds: float) -> bool:
    return holds_within(seconds, lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))


@pytest.mark.slow
def test_the_ui_takes_a_free_port_and_ends_by_sigterm_although_started_in_the_background(site: Site) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with ui(site, port, in_background=True) as (process, address, said):
            assert f"Port {port} is in use" in str(said) and not address.endswith(f":{port}")
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
    assert len(children) >= 3 and gone(children, seconds=10)


@pytest.mark.slow
def test_the_processes_of_a_killed_ui_end_with_it(site: Site) -> None:
    with ui(site, 3000) as (process, _, _said):
        children = descendants(process.pid)
        process.kill()
        process.wait()
    assert len(children) >= 3 and gone(children, seconds=25)


@pytest.mark.slow
def test_what_dies_under_the_ui_is_started_again_and_the_fourth_time_ends_it(site: Site) -> None:
    with ui(site, 3000) as (process, address, said):
        # The process that knows the assets is one that Dagster's code server starts; nothing tells when it is gone.
        for times, name in enumerate(("services daemon", "services web", "dagster api grpc"), start=1):
            [pid] = processes_of(process.pid, name)
            os.kill(pid, signal.SIGSEGV)
            assert holds_within(120, lambda times=times: str(said).count("started again") == times), said  # type: ignore[misc]
            assert holds_within(120, lambda: answers(address)), said
            assert len(processes_of(process.pid, "bri_pipeline.orchestration.services")) == 3
        [pid] = processes_of(process.pid, "services code")
        os.kill(pid, signal.SIGSEGV)
        assert process.wait(30) == 2
    assert "code server has ended (killed by SIGSEGV), for the 4th time" in str(said)
    assert "Fatal Python error: Segmentation fault" in str(said), "where it happened is printed"


def holds_within(seconds: float, holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.5)
    return holds()


def processes_of(pid: int, arguments: str) -> list[int]:
    listed = subprocess.run(
        ["ps", "-ww", "-eo", "pid=,args="], capture_output=True, text=True, check=True
    ).stdout
    found = {int(line.split()[0]) for line in listed.splitlines() if arguments in line}
    return sorted(found & descendants(pid))


def answers(address: str) -> bool:
    """Whether the web server answers, and the process that knows the assets, too."""
    query = {
        "query": '{ assetNodes { id } sensorsOrError(repositorySelector: {repositoryName: "__repository__", '
        'repositoryLocationName: "bri_pipeline"}) { __typename } }'
    }
    try:
        answer = requests.post(f"{address}/graphql", json=query, timeout=60).json()
    except requests.RequestException:
        return False
    return bool(answer.get("data")) and answer["data"]["sensorsOrError"]["__typename"] == "Sensors"
