"""Files of technology alliances: every line is read or named, and counted or said why not."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from bri_pipeline.errors import UserError
from bri_pipeline.study import Study, load_study
from bri_pipeline.warehouse import Model
from bri_pipeline.warehouse.alliance_rows import alliance_rows
from tests.warehouse.lake import build_all, connect, fill_lake
from tests.warehouse.small_lake import SMALL_HITS
from tests.warehouse.studies import study

HEADING = "date,focal_party,place,foreign_party,country,kind,source"
GOOD = "2012-05-01,Institute A,Nanjing,Firm B,SG,transfer,a newspaper"


def with_lines(folder: Path, *lines: str, heading: str = HEADING, **changes: Any) -> Study:
    path = folder / "alliances.csv"
    path.write_text("\n".join((heading, *lines)) + "\n", encoding="utf-8")
    return replace(study(alliances=path, synthetic=False), **changes)


def test_a_line_is_read_with_the_days_its_date_may_mean(tmp_path: Path) -> None:
    rows = alliance_rows(
        with_lines(
            tmp_path,
            GOOD,
            '2012-02,"Institute, C",Suzhou,Firm D,land of my,joint lab,a report',
            "2013,Institute E,CN-JS,Firm F,Israel,Demonstration Center,Synthetic: made up",
        )
    )
    assert [row["line"] for row in rows] == [2, 3, 4]
    assert [(row["first_day"], row["last_day"]) for row in rows] == [
        (date(2012, 5, 1), date(2012, 5, 1)),
        (date(2012, 2, 1), date(2012, 2, 29)),
        (date(2013, 1, 1), date(2013, 12, 31)),
    ]
    assert [row["country"] for row in rows] == ["SG", "MY", "IL"]
    assert [row["kind"] for row in rows] == ["transfer", "joint laboratory", "demonstration centre"]
    assert [row["is_synthetic"] for row in rows] == [False, False, True]
    assert rows[1]["focal_party"] == "Institute, C"


@pytest.mark.parametrize(
    "heading",
    [
        "date,focal party,province or city,foreign party,country,kind,source",
        "Date,Focal Party,Province_or_City,Foreign Party,Country,Kind,Source",
        "date,focal_party,city,foreign_party,country,kind,source",
    ],
)
def test_headings_may_be_written_in_several_ways(tmp_path: Path, heading: str) -> None:
    [row] = alliance_rows(with_lines(tmp_path, GOOD, heading=heading))
    assert (row["city_raw"], row["region_raw"], row["focal_party"]) == ("Nanjing", None, "Institute A")


def test_province_and_city_may_have_columns_of_their_own(tmp_path: Path) -> None:
    heading = "date,focal_party,province,city,foreign_party,country,kind,source"
    rows = alliance_rows(
        with_lines(
            tmp_path,
            "2012,A,Jiangsu,Suzhou,B,SG,licence,s",
            "2012,A,Jiangsu,,B,MY,licence,s",
            heading=heading,
        )
    )
    assert [(row["city_raw"], row["region_raw"]) for row in rows] == [
        ("Suzhou", "Jiangsu"),
        (None, "Jiangsu"),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2012-13-01,A,Nanjing,B,SG,transfer,s", "date is '2012-13-01'"),
        ("2012-02-30,A,Nanjing,B,SG,transfer,s", "date is '2012-02-30'"),
        ("2012-00-00,A,Nanjing,B,SG,transfer,s", "date is '2012-00-00'"),
        ("2012-05-00,A,Nanjing,B,SG,transfer,s", "date is '2012-05-00'"),
        ("May 2012,A,Nanjing,B,SG,transfer,s", "date is 'May 2012'"),
        (",A,Nanjing,B,SG,transfer,s", "date is ''"),
        ("2012,,Nanjing,B,SG,transfer,s", "focal_party must not be empty"),
        ("2012,A,Nanjing,,SG,transfer,s", "foreign_party must not be empty"),
        ("2012,A,,B,SG,transfer,s", "it names no place"),
        ("2012,A,CN-XX,B,SG,transfer,s", "'CN-XX' is no province of CN"),
        ("2012,A,Nanjing,B,Atlantis,transfer,s", "country is 'Atlantis'"),
        ("2012,A,Nanjing,B,China,transfer,s", "country is 'China', the focal country"),
        ("2012,A,Nanjing,B,SG,marriage,s", "kind is 'marriage'"),
        ("2012,A,Nanjing,B,SG,transfer,", "source must not be empty"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_with_what_is_wrong(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(UserError) as error:
        alliance_rows(with_lines(tmp_path, GOOD, line))
    text = str(error.value)
    assert "one line that cannot be used: line 3: " in text
    assert said in text


@pytest.mark.parametrize(
    "date_written",
    [
        "2012/05/01",
        "01.05.2012",
        "05/01/2012",
        "20120501",
        "2012-5-1",
        "41030",
        "2012-05-01 00:00:00",
        "2012Q2",
        "0000",
    ],
)
def test_a_date_of_another_shape_is_named_with_the_right_one(tmp_path: Path, date_written: str) -> None:
    with pytest.raises(UserError, match=r"line 3: date is .*; write it like 2015-03-31, 2015-03 or 2015"):
        alliance_rows(with_lines(tmp_path, GOOD, GOOD.replace("2012-05-01", date_written)))


def test_dates_need_no_order_and_lines_keep_theirs(tmp_path: Path) -> None:
    lines = [f"{when},A,Nanjing,B {when},SG,transfer,s" for when in ("2013", "2011-04", "2012-01-02", "2011")]
    rows = alliance_rows(with_lines(tmp_path, *lines))
    assert [(row["line"], row["year"]) for row in rows] == [(2, 2013), (3, 2011), (4, 2012), (5, 2011)]


def test_every_column_that_is_wrong_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError) as error:
        alliance_rows(with_lines(tmp_path, GOOD, "May,,,,Atlantis,marriage,"))
    text = str(error.value)
    assert "has one line that cannot be used" in text
    for said in (
        "date is 'May'",
        "names no place",
        "focal_party must",
        "foreign_party must",
        "country is 'Atlantis'",
        "kind is 'marriage'",
        "source must",
    ):
        assert f"line 3: {said}" in text or said in text


def test_an_unknown_province_is_named_and_a_misspelt_one_read(tmp_path: Path) -> None:
    heading = "date,focal_party,province,city,foreign_party,country,kind,source"
    with pytest.raises(UserError, match="line 3: province is 'Middle-earth', which is no province of CN"):
        alliance_rows(
            with_lines(
                tmp_path,
                "2012,A,Jiangsu Province,Suzhou,B,SG,licence,s",
                "2012,A,Middle-earth,,B,MY,licence,s",
                heading=heading,
            )
        )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize(("separator", "word"), [(",", ""), (";", "semicolons"), ("\t", "tabs")])
def test_files_of_spreadsheets_are_read_or_refused_by_name(
    tmp_path: Path, encoding: str, separator: str, word: str
) -> None:
    asked = with_lines(tmp_path, GOOD)
    assert asked.alliances is not None
    text = f"{HEADING}\n{GOOD.replace('Firm B', 'Müller')}\n".replace(",", separator)
    asked.alliances.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    if encoding == "utf-8-sig" and not word:
        assert [row["foreign_party"] for row in alliance_rows(asked)] == ["Müller"]
        return
    said = {"cp1252": "line 2: not UTF-8", "utf-16": "is UTF-16"}.get(encoding, f"separated by {word}")
    with pytest.raises(UserError, match=said):
        alliance_rows(asked)


@pytest.mark.parametrize("lines", [(), (",,,,,,",)])
def test_a_file_without_alliances_is_said(tmp_path: Path, lines: tuple[str, ...]) -> None:
    with pytest.raises(UserError, match=r"alliances\.csv holds no alliance"):
        alliance_rows(with_lines(tmp_path, *lines))
    with pytest.raises(UserError, match="the column source is missing"):
        alliance_rows(
            with_lines(tmp_path, *lines, heading="date,focal_party,place,foreign_party,country,kind")
        )


def test_all_lines_that_cannot_be_used_are_counted_and_the_first_are_named(tmp_path: Path) -> None:
    bad = [f"{year},A,Nanjing,B,Atlantis,transfer,s" for year in range(2001, 2013)]
    with pytest.raises(
        UserError, match=r"has 12 lines that .* line 3: .* line 10: .*; and 4 more\. Mend the file"
    ):
        alliance_rows(with_lines(tmp_path, GOOD, *bad))


@pytest.mark.parametrize(
    ("heading", "lacking"),
    [
        ("date,focal_party,place,foreign_party,country,kind", "source"),
        ("date,focal_party,foreign_party,country,kind,source,note", r"place \(or province, or city\)"),
    ],
)
def test_a_missing_column_is_named(tmp_path: Path, heading: str, lacking: str) -> None:
    line = ",".join("x" for _ in heading.split(","))
    with pytest.raises(UserError, match=f"the column {lacking} is missing"):
        alliance_rows(with_lines(tmp_path, line, heading=heading))


def test_a_study_file_names_its_alliances_or_the_line_that_does_not(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    text = 'name = "own"\nfocal_country = "CN"\nwindow = { start = 2010-01-01 }\npartners = ["SG"]\n'
    path.write_text(text + 'alliances = "mine.csv"\n', encoding="utf-8")
    with pytest.raises(UserError, match=r"line 5: there is no file .*mine\.csv of technology alliances"):
        load_study(str(path))
    (tmp_path / "mine.csv").write_text(f"{HEADING}\n{GOOD}\n", encoding="utf-8")
    assert load_study(str(path)).alliances == tmp_path / "mine.csv"
    path.write_text(text, encoding="utf-8")
    assert load_study(str(path)).alliances is None


@pytest.fixture(scope="module")
def counted(models: dict[str, Model], tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """The small study with seven alliances of which three count."""
    lines = (
        GOOD,
        "2012-05-01,INSTITUTE A,Nanjing,firm b,SG,transfer,another newspaper",
        "2009,Institute C,Beijing,Firm D,SG,licence,s",
        "2012,Institute E,Beijing,Firm F,US,licence,s",
        "2013,Institute G,Taizhou,Firm H,IL,joint laboratory,s",
        "2010,Institute I,Somewhere,Firm J,PS,alliance,s",
        "2012,Institute K,Kowloon,Firm L,SG,alliance,s",
    )
    con = connect()
    fill_lake(con, with_lines(tmp_path_factory.mktemp("alliances"), *lines), SMALL_HITS)
    build_all(con, models)
    return con


def test_nothing_is_dropped_and_what_does_not_count_says_why(counted: duckdb.DuckDBPyConnection) -> None:
    found = counted.execute("select line, province, left_out from staging.alliances order by line").fetchall()
    assert found == [
        (2, "CN-JS", None),
        (3, "CN-JS", "duplicate of line 2"),
        (4, "CN-BJ", "outside the window"),
        (5, "CN-BJ", "no partner of the study"),
        (6, "ambiguous", None),
        (7, "unresolved", None),
        (8, "CN-HK", "focal party in Hong Kong"),
    ]


def test_alliances_are_counted_by_country_region_and_year(counted: duckdb.DuckDBPyConnection) -> None:
    by_country = (
        "select country, alliances, share, rank from marts.alliances_by_country where scope = ? order by 1"
    )
    third = pytest.approx(1 / 3)
    assert counted.execute(by_country, ["CN"]).fetchall() == [
        ("IL", 1, third, 1),
        ("PS", 1, third, 1),
        ("SG", 1, third, 1),
    ]
    assert counted.execute(by_country, ["CN-JS"]).fetchall() == [("SG", 1, 1.0, 1)]
    by_region = (
        "select region, alliances, rank from marts.alliances_by_region where scope = 'CN' order by 3, 1"
    )
    assert counted.execute(by_region).fetchall() == [
        ("West Asia", 2, 1),
        ("ASEAN", 1, 2),
        ("East Asia", 0, 3),
    ]
    by_year = (
        "select year, alliances, cumulative from marts.alliances_by_year where scope = 'CN' order by year"
    )
    assert counted.execute(by_year).fetchall() == [
        (2010, 1, 1), (2011, 0, 1), (2012, 1, 2), (2013, 1, 3), (2014, 0, 3),
    ]  # fmt: skip
    scopes = counted.execute("select distinct scope from marts.alliances_by_year").fetchall()
    assert {scope for (scope,) in scopes} == {
        scope for (scope,) in counted.execute("select scope from core.scopes").fetchall()
    }


def test_a_study_without_alliances_has_empty_tables(models: dict[str, Model]) -> None:
    con = connect()
    fill_lake(con, study(alliances=None), SMALL_HITS)
    by = [f"marts.alliances_by_{one}" for one in ("country", "region", "year")]
    build_all(con, models, "staging.alliances", *by, "marts.cooperation_profile")
    for table in ("staging.alliances", *by):
        assert con.execute(f"select count(*) from {table}").fetchall() == [(0,)]
    instruments = con.execute("select distinct instrument from marts.cooperation_profile").fetchall()
    assert instruments == [("patents",)]


def test_the_shipped_file_says_that_it_is_made_up_and_counts_whole() -> None:
    shipped = load_study("jiangsu-2018")
    rows = alliance_rows(shipped)
    assert len(rows) >= 40
    assert all(row["is_synthetic"] and row["source"].startswith("Synthetic") for row in rows)
    assert all(row["focal_party"].startswith("Synthetic") for row in rows)
    partners = {partner.iso2 for partner in shipped.partners}
    assert {row["country"] for row in rows} <= partners
    assert all(row["duplicate_of"] is None for row in rows)
    assert Counter(row["kind"] for row in rows).keys() == {
        "transfer", "licence", "joint laboratory", "alliance", "demonstration centre",
    }  # fmt: skip
