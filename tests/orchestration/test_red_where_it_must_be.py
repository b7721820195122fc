"""What has no files behind it does not turn green in the UI."""

from __future__ import annotations

import dagster as dg
import pytest

from bri_pipeline.orchestration.failures import user_error
from bri_pipeline.orchestration.jobs import RANGE_END, RANGE_START
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
