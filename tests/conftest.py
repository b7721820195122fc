"""Fixtures every room of tests may use."""

from __future__ import annotations

import os
import shutil
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from bri_pipeline import code_digest
from tests.made_once import share

# The same examples every time, so that a change is judged by itself; HYPOTHESIS_PROFILE=default looks for new ones.
settings.register_profile("same-examples", derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same-examples"))

REPOSITORY = Path(__file__).parents[1]


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


@pytest.fixture
def package(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package whose code a test may change, and that digests of code are made from.

    It is always at the same path, so that modules no test has changed are parsed once. A test that changes code after
    a digest was made calls ``code_digest._digest.cache_clear()``.
    """
    copy = tmp_path_factory.getbasetemp() / "package" / "bri_pipeline"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(code_digest.PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(code_digest, "PACKAGE", copy)
    monkeypatch.setattr(code_digest, "_digest", cache(code_digest._digest.__wrapped__))
    return copy
