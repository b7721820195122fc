"""The batched event log keeps what Dagster's own keeps, never twice, and gives way to it where Dagster has changed."""

from __future__ import annotations

import json
import os
import sqlite3
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import sqlalchemy
from dagster._core.storage.event_log import SqliteEventLogStorage

from bri_pipeline.errors import UserError
from bri_pipeline.orchestration import event_log
from bri_pipeline.orchestration.event_log import BatchedSqliteEventLog, difference_from_expected
from bri_pipeline.orchestration.jobs import RANGE_END, RANGE_START


@pytest.fixture(autouse=True)
def batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_EVENT_BATCH_SIZE", "500")


@dg.multi_asset(
    specs=[dg.AssetSpec("a"), dg.AssetSpec("b")],
    check_specs=[dg.AssetCheckSpec("whole", asset="a"), dg.AssetCheckSpec("unique", asset="b")],
    partitions_def=dg.StaticPartitionsDefinition(["x", "y", "z"]),
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def two_assets(context):  # type: ignore[no-untyped-def]
    for key, check in (("a", "whole"), ("b", "unique")):
        for part in context.partition_keys:
            context.add_asset_metadata({"rows": len(part)}, asset_key=dg.AssetKey(key), partition_key=part)
        yield dg.MaterializeResult(
            asset_key=key,
            check_results=[dg.AssetCheckResult(asset_key=key, check_name=check, passed=key == "a")],
        )


def open_with(folder: Path, storage: type[SqliteEventLogStorage]) -> dg.DagsterInstance:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dagster.yaml").write_text(
        f"telemetry: {{enabled: false}}\nevent_log_storage:\n  module: {storage.__module__}\n"
        f"  class: {storage.__name__}\n  config: {{base_dir: {folder / 'events'}}}\n"
    )
    return dg.DagsterInstance.from_config(str(folder))


def stored_events(folder: Path, storage: type[SqliteEventLogStorage]) -> list[Counter[str]]:
    """Rows of the index, of the run's own file, of the checks and of the assets after one run."""
    with open_with(folder, storage) as instance:
        result = dg.materialize([two_assets], instance=instance, tags={RANGE_START: "x", RANGE_END: "z"})
        assert result.success
        assert instance.get_materialized_partitions(dg.AssetKey("a")) == {"x", "y", "z"}
    return [
        *(event_rows(folder / "events" / f"{name}.db") for name in ("index", result.run_id)),
        other_rows(folder, "select asset_key, check_name, execution_status from asset_check_executions"),
        other_rows(folder, "select asset_key, last_materialization is not null from asset_keys"),
    ]


def other_rows(folder: Path, query: str) -> Counter[str]:
    with sqlite3.connect(folder / "events" / "index.db") as con:
        found = Counter(map(str, con.execute(query)))
    assert found
    return found


def event_rows(database: Path) -> Counter[str]:
    with sqlite3.connect(database) as con:
        rows = con.execute("select dagster_event_type, asset_key, partition, step_key, event from event_logs")
        found: Counter[str] = Counter()
        for kind, asset, partition, step, event in rows:
            data = (json.loads(event)["dagster_event"] or {}).get("event_specific_data") or {}
            metadata = json.dumps((data.get("materialization") or {}).get("metadata_entries"))
            found[f"{kind} {asset} {partition} {step} {metadata}"] += 1
    assert found
    return found


