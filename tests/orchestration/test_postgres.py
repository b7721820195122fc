"""Dagster's runs and events on Postgres: a study has its own schema, and the password is written nowhere."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import dagster as dg
import pytest
import sqlalchemy

from bri_pipeline.errors import UserError
from bri_pipeline.orchestration.instance import open_instance
from bri_pipeline.orchestration.storage import (
    BEGIN,
    schema_of,
    storage_block,
    study_url,
    with_storage,
)

PASSWORD = "not-written-anywhere"


def test_each_study_has_a_schema_of_its_own_in_the_address() -> None:
    assert schema_of("jiangsu-2018") == "bri_jiangsu_2018"
    assert study_url("postgresql://u:p@h/d?sslmode=require", "bri_x") == (
        "postgresql://u:p@h/d?sslmode=require&options=-csearch_path%3Dbri_x"
    )


def test_the_storage_part_alone_is_exchanged_and_a_part_of_ones_own_is_left() -> None:
    config = "mine: 1\n" + storage_block(False) + "also_mine: 2\n"
    changed = with_storage(config, storage_block(True))
    assert "postgres_url" in changed and "Batched" not in changed
    assert changed.startswith("mine: 1\n") and changed.endswith("also_mine: 2\n")
    assert with_storage("storage: {own: 1}\n", storage_block(True)) == "storage: {own: 1}\n"
    assert config.count(BEGIN) == 1


@pytest.mark.parametrize(
    "url",
    [
        "mysql://x",
        "postgresql://",
        "nonsense",
        "postgresql://u:p@[::1/x",
        "postgresql://u:p@h:port/x",
        "postgresql://u:p@h/x%00",
        f"postgresql://u:p@{PASSWORD}/more@h/x",
    ],
)
def test_an_address_that_is_none_is_a_sentence(tmp_path: Path, url: str) -> None:
    pytest.importorskip("dagster_postgres")
    with (
        pytest.raises(UserError, match="postgresql://USER:PASSWORD@HOST/DATABASE") as raised,
        opened(tmp_path, url),
    ):
        pass
    assert PASSWORD not in str(raised.value)


def test_a_database_that_does_not_answer_is_a_sentence_without_the_password(tmp_path: Path) -> None:
    pytest.importorskip("dagster_postgres")
    url = f"postgresql://bri:{PASSWORD}@127.0.0.1:{free_port()}/bri"
    with pytest.raises(UserError, match="cannot be used") as raised, opened(tmp_path, url):
        pass
    assert PASSWORD not in str(raised.value)


def test_a_database_that_goes_away_is_a_sentence_without_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = pytest.importorskip("dagster_postgres.utils").DagsterPostgresException
    monkeypatch.setattr("bri_pipeline.orchestration.instance.use_postgres", lambda _url, _study: None)
    monkeypatch.setattr("bri_pipeline.orchestration.instance.storage_block", lambda *_: storage_block(False))
    url = f"postgresql://bri:{PASSWORD}@db.example/bri"
    with (
        pytest.raises(UserError, match=r"\(db\.example/bri\) does not answer any more") as raised,
        opened(tmp_path, url),
    ):
        try:
            raise sqlalchemy.exc.OperationalError("insert", {}, Exception(f"server closed {PASSWORD}"))
        except sqlalchemy.exc.OperationalError as error:
            raise lost("too many retries for DB connection") from error
    assert PASSWORD not in str(raised.value)
    with pytest.raises(ValueError, match="of another kind"), opened(tmp_path, url):
        raise ValueError("of another kind")


def opened(root: Path, url: str):  # type: ignore[no-untyped-def]
    return open_instance(root, url, lambda _: None)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Postgres server of this test's own on loopback."""
    pytest.importorskip("dagster_postgres")
    bin_ = programs()
    runuser = shutil.which("runuser")
    if bin_ is None or os.geteuid() != 0 or runuser is None:
        pytest.skip("needs Debian's postgresql, and root to start a server")
    folder = Path(subprocess.check_output(["mktemp", "-d", "/tmp/bri-postgres-XXXXXX"], text=True).strip())
    shutil.chown(folder, "postgres", "postgres")
    secret = folder / "password"
    secret.write_text(PASSWORD)
    secret.chmod(0o644)
    port = free_port()
    as_postgres = [runuser, "-u", "postgres", "--"]
    data = str(folder / "data")
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": "/"}
    subprocess.run(
        [
            *as_postgres,
            str(bin_ / "initdb"),
            "-D",
            data,
            "-U",
            "bri",
            "-A",
            "scram-sha-256",
            f"--pwfile={secret}",
        ],
        **quiet,  # type: ignore[call-overload]
    )
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off"
    control = [*as_postgres, str(bin_ / "pg_ctl"), "-D", data, "-w", "-l", str(folder / "log")]
    subprocess.run([*control, "-o", options, "start"], **quiet)  # type: ignore[call-overload]
    try:
        yield f"postgresql://bri:{PASSWORD}@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **quiet)  # type: ignore[call-overload]
        shutil.rmtree(folder)


@dg.asset(
    partitions_def=dg.StaticPartitionsDefinition(["2011", "2012"]),
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def yearly() -> None: ...


@pytest.mark.slow
def test_runs_are_kept_on_postgres_each_study_by_itself(tmp_path: Path, database: str) -> None:
    for study in ("one", "two"):
        with opened(tmp_path / study, database) as instance:
            assert instance.get_runs_count() == 0, "studies do not mix"
            result = dg.materialize(
                [yearly],
                instance=instance,
                tags={
                    "dagster/asset_partition_range_start": "2011",
                    "dagster/asset_partition_range_end": "2012",
                },
            )
            assert result.success
    with opened(tmp_path / "one", database) as instance:
        assert instance.get_runs_count() == 1
        assert instance.get_materialized_partitions(yearly.key) == {"2011", "2012"}
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert PASSWORD.encode() not in written
    assert not list(tmp_path.rglob("*.db")), "no history in SQLite"
    with open_instance(tmp_path / "one", progress=lambda _: None) as instance:
        assert instance.get_runs_count() == 0, "without the setting the history is in SQLite files again"
