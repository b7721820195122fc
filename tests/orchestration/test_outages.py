"""While Postgres is away: a sentence each time it goes and comes back, tracebacks in a file, nothing else changed."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy

from bri_pipeline.orchestration.outages import Outages, says_postgres_is_away
from bri_pipeline.orchestration.storage import URL_VARIABLE

PASSWORD = "not/written anywhere"
URL = "postgresql://bri:not%2Fwritten%20anywhere@db.example/bri"


def look(outages: Outages, error: Exception | None = None) -> None:
    with outages.noticed():
        if error:
            raise error


def test_each_outage_is_said_once_and_its_end_once(tmp_path: Path) -> None:
    said: list[str] = []
    outages = Outages(URL, tmp_path, said.append)
    gone = sqlalchemy.exc.OperationalError("insert", {}, Exception(f"server closed {PASSWORD}"))
    for error in (None, gone, gone, gone, None, None, gone, gone):
        look(outages, error)
    assert [line.split(" after")[0].split(" Start")[0] for line in said] == [
        "The Postgres database of BRI_DAGSTER_POSTGRES_URL (db.example/bri) does not answer.",
        "Postgres answers again,",
        "The Postgres database of BRI_DAGSTER_POSTGRES_URL (db.example/bri) does not answer.",
    ]
    assert str(tmp_path) in said[0] and PASSWORD not in "".join(said)
    with pytest.raises(ValueError, match="of another kind"):
        look(outages, ValueError("of another kind"))
    with pytest.raises(sqlalchemy.exc.OperationalError):
        look(Outages(None, tmp_path, said.append), gone)


@pytest.mark.parametrize(
    ("text", "is_away"),
    [
        ("Retrying failed database connection: (psycopg2.OperationalError) refused", True),
        ('connection to server at "db" (::1), port 5432 failed: Connection refused', True),
        ("server closed the connection unexpectedly", True),
        ("FATAL: terminating connection due to administrator command", True),
        ("FATAL: the database system is starting up", True),
        ("SensorDaemon caught an error", False),
        ("deadlock detected", False),
        ("connection to https://portal failed", False),
    ],
)
def test_an_outage_is_known_by_its_words(text: str, is_away: bool) -> None:
    assert says_postgres_is_away(logging.makeLogRecord({"msg": "%s", "args": (text,)})) == is_away
    try:
        raise RuntimeError(text)
    except RuntimeError:
        record = logging.makeLogRecord({"msg": "caught an error", "exc_info": sys.exc_info()})
    assert says_postgres_is_away(record) == is_away


# As Dagster does when its daemon starts: loggers of another class, a handler of its own, and the words of its records.
DAEMON = """
import logging, logging.config, sys
from bri_pipeline.orchestration.outages import keep_outages_in_file
early = logging.getLogger("dagster.daemon")
keep_outages_in_file("daemon")
class Other(logging.Logger): pass
logging.setLoggerClass(Other)
logging.config.dictConfig({"version": 1, "disable_existing_loggers": False,
    "handlers": {"own": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout"}},
    "loggers": {"dagster": {"handlers": ["own"], "level": "INFO"}}})
late = logging.getLogger("dagster.daemon.SensorDaemon")
logging.warning("Retrying failed database connection: %s", "not/written anywhere")
for logger in (early, late):
    try:
        raise Exception("too many retries for DB connection")
    except Exception:
        logger.error("caught an error", exc_info=True)
    logger.error("Failed to add heartbeat: %s", "DagsterPostgresException: too many retries for DB connection")
    logger.error("something else is wrong")
logging.warning("a library warns")
"""


def test_what_dagster_says_of_an_outage_is_in_a_file_and_all_else_on_the_terminal_once(
    tmp_path: Path,
) -> None:
    def terminal(**variables: str) -> str:
        environment = {**os.environ, "DAGSTER_HOME": str(tmp_path), **variables}
        process = subprocess.run(
            [sys.executable, "-c", DAEMON], env=environment, capture_output=True, text=True, check=True
        )
        return process.stdout + process.stderr

    assert sorted(terminal(**{URL_VARIABLE: URL}).splitlines()) == [
        "a library warns",
        "something else is wrong",
        "something else is wrong",
    ]
    kept = (tmp_path / "ui-daemon.log").read_text()
    assert kept.count("Traceback") == 2 and kept.count("Failed to add heartbeat") == 2
    assert "Retrying failed database connection: ..." in kept and PASSWORD not in kept
    (tmp_path / "ui-daemon.log").unlink()
    assert "Traceback" in terminal(**{URL_VARIABLE: ""})
    assert not list(tmp_path.iterdir())
