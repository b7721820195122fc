"""The default study: the paper's numbers, as the paper prints them, from the reference corpus."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.studies import REPOSITORY, Home, files_below

# Tables 1 to 4 as the paper prints them.
TABLE_1 = "SG 663, IN 349, RU 153, IL 148, MY 87, PL 49, PH 42, TH 41, CZ 35, HU 24"
TABLE_2 = "CN-BJ 595, CN-SH 471, CN-GD 154, CN-JS 87, CN-ZJ 39, CN-TJ 35, CN-SC 21"
TABLE_3 = "SG 41, PH 13, IL 8, IN 6, CZ 6, MY 5, SA 5, RU 2, PL 1"
TABLE_4 = (
    "Electricity 38, Essential for human life 14, Physical 13, Chemistry 7, Operation 7, Metallurgy 3, "
    "Mechanical engineering 2, Transport 2, Illumination 1"
)
# Printed once in the paper and nowhere to be found in the software: it must come out of the data.
TELLING = re.compile(
    r"(?<![\w.])(1,?751|1,?730|663|349|153|148|595|471|154|0?\.4772|47\.72|0?\.2058|20\.58|5\.03|90\.80?)(?![\w%]*\d)"
)


def printed(table: str) -> dict[str, int]:
    pairs = (entry.rpartition(" ") for entry in table.split(", "))
    return {name: int(count) for name, _, count in pairs}


@pytest.mark.slow
def test_the_command_prints_the_papers_numbers_and_where_they_are(ran: tuple[Home, str]) -> None:
    home, output = ran
    assert "1,751 hits - 21 duplicates = 1,730 patents" in output
    assert "SYNTHETIC RECORDS" in output
    report = home.study_home.report / "index.html"
    assert f"Report:  {report}" in output and "synthetic" in report.read_text(encoding="utf-8").lower()


@pytest.mark.slow
def test_the_command_makes_the_tables_that_its_steps_make(ran: tuple[Home, str], default_study: Home) -> None:
    assert ran[0].tables() == default_study.tables()


def test_the_summary_is_the_papers(default_study: Home) -> None:
    summary = default_study.rows(
        "select countries_listed, countries_searched, countries_with_patents, hits, duplicates, patents "
        "from marts.summary"
    )
    assert summary == [(65, 62, 35, 1751, 21, 1730)]


def test_tables_1_to_4_are_the_papers(default_study: Home) -> None:
    rows = default_study.rows
    top = rows("select country, patents from marts.by_country where scope = 'CN' and rank <= 10")
    assert dict(top) == printed(TABLE_1)
    provinces = rows("select province, patents from marts.by_province where rank <= 7")
    assert dict(provinces) == printed(TABLE_2)
    jiangsu = rows("select country, patents from marts.by_country where scope = 'CN-JS'")
    assert dict(jiangsu) == printed(TABLE_3)
    fields = rows(
        "select field_code, patents from marts.by_field where scope = 'CN-JS' and scheme = 'paper' and patents > 0"
    )
    assert dict(fields) == printed(TABLE_4)


def test_growth_and_stages_are_the_papers(default_study: Home) -> None:
    stages = default_study.rows(
        "select patents, round(mean_per_year, 2) from marts.stages "
        "where scope = 'CN-JS' and method = 'study' order by position"
    )
    assert stages == [(11, 1.83), (38, 5.43), (38, 9.5)]
    growth = default_study.rows("select scope, round(mean_yearly_rate, 4) from marts.growth")
    assert {scope: rate for scope, rate in growth if scope in ("CN", "CN-JS")} == {
        "CN": 0.2058,
        "CN-JS": 0.4772,
    }


def test_every_check_of_error_severity_passes(default_study: Home) -> None:
    checked = default_study.bri("check")
    assert checked.exit_code == 0
    lines = checked.output.splitlines()
    assert sum("marts.reproduction/paper_v" in line and line.startswith("ok") for line in lines) == 12
    assert not [line for line in lines if line.startswith("FAILED")]
    assert re.search(r"\d+ of \d+ checks passed, 0 failed, \d+ warnings", lines[-1])


@pytest.mark.slow
def test_a_second_run_says_so_and_changes_nothing(ran: tuple[Home, str]) -> None:
    home, _ = ran
    before = files_below(home.folder)
    again = home.bri("run")
    assert again.exit_code == 0
    assert again.output.startswith("Nothing new")
    assert files_below(home.folder) == before


def sources() -> Iterator[Path]:
    for folder in ("bri_pipeline", "sql"):
        for path in (REPOSITORY / folder).rglob("*"):
            written = path.suffix in (".py", ".sql", ".j2", ".html", ".css")
            if written and "reference_corpus" not in path.parts:
                yield path


def test_no_number_of_the_paper_stands_in_the_code() -> None:
    found = [
        f"{path.relative_to(REPOSITORY)}:{number}: {line.strip()}"
        for path in sources()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if TELLING.search(line)
    ]
    assert found == []


def test_the_numbers_would_be_found() -> None:
    for text in ("if hits == 1751:", "rate = 0.4772", "values (663)", "'1,730 patents'"):
        assert TELLING.search(text)
