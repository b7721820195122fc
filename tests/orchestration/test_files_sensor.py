"""Files put into the source's folder by hand are noticed once they have all come, and requested once."""

from __future__ import annotations

import dagster as dg
import pytest

from bri_pipeline.orchestration.files_sensor import years_with_new_files
from bri_pipeline.orchestration.jobs import RANGE_END, RANGE_START
from tests.orchestration.conftest import Site


def look(
    site: Site, instance: dg.DagsterInstance, cursor: str | None
) -> tuple[dg.SensorResult | str, str | None]:
    """One look of the sensor: what it asks for or why it does not, and what it remembers."""
    sensor = site.definitions.resolve_sensor_def("new_files_in_the_archive")
    with dg.build_sensor_context(
        instance, cursor=cursor, repository_def=site.definitions.get_repository_def()
    ) as context:
        data = sensor.evaluate_tick(context)
    answer = data.skip_message or dg.SensorResult(data.run_requests)
    return answer, data.cursor or cursor


def put_a_file(site: Site, year: int) -> None:
    assert site.study.source.path
    first = sorted(site.study.source.path.rglob(f"ipab{year}*.zip"))[0]
    first.with_name(f"ipab{year}1231_wk52.zip").write_bytes(first.read_bytes() + b" ")


def test_new_files_are_asked_for_after_two_looks_that_saw_the_same(site: Site) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        answer, cursor = look(site, instance, None)
        assert "2011-2013 changed; waits for the next look" in str(answer)
        put_a_file(site, 2012)
        answer, cursor = look(site, instance, cursor)
        assert "waits for the next look" in str(answer), "a file has come in between"
        answer, cursor = look(site, instance, cursor)
        assert isinstance(answer, dg.SensorResult) and answer.run_requests
        [asked] = answer.run_requests
        assert (asked.tags[RANGE_START], asked.tags[RANGE_END]) == ("2011", "2013")
        again, _ = look(site, instance, cursor)
        assert isinstance(again, dg.SensorResult) and again.run_requests
        assert again.run_requests[0].run_key == asked.run_key, "Dagster starts one run of a key"


@pytest.mark.slow
def test_nothing_is_asked_for_while_a_run_is_at_work_or_when_all_was_read(site: Site) -> None:
    site.run()
    with dg.DagsterInstance.ephemeral() as instance:
        assert look(site, instance, None)[0] == "Every source file has been read as it is."
        put_a_file(site, 2012)
        assert years_with_new_files(site.study_home, site.settings) == [2012]
        _, cursor = look(site, instance, None)
        instance.create_run_for_job(
            site.definitions.resolve_job_def("refresh"), status=dg.DagsterRunStatus.STARTED
        )
        assert "2012 changed; waits for the runs at work" in str(look(site, instance, cursor)[0])


def test_the_sensor_is_off_until_switched_on_and_says_what_is_wrong_with_the_folder(site: Site) -> None:
    sensor = site.definitions.resolve_sensor_def("new_files_in_the_archive")
    assert sensor.default_status == dg.DefaultSensorStatus.STOPPED
    assert site.study.source.path
    for path in site.study.source.path.rglob("*.zip"):
        path.unlink()
    with dg.DagsterInstance.ephemeral() as instance:
        assert "holds no .zip or .xml file" in str(look(site, instance, None)[0])
