"""Years that the data cover only in part: they are marked, and no rate is worked out from them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from bri_pipeline.study import Stage
from bri_pipeline.warehouse import Model, run_check
from tests.end_to_end.studies import Home, build
from tests.warehouse.lake import Patent, build_all, connect, fill_lake
from tests.warehouse.studies import study


def patents(published: dict[date, int], filed: date | None = None) -> list[tuple[str, Patent]]:
    return [
        (
            "SG",
            Patent(
                f"US{day:%Y%m%d}{n}A1", day, [("CN", "Nanjing"), ("SG", "S")], ["H04L 29/06"], filed=filed
            ),
        )
        for day, count in published.items()
        for n in range(count)
    ]


def years(con: duckdb.DuckDBPyConnection) -> list[tuple[int, float, bool, bool]]:
    return con.execute(
        "select year, round(exposure, 4), is_whole, is_growth_year from core.years order by year"
    ).fetchall()


def test_the_running_year_is_no_growth_year(models: dict[str, Model]) -> None:
    con = connect()
    counts = {
        date(2022, 1, 6): 2,
        date(2023, 1, 5): 3,
        date(2024, 1, 4): 4,
        date(2025, 1, 2): 6,
        date(2026, 1, 1): 1,
    }
    # the last week landed is that of 1 January 2026
    fill_lake(
        con,
        study(
            window_start=date(2022, 1, 1),
            window_end=date(2026, 12, 31),
            stages=(),
        ),
        patents(counts),
    )
    build_all(con, models, "core.years", "marts.growth", "marts.by_year")
    assert years(con)[-2:] == [(2025, 1.0, True, True), (2026, round(7 / 365, 4), False, False)]
    [(first, last, mean)] = con.execute(
        "select from_year, to_year, mean_yearly_rate from marts.growth where scope = 'CN' and is_study_rule"
    ).fetchall()
    assert (first, last, mean) == (2022, 2025, pytest.approx((1 / 2 + 1 / 3 + 1 / 2) / 3))
    rates = con.execute(
        "select year, growth_rate, exposure from marts.by_year where scope = 'CN' order by year desc limit 2"
    ).fetchall()
    assert rates == [(2026, None, pytest.approx(7 / 365)), (2025, 0.5, 1.0)]


def test_a_year_of_which_no_file_was_read_has_no_rate_and_no_place_in_growth(
    models: dict[str, Model],
) -> None:
    con = connect()
    counts = {date(2022, 1, 6): 2, date(2023, 1, 5): 3, date(2024, 1, 4): 4, date(2025, 1, 2): 6}
    fill_lake(
        con, study(window_start=date(2019, 1, 1), window_end=date(2025, 12, 31), stages=()), patents(counts)
    )
    # nothing was read of the first two years, nor of one in between
    con.execute("delete from lake.files where file_year in (2019, 2020, 2022)")
    con.execute("delete from lake.publications where year(publication_date) = 2022")
    con.execute("update lake.files set source_file = 'ipab20251225_wk52.zip' where file_year = 2025")
    build_all(con, models, "core.years", "marts.growth", "marts.by_year", "core.year_segments")
    assert years(con) == [
        (2019, 0.0, False, False),
        (2020, 0.0, False, False),
        (2021, 1.0, True, False),
        (2022, 0.0, False, False),
        (2023, 1.0, True, True),
        (2024, 1.0, True, True),
        (2025, 1.0, True, True),
    ]
    [(first, last, mean)] = con.execute(
        "select from_year, to_year, mean_yearly_rate from marts.growth where scope = 'CN' and is_study_rule"
    ).fetchall()
    assert (first, last, mean) == (2023, 2025, pytest.approx((1 / 3 + 1 / 2) / 2))
    rates = con.execute(
        "select year from marts.by_year where scope = 'CN' and growth_rate is not null"
    ).fetchall()
    assert sorted(rates) == [(2024,), (2025,)]
    assert con.execute("select min(from_year) from core.year_segments").fetchone() == (2023,)
    # filings of a year are published in it and in the two years after it
    con.execute("update reference.study set counting_date = 'filing'")
    build_all(con, models, "core.years")
    assert [year for year, _, is_whole, _ in years(con) if is_whole] == [2023]


def test_a_search_that_finds_nothing_in_a_year_covers_it(models: dict[str, Model]) -> None:
    con = connect()
    fill_lake(con, study(window_start=date(2022, 1, 1), window_end=date(2023, 12, 31), stages=()), [])
    con.execute(
        "update lake.files set source_file = format('application search {}', file_year), documents = 0"
    )
    con.execute(
        "insert into lake.files (source_file, file_year, documents) values ('ipab20231228_wk52.zip', 2023, 0)"
    )
    build_all(con, models, "core.years")
    assert years(con) == [(2022, 1.0, True, True), (2023, 1.0, True, True)]


def test_publication_began_in_march_2001(models: dict[str, Model]) -> None:
    con = connect()
    fill_lake(
        con,
        study(window_start=date(2001, 1, 1), window_end=date(2002, 12, 31), stages=()),
        [],
    )
    con.execute("update lake.files set source_file = 'ipab20021226_wk52.zip' where file_year = 2002")
    build_all(con, models, "core.years")
    # 15 March to 31 December 2001 are 292 days; the week of 26 December 2002 ends the year
    assert years(con) == [(2001, 0.8, False, False), (2002, 1.0, True, True)]
    con.execute("update reference.study set documents = 'grants'")
    build_all(con, models, "core.years")
    assert years(con)[0] == (2001, 1.0, True, True)


def test_a_file_that_could_not_be_read_ends_no_year(models: dict[str, Model]) -> None:
    con = connect()
    fill_lake(con, study(stages=()), [])
    con.execute(
        "insert into lake.files by name select * replace ('ipab20140626.zip' as source_file, 'torn' as problem) "
        "from lake.files where file_year = 2014"
    )
    build_all(con, models, "core.years")
    assert years(con)[-1] == (2014, round(7 / 365, 4), False, False)


def test_declared_years_are_used_as_declared(paper: duckdb.DuckDBPyConnection) -> None:
    found = years(paper)
    assert found[0] == (2001, 0.8, False, True)
    assert found[-1][0] == 2018 and not found[-1][3]
    rates = dict(paper.execute("select year, growth_rate from marts.by_year where scope = 'CN'").fetchall())
    assert rates[2002] == pytest.approx(16 / 15 - 1)  # declared
    assert rates[2018] is None  # two months


def test_counting_by_filing_leaves_out_years_not_yet_published(models: dict[str, Model]) -> None:
    con = connect()
    # published 2012 to 2014, filed 2010 to 2012
    hits = [
        *patents({date(2012, 3, 1): 2}, filed=date(2009, 9, 1)),
        *patents({date(2013, 3, 7): 3}, filed=date(2011, 9, 1)),
        *patents({date(2014, 3, 6): 4}, filed=date(2012, 9, 3)),
        *patents({date(2014, 4, 3): 1}),
    ]
    fill_lake(con, study(window_end=date(2014, 12, 31), stages=()), hits)
    con.execute("update lake.files set source_file = 'ipab20141225.zip' where file_year = 2014")
    con.execute("update reference.study set counting_date = 'filing'")
    build_all(con, models, "core.years", "marts.by_year")
    # covered are filings from the window's start, 2010, to 18 months before its end, 30 June 2013
    assert [(year, whole) for year, _, whole, _ in years(con)] == [
        (2009, False), (2010, True), (2011, True), (2012, True), (2013, False), (2014, False),
    ]  # fmt: skip
    counted = con.execute(
        "select year, patents from marts.by_year where scope = 'CN' order by year"
    ).fetchall()
    # the one without a date of filing counts when it was published
    assert counted == [(2009, 2), (2010, 0), (2011, 3), (2012, 4), (2013, 0), (2014, 1)]


def test_by_filing_every_table_of_years_goes_by_filing(models: dict[str, Model]) -> None:
    con = connect()
    one = Patent(
        "US1A1",
        date(2012, 3, 1),
        [("CN", "Nanjing"), ("SG", "S")],
        [],
        "1",
        applicants=[("Firm", "CN")],
        filed=date(2009, 9, 1),
    )
    # filed before any patent was
    domestic = Patent("US2A1", date(2012, 3, 1), [("CN", "Nanjing")], [], "2", filed=date(2006, 9, 1))
    fill_lake(con, study(stages=(Stage("old", 2008, 2009),)), [("SG", one)], others=[domestic])
    con.execute("update reference.study set counting_date = 'filing'")
    build_all(con, models)
    for column, table in (("entrants", "entrants"), ("publications", "comparison"), ("patents", "by_year")):
        found = con.execute(
            f"select year, sum({column}) from marts.{table} where scope = 'CN' group by year order by year"
        ).fetchall()
        base = {2006: 1, 2009: 1} if table == "comparison" else {2009: 1}
        assert found == [(year, base.get(year, 0)) for year in range(2006, 2015)]
    for check in (check for model in models.values() for check in model.checks):
        assert run_check(con, check).passed or check.severity == "warn", check.id


@pytest.mark.slow
def test_the_running_year_of_a_real_archive(shared: Path, tmp_path: Path) -> None:
    case = shared / "cases" / "10-running-year" / "s11.toml"
    if not case.is_file():
        pytest.skip("needs the case 10-running-year")
    home = Home(tmp_path, case)
    build(home)
    [(first, last, mean)] = home.rows(
        "select from_year, to_year, mean_yearly_rate from marts.growth where scope = 'CN' and is_study_rule"
    )
    assert (last, round(mean, 3)) == (2025, 0.444)
    assert first <= 2022
    assert home.rows(
        "select is_whole, growth_rate from marts.by_year where scope = 'CN' and year = 2026"
    ) == [(False, None)]
