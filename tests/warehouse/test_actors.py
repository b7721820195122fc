"""Owners, entrants, networks and terms of a handful of patents counted by hand."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import duckdb
import polars as pl
import pytest

from bri_pipeline.warehouse import Model
from bri_pipeline.warehouse.applicant_network import applicant_positions
from tests.warehouse.lake import Patent, build_all, connect, fill_lake
from tests.warehouse.studies import study

FOCAL, SG, MY = ("CN", "Nanjing"), ("SG", "Singapore"), ("MY", "Penang")


def patent(number: int, year: int, owners: list[tuple[str, str]], *others: tuple[str, str]) -> Patent:
    inventors = [FOCAL, *(others or (SG,))]
    return Patent(f"US{number}A1", date(year, 1, 7), inventors, ["H04L 1/00"], str(number), applicants=owners)


PATENTS = [
    patent(1, 2010, [("Alpha Co., Ltd.", "CN")]),
    patent(2, 2010, [("Beta Pte Ltd", "SG")]),
    patent(3, 2011, [("ALPHA CO LTD", "CN"), ("Beta Pte. Ltd.", "SG")]),
    patent(4, 2011, [("Gamma Inc", "CN"), ("GAMMA, INC.", "SG")]),
    patent(5, 2012, [("Delta Inc", "US")]),
    patent(6, 2012, []),
    patent(7, 2013, [("Beta Pte Ltd", "SG"), ("Alpha", "CN"), ("Epsilon", "MY")], SG, MY),
    # a Malaysian owner, but no Malaysian inventor
    patent(8, 2013, [("Epsilon", "MY")]),
]
HITS = [(country, p) for p in PATENTS for country, _ in p.inventors if country != "CN"]


@pytest.fixture(scope="module")
def con(models: dict[str, Model]) -> Iterator[duckdb.DuckDBPyConnection]:
    con = connect()
    fill_lake(con, study(), HITS)
    build_all(con, models)
    yield con
    con.close()


def test_each_patent_has_the_first_class_of_ownership_that_fits(con: duckdb.DuckDBPyConnection) -> None:
    found = dict(con.execute("select publication_number, ownership from core.patent_ownership").fetchall())
    assert found == {
        "US1A1": "focal owner",
        "US2A1": "partner owner",
        "US3A1": "joint",
        "US4A1": "same firm on both sides",
        "US5A1": "third country",
        "US6A1": "none stated",
        "US7A1": "joint",
        "US8A1": "third country",
    }


def test_shares_of_ownership_leave_out_patents_without_a_stated_owner(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(
        "select ownership, patents, share from marts.ownership where scope = 'CN-JS' and period = 'all'"
    ).fetchall()
    assert {(name, count, share) for name, count, share in found} == {
        ("joint", 2, 2 / 7),
        ("third country", 2, 2 / 7),
        ("focal owner", 1, 1 / 7),
        ("partner owner", 1, 1 / 7),
        ("same firm on both sides", 1, 1 / 7),
        ("none stated", 1, None),
    }


def test_an_applicant_enters_in_its_first_year(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(
        "select year, entrants, applicants from marts.entrants where scope = 'CN-JS' order by year"
    ).fetchall()
    # Alpha and Beta in 2010, Gamma in 2011, Delta in 2012, Epsilon in 2013
    assert found == [(2010, 2, 2), (2011, 1, 3), (2012, 1, 1), (2013, 1, 3), (2014, 0, 0)]


def test_edges_of_joint_applicants(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(
        "select source, target, patents, fractional_patents, association_strength, salton "
        "from marts.network_edges where network = 'applicant-applicant' order by source, target"
    ).fetchall()
    # two patents with pairs: US3 has one pair, US7 has three
    assert [row[:3] for row in found] == [
        ("ALPHA", "BETA", 2),
        ("ALPHA", "EPSILON", 1),
        ("BETA", "EPSILON", 1),
    ]
    assert [row[3] for row in found] == pytest.approx([1 + 1 / 3, 1 / 3, 1 / 3])
    assert [row[4] for row in found] == pytest.approx([2 * 2 / (2 * 2), 2 * 1 / (2 * 1), 2 * 1 / (2 * 1)])
    assert [row[5] for row in found] == pytest.approx([1, 1 / math.sqrt(2), 1 / math.sqrt(2)])


def test_nodes_of_places_and_countries_have_no_betweenness(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(
        "select node, degree, strength, betweenness, community from marts.network_nodes "
        "where network = 'province-country' order by node"
    ).fetchall()
    assert found == [("CN-JS", 2, 9, None, None), ("MY", 1, 1, None, None), ("SG", 1, 8, None, None)]


def test_who_links_two_groups_has_the_betweenness() -> None:
    names = [("A", "B"), ("A", "C"), ("B", "C"), ("C", "D"), ("D", "E"), ("D", "F"), ("E", "F")]
    weights = [5, 5, 5, 1, 5, 5, 5]
    edges = pl.DataFrame(
        [("applicant-applicant", *pair, weight) for pair, weight in zip(names, weights, strict=True)],
        schema=["network", "source", "target", "patents"],
        orient="row",
    )
    found = {row[0]: row[1:] for row in applicant_positions(edges).iter_rows()}
    # C lies on the 2 x 3 shortest paths from A and B to D, E and F, of the 10 pairs of others
    assert found["C"] == (pytest.approx(6 / 10), 1)
    assert found["A"] == (pytest.approx(0), 1)
    assert {found[name][1] for name in "DEF"} == {2}


def test_no_joint_applicants_no_positions() -> None:
    edges = pl.DataFrame(
        {"network": ["city-country"], "source": ["CN-JS Nanjing"], "target": ["SG"], "patents": [3]}
    )
    assert applicant_positions(edges).is_empty()


def test_terms_that_mark_a_field(models: dict[str, Model]) -> None:
    titles = {"H04L 1/00": "Method for battery charging", "A61K 8/02": "Herbal extract"}
    patents = [replace(patent(n, 2010, []), ipc=[list(titles)[n % 2]]) for n in range(1, 13)]
    con = connect()
    fill_lake(con, study(), [("SG", one) for one in patents])
    con.execute("update lake.hits set title = if(ipc[1].symbol = 'H04L 1/00', ?, ?)", list(titles.values()))
    build_all(con, models, "marts.terms")
    found = con.execute(
        "select term, patents, log_odds, z from marts.terms "
        "where scope = 'CN' and slice_kind = 'field' and slice_name = 'Digital communication' order by term"
    ).fetchall()
    # y = 6 of n = 6, Y = 6 of N = 12: alpha 5; a = 11, b = 5, a' = 5, b' = 11
    log_odds = 2 * math.log(11 / 5)
    z = log_odds / math.sqrt(2 / 11 + 2 / 5)
    assert found == [
        (term, 6, pytest.approx(log_odds), pytest.approx(z))
        for term in ("battery", "battery charging", "charging")
    ]
