"""Kills, full disks, damaged files and simultaneous starts: a sentence each time, and a right next run.

Run apart from the default suite: ``pytest -m slow tests/faults`` (a quarter of an hour of one core). tally.py shows how
its result gets into docs/operations.md.
"""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.end_to_end.studies import Home
from tests.faults.cases import (
    DAGSTER,
    DAMAGE,
    KEPT,
    assert_a_sentence,
    assert_right_next_run,
    bri,
    damages,
    end,
    kept_file,
    new_home,
    start,
)
from tests.faults.tally import Case, note

pytestmark = pytest.mark.slow
Tables = dict[str, list[tuple[Any, ...]]]
Whole = tuple[Home, Tables, float]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """A home after a run nothing happened to, its tables, and how many seconds the run took."""
    home = new_home(tmp_path_factory.mktemp("whole"))
    started = time.monotonic()
    assert_a_sentence(bri(home, "run"), 0)
    return home, home.tables(), time.monotonic() - started


@pytest.fixture
def expected(whole: Whole) -> Tables:
    return whole[1]


@pytest.fixture
def home(whole: Whole, tmp_path: Path) -> Home:
    """A copy that harm may be done to."""
    shutil.copytree(whole[0].folder, tmp_path / "home")
    return Home(tmp_path / "home", whole[0].study)


@pytest.fixture
def case() -> Iterator[Callable[[str, str], Case]]:
    """Notes what a case came to, also where the test fails."""
    begun: list[Case] = []

    def begin(harm: str, one: str) -> Case:
        begun.append(Case(harm, one))
        return begun[0]

    yield begin
    for one in begun:
        note(one)


# ---- signals and kills


@pytest.mark.parametrize("part", [0.15, 0.4, 0.65, 0.9])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda one: one.name)
def test_a_run_that_is_asked_to_stop_says_so_and_is_made_good(
    tmp_path: Path, whole: Whole, case: Any, number: signal.Signals, part: float
) -> None:
    tried = case(f"first run stopped by {number.name}", str(part))
    home = Home(tmp_path / "home", whole[0].study)
    process = start(home, "run")
    time.sleep(part * whole[2])
    process.send_signal(number)
    told = time.monotonic()
    ended = end(process)
    if ended.status != 0:  # it may have been done already
        assert time.monotonic() - told < 10
        assert_a_sentence(ended, 128 + number)
    tried.sentence = True
    assert_right_next_run(home, whole[1])
    tried.right = True


@pytest.mark.parametrize("seed", range(6))
def test_a_run_killed_at_a_random_moment_is_made_good(
    tmp_path: Path, whole: Whole, case: Any, seed: int
) -> None:
    """Killed twice: in the first run, and in the one that would have made it good."""
    tried = case("runs killed twice (SIGKILL) at random moments", str(seed))
    tried.sentence = None
    rng, home = random.Random(seed), Home(tmp_path / "home", whole[0].study)
    for _ in range(2):
        process = start(home, "run")
        time.sleep(rng.uniform(0.05, 0.95) * whole[2])
        process.kill()
        assert "Traceback" not in end(process).text
    assert_right_next_run(home, whole[1])
    tried.right = True


@pytest.mark.parametrize("starts", [2, 3])
def test_starts_at_once_end_in_the_same_tables(tmp_path: Path, whole: Whole, case: Any, starts: int) -> None:
    tried = case("two and three first starts at once", str(starts))
    home = Home(tmp_path / "home", whole[0].study)
    for ended in [end(process) for process in [start(home, "run") for _ in range(starts)]]:
        assert_a_sentence(ended)
    tried.sentence = True
    assert_right_next_run(home, whole[1])
    tried.right = True


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


