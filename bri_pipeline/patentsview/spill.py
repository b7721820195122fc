"""Frames larger than memory, kept on disk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import polars as pl

FLUSH_BYTES = 12 << 20
BATCH_ROWS = 16_384
VIEW_BYTES = 16


class Log:
    """Frames kept in the order they come, each compressed in a file of its own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._files: list[Path] = []

    def add(self, frame: pl.DataFrame) -> None:
        """Write a frame."""
        path = self._folder / f"{len(self._files)}.arrow"
        frame.write_ipc(path, compression="lz4")
        self._files.append(path)

    def frames(self) -> Iterator[pl.DataFrame]:
        """The frames in order; each file is deleted once it is read."""
        for path in self._files:
            yield pl.read_ipc(path)
            path.unlink()


class NumberSpill:
    """Rows of whole numbers of 64 bits, one file of bare numbers per partition.

    The partition of a row is the remainder of ``by`` divided by their number.
    """

    def __init__(self, folder: Path, partitions: int, by: pl.Expr, columns: Sequence[str]) -> None:
        folder.mkdir(parents=True)
        self._partition = (by % partitions).cast(pl.UInt16)
        self._paths = [folder / f"{partition}.u64" for partition in range(partitions)]
        self._columns = list(columns)

    def add(self, frame: pl.DataFrame) -> None:
        """Add rows without nulls."""
        if frame.is_empty():
            return
        partitions = frame.select(self._partition).to_series().to_numpy()
        order = np.argsort(partitions, kind="stable")
        rows = np.column_stack([frame[name].cast(pl.UInt64).to_numpy() for name in self._columns])[order]
        present, starts = np.unique(partitions[order], return_index=True)
        for number, start, end in zip(present, starts, [*starts[1:], len(rows)], strict=True):
            with self._paths[number].open("ab") as file:
                rows[start:end].tofile(file)

    def read(self, partition: int) -> pl.DataFrame:
        """The rows of a partition, in the order they came in."""
        path = self._paths[partition]
        rows = np.fromfile(path, np.uint64) if path.exists() else np.empty(0, np.uint64)
        return pl.DataFrame(rows.reshape(-1, len(self._columns)), schema=self._columns)


class Spill:
    """Takes frames in, keeps them sorted by partition, and gives one partition back at a time.

    In memory it holds at most ``flush_bytes`` of frames; on disk uncompressed Arrow files of that size. Within a
    partition rows keep the order they came in. The partition of a row is the remainder of ``by`` divided by their
    number.
    """

    def __init__(self, folder: Path, partitions: int, by: pl.Expr, flush_bytes: int = FLUSH_BYTES) -> None:
        folder.mkdir(parents=True)
        self._partition = (by % partitions).cast(pl.UInt16)
        self._folder = folder
        self._partitions = partitions
        self._flush_bytes = flush_bytes
        self._held: list[pl.DataFrame] = []
        self._held_bytes = 0
        self._files: list[tuple[Path, list[int]]] = []
        self._schema = pl.Schema()

    def add(self, frame: pl.DataFrame) -> None:
        """Add rows."""
        self._schema = frame.schema
        self._held.append(frame.with_columns(self._partition.alias("partition")))
        self._held_bytes += _size(frame)
        if self._held_bytes >= self._flush_bytes:
            self.flush()

    def flush(self) -> None:
        """Write out what is held; to be called once after the last frame."""
        if not self._held_bytes:
            return
        frame = pl.concat(self._held).sort("partition", maintain_order=True)
        self._held, self._held_bytes = [], 0
        bounds = np.searchsorted(frame["partition"].to_numpy(), np.arange(self._partitions + 1))
        path = self._folder / f"{len(self._files)}.arrow"
        frame.drop("partition").write_ipc(path, record_batch_size=BATCH_ROWS)
        self._files.append((path, bounds.tolist()))

    def read(self, partition: int) -> pl.DataFrame:
        """The rows of a partition; columns as of the frames added, at least one of which must have been."""
        parts = [
            pl.scan_ipc(path).slice(bounds[partition], rows)
            for path, bounds in self._files
            if (rows := bounds[partition + 1] - bounds[partition])
        ]
        return pl.concat(pl.collect_all(parts)) if parts else pl.DataFrame(schema=self._schema)


def _size(frame: pl.DataFrame) -> int:
    """Bytes of a frame; Polars leaves out the views of texts."""
    texts = sum(dtype == pl.String for dtype in frame.dtypes)
    return int(frame.estimated_size()) + texts * len(frame) * VIEW_BYTES
