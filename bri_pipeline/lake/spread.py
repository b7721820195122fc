"""Spreads the landing of files: in this process, over processes of this machine, or over a cluster's workers.

Both kinds of pool are executors of ``concurrent.futures``; the results come back in the order of the files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bri_pipeline.lake.archived import ArchivedFile
from bri_pipeline.lake.landed_file import LandedFile
from bri_pipeline.processes import process_pool, shared
from bri_pipeline.progress import Count, Listener

# Starting worker processes costs about a second each; below this many bytes one process is quicker.
PARALLEL_FROM_BYTES = 30_000_000


@dataclass(frozen=True)
class Readers:
    """Who reads: ``workers`` processes of this machine, or the workers of a Dask scheduler at ``cluster``.

    ``progress`` takes what is to be said of the cluster, ``count`` counts the files that are done.
    """

    workers: int
    cluster: str | None
    progress: Listener
    count: Count


def landed_by(
    readers: Readers, land: partial[LandedFile], files: Sequence[ArchivedFile], root: Path, landing: Path
) -> Iterator[LandedFile]:
    """Land the files, each once; results in order.

    Args:
        readers: who reads.
        land: lands one file; a function of a module, with what it needs beside the file.
        files: the files.
        root: the folder they are in.
        landing: the folder ``land`` writes into.

    Raises:
        UserError: the cluster is not there, has no worker that can be used, or was lost.
    """
    if not files:
        return
    if readers.cluster:
        from bri_pipeline.lake.cluster import landed_on_cluster

        yield from landed_on_cluster(
            readers.cluster, land, files, root, landing, readers.progress, readers.count
        )
        return
    small = sum(file.size for file in files) < PARALLEL_FROM_BYTES
    if readers.workers == 1 or len(files) < 2 or small:
        for file in files:
            readers.count.begin(file.name)
            landed = land(file)
            readers.count.add()
            yield landed
        return
    with process_pool(min(readers.workers, len(files)) - 1) as pool:
        yield from shared(pool, land, files, land, readers.count.add)
