"""Progress of work: one kind of event, which logs, Dagster's log and the bars of a terminal all take."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

SECONDS = "s"
BYTES = "bytes"


@dataclass(frozen=True, slots=True)
class Progress:
    """A sentence, or a count of what is done.

    what  the sentence; where something is counted, what is being done, such as ``reading files``
    done  how many are done; null for a sentence
    of    of how many; null where nobody knows, as while waiting
    unit  what is counted: files, bytes, tables; ``s`` for the seconds of a wait
    now   what is being worked on, such as the name of a file
    """

    what: str
    done: int | None = None
    of: int | None = None
    unit: str = ""
    now: str = ""

    @property
    def is_wait(self) -> bool:
        """Whether this is a wait of unknown length."""
        return self.unit == SECONDS

    @property
    def is_over(self) -> bool:
        """Whether all of what is counted is done."""
        return self.done is not None and self.done == self.of

    @property
    def count(self) -> str:
        """``12 of 52 files``; ``12.3 of 340.0 MB``; ``40 s``."""
        done, of = self.done or 0, self.of
        if self.is_wait:
            return duration(done)
        if self.unit == BYTES:
            return f"{done / 1e6:,.1f} of {(of or 0) / 1e6:,.1f} MB"
        return f"{done:,} of {of:,} {self.unit}" if of is not None else f"{done:,} {self.unit}"

    def __str__(self) -> str:
        if self.done is None:
            return self.what
        if self.is_wait:
            return f"{self.what}; {self.count} so far."
        return f"{self.what}: {self.count}" + (f" ({self.now})" if self.now else "")


Listener: TypeAlias = Callable[[Progress], object]


def silent(_: Progress) -> None:
    """A listener that ignores every event."""


def duration(seconds: float) -> str:
    """``40 s``, ``12 min``, ``3 h 5 min``."""
    minutes = int(seconds // 60)
    if minutes == 0:
        return f"{int(seconds)} s"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


class Count:
    """Counts what is done of a known number, from any thread, and tells a listener."""

    def __init__(self, progress: Listener, what: str, of: int, unit: str) -> None:
        self._progress, self._what, self._of, self._unit = progress, what, of, unit
        self._done, self._turn = 0, threading.Lock()
        self._say("")

    def begin(self, now: str) -> None:
        """Say what is being worked on."""
        with self._turn:
            self._say(now)

    def add(self, count: int = 1) -> None:
        """Add to the number done."""
        with self._turn:
            self._done += count
            self._say("")

    def reach(self, done: int) -> None:
        """Set the number done."""
        with self._turn:
            self._done = done
            self._say("")

    def _say(self, now: str) -> None:
        if self._of:
            self._progress(Progress(self._what, self._done, self._of, self._unit, now))


class InLines:
    """A listener for logs and pipes: passes on sentences at once, and a count now and then.

    Args:
        say: takes the lines.
        every: seconds between two lines of the same count; a count that ends sooner has no line.
        waiting_every: seconds between two lines of the same wait, whose beginning has a line, too.
        clock: a clock in seconds.
    """

    def __init__(
        self,
        say: Callable[[str], object],
        *,
        every: float = 30.0,
        waiting_every: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._say, self._every, self._waiting_every, self._clock = say, every, waiting_every, clock
        self._begun: dict[str, tuple[float, int]] = {}  # when, and how much was done then
        self._said: dict[str, float] = {}

    def __call__(self, event: Progress) -> None:
        """Say the event, if it is time."""
        if event.done is None:
            self._say(str(event))
            return
        now = self._clock()
        if event.what not in self._begun:
            self._begun[event.what] = now, event.done
            self._said[event.what] = float("-inf") if event.is_wait else now
        if not event.is_over and now - self._said[event.what] >= self._pause(event):
            self._said[event.what] = now
            self._say(f"{event}{self._left(event, now)}")
        if event.is_over:
            del self._begun[event.what]

    def _pause(self, event: Progress) -> float:
        return self._waiting_every if event.is_wait else self._every

    def _left(self, event: Progress, now: float) -> str:
        """How long the rest will take at the pace so far."""
        begun, before = self._begun[event.what]
        done = event.done or 0
        if event.of is None or done <= before or now <= begun:
            return ""
        return f", {duration((event.of - done) * (now - begun) / (done - before))} left"


class LogForwarder(logging.Handler):
    """Passes log messages on to a listener; printed by themselves they would run into the bars of a terminal."""

    def __init__(self, listener: Listener) -> None:
        super().__init__()
        self._listener = listener

    def emit(self, record: logging.LogRecord) -> None:
        """Pass on a message."""
        self._listener(Progress(self.format(record)))
