"""Published tables made once for all tests that only read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bri_pipeline.study import Study
from tests.report.warehouse import HITS, published_tables, small_study


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, Path]:
    """The small study and its published tables; it declares the paper's values, so the claims are shown."""
    folder = tmp_path_factory.mktemp("small")
    study = small_study(folder, expected=True)
    return study, published_tables(folder, study, HITS)
