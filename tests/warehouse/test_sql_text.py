"""Paths as SQL text."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest

from bri_pipeline.warehouse.sql_text import parquet_files


@pytest.mark.parametrize(
    "name", ["a[b].parquet", "a*.parquet", "a?.parquet", "[a-z]'.parquet", "k=v/x.parquet"]
)
def test_a_file_of_any_name_is_read_alone(tmp_path: Path, name: str) -> None:
    """``ab.parquet`` would be read too if the name were a pattern, and ``k`` be a column."""
    for path in (tmp_path / name, tmp_path / "ab.parquet", tmp_path / "a-.parquet"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"")
        pl.DataFrame({"name": [path.name]}).write_parquet(path)
    found = duckdb.sql(f"from {parquet_files([tmp_path / name])}")
    assert found.fetchall() == [(Path(name).name, 0, str(tmp_path / name))]
