"""Dagster's SQLite event log, with batches written in one transaction and connections kept open.

Materializing 62 countries over 18 years makes 1,116 planned and 1,116 materialization events. Dagster's SQLite
storage opens three connections and commits twice for each of them (docs/performance.md has the figures); its
interface has ``store_event_batch`` for exactly this, which SQLite does not use. And for every other event it makes
a new engine, which compiles its SQL again, and closes the file, which makes SQLite fold in its journal. Same rows,
same tables.

This rests on a few private members of Dagster's storage. Where one of them is missing or takes other arguments,
``dagster.yaml`` still works: Dagster's own storage is used instead, with a warning.
"""

from __future__ import annotations

import inspect
import os
import threading
import warnings
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy
from dagster import EventLogEntry
from dagster._core.events import ASSET_CHECK_EVENTS
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.schema import SqlEventLogStorageTable as EVENTS
from dagster._serdes import ConfigurableClassData
from filelock import FileLock

from bri_pipeline.errors import UserError

BATCH_SIZE_VARIABLE = "DAGSTER_EVENT_BATCH_SIZE"
BUSY_TIMEOUT_SECONDS = 30
# The index and the runs being written; the web server reads many more runs, one after the other.
OPEN_FILES = 4
INDEX = "index"
# What is overridden or called here, with its parameters, and what the constructor sets.
PRIVATE_METHODS = {
    "_connect": ("self", "shard"),
    "_initdb": ("self", "engine", "for_index_shard"),
    "conn_string_for_shard": ("self", "shard_name"),
    "run_connection": ("self", "run_id"),
    "index_connection": ("self",),
    "_event_to_row": ("self", "event"),
    "store_asset_check_event": ("self", "event", "event_id"),
    "_store_asset_event_tags": ("self", "conn", "events", "event_ids"),
    "_store_asset_event": ("self", "conn", "event", "event_id"),
    "store_event_batch": ("self", "events"),
}
PRIVATE_ATTRIBUTES = ("_base_dir", "_db_lock", "_initialized_dbs")


def batch_events() -> None:
    """Let this process and those it starts hand events to the storage in batches."""
    os.environ.setdefault(BATCH_SIZE_VARIABLE, "500")


def difference_from_expected(storage: type) -> str | None:
    """What Dagster's storage lacks of what the batched one rests on; null when all is as expected."""
    for name, expected in PRIVATE_METHODS.items():
        method = getattr(storage, name, None)
        if method is None:
            return f"{storage.__name__} has no {name}"
        found = tuple(inspect.signature(method).parameters)
        if found != expected:
            return f"{storage.__name__}.{name} takes {', '.join(found)}"
    for name in PRIVATE_ATTRIBUTES:
        if name not in storage.__init__.__code__.co_names:  # type: ignore[misc]
            return f"{storage.__name__} does not set {name}"
    return None


