"""What has no files behind it does not turn green in the UI."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from bri_pipeline.errors import UserError
from bri_pipeline.home import StudyHome
from bri_pipeline.orchestration.failures import sentences, user_error
from bri_pipeline.orchestration.jobs import RANGE_END, RANGE_START
from bri_pipeline.orchestration.partitions import year_partitions
from bri_pipeline.warehouse.build import models
from bri_pipeline.warehouse.database import writing
from bri_pipeline.warehouse.outcomes import run_due
from bri_pipeline.warehouse.publish import publish
from tests.orchestration.conftest import Site

LANDING = dg.AssetKey(["landing", "publications"])
RAW = dg.AssetKey(["raw", "uspto_hits_sg"])


def run(site: Site, job: str, keys: list[dg.AssetKey] | None, instance: dg.DagsterInstance) -> list[str]:
    """The sentences of what failed; empty after a success."""
    tags = {RANGE_START: "2011", RANGE_END: "2013"} if keys else {}
    result = site.definitions.resolve_job_def(job).execute_in_process(
        instance=instance, asset_selection=keys, tags=tags, raise_on_error=False
    )
    said = [text for event in result.all_events if (text := user_error(event))]
    assert bool(said) != result.success
    return said


def test_landing_of_years_that_were_not_verified_is_red(site: Site) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        [said] = run(site, "lake", [LANDING, RAW], instance)
        assert "2011-2013" in said and "archive/uspto_files" in said
        for key in (LANDING, RAW):
            assert instance.get_materialized_partitions(key) == set()


@pytest.mark.parametrize("published", [b"a good copy", None])
def test_tables_of_an_empty_lake_are_red_and_publish_nothing(site: Site, published: bytes | None) -> None:
    if published:
        site.study_home.root.mkdir(parents=True)
        site.study_home.published.write_bytes(published)
    with dg.DagsterInstance.ephemeral() as instance:
        [said] = run(site, "marts", None, instance)
    assert "Nothing of small has landed yet" in said and "refresh" in said
    kept = site.study_home.published.read_bytes() if site.study_home.published.exists() else None
    assert kept == published
    assert not site.study_home.report.exists()


def test_a_year_without_files_of_a_folder_of_ones_own_stays_a_warning(site: Site) -> None:
    for path in (site.study.source.path or site.settings.home).rglob("*12*.zip"):
        if "2012" in path.name or path.name.startswith("ipab2012"):
            path.unlink()
    with dg.DagsterInstance.ephemeral() as instance:
        archive = dg.AssetKey(["archive", "uspto_files"])
        assert run(site, "lake", [archive, LANDING, RAW], instance) == []


YEARS = ("2011", "2012", "2013")
ARCHIVE = dg.AssetKey(["archive", "uspto_files"])
LAKE = [ARCHIVE, LANDING, RAW]


def a_file_of(site: Site, year: int) -> Path:
    assert site.study.source.path
    return sorted(site.study.source.path.rglob(f"ipab{year}*.zip"))[0]


def cut_short(site: Site) -> Path:
    path = a_file_of(site, 2012)
    path.write_bytes(path.read_bytes()[:-200])
    return path


def take_away(site: Site) -> Path:
    path = a_file_of(site, 2012)
    with dg.DagsterInstance.ephemeral() as instance:
        assert run(site, "lake", LAKE, instance) == []
    path.unlink()
    return path


def write_nonsense(site: Site) -> Path:
    path = a_file_of(site, 2012)
    path.write_bytes(b"<html>Service unavailable</html>")
    return path


def empty(site: Site) -> Path:
    path = a_file_of(site, 2012)
    path.write_bytes(b"")
    return path


@pytest.mark.parametrize("spoil", [cut_short, take_away, write_nonsense, empty])
def test_a_year_with_a_spoilt_file_fails_alone_with_file_reason_and_way_out(
    site: Site, spoil: Callable[[Site], Path]
) -> None:
    path = spoil(site)
    with dg.DagsterInstance.ephemeral() as instance:
        [said] = run(site, "lake", LAKE, instance)
        assert said.startswith("2012: ") and path.name in said
        assert "download it again" in said and "materialize 2012 again" in said
        for key in LAKE:
            assert instance.get_materialized_partitions(key) == {"2011", "2013"}, key


def test_the_error_itself_begins_with_the_file_and_only_the_failed_year_is_offered_again(site: Site) -> None:
    path = a_file_of(site, 2012)
    whole = path.read_bytes()
    cut_short(site)
    with dg.DagsterInstance.ephemeral() as instance:
        job = site.definitions.resolve_job_def("lake")
        tags = {RANGE_START: "2011", RANGE_END: "2013"}
        result = job.execute_in_process(instance=instance, tags=tags, raise_on_error=False)
        [failed] = [event for event in result.all_events if event.is_step_failure]
        assert failed.step_failure_data.error
        assert failed.step_failure_data.error.message.partition(": ")[2].startswith(f"2012: {path}")
        lines = instance.all_logs(result.run_id)
        assert any(line.level == logging.ERROR and path.name in line.user_message for line in lines)
        status = instance.get_status_by_partition(LANDING, list(YEARS), year_partitions(site.study))
        assert status and {year: of.value for year, of in status.items() if of} == {
            "2011": "MATERIALIZED",
            "2012": "FAILED",
            "2013": "MATERIALIZED",
        }

        path.write_bytes(whole)
        again = job.execute_in_process(
            instance=instance, tags={RANGE_START: "2012", RANGE_END: "2012"}, raise_on_error=False
        )
        assert again.success
        for key in LAKE:
            assert instance.get_materialized_partitions(key) == set(YEARS), key


@pytest.mark.slow
def test_the_run_of_everything_names_the_file_and_publishes_nothing(site: Site) -> None:
    path = cut_short(site)
    with dg.DagsterInstance.ephemeral() as instance:
        result = site.definitions.resolve_job_def("refresh").execute_in_process(
            instance=instance, tags={RANGE_START: "2011", RANGE_END: "2013"}, raise_on_error=False
        )
        assert not result.success and not site.study_home.published.exists()
        [failed] = [event for event in result.all_events if event.is_step_failure]
        assert failed.step_failure_data.error
        assert failed.step_failure_data.error.message.partition(": ")[2].startswith(f"2012: {path}")
        assert "every_file_is_whole" in failed.step_failure_data.error.message
        assert instance.get_materialized_partitions(RAW) == {"2011", "2013"}


def test_raw_hits_of_years_that_have_not_landed_are_red(site: Site) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        assert run(site, "lake", [ARCHIVE], instance) == []
        [said] = run(site, "lake", [RAW], instance)
        assert said.startswith("2011-2013: not landed yet") and "landing/publications" in said
        assert instance.get_materialized_partitions(RAW) == set()


def test_years_that_nobody_verified_are_red_also_where_the_tables_follow(site: Site) -> None:
    """Other years have landed, so the tables would not be empty, and no check misses a year."""
    with dg.DagsterInstance.ephemeral() as instance:
        job = site.definitions.resolve_job_def("refresh")
        lake = job.execute_in_process(
            instance=instance, asset_selection=LAKE, tags={RANGE_START: "2011", RANGE_END: "2011"}
        )
        assert lake.success
        tables = [dg.AssetKey(["raw", "source_files"])]
        result = job.execute_in_process(
            instance=instance,
            asset_selection=[LANDING, RAW, *tables],
            tags={RANGE_START: "2011", RANGE_END: "2013"},
            raise_on_error=False,
        )
        [said] = [text for event in result.all_events if (text := user_error(event))]
        assert said.startswith("2012-2013: the source's files have not been verified yet")


def test_fewer_years_than_readers_have_are_not_published(ran: Site, tmp_path: Path) -> None:
    home = StudyHome(ran.study, tmp_path / "small")
    shutil.copytree(ran.study_home.root, home.root)
    with writing(home.warehouse) as con:
        con.execute("delete from raw.source_files where file_year = 2012")
    with writing(home.warehouse) as con:
        run_due(con, models())
    before = home.published.read_bytes()
    with pytest.raises(UserError, match="2012 would vanish, which the published copy holds"):
        publish(home, models())
    assert home.published.read_bytes() == before


@pytest.mark.slow
def test_a_check_that_fails_when_some_tables_alone_are_built_says_to_build_all(built_site: Site) -> None:
    with duckdb.connect(built_site.study_home.warehouse) as con:
        con.sql("delete from core.scope_years where year = 2012")
    job = built_site.definitions.resolve_implicit_global_asset_job_def()
    with dg.DagsterInstance.ephemeral() as instance:
        alone = job.execute_in_process(
            instance=instance, asset_selection=[dg.AssetKey(["marts", "by_year"])], raise_on_error=False
        )
        [said] = [text for event in alone.all_events if (text := sentences(event))]
        assert "marts.by_year/sums_meet_core" in said and "run the job marts" in said
        assert run(built_site, "marts", None, instance) == []
