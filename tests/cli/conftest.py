"""A small study with its tables and report, to type commands at."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.archives import PARTNERS
from tests.end_to_end.expected import Expected, Question
from tests.end_to_end.studies import Home
from tests.small_home import small_archive, small_home


@pytest.fixture(scope="session")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Expected:
    """What the small study must hold; its files are below ``files``."""
    truth = small_archive(tmp_path_factory.mktemp("cli"))
    return Expected(Question(PARTNERS, truth.window), truth.documents)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home whose tables and report are up to date; read it, do not change it."""
    return small_home(tmp_path_factory.mktemp("home"))


@pytest.fixture
def own_home(home: Home, tmp_path: Path) -> Home:
    """A copy of the tables that a test may spoil."""
    shutil.copytree(home.study_home.root, tmp_path / "home" / home.study_home.root.name)
    return Home(tmp_path / "home", home.study)
