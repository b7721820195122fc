"""A study and the folders and files made for it below ``BRI_HOME``."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bri_pipeline.errors import UserError
from bri_pipeline.files.atomic import name_damaged, set_aside
from bri_pipeline.files.object_storage import is_object
from bri_pipeline.files.turn import turn
from bri_pipeline.progress import Listener
from bri_pipeline.settings import Settings
from bri_pipeline.study import Study

ABANDONED_SECONDS = 3600
# Reading many years of files takes hours, building the tables minutes.
LAKE_LIMIT_SECONDS = 12 * 3600
TABLES_LIMIT_SECONDS = 3600
_LOCKS = (".dagster.lock", ".lake.lock", ".tables.lock", ".ui.lock")
_MADE = (
    "archive",
    "lake",
    "dagster",
    "report",
    "exports",
    "warehouse.duckdb",
    "published.duckdb",
    "built.json",
)
_FOLDERS = (
    *("archive", "dagster", "lake", "lake/landing", "lake/raw", "lake/papers"),
    *("report", "report/figures", "report/tables", "exports", "exports/networks", "exports/parquet"),
)
_FILES = ("warehouse.duckdb", "published.duckdb", "built.json", ".up_to_date.json", "dagster/dagster.yaml")
_NAMES_SHOWN = 3


@dataclass(frozen=True)
class StudyHome:
    """A study and the folder of everything made for it: ``$BRI_HOME/<study>/...``.

    ``lake`` is ``$BRI_LAKE/<study>``, which holds archive and landed files instead; null where BRI_LAKE is not set.
    """

    study: Study
    root: Path
    lake: Path | None = None

    @classmethod
    def of(cls, study: Study, settings: Settings) -> StudyHome:
        """The home of a study under the folders the settings name."""
        return cls.below(settings.home, settings.lake, study)

    @classmethod
    def below(cls, folder: Path, lake: Path | None, study: Study) -> StudyHome:
        """The home of a study under ``BRI_HOME`` and, where there is one, ``BRI_LAKE``."""
        return cls(study, folder / study.name, lake / study.name if lake else None)

    @property
    def archive(self) -> Path:
        """Files as published, and one manifest a year of those that were verified."""
        return (self.lake or self.root) / "archive"

    @property
    def landing(self) -> Path:
        """``<year>/<file>.parquet`` with the kept publications and ``<file>.json`` with the counts."""
        return (self.lake or self.root) / "lake" / "landing"

    @property
    def raw(self) -> Path:
        """``<year>/<country>.parquet`` with the hits and ``<year>/landed.json`` that says what is up to date."""
        return self.root / "lake" / "raw"

    @property
    def papers(self) -> Path:
        """``works/<month>.parquet`` with the papers, ``<month>.json`` with the counts, and their institutions."""
        return self.root / "lake" / "papers"

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
    def exports(self) -> Path:
        """The kit: workbook, tables with a data package, networks."""
        return self.root / "exports"

    @property
    def built(self) -> Path:
        """What the report was last written from."""
        return self.root / "built.json"

    def refuse_if_foreign(self) -> None:
        """Refuse to make the study in a folder of somebody's own, whose files could be replaced by those made here.

        Raises:
            UserError: the folder holds what this software does not make, and was never used by it; or it is a file.
        """
        if self.root.exists() and not self.root.is_dir():
            raise UserError(
                f"{self.root} is a file, and the folder of {self.study.name} belongs there. Move it, or set BRI_HOME "
                "to another folder."
            )
        if any((self.root / lock).exists() for lock in _LOCKS) or not self.root.is_dir():
            return
        names = sorted(path.name for path in self.root.iterdir() if not path.name.startswith("."))
        others = [name for name in names if not name.startswith(_MADE)]
        if others:
            more = ", ..." if len(others) > _NAMES_SHOWN else ""
            raise UserError(
                f"{self.root} holds other files than those of a study ({', '.join(others[:_NAMES_SHOWN])}{more}), and "
                "some could be replaced. Set BRI_HOME to another folder, or give the study another name."
            )

    def make_room(self) -> None:
        """Set aside, and name, what is in the place of folders, locks and files of the study's own and cannot be used.

        Raises:
            UserError: a link is there that leads nowhere, as to a disk that is not mounted.
        """
        for path in (self.root / name for name in _FOLDERS):
            if path.is_symlink() and not path.exists():
                raise UserError(
                    f"{path} is a link that leads nowhere. Mount the disk it leads to, or remove the link."
                )
            if path.exists() and not path.is_dir():
                name_damaged(path, f"is a file where a folder belongs, and is kept as {set_aside(path).name}")
        for name in (*_LOCKS, *_FILES):
            path = self.root / name
            if path.is_fifo() or (name in _LOCKS and path.is_dir()):  # opening a pipe waits forever
                name_damaged(path, f"is no file, and is kept as {set_aside(path).name}")

    @contextmanager
    def lock(
        self,
        progress: Listener,
        who: str = "bri",
        *,
        limit: float = LAKE_LIMIT_SECONDS,
    ) -> Iterator[None]:
        """Hold the lake for writing; while another process does, this says so and waits.

        Raises:
            UserError: it was not free within ``limit`` seconds; the process that holds it is named.
        """
        # The folder of the lake may be another home's as well.
        folders = [self.root, self.lake] if self.lake else [self.root]
        with ExitStack() as held:
            for folder in folders:
                what = f"the files of {self.study.name} in {folder}"
                if is_object(folder):
                    continue  # no locks there, and nothing half written
                lock = folder / ".lake.lock"
                held.enter_context(turn(lock, who, what, progress, limit=limit))
                _remove_abandoned(folder)
            yield

    @contextmanager
    def writing_turn(
        self,
        progress: Listener,
        who: str = "bri",
        *,
        limit: float = TABLES_LIMIT_SECONDS,
    ) -> Iterator[None]:
        """Hold the tables for writing or publishing, in the same way."""
        what = f"the tables of {self.study.name}"
        with turn(self.root / ".tables.lock", who, what, progress, limit=limit):
            yield


def _remove_abandoned(folder: Path) -> None:
    """Remove what killed runs left of ``replacing``; younger files may be another run's that is at work."""
    for path in folder.rglob(".*.tmp*"):
        if path.is_file() and path.stat().st_mtime < time.time() - ABANDONED_SECONDS:
            path.unlink(missing_ok=True)
