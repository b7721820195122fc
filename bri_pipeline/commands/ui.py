"""``bri ui``: Dagster's web server, daemon and code server over the study's instance, as processes of this one."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import click
from filelock import FileLock, Timeout

from bri_pipeline.commands.stopping import Stopped
from bri_pipeline.errors import UserError
from bri_pipeline.home import StudyHome
from bri_pipeline.orchestration.dead_runs import close_dead_runs
from bri_pipeline.orchestration.guard import LOOPBACK, host_name, is_loopback
from bri_pipeline.orchestration.instance import open_instance
from bri_pipeline.orchestration.ui_status import forget_address, remember_address, ui_address
from bri_pipeline.progress import InLines
from bri_pipeline.settings import Settings

START_SECONDS = 120
STOP_SECONDS = 4
LOOK_SECONDS = 0.3
DEAD_RUNS_SECONDS = 20
PORTS_TRIED = 50
SERVICES = "bri_pipeline.orchestration.services"


def serve(home: StudyHome, settings: Settings, port: int, host: str, names: Sequence[str]) -> None:
    """Serve the UI until Ctrl-C, SIGTERM or SIGHUP.

    Args:
        home: the study's home.
        settings: the environment.
        port: port to listen on; the next free one where it is taken.
        host: address to listen on.
        names: further names that the UI may be addressed by, for those behind a proxy.

    Raises:
        UserError: the UI of this study is served already, it did not start, or one of ``names`` is not a host name.
    """
    folder = home.root / "dagster"
    allowed = [host_name(name) for name in names]
    with (
        _only_one(home),
        open_instance(home.root, settings.dagster_postgres_url, InLines(click.echo)) as instance,
    ):
        os.environ["BRI_STUDY"] = str(home.study.path)
        os.environ["BRI_HOME"] = str(settings.home)
        if settings.lake:
            os.environ["BRI_LAKE"] = str(settings.lake)
        chosen = free_port(host, port)
        if chosen != port:
            click.echo(f"Port {port} is in use; this UI takes {chosen}.")
        address = f"http://{'localhost' if is_loopback(host) else host}:{chosen}"
        hosts = [*LOOPBACK, *([] if host in LOOPBACK else [host, socket.gethostname().lower()]), *allowed]
        with _services(host, chosen, hosts) as processes:
            remember_address(folder, address)
            try:
                _announce(home, address, host)
                watched = time.monotonic()
                while True:
                    _refuse_ended(processes)
                    if time.monotonic() - watched > DEAD_RUNS_SECONDS:
                        close_dead_runs(instance)
                        watched = time.monotonic()
                    time.sleep(LOOK_SECONDS)
            except Stopped:
                click.echo("Stopping the UI ...")
                raise
            finally:
                forget_address(folder)


def free_port(host: str, wanted: int) -> int:
    """The port, or the next one that nobody listens on.

    Raises:
        UserError: none of the next fifty is free, or the address cannot be listened on.
    """
    for port in range(wanted, min(wanted + PORTS_TRIED, 65536)):
        with closing(socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host.strip("[]"), port))
                return port
            except PermissionError:
                raise UserError(f"Port {port} needs rights you do not have; choose one above 1024.") from None
            except socket.gaierror:
                raise UserError(f"--host {host} is no address of this machine; leave it out.") from None
            except OSError as error:
                if "requested address" in str(error):
                    raise UserError(f"--host {host} is no address of this machine; leave it out.") from None
    raise UserError(
        f"No port from {wanted} to {wanted + PORTS_TRIED - 1} is free; choose another with --port."
    )


def _announce(home: StudyHome, address: str, host: str) -> None:
    click.echo(
        f"Study {home.study.name}; Dagster's instance is {home.root / 'dagster'}. "
        f"Open {address} (stop with Ctrl-C)."
    )
    if not is_loopback(host):
        click.echo(
            f"Listening on {host}: Dagster has no password, so anyone who reaches this address can start and delete "
            "runs. Let a proxy ask for one (docs/operations.md)."
        )
    sys.stdout.flush()


@contextmanager
def _only_one(home: StudyHome) -> Iterator[None]:
    """Two daemons on one instance would both start what is due."""
    home.root.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(home.root / ".ui.lock", timeout=0):
            yield
    except Timeout:
        raise UserError(
            f"The UI of {home.study.name} is served already, at {ui_address(home.root / 'dagster')}. "
            "Open that, or stop it first."
        ) from None


@contextmanager
def _services(host: str, port: int, hosts: Sequence[str]) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The three processes, ready to answer; ended when the block ends."""
    processes: list[subprocess.Popen[bytes]] = []
    with tempfile.TemporaryDirectory(prefix="bri-ui-") as folder:
        code = str(Path(folder) / "code")
        workspace = Path(folder) / "workspace.yaml"
        entry = {"grpc_server": {"socket": code, "location_name": "bri_pipeline"}}
        workspace.write_text(json.dumps({"load_from": [entry]}), encoding="utf-8")
        try:
            processes.append(_start("code", code))
            _wait_for(socket.AF_UNIX, code, processes)
            processes.append(_start("web", str(workspace), host, str(port), json.dumps(list(hosts))))
            processes.append(_start("daemon", str(workspace)))
            _wait_for(
                socket.AF_INET6 if ":" in host else socket.AF_INET, (_reached_at(host), port), processes
            )
            yield processes
        finally:
            _stop(processes)


def _reached_at(host: str) -> str:
    """An address that this machine can reach a server at that listens on every address."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host.strip("[]"))


def _start(*arguments: str) -> subprocess.Popen[bytes]:
    # In a session of its own: Ctrl-C in the terminal reaches this process alone, which ends them in order. The
    # signals are as usual again, although a shell starts commands in the background with SIGINT ignored.
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", SERVICES, *arguments],
        stdin=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=_usual_signals,
    )


def _usual_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def _wait_for(family: int, address: object, processes: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        _refuse_ended(processes)
        with closing(socket.socket(family)) as probe:
            if probe.connect_ex(address) == 0:  # type: ignore[arg-type]
                return
        time.sleep(0.1)
    raise UserError(f"Dagster did not start within {START_SECONDS} s; see its messages above.")


def _refuse_ended(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is not None:
            name = process.args[5] if isinstance(process.args, list) else "?"
            raise UserError(
                f"Dagster's {name} process ended by itself (status {process.returncode}); its messages are above. "
                "Run `bri doctor`, then `bri ui` again."
            )


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """First the daemon and the web server, then the code server that runs hang on."""
    for process in reversed(processes):
        with suppress(OSError):
            process.terminate()
        if process.stdin:
            with suppress(OSError):
                process.stdin.close()
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
