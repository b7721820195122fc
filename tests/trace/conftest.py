"""The published tables of the small study, where a study's layout has them."""

from __future__ import annotations

import pytest

from bri_pipeline.lake.layout import Layout
from tests.report.warehouse import HITS, published_tables, small_study


@pytest.fixture(scope="session")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """What ``bri_pipeline.trace`` reads."""
    folder = tmp_path_factory.mktemp("small")
    published_tables(folder, small_study(folder, expected=True), HITS)
    return Layout(folder)
