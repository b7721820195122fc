"""A failed run is reported to BRI_ALERT_WEBHOOK: once, in one line, without secrets."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import dagster as dg
import pytest

from bri_pipeline.definitions import build_definitions
from bri_pipeline.errors import UserError
from bri_pipeline.orchestration.alerts import alert_sensors, alert_text, post_alert
from bri_pipeline.orchestration.dead_runs import PID_TAG
from bri_pipeline.orchestration.failures import ChecksFailed, StepRefused, YearsNotUsable
from bri_pipeline.orchestration.jobs import STUDY_TAG
from tests.orchestration.conftest import Site

KEY = "key-0f1e2d3c"
SECRET_PATH = "/services/T0/B0/secret"


@dataclass
class Chat:
    """A loopback chat service: what was posted to it, and the status it answers."""

    url: str = ""
    status: int = 200
    posted: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)


@pytest.fixture
def chat() -> Iterator[Chat]:
    state = Chat()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.posted.append((self.path, self.headers["Content-Type"], json.loads(body)))
            self.send_response(state.status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}{SECRET_PATH}"
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


def nobody_listens() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}{SECRET_PATH}"


def test_one_line_says_what_failed_and_where_to_look() -> None:
    text = alert_text("live", "1a2b", "refresh", "uspto_files: The portal does not answer.\nTraceback ...")
    assert text == (
        "live: run 1a2b of refresh failed: uspto_files: The portal does not answer. "
        "`bri ui` shows the run at http://localhost:3000/runs/1a2b"
    )
    assert "failed: no reason was given. " in alert_text("live", "1a2b", "refresh", " \n")


def test_a_line_that_announces_the_next_is_told_with_it() -> None:
    text = alert_text(
        "live", "1a2b", "refresh", "sql_models: 1 check failed:\nraw/files: every_file_is_whole,\nx"
    )
    assert "failed: sql_models: 1 check failed: raw/files: every_file_is_whole. `bri ui`" in text


def test_secrets_are_taken_out_of_the_error() -> None:
    text = alert_text("live", "1a2b", "refresh", f"GET /x?api_key={KEY} failed", [KEY])
    assert "GET /x?api_key=[redacted] failed" in text


def test_what_is_posted(chat: Chat) -> None:
    assert post_alert(chat.url, "säy") is None
    assert chat.posted == [(SECRET_PATH, "application/json", {"text": "säy"})]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_refusal_is_reported_by_its_status(chat: Chat, status: int) -> None:
    chat.status = status
    assert post_alert(chat.url, "x") == f"HTTP status {status}"
    assert len(chat.posted) == 1


@pytest.mark.parametrize(
    "webhook", ["nobody", "secret", "http://", "http://[secret", "ftp://secret.example/x"]
)
def test_an_address_that_cannot_be_reached_raises_nothing_and_stays_secret(webhook: str) -> None:
    problem = post_alert(nobody_listens() if webhook == "nobody" else webhook, "x")
    assert problem and "secret" not in problem and "127.0.0.1" not in problem


REFUSED = UserError(f"The portal refused the key {KEY}. Get another one.")


def failing_run(
    instance: dg.DagsterInstance, tags: dict[str, str], error: Exception = REFUSED
) -> dg.ExecuteInProcessResult:
    @dg.op
    def uspto_files() -> None:
        raise error

    @dg.job(tags=tags)
    def refresh() -> None:
        uspto_files()

    return refresh.execute_in_process(instance=instance, raise_on_error=False)


def told_of(site: Site, webhook: str, tags: dict[str, str], error: Exception = REFUSED) -> tuple[object, str]:
    """Let a run fail and the sensor see it; what the sensor answers, and the id of the run."""
    [sensor] = alert_sensors(site.study_home, replace(site.settings, alert_webhook=webhook, api_key=KEY))
    with dg.instance_for_test() as instance:
        result = failing_run(instance, tags, error)
        [event] = [event for event in result.all_events if event.is_run_failure]
        context = dg.build_run_status_sensor_context(
            "failed_run_alert", event, instance, result.dagster_run
        ).for_run_failure()
        return sensor(context), result.run_id


def test_a_failed_run_of_the_schedule_is_told(site: Site, chat: Chat) -> None:
    answer, run_id = told_of(site, chat.url, {STUDY_TAG: "live"})
    [(_, _, message)] = chat.posted
    assert answer is None
    assert message == {
        "text": f"live: run {run_id} of refresh failed: uspto_files: The portal refused the key [redacted]. "
        f"Get another one. `bri ui` shows the run at http://localhost:3000/runs/{run_id}"
    }


@pytest.mark.parametrize("kind", [ChecksFailed, YearsNotUsable])
def test_failed_checks_and_years_are_told_by_their_own_words(
    site: Site, chat: Chat, kind: type[StepRefused]
) -> None:
    told_of(site, chat.url, {}, kind("2008: a.zip is not a whole zip file. Delete it and download it again."))
    text = chat.posted[0][2]["text"]
    assert (
        "failed: uspto_files: 2008: a.zip is not a whole zip file. Delete it and download it again. " in text
    )
    assert kind.__name__ not in text and "dagster" not in text


def test_a_killed_run_is_told_in_words_of_ones_own(site: Site, chat: Chat) -> None:
    [sensor] = alert_sensors(site.study_home, replace(site.settings, alert_webhook=chat.url))
    with dg.instance_for_test() as instance:
        run = dg.DagsterRun(job_name="marts", status=dg.DagsterRunStatus.STARTED)
        instance.add_run(run)
        event = instance.report_run_failed(run)  # as the code server does of a run whose process is gone
        failed = instance.get_run_by_id(run.run_id)
        assert failed
        context = dg.build_run_status_sensor_context("failed_run_alert", event, instance, failed)
        sensor(context.for_run_failure())
    text = chat.posted[0][2]["text"]
    assert "of marts failed: its process ended without saying so" in text and "marked as" not in text


def test_a_run_without_a_study_of_its_own_is_the_locations(site: Site, chat: Chat) -> None:
    told_of(site, chat.url, {})
    assert chat.posted[0][2]["text"].startswith("small: run ")


def test_a_run_of_bri_run_is_not_told(site: Site, chat: Chat) -> None:
    answer, _ = told_of(site, chat.url, {PID_TAG: "1"})
    assert isinstance(answer, dg.SkipReason) and chat.posted == []


def test_an_alert_that_is_not_delivered_is_logged_without_the_address(
    site: Site, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer, run_id = told_of(site, nobody_listens(), {})
    assert answer is None
    said = caplog.text + "".join(capfd.readouterr())
    assert f"The alert for run {run_id} was not delivered: ConnectionError." in said
    assert SECRET_PATH not in said


def test_a_retry_and_the_address_of_the_ui_are_said() -> None:
    text = alert_text("live", "1a2b", "refresh", "x", ui="http://localhost:3007", retried=True)
    assert "tried again by itself" in text and "http://localhost:3007/runs/1a2b" in text


def test_the_sensor_is_visible_and_off_without_an_address(site: Site) -> None:
    told = build_definitions(site.study, replace(site.settings, alert_webhook="http://127.0.0.1:9/x"))
    dg.Definitions.validate_loadable(told)
    for definitions, status in (
        (site.definitions, dg.DefaultSensorStatus.STOPPED),
        (told, dg.DefaultSensorStatus.RUNNING),
    ):
        sensor = definitions.resolve_sensor_def("failed_run_alert")
        assert sensor.default_status == status
        off = status == dg.DefaultSensorStatus.STOPPED
        assert ("BRI_ALERT_WEBHOOK is not set" in str(sensor.description)) == off


def test_a_run_of_chosen_assets_is_called_so() -> None:
    assert "run abc of chosen assets failed: x" in alert_text("small", "abc", "__ASSET_JOB", "x")


def test_what_others_wrote_calls_nobody_and_makes_no_link_in_a_chat() -> None:
    text = alert_text(
        "live", "1a2b", "refresh", "<!channel> <http://evil.example|Reset> <@U1> @here \u202e a & b"
    )
    assert not set("<>") & set(text) and "&lt;!channel&gt;" in text and "a &amp; b" in text
    assert "@here" not in text and "\u202e" not in text
