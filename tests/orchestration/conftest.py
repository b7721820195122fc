"""A small study with its definitions, and one that was run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import dagster as dg
import pytest

from bri_pipeline.commands.run import run_study
from bri_pipeline.definitions import build_definitions
from bri_pipeline.home import StudyHome
from bri_pipeline.orchestration.instance import open_instance
from bri_pipeline.settings import Settings, load_settings
from bri_pipeline.study import Study, load_study
from tests.archives import random_archive
from tests.end_to_end.studies import Home, build
from tests.made_once import made_once

PARTNERS = ("SG", "IN", "RU")


@dataclass(frozen=True)
class Site:
    """A study, its home, and its definitions."""

    study: Study
    settings: Settings

    @cached_property
    def definitions(self) -> dg.Definitions:
        return build_definitions(self.study, self.settings)

    @property
    def study_home(self) -> StudyHome:
        return StudyHome.of(self.study, self.settings)

    def run(self) -> None:
        outcome = run_study(self.study_home, self.settings, self.study.years, list(PARTNERS), lambda _: None)
        assert outcome.success, outcome.failures


def small_study(folder: Path, end: date | None = date(2013, 12, 31)) -> Site:
    """Three years, three partners; with the files of those years."""
    random_archive(folder / "files", seed=41, years=(2011, 2012, 2013), size=12)
    path = folder / "study.toml"
    closing = f", end = {end}" if end else ""
    path.write_text(
        f'name = "small"\nfocal_country = "CN"\nwindow = {{ start = 2011-01-01{closing} }}\n'
        f'partners = {list(PARTNERS)}\n[source]\npath = "{folder / "files"}"\n'
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BRI_HOME", str(folder / "home"))
        return Site(load_study(str(path)), load_settings())


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return small_study(tmp_path)


@pytest.fixture
def built_site(tmp_path: Path) -> Site:
    """A site whose tables are built and published, as a run does it, without a run in Dagster's instance."""

    def make(folder: Path) -> None:
        site = small_study(folder)
        build(Home(site.settings.home, site.study.path))

    return _with_home_copied(made_once("built site", make), tmp_path)


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site after one whole run."""
    made = made_once("site after a run", lambda folder: small_study(folder).run())
    return _with_home_copied(made, tmp_path_factory.mktemp("ran"))


def _with_home_copied(made: Path, folder: Path) -> Site:
    shutil.copytree(made / "home", folder / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BRI_HOME", str(folder / "home"))
        return Site(load_study(str(made / "study.toml")), load_settings())


@pytest.fixture
def instance(ran: Site) -> Iterator[dg.DagsterInstance]:
    """Dagster's instance of the site that ran, as the UI opens it."""
    with open_instance(ran.study_home.root) as opened:
        yield opened
