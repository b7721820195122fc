"""Worker processes of this machine."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

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


def _start_resource_tracker() -> None:
    """Start what multiprocessing starts with its first process, which unblocks SIGINT and SIGTERM in this thread."""
    if not hasattr(signal, "pthread_sigmask"):
        return
    from multiprocessing.resource_tracker import ensure_running

    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    ensure_running()
    signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
