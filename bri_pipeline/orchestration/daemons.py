"""Whether the daemon of `bri ui`, which starts runs, and its code server, which knows the assets, are alive."""

import dagster as dg
from dagster._core.errors import DagsterUserCodeUnreachableError
from dagster._grpc.client import DagsterGrpcClient

NEEDED = ("SCHEDULER", "BACKFILL", "QUEUED_RUN_COORDINATOR", "SENSOR")


def silent_daemons(instance: dg.DagsterInstance) -> list[str]:
    """Parts of the daemon that have not reported within Dagster's own limit, in words."""
    statuses = instance.get_daemon_statuses(NEEDED)
    return [name.lower().replace("_", " ") for name in NEEDED if not statuses[name].healthy]


def code_server_answers(socket: str) -> bool:
    """Whether the code server at a socket tells what it has; slowness on a busy machine is no silence."""
    try:
        DagsterGrpcClient(socket=socket).list_repositories()
    except DagsterUserCodeUnreachableError as error:
        status = getattr(error.__cause__, "code", lambda: None)()
        return getattr(status, "name", None) == "DEADLINE_EXCEEDED"
    return True
