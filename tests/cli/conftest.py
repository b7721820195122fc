"""A small study with its tables and report, to type commands at."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bri_pipeline.report.write import write_report
from bri_pipeline.study import load_study
from tests.archives import PARTNERS, random_archive
from tests.end_to_end.expected import Expected, Question
from tests.end_to_end.studies import Home, build, write_study


@pytest.fixture(scope="session")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Expected:
    """What the small study must hold; its files lie below ``files``."""
    folder = tmp_path_factory.mktemp("cli")
    truth = random_archive(folder / "files", seed=51, years=(2011, 2012), size=15)
    return Expected(Question(PARTNERS, truth.window), truth.documents)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home whose tables and report are up to date; read it, do not change it."""
    folder = tmp_path_factory.mktemp("home")
    truth = random_archive(folder / "files", seed=51, years=(2011, 2012), size=15)
    made = Home(folder / "home", write_study(folder, Question(PARTNERS, truth.window), truth.folder))
    build(made)
    write_report(made.study_home.published, load_study(str(made.study)), made.study_home.report)
    return made


@pytest.fixture
def own_home(home: Home, tmp_path: Path) -> Home:
    """A copy of the tables that a test may spoil."""
    shutil.copytree(home.study_home.root, tmp_path / "home" / home.study_home.root.name)
    return Home(tmp_path / "home", home.study)
