"""Fixtures every room of tests may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.made_once import share

# The same examples every time, so that a change is judged by itself; HYPOTHESIS_PROFILE=default looks for new ones.
settings.register_profile("same-examples", derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same-examples"))

REPOSITORY = Path(__file__).parents[1]


TOGETHER = {
    "tests/end_to_end/test_check_values.py": "default study",
    "tests/end_to_end/test_default_study.py": "default study",
    "tests/orchestration/test_instance.py": "small run",
    "tests/orchestration/test_publishing.py": "small run",
    "tests/orchestration/test_red_where_it_must_be.py": "small run",
}
"""Files whose tests read the same costly run; each other file is a group of its own."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Groups for ``--dist loadgroup``: what one fixture made is not made again by another worker."""
    for item in items:
        file = item.nodeid.partition("::")[0]
        item.add_marker(pytest.mark.xdist_group(TOGETHER.get(file, file)))


@pytest.fixture(scope="session", autouse=True)
def _shared_by_workers(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where ``made_once`` puts what it makes; the folder of a worker process is in that of the whole run."""
    own = tmp_path_factory.getbasetemp()
    share((own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "made_once")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real USPTO files and DTDs that may be next to the checkout."""
    folder = Path(os.environ.get("BRI_SHARED") or REPOSITORY.parent / "shared")
    if not folder.is_dir():
        pytest.skip("needs ../shared (USPTO samples)")
    return folder
