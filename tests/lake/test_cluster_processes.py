"""Reading over a scheduler and workers started by Dask's own commands, and what happens when they are lost."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from distributed import Client

from bri_pipeline.errors import UserError
from bri_pipeline.lake.cluster import Patience, landed_on_cluster
from bri_pipeline.lake.landed_file import LandedFile
from bri_pipeline.lake.weekly import WeeklyFiles, _land_file
from bri_pipeline.progress import Count, InLines, silent
from tests.archives import ArchiveTruth
from tests.end_to_end.studies import REPOSITORY, Home
from tests.lake.conftest import Lake
from tests.lake.test_cluster import contents, verified

pytestmark = pytest.mark.slow
Open = Callable[..., Lake]
SOON = Patience(scheduler=5, answer=5, workers=20, look=0.5)


class Dask:
    """A scheduler at an address, and its workers by name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._start(
            "scheduler", "scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard"
        )
        self.wait(lambda client: True)

    def worker(self, name: str, checkout: Path = REPOSITORY) -> None:
        """Start a worker that imports the package of a checkout."""
        self._start(
            name, "worker", self.address, "--no-nanny", "--nthreads", "1", "--no-dashboard", "--name", name,
            "--local-directory", str(self.folder / f"{name}.local"), checkout=checkout,
        )  # fmt: skip
        self.wait(lambda client: name in self.names(client))

    def names(self, client: Client) -> dict[str, str]:
        """Name -> address of the workers that are there."""
        workers = client.scheduler_info(n_workers=-1)["workers"]
        return {str(worker["name"]): address for address, worker in workers.items()}

    def wait(self, until: Callable[[Client], bool]) -> None:
        """Wait until a client sees something."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                with Client(self.address, timeout=2, set_as_default=False) as client:
                    while time.monotonic() < end:
                        if until(client):
                            return
                        time.sleep(0.1)
            except OSError:
                time.sleep(0.2)
        raise AssertionError(f"not seen in time: {[path.read_text() for path in self.folder.glob('*.log')]}")

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to the scheduler or a worker."""
        self.processes[name].send_signal(number)

    def end(self) -> None:
        """End what was started."""
        for process in self.processes.values():
            process.kill()
            process.wait()

    def _start(self, name: str, *arguments: str, checkout: Path = REPOSITORY) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments],
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(checkout)},
                stdout=log,
                stderr=subprocess.STDOUT,
            )


@contextmanager
def dask(folder: Path, *workers: str) -> Iterator[Dask]:
    with ExitStack() as ending:
        started = Dask(folder)
        ending.callback(started.end)
        for name in workers:
            started.worker(name)
        yield started


def uncounted() -> Count:
    return Count(silent, "reading files", 0, "files")


def alone_and_again(lake: Lake) -> tuple[list[LandedFile], dict[str, bytes]]:
    """What one process lands, which is then taken away."""
    landed = [replace(file, landed_at="") for year in lake.land().values() for file in year.read]
    stored = contents(lake.study_home)
    shutil.rmtree(lake.study_home.landing)
    return landed, stored


def test_a_worker_killed_while_it_has_files_loses_none_and_counts_none_twice(
    tmp_path: Path, archive: ArchiveTruth, open_lake: Open
) -> None:
    lake = open_lake(archive)
    alone, stored = alone_and_again(lake)
    files, root = verified(lake)
    land = partial(_land_file, root, lake.study_home)
    with dask(tmp_path / "dask", "one", "two") as cluster, Client(cluster.address) as client:
        landing = landed_on_cluster(
            cluster.address, land, files, root, lake.study_home.landing, silent, uncounted(), SOON
        )
        landed = [next(landing)]
        cluster.signal("one", signal.SIGSTOP)
        held = client.processing([cluster.names(client)["one"]])
        threading.Timer(1, cluster.signal, ("one", signal.SIGKILL)).start()
        landed += landing
    assert any(held.values()), "the worker had nothing to do when it was killed"
    assert [replace(file, landed_at="") for file in landed] == alone
    assert contents(lake.study_home) == stored
    assert not WeeklyFiles(lake.study_home).stale(lake.study.years)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_scheduler_lost_while_files_are_read_gives_a_sentence_in_time(
    tmp_path: Path, archive: ArchiveTruth, open_lake: Open, number: signal.Signals
) -> None:
    lake = open_lake(archive)
    files, root = verified(lake)
    land = partial(_land_file, root, lake.study_home)
    with dask(tmp_path / "dask", "one") as cluster:
        landing = landed_on_cluster(
            cluster.address, land, files, root, lake.study_home.landing, silent, uncounted(), SOON
        )
        landed, begun = [next(landing)], time.monotonic()
        cluster.signal("scheduler", number)
        with pytest.raises(
            UserError, match=f"scheduler at {cluster.address} was lost .* What was landed is kept"
        ):
            landed += landing
        assert time.monotonic() - begun < 60
    assert len(landed) < len(files)
    # What is there counts, and the rest is read by whoever comes next.
    again = WeeklyFiles(lake.study_home).land(lake.study.years, 1, InLines(lake.said.append))
    assert sum(len(year.files) for year in again.values()) == len(files)


