"""A study of patent grants, over real files of the USPTO."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.end_to_end.studies import Home

STUDY = """
name = "grants"
focal_country = "US"
window = {{ start = 2012-01-01, end = 2023-12-31 }}
partners = ["CN", "CA", "IN", "ZA"]
documents = "grants"
kinds = ["B1", "B2", "S1"]
[source]
path = "{folder}"
"""
# Read off the files with grep and awk: the documents whose inventors live both in the US and in a partner
# country. Of the 196 designs of March 2012 three; of the zip of October 2022 (designs, a plant, reissues and
# inventions: US, IL, CA, GB alone) none but the invention dated April 2023, which is also a file of its own.
CO_INVENTIONS = [
    ("US11617522B2", "CN", 2023, date(2023, 4, 4)),
    ("USD0656347S1", "ZA", 2012, date(2012, 3, 27)),
    ("USD0656352S1", "CA", 2012, date(2012, 3, 27)),
    ("USD0656353S1", "IN", 2012, date(2012, 3, 27)),
]


@pytest.mark.slow
def test_co_inventions_among_grants(shared: Path, tmp_path: Path) -> None:
    study = tmp_path / "grants.toml"
    study.write_text(STUDY.format(folder=shared / "samples" / "grants"))
    home = Home(tmp_path / "home", study)
    result = home.bri("run")
    assert result.exit_code == 0, result.output
    hits = home.rows(
        "select publication_number, country, year, publication_date from raw.uspto_hits order by 1"
    )
    assert hits == CO_INVENTIONS
    assert home.rows("select count(*) from core.duplicates") == [(0,)]
    assert (home.study_home.report / "index.html").is_file()

    files = home.rows(
        "select parse_filename(source_file), documents, kept + skipped, unreadable, outside_year "
        "from raw.source_files order by 1"
    )
    assert files == [
        ("US11617522B2_CN_CN_US.xml", 1, 1, 0, 0),
        ("ipg120327.196-glued.xml", 196, 196, 0, 0),
        # 11 documents, one of them twice, one dated in another year than the file
        ("ipgb20221025_wk43.zip", 11, 11, 0, 1),
    ]
    assert "ipgb20221025_wk43.zip: 1 publication(s) dated in another year" in result.stderr
    assert "warning raw.source_files/dates_agree_with_the_file" in result.stderr
    assert dict(home.rows("select year, patents from marts.by_year where scope = 'US' and patents > 0")) == {
        2012: 3,
        2023: 1,
    }
