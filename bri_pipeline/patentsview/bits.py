"""Sets of numbers at one bit each, for sets too large to hold as such."""

from __future__ import annotations

from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from bri_pipeline.patentsview.columns import FIRST_YEAR, LAST_YEAR, SERIALS_PER_YEAR

_FIRST_PGPUB_ID = FIRST_YEAR * SERIALS_PER_YEAR
_FILTER_BITS = 26


class BitSet:
    """Whole numbers from 0 up to a size; only the pages of memory in use are ever taken.

    Several threads may add.
    """

    def __init__(self, size: int) -> None:
        self._lock = Lock()
        self._bits = np.zeros(size // 8 + 1, np.uint8)

    def add(self, numbers: npt.NDArray[Any]) -> None:
        """Put numbers in."""
        with self._lock:
            np.bitwise_or.at(self._bits, numbers >> 3, np.left_shift(1, numbers & 7).astype(np.uint8))

    def contains(self, numbers: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        """Whether each number is in the set."""
        found: npt.NDArray[np.bool_] = (self._bits[numbers >> 3] >> (numbers & 7).astype(np.uint8)) & 1 == 1
        return found

    def count(self, start: int, end: int) -> int:
        """How many numbers of a range are in the set; the ends must be multiples of 8."""
        return int(np.bitwise_count(self._bits[start // 8 : end // 8]).sum(dtype=np.int64))


class PublicationSet:
    """Publications by pgpub_id."""

    def __init__(self) -> None:
        self._set = BitSet((LAST_YEAR + 1 - FIRST_YEAR) * SERIALS_PER_YEAR)

    def add(self, pgpub_ids: pl.Series) -> None:
        """Put publications in."""
        self._set.add(pgpub_ids.to_numpy() - _FIRST_PGPUB_ID)

    def contains(self, pgpub_ids: pl.Series) -> pl.Series:
        """Whether each publication is in the set."""
        return pl.Series(self._set.contains(pgpub_ids.to_numpy() - _FIRST_PGPUB_ID), dtype=pl.Boolean)

    def count(self, year: int) -> int:
        """How many publications of a year are in the set."""
        start = (year - FIRST_YEAR) * SERIALS_PER_YEAR
        return self._set.count(start, start + SERIALS_PER_YEAR)


class PlaceFilter:
    """Keys of rawlocation_ids; may hold a key that was never put in, never misses one that was.

    A Bloom filter of two probes: with ten million keys it lets one in forty-five of the others through.
    """

    def __init__(self) -> None:
        self._probes = (BitSet(1 << _FILTER_BITS), BitSet(1 << _FILTER_BITS))

    def add(self, *halves: pl.Series) -> None:
        """Put keys in, given as their two halves without nulls."""
        for probe, half in zip(self._probes, halves, strict=True):
            probe.add(_folded(half))

    def contains(self, *halves: pl.Series) -> pl.Series:
        """Whether each key may be in the set."""
        first, second = (
            probe.contains(_folded(half)) for probe, half in zip(self._probes, halves, strict=True)
        )
        return pl.Series(first & second, dtype=pl.Boolean)


def _folded(half: pl.Series) -> npt.NDArray[Any]:
    return (half.to_numpy() >> np.uint64(64 - _FILTER_BITS)).astype(np.int64)
