"""Every application with a focal inventor beside the patents: internationalisation and the comparison group."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date

import duckdb
import pytest
from scipy.stats import beta

from bri_pipeline.warehouse import Model
from tests.warehouse.lake import Patent, build_all, connect, fill_lake
from tests.warehouse.studies import study

NANJING = ("CN", "Nanjing")


def publication(number: int, year: int, *others: tuple[str, str], owners: tuple[str, ...] = ()) -> Patent:
    applicants = [(f"Firm {country}", country) for country in owners]
    return Patent(
        f"US{number}A1", date(year, 3, 4), [NANJING, *others], [], str(number), applicants=applicants
    )


WITH_PARTNER = [
    publication(1, 2010, ("SG", "Singapore"), owners=("SG",)),
    publication(2, 2012, ("SG", "Singapore"), owners=("CN", "SG")),
    publication(3, 2012, ("SG", "Singapore")),
    publication(4, 2013, ("SG", "Singapore")),
]
OTHERS = [
    publication(5, 2010, ("US", "Boston"), owners=("CN",)),
    publication(6, 2011, ("TW", "Taipei"), owners=("TW",)),
    publication(7, 2012, ("US", "Boston")),
    publication(8, 2012, ("CN", "Beijing"), owners=("CN",)),
    # Hong Kong printed under CN: no focal inventor
    Patent("US9A1", date(2012, 3, 4), [("CN", "Kowloon"), ("US", "Boston")], [], "9"),
    # a second publication of application 8, and a kind that is not counted
    Patent("US10A2", date(2013, 3, 4), [NANJING], [], "8", "A2"),
    Patent("US11S1", date(2012, 3, 4), [NANJING], [], "11", "S1"),
]


@pytest.fixture(scope="module")
def con(models: dict[str, Model]) -> Iterator[duckdb.DuckDBPyConnection]:
    con = connect()
    wanted = study(comparison_from=2012, growth_years=(2010, 2013))
    fill_lake(con, wanted, [("SG", one) for one in WITH_PARTNER], others=OTHERS)
    build_all(con, models)
    yield con
    con.close()


def test_each_application_belongs_to_one_comparison_group(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(
        "select application, comparison_group, has_distant_inventor, owner_known, has_owner_abroad, "
        "has_focal_owner from core.focal_publications order by application"
    ).fetchall()
    assert found == [
        ("1", "partner", True, True, True, False),
        ("2", "partner", True, True, True, True),
        ("3", "partner", True, False, False, False),
        ("4", "partner", True, False, False, False),
        ("5", "other foreign only", True, True, False, True),
        ("6", "other foreign only", False, True, True, False),
        ("7", "other foreign only", True, False, False, False),
        ("8", "domestic only", False, True, False, True),
    ]


def test_shares_of_applications_that_involve_somebody_abroad(con: duckdb.DuckDBPyConnection) -> None:
    [row] = con.execute(
        "select base, shii, shii_low, shii_high, shii_partners, shii_without_hk_mo_tw, owner_known, shia, shai, "
        "shai_lower from marts.internationalisation where scope = 'CN-JS' and year is null"
    ).fetchall()
    low, high = beta.ppf(0.025, 7, 2), beta.ppf(0.975, 8, 1)
    expected = (8, 7 / 8, low, high, 4 / 8, 6 / 8, 5, 3 / 5, None, 2 / 3)
    assert row == tuple(value if value is None else pytest.approx(value) for value in expected)


def test_comparison_groups_by_year_and_the_ratio_of_their_ratios(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(
        "select year, publications from marts.comparison "
        "where scope = 'CN' and comparison_group = 'partner' order by year"
    ).fetchall()
    assert found == [(2010, 1), (2011, 0), (2012, 2), (2013, 1), (2014, 0)]
    [row] = con.execute(
        "select partner_before, partner_after, other_before, other_after, ratio, low, high "
        "from marts.comparison_ratios where scope = 'CN'"
    ).fetchall()
    spread = math.exp(1.959964 * math.sqrt(1 / 1 + 1 / 3 + 1 / 2 + 1 / 1))
    assert row == (1, 3, 2, 1, pytest.approx(6), pytest.approx(6 / spread), pytest.approx(6 * spread))


def test_a_study_that_declares_no_comparison_has_no_ratios(models: dict[str, Model]) -> None:
    with connect() as con:
        fill_lake(con, study(comparison_from=None), [("SG", one) for one in WITH_PARTNER])
        build_all(con, models, "marts.comparison_ratios")
        assert con.execute("select count(*) from marts.comparison_ratios").fetchall() == [(0,)]
        assert con.execute("select count(*) > 0 from marts.comparison").fetchall() == [(True,)]
