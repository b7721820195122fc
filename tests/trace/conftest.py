"""The published tables of the small study, where the study's home has them."""

from __future__ import annotations

import pytest

from bri_pipeline.home import StudyHome
from tests.report.warehouse import HITS, published_tables, small_study


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> StudyHome:
    """What ``bri_pipeline.trace`` reads."""
    folder = tmp_path_factory.mktemp("small")
    study = small_study(folder, expected=True)
    published_tables(folder, study, HITS)
    return StudyHome(study, folder)
