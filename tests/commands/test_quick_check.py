"""The quick look by which a run with nothing to do sees that: any difference must lead to the thorough look."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bri_pipeline.commands import quick_check
from bri_pipeline.commands.quick_check import current_state, is_known_up_to_date, remember_up_to_date
from bri_pipeline.home import StudyHome
from bri_pipeline.settings import load_settings
from bri_pipeline.study import load_study

STUDY = """\
name = "looked-at"
focal_country = "CN"
window = { start = 2012-01-01, end = 2013-12-31 }
partners = ["SG"]
[source]
path = "files"
"""
FILES = (
    "files/2012/ipab20120105_wk01.zip",
    "home/looked-at/lake/landing/2012/ipab20120105_wk01.zip.parquet",
    "home/looked-at/lake/raw/2012/SG.parquet",
    "home/looked-at/archive/manifest-2012.json",
    "home/looked-at/warehouse.duckdb",
    "home/looked-at/published.duckdb",
    "home/looked-at/report/index.html",
)
Looked = Callable[[], str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BRI_HOME", str(tmp_path / "home"))
    code = tmp_path / "code"
    for name in ("code/scan.py", *FILES):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    monkeypatch.setattr(quick_check, "PACKAGE", code)
    (tmp_path / "study.toml").write_text(STUDY)
    return tmp_path


def look(folder: Path, **other: object) -> str:
    study = replace(load_study(str(folder / "study.toml")), **other)  # type: ignore[arg-type]
    settings = load_settings()
    return current_state(StudyHome.of(study, settings), settings, study.years, ["SG"])


@pytest.mark.parametrize("name", [*FILES, "code/scan.py"])
def test_a_file_of_another_size_or_time_and_one_that_is_gone_are_seen(folder: Path, name: str) -> None:
    before, path = look(folder), folder / name
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    touched = look(folder)
    path.write_text(path.read_text() + " and more")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    longer = look(folder)
    path.unlink()
    assert len({before, touched, longer, look(folder)}) == 4


def test_a_new_file_of_the_source_or_beside_the_tables_is_seen(folder: Path) -> None:
    states = [look(folder)]
    for name in ("files/2013/ipab20130103_wk01.zip", "home/looked-at/published.duckdb.wal"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("new")
        states.append(look(folder))
    assert len(set(states)) == 3


def test_what_is_kept_for_dagster_and_hidden_files_do_not_matter(folder: Path) -> None:
    before = look(folder)
    for name in ("dagster/history/runs.db", ".lake.lock", "lake/.index.tmp", "archive/.part/x"):
        path = folder / "home" / "looked-at" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    assert look(folder) == before


def test_another_question_is_seen(folder: Path) -> None:
    settings, study = load_settings(), load_study(str(folder / "study.toml"))
    home = StudyHome.of(study, settings)
    states = {
        current_state(home, settings, years, countries)
        for years in ([2012], [2012, 2013])
        for countries in (["SG"], ["SG", "IN"])
    }
    (folder / "study.toml").write_text(STUDY.replace('["SG"]', '["SG", "IN"]'))
    changed = StudyHome.of(load_study(str(folder / "study.toml")), settings)
    assert len(states | {current_state(changed, settings, [2012], ["SG"])}) == 5


def test_another_version_of_a_library_is_seen(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    states = []
    for version in ("1.0", "1.1"):
        installed = folder / version / f"polars-{version}.dist-info"
        installed.mkdir(parents=True)
        monkeypatch.syspath_prepend(str(installed.parent))
        states.append(look(folder))
        monkeypatch.undo()
        monkeypatch.setenv("BRI_HOME", str(folder / "home"))
        monkeypatch.setattr(quick_check, "PACKAGE", folder / "code")
    assert states[0] != states[1]


@pytest.mark.parametrize("end", [None, date(2013, 12, 31)])
def test_the_day_matters_where_the_window_is_open(
    folder: Path, monkeypatch: pytest.MonkeyPatch, end: date | None
) -> None:
    class Tomorrow(date):
        @classmethod
        def today(cls) -> date:
            return date.today() + timedelta(days=1)

    before = look(folder, window_end=end)
    monkeypatch.setattr(quick_check, "date", Tomorrow)
    assert (look(folder, window_end=end) == before) == (end is not None)


def test_what_was_noted_holds_for_that_state_alone(folder: Path) -> None:
    home = StudyHome.of(load_study(str(folder / "study.toml")), load_settings())
    state = look(folder)
    assert not is_known_up_to_date(home, state)
    remember_up_to_date(home, state)
    assert is_known_up_to_date(home, state) and not is_known_up_to_date(home, "another state")
    assert look(folder) == state, "the note is no part of what it is about"
    next(home.root.glob(".up_to_date*")).write_text("{cut off")
    assert not is_known_up_to_date(home, state)
