"""Tells BRI_ALERT_WEBHOOK of a failed run that nobody was watching: those of the schedule and of the UI.

`bri run` says on its own terminal why it failed; its runs are left out.
"""

from __future__ import annotations

from collections.abc import Iterable

import dagster as dg

from bri_pipeline.home import StudyHome
from bri_pipeline.orchestration.dead_runs import is_of_bri_run
from bri_pipeline.orchestration.failures import reason, sentences
from bri_pipeline.orchestration.groups import STUDY_TAG
from bri_pipeline.orchestration.ui_status import DEFAULT_ADDRESS, ui_address
from bri_pipeline.settings import Settings
from bri_pipeline.visible import visible
from bri_pipeline.web_session import WebSession

TIMEOUT_SECONDS = 10
LONGEST_REASON = 500
REDACTED = "[redacted]"
MARKED_BY_DAGSTER = "marked as failed from outside the execution context"
PROCESS_IS_GONE = "its process ended without saying so: it was killed, or the machine ran out of memory"
WILL_RETRY_TAG = "dagster/will_retry"
OF_CHOSEN_ASSETS = "__ASSET_JOB"  # Dagster's name for the job of a run from the graph or an asset's page


def alert_sensors(home: StudyHome, settings: Settings) -> list[dg.SensorDefinition]:
    """The sensor of failed runs; off, and saying so, where no address is set."""
    study, webhook = home.study, settings.alert_webhook
    running, stopped = dg.DefaultSensorStatus.RUNNING, dg.DefaultSensorStatus.STOPPED

    @dg.run_failure_sensor(
        name="failed_run_alert",
        default_status=running if webhook else stopped,
        description=(
            "Posts study, run, step and error of each failed run to BRI_ALERT_WEBHOOK, except those of `bri run`, "
            "which says on its terminal why it failed."
            + ("" if webhook else " Off: BRI_ALERT_WEBHOOK is not set; set it and start `bri ui` again.")
        ),
    )
    def failed_run_alert(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
        run = context.dagster_run
        if webhook is None:
            return dg.SkipReason("BRI_ALERT_WEBHOOK is not set; set it and start `bri ui` again.")
        if is_of_bri_run(run):
            return dg.SkipReason("A run of `bri run` says on its terminal why it failed.")
        text = alert_text(
            run.tags.get(STUDY_TAG, study.name),
            run.run_id,
            run.job_name,
            _failure(context),
            settings.secrets,
            ui=ui_address(home.root / "dagster"),
            retried=run.tags.get(WILL_RETRY_TAG) == "true",
        )
        problem = post_alert(webhook, text)
        if problem:
            context.log.warning(f"The alert for run {run.run_id} was not delivered: {problem}.")
        return None

    return [failed_run_alert]


def alert_text(
    study: str,
    run_id: str,
    job: str,
    failure: str,
    secrets: Iterable[str] = (),
    *,
    ui: str = DEFAULT_ADDRESS,
    retried: bool = False,
) -> str:
    """One line on a failed run: the first line of what failed, without any of the secrets, and where to look.

    Args:
        study: name of the study.
        run_id: Dagster's id of the run.
        job: name of the job.
        failure: step and error; lines after the first, or what it announces with a colon, are left out.
        secrets: texts that must not be passed on.
        ui: address of the UI.
        retried: whether Dagster tries the run again by itself.
    """
    then = "It is tried again by itself. " if retried else ""
    for secret in secrets:
        failure = failure.replace(secret, REDACTED)
    first, *others = [line.strip() for line in failure.splitlines() if line.strip()] or [
        "no reason was given"
    ]
    if first.endswith(":") and others:  # "1 blocking asset check failed:", and its name in the next line
        first = f"{first} {others[0]}"
    first = first[:LONGEST_REASON].rstrip(".,: ")
    what = "chosen assets" if job == OF_CHOSEN_ASSETS else job
    where = f"`bri ui` shows the run at {ui}/runs/{run_id}"
    first = _without_markup(first)
    return f"{study}: run {run_id} of {what} failed: {first}. {then}{where}"


def _without_markup(text: str) -> str:
    """Text that a chat service shows as it is: it mentions nobody and makes no link.

    ``&``, ``<`` and ``>`` are written as Slack, and services that take its messages, require.
    """
    return (
        visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("@", "@\u2060")
    )


def post_alert(webhook: str, text: str) -> str | None:
    """Post ``{"text": text}`` as JSON, as chat services take it.

    Returns:
        Why it was not delivered, in words that never hold the address, which is a secret; null when it was.
    """
    try:
        with WebSession() as session, session.within(TIMEOUT_SECONDS):
            answer = session.post(
                webhook, json={"text": text}, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True
            )
        return None if answer.status_code in range(200, 300) else f"HTTP status {answer.status_code}"
    except Exception as error:
        # Whatever it is, an alert must not stop the daemon; the error's text names the address.
        return type(error).__name__


def _failure(context: dg.RunFailureSensorContext) -> str:
    """Step and error of the first step that failed; where none did, what Dagster says of the run."""
    for event in context.get_step_failure_events():
        said = sentences(event)
        return f"{event.step_key}: {said}" if said else reason(event)
    said = context.failure_event.message or ""
    return PROCESS_IS_GONE if MARKED_BY_DAGSTER in said else said