def test_a_worker_with_other_reference_data_is_refused_and_the_sound_one_reads(
    tmp_path: Path, archive: ArchiveTruth, open_lake: Open
) -> None:
    other = tmp_path / "other"
    for part in ("bri_pipeline", "data/reference"):
        shutil.copytree(REPOSITORY / part, other / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPOSITORY / "pyproject.toml", other)
    with (other / "data/reference/countries.csv").open("a", encoding="utf-8") as countries:
        countries.write("\n")
    lake = open_lake(archive)
    alone, stored = alone_and_again(lake)
    with dask(tmp_path / "dask") as cluster:
        cluster.worker("odd", other)
        refused = r"worker odd at tcp://\S+ has other code or reference data \(digest \w{12}, here \w{12}\)"
        with pytest.raises(UserError, match=refused):
            WeeklyFiles(lake.study_home, cluster.address).land(lake.study.years, 1, InLines(lake.said.append))
        assert contents(lake.study_home) == {}
        cluster.worker("sound")
        landed = WeeklyFiles(lake.study_home, cluster.address).land(
            lake.study.years, 1, InLines(lake.said.append)
        )
    assert any("worker odd at" in said and "given nothing to read" in said for said in lake.said)
    assert [replace(file, landed_at="") for year in landed.values() for file in year.read] == alone
    assert contents(lake.study_home) == stored


def test_a_worker_without_the_package_is_named(
    tmp_path: Path, archive: ArchiveTruth, open_lake: Open
) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "bri_pipeline.py").write_text("")
    lake = open_lake(archive)
    lake.source.verify(lake.study.years, silent)
    with dask(tmp_path / "dask") as cluster:
        cluster.worker("bare", bare)
        with pytest.raises(UserError, match=r"worker bare at tcp://\S+ has no bri-pipeline like this one"):
            WeeklyFiles(lake.study_home, cluster.address).land(lake.study.years, 1, InLines(lake.said.append))


def test_bri_run_over_two_workers_one_of_them_killed_makes_the_tables_of_one_process(tmp_path: Path) -> None:
    study = REPOSITORY / "data/studies/india-eu.toml"
    alone, spread = Home(tmp_path / "alone", study), Home(tmp_path / "spread", study)
    for home in (alone, spread):
        home.folder.mkdir()
    assert alone.bri("run").exit_code == 0
    lake = tmp_path / "lake"
    with dask(tmp_path / "dask", "one", "two") as cluster:
        environment = {**spread.environment, "BRI_CLUSTER": cluster.address, "BRI_LAKE": str(lake)}
        run = subprocess.Popen(
            [sys.executable, "-m", "bri_pipeline", "run", "--study", str(study)],
            env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        while run.poll() is None and len(list(lake.rglob("landing/*/*.json"))) < 2:
            time.sleep(0.02)
        cluster.signal("one", signal.SIGKILL)
        landed = len(list(lake.rglob("landing/*/*.json")))
        said, _ = run.communicate(timeout=300)
    assert run.returncode == 0, said
    assert landed < 20, "it was killed too late"
    assert "20 files to read on 2 workers" in said
    assert spread.tables() == alone.tables()
    assert not (spread.root / "archive").exists() and (lake / "india-eu" / "archive").is_dir()


def test_bri_run_says_that_there_is_no_scheduler(tmp_path: Path) -> None:
    home = Home(tmp_path / "home", REPOSITORY / "data/studies/worked-example.toml")
    home.folder.mkdir()
    run = subprocess.run(
        [sys.executable, "-m", "bri_pipeline", "run", "--study", str(home.study)],
        env={**home.environment, "BRI_CLUSTER": "tcp://127.0.0.1:9"}, text=True, capture_output=True, timeout=120,
    )  # fmt: skip
    assert run.returncode == 2
    assert "No Dask scheduler answers at tcp://127.0.0.1:9" in run.stderr and "Traceback" not in run.stderr
