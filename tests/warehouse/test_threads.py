"""The same tables, to the last bit, on any number of threads."""

from __future__ import annotations

import duckdb
import pytest

from bri_pipeline.study import load_study
from bri_pipeline.warehouse import Model
from bri_pipeline.warehouse.build_ids import BuildIds
from tests.warehouse.lake import build_all, fill_lake
from tests.warehouse.paper_lake import PAPER_PLACES, paper_hits


@pytest.mark.slow
def test_tables_are_the_same_on_one_thread_and_on_four(models: dict[str, Model]) -> None:
    ids = []
    for threads in (1, 4):
        con = duckdb.connect(config={"threads": threads})
        fill_lake(con, load_study("jiangsu-2018"), paper_hits(), PAPER_PLACES)
        build_all(con, models)
        contents = BuildIds(con)
        ids.append({name: contents.of(name) for name in models if name != "raw.source_files"})
        con.close()
    differing = [name for name in ids[0] if ids[0][name] != ids[1][name]]
    # the times of landing are those of the test
    assert [name for name in differing if not name.startswith("raw.")] == []
