"""The package as a wheel, installed away from the checkout: SQL, reference data and studies come from inside it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.archives import PARTNERS, random_archive
from tests.end_to_end.expected import Question
from tests.end_to_end.studies import REPOSITORY, write_study

LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "local", "tests", "bench", "build", "*.egg-info", ".*cache", "__pycache__"
)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the unpacked wheel, built from a copy of the checkout so that nothing is left in it."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(REPOSITORY, folder / "checkout", ignore=LEFT_OUT)
    built = subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--no-deps",
            "--wheel-dir",
            str(folder),
            str(folder / "checkout"),
        ],
        capture_output=True,
        text=True,
    )
    if built.returncode != 0 and "Could not find a version" in built.stderr:
        pytest.skip("building a wheel needs a package registry for hatchling")
    assert built.returncode == 0, built.stderr
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    shutil.rmtree(folder / "checkout")
    return folder / "site"


def bri(site: Path, cwd: Path, *arguments: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BRI_", "DAGSTER_"))}
    ended = subprocess.run(
        [sys.executable, "-m", "bri_pipeline", *arguments],
        cwd=cwd,
        env={**kept, "PYTHONPATH": str(site), "BRI_HOME": str(cwd / "home")},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.mark.slow
def test_studies_are_found_and_one_runs(installed: Path, tmp_path: Path) -> None:
    listed = bri(installed, tmp_path, "studies")
    assert "jiangsu-2018" in listed and "live" in listed
    assert str(installed) in listed and str(REPOSITORY) not in listed
    truth = random_archive(tmp_path / "files", seed=5, years=(2012, 2013), size=12)
    study = write_study(tmp_path, Question(PARTNERS, truth.window), truth.folder)
    output = bri(installed, tmp_path, "run", "--study", str(study))
    assert f"= {len(truth.patents)} patents" in output
    assert "ok      marts.by_year/sums_meet_core" in bri(installed, tmp_path, "check", "--study", str(study))


@pytest.mark.slow
def test_the_default_study_runs_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    assert "1,751 hits - 21 duplicates = 1,730 patents" in bri(installed, tmp_path, "run")
