"""A study's home: one process writes to its lake at a time, and the others say that they wait."""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Callable
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


def test_a_folder_of_ones_own_with_a_report_in_it_does_not_become_a_study(tmp_path: Path) -> None:
    home = StudyHome(load_study("jiangsu-2018"), tmp_path / "papers")
    for name in ("archive", "report"):
        (home.root / name).mkdir(parents=True)
    home.refuse_if_foreign()  # nothing in it would be replaced
    (home.report / "index.html").write_text("mine")
    with pytest.raises(UserError, match=r"papers holds other files .* \(report\)"):
        home.refuse_if_foreign()
    (home.root / "built.json").touch()  # restored without its hidden files
    home.refuse_if_foreign()


def test_only_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    home = StudyHome(load_study("jiangsu-2018"), tmp_path / "x")
    left = [
        home.root / name for name in (".a.json.0123456789ab.tmp", ".published.duckdb.0123456789ab.tmp.wal")
    ]
    mine = [
        home.root / name
        for name in (".notes.tmpl", ".vimrc.tmp", ".a.0123456789AB.tmp", "a.0123456789ab.tmp")
    ]
    home.root.mkdir()
    for path in (*left, *mine):
        path.touch()
        os.utime(path, (0, 0))
    with home.lock(silent):
        pass
    assert not [path for path in left if path.exists()] and all(path.exists() for path in mine)


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
    assert len(caplog.messages) == 3 and "is a file where a folder belongs" in caplog.text
    home.archive.symlink_to(tmp_path / "not mounted")
    with pytest.raises(UserError, match=r"archive is a link that leads nowhere\. Mount"):
        home.make_room()
    assert home.archive.is_symlink()
    (tmp_path / "y").write_text("mine")
    with pytest.raises(UserError, match="is a file, and the folder of jiangsu-2018 belongs there"):
        StudyHome(home.study, tmp_path / "y").refuse_if_foreign()


OWN_FILES = (
    *("warehouse.duckdb", "published.duckdb", "built.json", ".up_to_date.json", "dagster/dagster.yaml"),
    *(".lake.lock", ".lake.lock.json", ".tables.lock", ".ui.lock", ".dagster.lock"),
    *("archive/manifest-2011.json", "archive/missing.json", "archive/search/2011/answers.json"),
    *("archive/.portal/lock", "archive/.portal/APPBLXML/a.zip.json", "archive/.portal/APPBLXML/a.zip.part"),
    *("lake/landing/2011/a.zip.json", "lake/landing/2011/a.zip.parquet", "lake/raw/2011/SG.parquet"),
    *("lake/papers/works/2011-01.json", "lake/papers/institutions.parquet"),
    *("report/index.html", "report/tables/by_year.csv", "report/figures/CN-JS.en/years.svg"),
    *("exports/jiangsu-2018.CN-JS.xlsx", "exports/parquet/datapackage.json", "exports/networks/x.graphml"),
)
OWN_FOLDERS = sorted({str(Path(name).parent) for name in OWN_FILES} - {"."})


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY)  # the name of a socket may have 107 bytes
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(f"/proc/self/fd/{folder}/{path.name}")
    os.close(folder)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.skipif(sys.platform != "linux", reason="pipes, sockets and devices of Linux")
@pytest.mark.parametrize(
    ("put", "what"),
    [(_pipe, "a named pipe"), (_socket, "a socket"), (_device, "a device"), (Path.mkdir, "a folder")],
)
def test_what_is_no_file_is_set_aside_wherever_a_file_of_the_study_belongs(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, put: Callable[[Path], object], what: str
) -> None:
    home = StudyHome(load_study("jiangsu-2018"), tmp_path / "x")
    for name in OWN_FILES:
        (home.root / name).parent.mkdir(parents=True, exist_ok=True)
        put(home.root / name)
    (home.root / "mine").mkdir()
    put(home.root / "mine" / "x.json")
    assert {found.path for found in home.in_the_way()} == {home.root / name for name in OWN_FILES}
    home.make_room()
    assert not list(home.in_the_way())
    for name in OWN_FILES:
        assert os.path.lexists(home.root / f"{name}.set-aside-1") and not os.path.lexists(home.root / name)
        assert f"{home.root / name} is {what} where a file belongs, and is set aside as" in caplog.text
    assert os.path.lexists(home.root / "mine" / "x.json")
    for name in OWN_FILES:
        (home.root / name).touch()
    assert not list(home.in_the_way()), "files where files belong"


@pytest.mark.skipif(sys.platform != "linux", reason="pipes, sockets and devices of Linux")
@pytest.mark.parametrize("put", [_pipe, _socket, _device, Path.touch])
def test_what_is_no_folder_is_set_aside_wherever_a_folder_of_the_study_belongs(
    tmp_path: Path, put: Callable[[Path], object]
) -> None:
    for number, name in enumerate(OWN_FOLDERS):
        home = StudyHome(load_study("jiangsu-2018"), tmp_path / str(number))
        (home.root / name).parent.mkdir(parents=True)
        put(home.root / name)
        home.make_room()
        assert not os.path.lexists(home.root / name), name
        assert os.path.lexists(home.root / f"{name}.set-aside-1")


def test_a_pipe_in_the_place_of_the_study_s_folder_is_named(tmp_path: Path) -> None:
    home = StudyHome(load_study("jiangsu-2018"), tmp_path / "x")
    os.mkfifo(home.root)
    [found] = home.in_the_way()
    assert (found.path, found.what) == (home.root, "is a named pipe where a folder belongs")
    with pytest.raises(UserError, match="is a named pipe, and the folder of"):
        home.refuse_if_foreign()
