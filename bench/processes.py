"""What a process takes.

Nothing large is imported here, since what is measured starts with the memory of the process that measures.
"""

from __future__ import annotations

import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Taken(NamedTuple):
    """What a process took, and what it printed.

    seconds    of the clock
    processor  seconds of user and system time, of the process and of those it waited for
    megabytes  peak memory of the largest of these processes
    """

    seconds: float
    processor: float
    megabytes: float
    printed: str


def run_measured(name: str, command: Sequence[str], environment: Mapping[str, str]) -> Taken:
    """Run a command to its end, with more variables in its environment.

    Raises:
        SystemExit: it ended with an error; the end of what it said is shown.
    """
    with tempfile.TemporaryFile("w+") as printed, tempfile.TemporaryFile("w+") as complaints:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=printed, stderr=complaints
        )
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        for file in (printed, complaints):
            file.seek(0)
        if status:
            ended = os.waitstatus_to_exitcode(status)
            raise SystemExit(f"{name} ended with {ended}:\n{complaints.read()[-2000:]}")
        return Taken(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, printed.read())


def processor_seconds() -> float:
    """User and system time of this process and of those it has waited for."""
    return time.process_time() + processor_seconds_of_children()


def processor_seconds_of_children() -> float:
    """User and system time of the processes that this one has waited for, and of those they waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
