"""Rank correlations and differences of shares against scipy and published values."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.stats import kendalltau, spearmanr

from bri_pipeline.warehouse.cooperation import differences, likeness, share_difference


def profile(dimension: str = "region", **counts: dict[str, int]) -> pl.DataFrame:
    """A profile of one scope: instrument -> member -> count; every item has one member."""
    rows = [
        {
            "scope": "CN",
            "instrument": instrument,
            "dimension": dimension,
            "member": member,
            "member_name": member,
            "count": count,
            "items": sum(of_members.values()),
            "share": count / sum(of_members.values()),
            "rank": None
            if member == "unresolved"
            else 1 + sum(other > count for other in of_members.values()),
        }
        for instrument, of_members in counts.items()
        for member, count in of_members.items()
    ]
    return pl.DataFrame(rows)


PATENTS = {"a": 59, "b": 14, "c": 6, "d": 6, "e": 2, "f": 0, "g": 0}
ALLIANCES = {"a": 3, "b": 5, "c": 4, "d": 8, "e": 6, "f": 0, "g": 1}


def test_correlations_are_those_of_scipy_and_their_p_those_of_all_orders() -> None:
    [row] = likeness(profile(patents=PATENTS, alliances=ALLIANCES)).to_dicts()
    x, y = np.array(list(PATENTS.values())), np.array(list(ALLIANCES.values()))
    assert row["spearman"] == pytest.approx(spearmanr(x, y).statistic)
    assert row["kendall"] == pytest.approx(kendalltau(x, y).statistic)
    assert (row["orders"], row["is_exact"], row["members"]) == (5040, True, 7)
    rhos = [spearmanr(x, np.array(order)).statistic for order in list(permutations(y))[::24]]
    drawn = np.mean(np.abs(rhos) >= abs(row["spearman"]) - 1e-9)
    assert row["spearman_p"] == pytest.approx(drawn, abs=0.08)


def test_p_of_few_members_without_ties_is_that_of_scipys_exact_test() -> None:
    first, second = {"a": 9, "b": 7, "c": 5, "d": 3, "e": 1}, {"a": 8, "b": 9, "c": 3, "d": 5, "e": 1}
    [row] = likeness(profile(patents=first, papers=second)).to_dicts()
    exact = kendalltau(list(first.values()), list(second.values()), method="exact")
    assert row["kendall_p"] == pytest.approx(exact.pvalue)
    # rho = 0.8 of five members: 16 of the 120 orders are as far from 0
    assert row["spearman"] == pytest.approx(0.8)
    assert row["spearman_p"] == pytest.approx(16 / 120)


def test_many_members_are_tested_by_drawn_orders_and_say_so() -> None:
    first = {f"m{n:02}": 40 - n for n in range(20)}
    second = {f"m{n:02}": 60 - 2 * n + (n % 3) for n in range(20)}
    [row] = likeness(profile("country", patents=first, papers=second)).to_dicts()
    assert (row["orders"], row["is_exact"]) == (10_000, False)
    assert row["spearman_p"] == row["kendall_p"] == pytest.approx(1 / 10_001)
    again = likeness(profile("country", patents=first, papers=second)).to_dicts()
    assert again == [row]


def test_the_same_distribution_is_homogeneous_and_another_is_not() -> None:
    alike = {name: count * 2 for name, count in PATENTS.items()}
    [row] = likeness(profile(patents=PATENTS, alliances=alike)).to_dicts()
    assert row["chi_square"] == pytest.approx(0)
    assert row["homogeneity_p"] == 1
    [row] = likeness(profile(patents=PATENTS, alliances=ALLIANCES)).to_dicts()
    assert row["homogeneity_p"] < 0.001


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ({"a": 3, "b": 1, "c": 0}, {"a": 9, "b": 2, "c": 1}, "fewer than 5 items"),
        ({"a": 9, "b": 3}, {"a": 9, "b": 2}, "fewer than 3 members"),
        ({"a": 3, "b": 3, "c": 3}, {"a": 9, "b": 2, "c": 1}, "all members are alike in one of them"),
    ],
)
def test_where_nothing_can_be_said_the_reason_is(first: Any, second: Any, reason: str) -> None:
    [row] = likeness(profile(patents=first, alliances=second)).to_dicts()
    assert row["reason"] == reason
    assert row["spearman"] is None and row["homogeneity_p"] is None


def test_unresolved_takes_no_part_and_a_single_instrument_no_row() -> None:
    first, second = {"x": 5, "y": 3, "z": 1, "unresolved": 30}, {"x": 5, "y": 3, "z": 1, "unresolved": 2}
    [row] = likeness(profile("province", patents=first, alliances=second)).to_dicts()
    assert (row["members"], row["spearman"]) == (3, 1)
    assert likeness(profile(patents=PATENTS)).is_empty()
    assert differences(profile(patents=PATENTS)).is_empty()


def test_interval_of_a_difference_is_newcombes() -> None:
    # Newcombe (1998), table II, method 10: 56/70 - 48/80, and 0/10 - 0/10 by its formula
    found = share_difference(48, 56, 80, 70)
    assert found["difference"] == pytest.approx(0.2)
    assert (found["low"], found["high"]) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))
    found = share_difference(0, 10, 10, 10)
    assert found["high"] == 1
    none = share_difference(0, 0, 10, 10)
    assert (none["low"], none["high"]) == (pytest.approx(-0.2775, abs=5e-5), pytest.approx(0.2775, abs=5e-5))


def test_differences_name_every_member() -> None:
    rows = differences(profile(patents=PATENTS, alliances=ALLIANCES)).to_dicts()
    assert [row["member"] for row in rows] == list("abcdefg")
    first = rows[0]
    assert (first["first_count"], first["second_count"]) == (59, 3)
    assert first["low"] < first["difference"] < first["high"] < 0
