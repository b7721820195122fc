"""One at a time: a lock that is free again when its process ends, however it ends, and says who is waited for."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from bri_pipeline.errors import UserError
from bri_pipeline.files.atomic import read_json, write_json
from bri_pipeline.progress import SECONDS, Listener, Progress, duration

LOOK_AGAIN_SECONDS = 0.5


@contextmanager
def turn(
    lock: Path,
    who: str,
    what: str,
    progress: Listener,
    *,
    limit: float,
) -> Iterator[None]:
    """Hold a lock file; while another process holds it, say for whom and how long this waits.

    Args:
        lock: the lock file; ``<lock>.json`` beside it says who holds it.
        who: this process for those who wait, e.g. ``bri run``.
        what: what is waited for, e.g. ``the tables of live``.
        progress: takes the seconds waited so far at every look, and once more when the wait is over.
        limit: seconds after which this gives up.

    Raises:
        UserError: the lock was not free within the limit; it names the process that holds it.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    held = FileLock(lock)
    _acquire(held, lock, what, progress, limit)
    try:
        write_json(_holder_file(lock), {"pid": os.getpid(), "who": who})
        yield
    finally:
        _holder_file(lock).unlink(missing_ok=True)
        held.release()


def _acquire(held: FileLock, lock: Path, what: str, progress: Listener, limit: float) -> None:
    started, said = time.monotonic(), ""
    while True:
        waited = time.monotonic() - started
        try:
            held.acquire(timeout=0)
        except Timeout:
            if waited > limit:
                raise UserError(
                    f"Gave up after waiting {duration(waited)} for {what}, held by {holder(lock)}. "
                    "Let it end or stop it, then try again."
                ) from None
        else:
            if said:
                progress(Progress(said, int(waited), int(waited), SECONDS))
            return
        said = said or f"Waiting for {what}, held by {holder(lock)}"
        progress(Progress(said, int(waited), None, SECONDS))
        time.sleep(LOOK_AGAIN_SECONDS)


def holder(lock: Path) -> str:
    """Who holds a lock, for a person."""
    try:
        found = read_json(_holder_file(lock))
    except (ValueError, UserError):
        found = None
    return f"{found['who']} (process {found['pid']})" if found else "another process"


def _holder_file(lock: Path) -> Path:
    return lock.with_name(lock.name + ".json")
