"""A study's home: one process writes to its lake at a time, and the others say that they wait."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from bri_pipeline.commands.quick_check import current_state
from bri_pipeline.errors import UserError
from bri_pipeline.files import turn
from bri_pipeline.home import StudyHome
from bri_pipeline.progress import Progress, silent
from bri_pipeline.settings import load_settings
from bri_pipeline.study import load_study


def test_who_waits_for_the_lake_says_so_until_the_wait_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turn, "LOOK_AGAIN_SECONDS", 0.05)
    home = StudyHome(load_study("jiangsu-2018"), tmp_path)
    said: list[Progress] = []
    said_twice, entered = threading.Event(), threading.Event()

    def listen(event: Progress) -> None:
        said.append(event)
        if len(said) == 2:
            said_twice.set()

    def wait_for_it() -> None:
        with home.lock(listen):
            entered.set()

    with home.lock(said.append):
        other = threading.Thread(target=wait_for_it)
        other.start()
        assert said_twice.wait(10)
        assert not entered.is_set()
    other.join(10)
    assert entered.is_set()
    assert all(str(tmp_path) in str(event) and "s so far" in str(event) for event in said)
    assert [event.is_over for event in said] == [False] * (len(said) - 1) + [True]


def test_a_free_lake_is_entered_without_a_word_again_and_again(tmp_path: Path) -> None:
    home = StudyHome(load_study("jiangsu-2018"), tmp_path / "new")
    said: list[Progress] = []
    for _ in range(3):
        with home.lock(said.append):
            pass
    with pytest.raises(RuntimeError), home.lock(said.append):
        raise RuntimeError
    with home.lock(said.append):
        pass
    assert said == []


def test_archive_and_landed_files_are_in_the_lake_of_the_settings_and_nothing_else_is(tmp_path: Path) -> None:
    study = load_study("jiangsu-2018")
    here = StudyHome.below(tmp_path / "home", None, study)
    there = StudyHome.below(tmp_path / "home", tmp_path / "lake", study)
    places = ("archive", "landing", "raw", "papers", "warehouse", "published", "report", "exports", "built")
    moved = {name for name in places if getattr(here, name) != getattr(there, name)}
    assert moved == {"archive", "landing"}
    assert there.archive == tmp_path / "lake" / "jiangsu-2018" / "archive"
    # The same tree below either folder, so that one is copied to the other.
    assert there.landing.relative_to(tmp_path / "lake") == here.landing.relative_to(tmp_path / "home")


def test_two_homes_of_one_lake_take_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turn, "LOOK_AGAIN_SECONDS", 0.05)
    study, lake = load_study("jiangsu-2018"), tmp_path / "lake"
    one, other = (StudyHome.below(tmp_path / name, lake, study) for name in ("one", "other"))
    with (
        one.lock(silent),
        pytest.raises(UserError, match=str(lake)),
        other.lock(silent, limit=0.1),
    ):
        pass
    with other.lock(silent):
        pass


def test_a_run_sees_what_changes_in_the_folder_of_the_lake(tmp_path: Path) -> None:
    study, settings = load_study("jiangsu-2018"), load_settings()
    home = StudyHome.below(tmp_path / "home", tmp_path / "lake", study)
    seen = [current_state(home, settings, [2013], ["SG"])]
    home.archive.mkdir(parents=True)
    for content in ("one", "other"):
        (home.archive / "week.zip").write_text(content)
        seen.append(current_state(home, settings, [2013], ["SG"]))
    assert len(set(seen)) == 3


def test_a_folder_of_ones_own_does_not_become_a_study(tmp_path: Path) -> None:
    """BRI_HOME=~ and a study called like a folder there would replace files in it."""
    home = StudyHome(load_study("jiangsu-2018"), tmp_path / "papers")
    home.refuse_if_foreign()
    for name in (
        "archive",
        "published.duckdb.wal",
        "report.set-aside-1",
        ".DS_Store",
    ):  # a study's, restored by hand
        (home.root / name).mkdir(parents=True)
    home.refuse_if_foreign()
    for name in ("thesis.docx", "a", "b", "c"):
        (home.root / name).touch()
    with pytest.raises(UserError, match=r"papers holds other files .* \(a, b, c, \.\.\.\).*Set BRI_HOME to"):
        home.refuse_if_foreign()
    (home.root / ".lake.lock").touch()  # used before, and something was put there since
    home.refuse_if_foreign()


def test_files_where_folders_belong_are_set_aside_and_links_to_nowhere_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    home = StudyHome(load_study("jiangsu-2018"), tmp_path / "x")
    for path in (home.report, home.root / "exports" / "parquet", home.landing):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine")
    home.make_room()
    home.make_room()
    assert sorted(path.name for path in home.root.rglob("*.set-aside-1") if path.read_text() == "mine") == [
        "landing.set-aside-1",
        "parquet.set-aside-1",
        "report.set-aside-1",
    ]
    (home.root / ".tables.lock").mkdir()
    pipes = ["built.json", "published.duckdb", ".lake.lock"] if hasattr(os, "mkfifo") else []
    for name in pipes:
        os.mkfifo(home.root / name)
    home.make_room()
    assert not any((home.root / name).exists() for name in (*pipes, ".tables.lock"))
    assert len(caplog.messages) == 4 + len(pipes) and "is a file where a folder belongs" in caplog.text
    home.archive.symlink_to(tmp_path / "not mounted")
    with pytest.raises(UserError, match=r"archive is a link that leads nowhere\. Mount"):
        home.make_room()
    assert home.archive.is_symlink()
    (tmp_path / "y").write_text("mine")
    with pytest.raises(UserError, match="is a file, and the folder of jiangsu-2018 belongs there"):
        StudyHome(home.study, tmp_path / "y").refuse_if_foreign()
