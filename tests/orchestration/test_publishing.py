"""What Dagster publishes: checked tables alone, also when the published copy is materialized by itself."""

from __future__ import annotations

import dagster as dg
import duckdb
import pytest

from bri_pipeline.errors import UserError
from bri_pipeline.orchestration.instance import open_instance
from bri_pipeline.warehouse.build import models
from bri_pipeline.warehouse.publish import published_tables
from tests.orchestration.conftest import Site

PUBLISHED = dg.AssetKey(["published", "warehouse"])


def materialize(site: Site, *keys: dg.AssetKey) -> dg.ExecuteInProcessResult:
    with open_instance(site.settings.home) as instance:
        job = site.definitions.resolve_job_def("marts")
        return job.execute_in_process(instance=instance, asset_selection=list(keys), raise_on_error=False)


def test_the_published_copy_alone_is_refused_after_a_year_was_deleted(built_site: Site) -> None:
    before = built_site.study_home.published.read_bytes()
    with duckdb.connect(built_site.study_home.warehouse) as con:
        con.sql("delete from core.patents where year = 2012")
    result = materialize(built_site, PUBLISHED)
    assert not result.success
    [failure] = [event for event in result.all_events if event.is_step_failure]
    error = failure.step_failure_data.error
    assert error and error.cause and error.cause.cls_name == UserError.__name__
    assert "is older than a table it reads" in error.cause.message
    assert built_site.study_home.published.read_bytes() == before


def test_every_mart_is_written_beside_the_page(ran: Site) -> None:
    marts = [name for name in published_tables(models()) if name.startswith("marts.")]
    written = {path.stem for path in (ran.study_home.report / "tables").glob("*.csv")}
    assert written == {name.removeprefix("marts.") for name in marts}


def test_every_check_of_error_severity_is_blocking(site: Site) -> None:
    graph = site.definitions.resolve_asset_graph()
    severity = {
        dg.AssetCheckKey(dg.AssetKey(check.table.split(".")), check.name): check.severity
        for model in models().values()
        for check in model.checks
    }
    for key in graph.asset_check_keys:
        assert graph.get_check_spec(key).blocking == (severity[key] == "error"), key


@pytest.mark.parametrize(
    "name", ["marts.by_year", pytest.param("reference.countries", marks=pytest.mark.slow)]
)
def test_one_table_alone_writes_no_other_and_is_the_only_one_recorded(built_site: Site, name: str) -> None:
    with duckdb.connect(built_site.study_home.warehouse) as con:
        con.sql("delete from lake.files; delete from reference.provinces")
    result = materialize(built_site, dg.AssetKey(name.split(".")))
    assert result.success
    assert [event.asset_key for event in result.get_asset_materialization_events()] == [
        dg.AssetKey(name.split("."))
    ]
    with duckdb.connect(built_site.study_home.warehouse) as con:
        assert con.sql("from lake.files").shape[0] == con.sql("from reference.provinces").shape[0] == 0
