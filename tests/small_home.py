"""A small study after a run: files, tables, report and kit."""

from __future__ import annotations

import shutil
from pathlib import Path

from bri_pipeline.export.write import write_kit
from bri_pipeline.report.write import write_report
from bri_pipeline.warehouse.up_to_date import remember_built
from tests.archives import PARTNERS, ArchiveTruth, random_archive
from tests.end_to_end.expected import Question
from tests.end_to_end.studies import Home, build, write_study
from tests.made_once import made_once


def small_archive(folder: Path) -> ArchiveTruth:
    """The files of the small study: two years, and what is in them."""
    return random_archive(folder / "files", seed=51, years=(2011, 2012), size=15)


def small_home(folder: Path) -> Home:
    """The small study with a copy of its home, made once because the tables take nearly all of the time."""
    made = made_once("small home", _make)
    shutil.copytree(made / "home", folder / "home")
    return Home(folder / "home", made / "study.toml")


def _make(folder: Path) -> None:
    truth = small_archive(folder)
    home = Home(folder / "home", write_study(folder, Question(PARTNERS, truth.window), truth.folder))
    build(home)
    paths = home.study_home
    write_report(paths.published, paths.study, paths.report)
    write_kit(paths.published, paths.study, paths.exports)
    remember_built(paths, write_report, write_kit)
