"""What assets are given: the opened study, and the warehouse.

Both are made with the definitions and take no run configuration: anyone who may start a run can choose years and
assets, but not which folders it writes into.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

import dagster as dg
import duckdb
from dagster_duckdb import DuckDBResource

from bri_pipeline.home import StudyHome
from bri_pipeline.lake.source import Source, source_of
from bri_pipeline.progress import Listener
from bri_pipeline.settings import Settings, load_settings
from bri_pipeline.study import load_study
from bri_pipeline.warehouse.database import writing


@dataclass(frozen=True)
class StudyInHand:
    """The study being run, with its home and its source.

    ``study_file`` is read when it is first needed, in each process, so that an edited file takes effect;
    ``folder`` is BRI_HOME, ``lake`` BRI_LAKE if there is one, ``watcher`` who watches the run as it goes: the terminal
    of ``bri run``, nobody in the UI.
    """

    study_file: str
    folder: str
    lake: Path | None = None
    watcher: Listener | None = None

    @cached_property
    def home(self) -> StudyHome:
        """The study's home, with nothing in the way; the folders are those the definitions were made for."""
        home = StudyHome.below(Path(self.folder), self.lake, load_study(self.study_file))
        home.make_room()
        return home

    @cached_property
    def settings(self) -> Settings:
        """The environment of this process."""
        return load_settings()

    @property
    def source(self) -> Source:
        """Where the study's publications come from."""
        return source_of(self.home, self.settings)


class WarehouseFile(DuckDBResource):
    """DuckDBResource that always closes, waits with jitter for a lock and then says who holds it."""

    @contextmanager
    def get_connection(self, progress: Listener | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection that may write; see bri_pipeline.warehouse.database.writing."""
        with writing(Path(self.database), progress=progress) as connection:
            yield connection


OpenedStudy: TypeAlias = dg.ResourceParam[StudyInHand]
Warehouse: TypeAlias = dg.ResourceParam[WarehouseFile]


def fixed(value: object) -> dg.ResourceDefinition:
    """A resource without configuration: a run that names any for it is refused."""
    return dg.ResourceDefinition(lambda _: value, config_schema={})
