"""How far a download has come."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bri_pipeline.portal.products import BulkFile


@dataclass(frozen=True)
class Progress:
    """Files and bytes ended and in all, of the files this run has to fetch.

    bytes_done    of the files' contents, what a resumed transfer had before included
    seconds_left  at the pace of this run so far; None until it can be estimated
    """

    file: str
    files_done: int
    files_total: int
    bytes_done: int
    bytes_total: int
    seconds_left: float | None

    def __str__(self) -> str:
        left = "" if self.seconds_left is None else f", {_duration(self.seconds_left)} left"
        megabytes = f"{self.bytes_done / 1e6:,.1f} of {self.bytes_total / 1e6:,.1f} MB"
        return f"{self.files_done} of {self.files_total} files, {megabytes}{left} ({self.file})"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


class Occasionally:
    """Passes on one state every so many seconds: for logs, and outputs that are no terminal."""

    def __init__(
        self,
        say: Callable[[str], None],
        seconds: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._say, self._seconds, self._clock = say, seconds, clock
        self._said = clock()

    def __call__(self, state: object) -> None:
        """Say the state, if it is time."""
        if self._clock() - self._said >= self._seconds:
            self._said = self._clock()
            self._say(str(state))


class ProgressMeter:
    """Adds up what arrives and passes it to ``listener``."""

    def __init__(
        self,
        due: Iterable[BulkFile],
        listener: Callable[[Progress], None] | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sizes = {file.name: file.size for file in due}
        self._total = sum(self._sizes.values())
        self._ended = self._bytes_ended = self._bytes_of_file = 0
        self._listener, self._clock, self._started = listener, clock, clock()
        self.received = 0

    def file_stands_at(self, file: BulkFile, offset: int) -> None:
        """A transfer of the file begins at ``offset``."""
        self._bytes_of_file = offset
        self._tell(file)

    def file_grew(self, file: BulkFile, count: int) -> None:
        """``count`` further bytes of the file arrived."""
        self._bytes_of_file += count
        self.received += count
        self._tell(file)

    def file_ended(self, file: BulkFile) -> None:
        """The file is in the archive, or given up; either way nothing more of it is to come."""
        self._bytes_ended += self._sizes[file.name]
        self._bytes_of_file = 0
        self._ended += 1
        self._tell(file)

    def _tell(self, file: BulkFile) -> None:
        if self._listener is None:
            return
        done = self._bytes_ended + self._bytes_of_file
        seconds = self._clock() - self._started
        pace = self.received / seconds if seconds > 0 else 0.0
        left = max(self._total - done, 0) / pace if pace > 0 else None
        self._listener(Progress(file.name, self._ended, len(self._sizes), done, self._total, left))
