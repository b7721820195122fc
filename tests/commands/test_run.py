"""`bri run`: wrong files of a study are named before anything is read, a loss is accepted by the run that meets it."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bri_pipeline.commands import refresh
from bri_pipeline.commands.run import run_study
from bri_pipeline.commands.run_outcome import RunOutcome
from bri_pipeline.errors import UserError
from bri_pipeline.home import StudyHome
from bri_pipeline.lake.archive import remember_missing
from bri_pipeline.lake.archived import accepted_losses
from bri_pipeline.lake.soundness import faults_of
from bri_pipeline.lake.source import source_of
from bri_pipeline.progress import InLines, Listener
from bri_pipeline.settings import Settings, load_settings
from bri_pipeline.study import load_study
from tests.archives import PARTNERS, random_archive
from tests.end_to_end.expected import Question
from tests.end_to_end.studies import Home, write_study

YEARS = [2011]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    truth = random_archive(tmp_path / "files", seed=51, years=YEARS, size=15)
    return Home(tmp_path / "home", write_study(tmp_path, Question(PARTNERS, truth.window), truth.folder))


@dataclass
class Runs:
    """The lake's part of a run, as the job `refresh` does it; what it finds wrong with years is its failure."""

    fails_to_download: str | None = None
    raises: bool = False
    count: int = 0

    def __call__(
        self,
        home: StudyHome,
        settings: Settings,
        stale: Sequence[int],
        years: Sequence[int],
        countries: Sequence[str],
        progress: Listener,
    ) -> RunOutcome:
        self.count += 1
        if self.fails_to_download:
            remember_missing(home, {YEARS[0]: {self.fails_to_download: "the portal does not give it."}})
        source = source_of(home, settings)
        source.verify(years, progress)
        source.land(years, 1, progress)
        faults = [fault for year in faults_of(home, years).values() for fault in year]
        if faults and self.raises:
            raise UserError(faults[0])
        return RunOutcome(True, not faults, stopped=bool(faults), failures=faults)


def run(home: Home, said: list[str], *, accept_loss: bool) -> RunOutcome:
    return run_study(
        home.study_home, load_settings(), YEARS, ["SG"], InLines(said.append), accept_loss=accept_loss
    )


def cut_week(home: Home, files: Path) -> str:
    """A week as plain XML that a run has read whole and that has lost its last document since."""
    week = sorted(files.rglob("*.zip"))[-1]
    with zipfile.ZipFile(week) as archive:
        text = archive.read(archive.namelist()[0])
    plain = week.with_suffix(".xml")
    week.unlink()
    plain.write_bytes(text)
    assert run(home, [], accept_loss=False).success
    plain.write_bytes(text[: text.rindex(b"<?xml")])
    return plain.name


@pytest.mark.parametrize("raises", [False, True])
def test_a_file_that_holds_less_is_accepted_by_the_run_that_reads_it(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raises: bool
) -> None:
    runs = Runs(raises=raises)
    monkeypatch.setattr(refresh, "refresh_study", runs)
    name = cut_week(home, tmp_path / "files")
    said: list[str] = []
    assert run(home, said, accept_loss=True).success
    assert runs.count == 3
    assert [line for line in said if name in line and "that is accepted" in line]


def test_a_file_that_is_not_given_is_accepted_by_the_run_that_asks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = 'name = "own"\nfocal_country = "CN"\nwindow = { start = 2011-01-01, end = 2011-12-31 }\npartners = ["SG"]\n'
    (tmp_path / "own.toml").write_text(text)
    own = Home(tmp_path / "home", tmp_path / "own.toml")
    monkeypatch.setattr(refresh, "refresh_study", Runs(fails_to_download="ipab20110106_wk01.zip"))
    said: list[str] = []
    assert run(own, said, accept_loss=True).success
    assert [loss.name for loss in accepted_losses(own.study_home)] == ["ipab20110106_wk01.zip"]
    assert "2011: ipab20110106_wk01.zip is left out from now on; that is accepted." in said


def test_without_a_loss_one_run_says_that_there_is_none_to_accept(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = Runs()
    monkeypatch.setattr(refresh, "refresh_study", runs)
    said: list[str] = []
    assert run(home, said, accept_loss=True).success
    assert runs.count == 1 and said[-1] == "There is no loss to accept."


def test_a_failure_that_is_no_loss_is_no_reason_to_run_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[int] = []

    def failing(*_: object) -> RunOutcome:
        counted.append(1)
        if len(counted) > 1:
            raise UserError("a disk is full; free some space.")
        return RunOutcome(True, failures=["marts.summary/agrees_with_core"])

    monkeypatch.setattr(refresh, "refresh_study", failing)
    assert not run(home, [], accept_loss=True).success
    with pytest.raises(UserError, match="a disk is full"):
        run(home, [], accept_loss=True)
    assert len(counted) == 2


HEADING = "id,measure,scope,member,value,upper,digits,source\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,measure\n", "column"),
        (HEADING + "V1,summary.hits,CN,all,ten,,0,by hand\n", "line 2: value is 'ten'; it must be a number"),
        (HEADING + "V1,summary.hits,CN,all,nan,,0,by hand\n", "line 2: value is 'nan'; it must be a number"),
        (HEADING + "V1,summary.hits,CN,all,1,,99,by hand\n", "line 2: digits is '99'; it must be at most 15"),
        (
            HEADING + "V1,summary.hits,IN,all,1,,0,by hand\n",
            "line 2: scope is 'IN'; it must be CN or the code",
        ),
        (HEADING + "V1,summary.hits,CN,all,5,4,0,by hand\n", "the upper bound is below the value"),
        (HEADING + 2 * "V1,summary.hits,CN,all,5,,0,by hand\n", "'V1 summary.hits CN all' is there twice"),
    ],
)
def test_expected_values_that_cannot_be_used_are_named_before_anything_is_read(
    home: Home, text: str, said: str
) -> None:
    (home.study.parent / "expected.csv").write_text(text)
    home.study.write_text('expected = "expected.csv"\n' + home.study.read_text())
    assert load_study(str(home.study)).expected
    result = home.bri("run")
    assert result.exit_code == 2 and "Traceback" not in result.stderr
    assert "expected.csv" in result.stderr and said in result.stderr
    assert not home.study_home.landing.exists() and not (home.root / "dagster").exists()
