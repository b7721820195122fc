"""Why a step failed, in words for the person who started the run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from bri_pipeline.errors import UserError


class StepRefused(dg.Failure):
    """Something an operator can mend ended a step; its sentences come first in what the UI shows of the error."""

    def __init__(self, sentences: str) -> None:
        super().__init__(sentences, allow_retries=False)


class YearsNotUsable(StepRefused):
    """Some years of the lake have files that cannot be relied on; the others have landed."""


class ChecksFailed(StepRefused):
    """Checks of severity error failed on tables that were built."""


@contextmanager
def saying_first() -> Iterator[None]:
    """Put the sentences of a UserError first in the error the UI shows."""
    try:
        yield
    except UserError as error:
        raise StepRefused(str(error)) from error


def sentences(event: dg.DagsterEvent) -> str | None:
    """The sentences for the operator of a step that failed for a mendable reason, failed checks included; else null."""
    error = event.step_failure_data.error if event.is_step_failure else None
    while error:
        if error.cls_name in _names_of_user_errors():
            return error.message.partition(": ")[2].strip() or error.message
        error = error.cause
    return None


def user_error(event: dg.DagsterEvent) -> str | None:
    """The sentences if the step failed because of something the user can mend, failed checks left aside; else null."""
    return None if is_failed_check(event) else sentences(event)


def _names_of_user_errors() -> set[str]:
    """Dagster keeps of an error the name of its class alone, so every class of them is named."""
    kinds: list[type[Exception]] = [UserError, StepRefused]
    for kind in kinds:
        kinds += kind.__subclasses__()
    return {kind.__name__ for kind in kinds}


def is_failed_check(event: dg.DagsterEvent) -> bool:
    """Whether the step ended because a check failed, which is no fault of the code."""
    return _class_of(event) in ("DagsterAssetCheckFailedError", ChecksFailed.__name__)


def is_about_years(event: dg.DagsterEvent) -> bool:
    """Whether the step ended because some years of the lake cannot be used."""
    return _class_of(event) == YearsNotUsable.__name__


def reason(event: dg.DagsterEvent) -> str:
    """Step and message of any other failure, in one line."""
    error = event.step_failure_data.error
    cause = error.cause if error and error.cause else error
    return f"{event.step_key}: {cause.message.strip() if cause else 'failed'}"


def _class_of(event: dg.DagsterEvent) -> str | None:
    error = event.step_failure_data.error if event.is_step_failure else None
    return error.cls_name if error else None
