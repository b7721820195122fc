"""Fixtures every room of tests may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real USPTO files and DTDs that may stand beside the checkout."""
    folder = Path(os.environ.get("BRI_SHARED") or REPOSITORY.parent / "shared")
    if not folder.is_dir():
        pytest.skip("needs ../shared (USPTO samples)")
    return folder
