"""What goes to disk comes back, by partition and in order."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from bri_pipeline.patentsview import spill
from bri_pipeline.patentsview.bits import BitSet, PlaceFilter, PublicationSet


@pytest.mark.parametrize("flush_bytes", [1, 100, 1 << 20])
@pytest.mark.parametrize("kind", [spill.NumberSpill, spill.FrameSpill])
def test_a_partition_holds_its_rows_in_the_order_they_came(
    kind: type[spill.Spill], flush_bytes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spill, "FLUSH_BYTES", flush_bytes)
    kept = kind(tmp_path / "spill", 3, pl.col("a"))
    for start in (0, 5, 9):
        kept.add(pl.DataFrame({"a": [start, start + 1, start + 3], "b": [start, 70, 71]}))
    kept.flush()

    assert kept.read(0).rows() == [(0, 0), (3, 71), (6, 70), (9, 9), (12, 71)]
    assert kept.read(1).rows() == [(1, 70), (10, 70)]
    assert kept.read(2).rows() == [(5, 5), (8, 71)]


def test_a_log_gives_its_frames_once(tmp_path: Path) -> None:
    log = spill.Log(tmp_path / "log")
    frames = [pl.DataFrame({"city": ["Wuxi", None]}), pl.DataFrame({"city": ["a\n\tb"]})]
    for frame in frames:
        log.add(frame)

    assert [frame.rows() for frame in log.frames()] == [frame.rows() for frame in frames]
    assert list((tmp_path / "log").iterdir()) == []


def test_bits_hold_exactly_what_was_put_in() -> None:
    bits = BitSet(1000)
    bits.add(pl.Series([0, 7, 8, 999, 999]).to_numpy())

    assert [n for n in range(1000) if bits.contains(pl.Series([n]).to_numpy())[0]] == [0, 7, 8, 999]
    assert (bits.count(0, 8), bits.count(8, 1000)) == (2, 2)


def test_publications_are_counted_by_year() -> None:
    publications = PublicationSet()
    publications.add(pl.Series([20010000000, 20019999999, 20020000000, 20990000001]))

    assert [publications.count(year) for year in (2001, 2002, 2003, 2099)] == [2, 1, 0, 1]
    assert publications.contains(pl.Series([20010000000, 20010000001])).to_list() == [True, False]


def test_a_filter_misses_no_key_and_lets_few_others_through() -> None:
    ids = pl.DataFrame({"rawlocation_id": [f"{n:x}-4af0" for n in range(20_000)]})
    halves = [ids["rawlocation_id"].hash(1), ids["rawlocation_id"].hash(2)]
    places = PlaceFilter()
    places.add(*(half.head(10_000) for half in halves))

    found = places.contains(*halves)

    assert found.head(10_000).all()
    assert found.tail(10_000).sum() < 10
