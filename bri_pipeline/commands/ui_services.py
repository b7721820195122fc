"""Dagster's code server, web server and daemon as processes of ``bri ui``, started again when one of them ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import click

from bri_pipeline.errors import UserError
from bri_pipeline.orchestration.daemons import code_server_answers
from bri_pipeline.processes import SAFE_PATH
from bri_pipeline.settings import STARTED_IN, working_directory

START_SECONDS = 120
STOP_SECONDS = 4
RESTARTS, RESTARTS_SECONDS = 3, 600  # more restarts in this time mean that something is broken
MODULE = "bri_pipeline.orchestration.services"
CODE, WEB, DAEMON = "code", "web", "daemon"
CALLED = {CODE: "code server", WEB: "web server", DAEMON: "daemon"}

Process = subprocess.Popen[bytes]


@contextmanager
def services(host: str, port: int, hosts: Sequence[str], proxies: Sequence[str]) -> Iterator[Services]:
    """The three processes, ready to answer; ended when the block ends.

    Raises:
        UserError: one of them did not start.
    """
    with tempfile.TemporaryDirectory(prefix="bri-ui-", ignore_cleanup_errors=True) as folder:
        started = Services(Path(folder), host, port, hosts, proxies)
        try:
            started.start()
            yield started
        finally:
            started.stop()


class _EndedEarly(UserError):
    """A process ended while another one, or it itself, was starting."""


class Services:
    """The three processes. The web server and the daemon ask the code server, which knows the assets."""

    def __init__(
        self, folder: Path, host: str, port: int, hosts: Sequence[str] = (), proxies: Sequence[str] = ()
    ) -> None:
        self._folder = folder
        self._host, self._port = host, port
        self._names = json.dumps({"hosts": list(hosts), "proxies": list(proxies)})
        self._running: dict[str, Process] = {}
        self._starts = 0
        self._restarts: list[float] = []
        self._was_silent = False

    def start(self) -> None:
        """Start all three; a code server that takes another's place has an address of its own.

        Runs are told apart by the address of the server that started them: those of a server that is gone are dead.
        """
        self._starts += 1
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # /tmp may have been cleared meanwhile
        entry = {"grpc_server": {"socket": self._code_socket, "location_name": "bri_pipeline"}}
        self._workspace.write_text(json.dumps({"load_from": [entry]}), encoding="utf-8")
        self._start(CODE, self._code_socket)
        self._wait_for(socket.AF_UNIX, self._code_socket)
        self._start_web()
        self._start_daemon()
        self._wait_for_web()

    def stop(self) -> None:
        """First the daemon and the web server, then the code server that runs hang on."""
        processes = list(self._running.values())
        for process in reversed(processes):
            with suppress(OSError):
                process.terminate()
            if process.stdin:
                with suppress(OSError):
                    process.stdin.close()
        deadline = time.monotonic() + STOP_SECONDS
        while any(map(_has_ones_left, processes)) and time.monotonic() < deadline:
            time.sleep(0.1)
        for process in processes:  # with what they started: the process of the assets, and its runs
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self._running.clear()

    def restart_ended(self) -> None:
        """Start again what has ended by itself: killed, out of memory, or by a fault of a library.

        Raises:
            UserError: this happened too often lately, or what was started does not answer.
        """
        while ended := self._ended():
            for name, status in ended.items():
                self._note_restart(f"Dagster's {CALLED[name]} has ended ({_in_words(status)})")
            # Another one may end meanwhile: short of memory, the system ends several in a row.
            with suppress(_EndedEarly):
                self._start_again(ended)

    def _ended(self) -> dict[str, int]:
        return {name: process.returncode for name, process in self._running.items() if _has_ended(process)}

    def _start_again(self, ended: Collection[str]) -> None:
        if CODE in ended:
            self.stop()
            self.start()
            return
        if DAEMON in ended:
            self._start_daemon()
        if WEB in ended:
            self._start_web()
            self._wait_for_web()

    def restart_silent(self) -> None:
        """Start all three again when the code server has not answered at two looks.

        It keeps the assets in a process of its own; when that is gone the code server stays and answers nothing.

        Raises:
            UserError: as for ``restart_ended``.
        """
        silent = not code_server_answers(self._code_socket)
        if silent and self._was_silent:
            self._note_restart("Dagster's code server does not answer any more")
            with suppress(_EndedEarly):  # the next look starts it again
                self._start_again([CODE])
            silent = False
        self._was_silent = silent

    @property
    def _code_socket(self) -> str:
        return str(self._folder / f"code-{self._starts}")

    @property
    def _workspace(self) -> Path:
        return self._folder / "workspace.yaml"

    def _start_web(self) -> None:
        self._start(WEB, str(self._workspace), self._host, str(self._port), self._names)

    def _start_daemon(self) -> None:
        self._start(DAEMON, str(self._workspace))

    def _start(self, name: str, *arguments: str) -> None:
        # In a session of its own: Ctrl-C in the terminal reaches `bri ui` alone, which ends them in order. The signals
        # are as usual again, although a shell starts commands in the background with SIGINT ignored.
        self._running[name] = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-X", "faulthandler", "-m", MODULE, name, *arguments],
            stdin=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=_usual_signals,
            # In a folder with no .env: Dagster takes each line of one into the environment, PYTHONPATH and proxies too,
            # before that of the user, in the daemon, the code server and every run.
            cwd=self._folder,
            env=self._environment(),
        )

    def _environment(self) -> dict[str, str]:
        """The environment of the three and of the processes that they start."""
        found = {**os.environ, **SAFE_PATH, STARTED_IN: str(working_directory())}
        found["PYTHONFAULTHANDLER"] = "1"  # where a library crashes, the place is printed
        if path := found.get("PYTHONPATH"):
            # To import our definitions, Dagster drops the first entry of Python's path, which it takes for the script's
            # folder. That entry is not there with the safe path: without this one, the user's first would be dropped.
            found["PYTHONPATH"] = f"{self._folder}{os.pathsep}{path}"
        return found

    def _wait_for_web(self) -> None:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        self._wait_for(family, (_reached_at(self._host), self._port))

    def _wait_for(self, family: int, address: object) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            self._refuse_ended()
            with closing(socket.socket(family)) as probe:
                if probe.connect_ex(address) == 0:  # type: ignore[arg-type]
                    return
            time.sleep(0.1)
        raise UserError(f"Dagster did not start within {START_SECONDS} s; see its messages above.")

    def _refuse_ended(self) -> None:
        for name, status in self._ended().items():
            raise _EndedEarly(
                f"Dagster's {CALLED[name]} ended while it started ({_in_words(status)}); its messages "
                "are above. Run `bri doctor`, then `bri ui` again."
            )

    def _note_restart(self, why: str) -> None:
        now = time.monotonic()
        self._restarts = [at for at in self._restarts if now - at < RESTARTS_SECONDS] + [now]
        if len(self._restarts) > RESTARTS:
            raise UserError(
                f"{why}, for the {len(self._restarts)}th time in {RESTARTS_SECONDS // 60} minutes; its messages are "
                "above. Run `bri doctor`, then `bri ui` again."
            )
        click.echo(f"{why}; it is started again.")
        sys.stdout.flush()


def _has_ended(process: Process) -> bool:
    return process.poll() is not None


def _has_ones_left(process: Process) -> bool:
    """Whether the process, or one that it started, is still there."""
    process.poll()
    try:
        os.killpg(process.pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _in_words(status: int) -> str:
    """``killed by SIGSEGV``, or ``status 1``."""
    if status >= 0:
        return f"status {status}"
    try:
        return f"killed by {signal.Signals(-status).name}"
    except ValueError:
        return f"killed by signal {-status}"


def _reached_at(host: str) -> str:
    """An address that this machine can reach a server at that listens on every address."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host.strip("[]"))


def _usual_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
