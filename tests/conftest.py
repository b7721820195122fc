"""Fixtures every room of tests may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples every time, so that a change is judged by itself; HYPOTHESIS_PROFILE=default looks for new ones.
settings.register_profile("same-examples", derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same-examples"))

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real USPTO files and DTDs that may stand beside the checkout."""
    folder = Path(os.environ.get("BRI_SHARED") or REPOSITORY.parent / "shared")
    if not folder.is_dir():
        pytest.skip("needs ../shared (USPTO samples)")
    return folder