@pytest.fixture(scope="module")
def plainly_stored(tmp_path_factory: pytest.TempPathFactory) -> list[Counter[str]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_EVENT_BATCH_SIZE", "0")
        return stored_events(tmp_path_factory.mktemp("plain"), SqliteEventLogStorage)


def test_the_batched_event_log_stores_what_the_plain_one_stores(
    tmp_path: Path, plainly_stored: list[Counter[str]]
) -> None:
    assert stored_events(tmp_path, BatchedSqliteEventLog) == plainly_stored


@pytest.mark.parametrize("call", [1, 2, 3])
def test_a_failure_while_the_index_is_written_doubles_no_event(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plainly_stored: list[Counter[str]], call: int
) -> None:
    calls = []

    def failing_once(self: Any, *arguments: Any) -> None:
        calls.append(1)
        if len(calls) == call:
            raise OSError("no space left")
        SqliteEventLogStorage._store_asset_event(self, *arguments)

    monkeypatch.setattr(BatchedSqliteEventLog, "_store_asset_event", failing_once)
    assert stored_events(tmp_path, BatchedSqliteEventLog) == plainly_stored
    assert len(calls) > call


@pytest.mark.parametrize("commit", [1, 2, 3])
def test_a_failure_when_the_file_of_the_run_is_committed_doubles_no_event(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plainly_stored: list[Counter[str]], commit: int
) -> None:
    batches = []
    stock = BatchedSqliteEventLog._store_in

    def then_fail_to_commit(self: Any, run: sqlalchemy.Connection, index: Any, events: Any) -> None:
        stock(self, run, index, events)
        batches.append(1)
        if len(batches) == commit:

            def refuse(_connection: Any) -> None:
                sqlalchemy.event.remove(run, "commit", refuse)
                raise OSError("no space left")

            sqlalchemy.event.listen(run, "commit", refuse)

    monkeypatch.setattr(BatchedSqliteEventLog, "_store_in", then_fail_to_commit)
    assert stored_events(tmp_path, BatchedSqliteEventLog) == plainly_stored
    assert len(batches) >= commit


def configured(folder: Path) -> SqliteEventLogStorage:
    return BatchedSqliteEventLog.from_config_value(None, {"base_dir": str(folder)})


def test_the_batched_log_is_used_while_dagsters_is_the_one_it_was_written_for(tmp_path: Path) -> None:
    assert difference_from_expected(SqliteEventLogStorage) is None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert isinstance(configured(tmp_path), BatchedSqliteEventLog)


def renamed_parameter(self: Any, run: Any) -> None: ...


@pytest.mark.parametrize("member", sorted(event_log.PRIVATE_METHODS))
@pytest.mark.parametrize("change", ["gone", "other parameters"])
def test_dagsters_own_log_is_used_with_a_warning_where_a_member_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, member: str, change: str
) -> None:
    changed: dict[str, Any] = {
        name: getattr(SqliteEventLogStorage, name) for name in event_log.PRIVATE_METHODS if name != member
    }
    if change == "other parameters":
        changed[member] = renamed_parameter
    changed["__init__"] = SqliteEventLogStorage.__init__
    other = type("SqliteEventLogStorage", (), changed)
    problem = difference_from_expected(other)
    assert problem and member in problem
    monkeypatch.setattr(event_log, "difference_from_expected", lambda _: problem)
    with pytest.warns(UserWarning, match="its own is used"):
        storage = configured(tmp_path)
    assert type(storage) is SqliteEventLogStorage
    assert os.environ["DAGSTER_EVENT_BATCH_SIZE"] == "0"


def test_an_attribute_that_the_constructor_no_longer_sets_is_noticed() -> None:
    methods = {name: getattr(SqliteEventLogStorage, name) for name in event_log.PRIVATE_METHODS}
    other = type("Other", (), {**methods, "__init__": renamed_parameter})
    assert "does not set" in str(difference_from_expected(other))


def test_without_dagster_home_nothing_is_written_into_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    with pytest.raises(UserError, match="DAGSTER_HOME is not set"):
        BatchedSqliteEventLog.from_config_value(None, {"base_dir": "history/runs"})
    assert list(tmp_path.iterdir()) == []


def test_partitions_of_a_failed_run_show_as_failed(tmp_path: Path) -> None:
    """What DAGSTER_EMIT_PARTITION_SUBSET_IN_PLANNED_EVENTS would lose: it stays off."""

    @dg.asset(
        partitions_def=dg.StaticPartitionsDefinition(["x", "y", "z"]),
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def breaking() -> None:
        raise UserError("No files.")

    from dagster._core.storage.partition_status_cache import get_and_update_asset_status_cache_value

    assert "DAGSTER_EMIT_PARTITION_SUBSET_IN_PLANNED_EVENTS" not in os.environ
    with open_with(tmp_path, BatchedSqliteEventLog) as instance:
        dg.materialize(
            [breaking], instance=instance, raise_on_error=False, tags={RANGE_START: "x", RANGE_END: "y"}
        )
        partitions = breaking.partitions_def
        assert partitions is not None
        status = get_and_update_asset_status_cache_value(instance, breaking.key, partitions)
        assert status is not None
        failed = status.deserialize_failed_partition_subsets(partitions)
        assert set(failed.get_partition_keys()) == {"x", "y"}
