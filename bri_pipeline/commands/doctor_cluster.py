"""Whether the folder of BRI_LAKE can be written to, and whether the workers of BRI_CLUSTER can read the study."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

from bri_pipeline.commands.doctor import Finding
from bri_pipeline.errors import UserError
from bri_pipeline.files.atomic import replacing
from bri_pipeline.files.object_storage import look_at
from bri_pipeline.home import StudyHome
from bri_pipeline.lake.cluster import READ_HERE, looked_at
from bri_pipeline.lake.source import source_of
from bri_pipeline.lake.weekly import WeeklyFiles
from bri_pipeline.settings import Settings


def cluster_findings(home: StudyHome, settings: Settings) -> Iterator[Finding]:
    """What there is to say of the two settings; nothing where they are not set."""
    if home.lake is not None:
        yield _lake(home)
    if settings.cluster is not None:
        yield from _cluster(home, settings, settings.cluster)


def _lake(home: StudyHome) -> Finding:
    probe = home.landing / f".{uuid4().hex}.tmp"
    try:
        look_at(home.landing)
        with replacing(probe) as temporary:
            temporary.write_text("")
        probe.unlink()
    except UserError as error:
        return Finding("error", str(error))
    except OSError as error:
        return Finding(
            "error",
            f"BRI_LAKE: {home.lake} cannot be written to ({error.strerror or error})",
            "mount it, make it yours, or give another folder",
        )
    return Finding("ok", f"archive and landed files in {home.lake} (BRI_LAKE)")


def _cluster(home: StudyHome, settings: Settings, address: str) -> Iterator[Finding]:
    source = source_of(home, settings)
    if not isinstance(source, WeeklyFiles):
        yield Finding("note", "BRI_CLUSTER is set, but only studies of weekly files are read there")
        return
    try:
        workers, refusals = looked_at(address, source.task(), source.sample(), home.landing)
    except (UserError, OSError) as error:
        yield Finding("error", str(error))
        return
    if not workers:
        yield Finding(
            "error", f"the cluster at {address} has no worker", f"dask worker {address}, or {READ_HERE}"
        )
        return
    for sentence in refusals.values():
        yield Finding("error", sentence)
    for worker, threads in workers.items():
        if threads > 1:
            yield Finding(
                "note",
                f"the worker at {worker} has {threads} threads, and reading uses little more than one",
                f"dask worker {address} --nworkers {threads} --nthreads 1",
            )
    if sound := len(workers) - len(refusals):
        yield Finding(
            "ok", f"{sound} of {len(workers)} workers of the cluster at {address} can read the files"
        )
