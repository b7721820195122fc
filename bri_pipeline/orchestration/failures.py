"""Why a step failed, in words for the person who started the run."""

import dagster as dg

from bri_pipeline.errors import UserError


def user_error(event: dg.DagsterEvent) -> str | None:
    """The sentences for the user if the step failed because of something the user can mend; else null."""
    error = event.step_failure_data.error if event.is_step_failure else None
    while error:
        if error.cls_name in _names_of_user_errors():
            return error.message.partition(": ")[2].strip() or error.message
        error = error.cause
    return None


def _names_of_user_errors() -> set[str]:
    """Dagster keeps of an error the name of its class alone, so every class below UserError is named."""
    kinds = [UserError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    return {kind.__name__ for kind in kinds}


def is_failed_check(event: dg.DagsterEvent) -> bool:
    """Whether the step ended because a blocking check failed, which is no fault of the code."""
    error = event.step_failure_data.error if event.is_step_failure else None
    return error is not None and error.cls_name == "DagsterAssetCheckFailedError"


def reason(event: dg.DagsterEvent) -> str:
    """Step and message of any other failure, in one line."""
    error = event.step_failure_data.error
    cause = error.cause if error and error.cause else error
    return f"{event.step_key}: {cause.message.strip() if cause else 'failed'}"
