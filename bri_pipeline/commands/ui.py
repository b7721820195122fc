"""``bri ui``: Dagster's web server, daemon and code server over the study's instance, watched while they serve."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

import click
from filelock import FileLock, Timeout

from bri_pipeline.commands.stopping import Stopped
from bri_pipeline.commands.ui_services import services
from bri_pipeline.errors import UserError
from bri_pipeline.home import StudyHome
from bri_pipeline.orchestration.dead_runs import close_dead_runs
from bri_pipeline.orchestration.guard import LOOPBACK, is_loopback, page_host
from bri_pipeline.orchestration.instance import open_instance
from bri_pipeline.orchestration.outages import Outages, keep_outages_in_file
from bri_pipeline.orchestration.ui_status import forget_address, remember_address, ui_address
from bri_pipeline.progress import InLines
from bri_pipeline.settings import Settings

LOOK_SECONDS = 0.3
EVERY_ADDRESS = ("0.0.0.0", "::", "[::]")
WATCH_SECONDS = 20
PORTS_TRIED = 50


def serve(home: StudyHome, settings: Settings, port: int, host: str, names: Sequence[str]) -> None:
    """Serve the UI until Ctrl-C, SIGTERM or SIGHUP.

    Args:
        home: the study's home.
        settings: the environment.
        port: port to listen on; the next free one where it is taken.
        host: address to listen on.
        names: names that proxies before the UI are addressed by, with the port if it is neither 80 nor 443.

    Raises:
        UserError: the UI of this study is served already, it did not start, or one of ``names`` is not a host name.
    """
    folder = home.root / "dagster"
    proxies = [page_host(name) for name in names]
    with (
        _only_one(home),
        open_instance(home.root, settings.dagster_postgres_url, InLines(click.echo)) as instance,
    ):
        os.environ["BRI_STUDY"] = str(home.study.path)
        os.environ["BRI_HOME"] = str(settings.home)
        if settings.lake:
            os.environ["BRI_LAKE"] = str(settings.lake)
        keep_outages_in_file("bri")
        chosen = free_port(host, port)
        if chosen != port:
            click.echo(f"Port {port} is in use; this UI takes {chosen}.")
        address = f"http://{name_in_address(host)}:{chosen}"
        hosts = [*LOOPBACK, *([] if host in LOOPBACK else [host, socket.gethostname().lower()])]
        with services(host, chosen, hosts, proxies) as running:
            remember_address(folder, address)
            try:
                _announce(home, address, host)
                watched = time.monotonic()
                outages = Outages(settings.dagster_postgres_url, folder, click.echo)
                while True:
                    running.restart_ended()
                    if time.monotonic() - watched > WATCH_SECONDS:
                        running.restart_silent()
                        with outages.noticed():
                            close_dead_runs(instance)
                        watched = time.monotonic()
                    time.sleep(LOOK_SECONDS)
            except Stopped:
                click.echo("Stopping the UI ...")
                raise
            finally:
                forget_address(folder)


def name_in_address(host: str) -> str:
    """How a browser reaches what listens on an address; what listens on all has the name of this machine."""
    if is_loopback(host):
        return "localhost"
    if host in EVERY_ADDRESS:
        return socket.gethostname().lower()
    return f"[{host.strip('[]')}]" if ":" in host else host


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
