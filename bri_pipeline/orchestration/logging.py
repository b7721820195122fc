"""The console logger of runs: what the pipeline says, without Dagster's own event stream."""

import logging

import dagster as dg

from bri_pipeline.orchestration.failures import is_failed_check, user_error
from bri_pipeline.visible import visible


@dg.logger(
    config_schema={"log_level": dg.Field(str, is_required=False, default_value="INFO")},
    description="Prints what the assets say, one line each; events are in the UI.",
)
def plain_console(context: dg.InitLoggerContext) -> logging.Logger:
    """A logger whose lines are the messages alone."""
    logger = logging.Logger("bri", level=context.logger_config["log_level"])
    handler = logging.StreamHandler()
    handler.setFormatter(_Shown("%(message)s"))
    handler.addFilter(_is_said_by_an_asset)
    logger.addHandler(handler)
    return logger


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
