"""Worker processes of this machine."""

from __future__ import annotations

import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def process_pool(processes: int) -> ProcessPoolExecutor:
    """A pool of fresh interpreters, which inherit the signals that this thread blocks.

    A fork of a process with running threads (Polars, Dagster) can hang; a fresh interpreter cannot.
    """
    _start_resource_tracker()
    return ProcessPoolExecutor(processes, mp_context=get_context("spawn"))


def _start_resource_tracker() -> None:
    """Start what multiprocessing starts with its first process, which unblocks SIGINT and SIGTERM in this thread."""
    if not hasattr(signal, "pthread_sigmask"):
        return
    from multiprocessing.resource_tracker import ensure_running

    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    ensure_running()
    signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
