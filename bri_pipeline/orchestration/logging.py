"""What runs say: sentences go to Dagster's log and from there to the console, counts to whoever watches the run."""

import logging

import dagster as dg

from bri_pipeline.orchestration.dead_runs import is_of_bri_run
from bri_pipeline.orchestration.failures import is_failed_check, user_error
from bri_pipeline.orchestration.resources import StudyInHand
from bri_pipeline.progress import InLines, Listener, LogForwarder, Progress
from bri_pipeline.visible import visible

WAITING_IN_TERMINAL, WAITING_IN_UI = 5, 60  # seconds between two lines


def step_progress(context: dg.AssetExecutionContext, opened: StudyInHand) -> Listener:
    """A listener for a step: sentences go to Dagster's log, counts to whoever watches the run.

    Every line of Dagster's log is an event in its database, so where nobody watches, a count goes there only now and
    then.
    """
    waiting = WAITING_IN_TERMINAL if is_of_bri_run(context.run) else WAITING_IN_UI
    in_log = InLines(context.log.info, waiting_every=waiting)
    watcher = opened.watcher
    if watcher is None:
        return in_log

    def divided(event: Progress) -> None:
        (in_log if event.done is None else watcher)(event)

    return divided


def console(watcher: Listener | None) -> dg.LoggerDefinition:
    """The console logger of runs: what the pipeline says, without Dagster's own event stream."""

    @dg.logger(
        config_schema={"log_level": dg.Field(str, is_required=False, default_value="INFO")},
        description="Prints what the assets say, one line each; events are in the UI.",
    )
    def plain_console(context: dg.InitLoggerContext) -> logging.Logger:
        logger = logging.Logger("bri", level=context.logger_config["log_level"])
        handler = logging.StreamHandler() if watcher is None else LogForwarder(watcher)
        handler.setFormatter(_Shown("%(message)s"))
        handler.addFilter(_is_said_by_an_asset)
        logger.addHandler(handler)
        return logger

    return plain_console


class _Shown(logging.Formatter):
    """Names of files and words of documents may hold what a terminal would obey; it is escaped."""

    def format(self, record: logging.LogRecord) -> str:
        """The message as a terminal can show it."""
        return visible(super().format(record))


def _is_said_by_an_asset(record: logging.LogRecord) -> bool:
    meta = getattr(record, "dagster_meta", None)
    if isinstance(meta, dict):
        event = meta.get("dagster_event")
        if event:  # what the user can mend is said at the end, and a failed check where it failed
            return event.is_step_failure and user_error(event) is None and not is_failed_check(event)
        record.msg, record.args = meta.get("orig_message", record.msg), ()
    # Dagster says of each later step that it is left out.
    return not str(record.msg).startswith("Dependencies for step")
