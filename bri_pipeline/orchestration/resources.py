"""What assets are given: the study with its folders, and the warehouse."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import dagster as dg
import duckdb
from dagster_duckdb import DuckDBResource

from bri_pipeline.lake.layout import Layout
from bri_pipeline.lake.refresh import Source, source_of
from bri_pipeline.settings import Settings, load_settings
from bri_pipeline.study import Study, load_study
from bri_pipeline.warehouse import writing


class StudyResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The study being run and where its files lie."""

    study_file: str
    home: str

    @cached_property
    def study(self) -> Study:
        """The study, read again in each process so that an edited file takes effect."""
        return load_study(self.study_file)

    @cached_property
    def settings(self) -> Settings:
        """The environment of this process; the home is the one the definitions were made for."""
        return load_settings()

    @property
    def layout(self) -> Layout:
        """The study's folders."""
        return Layout(Path(self.home) / self.study.name)

    @property
    def source(self) -> Source:
        """Where the study's publications come from."""
        return source_of(self.study, self.layout, self.settings)


class Warehouse(DuckDBResource):
    """DuckDBResource that always closes, waits with jitter for a lock and then says who holds it."""

    @contextmanager
    def get_connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection that may write; see bri_pipeline.warehouse.writing."""
        with writing(Path(self.database)) as connection:
            yield connection
