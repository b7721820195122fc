"""A study and the folders and files made for it below ``BRI_HOME``."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from bri_pipeline.errors import UserError
from bri_pipeline.files.atomic import name_damaged, set_aside
from bri_pipeline.files.in_the_way import A_FILE, A_FOLDER, kind_at
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
_OF_RUNS = ("built.json", "dagster", "lake")
_REPLACED = ("report", "exports", "warehouse.duckdb", "published.duckdb")
# What belongs where in a home, by the path below its folder. Anything else there is nobody's business.
_FOLDERS = re.compile(
    r"archive(/\d{4}|/search(/\d{4})?|/\.portal(/[A-Z0-9]+)?)?|dagster"
    r"|lake(/(landing|raw)(/\d{4})?|/landing/\.patentsview|/papers(/works(/updated_date=[^/]+)?)?)?"
    r"|report(/tables|/figures(/[A-Z]{2}(-[A-Z0-9]+)?\.[a-z]{2})?)?|exports(/(parquet|csv|networks))?"
)
_FILES = re.compile(
    r"warehouse\.duckdb|published\.duckdb|built\.json|\.up_to_date\.json|\.(dagster|lake|tables|ui)\.lock(\.json)?"
    r"|archive/((manifest-\d{4}|undated|missing|accepted)\.json|search/.+\.(json|gz))"
    r"|archive/\.portal/(lock|.+\.(json|part|part-of))"
    r"|lake/.+\.(parquet|json)|(report|exports)/.+\.(html|svg|png|csv|txt|md|json|parquet|xlsx|graphml)"
    r"|dagster/dagster\.yaml"
)
# Folders that may be links, as to a larger disk, and files that are written where they are, through a link too.
_LINKED_FOLDERS = re.compile(r"archive(/\d{4})?|lake(/(landing|raw|papers))?|dagster")
_WRITTEN_IN_PLACE = re.compile(r"warehouse\.duckdb|\..+\.lock|archive/\.portal/(lock|.+\.part)")
# Names that ``replacing`` gives, and what DuckDB adds to them.
_TEMPORARY = re.compile(r"\..+\.[0-9a-f]{12}\.tmp(\..+)?")
_NAMES_SHOWN = 3


@dataclass(frozen=True)
class InTheWay:
    """Something in the place of a file or folder of the study's own; ``what`` is a predicate.

    ``may_be_moved`` says whether a run may set it aside, ``way_out`` what a person can do.
    """

    path: Path
    what: str
    may_be_moved: bool = True
    way_out: str = "remove it, or let `bri run` or `bri doctor --mend` set it aside"


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
        kind = kind_at(self.root)
        if kind not in (None, A_FOLDER):
            raise UserError(
                f"{self.root} is {kind}, and the folder of {self.study.name} belongs there. Move it, or set BRI_HOME "
                "to another folder."
            )
        if any((self.root / lock).exists() for lock in _LOCKS) or not self.root.is_dir():
            return
        names = sorted(path.name for path in self.root.iterdir() if not path.name.startswith("."))
        others = [name for name in names if not name.startswith(_MADE)]
        if not any(
            name in names for name in _OF_RUNS
        ):  # nor a lock: then no run has made what would be replaced
            others += [name for name in names if name in _REPLACED and not _is_empty_folder(self.root / name)]
        if others:
            more = ", ..." if len(others) > _NAMES_SHOWN else ""
            raise UserError(
                f"{self.root} holds other files than those of a study ({', '.join(others[:_NAMES_SHOWN])}{more}), and "
                "some could be replaced. Set BRI_HOME to another folder, or give the study another name."
            )

    def in_the_way(self) -> Iterator[InTheWay]:
        """What is in the place of the study's own files and folders and cannot be used as such."""
        for folder in (self.root, self.lake):
            if folder is None or is_object(folder):
                continue
            if wrong := _wrong(folder, A_FOLDER):
                way_out = "move it, or set BRI_HOME or BRI_LAKE to another folder"
                yield replace(wrong, may_be_moved=False, way_out=way_out)
            elif folder.exists():
                yield from _in_the_way(folder, "")

    def make_room(self, *outputs: str) -> None:
        """Set aside, and name, what is in the place of the study's own files and folders.

        Args:
            outputs: only what is in these folders of outputs, for a command that writes nothing else.

        Raises:
            UserError: a link is there that leads nowhere, as to a disk that is not mounted.
        """
        for found in self.in_the_way():
            if outputs and not any(found.path.is_relative_to(self.root / name) for name in outputs):
                continue
            if not found.may_be_moved:
                way_out = found.way_out[0].upper() + found.way_out[1:]
                raise UserError(f"{found.path} {found.what}. {way_out}.")
            with suppress(FileNotFoundError):  # another process was quicker
                name_damaged(found.path, f"{found.what}, and is set aside as {set_aside(found.path).name}")

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


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


def _remove_abandoned(folder: Path) -> None:
    """Remove what killed runs left of ``replacing``; younger files may be another run's that is at work."""
    for path in folder.rglob(".*.tmp*"):
        if (
            _TEMPORARY.fullmatch(path.name)
            and path.is_file()
            and path.stat().st_mtime < time.time() - ABANDONED_SECONDS
        ):
            path.unlink(missing_ok=True)


def _in_the_way(folder: Path, above: str) -> Iterator[InTheWay]:
    try:
        paths = sorted(folder.iterdir())
    except PermissionError:  # said by what needs the folder
        return
    for path in paths:
        below = f"{above}{path.name}"
        if _FOLDERS.fullmatch(below):
            wrong = _wrong(path, A_FOLDER, may_be_link=bool(_LINKED_FOLDERS.fullmatch(below)))
            if wrong is None:
                yield from _in_the_way(path, f"{below}/")
        elif _FILES.fullmatch(below):
            wrong = _wrong(path, A_FILE, may_be_link=not _WRITTEN_IN_PLACE.fullmatch(below))
        else:
            wrong = None
        if wrong is not None:
            yield wrong


def _wrong(path: Path, belongs: str, *, may_be_link: bool = True) -> InTheWay | None:
    try:
        kind = kind_at(path)
    except PermissionError:
        return None
    if kind not in (None, belongs):
        return InTheWay(path, f"is {kind} where {belongs} belongs")
    if not path.is_symlink() or (kind and may_be_link):
        return None  # as it should be, or gone meanwhile
    if not may_be_link:
        return InTheWay(path, f"is a link where {belongs} of the study's own belongs")
    if belongs == A_FILE:
        return InTheWay(path, "is a link that leads nowhere")
    way_out = "mount the disk it leads to, or remove the link"
    return InTheWay(path, "is a link that leads nowhere", may_be_moved=False, way_out=way_out)
