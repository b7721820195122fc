"""Reading on a Dask cluster: what is landed, who may read, and a sentence for everything that is not there.

The clusters here live in this process; scheduler and workers of their own are in ``test_cluster_processes.py``.
"""

from __future__ import annotations

import gc
import importlib.util
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from distributed import LocalCluster, Worker, get_worker
from distributed.utils import LoopRunner

from bri_pipeline.commands.doctor_cluster import cluster_findings
from bri_pipeline.errors import UserError
from bri_pipeline.home import StudyHome
from bri_pipeline.lake import cluster as cluster_module
from bri_pipeline.lake import cluster_worker
from bri_pipeline.lake.archived import ArchivedFile
from bri_pipeline.lake.cluster import Patience, connected, landed_on_cluster, looked_at
from bri_pipeline.lake.cluster_worker import digest_of, land_for, why_not
from bri_pipeline.lake.landed_file import LandedFile
from bri_pipeline.lake.spread import Readers, landed_by
from bri_pipeline.lake.weekly import WeeklyFiles, _land_file
from bri_pipeline.progress import Count, InLines, silent
from bri_pipeline.settings import load_settings
from tests.archives import ArchiveTruth
from tests.lake.conftest import Lake

Open = Callable[..., Lake]
HASTY = Patience(scheduler=1, answer=5, workers=0.3, look=0.1)


def cluster_of(workers: int) -> LocalCluster:
    return LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=False, protocol="tcp", dashboard_address=":0"
    )


@pytest.fixture(scope="module")
def two_workers() -> Iterator[str]:
    with cluster_of(2) as cluster:
        yield cluster.scheduler_address


@pytest.fixture(scope="module")
def no_workers() -> Iterator[str]:
    with cluster_of(0) as cluster:
        yield cluster.scheduler_address


def verified(lake: Lake) -> tuple[list[ArchivedFile], Path]:
    """The files of a lake that are to be landed, and the folder they are in."""
    found = lake.source.verify(lake.study.years, silent)
    return [
        file for files in found.values() for file in files if file.is_read
    ], lake.study.source.path or Path()


def contents(home: StudyHome) -> dict[str, bytes]:
    """The landed Parquet files."""
    return {
        path.relative_to(home.landing).as_posix(): path.read_bytes()
        for path in sorted(home.landing.rglob("*.parquet"))
    }


def read(
    lake: Lake, address: str, patience: Patience = HASTY, land: partial[LandedFile] | None = None
) -> list[LandedFile]:
    files, root = verified(lake)
    land = land or partial(_land_file, root, lake.study_home)
    said, landing = InLines(lake.said.append, waiting_every=0), lake.study_home.landing
    count = Count(said, "reading files", len(files), "files")
    return list(landed_on_cluster(address, land, files, root, landing, said, count, patience))


def test_a_cluster_lands_what_one_process_lands(
    archive: ArchiveTruth, open_lake: Open, two_workers: str
) -> None:
    lake = open_lake(archive)
    alone = [replace(file, landed_at="") for year in lake.land().values() for file in year.read]
    stored = contents(lake.study_home)
    shutil.rmtree(lake.study_home.landing)
    source = WeeklyFiles(lake.study_home, two_workers)
    landed = source.land(lake.study.years, 1, InLines(lake.said.append))
    there = [replace(file, landed_at="") for year in landed.values() for file in year.read]
    assert len(there) > 3
    assert there == alone
    assert contents(lake.study_home) == stored
    assert any(
        f"{len(there)} files to read on 2 workers of the cluster at {two_workers}" in s for s in lake.said
    )
    assert not source.stale(lake.study.years)
    assert list(lake.study_home.landing.glob(".*")) == []


def test_nothing_to_read_asks_no_cluster(tmp_path: Path) -> None:
    readers = Readers(1, "tcp://127.0.0.1:1", silent, Count(silent, "reading files", 0, "files"))
    assert list(landed_by(readers, partial(_land_file), [], tmp_path, tmp_path)) == []


