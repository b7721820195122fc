"""A home made by the version before runs on: read again once, brought up to date, freed of what is gone."""

from __future__ import annotations

import tarfile
from pathlib import Path

import duckdb
import pytest

from tests.end_to_end.studies import Home, build, files_below

HOMES = Path(__file__).parent / "homes"


@pytest.fixture
def old(tmp_path: Path) -> Home:
    with tarfile.open(HOMES / "before-2026-11.tar.xz") as archive:
        archive.extractall(tmp_path, filter="data")
    study = tmp_path / "study.toml"
    text = study.read_text(encoding="utf-8").replace("/tmp/core/made/files", str(tmp_path / "files"))
    study.write_text(text, encoding="utf-8")
    return Home(tmp_path / "home", study)


@pytest.mark.slow
def test_a_home_of_the_version_before_runs_on(old: Home, tmp_path: Path) -> None:
    archived = files_below(tmp_path / "files")
    first = old.bri("run")
    assert first.exit_code == 0, first.output
    for year in (2011, 2012):
        assert f"landing {year}: 3 files are read again" in first.stderr
    assert "is damaged" not in first.stderr
    assert "removed marts.by_moon, which nothing makes any more" in first.stderr
    assert files_below(tmp_path / "files") == archived
    assert (old.root / "dagster" / "dagster.yaml").is_file()

    tables = old.tables()
    assert "marts.by_moon" not in tables
    with duckdb.connect(old.study_home.warehouse, read_only=True) as con:
        assert con.sql("select 1 from duckdb_tables() where table_name = 'by_moon'").fetchall() == []
    pages = {path.name for path in (old.study_home.report / "tables").glob("*.csv")}
    assert "by_moon.csv" not in pages and "by_year.csv" in pages

    again = old.bri("run")
    assert again.exit_code == 0 and again.output.startswith("Nothing new"), again.output
    assert old.bri("check").exit_code == 0
    fresh = Home(tmp_path / "fresh", old.study)
    build(fresh)
    assert tables == fresh.tables()
