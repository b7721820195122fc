"""The default study, made once for every file of tests that looks at it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.studies import REPOSITORY, Home, build
from tests.made_once import made_once


@pytest.fixture(scope="session")
def default_study() -> Home:
    """The default study's tables, made by the steps of a run without Dagster and the report; read it only."""
    return _default_study(made_once("default study", lambda folder: _build(_default_study(folder))))


def _default_study(folder: Path) -> Home:
    return Home(folder / "home", REPOSITORY / "data" / "studies" / "jiangsu-2018.toml")


def _build(home: Home) -> None:
    failed = [one.check.id for one in build(home) if not one.passed and one.check.severity == "error"]
    assert failed == []


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, str]:
    """The default study and what it printed, run in a process of its own from a folder that is not the checkout."""
    folder = tmp_path_factory.mktemp("default")
    home = _default_study(folder)
    process = home.process("run", name_study=False)
    output, complaints = process.communicate()
    assert process.returncode == 0, output + complaints
    return home, output
