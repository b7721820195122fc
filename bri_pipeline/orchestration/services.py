"""The processes of ``bri ui``: Dagster's code server, web server and daemon, each ended with the one that started it.

``python -m bri_pipeline.orchestration.services code|web|daemon ...``; standard input is a pipe from ``bri ui``, which
closes when that is gone, however it went.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from bri_pipeline.orchestration.outages import keep_outages_in_file

# A code server lets the runs it started come to their end for a moment.
GRACE_SECONDS = 10
LOCATION = "bri_pipeline"
MODULE = "bri_pipeline.definitions"


def main(arguments: list[str]) -> None:
    """Run one of the three."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    which, *rest = arguments
    keep_outages_in_file(which)
    services: dict[str, Callable[..., None]] = {"code": _code, "web": _web, "daemon": _daemon}
    services[which](*rest)


def _end_with_parent() -> None:
    while os.read(0, 1024):  # sys.stdin would be locked meanwhile, and Python could not end
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)


def _code(socket: str) -> None:
    from dagster._cli.code_server import code_server_cli

    # Dagster looks for modules in this folder first; by default it is the one where the command was given.
    empty = str(Path(socket).parent)
    arguments = ["start", "--module-name", MODULE, "--socket", socket, "--location-name", LOCATION]
    arguments += ["--working-directory", empty]
    code_server_cli([*arguments, "--log-level", "warning"])


def _daemon(workspace: str) -> None:
    from dagster._daemon.cli import run_command

    # At the first start of a study it warns that it begins at the beginning.
    logging.getLogger("dagster.daemon.EventLogConsumerDaemon").addFilter(_is_no_first_start)
    run_command(["--workspace", workspace, "--log-level", "warning"])


def _is_no_first_start(record: logging.LogRecord) -> bool:
    return not record.getMessage().startswith("No cursor for event type")


def _web(workspace: str, host: str, port: str, names: str) -> None:
    import dagster as dg
    import uvicorn
    from dagster._core.workspace.context import WorkspaceProcessContext
    from dagster._core.workspace.load_target import WorkspaceFileTarget
    from dagster_webserver.app import create_app_from_workspace_process_context
    from dagster_webserver.version import __version__

    from bri_pipeline.home import StudyHome
    from bri_pipeline.orchestration.guard import guarded
    from bri_pipeline.orchestration.web_pages import own_pages
    from bri_pipeline.settings import load_settings
    from bri_pipeline.study import load_study

    with (
        dg.DagsterInstance.get() as instance,
        WorkspaceProcessContext(
            instance, WorkspaceFileTarget(paths=[workspace]), version=__version__
        ) as workspace_context,
    ):
        app = create_app_from_workspace_process_context(workspace_context)
        settings = load_settings()
        app.router.routes[:0] = own_pages(StudyHome.of(load_study(settings.study), settings))
        uvicorn.run(
            guarded(app, **json.loads(names)),
            host=host,
            port=int(port),
            log_level="warning",
            timeout_graceful_shutdown=2,
        )


if __name__ == "__main__":
    main(sys.argv[1:])
