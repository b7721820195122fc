"""Strength of ties on one base of distinct publications, counted by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

import duckdb
import pytest

from bri_pipeline.warehouse import Model, run_check
from tests.warehouse.lake import Patent, build_all, connect, fill_lake
from tests.warehouse.studies import study

NANJING, KOWLOON, SG, MY, US = (
    ("CN", "Nanjing"), ("CN", "Kowloon"), ("SG", "S"), ("MY", "P"), ("US", "B"),
)  # fmt: skip


def publication(
    number: int, *inventors: tuple[str, str], kind: str = "A1", application: int | None = None
) -> Patent:
    return Patent(f"US{number}{kind}", date(2012, 3, 1), [*inventors], [], str(application or number), kind)


WITH_SG = [publication(1, NANJING, SG), publication(2, NANJING, SG, US)]
WITH_MY = [publication(3, NANJING, MY)]
OTHERS = [
    publication(4, NANJING),
    publication(5, NANJING, US),
    # again, of a kind not counted, and in Hong Kong: a publication of Hong Kong, Singapore and the US
    publication(6, NANJING, US, kind="A2", application=5),
    publication(7, NANJING, SG, kind="P1"),
    publication(8, KOWLOON, SG, US),
    publication(9, KOWLOON),
]
Sets = Sequence[tuple[str, int, str, list[str], int]]
# all documents, those above among them
SETS: Sets = [
    ("ipab20120301.zip", 2012, "A1", ["CN", "SG"], 1),
    ("ipab20120301.zip", 2012, "A1", ["CN", "SG", "US"], 2),
    ("ipab20120301.zip", 2012, "A1", ["CN", "MY"], 1),
    ("ipab20120301.zip", 2012, "A1", ["CN"], 2),
    ("ipab20120301.zip", 2012, "A1", ["CN", "US"], 1),
    ("ipab20120301.zip", 2012, "A2", ["CN", "US"], 1),
    ("ipab20120301.zip", 2012, "P1", ["CN", "SG"], 1),
    ("ipab20120301.zip", 2012, "A1", ["SG", "US"], 3),
    ("ipab20120301.zip", 2012, "A1", ["SG"], 4),
    ("ipab20120301.zip", 2012, "A1", ["US"], 9),
    ("ipab20120301.zip", 2012, "A1", [], 5),
    ("ipab20120301.zip", 2012, "P1", ["SG"], 7),
    # after the window's end, and of a file whose name has no date
    ("ipab20140703.zip", 2014, "A1", ["SG"], 8),
    ("tables.zip", 2014, "A1", ["MY"], 1),
]


def built(models: dict[str, Model], sets: Sets = SETS) -> duckdb.DuckDBPyConnection:
    con = connect()
    hits = [*(("SG", one) for one in WITH_SG), *(("MY", one) for one in WITH_MY)]
    fill_lake(con, study(), hits, others=OTHERS)
    con.execute("delete from lake.country_sets")
    if sets:
        con.executemany("insert into lake.country_sets values (?, ?, ?, ?, ?)", sets)
    build_all(con, models, "core.distinct_sets", "marts.affinity")
    return con


def test_the_base_is_distinct_publications_of_counted_kinds_inside_the_window(
    models: dict[str, Model],
) -> None:
    rows = built(models).execute("select countries, publications from core.distinct_sets").fetchall()
    assert {tuple(countries): n for countries, n in rows} == {
        ("CN",): 1, ("CN", "SG"): 1, ("CN", "SG", "US"): 1, ("CN", "MY"): 1, ("CN", "US"): 1,
        ("SG", "US"): 3, ("SG",): 4, ("US",): 9, ("MY",): 1, ("HK", "SG", "US"): 1, ("HK",): 1,
    }  # fmt: skip


def test_strength_of_a_tie_is_relative_to_both_sides(models: dict[str, Model]) -> None:
    con = built(models)
    found = con.execute(
        "select country, patents, focal_publications, country_publications, publications, share_of_focal, "
        "share_of_country, salton, jaccard, association, probabilistic_affinity, reason from marts.affinity order by 1"
    ).fetchall()
    # CN 5, SG 1 + 1 + 3 + 4 + 1 = 10, MY 2 of 24; links CN 1 + 2 + 1 + 1 = 5, SG 1 + 2 + 3 + 2 = 8, MY 1, all
    # 2 * 6 pairs + 6 * 2 triples = 24
    assert found == [
        ("MY", 1, 5, 2, 24, 1 / 5, 1 / 2, *map(pytest.approx, (
            1 / math.sqrt(10), 1 / 6, 24 * 1 / (5 * 2), 24 * 1 / (5 * 1))), None),
        ("SG", 2, 5, 10, 24, 2 / 5, 2 / 10, *map(pytest.approx, (
            2 / math.sqrt(50), 2 / 13, 24 * 2 / (5 * 10), 24 * 2 / (5 * 8))), None),
    ]  # fmt: skip
    failed = [
        check.id
        for name in ("core.distinct_sets", "marts.affinity")
        for check in models[name].checks
        if not run_check(con, check).passed
    ]
    assert failed == []


def test_without_sets_the_share_of_the_focal_side_is_left(models: dict[str, Model]) -> None:
    found = (
        built(models, [])
        .execute(
            "select country, focal_publications, country_publications, share_of_focal, salton, association, "
            "probabilistic_affinity, reason from marts.affinity order by 1"
        )
        .fetchall()
    )
    reason = "the source gives no sets of countries"
    assert found == [
        ("MY", 5, None, 1 / 5, None, None, None, reason),
        ("SG", 5, None, 2 / 5, None, None, None, reason),
    ]


def test_links_of_all_countries_are_the_total(paper: duckdb.DuckDBPyConnection) -> None:
    [(links, pairs)] = paper.execute("""
        select
            (
                select sum(publications * (len(countries) - 1))
                from core.distinct_sets
                where list_contains(countries, 'CN')
            ),
            (
                select sum(publications)
                from core.distinct_sets, unnest(countries) as entry (country)
                where list_contains(countries, 'CN') and country != 'CN'
            )
    """).fetchall()
    assert links == pairs
    for patents, focal, country, total, association in paper.execute(
        "select patents, focal_publications, country_publications, publications, association from marts.affinity"
    ).fetchall():
        assert association * focal * country == pytest.approx(total * patents)
