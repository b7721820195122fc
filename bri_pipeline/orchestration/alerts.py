"""Tells BRI_ALERT_WEBHOOK of a failed run that nobody was watching: those of the schedule and of the UI.

`bri run` says on its own terminal why it failed; its runs are left out.
"""

from __future__ import annotations

from collections.abc import Iterable

import dagster as dg
import requests

from bri_pipeline.orchestration.dead_runs import PID_TAG
from bri_pipeline.orchestration.failures import reason, user_error
from bri_pipeline.orchestration.jobs import STUDY_TAG
from bri_pipeline.settings import Settings
from bri_pipeline.study import Study

TIMEOUT_SECONDS = 10
LONGEST_REASON = 500
REDACTED = "[redacted]"


def alert_sensors(study: Study, settings: Settings) -> list[dg.SensorDefinition]:
    """The sensor of failed runs; none where no address is set."""
    webhook = settings.alert_webhook
    if webhook is None:
        return []

    @dg.run_failure_sensor(
        name="failed_run_alert",
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Posts study, run, step and error of a failed run to BRI_ALERT_WEBHOOK; not those of `bri run`.",
    )
    def failed_run_alert(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
        run = context.dagster_run
        if PID_TAG in run.tags:
            return dg.SkipReason("A run of `bri run` says on its terminal why it failed.")
        text = alert_text(
            run.tags.get(STUDY_TAG, study.name),
            run.run_id,
            run.job_name,
            _failure(context),
            [secret for secret in (settings.api_key, webhook) if secret],
        )
        problem = post_alert(webhook, text)
        if problem:
            context.log.warning(f"The alert for run {run.run_id} was not delivered: {problem}.")
        return None

    return [failed_run_alert]


def alert_text(study: str, run_id: str, job: str, failure: str, secrets: Iterable[str] = ()) -> str:
    """One line on a failed run: the first line of what failed, without any of the secrets, and where to look.

    Args:
        study: name of the study.
        run_id: Dagster's id of the run.
        job: name of the job.
        failure: step and error; lines after the first, or what it announces with a colon, are left out.
        secrets: texts that must not be passed on.
    """
    for secret in secrets:
        failure = failure.replace(secret, REDACTED)
    first, *others = [line.strip() for line in failure.splitlines() if line.strip()] or [
        "no reason was given"
    ]
    if first.endswith(":") and others:  # "1 blocking asset check failed:", and its name in the next line
        first = f"{first} {others[0]}"
    first = first[:LONGEST_REASON].rstrip(".,: ")
    where = f"`bri ui` shows the run at http://localhost:3000/runs/{run_id}"
    return f"{study}: run {run_id} of {job} failed: {first}. {where}"


def post_alert(webhook: str, text: str) -> str | None:
    """Post ``{"text": text}`` as JSON, as chat services take it.

    Returns:
        Why it was not delivered, in words that never hold the address, which is a secret; null when it was.
    """
    try:
        with requests.post(
            webhook, json={"text": text}, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True
        ) as answer:
            return None if answer.status_code in range(200, 300) else f"HTTP status {answer.status_code}"
    except Exception as error:
        # Whatever it is, an alert must not stop the daemon; the error's text names the address.
        return type(error).__name__


def _failure(context: dg.RunFailureSensorContext) -> str:
    """Step and error of the first step that failed; where none did, what Dagster says of the run."""
    for event in context.get_step_failure_events():
        said = user_error(event)
        return f"{event.step_key}: {said}" if said else reason(event)
    return context.failure_event.message or ""
