"""Lands files on the workers of a Dask cluster, which write what they land themselves.

Nothing is lost with a worker: Dask gives its file to another, and a file that is landed again replaces itself. While
there is no worker, ``progress`` says so, and no wait is without a limit.
"""

from __future__ import annotations

import importlib.util
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar
from uuid import uuid4

from bri_pipeline.errors import UserError
from bri_pipeline.files.atomic import replacing
from bri_pipeline.lake.archived import ArchivedFile
from bri_pipeline.lake.cluster_worker import digest_of, land_for, why_not
from bri_pipeline.lake.landed_file import LandedFile
from bri_pipeline.progress import SECONDS, Count, Listener, Progress, duration

T = TypeVar("T")

INSTALL = "pip install 'bri-pipeline[cluster]'"
READ_HERE = "unset BRI_CLUSTER to read on this machine"
RETRIES = 2  # of a file that could not be read, because storage did not answer for instance


@dataclass(frozen=True)
class Patience:
    """Seconds to wait: for the scheduler, for an answer of all workers, for a worker to join; and between two looks."""

    scheduler: float = 10
    answer: float = 60
    workers: float = 120
    look: float = 2


PATIENCE = Patience()


def landed_on_cluster(
    address: str,
    land: partial[LandedFile],
    files: Sequence[ArchivedFile],
    root: Path,
    landing: Path,
    progress: Listener,
    count: Count,
    patience: Patience = PATIENCE,
) -> Iterator[LandedFile]:
    """Land each file on a worker of the cluster; results in the order of the files.

    Args:
        address: the scheduler's, ``tcp://host:port``.
        land: lands one file.
        files: the files, at least one.
        root: the folder they are in.
        landing: the folder that landed files are written into.
        progress: takes the number of workers, which are left out and why, and how long this waits for one.
        count: counts the files that are done.
        patience: how long to wait.

    Raises:
        UserError: the extra is not installed, the scheduler does not answer or is lost, no worker is there, or none
            may land files (other code, or it does not see the files).
    """
    digest = digest_of(land)
    sample = (root / files[0].name, files[0].size)
    with connected(address, patience) as cluster:
        cluster.wait_for_workers(progress)
        with _sign(landing) as (sign, token):
            cluster.choose_workers(partial(why_not, land, digest, sign, token, sample), progress)
        progress(Progress(f"landing: {_files(len(files))} to read on {cluster.in_words()}"))
        pool = cluster.executor()
        try:
            futures = [pool.submit(land_for, digest, land, file) for file in files]
            for future in futures:
                future.add_done_callback(lambda done: None if done.cancelled() else count.add())
            for file, future in zip(files, futures, strict=True):
                yield cluster.outcome(future, file.name, progress)
        finally:  # after a failure nothing more is begun
            pool.shutdown(wait=False)


def looked_at(
    address: str,
    land: partial[LandedFile],
    sample: tuple[Path, int] | None,
    landing: Path,
    patience: Patience = PATIENCE,
) -> tuple[dict[str, int], dict[str, str]]:
    """The workers of a cluster, and why some of them cannot land files.

    Returns:
        Address -> number of threads of every worker; address -> sentence.

    Raises:
        UserError: as ``landed_on_cluster``.
    """
    with connected(address, patience) as cluster, _sign(landing) as (sign, token):
        workers = cluster.workers()
        refusals = cluster.refusals(partial(why_not, land, digest_of(land), sign, token, sample))
    return {one: int(worker["nthreads"]) for one, worker in workers.items()}, refusals


@contextmanager
def connected(address: str, patience: Patience = PATIENCE) -> Iterator[Cluster]:
    """A connection to a scheduler, closed at the end.

    Raises:
        UserError: the extra is not installed, or nothing that is a scheduler answers in time.
    """
    if importlib.util.find_spec("distributed") is None:
        raise UserError(f"BRI_CLUSTER needs Dask, which is not installed: {INSTALL}, or {READ_HERE}.")
    from bri_pipeline.lake.cluster_client import ExplicitlyClosedClient

    _quieten()
    connect: Callable[[], Any] = partial(
        ExplicitlyClosedClient, address, timeout=patience.scheduler, set_as_default=False, name="bri"
    )
    try:
        client = _within(patience.scheduler, connect)
    except Exception as error:  # whatever listens there may answer anything
        raise UserError(
            f"No Dask scheduler answers at {address} (BRI_CLUSTER; {_said(error)}). Start one (dask scheduler), "
            f"correct the address, or {READ_HERE}."
        ) from None
    try:
        yield Cluster(address, client, patience)
    finally:
        client.close(timeout=1)


