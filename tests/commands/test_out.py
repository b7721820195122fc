"""``--out`` of every command that has one: impossible places are sentences, and a study's own files are kept."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from bri_pipeline.commands.out import filling, refuse_own_files
from bri_pipeline.errors import UserError
from bri_pipeline.warehouse.database import copy_tables, reading
from tests.end_to_end.studies import bri, files_below

STUDY = 'name = "s"\nfocal_country = "CN"\nwindow = { start = 2011-01-01 }\npartners = ["SG"]\n'


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A study with a published table, which is enough to get as far as --out."""
    root = tmp_path / "home" / "s"
    root.mkdir(parents=True)
    (root / "lake").mkdir()
    (root / "lake" / "kept.json").write_text("{}")
    with duckdb.connect(str(root / "warehouse.duckdb")) as con:
        con.execute("create schema marts; create table marts.numbers as select 1 as n")
    copy_tables(root / "warehouse.duckdb", root / "published.duckdb", ["marts.numbers"])
    (tmp_path / "s.toml").write_text(STUDY)
    (tmp_path / "file").write_text("a file")
    return tmp_path


def commands(folder: Path) -> dict[str, list[str]]:
    study = ["--study", str(folder / "s.toml")]
    return {
        "query": ["query", *study, "from marts.numbers"],
        "report": ["report", *study],
        "export": ["export", *study, "--format", "csv"],
    }


@pytest.mark.parametrize("place", ["file/below", "/proc/new/x", "x" * 300, "a/" * 3000 + "b"])
@pytest.mark.parametrize("command", ["query", "report", "export"])
def test_a_place_that_cannot_be_written_to(study: Path, command: str, place: str) -> None:
    before = files_below(study)
    ended = bri(study / "home", *commands(study)[command], "--out", str(study / place))
    assert ended.exit_code == 2 and "--out" in ended.output and len(ended.output) < 1_000
    assert files_below(study) == before


@pytest.mark.parametrize("place", ["", "lake", "lake/raw/2011", "dagster", "../s/archive"])
@pytest.mark.parametrize("command", ["query", "report", "export"])
def test_a_place_among_the_study_s_own_files(study: Path, command: str, place: str) -> None:
    before = files_below(study)
    out = study / "home" / "s" / place
    ended = bri(study / "home", *commands(study)[command], "--out", str(out))
    assert ended.exit_code == 2 and "own files" in ended.output
    (study / "link").symlink_to(study / "home" / "s", target_is_directory=True)
    ended = bri(study / "home", *commands(study)[command], "--out", str(study / "link" / place))
    assert ended.exit_code == 2 and "own files" in ended.output
    assert files_below(study / "home") == {
        path: found for path, found in before.items() if "home" in path.parts
    }


