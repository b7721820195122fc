"""Why a step failed, in words for the person who started the run."""

import dagster as dg


def user_error(event: dg.DagsterEvent) -> str | None:
    """The sentences for the user if the step failed because of something the user can mend; else null."""
    error = event.step_failure_data.error if event.is_step_failure else None
    while error:
        if error.cls_name in {"UserError", "ModelError"}:
            return error.message.partition(": ")[2].strip() or error.message
        error = error.cause
    return None


def reason(event: dg.DagsterEvent) -> str:
    """Step and message of any other failure, in one line."""
    error = event.step_failure_data.error
    cause = error.cause if error and error.cause else error
    return f"{event.step_key}: {cause.message.strip() if cause else 'failed'}"
