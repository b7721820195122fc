"""A month passes: the schedule's run against a portal that has new weeks, and one it cannot deliver."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from bri_pipeline.commands.run import run_study
from bri_pipeline.definitions import build_definitions
from bri_pipeline.home import StudyHome
from bri_pipeline.lake import fetch
from bri_pipeline.lake.archive import missing_files, survey
from bri_pipeline.lake.landed import landed_files
from bri_pipeline.orchestration.failures import user_error
from bri_pipeline.orchestration.instance import open_instance
from bri_pipeline.orchestration.jobs import RANGE_END, RANGE_START
from bri_pipeline.settings import load_settings
from bri_pipeline.study import Study, load_study
from bri_pipeline.warehouse.database import reading
from tests.archives import ArchiveTruth, random_archive
from tests.portal.conftest import KEY, FakeTime, make_client, write_zip
from tests.portal.standin import StandInPortal, corrupt, denied, quota, throttled


@dataclass
class Month:
    """A study that reads its own archive, the portal it is filled from, and what has come of it."""

    study: Study
    study_home: StudyHome
    portal: StandInPortal
    truth: ArchiveTruth
    weeks: list[Path]
    aside: Path

    def withhold(self, *weeks: Path) -> None:
        for week in weeks:
            shutil.move(week, self.aside / week.name)

    def release(self, *weeks: Path) -> None:
        for week in weeks:
            shutil.move(self.aside / week.name, week)

    def tick(self, at: datetime) -> dg.ExecuteInProcessResult:
        """What the schedule asks for at that time, carried out."""
        tags = self.tags_asked_for(at)
        assert tags is not None
        job = build_definitions(self.study, load_settings()).resolve_job_def("refresh")
        with open_instance(load_settings().home / self.study.name) as instance:
            return job.execute_in_process(instance=instance, tags=tags, raise_on_error=False)

    def tags_asked_for(self, at: datetime) -> dict[str, str] | None:
        """The tags of the run the schedule asks for at that time, if it asks for one."""
        definitions = build_definitions(self.study, load_settings())
        [schedule] = definitions.schedules or []
        # Left open, the context would put its instance back in place of a later one when it is collected.
        with (
            open_instance(load_settings().home / self.study.name) as instance,
            dg.build_schedule_context(
                instance, scheduled_execution_time=at, repository_def=definitions.get_repository_def()
            ) as context,
        ):
            requests = schedule.evaluate_tick(context).run_requests
        return dict(requests[0].tags) if requests else None

    def years_asked_for(self, at: datetime) -> tuple[str, str] | None:
        """First and last year of the run the schedule asks for at that time."""
        tags = self.tags_asked_for(at)
        return (tags[RANGE_START], tags[RANGE_END]) if tags else None

    def weeks_of(self, year: int) -> list[Path]:
        return sorted((self.portal.folder / "APPBLXML" / str(year)).glob("*.zip"))

    def downloaded(self) -> set[str]:
        return {request.path.rsplit("/", 1)[-1] for request in self.portal.asked("/datasets/products/files/")}

    def published_patents(self) -> set[str] | None:
        if not self.study_home.published.is_file():
            return None
        with reading(self.study_home.published) as con:
            return {
                number for (number,) in con.execute("select publication_number from core.patents").fetchall()
            }

    def patents_without(self, *weeks: Path) -> set[str]:
        """Patents of the truth, less those published in the weeks."""
        days = {datetime.strptime(week.name[4:12], "%Y%m%d").date() for week in weeks}
        of_day = {d.publication_number: d.publication_date for d in self.truth.documents}
        return {number for number in self.truth.patents if of_day[number] not in days}


@pytest.fixture
def month(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Month]:
    truth = random_archive(tmp_path / "portal" / "APPBLXML", seed=11, years=(2025, 2026), size=24)
    start, end = truth.window
    study_file = tmp_path / "study.toml"
    study_file.write_text(
        f'name = "month"\nfocal_country = "CN"\nwindow = {{ start = {start}, end = {end} }}\n'
        f"partners = {list(truth.partners)}\n"
    )
    (tmp_path / "aside").mkdir()
    with StandInPortal(tmp_path / "portal", key=KEY) as portal:
        monkeypatch.setenv("BRI_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("BRI_ODP_URL", portal.url)
        monkeypatch.setenv("USPTO_API_KEY", KEY)
        # The pauses between requests are real; only the clock is not.
        monkeypatch.setattr(fetch, "portal_client", lambda settings: make_client(portal, FakeTime()))
        study = load_study(str(study_file))
        weeks = sorted((tmp_path / "portal" / "APPBLXML" / "2026").glob("*.zip"))
        yield Month(study, StudyHome.of(study, load_settings()), portal, truth, weeks, tmp_path / "aside")


def first_run(month: Month) -> None:
    settings = load_settings()
    countries = [partner.iso2 for partner in month.study.searched]
    assert run_study(month.study_home, settings, month.study.years, countries, print).success


def read_on(home: StudyHome) -> dict[str, str]:
    """Source file -> when it was read."""
    return {file.source_file: f"{file.landed_at} {file.fingerprint}" for file in landed_files(home)}


@pytest.mark.slow
def test_a_new_week_is_downloaded_read_checked_published_and_reported(month: Month) -> None:
    *_, new = month.weeks[:-1]
    month.withhold(new)
    first_run(month)
    assert month.published_patents() == month.patents_without(new)
    before, report = read_on(month.study_home), (month.study_home.report / "index.html").stat().st_mtime_ns

    month.release(new)
    month.portal.requests.clear()
    result = month.tick(datetime(2026, 11, 3, 3, tzinfo=UTC))

    assert result.success
    assert month.downloaded() == {new.name}
    after = read_on(month.study_home)
    assert {name for name in after if after[name] != before.get(name)} == {f"2026/{new.name}"}
    assert month.published_patents() == set(month.truth.patents)
    assert (month.study_home.report / "index.html").stat().st_mtime_ns > report


@pytest.mark.slow
def test_a_failing_week_leaves_the_others_landed_and_the_published_copy(month: Month) -> None:
    new, failing = month.weeks[-2:]
    month.withhold(new, failing)
    first_run(month)
    published = month.study_home.published.read_bytes()

    month.release(new, failing)
    month.portal.fault(failing.name, corrupt(), times=2)  # as often as a damaged file is tried
    result = month.tick(datetime(2026, 11, 3, 3, tzinfo=UTC))

    assert not result.success
    landed = {file.source_file: file for file in landed_files(month.study_home, [2026])}
    assert landed[f"2026/{new.name}"].problem is None and landed[f"2026/{new.name}"].documents
    assert month.study_home.published.read_bytes() == published
    [failed] = [
        check
        for check in result.get_asset_check_evaluations()
        if not check.passed and check.severity == dg.AssetCheckSeverity.ERROR
    ]
    assert failed.check_name == "every_file_is_whole"
    offending = str(failed.metadata["first_offending_rows"].value)
    assert failing.name in offending and "was not downloaded" in offending

    assert month.tick(datetime(2026, 12, 3, 3, tzinfo=UTC)).success
    assert month.published_patents() == set(month.truth.patents)


@pytest.mark.slow
def test_a_week_of_last_year_that_failed_is_brought_by_the_next_tick(month: Month) -> None:
    *_, failing = month.weeks_of(2025)
    month.portal.fault(failing.name, corrupt(), times=2)
    assert not month.tick(datetime(2026, 2, 3, 3, tzinfo=UTC)).success
    assert month.published_patents() is None

    assert month.tick(datetime(2026, 3, 3, 3, tzinfo=UTC)).success

    assert month.published_patents() == set(month.truth.patents)
    assert missing_files(month.study_home) == {}
    assert month.years_asked_for(datetime(2026, 4, 3, 3, tzinfo=UTC)) == ("2026", "2026")


@pytest.mark.slow
def test_a_missing_week_of_a_closed_window_is_still_brought(month: Month) -> None:
    *_, failing = month.weeks_of(2025)
    month.portal.fault(failing.name, corrupt(), times=2)
    assert not month.tick(datetime(2026, 2, 3, 3, tzinfo=UTC)).success

    assert month.years_asked_for(datetime(2028, 5, 3, 3, tzinfo=UTC)) == ("2025", "2026")
    assert month.tick(datetime(2028, 5, 3, 3, tzinfo=UTC)).success
    assert month.years_asked_for(datetime(2028, 6, 3, 3, tzinfo=UTC)) is None


@pytest.mark.slow
def test_a_study_of_a_folder_does_not_wait_for_a_download(month: Month, tmp_path: Path) -> None:
    *_, failing = month.weeks_of(2025)
    month.portal.fault(failing.name, corrupt(), times=2)
    assert not month.tick(datetime(2026, 2, 3, 3, tzinfo=UTC)).success
    file = month.study.path
    file.write_text(f'{file.read_text()}[source]\npath = "{tmp_path / "portal"}"\n')

    month.study = load_study(str(file))

    assert month.years_asked_for(datetime(2026, 3, 3, 3, tzinfo=UTC)) == ("2026", "2026")


def test_tables_are_refreshed_in_every_year(month: Month) -> None:
    file = month.study.path
    file.write_text(f'{file.read_text()}[source]\nkind = "patentsview_tables"\n')
    month.study = load_study(str(file))

    assert month.years_asked_for(datetime(2026, 5, 3, 3, tzinfo=UTC)) == ("2025", "2026")
    assert month.years_asked_for(datetime(2027, 5, 3, 3, tzinfo=UTC)) is None


@pytest.mark.slow
def test_the_key_is_in_no_file_of_the_home(month: Month, capfd: pytest.CaptureFixture[str]) -> None:
    echo = f'{{"message":"The key {KEY} is not known"}}'.encode()
    month.portal.fault(month.weeks[-1].name, throttled("1", echo), corrupt())
    first_run(month)
    month.portal.fault("/datasets/products/APPBLXML", denied(body=echo))
    assert not month.tick(datetime(2026, 11, 3, 3, tzinfo=UTC)).success
    holders = [p for p in load_settings().home.rglob("*") if p.is_file() and KEY.encode() in p.read_bytes()]
    assert holders == []
    assert KEY not in "".join(capfd.readouterr())
    assert month.portal.violations == []


def test_a_refused_key_is_said_with_the_way_out(month: Month) -> None:
    month.portal.fault("/datasets/products/APPBLXML", denied())

    result = month.tick(datetime(2026, 11, 3, 3, tzinfo=UTC))

    said = [text for event in result.all_events if (text := user_error(event))]
    assert len(said) == 1 and said[0].startswith("Could not get the list of APPBLXML files")
    assert "https://data.uspto.gov/apikey" in said[0]


def test_a_changed_week_that_fails_is_used_once_it_is_put_there_by_hand(month: Month) -> None:
    week = month.weeks[-1]
    settings, years = load_settings(), month.study.years
    fetch.fetch_years(month.study_home, settings, years, print)
    write_zip(week, bulk=100)
    month.portal.fault(week.name, quota(), times=9)
    fetch.fetch_years(month.study_home, settings, years, print)
    assert week.name in missing_files(month.study_home)[2026]
    asked = len(month.portal.asked(week.name))

    shutil.copy(week, month.study_home.archive / "2026")

    assert missing_files(month.study_home) == {}
    result = fetch.fetch_years(month.study_home, settings, years, print)
    assert result is not None and [entry.name for entry in result.adopted] == [week.name]
    assert len(month.portal.asked(week.name)) == asked


def test_tables_in_the_same_archive_are_not_read_as_weekly_files(month: Month) -> None:
    month.study_home.archive.mkdir(parents=True)
    write_zip(month.study_home.archive / "pg_ipc_at_issue.tsv.zip")

    assert survey(month.study_home) == {}


def test_a_full_text_stands_in_for_front_pages_that_cannot_be_had(month: Month) -> None:
    week = month.weeks[-1]
    month.portal.fault(week.name, quota(), times=9)
    fetch.fetch_years(month.study_home, load_settings(), month.study.years, print)
    assert any(file.missing for file in survey(month.study_home)[2026])

    shutil.copy(week, month.study_home.archive / "2026" / week.name.replace("ipab", "ipa"))

    assert not any(file.missing for file in survey(month.study_home)[2026])
