"""While Postgres is away, `bri ui` says so once; what Dagster says about it goes to files beside the history.

Each of Dagster's daemons tries again every few seconds and logs a traceback of a hundred lines each time.
"""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bri_pipeline.orchestration.storage import URL_VARIABLE, is_lost_postgres, without_password
from bri_pipeline.progress import duration

FILE_BYTES = 1_000_000  # with the one before as many again, for each of the three processes
_AWAY = re.compile(
    r"too many retries for DB|Retrying failed database|connection to server .{0,300} failed"
    r"|server closed the connection|terminating connection|connection (already|is) closed|connection not open"
    r"|SSL connection has been closed|could not (connect to server|receive data|translate host name)"
    r"|the database system is (starting up|shutting down|in recovery)",
    re.DOTALL,
)
# They have handlers of their own; what reaches the root from them would be printed twice.
_PRINT_THEMSELVES = ("dagster", "uvicorn")


class Outages:
    """Whether Postgres answers, as `bri ui` finds out now and then; says when it is lost, and when it is back."""

    def __init__(self, url: str | None, folder: Path, say: Callable[[str], object]) -> None:
        self._url, self._folder, self._say = url, folder, say
        self._since: float | None = None

    @contextmanager
    def noticed(self) -> Iterator[None]:
        """For what is tried again by itself: that Postgres is away is no error, and is said once."""
        try:
            yield
        except Exception as error:
            if self._url is None or not is_lost_postgres(error):
                raise
            self._lost(self._url)
        else:
            self._back()

    def _lost(self, url: str) -> None:
        if self._since is None:
            self._since = time.monotonic()
            self._say(
                f"The Postgres database of BRI_DAGSTER_POSTGRES_URL ({without_password(url)}) does not answer. Start "
                "it: the UI goes on when it is back. What Dagster says about it until then is in "
                f"{self._folder / 'ui-*.log'}."
            )

    def _back(self) -> None:
        if self._since is not None:
            self._say(f"Postgres answers again, after {duration(time.monotonic() - self._since)}.")
            self._since = None


def keep_outages_in_file(service: str) -> None:
    """Keep what this process logs about Postgres being away off the terminal, in ``$DAGSTER_HOME/ui-<service>.log``.

    For the whole process; without Postgres nothing changes.
    """
    if not os.environ.get(URL_VARIABLE):
        return
    path = Path(os.environ["DAGSTER_HOME"]) / f"ui-{service}.log"
    file = RotatingFileHandler(path, maxBytes=FILE_BYTES, backupCount=1, encoding="utf-8", delay=True)
    file.setFormatter(_WithoutPassword("%(asctime)s %(name)s %(levelname)s %(message)s"))

    handle = logging.Logger.handle

    def divided(logger: logging.Logger, record: logging.LogRecord) -> None:
        if says_postgres_is_away(record):
            file.handle(record)
        else:
            handle(logger, record)

    # Dagster makes loggers, their class and their handlers anew after this, so a filter of any of them would be lost.
    logging.Logger.handle = divided  # type: ignore[method-assign, assignment]
    # Without a handler of the root, `logging.warning` makes one that prints everything a second time.
    terminal = logging.StreamHandler()
    terminal.addFilter(lambda record: record.name.partition(".")[0] not in _PRINT_THEMSELVES)
    logging.getLogger().addHandler(terminal)


def says_postgres_is_away(record: logging.LogRecord) -> bool:
    """Whether a record of a log is about Postgres not answering, by its words or those of its exception."""
    exception = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
    return _AWAY.search(f"{record.getMessage()} {exception}") is not None


class _WithoutPassword(logging.Formatter):
    """Text without the password of Postgres, whatever library wrote it there."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        text, written = super().format(record), urlsplit(os.environ.get(URL_VARIABLE, "")).password
        for password in {written, unquote(written)} if written else ():
            text = text.replace(password, "...")
        return text
