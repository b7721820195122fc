"""``bri ui``: Dagster's web server and daemon over the study's instance."""

from __future__ import annotations

import os
import socket
import sys

import click

from bri_pipeline.errors import UserError
from bri_pipeline.orchestration.instance import prepare_home
from bri_pipeline.settings import Settings
from bri_pipeline.study import Study


def serve(study: Study, settings: Settings, port: int) -> None:
    """Replace this process by ``dagster dev`` on http://localhost:<port>.

    Raises:
        UserError: the port is taken.
    """
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise UserError(
                f"Port {port} is in use, perhaps by another `bri ui`. "
                f"Stop it or choose another: bri ui --port {port + 1}."
            )
    folder = prepare_home(settings.home)
    os.environ["BRI_STUDY"] = str(study.path)
    os.environ["BRI_HOME"] = str(settings.home)
    click.echo(
        f"Study {study.name}; Dagster's instance is {folder}. Open http://localhost:{port} (stop with Ctrl-C)."
    )
    sys.stdout.flush()
    command = [
        sys.executable,
        # Meant for those who make the code location, not for those who use it.
        "-W",
        "ignore:Function `dev_command` is superseded",
        "-m",
        "dagster",
        "dev",
        "-m",
        "bri_pipeline.definitions",
        "-h",
        "127.0.0.1",
        "-p",
        str(port),
    ]
    os.execv(sys.executable, command)
