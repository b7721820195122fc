"""Runs take turns at a study's files and tables; a step that waits says for whom and for how long.

Locks of the operating system and not Dagster's pools: such a lock is free when its process is gone, however it went,
and a step of Dagster that waits for a pool's slot neither sleeps nor says anything nor can be stopped.
"""

from contextlib import AbstractContextManager

import dagster as dg

from bri_pipeline.orchestration.dead_runs import is_of_bri_run
from bri_pipeline.orchestration.logging import step_progress
from bri_pipeline.orchestration.resources import StudyInHand


def lake_turn(context: dg.AssetExecutionContext, opened: StudyInHand) -> AbstractContextManager[None]:
    """The turn at archive, landing and raw hits."""
    return opened.home.lock(step_progress(context, opened), _who(context))


def tables_turn(context: dg.AssetExecutionContext, opened: StudyInHand) -> AbstractContextManager[None]:
    """The turn at the warehouse and the published copy."""
    return opened.home.writing_turn(step_progress(context, opened), _who(context))


def _who(context: dg.AssetExecutionContext) -> str:
    started_by = "`bri run`" if is_of_bri_run(context.run) else "the UI"
    return f"run {context.run.run_id[:8]} of {started_by}"
