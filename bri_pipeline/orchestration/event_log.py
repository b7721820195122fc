"""Dagster's SQLite event log, with batches written in one transaction and connections kept open.

Materializing 62 countries over 18 years makes 1,116 planned and 1,116 materialization events. Dagster's SQLite
storage opens three connections and commits twice for each of them (docs/performance.md has the figures); its
interface has ``store_event_batch`` for exactly this, which SQLite does not use. And for every other event it makes
a new engine, which compiles its SQL again, and closes the file, which makes SQLite fold in its journal. Same rows,
same tables.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy
from dagster import EventLogEntry
from dagster._core.storage.event_log.schema import SqlEventLogStorageTable
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData

BATCH_SIZE_VARIABLE = "DAGSTER_EVENT_BATCH_SIZE"
BUSY_TIMEOUT_SECONDS = 30
# The index and the runs being written; the web server reads many more runs, one after the other.
OPEN_FILES = 4


def batch_events() -> None:
    """Let this process and those it starts hand events to the storage in batches."""
    os.environ.setdefault(BATCH_SIZE_VARIABLE, "500")


class BatchedSqliteEventLog(SqliteEventLogStorage):
    """SqliteEventLogStorage whose batches take one transaction in each of the two files.

    A file stays open, as one connection that the threads of the process take in turn (``_db_lock``).
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: OrderedDict[str, sqlalchemy.Engine] = OrderedDict()
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> BatchedSqliteEventLog:
        """Made by Dagster from ``dagster.yaml``; a relative ``base_dir`` lies below DAGSTER_HOME."""
        base_dir = Path(os.environ.get("DAGSTER_HOME", "")) / config_value["base_dir"]
        return cls(base_dir=str(base_dir), inst_data=inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sqlalchemy.Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection

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
        while len(self._engines) > OPEN_FILES:
            self._engines.popitem(last=False)[1].dispose()
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
        """Store asset events of one run: all rows, then each asset's latest event in the index."""
        statements = [self.prepare_insert_event(event) for event in events]
        rows: list[Any] = [statement.compile().params for statement in statements]
        with self.run_connection(events[0].run_id) as connection:
            connection.execute(SqlEventLogStorageTable.insert(), rows)
        with self.index_transaction() as connection:
            identities = [self._inserted(connection, statement) for statement in statements]
            self._store_asset_event_tags(connection, events, identities)
            latest = {
                event.get_dagster_event().asset_key: (event, identity)
                for event, identity in zip(events, identities, strict=True)
            }
            for event, identity in latest.values():
                self._store_asset_event(connection, event, identity)

    @staticmethod
    def _inserted(connection: Any, statement: Any) -> int:
        return int(connection.execute(statement).inserted_primary_key[0])


def _sync_at_checkpoints(connection: Any, _record: object) -> None:
    """A killed process loses nothing this way; a power cut may lose the last events, never the file."""
    connection.execute("pragma synchronous = normal")
