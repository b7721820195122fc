"""Something else than a file in the place of a kept one: no command waits for it, each says what it is and where."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import duckdb
import pytest

from bri_pipeline.files.atomic import DamagedFile, read_derived, read_json
from tests.end_to_end.studies import Home

SECONDS = 30


@pytest.fixture(autouse=True)
def no_hanging() -> Iterator[None]:
    """Opening a pipe waits for ever; a test that does it fails instead."""

    def fail(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError("it waits for a pipe")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def piped(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("command", "file"),
    [
        (("query", "from marts.summary"), "published.duckdb"),
        (("report",), "published.duckdb"),
        (("export",), "published.duckdb"),
        (("trace", "by_country", "country=SG"), "published.duckdb"),
        (("check",), "warehouse.duckdb"),
        (("check", "raw.quarantine/every_document_readable"), "warehouse.duckdb"),
    ],
)
def test_a_pipe_in_the_place_of_tables_is_named_and_left(
    own_home: Home, command: tuple[str, ...], file: str
) -> None:
    path = own_home.study_home.root / file
    piped(path)
    said = own_home.bri(*command)
    assert said.exit_code == 2
    assert said.stderr == f"bri: {path} is a named pipe where a file belongs. `bri run` makes it again.\n"
    assert path.is_fifo()


def test_check_writes_no_outcomes_through_a_link(own_home: Home, tmp_path: Path) -> None:
    path, elsewhere = own_home.study_home.warehouse, tmp_path / "elsewhere.duckdb"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    with duckdb.connect(elsewhere) as con:
        con.execute("delete from checks.outcomes")
    before = elsewhere.read_bytes()
    said = own_home.bri("check")
    assert (said.exit_code, elsewhere.read_bytes() == before) == (2, True)
    assert said.stderr.startswith(f"bri: {path} is a link where a file of the study's own belongs. `bri run`")


def test_doctor_names_what_is_in_the_way_of_all_kept_files(own_home: Home) -> None:
    root = own_home.study_home.root
    manifest = sorted((root / "archive").glob("manifest-*.json"))[0]
    raw = sorted((root / "lake" / "raw").glob("*/*.parquet"))[0]
    for path in (manifest, raw, root / "published.duckdb"):
        piped(path)
    said = own_home.bri("doctor")
    assert said.exit_code == 1
    for path in (manifest, raw, root / "published.duckdb"):
        assert (
            f"error  {path} is a named pipe where a file belongs -> remove it, or let `bri run`"
            in said.stdout
        )
    assert raw.is_fifo()


def test_report_and_export_set_aside_what_is_in_their_own_folders_only(own_home: Home) -> None:
    root = own_home.study_home.root
    manifest = sorted((root / "archive").glob("manifest-*.json"))[0]
    piped(manifest)
    piped(root / "report" / "index.html")
    (root / "exports").rename(root / "others")
    os.mkfifo(root / "exports")
    assert own_home.bri("report").exit_code == 0
    assert (root / "report" / "index.html").is_file() and (
        root / "report" / "index.html.set-aside-1"
    ).is_fifo()
    assert own_home.bri("export", "--format", "graphml").exit_code == 0
    assert (root / "exports" / "networks").is_dir() and (root / "exports.set-aside-1").is_fifo()
    assert manifest.is_fifo()


def test_a_pipe_in_the_place_of_a_json_file_is_a_damaged_one(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "counts.json")
    with pytest.raises(DamagedFile):
        read_json(tmp_path / "counts.json")
    assert read_derived(tmp_path / "counts.json") is None
