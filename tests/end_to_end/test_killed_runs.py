"""``bri run`` killed at any moment, then run again: the same tables, and the killed run shown as failed."""

from __future__ import annotations

import random
import re
import signal
import time
from pathlib import Path

import dagster as dg
import pytest

from bri_pipeline.orchestration.instance import open_instance
from tests.archives import PARTNERS, random_archive
from tests.end_to_end.expected import Question
from tests.end_to_end.studies import Home, write_study

# Kills itself, as kill -9 would, when a function is called for the nth time; else a plain ``bri``.
DIES = """
import os, signal, sys
from importlib import import_module
from bri_pipeline.cli import main
module, name, nth = sys.argv.pop(1), sys.argv.pop(1), int(sys.argv.pop(1))
owner, calls = import_module(module), 0
original = getattr(owner, name)
def dying(*arguments, **named):
    global calls
    calls += 1
    if calls == nth:
        os.kill(os.getpid(), signal.SIGKILL)
    return original(*arguments, **named)
setattr(owner, name, dying)
main()
"""
# While files are landed, SQL models build, places are resolved, tables are copied and swapped in, pages written.
MOMENTS = (
    ("bri_pipeline.lake.archived", "write_json", 2),
    ("bri_pipeline.lake.landed", "write_stamped", 3),
    ("bri_pipeline.lake.hits", "_replace", 4),
    ("bri_pipeline.warehouse.build", "build_model", 1),
    ("bri_pipeline.warehouse.build", "make_python_table", 1),
    ("bri_pipeline.warehouse.build", "build_model", 20),
    ("bri_pipeline.warehouse.outcomes", "run_check", 60),
    ("bri_pipeline.warehouse.database", "_comment", 1),
    ("bri_pipeline.report.write", "write_report", 1),
    ("bri_pipeline.orchestration.publish_assets", "remember_built", 1),
)
QUICK = (MOMENTS[5], MOMENTS[7])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A run that nobody killed."""
    folder = tmp_path_factory.mktemp("whole")
    truth = random_archive(folder / "files", seed=31, years=(2008, 2009), size=14)
    question = Question(PARTNERS, truth.window, stages=(("all", 2008, 2009),))
    home = Home(folder / "home", write_study(folder, question, truth.folder))
    assert home.bri("run").exit_code == 0
    return home


def statuses(home: Home) -> list[dg.DagsterRunStatus]:
    """Of all runs, newest first, as the next `bri` or the UI finds them."""
    with open_instance(home.root) as instance:
        return [run.status for run in instance.get_runs()]


def report_data(home: Home) -> dict[str, str]:
    """Every file of the report; what names the day or the folder is left out of the page."""
    pages = {}
    for path in sorted(home.study_home.report.rglob("*")):
        if path.is_file() and path.suffix in (".html", ".csv", ".json", ".svg"):
            text = path.read_text(encoding="utf-8").replace(str(home.folder), "HOME")
            pages[str(path.relative_to(home.study_home.report))] = re.sub(
                r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?( UTC|\+00:00|Z)?", "THEN", text
            )
    return pages


def die_at(home: Home, moment: tuple[str, str, int]) -> None:
    module, name, nth = moment
    process = home.python("-c", DIES, module, name, str(nth), "run", "--study", str(home.study))
    output, complaints = process.communicate()
    assert process.returncode == -signal.SIGKILL, output + complaints


def assert_as_if_never_killed(home: Home, whole: Home) -> None:
    ended = home.bri("run")
    assert ended.exit_code == 0, ended.output
    assert home.tables() == whole.tables()
    assert report_data(home) == report_data(whole)


@pytest.mark.slow
def test_killed_twice_in_a_row(whole: Home, tmp_path: Path) -> None:
    home = Home(tmp_path / "home", whole.study)
    for moment in QUICK:
        die_at(home, moment)
    assert_as_if_never_killed(home, whole)
    assert statuses(home) == [dg.DagsterRunStatus.SUCCESS, *[dg.DagsterRunStatus.FAILURE] * len(QUICK)]


@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: f"{moment[1]}-{moment[2]}")
def test_killed_at_each_step(whole: Home, tmp_path: Path, moment: tuple[str, str, int]) -> None:
    home = Home(tmp_path / "home", whole.study)
    die_at(home, moment)
    assert_as_if_never_killed(home, whole)
    assert statuses(home) == [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_killed_again_and_again_at_any_time(whole: Home, tmp_path: Path, seed: int) -> None:
    rng, home = random.Random(seed), Home(tmp_path / "home", whole.study)
    for _ in range(3):
        process = home.process("run")
        time.sleep(rng.uniform(1.0, 12.0))
        process.kill()
        process.communicate()
    assert_as_if_never_killed(home, whole)
    assert set(statuses(home)) <= {dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE}
