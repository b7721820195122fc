"""Data versions and code versions tell the truth: the same input leaves what follows fresh, a changed rule does not."""

from __future__ import annotations

from dataclasses import replace

import dagster as dg
from dagster._core.definitions.data_version import CachingStaleStatusResolver, StaleStatus
from dagster._core.loader import LoadingContextForTest

from bri_pipeline.definitions import build_definitions
from bri_pipeline.orchestration.jobs import RANGE_END, RANGE_START
from tests.orchestration.conftest import Site

YEARS = ("2011", "2012", "2013")


def stale(definitions: dg.Definitions, instance: dg.DagsterInstance) -> set[str]:
    """The assets that the UI marks as stale, of those by year any year."""
    graph = definitions.resolve_asset_graph()
    resolver = CachingStaleStatusResolver(instance, graph, LoadingContextForTest(instance))
    found = set()
    for key in graph.get_all_asset_keys():
        years = YEARS if graph.get(key).is_partitioned else (None,)
        states = {resolver.get_status(key, year) for year in years}
        if states != {StaleStatus.FRESH}:
            found.add(key.to_user_string())
    return found


def test_a_year_read_anew_that_is_the_same_leaves_everything_fresh(
    ran: Site, instance: dg.DagsterInstance
) -> None:
    assert stale(ran.definitions, instance) == set()
    result = ran.definitions.resolve_job_def("lake").execute_in_process(
        instance=instance, tags={RANGE_START: "2012", RANGE_END: "2012"}
    )
    assert result.success
    assert stale(ran.definitions, instance) == set()


def test_a_changed_study_makes_stale_what_asks_it(ran: Site, instance: dg.DagsterInstance) -> None:
    other = build_definitions(replace(ran.study, kinds=("A1",)), ran.settings)
    found = stale(other, instance)
    assert {"raw/uspto_hits_sg", "raw/uspto_hits_in", "reference/study"} <= found
    assert "archive/uspto_files" not in found and "landing/publications" not in found


def test_a_changed_model_makes_that_table_stale(ran: Site, instance: dg.DagsterInstance) -> None:
    def with_another_version(spec: dg.AssetSpec) -> dg.AssetSpec:
        changed = spec.key == dg.AssetKey(["marts", "by_year"])
        return spec.replace_attributes(code_version="another") if changed else spec

    other = ran.definitions.map_asset_specs(func=with_another_version)
    assert stale(other, instance) == {"marts/by_year"}
