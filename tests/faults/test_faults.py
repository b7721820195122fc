"""Kills, full disks, damaged files and simultaneous starts: a sentence each time, and a right next run.

Run apart from the default suite (some ten minutes): ``pytest -m slow tests/faults``. The result stands in
docs/operations.md.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.studies import Home
from tests.faults.cases import (
    DAMAGE,
    KEPT,
    assert_a_sentence,
    assert_right_next_run,
    bri,
    end,
    kept_file,
    new_home,
    start,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home after a run nothing happened to."""
    home = new_home(tmp_path_factory.mktemp("whole"))
    assert_a_sentence(bri(home, "run"), 0)
    return home


@pytest.fixture(scope="module")
def expected(whole: Home) -> dict[str, list[tuple[Any, ...]]]:
    return whole.tables()


@pytest.fixture
def home(whole: Home, tmp_path: Path) -> Home:
    """A copy that harm may be done to."""
    shutil.copytree(whole.folder, tmp_path / "home")
    return Home(tmp_path / "home", whole.study)


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
@pytest.mark.parametrize("pattern", KEPT.values(), ids=KEPT.keys())
def test_a_damaged_file_is_made_again(home: Home, expected: Any, pattern: str, damage: Any) -> None:
    if damage is DAMAGE["bytes flipped"] and pattern.endswith(".json"):
        pytest.skip("a digit that became another one cannot be told")
    damage(kept_file(home, pattern))
    assert_a_sentence(bri(home, "query", "from marts.summary"))
    assert_right_next_run(home, expected)


def test_a_table_dropped_by_hand_is_made_again(home: Home, expected: Any) -> None:
    import duckdb

    for path in (home.study_home.warehouse, home.study_home.published):
        path.chmod(0o644)
        with duckdb.connect(str(path)) as con:
            con.execute("drop table marts.by_country")
    assert_a_sentence(bri(home, "check"), 0, 1, 2)
    assert_right_next_run(home, expected)


def test_an_analyst_who_writes_to_the_published_copy_stops_nobody(home: Home, expected: Any) -> None:
    """Held open for writing, then killed: the run replaces the copy, whatever log was left beside it."""
    script = (
        "import duckdb, sys, time; c = duckdb.connect(sys.argv[1]); c.execute('create table mine as select 1'); "
        "print('open', flush=True); time.sleep(300)"
    )
    path = home.study_home.published
    path.chmod(0o644)
    analyst = subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True)
    try:
        assert analyst.stdout is not None and analyst.stdout.readline() == "open\n"
        assert_right_next_run(home, expected)
    finally:
        analyst.kill()
        analyst.wait()
    assert_right_next_run(home, expected)
    assert_a_sentence(bri(home, "query", "from marts.summary"), 0)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
@pytest.mark.parametrize("seconds", [1.0, 3.0, 5.0, 7.0])
def test_a_run_that_is_stopped_at_any_moment_is_made_good(
    tmp_path: Path, whole: Home, expected: Any, number: signal.Signals, seconds: float
) -> None:
    home = Home(tmp_path / "home", whole.study)
    process = start(home, "run")
    time.sleep(seconds)
    process.send_signal(number)
    told = time.monotonic()
    ended = end(process)
    if number != signal.SIGKILL and ended.status != 0:
        assert time.monotonic() - told < 10
        assert_a_sentence(ended, 128 + number, -number)
    assert_right_next_run(home, expected)


@pytest.mark.parametrize("starts", [2, 3])
def test_starts_at_once_end_in_the_same_tables(
    tmp_path: Path, whole: Home, expected: Any, starts: int
) -> None:
    home = Home(tmp_path / "home", whole.study)
    for ended in [end(process) for process in [start(home, "run") for _ in range(starts)]]:
        assert_a_sentence(ended)
    assert_right_next_run(home, expected)


# ---- disks


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own that can be made small; only root may make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", str(folder)], capture_output=True
    )
    if made.returncode:
        pytest.skip("a small file system can only be made by root on Linux")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def used(folder: Path) -> int:
    return shutil.disk_usage(folder).used


@pytest.mark.parametrize("percent", [2, 8, 17, 30, 45, 60, 72, 84, 92])
def test_a_full_disk_is_a_sentence_and_the_next_run_with_room_is_right(
    disk: Path, whole: Home, expected: Any, percent: int
) -> None:
    needed = sum(path.stat().st_size for path in whole.folder.rglob("*") if path.is_file())
    _resize(disk, needed * percent // 100)
    home = Home(disk / "home", whole.study)
    assert_a_sentence(bri(home, "run"))
    _resize(disk, 200_000_000)
    assert_right_next_run(home, expected)


def test_a_disk_that_fills_up_later_leaves_the_published_copy_whole(
    disk: Path, whole: Home, expected: Any
) -> None:
    home = Home(disk / "home", whole.study)
    shutil.copytree(whole.folder, home.folder)
    before = home.tables()
    for path in home.root.glob("lake/landing/*/*.json"):
        path.unlink()
    _resize(disk, used(disk) + 100_000)
    ended = bri(home, "run")
    assert_a_sentence(ended, 2)
    assert home.tables() == before
    _resize(disk, 200_000_000)
    assert_right_next_run(home, expected)


def _resize(disk: Path, size: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={max(size, 65_536)}", str(disk)], check=True)


def test_a_home_that_cannot_be_written_to_is_a_sentence(disk: Path, whole: Home, expected: Any) -> None:
    home = Home(disk / "home", whole.study)
    shutil.copytree(whole.folder, home.folder)
    next(home.root.glob("lake/landing/*/*.json")).unlink()
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    assert_a_sentence(bri(home, "run"), 2)
    assert_a_sentence(bri(home, "query", "from marts.summary"), 0)
    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    assert_right_next_run(home, expected)


@pytest.mark.parametrize(
    "name", ["data%20x", "what?", "a;b", "sharp#", "quo'te", 'dou"ble', "umläut 南京", "line\nbreak"]
)
def test_a_home_of_any_name_works_or_is_a_sentence(
    tmp_path: Path, whole: Home, expected: Any, name: str
) -> None:
    home = Home(tmp_path / name, whole.study)
    ended = bri(home, "run")
    assert_a_sentence(ended)
    if ended.status == 0:
        assert home.tables().keys() == expected.keys()
