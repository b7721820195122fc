"""Where a study's files lie below ``BRI_HOME``, and how they are replaced."""

from __future__ import annotations

import fcntl
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from bri_pipeline.errors import UserError
from bri_pipeline.settings import Settings
from bri_pipeline.study import Study

ABANDONED_SECONDS = 3600


@dataclass(frozen=True)
class Layout:
    """The folders and files of one study: ``$BRI_HOME/<study>/...``."""

    root: Path

    @classmethod
    def of(cls, settings: Settings, study: Study) -> Layout:
        """The layout of a study under the home the settings name."""
        return cls(settings.home / study.name)

    @property
    def archive(self) -> Path:
        """Files as published, and one manifest a year of those that were verified."""
        return self.root / "archive"

    @property
    def landing(self) -> Path:
        """``<year>/<file>.parquet`` with the kept publications and ``<file>.json`` with the counts."""
        return self.root / "lake" / "landing"

    @property
    def raw(self) -> Path:
        """``<year>/<country>.parquet`` with the hits and ``<year>/landed.json`` that says what is up to date."""
        return self.root / "lake" / "raw"

    @property
    def warehouse(self) -> Path:
        """The private DuckDB file."""
        return self.root / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        """The DuckDB file readers open."""
        return self.root / "published.duckdb"

    @property
    def report(self) -> Path:
        """The report and its tables."""
        return self.root / "report"

    @property
    def built(self) -> Path:
        """What the warehouse, the published copy and the report were last made from."""
        return self.root / "built.json"

    @contextmanager
    def lock(self, waiting: Callable[[str], None]) -> Iterator[None]:
        """Hold the lake for writing; another process waits here, after saying so once."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / ".lake.lock").open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waiting(f"Waiting for another run that is writing to {self.root} ...")
                fcntl.flock(file, fcntl.LOCK_EX)
            self._remove_abandoned()
            yield

    def _remove_abandoned(self) -> None:
        """Remove what killed runs left of ``replacing``; younger files may be another run's that is at work."""
        for path in self.root.rglob(".*.tmp*"):
            if path.is_file() and path.stat().st_mtime < time.time() - ABANDONED_SECONDS:
                path.unlink(missing_ok=True)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path`` that takes its place when the block ends without an error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not by mkstemp, whose files nobody else may read.
    temporary = path.with_name(f".{path.name}.{uuid4().hex[:12]}.tmp")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_json(path: Path, value: object) -> None:
    """Write a JSON file atomically."""
    with replacing(path) as temporary:
        temporary.write_text(
            json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8"
        )


def read_json(path: Path) -> dict[str, Any] | None:
    """A JSON object written by write_json; null when there is none.

    Raises:
        UserError: the file was damaged from outside.
    """
    try:
        return cast(dict[str, Any], json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except ValueError:
        raise UserError(f"{path} is damaged; delete it, it is made again on the next run.") from None
