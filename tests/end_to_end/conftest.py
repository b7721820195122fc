"""The default study, made once for every file of tests that looks at it."""

from __future__ import annotations

import pytest

from tests.end_to_end.studies import REPOSITORY, Home, build


@pytest.fixture(scope="session")
def default_study(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The default study's tables, made by the steps of a run without Dagster and the report; read it only."""
    home = Home(
        tmp_path_factory.mktemp("built") / "home", REPOSITORY / "data" / "studies" / "jiangsu-2018.toml"
    )
    failed = [one.check.id for one in build(home) if not one.passed and one.check.severity == "error"]
    assert failed == []
    return home


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, str]:
    """The default study and what it printed, run in a process of its own from a folder that is not the checkout."""
    folder = tmp_path_factory.mktemp("default")
    home = Home(folder / "home", REPOSITORY / "data" / "studies" / "jiangsu-2018.toml")
    process = home.process("run", name_study=False)
    output, complaints = process.communicate()
    assert process.returncode == 0, output + complaints
    return home, output
