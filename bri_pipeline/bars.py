"""Progress on the terminal: a bar per count at its foot, sentences above them; in a pipe lines only."""

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
from bri_pipeline.progress import InLines, Listener, Progress, duration
from bri_pipeline.visible import visible

LONGEST = 300  # columns of a text that is cut to the line later
NARROW = 66
"""Columns of a terminal below which a bar has no room for the time left and for what is in hand."""


@contextmanager
def shown_progress() -> Iterator[Shown]:
    """A listener that shows events on standard error, bars while it is a terminal; nothing of them is left behind."""
    shown = OnTerminal() if _has_bars() else Shown()
    try:
        yield shown
    finally:
        shown.stop()


class Shown:
    """Shows events as lines on standard error."""

    def __init__(self) -> None:
        self._listener: Listener = InLines(lambda line: click.echo(visible(line), err=True))

    def __call__(self, event: Progress) -> None:
        """Show an event."""
        self._listener(event)

    def stop(self) -> None:
        """Leave standard error as a line ends."""


class OnTerminal(Shown):
    """Shows counts as bars at the foot of the terminal, and sentences as lines above them.

    It writes to a copy of standard error's descriptor: Dagster puts a file in its place while it runs a step.
    """

    def __init__(self) -> None:
        self._file = os.fdopen(os.dup(sys.stderr.fileno()), "w", encoding="utf-8", errors="replace")
        console = Console(file=self._file, markup=False, highlight=False, emoji=False)
        self._bars = _Fitted(console=console, transient=True, redirect_stdout=False, redirect_stderr=False)
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
        self._is_stopped = (
            True  # without a turn: a thread that has it may never let go of it when this one ends all
        )
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
            self._bars.reset(task, total=event.of)  # the same again, of other years
        self._bars.update(
            task, total=event.of, completed=done, count=_numbers(event), now=cut(event.now, LONGEST)
        )

    def _remove(self, what: str) -> None:
        if (task := self._tasks.pop(what, None)) is not None:
            self._bars.remove_task(task)


class _Fitted(Bars):
    """Bars with as many columns as the terminal has room for."""

    def get_renderables(self) -> Iterable[RenderableType]:
        """A line per count; waits take a line of their own width."""
        if not self.tasks:
            return
        self.columns = _WIDE if self.console.width >= NARROW else _SLIM
        counts = [task for task in self.tasks if not task.fields["is_wait"]]
        if counts:
            yield self.make_tasks_table(counts)
        for task in self.tasks:
            if task.fields["is_wait"]:
                yield Text(f"{task.description}, {task.fields['count']}", overflow="fold")


class _Now(ProgressColumn):
    """What is in hand, in what is left of the line."""

    def render(self, task: Task) -> Text:
        """Its name."""
        return Text(task.fields["now"], no_wrap=True, overflow="ellipsis")


class _Left(ProgressColumn):
    """How long the rest will take at the pace of the last half minute; nothing until that is known."""

    max_refresh = 0.5

    def render(self, task: Task) -> Text:
        """In words."""
        left = task.time_remaining
        return Text("" if task.finished or left is None else f"{duration(left)} left")


_WHAT = TextColumn("{task.description}", table_column=Column(no_wrap=True, overflow="ellipsis"))
_COUNT = TextColumn("{task.fields[count]}", justify="right", table_column=Column(no_wrap=True))
_WIDE: tuple[ProgressColumn, ...] = (
    _WHAT,
    BarColumn(bar_width=20),
    _COUNT,
    _Left(table_column=Column(no_wrap=True)),
    _Now(table_column=Column(ratio=1, no_wrap=True, overflow="ellipsis")),
)
_SLIM: tuple[ProgressColumn, ...] = (_WHAT, BarColumn(bar_width=8), _COUNT)


def _numbers(event: Progress) -> str:
    """``412/887``; of bytes and seconds as in a sentence."""
    if event.unit in ("bytes", "s") or event.of is None:
        return event.count
    return f"{event.done:,}/{event.of:,}"


def _has_bars() -> bool:
    """Whether standard error is a terminal that can move its cursor."""
    return sys.stderr.isatty() and os.environ.get("TERM") not in ("dumb", "unknown")
