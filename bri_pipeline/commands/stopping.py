"""Ctrl-C, SIGTERM and SIGHUP end a command within two seconds, with one sentence and the status of the signal."""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn, TypeVar

from bri_pipeline.signals import SIGNALS, exit_at_once, exit_at_once_on, heeded, name_of, stop_sentence

T = TypeVar("T")
LOOK_SECONDS = 0.2
FAREWELL_SECONDS = 1.0
# If the main thread is still in the same call then, the process ends: a call of DuckDB may take hours.
HEEDING_SECONDS = 1.5
# Python's resource tracker says so when a process ends without ceremony, and then cleans up all the same.
TRACKER_WARNING = "ignore:resource_tracker"


class Stopped(BaseException):
    """The command was asked to stop; like KeyboardInterrupt it is no error that code may handle."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    @property
    def status(self) -> int:
        """Exit status of the command."""
        return 128 + self.number

    @property
    def by(self) -> str:
        """What stopped it, for a person."""
        return name_of(self.number)

    @property
    def sentence(self) -> str:
        """What the user is told, on a line of its own."""
        return stop_sentence(self.number)


@contextmanager
def stoppable() -> Iterator[None]:
    """Raise Stopped in the main thread when one of the signals arrives; one that is ignored stays so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in SIGNALS}
    numbers = heeded()
    asked: list[int] = []
    interrupted: list[tuple[FrameType | None, int]] = []

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        interrupted.append(_position(frame))
        asked.append(number)
        raise Stopped(number)

    def is_stuck() -> bool:
        """Whether the main thread has not come to ``stop``, or is still in the call that ``stop`` was called in."""
        now = _position(sys._current_frames().get(threading.main_thread().ident or 0))
        return not interrupted or interrupted[-1] == now

    for number in numbers:
        signal.signal(number, stop)
    try:
        with _ended_if(is_stuck, numbers, stop):
            yield
    except Exception:
        if asked:  # DuckDB, for one, raises an error of its own in the place of Stopped
            raise Stopped(asked[0]) from None
        raise
    finally:
        for number in numbers:
            signal.signal(number, before[number])
        # Python takes some tenths of a second to exit; a signal then would end it without a word.
        atexit.register(exit_at_once_on, numbers)


def _position(frame: FrameType | None) -> tuple[FrameType | None, int]:
    return frame, frame.f_lasti if frame else -1


@contextmanager
def _ended_if(is_stuck: Callable[[], bool], numbers: Container[int], handler: object) -> Iterator[None]:
    """End the process some time after one of the signals has arrived, if it is stuck then.

    A handler is called between two instructions of Python, in the main thread, so a long call of a library keeps it
    from being called. What the system itself does at once is to write the signal's number to a descriptor.
    """
    hearing, told = socket.socketpair()
    told.setblocking(False)
    before = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)

    def hear() -> None:
        with hearing:
            while arrived := hearing.recv(1):
                number = arrived[0]
                if number in numbers and signal.getsignal(number) is handler:
                    time.sleep(HEEDING_SECONDS)
                    if is_stuck():
                        exit_at_once(number)

    threading.Thread(target=hear, name="bri-signals", daemon=True).start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        told.close()


def run_beside(work: Callable[[], T], sentence: Callable[[Stopped], str], tidy: Callable[[], object]) -> T:
    """Do the work in a second thread, so that this one can end the process at any moment.

    Dagster takes the signals over while it runs in the main thread, and then neither sees them while it waits nor
    stops the processes it waits for. Whatever is kept is written whole or not at all, so the process may end here.

    Args:
        work: what to do; its result or error is passed on.
        sentence: what to say on stderr when the process ends because Stopped was raised meanwhile.
        tidy: called before that is said, so that the terminal is as it was.

    Returns:
        What ``work`` returned.
    """
    outcome: list[T] = []
    errors: list[BaseException] = []

    def do() -> None:
        _leave_signals_to_main_thread()
        try:
            outcome.append(work())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=do, name="bri-work", daemon=True)
    # While it runs a step, Dagster sends what is written to stderr through files of its own.
    terminal = os.dup(2)
    os.environ.setdefault("PYTHONWARNINGS", TRACKER_WARNING)
    try:
        thread.start()
        while thread.is_alive():
            thread.join(LOOK_SECONDS)
    except Stopped as stopped:
        _end(stopped, thread, terminal, sentence(stopped), tidy)
    finally:
        os.close(terminal)
    if errors:
        raise errors[0]
    return outcome[0]


def _leave_signals_to_main_thread() -> None:
    """Processes started from here inherit it: Ctrl-C reaches all processes of a terminal, and these are ended."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})


def _end(
    stopped: Stopped, thread: threading.Thread, terminal: int, sentence: str, tidy: Callable[[], object]
) -> NoReturn:
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    tidy()
    os.write(terminal, f"\nbri: {sentence}\n".encode())
    _say_no_more()
    # Dagster notes a run that is interrupted as cancelled, if the thread gets to it in time.
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread.ident or 0), ctypes.py_object(KeyboardInterrupt)
    )
    for child in multiprocessing.active_children():
        child.kill()
    thread.join(FAREWELL_SECONDS)
    os._exit(stopped.status)


def _say_no_more() -> None:
    """What the interrupted work would say of it is not for the user."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