class BatchedSqliteEventLog(SqliteEventLogStorage):
    """SqliteEventLogStorage whose batches take one transaction in each of the two files.

    A file stays open, as one connection that the threads of the process take in turn (``_db_lock``). A thread that
    asks for a file again while it holds it gets the same connection, and so the same transaction.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: OrderedDict[str, sqlalchemy.Engine] = OrderedDict()
        self._held: dict[str, sqlalchemy.Connection] = {}
        super().__init__(base_dir, inst_data)
        self._db_lock = threading.RLock()  # type: ignore[assignment]

    @classmethod
    def from_config_value(  # type: ignore[override]
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> SqliteEventLogStorage:
        """Made by Dagster from ``dagster.yaml``; a relative ``base_dir`` is below DAGSTER_HOME.

        Raises:
            UserError: ``base_dir`` is relative and DAGSTER_HOME is not set.
        """
        base_dir = str(_absolute(config_value["base_dir"]))
        problem = difference_from_expected(SqliteEventLogStorage)
        if problem is None:
            return cls(base_dir=base_dir, inst_data=inst_data)
        # In single requests, because Dagster's own batches may store an event twice when one of them fails.
        os.environ[BATCH_SIZE_VARIABLE] = "0"
        warnings.warn(
            f"Dagster's event log has changed ({problem}), so its own is used, which is slower. "
            "Install the pinned versions of Dagster: pip install -r requirements.txt.",
            stacklevel=2,
        )
        return SqliteEventLogStorage(base_dir=base_dir, inst_data=inst_data)

    def _initdb(self, engine: sqlalchemy.Engine, for_index_shard: bool = False) -> None:
        # Two processes that make a file at once can leave it with two versions of its tables.
        with FileLock(Path(self._base_dir) / ".making.lock"):
            super()._initdb(engine, for_index_shard)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sqlalchemy.Connection]:
        with self._db_lock:
            if shard in self._held:
                yield self._held[shard]
                return
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                self._held[shard] = connection
                try:
                    yield connection
                finally:
                    del self._held[shard]

    def _engine(self, shard: str) -> sqlalchemy.Engine:
        if shard not in self._engines:
            engine = sqlalchemy.create_engine(
                self.conn_string_for_shard(shard),
                pool_size=1,
                connect_args={"timeout": BUSY_TIMEOUT_SECONDS},
            )
            sqlalchemy.event.listen(engine, "connect", _sync_at_checkpoints)
            self._engines[shard] = engine
        self._engines.move_to_end(shard)
        for other in [name for name in self._engines if name not in self._held]:
            if len(self._engines) > OPEN_FILES and other != shard:
                self._engines.pop(other).dispose()
        return self._engines[shard]

    def wipe(self) -> None:
        """Delete every event; files that are deleted must not stay open."""
        self._close_files()
        super().wipe()

    def dispose(self) -> None:
        """Close the files."""
        self._close_files()
        super().dispose()

    def _close_files(self) -> None:
        with self._db_lock:
            while self._engines:
                self._engines.popitem()[1].dispose()

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Store events of one run, all of them or none.

        Dagster answers a failed batch by storing its events one by one, so nothing of it may be left behind.
        """
        run_id = events[0].run_id
        before, indexed = 0, False
        try:
            with self.run_connection(run_id) as run:
                with self.index_connection() as index:
                    before = _last_id(index)
                    self._store_in(run, index, events)
                indexed = True
        except Exception:
            if indexed:  # the index was committed, the run's own file was not
                self._take_back(run_id, before)
            raise

    def _store_in(
        self, run: sqlalchemy.Connection, index: sqlalchemy.Connection, events: Sequence[EventLogEntry]
    ) -> None:
        """All rows in both files, then each asset's latest event and each check that is planned."""
        rows = [self._event_to_row(event) for event in events]
        run.execute(EVENTS.insert(), rows)
        numbered = EVENTS.insert().returning(EVENTS.c.id, sort_by_parameter_order=True)
        stored = list(zip(events, index.execute(numbered, rows).scalars(), strict=True))
        of_assets = [pair for pair in stored if pair[0].dagster_event_type not in ASSET_CHECK_EVENTS]
        self._store_asset_event_tags(index, [event for event, _ in of_assets], [id_ for _, id_ in of_assets])
        latest = {event.get_dagster_event().asset_key: (event, identity) for event, identity in of_assets}
        for event, identity in latest.values():
            self._store_asset_event(index, event, identity)
        for event, identity in stored:
            if event.dagster_event_type in ASSET_CHECK_EVENTS:
                self.store_asset_check_event(event, identity)

    def _take_back(self, run_id: str, before: int) -> None:
        newer = {"run": run_id, "before": before}
        with self.index_connection() as index:
            for statement in (
                "delete from asset_event_tags where event_id in "
                "(select id from event_logs where run_id = :run and id > :before)",
                "delete from asset_check_executions where run_id = :run and execution_status = 'PLANNED'",
                "delete from event_logs where run_id = :run and id > :before",
            ):
                index.execute(sqlalchemy.text(statement), newer)


def _absolute(base_dir: str) -> Path:
    home = os.environ.get("DAGSTER_HOME")
    if not home and not Path(base_dir).is_absolute():
        raise UserError(
            "DAGSTER_HOME is not set, so Dagster's history would be written into the working directory. "
            "Start Dagster with `bri ui`, or set DAGSTER_HOME to the study's folder `dagster`."
        )
    return Path(home or "") / base_dir


def _last_id(index: sqlalchemy.Connection) -> int:
    return int(index.execute(sqlalchemy.text("select coalesce(max(id), 0) from event_logs")).scalar_one())


def _sync_at_checkpoints(connection: Any, _record: object) -> None:
    """A killed process loses nothing this way; a power cut may lose the last events, never the file."""
    connection.execute("pragma synchronous = normal")
