"""Worker processes of this machine."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

SAFE_PATH = {"PYTHONSAFEPATH": "1"}
"""For Python's processes: else files in the working directory, such as a ``dagster.py`` that came with somebody's
study, are run in the place of the libraries of that name."""


def process_pool(processes: int) -> ProcessPoolExecutor:
    """A pool of fresh interpreters, which inherit the signals that this thread blocks.

    A fork of a process with running threads (Polars, Dagster) can hang; a fresh interpreter cannot.
    """
    os.environ.update(SAFE_PATH)
    _start_resource_tracker()
    return ProcessPoolExecutor(processes, mp_context=get_context("spawn"))


def shared(
    pool: ProcessPoolExecutor,
    work: Callable[[Item], Result],
    items: Sequence[Item],
    here: Callable[[Item], Result],
    done: Callable[[], None],
) -> Iterator[Result]:
    """Work on items in the pool's processes and in this one, which would only wait otherwise; results in order.

    The pool takes the items from the front; this process takes the last one the pool has not begun.

    Args:
        pool: the other processes.
        work: what they do with an item; a function of a module.
        items: each is worked on once.
        here: the same, done in this process.
        done: called after each item, in whatever order, from any thread.
    """
    futures = [pool.submit(work, item) for item in items]
    for future in futures:
        future.add_done_callback(lambda ended: None if ended.cancelled() else done())
    made_here: dict[int, Result] = {}
    last = len(items)
    try:
        for place, future in enumerate(futures):
            while last > place + 1 and not future.done():
                last -= 1
                if futures[last].cancel():
                    made_here[last] = here(items[last])
                    done()
            yield made_here.pop(place) if future.cancelled() else future.result()
    finally:  # after a failure nothing more is begun
        pool.shutdown(cancel_futures=True)


def _start_resource_tracker() -> None:
    """Start what multiprocessing starts with its first process, which unblocks SIGINT and SIGTERM in this thread."""
    if not hasattr(signal, "pthread_sigmask"):
        return
    from multiprocessing.resource_tracker import ensure_running

    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    ensure_running()
    signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
