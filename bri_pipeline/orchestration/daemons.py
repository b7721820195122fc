"""Whether the daemon of `bri ui`, which starts schedules, backfills and queued runs, is alive."""

import dagster as dg

NEEDED = ("SCHEDULER", "BACKFILL", "QUEUED_RUN_COORDINATOR", "SENSOR")


def silent_daemons(instance: dg.DagsterInstance) -> list[str]:
    """Parts of the daemon that have not reported within Dagster's own limit, in words."""
    statuses = instance.get_daemon_statuses(NEEDED)
    return [name.lower().replace("_", " ") for name in NEEDED if not statuses[name].healthy]
