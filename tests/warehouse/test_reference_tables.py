"""Fact tables and the study as tables: what is loaded, and what is refused."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from bri_pipeline.errors import UserError
from bri_pipeline.warehouse.external import EXTERNAL_TABLES
from bri_pipeline.warehouse.reference_tables import load_reference
from tests.warehouse.lake import REFERENCE, connect
from tests.warehouse.studies import partner, study


@pytest.fixture(scope="module")
def loaded() -> duckdb.DuckDBPyConnection:
    con = connect()
    load_reference(con, study(declares_growth=True, growth_years=(2010, 2013)), REFERENCE)
    return con


def test_columns_are_the_documented_ones(loaded: duckdb.DuckDBPyConnection) -> None:
    for name, table in EXTERNAL_TABLES.items():
        if name.startswith("reference."):
            described = [(row[0], row[1].lower()) for row in loaded.execute(f"describe {name}").fetchall()]
            assert described == [(column.name, column.type) for column in table.columns]


def test_the_study_is_one_row(loaded: duckdb.DuckDBPyConnection) -> None:
    cursor = loaded.execute("select * from reference.study")
    [row] = cursor.fetchall()
    found = dict(zip([column[0] for column in cursor.description], row, strict=True))
    assert found["kinds"] == ["A1", "A2", "A9"]
    assert (found["window_start"], found["window_end"]) == (date(2010, 1, 1), date(2014, 6, 30))
    assert (found["first_year"], found["last_year"], found["growth_from"]) == (2010, 2014, 2010)
    assert found["declares_expected_values"] is False


def test_years_know_whether_the_window_covers_them(loaded: duckdb.DuckDBPyConnection) -> None:
    found = loaded.execute("select year, to_date, is_whole from reference.years order by year").fetchall()
    assert found[0] == (2010, date(2010, 12, 31), True)
    assert found[-1] == (2014, date(2014, 6, 30), False)
    assert len(found) == 5


def test_the_last_year_of_an_open_window_is_not_whole() -> None:
    con = connect()
    load_reference(con, study(window_end=None), REFERENCE)
    newest = con.execute("select year, to_date, is_whole from reference.years order by year desc").fetchall()[
        0
    ]
    today = date.today()
    assert newest == (today.year, today, (today.month, today.day) == (12, 31))


def test_regions_keep_their_order_and_their_unsearched_countries(loaded: duckdb.DuckDBPyConnection) -> None:
    found = loaded.execute(
        "select region, countries, countries_searched from reference.regions order by position"
    )
    assert found.fetchall() == [("ASEAN", 2, 2), ("West Asia", 2, 1), ("East Asia", 1, 1)]


def test_partners_listed_by_code_share_one_region() -> None:
    con = connect()
    load_reference(con, study(partners=(partner("SG", ""), partner("IL", ""))), REFERENCE)
    assert con.execute("select region, countries from reference.regions").fetchall() == [("(no region)", 2)]


def test_namibia_is_a_country_and_not_a_missing_value(loaded: duckdb.DuckDBPyConnection) -> None:
    assert loaded.execute("select name from reference.countries where iso2 = 'NA'").fetchall() == [
        ("Namibia",)
    ]


def test_every_country_of_the_paper_is_named(loaded: duckdb.DuckDBPyConnection) -> None:
    with (REFERENCE / "country_groups" / "belt_and_road_2018.csv").open(encoding="utf-8", newline="") as file:
        group = {row["iso2"] for row in csv.DictReader(file)}
    known = {code for (code,) in loaded.execute("select iso2 from reference.countries").fetchall()}
    assert group <= known


def test_all_provinces_of_china_are_named(loaded: duckdb.DuckDBPyConnection) -> None:
    names = dict(
        loaded.execute("select code, name from reference.provinces where code like 'CN-%'").fetchall()
    )
    assert len(names) == 34  # with Hong Kong, Macao and Taiwan
    assert (names["CN-JS"], names["CN-SN"], names["CN-SX"]) == ("Jiangsu", "Shaanxi", "Shanxi")


def test_labels_of_table_4(loaded: duckdb.DuckDBPyConnection) -> None:
    labels = dict(
        loaded.execute("select distinct paper_label, in_table_4 from reference.ipc_classes").fetchall()
    )
    assert sum(labels.values()) == 9
    assert {label for label, printed in labels.items() if not printed} == {
        "Textiles; Paper",
        "Fixed constructions",
        "Weapons; Blasting",
    }


def test_the_concordance_has_35_fields_and_no_nested_prefixes(loaded: duckdb.DuckDBPyConnection) -> None:
    [(fields,)] = loaded.execute("select count(distinct field_number) from reference.wipo_fields").fetchall()
    assert fields == 35
    nested = loaded.execute(
        "select longer.ipc_prefix from reference.wipo_fields as longer inner join reference.wipo_fields as shorter "
        "on starts_with(longer.ipc_prefix, shorter.ipc_prefix) and longer.ipc_prefix != shorter.ipc_prefix"
    ).fetchall()
    assert nested == []


@pytest.mark.parametrize("name", ["wipo35.csv", "ipc_sections.csv"])
def test_facts_are_those_shared(shared: Path, name: str) -> None:
    ours, theirs = (
        path.read_text(encoding="utf-8-sig") for path in (REFERENCE / name, shared / "facts" / name)
    )
    assert ours.splitlines() == theirs.splitlines()


def damaged(tmp_path: Path, name: str, old: str, new: str) -> Path:
    folder = tmp_path / "reference"
    shutil.copytree(REFERENCE, folder)
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("wipo35.csv", "\n1,Electrical", "\none,Electrical", r"wipo35\.csv, line 2: field_number is 'one'"),
        ("regions.csv", "iso,name", "iso;name", r"regions\.csv, line 1: .*separated by semicolons"),
        ("countries.csv", "Andorra", "", r"countries\.csv, line 2: name is ''; it must not be empty"),
        ("paper_claim_values.csv", "0.8506,4,percent", "85 %,4,percent", "published is '85 %'; it must be a number"),
        ("paper_claim_values.csv", "0.8506,4,percent", "0.8506,4,share", "style is 'share'; it must be count, percent"),
        ("paper_claim_values.csv", ",equal,0.8506", ",same,0.8506", "relation is 'same'; it must be equal, more"),
    ],
)  # fmt: skip
def test_bad_values_are_named_with_file_and_line(
    tmp_path: Path, name: str, old: str, new: str, message: str
) -> None:
    with pytest.raises(UserError, match=message):
        load_reference(connect(), study(), damaged(tmp_path, name, old, new))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"countries\.csv is missing"):
        load_reference(connect(), study(), tmp_path)


def test_expected_values_of_a_study(tmp_path: Path) -> None:
    path = tmp_path / "small.expected.csv"
    header = "id,measure,scope,member,value,upper,digits,source\n"
    path.write_text(
        header + "V1,summary.hits,CN,all,10,,0,by hand\nV5,x,CN,all,1,24,0,by hand\n", encoding="utf-8"
    )
    con = connect()
    load_reference(con, study(expected=path), REFERENCE)
    assert con.execute("select id, value, upper from reference.expected_values").fetchall() == [
        ("V1", 10.0, None),
        ("V5", 1.0, 24.0),
    ]
    path.write_text(header + "V1,summary.hits,CN,all,ten,,0,by hand\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"small\.expected\.csv, line 2: value is 'ten'; it must be a number"):
        load_reference(con, study(expected=path), REFERENCE)


def test_loading_again_replaces(loaded: duckdb.DuckDBPyConnection) -> None:
    load_reference(loaded, study(), REFERENCE)
    assert loaded.execute("select count(*) from reference.partners").fetchall() == [(5,)]