@pytest.mark.parametrize("percent", [2, 8, 17, 30, 45, 60, 72, 84, 92])
def test_a_full_disk_is_a_sentence_and_the_next_run_with_room_is_right(
    disk: Path, whole: Whole, case: Any, percent: int
) -> None:
    tried = case("disk full in the first run, at nine steps of what it needs", f"{percent} %")
    needed = sum(path.stat().st_size for path in whole[0].folder.rglob("*") if path.is_file())
    _resize(disk, needed * percent // 100)
    home = Home(disk / "home", whole[0].study)
    assert_a_sentence(bri(home, "run"))
    tried.sentence = True
    _resize(disk, 200_000_000)
    assert_right_next_run(home, whole[1])
    tried.right = True


@pytest.mark.parametrize("room", [20_000, 1_000_000, 10_000_000])
def test_a_disk_that_fills_up_later_leaves_the_published_copy_whole(
    disk: Path, whole: Whole, case: Any, room: int
) -> None:
    tried = case("disk full in a later run; the published copy is as it was", f"{room} bytes")
    home = Home(disk / "home", whole[0].study)
    shutil.copytree(whole[0].folder, home.folder)
    for path in home.root.glob("lake/landing/*/*.json"):
        path.unlink()
    _resize(disk, shutil.disk_usage(disk).used + room)
    assert_a_sentence(bri(home, "run"), 2)
    assert home.tables() == whole[1]
    tried.sentence = True
    _resize(disk, 200_000_000)
    assert_right_next_run(home, whole[1])
    tried.right = True


def _resize(disk: Path, size: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={max(size, 65_536)}", str(disk)], check=True)


def test_a_home_that_cannot_be_written_to_is_a_sentence(disk: Path, whole: Whole, case: Any) -> None:
    tried = case("disk turned read-only", "")
    home = Home(disk / "home", whole[0].study)
    shutil.copytree(whole[0].folder, home.folder)
    next(home.root.glob("lake/landing/*/*.json")).unlink()
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    assert_a_sentence(bri(home, "run"), 2)
    assert_a_sentence(bri(home, "query", "from marts.summary"), 0)
    tried.sentence = True
    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    assert_right_next_run(home, whole[1])
    tried.right = True


# ---- damage


@pytest.mark.parametrize(("kept", "damage"), damages())
def test_a_damaged_file_is_made_again(
    home: Home, expected: Tables, case: Any, kept: str, damage: str
) -> None:
    tried = case(f"kept file {damage}", kept)
    DAMAGE[damage](kept_file(home, KEPT[kept]))
    asked = bri(home, "query", "from marts.summary")
    assert_a_sentence(asked)
    if (kept, damage) == ("published copy", "of a newer DuckDB"):
        assert "was written by a newer DuckDB" in asked.text and "`bri run`" in asked.text
    tried.sentence = True
    assert_right_next_run(home, expected)
    tried.right = True


@pytest.mark.parametrize("damage", ["garbage", "cut", "a folder instead", "a named pipe instead"])
@pytest.mark.parametrize("name", DAGSTER)
def test_dagster_s_own_files_are_named_and_set_aside_on_request(
    home: Home, expected: Tables, case: Any, name: str, damage: str
) -> None:
    tried = case(f"file of Dagster's history: {damage}", name)
    path = home.root / "dagster" / name
    for beside in path.parent.glob(f"{path.name}-*"):
        beside.unlink()
    DAMAGE[damage](path)
    home.study_home.built.unlink()  # else there is nothing to run, and nobody looks at the history
    ended = bri(home, "run")
    if ended.status:  # half a small file of settings may be settings
        assert_a_sentence(ended, 2)
        assert "bri doctor --mend" in ended.text
        assert_a_sentence(bri(home, "doctor"), 1)
        assert_a_sentence(bri(home, "doctor", "--mend"), 0)
    tried.sentence = True
    assert_right_next_run(home, expected)
    tried.right = True


def test_a_table_dropped_by_hand_is_made_again(home: Home, expected: Tables, case: Any) -> None:
    tried = case("table dropped by hand", "marts.summary")
    for path in (home.study_home.warehouse, home.study_home.published):
        path.chmod(0o644)
        with duckdb.connect(str(path)) as con:
            con.execute("drop table marts.summary")
    assert_a_sentence(bri(home, "check"), 0, 1, 2)
    tried.sentence = True
    assert_right_next_run(home, expected)
    tried.right = True


def test_an_analyst_who_writes_to_the_published_copy_stops_nobody(
    home: Home, expected: Tables, case: Any
) -> None:
    """Held open for writing, then killed: the run replaces the copy, whatever log was left beside it."""
    tried = case("published copy open for writing, then killed", "")
    script = (
        "import duckdb, sys, time; c = duckdb.connect(sys.argv[1]); c.execute('create table mine as select 1'); "
        "print('open', flush=True); time.sleep(3000)"
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
    tried.sentence = tried.right = True


# ---- names


@pytest.mark.parametrize(
    "name",
    [
        "data%20x",
        "what?",
        "a;b",
        "sharp#",
        "brackets [a-z]",
        "key=value *",
        "quo'te",
        'dou"ble',
        "umläut 南京",
        "trailing ",
        "line\nbreak",
        "x" * 300,
    ],
)
def test_a_home_of_any_name_works_or_is_a_sentence(
    tmp_path: Path, whole: Whole, case: Any, name: str
) -> None:
    tried = case(
        "BRI_HOME with %20, ?, ;, #, =, brackets, quotes, other letters, blanks, line break, too long",
        name[:20],
    )
    home = Home(tmp_path / name, whole[0].study)
    ended = bri(home, "run")
    assert_a_sentence(ended)
    tried.sentence = True
    if ended.status == 0:
        assert home.tables() == whole[1]
        tried.right = True
    else:
        assert "BRI_HOME" in ended.text
        tried.right = None