@dataclass
class Cluster:
    """A connected scheduler; ``refused`` are the addresses of workers that may not land files."""

    address: str
    client: Any
    patience: Patience
    refused: set[str] = field(default_factory=set)
    _alone_since: float | None = None

    def workers(self) -> dict[str, dict[str, Any]]:
        """Address -> what the scheduler knows of each worker that may land files.

        Raises:
            UserError: the scheduler does not answer.
        """
        try:
            known = _within(self.patience.answer, lambda: self.client.scheduler_info(n_workers=-1))["workers"]
        except Exception as error:
            raise self._lost(_said(error)) from None
        return {address: worker for address, worker in known.items() if address not in self.refused}

    def wait_for_workers(self, progress: Listener) -> None:
        """Return when there is a worker.

        Raises:
            UserError: none has joined in time.
        """
        while not self._has_workers(progress):
            time.sleep(self.patience.look)

    def refusals(self, why: Callable[[], str | None]) -> dict[str, str]:
        """Ask every worker why it cannot land files; address -> sentence of each that cannot.

        Raises:
            UserError: the scheduler does not answer, or a worker does not.
        """
        known = self.workers()
        try:
            answers = _within(self.patience.answer, lambda: self.client.run(why, on_error="return"))
        except TimeoutError:
            raise UserError(
                f"A worker of the cluster at {self.address} has not answered within {self.patience.answer:g} s. "
                f"Look at the workers ({', '.join(sorted(known))}) and restart those that hang."
            ) from None
        except Exception as error:
            raise self._lost(_said(error)) from None
        return {
            address: f"The worker {_named(address, known)} {_predicate(answer)}"
            for address, answer in sorted(answers.items())
            if answer is not None
        }

    def choose_workers(self, why: Callable[[], str | None], progress: Listener) -> None:
        """Leave out the workers that cannot land files, and say so.

        Raises:
            UserError: none is left.
        """
        refusals = self.refusals(why)
        self.refused = set(refusals)
        if not self.workers():
            raise UserError(
                " ".join(refusals.values()) + f" No other worker is there; mend it, or {READ_HERE}."
            )
        for sentence in refusals.values():
            progress(Progress(f"{sentence} It is given nothing to read."))

    def executor(self) -> Any:
        """An executor of ``concurrent.futures`` over the workers that may land files.

        Where all may, those that join later read as well.
        """
        only = {"workers": list(self.workers()), "allow_other_workers": False} if self.refused else {}
        return self.client.get_executor(pure=False, retries=RETRIES, **only)

    def outcome(self, future: Future[T], name: str, progress: Listener) -> T:
        """Wait for what a worker returns.

        Raises:
            UserError: the scheduler or all workers are lost, or the file's workers die one after the other.
        """
        from distributed import KilledWorker

        while True:
            try:
                return future.result(timeout=self.patience.look)
            except TimeoutError:
                if future.done():  # it is the worker's
                    raise
                self._has_workers(progress)
            except CancelledError:
                raise self._lost("it cancelled the work") from None
            except KilledWorker as error:
                raise UserError(
                    f"{name} could not be read: {error.allowed_failures + 1} workers died over it, the last one at "
                    f"{error.last_worker.address}. Look at their logs (memory?), then `bri run` again."
                ) from None

    def in_words(self) -> str:
        """``2 workers of the cluster at tcp://...``."""
        count = len(self.workers())
        return f"{count} worker{'' if count == 1 else 's'} of the cluster at {self.address}"

    def _has_workers(self, progress: Listener) -> bool:
        """Whether there is a worker; says so while there is none.

        Raises:
            UserError: there has been none for too long.
        """
        now, since = time.monotonic(), self._alone_since
        waiting = f"Waiting for a worker of the cluster at {self.address}"
        if self.workers():
            if since is not None:
                progress(Progress(waiting, int(now - since), int(now - since), SECONDS))
            self._alone_since = None
            return True
        self._alone_since = now if since is None else since
        if (alone := now - self._alone_since) >= self.patience.workers:
            raise UserError(
                f"The cluster at {self.address} has had no worker for {duration(alone)}. What was landed is kept. "
                f"Start workers (dask worker {self.address}) and run again, or {READ_HERE}."
            )
        progress(Progress(waiting, int(alone), None, SECONDS))
        return False

    def _lost(self, what: str) -> UserError:
        return UserError(
            f"The Dask scheduler at {self.address} was lost while files were read ({what}). What was landed is kept. "
            f"Start it and its workers again and run again, or {READ_HERE}."
        )


@contextmanager
def _sign(landing: Path) -> Iterator[tuple[Path, str]]:
    """A file with a random text where landed files are written, for workers to find."""
    token = uuid4().hex
    sign = landing / f".{token}.tmp"
    with replacing(sign) as temporary:
        temporary.write_text(token, encoding="utf-8")
    try:
        yield sign, token
    finally:
        sign.unlink(missing_ok=True)


def _within(seconds: float, call: Callable[[], T]) -> T:
    """What a call returns or raises; a call that does not end is left to itself.

    Raises:
        TimeoutError: it has not ended in time.
    """
    outcome: SimpleQueue[tuple[T, None] | tuple[None, BaseException]] = SimpleQueue()

    def attempt() -> None:
        try:
            outcome.put((call(), None))
        except BaseException as error:
            outcome.put((None, error))

    threading.Thread(target=attempt, daemon=True).start()
    try:
        value, error = outcome.get(timeout=seconds + 1)
    except Empty:
        raise TimeoutError(f"no answer within {seconds:g} s") from None
    if error is not None:
        raise error
    return value  # type: ignore[return-value]


def _quieten() -> None:
    """Silence Dask here: what goes wrong is said in sentences, and its logs are kept by scheduler and workers."""
    for name in ("distributed", "distributed.client", "tornado.application"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


_NOT_UNDERSTOOD = tuple(
    f"{wrapped}{error}("
    for wrapped in ("", "Exception('", 'Exception("')
    for error in ("ModuleNotFoundError", "ImportError", "AttributeError")
)


def _predicate(answer: object) -> str:
    # An error raised while the worker unpacks the question arrives as a plain exception that quotes the original.
    if isinstance(answer, Exception) and repr(answer).startswith(_NOT_UNDERSTOOD):
        return (
            f"has no bri-pipeline like this one ({_said(answer)}). Install the same version there, with the extra "
            "cluster, and start it again."
        )
    return f"could not be asked ({_said(answer)})." if isinstance(answer, Exception) else str(answer)


def _named(address: str, known: dict[str, dict[str, Any]]) -> str:
    name = str(known.get(address, {}).get("name", address))
    return address if name == address else f"{name} at {address}"


def _said(error: object) -> str:
    """The first line of an error, without the full stop, since it is put in brackets."""
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(". ")[:200] if lines else type(error).__name__


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"
