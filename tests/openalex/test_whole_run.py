"""A whole run of a study with papers: against a stand-in for OpenAlex, through its faults, and from its snapshot."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.end_to_end.studies import bri
from tests.openalex.standin import Fault, StandInOpenAlex
from tests.openalex.test_openalex import INSTITUTIONS, KEY, WORKS, snapshot
from tests.uspto.documents import inventor_v44, v44, write_zip

pytestmark = pytest.mark.slow

STUDY = """\
name = "with-papers"
title = "A made-up study with papers"
focal_country = "CN"
focal_province = "CN-JS"
window = { start = 2010-01-01, end = 2010-02-28 }
partners = ["SG", "IL"]
synthetic = true
"""
FAULTS = [
    Fault(429, b'{"error":"Too Many Requests"}', {"Retry-After": "0"}),
    Fault(403, b'{"message":"Rate limit exceeded; slow down"}', {"Retry-After": "0"}),
    Fault(200, b'{"meta": {', cut=True),
]


def study_in(folder: Path, papers: str) -> Path:
    """A study of one week with one hit, and papers."""
    week = folder / "weeks" / "2010"
    week.mkdir(parents=True)
    both = inventor_v44("<country>CN</country>") + inventor_v44("<country>SG</country>", last="Tan")
    document = v44(both, number="20100000001", published="20100107").encode()
    write_zip(week / "ipab20100107_wk01.zip", {"ipab20100107.xml": document})
    path = folder / "study.toml"
    path.write_text(f'{STUDY}{papers}[source]\npath = "weeks"\n', encoding="utf-8")
    return path


def papers_by_country(home: Path) -> list[tuple[str, int]]:
    with duckdb.connect(home / "with-papers" / "published.duckdb", read_only=True) as con:
        rows = con.sql(
            "select country, papers from marts.papers_by_country where scope = 'CN' order by 1"
        ).fetchall()
    return [(str(country), int(papers)) for country, papers in rows]


def test_papers_come_through_faults_into_the_tables_and_the_key_nowhere(tmp_path: Path) -> None:
    study, home = study_in(tmp_path, "[papers]\n"), tmp_path / "home"
    with StandInOpenAlex(WORKS, INSTITUTIONS, key=KEY, page=100) as openalex:
        env = {"BRI_OPENALEX_URL": openalex.url, "OPENALEX_API_KEY": KEY}
        openalex.remaining = 2  # the budget ends after the first month
        spent = bri(home, "run", "--study", str(study), env=env)
        openalex.remaining, openalex.faults = 1_000, list(FAULTS)
        before = len(openalex.requests)
        result = bri(home, "run", "--study", str(study), env=env)
        again = [request["filter"] for request in openalex.requests[before:]]

    assert spent.exit_code != 0
    assert "the budget of the day is spent" in spent.output
    assert result.exit_code == 0, result.output
    assert papers_by_country(home) == [("IL", 2), ("SG", 3)]
    assert not any("from_publication_date:2010-01-01" in asked for asked in again)
    assert (home / "with-papers" / "report" / "index.html").is_file()
    kept = [path for path in home.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert kept == []
    assert KEY not in spent.output + result.output


def test_the_snapshot_gives_the_same_tables(tmp_path: Path) -> None:
    snapshot(tmp_path / "snapshot", WORKS)
    study = study_in(tmp_path, '[papers]\nkind = "openalex_snapshot"\npath = "snapshot"\n')
    result = bri(tmp_path / "home", "run", "--study", str(study), env={"OPENALEX_API_KEY": None})
    assert result.exit_code == 0, result.output
    assert papers_by_country(tmp_path / "home") == [("IL", 2), ("SG", 3)]