def test_workers_with_other_code_are_refused_with_both_digests(
    archive: ArchiveTruth, open_lake: Open, two_workers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = open_lake(archive)
    theirs = digest_of(partial(_land_file))
    monkeypatch.setattr(cluster_module, "digest_of", lambda _: "0123456789ab")
    with pytest.raises(UserError) as refused:
        read(lake, two_workers)
    sentence = str(refused.value)
    assert f"(digest {theirs}, here 0123456789ab)" in sentence and "127.0.0.1" in sentence
    assert "unset BRI_CLUSTER" in sentence
    assert contents(lake.study_home) == {}


def test_one_worker_that_cannot_read_is_left_out_and_the_other_reads_everything(
    tmp_path: Path, archive: ArchiveTruth, open_lake: Open, two_workers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = open_lake(archive)
    with connected(two_workers, HASTY) as cluster:
        first, second = sorted(cluster.workers())
    notes = tmp_path / "readers"
    notes.mkdir()

    def refuse_one(*_: object, dask_worker: Worker) -> str | None:
        return "cannot read the files." if dask_worker.address == first else None

    def noting(root: Path, home: StudyHome, file: ArchivedFile) -> LandedFile:
        (notes / str(get_worker().address).rpartition(":")[2]).touch()
        return _land_file(root, home, file)

    monkeypatch.setattr(cluster_module, "why_not", refuse_one)
    monkeypatch.setattr(cluster_worker, "digest_of", lambda _: "same")
    monkeypatch.setattr(cluster_module, "digest_of", lambda _: "same")
    files, root = verified(lake)
    landed = read(lake, two_workers, land=partial(noting, root, lake.study_home))
    assert len(landed) == len(files)
    assert [path.name for path in notes.iterdir()] == [second.rpartition(":")[2]]
    assert any(first in said and said.endswith("It is given nothing to read.") for said in lake.said)


def test_a_worker_that_joins_with_other_code_lands_nothing() -> None:
    def land(file: ArchivedFile) -> LandedFile:
        raise AssertionError("it was landed")

    with cluster_of(1) as cluster, connected(cluster.scheduler_address, HASTY) as joined:
        asked = joined.executor().submit(land_for, "other", partial(_land_file), None)
        with pytest.raises(UserError, match=r"The worker at tcp://127.* has other code .* here other\)"):
            joined.outcome(asked, "a file", silent)


def test_what_a_worker_must_see_is_looked_at_there(tmp_path: Path) -> None:
    land = partial(_land_file)
    digest, file = digest_of(land), tmp_path / "week.zip"
    file.write_bytes(b"12345")
    landing = tmp_path / "landing"
    landing.mkdir()
    sign = landing / ".sign.tmp"
    assert "cannot read and write" in str(why_not(land, digest, sign, "token", (file, 5)))
    sign.write_text("other")
    assert "another file than this process" in str(why_not(land, digest, sign, "token", (file, 5)))
    sign.write_text("token")
    assert why_not(land, digest, sign, "token", (file, 5)) is None
    assert "another file than this process" in str(why_not(land, digest, sign, "token", (file, 4)))
    answer = str(why_not(land, digest, sign, "token", (tmp_path / "gone.zip", 5)))
    assert "gone.zip" in answer and "BRI_LAKE" in answer
    assert [path.name for path in landing.iterdir()] == [sign.name]


def test_a_cluster_without_workers_says_so_and_ends_with_a_way_out(
    archive: ArchiveTruth, open_lake: Open, no_workers: str
) -> None:
    lake = open_lake(archive)
    with pytest.raises(UserError, match=r"has had no worker for .*dask worker tcp://.*unset BRI_CLUSTER"):
        read(lake, no_workers)
    waiting = [said for said in lake.said if "Waiting for a worker of the cluster" in said]
    assert len(waiting) >= 2


def test_workers_that_all_go_while_files_are_read_end_the_waiting() -> None:
    said: list[str] = []
    with cluster_of(1) as cluster, connected(cluster.scheduler_address, HASTY) as joined:
        begun = joined.executor().submit(time.sleep, 0.5)
        cluster.scale(0)
        with pytest.raises(UserError, match="has had no worker"):
            joined.outcome(joined.executor().submit(print), "a file", InLines(said.append, waiting_every=0))
        begun.cancel()
    assert any("Waiting for a worker" in sentence for sentence in said)


def test_what_fails_on_a_worker_ends_the_landing(
    archive: ArchiveTruth, open_lake: Open, two_workers: str
) -> None:
    lake = open_lake(archive)
    files, _ = verified(lake)
    lake.study_home.landing.mkdir(parents=True)
    (lake.study_home.landing / str(files[0].year)).write_text("a file where a folder is needed")
    with pytest.raises(OSError, match=str(files[0].year)):
        read(lake, two_workers)


@pytest.fixture
def listener() -> Iterator[Callable[[bytes | None], str]]:
    """Something that listens at an address and answers everything with the same bytes, or not at all."""
    server = socket.create_server(("127.0.0.1", 0))
    connections: list[socket.socket] = []

    def serve(answer: bytes | None) -> str:
        def accept() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                connections.append(connection)
                if answer is not None:
                    connection.sendall(answer)

        threading.Thread(target=accept, daemon=True).start()
        return f"tcp://127.0.0.1:{server.getsockname()[1]}"

    yield serve
    server.close()
    for connection in connections:
        connection.close()


@pytest.mark.parametrize(
    "answer", [None, b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\xff" * 64], ids=["none", "http", "junk"]
)
def test_something_else_at_the_address_gives_a_sentence_in_time(
    answer: bytes | None, listener: Callable[[bytes | None], str]
) -> None:
    address, begun = listener(answer), time.monotonic()
    with pytest.raises(UserError, match=f"No Dask scheduler answers at {address}"), connected(address, HASTY):
        pass
    assert time.monotonic() - begun < 5


def test_no_scheduler_gives_a_sentence_in_time() -> None:
    begun = time.monotonic()
    with (
        pytest.raises(UserError, match=r"No Dask scheduler answers at tcp://127.0.0.1:1 .*unset BRI_CLUSTER"),
        connected("tcp://127.0.0.1:1", HASTY),
    ):
        pass
    assert time.monotonic() - begun < 5


def test_without_the_extra_the_way_to_install_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with (
        pytest.raises(UserError, match=r"pip install 'bri-pipeline\[cluster\]'"),
        connected("tcp://127.0.0.1:8786"),
    ):
        pass


def test_a_failed_connection_that_is_collected_does_not_wait_for_the_lock_of_another_being_made(
    listener: Callable[[bytes | None], str],
) -> None:
    def collect() -> None:
        with LoopRunner._lock:
            gc.collect()

    address = listener(b"\xff" * 64)
    with pytest.raises(UserError, match="No Dask scheduler answers"), connected(address, HASTY):
        pass
    collecting = threading.Thread(target=collect, daemon=True)
    collecting.start()
    collecting.join(20)
    assert not collecting.is_alive()


@pytest.mark.slow
def test_doctor_looks_at_the_workers_and_at_the_lake(
    tmp_path: Path,
    archive: ArchiveTruth,
    open_lake: Open,
    two_workers: str,
    no_workers: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    brief = Patience(scheduler=5, answer=20)
    monkeypatch.setattr("bri_pipeline.commands.doctor_cluster.looked_at", partial(looked_at, patience=brief))
    lake = open_lake(archive)
    shared = replace(lake.study_home, lake=tmp_path / "shared")

    def found(home: StudyHome, cluster: str | None) -> list[str]:
        return [finding.line for finding in cluster_findings(home, replace(load_settings(), cluster=cluster))]

    assert found(lake.study_home, None) == []
    assert found(shared, two_workers) == [
        f"ok     archive and landed files in {tmp_path / 'shared'} (BRI_LAKE)",
        f"ok     2 of 2 workers of the cluster at {two_workers} can read the files",
    ]
    [missing] = found(lake.study_home, no_workers)
    assert missing.startswith("error ") and f"-> dask worker {no_workers}" in missing
    [nobody] = found(lake.study_home, "tcp://127.0.0.1:1")
    assert nobody.startswith("error  No Dask scheduler answers")
    (tmp_path / "file").write_text("")
    [unusable] = found(replace(shared, lake=tmp_path / "file"), None)
    assert unusable.startswith("error  BRI_LAKE: ")
    assert not list(shared.landing.iterdir())


def test_doctor_names_workers_with_other_code_and_with_threads_to_spare(
    archive: ArchiveTruth, open_lake: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = open_lake(archive)
    monkeypatch.setattr(cluster_module, "digest_of", lambda _: "0123456789ab")
    with LocalCluster(
        n_workers=1, threads_per_worker=3, processes=False, protocol="tcp", dashboard_address=":0"
    ) as c:
        settings = replace(load_settings(), cluster=c.scheduler_address)
        refused, spare = [finding.line for finding in cluster_findings(lake.study_home, settings)]
    assert refused.startswith("error  The worker") and "here 0123456789ab" in refused
    assert "3 threads" in spare and "--nworkers 3 --nthreads 1" in spare
