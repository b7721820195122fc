"""How far a download has come, in bytes."""

from __future__ import annotations

from collections.abc import Iterable

from bri_pipeline.portal.products import BulkFile
from bri_pipeline.progress import BYTES, Listener, Progress


class Meter:
    """Adds up what arrives of the files due and passes it to a listener.

    What a resumed transfer had before counts as done; ``received`` is what came in this run.
    """

    def __init__(self, due: Iterable[BulkFile], progress: Listener) -> None:
        self._sizes = {file.name: file.size for file in due}
        self._total = sum(self._sizes.values())
        self._ended = self._bytes_ended = self._bytes_of_file = 0
        self._progress = progress
        self.received = 0

    def file_begins_at(self, file: BulkFile, offset: int) -> None:
        """A transfer of the file begins at ``offset``."""
        self._bytes_of_file = offset
        self._say(file)

    def file_grew(self, file: BulkFile, count: int) -> None:
        """``count`` further bytes of the file arrived."""
        self._bytes_of_file += count
        self.received += count
        self._say(file)

    def file_ended(self, file: BulkFile) -> None:
        """The file is in the archive, or given up; either way nothing more of it is to come."""
        self._bytes_ended += self._sizes[file.name]
        self._bytes_of_file = 0
        self._ended += 1
        self._say(file)

    def _say(self, file: BulkFile) -> None:
        done = min(self._bytes_ended + self._bytes_of_file, self._total)
        now = f"{self._ended} of {len(self._sizes)} files, {file.name}"
        self._progress(Progress("downloading", done, self._total, BYTES, now))
