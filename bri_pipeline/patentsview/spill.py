"""Frames larger than memory, kept on disk."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

FLUSH_BYTES = 4 << 20
VIEW_BYTES = 16


class Log:
    """Frames kept in the order they come, each in a file of its own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._files: list[Path] = []

    def add(self, frame: pl.DataFrame) -> None:
        """Write a frame."""
        path = self._folder / f"{len(self._files)}.arrow"
        frame.write_ipc(path)  # compressed it would take half the space and three times as long
        self._files.append(path)

    def frames(self) -> Iterator[pl.DataFrame]:
        """The frames in order; each file is deleted once it is read."""
        for path in self._files:
            yield pl.read_ipc(path)
            path.unlink()


class Spill(ABC):
    """Takes frames in, keeps them on disk by partition, and gives one partition back at a time.

    The partition of a row is the remainder of ``by`` divided by the number of partitions; within one, rows keep
    the order they came in. In memory are at most ``FLUSH_BYTES`` of frames not yet written. ``filled`` are the
    partitions that have rows on disk.
    """

    def __init__(self, folder: Path, partitions: int, by: pl.Expr) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._partition = (by % partitions).cast(pl.UInt32).alias("partition")
        self.filled: set[int] = set()
        self._schema = pl.Schema()
        self._held: list[pl.DataFrame] = []
        self._held_bytes = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Add rows; all frames have the same columns."""
        self._schema = frame.schema
        self._held.append(frame)
        self._held_bytes += _size(frame)
        if self._held_bytes >= FLUSH_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write out what is held; to be called once after the last frame."""
        if self._held_bytes:
            frame = pl.concat(self._held)
            self._held, self._held_bytes = [], 0
            partitions = frame.select(self._partition).to_series().to_numpy()
            order = np.argsort(partitions, kind="stable")
            numbers, starts = np.unique(partitions[order], return_index=True)
            bounds = pairwise([*starts.tolist(), len(frame)])
            spans = {number: slice(*bound) for number, bound in zip(numbers.tolist(), bounds, strict=True)}
            self.filled |= spans.keys()
            self._write(frame, order, spans)

    @abstractmethod
    def _write(self, frame: pl.DataFrame, order: npt.NDArray[Any], spans: dict[int, slice]) -> None:
        """Write rows in the order given, in which each partition has a span."""

    @abstractmethod
    def read(self, partition: int) -> pl.DataFrame:
        """The rows of a partition; at least one frame must have been added."""


class NumberSpill(Spill):
    """Of whole numbers without nulls: one file of bare numbers per partition."""

    def _write(self, frame: pl.DataFrame, order: npt.NDArray[Any], spans: dict[int, slice]) -> None:
        rows = np.empty(frame.shape, np.uint64)
        for place, column in enumerate(frame):
            rows[:, place] = column.cast(pl.UInt64).to_numpy()[order]
        for number, span in spans.items():
            with self._path(number).open("ab") as file:
                rows[span].tofile(file)

    def read(self, partition: int) -> pl.DataFrame:
        """The rows of a partition, all columns unsigned."""
        filled = partition in self.filled
        rows = np.fromfile(self._path(partition), np.uint64) if filled else np.empty(0, np.uint64)
        return pl.DataFrame(rows.reshape(-1, len(self._schema)), schema=self._schema.names())

    def _path(self, partition: int) -> Path:
        return self._folder / f"{partition}.u64"


class FrameSpill(Spill):
    """Of any columns: one file of Arrow record batches per partition."""

    def _write(self, frame: pl.DataFrame, order: npt.NDArray[Any], spans: dict[int, slice]) -> None:
        rows = frame[order].to_arrow()
        for number, span in spans.items():
            with self._path(number).open("ab") as file:
                for batch in rows[span].combine_chunks().to_batches():
                    file.write(batch.serialize())

    def read(self, partition: int) -> pl.DataFrame:
        """The rows of a partition."""
        none = pl.DataFrame(schema=self._schema)
        if partition not in self.filled:
            return none
        schema = none.to_arrow().schema
        with pa.OSFile(str(self._path(partition))) as file:
            messages = pa.ipc.MessageReader.open_stream(file)
            batches = [pa.ipc.read_record_batch(message, schema) for message in messages]
        return pl.DataFrame(pa.Table.from_batches(batches), schema=self._schema)

    def _path(self, partition: int) -> Path:
        return self._folder / f"{partition}.batches"


def _size(frame: pl.DataFrame) -> int:
    """Bytes of a frame; Polars leaves out the views of texts."""
    texts = sum(dtype == pl.String for dtype in frame.dtypes)
    return int(frame.estimated_size()) + texts * len(frame) * VIEW_BYTES
