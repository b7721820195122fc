"""query, check and report: reading what a run made, also while another process writes."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import duckdb
import pytest

from bri_pipeline.errors import UserError
from bri_pipeline.progress import InLines
from bri_pipeline.warehouse.database import reading, writing
from tests.end_to_end.expected import Expected
from tests.end_to_end.studies import Home

# Faults planted in a table, with a check that must name them and what its line must show.
FAULTS = {
    "marts.by_year/years_without_holes": (
        "delete from marts.by_year where scope = 'CN' and year = 2012",
        "scope=CN",
    ),
    "marts.by_country/sums_meet_core": (
        "update marts.by_country set patents = patents + 1 where scope = 'CN' and rank = 1",
        "scope=CN",
    ),
    "marts.summary/agrees_with_core": ("update marts.summary set patents = patents + 1", "patents="),
    "core.patents/unique_publication_number": (
        "insert into core.patents from core.patents limit 1",
        "publication_number=US",
    ),
    "core.duplicates/reasons_known": (
        "update core.duplicates set reason = 'no reason'",
        "reason=no reason",
    ),
    "raw.uspto_hits/dates_in_partition_and_window": (
        "update raw.uspto_hits set publication_date = date '1999-01-01' where year = 2011",
        "publication_date=1999-01-01",
    ),
    "staging.inventors/provinces_known": (
        "update staging.inventors set province = 'CN-XX' where is_focal",
        "CN-XX",
    ),
}


@contextmanager
def held_by_another(path: Path) -> Iterator[int]:
    """Another process has the file open for writing; yields its PID."""
    script = f"import duckdb\nc = duckdb.connect({str(path)!r})\nprint('held', flush=True)\ninput()"
    holder = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout and holder.stdout.readline() == "held\n"
        yield holder.pid
    finally:
        holder.communicate("\n")


def test_query_prints_a_table_csv_or_json_lines(home: Home, expected: Expected) -> None:
    sql = "select year, patents, patents / 7 as seventh from marts.by_year where scope = 'CN' order by year"
    first, second = expected.by_year()["CN"]
    table = home.bri("query", sql).output.splitlines()
    assert [line.split() for line in table] == [
        ["year", "patents", "seventh"],
        ["-" * 4, "-" * 7, "-" * 8],
        ["2011", str(first), f"{first / 7:.6g}"],
        ["2012", str(second), f"{second / 7:.6g}"],
        ["(2", "rows)"],
    ]
    rows = list(csv.DictReader(io.StringIO(home.bri("query", "--format", "csv", sql).output)))
    assert [(row["year"], row["patents"]) for row in rows] == [("2011", str(first)), ("2012", str(second))]
    lines = home.bri("query", "--format", "json", sql).output.splitlines()
    assert json.loads(lines[1]) == {"year": 2012, "patents": second, "seventh": second / 7}


def test_query_gives_json_the_types_it_has(home: Home) -> None:
    sql = "select 1.50::decimal(4, 2) as price, 'nan'::double as hole, [{'at': date '2015-01-08'}] as days"
    found = json.loads(home.bri("query", "--format", "json", sql).output)
    assert found == {"price": 1.5, "hole": None, "days": [{"at": "2015-01-08"}]}


@pytest.mark.parametrize(
    "sql",
    [
        "delete from marts.by_year",
        "create table marts.mine as select 1",
        "drop table core.patents",
        "update marts.summary set patents = 1",
    ],
)
def test_query_writes_nothing(home: Home, sql: str) -> None:
    before = home.study_home.published.read_bytes()
    result = home.bri("query", sql)
    assert result.exit_code == 2
    assert "read-only" in result.stderr
    assert home.study_home.published.read_bytes() == before


def test_query_answers_while_another_process_writes(home: Home, expected: Expected) -> None:
    with held_by_another(home.study_home.warehouse):
        result = home.bri("query", "--format", "csv", "select patents from marts.summary")
    assert result.output == f"patents\n{len(expected.patents)}\n"


def test_a_locked_warehouse_names_the_holder(own_home: Home) -> None:
    path = own_home.study_home.warehouse
    for opened in (writing, reading):
        with held_by_another(path) as pid, pytest.raises(UserError) as error, opened(path, patience=0.1):
            pass
        assert re.search(rf"held by .*python.* \(process {pid}\). Close that program", str(error.value))


def test_who_waits_for_the_lock_says_so_every_few_seconds_and_gives_up(
    own_home: Home, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bri_pipeline.warehouse.database.InLines", partial(InLines, waiting_every=0.1))
    path = own_home.study_home.warehouse
    for opened in (writing, reading):
        caplog.clear()
        with (
            held_by_another(path) as pid,
            pytest.raises(
                UserError, match=r"Gave up after waiting [12] s.* Close that program and try again"
            ),
            opened(path, patience=1.9),
        ):
            pass
        said = [record.getMessage() for record in caplog.records]
        assert len(said) >= 2 and all(f"process {pid}" in line for line in said)
        assert re.search(r" [01] s so far\.$", said[-1])
    with writing(path) as con:
        assert con.sql("from marts.summary").shape[0] == 1


def test_check_passes_on_sound_tables(home: Home) -> None:
    result = home.bri("check")
    assert result.exit_code == 0, result.output
    *lines, last = result.output.splitlines()
    assert all(re.match(r"(ok     |warning) \S+/\w+", line) for line in lines)
    assert last.startswith(
        f"{sum(line.startswith('ok') for line in lines)} of {len(lines)} checks passed, 0 failed"
    )


def test_check_fails_on_planted_faults_and_shows_the_rows(own_home: Home) -> None:
    with duckdb.connect(own_home.study_home.warehouse) as con:
        for fault, _ in FAULTS.values():
            con.sql(fault)
    result = own_home.bri("check")
    assert result.exit_code == 1
    failed = {
        line.split()[1].rstrip(":"): line for line in result.output.splitlines() if line.startswith("FAILED")
    }
    for check, (_, shown) in FAULTS.items():
        assert check in failed, f"{check} did not fail"
        assert re.search(r": [\d,]+ offending rows?: .+ First: ", failed[check]), failed[check]
        assert shown in failed[check]


@pytest.mark.slow
def test_report_is_written_again_elsewhere_and_for_another_scope(home: Home, tmp_path: Path) -> None:
    result = home.bri("report", "--out", str(tmp_path / "page"), "--scope", "CN-BJ")
    assert result.exit_code == 0, result.output
    paths = [Path(line) for line in result.output.splitlines()]
    assert paths[0] == tmp_path / "page" / "index.html"
    assert tmp_path / "page" / "CN-BJ.en.html" in paths
    assert "<h1>Co-invention between Beijing" in paths[-1].read_text(encoding="utf-8")
    assert (home.study_home.report / "index.html").is_file()
