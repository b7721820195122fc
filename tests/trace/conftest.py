"""The published tables of the small study, where the study's home has them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bri_pipeline.home import StudyHome
from tests.report.warehouse import HITS, published_tables, small_study
from tests.warehouse.lake import Paper

ALLIANCES = """\
date,focal_party,place,foreign_party,country,kind,source
2011-03,Institute A,Nanjing,Firm B,SG,transfer,Synthetic
2012,Institute C,Nanjing,Firm D,CZ,licence,Synthetic
2013,Institute E,Beijing,Firm F,CZ,alliance,Synthetic
2013,Institute G,Nowhere,Firm H,IN,alliance,Synthetic
"""
PAPERS = [
    Paper("W1", date(2011, 5, 1), [("CN", "Nanjing"), ("SG", "Singapore")]),
    Paper("W2", date(2012, 5, 1), [("CN", "Beijing"), ("IN", "Pune"), ("IL", "Haifa")], "Medicine"),
    Paper("W3", date(2013, 5, 1), [("CN", "Nowhere"), ("IN", "Pune")], None),
]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> StudyHome:
    """What ``bri_pipeline.trace`` reads."""
    folder = tmp_path_factory.mktemp("small")
    alliances = folder / "alliances.csv"
    alliances.write_text(ALLIANCES, encoding="utf-8")
    study = replace(small_study(folder, expected=True), alliances=alliances)
    published_tables(folder, study, HITS, papers=PAPERS)
    return StudyHome(study, folder)
