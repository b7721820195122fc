"""The rules of context and the mart of cities, on tables small enough to read."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import duckdb
import pytest

from bri_pipeline.warehouse import load_models
from tests.warehouse.lake import Patent, build_all, connect, fill_lake
from tests.warehouse.studies import study

SQL = Path(__file__).parents[2] / "sql"
PLACES = {
    "Nanjing": ("CN-JS", "Nanjing", "exact", ["CN-JS"], ["Nanjing"]),
    "Hangzhou": ("CN-ZJ", "Hangzhou", "exact", ["CN-ZJ"], ["Hangzhou"]),
    "Hefei": ("CN-AH", "Hefei", "exact", ["CN-AH"], ["Hefei"]),
    "Taizhou": (None, None, "ambiguous", ["CN-JS", "CN-ZJ"], ["Taizhou", "Taizhou"]),
    "Suzhou": ("CN-JS", "Suzhou", "dominant", ["CN-JS", "CN-AH"], ["Suzhou", "Suzhou"]),
    "Jiangsu": ("CN-JS", None, "province", ["CN-JS"], [None]),
    "Foo": (None, None, "unresolved", [], []),
}


@pytest.fixture
def con():
    connection = duckdb.connect()
    connection.execute("""
        create schema staging; create schema reference; create schema core;
        create table reference.study as select 'CN' as focal_country;
        create table staging.place_resolution (city_raw varchar, region_raw varchar, province varchar, city varchar,
            method varchar, confidence double, candidates varchar[], candidate_cities varchar[], note varchar);
        create table staging.inventor_mentions (publication_number varchar, sequence integer, name_key varchar,
            city_raw varchar, region_raw varchar, country varchar, is_focal boolean);
        create table staging.applicants (publication_number varchar, sequence integer, harmonised_name varchar,
            city_raw varchar, country varchar);
    """)
    for city, (province, place, method, candidates, cities) in PLACES.items():
        connection.execute(
            "insert into staging.place_resolution values (?, null, ?, ?, ?, 0.9, ?, ?, '')",
            [city, province, place, method, candidates, cities],
        )
    yield connection
    connection.close()


def add(con, number, inventors, applicants=()):
    """A publication: inventors as (name, city), all of CN; applicants as (name, city, country)."""
    for n, (name, city) in enumerate(inventors, start=1):
        con.execute(
            "insert into staging.inventor_mentions values (?, ?, ?, ?, null, 'CN', true)",
            [number, n, name, city],
        )
    for n, (name, city, country) in enumerate(applicants, start=1):
        con.execute("insert into staging.applicants values (?, ?, ?, ?, ?)", [number, n, name, city, country])


def placed(con, number, sequence=1):
    sql = (SQL / "staging" / "inventor_places.sql").read_text(encoding="utf-8")
    return con.execute(
        f"select province, city, place_method, place_candidates from ({sql}) "
        "where publication_number = ? and sequence = ?",
        [number, sequence],
    ).fetchone()


def test_without_context_a_tie_stays_ambiguous(con):
    add(con, "A", [("li wei", "Taizhou")])
    assert placed(con, "A") == ("ambiguous", None, "ambiguous", ["CN-JS", "CN-ZJ"])


def test_other_inventors_decide_first(con):
    add(con, "A", [("li wei", "Taizhou"), ("wang fang", "Nanjing")], [("ACME", "Hangzhou", "CN")])
    assert placed(con, "A") == ("CN-JS", "Taizhou", "co-inventors", ["CN-JS"])
    assert placed(con, "A", 2) == ("CN-JS", "Nanjing", "exact", ["CN-JS"])


def test_other_inventors_of_both_candidates_leave_it_to_the_applicant(con):
    add(
        con,
        "A",
        [("li wei", "Taizhou"), ("wang fang", "Nanjing"), ("zhao min", "Hangzhou")],
        [("ACME", "Hangzhou", "CN")],
    )
    assert placed(con, "A") == ("CN-ZJ", "Taizhou", "applicant", ["CN-ZJ"])


def test_an_applicant_abroad_or_elsewhere_says_nothing(con):
    add(con, "A", [("li wei", "Taizhou")], [("ACME", "Hangzhou", "US")])
    add(con, "B", [("li wei", "Taizhou")], [("OTHER", "Hefei", "CN")])
    assert placed(con, "A")[0] == placed(con, "B")[0] == "ambiguous"


def test_the_same_inventor_with_the_same_applicant_elsewhere(con):
    add(con, "A", [("li wei", "Taizhou"), ("chen jie", "Taizhou")], [("ACME", None, "CN")])
    add(con, "B", [("li wei", "Nanjing")], [("ACME", None, "CN")])
    add(con, "C", [("chen jie", "Nanjing")], [("OTHER", None, "CN")])
    assert placed(con, "A", 1) == ("CN-JS", "Taizhou", "same inventor", ["CN-JS"])
    assert placed(con, "A", 2)[0] == "ambiguous"


def test_what_only_the_publication_itself_says_is_not_elsewhere(con):
    add(
        con,
        "A",
        [("li wei", "Taizhou"), ("li wei", "Nanjing"), ("wang fang", "Hangzhou")],
        [("ACME", None, "CN")],
    )
    assert placed(con, "A", 1)[0] == "ambiguous"


def test_an_inventor_of_twenty_thousand_publications_takes_no_time_for_every_pair_of_them(con):
    con.execute("""
        insert into staging.inventor_mentions
        select 'US' || n, 1, 'li wei', if(n % 2 = 0, 'Nanjing', 'Taizhou'), null, 'CN', true from range(20000) t (n);
        insert into staging.applicants select 'US' || n, 1, 'ACME', null, 'CN' from range(20000) t (n);
    """)
    started = time.process_time()
    assert placed(con, "US1") == ("CN-JS", "Taizhou", "same inventor", ["CN-JS"])
    assert time.process_time() - started < 2  # every pair takes four times as long on a quick machine


def test_context_corrects_and_confirms_a_dominant_name(con):
    add(con, "A", [("li wei", "Suzhou"), ("wang fang", "Hefei")])
    add(con, "B", [("li wei", "Suzhou"), ("wang fang", "Nanjing")])
    add(con, "C", [("zhou yi", "Suzhou"), ("wang fang", "Hangzhou")])
    assert placed(con, "A") == ("CN-AH", "Suzhou", "co-inventors", ["CN-AH"])
    assert placed(con, "B") == ("CN-JS", "Suzhou", "co-inventors", ["CN-JS"])
    assert placed(con, "C") == ("CN-JS", "Suzhou", "dominant", ["CN-JS", "CN-AH"])


def test_a_dominant_name_is_no_context_for_another(con):
    add(con, "A", [("li wei", "Taizhou"), ("wang fang", "Suzhou")])
    assert placed(con, "A")[0] == "ambiguous"


def test_unknown_strings_are_not_guessed_from_context(con):
    add(con, "A", [("li wei", "Foo"), ("wang fang", "Nanjing"), ("zhao min", "Bar")])
    assert placed(con, "A") == ("unresolved", None, "unresolved", [])
    assert placed(con, "A", 3)[:3] == ("unresolved", None, "unresolved")


def test_cities_of_a_scope_share_its_patents():
    places = {
        "Nanjing": ("CN-JS", ["CN-JS"]),
        "Suzhou in Jiangsu": ("CN-JS", ["CN-JS"]),
        "Suzhou in Anhui": ("CN-AH", ["CN-AH"]),
        "Jiangsu": ("CN-JS", ["CN-JS"]),
        "Nowhere": (None, []),
    }
    cities_of = {
        "A": ["Nanjing", "Suzhou in Jiangsu", "Suzhou in Anhui", "Suzhou in Anhui"],
        "B": ["Jiangsu"],
        "C": ["Nowhere"],
    }
    hits = [
        (
            "SG",
            Patent(
                f"US{name}A1", date(2010, 3, 4), [*(("CN", city) for city in cities), ("SG", "Singapore")], []
            ),
        )
        for name, cities in cities_of.items()
    ]
    with connect() as warehouse:
        fill_lake(warehouse, study(), hits, places)
        warehouse.execute(
            "update staging.place_resolution "
            "set city = if(city_raw in ('Jiangsu', 'Nowhere'), null, split_part(city, ' ', 1))"
        )
        build_all(warehouse, load_models(SQL), "marts.by_city")
        found = warehouse.execute(
            "select scope, province, city, patents, fractional_patents, rank from marts.by_city "
            "order by scope, city, province"
        ).fetchall()
    assert [row for row in found if row[0] == "CN-JS"] == [
        ("CN-JS", "CN-JS", "Nanjing", 1, 0.5, 1),
        ("CN-JS", "CN-JS", "Suzhou", 1, 0.5, 1),
        ("CN-JS", "CN-JS", "not known", 1, 1.0, None),
    ]
    # the two Suzhou are two cities; the nation sums to its three patents
    national = {(row[1], row[2]): row[4] for row in found if row[0] == "CN"}
    assert national == {
        ("CN-JS", "Nanjing"): 0.25,
        ("CN-JS", "Suzhou"): 0.25,
        ("CN-AH", "Suzhou"): 0.5,
        ("CN-JS", "not known"): 1.0,
        ("unresolved", "not known"): 1.0,
    }
