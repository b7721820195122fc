"""Progress on standard error: on a terminal a bar per count at the bottom and sentences above; in a pipe only lines."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console, RenderableType
from rich.progress import BarColumn, ProgressColumn, Task, TaskID, TextColumn
from rich.progress import Progress as Bars
from rich.table import Column
from rich.text import Text

from bri_pipeline.printing import cut
from bri_pipeline.progress import BYTES, InLines, Listener, Progress, duration
from bri_pipeline.visible import visible

LONGEST = 300  # columns of a text that is cut to the line later
NARROW = 66
"""Columns of a terminal below which a bar has no room for the time left and for what is being worked on."""


@contextmanager
def shown_progress() -> Iterator[Display]:
    """A listener that shows events on standard error: as bars on a terminal, removed at the end, else as lines."""
    shown = BarDisplay() if _can_show_bars() else Display()
    try:
        yield shown
    finally:
        shown.stop()


class Display:
    """Shows events as lines on standard error."""

    def __init__(self) -> None:
        self._listener: Listener = InLines(lambda line: click.echo(visible(line), err=True))

    def __call__(self, event: Progress) -> None:
        """Show an event."""
        self._listener(event)

    def stop(self) -> None:
        """Nothing to do: every line has ended."""


class BarDisplay(Display):
    """Shows counts as bars at the bottom of the terminal, and sentences as lines above them.

    It writes to a copy of standard error's descriptor: Dagster replaces the original by a file while it runs a step.
    """

    def __init__(self) -> None:
        self._file = os.fdopen(os.dup(sys.stderr.fileno()), "w", encoding="utf-8", errors="replace")
        console = Console(file=self._file, markup=False, highlight=False, emoji=False)
        self._bars = _FittedBars(
            console=console, transient=True, redirect_stdout=False, redirect_stderr=False
        )
        self._tasks: dict[str, TaskID] = {}
        self._turn = threading.RLock()
        self._is_stopped = False

    def __call__(self, event: Progress) -> None:
        """Show an event; after ``stop`` nothing is shown any more."""
        with self._turn:
            if self._is_stopped:
                return
            if event.done is None:
                self._bars.console.print(Text(visible(event.what)), soft_wrap=True)
            elif event.is_wait and event.is_over:
                self._remove(event.what)
            else:
                self._move(event)

    def stop(self) -> None:
        """Take the bars away and show the cursor again."""
        # Not under the lock: a thread that holds it may never release it once this one ends the process.
        self._is_stopped = True
        self._bars.stop()
        self._file.close()

    def _move(self, event: Progress) -> None:
        self._bars.start()
        task, done = self._tasks.get(event.what), event.done or 0
        if task is None:
            task = self._bars.add_task(
                cut(event.what, LONGEST), total=event.of, count="", now="", is_wait=event.is_wait
            )
            self._tasks[event.what] = task
        elif done < self._bars.tasks[self._bars.task_ids.index(task)].completed:
            self._bars.reset(task, total=event.of)  # the same count again, for other years
        self._bars.update(
            task, total=event.of, completed=done, count=_numbers(event), now=cut(event.now, LONGEST)
        )

    def _remove(self, what: str) -> None:
        if (task := self._tasks.pop(what, None)) is not None:
            self._bars.remove_task(task)


class _FittedBars(Bars):
    """Bars with as many columns as the terminal has room for."""

    def get_renderables(self) -> Iterable[RenderableType]:
        """The counts as a table; below it the waits, each as wide as its text."""
        if not self.tasks:
            return
        self.columns = _WIDE if self.console.width >= NARROW else _SLIM
        counts = [task for task in self.tasks if not task.fields["is_wait"]]
        if counts:
            yield self.make_tasks_table(counts)
        for task in self.tasks:
            if task.fields["is_wait"]:
                yield Text(f"{task.description}, {task.fields['count']}", overflow="fold")


class _Current(ProgressColumn):
    """What is being worked on, in the rest of the line."""

    def render(self, task: Task) -> Text:
        """Its name, cut to the room there is."""
        return Text(task.fields["now"], no_wrap=True, overflow="ellipsis")


class _TimeLeft(ProgressColumn):
    """How long the rest will take at the pace of the last half minute; nothing until that is known."""

    max_refresh = 0.5

    def render(self, task: Task) -> Text:
        """Such as ``12 min left``."""
        left = task.time_remaining
        return Text("" if task.finished or left is None else f"{duration(left)} left")


_WHAT = TextColumn("{task.description}", table_column=Column(no_wrap=True, overflow="ellipsis"))
_COUNT = TextColumn("{task.fields[count]}", justify="right", table_column=Column(no_wrap=True))
_WIDE: tuple[ProgressColumn, ...] = (
    _WHAT,
    BarColumn(bar_width=20),
    _COUNT,
    _TimeLeft(table_column=Column(no_wrap=True)),
    _Current(table_column=Column(ratio=1, no_wrap=True, overflow="ellipsis")),
)
_SLIM: tuple[ProgressColumn, ...] = (_WHAT, BarColumn(bar_width=8), _COUNT)


def _numbers(event: Progress) -> str:
    """``412/887``; bytes, waits and counts of an unknown number as in a sentence."""
    if event.unit == BYTES or event.is_wait or event.of is None:
        return event.count
    return f"{event.done:,}/{event.of:,}"


def _can_show_bars() -> bool:
    """Whether standard error is a terminal that can move its cursor."""
    return sys.stderr.isatty() and os.environ.get("TERM") not in ("dumb", "unknown")