@pytest.mark.parametrize("command", ["query", "report", "export"])
def test_a_place_among_the_files_of_another_study_or_of_the_lake(
    study: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = study / "elsewhere" / "other"
    other.mkdir(parents=True)
    (other / "published.duckdb").write_bytes(b"of another study")
    (study / "lake" / "s" / "archive").mkdir(parents=True)
    (study / "weeks").mkdir()
    (study / "s.toml").write_text(STUDY + 'source = { kind = "weekly_xml", path = "weeks" }\n')
    monkeypatch.setenv("BRI_LAKE", str(study / "lake"))
    before = files_below(study)
    for place in (
        "elsewhere/other/published.duckdb",
        "elsewhere/other/lake/x",
        "lake/s/archive/x",
        "weeks/x",
    ):
        ended = bri(study / "home", *commands(study)[command], "--out", str(study / place))
        assert ended.exit_code == 2 and ("own files" in ended.output or "is a file" in ended.output)
    assert files_below(study) == before


def test_find_writes_over_no_file_it_reads_and_no_study_s_own(study: Path) -> None:
    weeks = study / "weeks"
    weeks.mkdir()
    (weeks / "ipab20110106_wk01.zip").write_bytes(b"a week")
    (weeks / "link.csv").symlink_to(weeks / "ipab20110106_wk01.zip")
    before = files_below(study)
    for out in (weeks / "ipab20110106_wk01.zip", weeks / "link.csv", study / "home/s/published.duckdb"):
        ended = bri(study / "home", "find", "--year", "2011", str(weeks), "--out", str(out))
        assert ended.exit_code == 2 and "own files" in ended.output, ended.output
    assert files_below(study) == before


def test_a_device_or_a_pipe_is_not_replaced_by_a_file(study: Path) -> None:
    pipe = study / "pipe"
    os.mkfifo(pipe)
    ended = bri(study / "home", *commands(study)["query"], "--out", str(pipe))
    assert ended.exit_code == 2 and "it is a device or a pipe" in ended.output
    assert pipe.is_fifo()


def test_a_full_disk_of_out_is_named_and_nothing_is_called_damaged(tmp_path: Path) -> None:
    full = 'IO Error: Could not write file "/x/.a.parquet.tmp": No space left on device'
    with duckdb.connect(str(tmp_path / "x.duckdb")) as con:
        con.execute("create table t as select 1 as n")
    with (
        pytest.raises(UserError, match=r"--out \S*kit cannot be written: its disk is full") as said,
        filling(tmp_path / "kit"),
        reading(tmp_path / "x.duckdb"),
    ):
        raise duckdb.IOException(full)
    assert "cannot be read as a DuckDB file" not in str(said.value)
    with pytest.raises(OSError, match="No space left"), filling(None):
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize("place", ["tables", "figures", "figures/CN-JS.en"])
def test_a_report_is_not_written_through_a_link_below_out(study: Path, place: str) -> None:
    (study / "pictures").mkdir()
    (study / "pictures" / "holiday.png").write_text("mine")
    link = study / "out" / place
    link.parent.mkdir(parents=True)
    link.symlink_to(study / "pictures", target_is_directory=True)
    ended = bri(study / "home", *commands(study)["report"], "--out", str(study / "out"))
    assert ended.exit_code == 2 and f"{link} is a link" in ended.output
    assert [path.name for path in (study / "pictures").iterdir()] == ["holiday.png"]


def test_the_study_file_and_the_query_s_own_are_kept(study: Path) -> None:
    query = study / "q.sql"
    query.write_text("select 1 as a")
    before = files_below(study)
    for out in (study / "s.toml", query):
        ended = bri(study / "home", "query", "--study", str(study / "s.toml"), "--out", str(out), str(query))
        assert ended.exit_code == 2 and "is one of the files that are read here" in ended.output
    assert files_below(study) == before
    ended = bri(
        study / "home", "query", "--study", str(study / "s.toml"), "--out", str(study / "x.csv"), str(query)
    )
    assert ended.exit_code == 0 and "1" in (study / "x.csv").read_text()


def test_the_disk_that_is_full_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free = {"/dev/shm": 10, str(tmp_path): 1000}
    monkeypatch.setattr(
        "bri_pipeline.files.disk.disk_usage", lambda path: SimpleNamespace(free=free[str(path)])
    )
    monkeypatch.setattr(tempfile, "tempdir", "/dev/shm")
    if not Path("/dev/shm").is_dir() or Path("/dev/shm").stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("needs two file systems")
    with (
        pytest.raises(UserError, match=r"temporary files \(/dev/shm\) is full.*TMPDIR"),
        filling(tmp_path / "new"),
    ):
        raise OSError(28, "No space left on device")
    free[str(tmp_path)] = 1
    with pytest.raises(UserError, match=r"--out .* cannot be written"), filling(tmp_path / "new"):
        raise OSError(28, "No space left on device")


def test_a_link_to_itself_beside_what_is_read_lets_nothing_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine.zip").write_text("mine")
    (tmp_path / "loop.xml").symlink_to(tmp_path / "loop.xml")
    with pytest.raises(UserError, match="is one of the files that are read here"):
        refuse_own_files(None, tmp_path / "mine.zip", [tmp_path / "loop.xml", tmp_path / "mine.zip"])


@pytest.mark.parametrize("command", ["query", "report", "export"])
def test_an_empty_out_is_no_folder(study: Path, command: str) -> None:
    ended = bri(study / "home", *commands(study)[command], "--out", "")
    assert ended.exit_code == 2 and "it is empty; name a file or folder" in ended.output
