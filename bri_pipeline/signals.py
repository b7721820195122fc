"""The signals that stop a command, and how it ends at once."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from types import FrameType
from typing import NoReturn

NAMES = {"SIGINT": "Ctrl-C", "SIGTERM": "SIGTERM", "SIGHUP": "the end of the terminal"}
SIGNALS = tuple(getattr(signal, name) for name in NAMES if hasattr(signal, name))
STATUSES = tuple(128 + number for number in SIGNALS)
"""Exit status: 130 after Ctrl-C, 143 after SIGTERM, 129 after SIGHUP."""


def name_of(number: int) -> str:
    """What stopped the command, for a person."""
    return NAMES[signal.Signals(number).name]


def stop_sentence(number: int) -> str:
    """What the user is told, on a line of its own."""
    return f"\nbri: stopped by {name_of(number)}; what was finished is kept."


def heeded() -> list[int]:
    """Those not ignored: a shell starts commands in the background without SIGINT, nohup without SIGHUP."""
    return [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]


def exit_at_once(number: int, _frame: FrameType | None = None) -> NoReturn:
    """Say so and end, without what Python does at the end: a library may be half imported, or in a call of its own."""
    with suppress(OSError, ValueError):
        sys.stdout.flush()
    with suppress(OSError):
        os.write(2, f"{stop_sentence(number)}\n".encode())
    os._exit(128 + number)


def exit_at_once_on(numbers: list[int]) -> None:
    """From now on, end at once when one of the signals arrives."""
    for number in numbers:
        signal.signal(number, exit_at_once)
