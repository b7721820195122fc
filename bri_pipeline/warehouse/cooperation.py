"""Whether two instruments of cooperation (patents, papers, alliances) go to the same partners: ranks, shares, tests."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations, permutations
from math import factorial, sqrt
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bri_pipeline.warehouse.homogeneity import chi_square, expected_below_5, simulated_p

Floats = NDArray[np.float64]
Row = dict[str, Any]

INSTRUMENTS = ("patents", "papers", "alliances")
# Up to so many members every order is looked at, beyond them some are drawn.
ALL_ORDERS = 8
DRAWN = 10_000
SIMULATED = 20_000
SEED = 1  # the same counts give the same p
FEWEST_ITEMS = 5
FEWEST_MEMBERS = 3
Z_95 = 1.959963984540054

LIKENESS_SCHEMA = pl.Schema(
    {
        "scope": pl.String(),
        "dimension": pl.String(),
        "first": pl.String(),
        "second": pl.String(),
        "members": pl.Int32(),
        "first_items": pl.Int64(),
        "second_items": pl.Int64(),
        "spearman": pl.Float64(),
        "spearman_p": pl.Float64(),
        "kendall": pl.Float64(),
        "kendall_p": pl.Float64(),
        "orders": pl.Int32(),
        "is_exact": pl.Boolean(),
        "chi_square": pl.Float64(),
        "homogeneity_p": pl.Float64(),
        "simulated": pl.Int32(),
        "expected_below_5": pl.Int32(),
        "reason": pl.String(),
    }
)
DIFFERENCE_SCHEMA = pl.Schema(
    {
        "scope": pl.String(),
        "dimension": pl.String(),
        "first": pl.String(),
        "second": pl.String(),
        "member": pl.String(),
        "member_name": pl.String(),
        "first_count": pl.Int64(),
        "second_count": pl.Int64(),
        "first_share": pl.Float64(),
        "second_share": pl.Float64(),
        "difference": pl.Float64(),
        "low": pl.Float64(),
        "high": pl.Float64(),
    }
)


def likeness(profile: pl.DataFrame) -> pl.DataFrame:
    """Rank correlation and homogeneity of every two instruments with items in a scope.

    Spearman's rho is that of mean ranks, Kendall's tau the tau-b, both with ties. Their p is two-sided and that of the
    permutation test: over all orders of the members up to eight of them, which is exact, else over 10,000 drawn ones.
    Pearson's chi-square over members x instruments has a p simulated with its margins held.

    Args:
        profile: the rows of marts.cooperation_profile.

    Returns:
        One row of LIKENESS_SCHEMA per scope, dimension and pair; where there are fewer than five items or three
        members, or all members of an instrument are alike, the numbers are null and ``reason`` says so.
    """
    rows = [
        {**named, **_compared(paired)}
        for named, paired in _pairs(profile.filter(pl.col("rank").is_not_null()))
    ]
    return pl.DataFrame(rows, schema=LIKENESS_SCHEMA)


def differences(profile: pl.DataFrame) -> pl.DataFrame:
    """Difference of the shares of a member in two instruments, with the interval of Newcombe (1998, method 10).

    Args:
        profile: the rows of marts.cooperation_profile.

    Returns:
        One row of DIFFERENCE_SCHEMA per scope, dimension, pair and member.
    """
    rows = [
        {**named, **row, **share_difference(row["first_count"], row["second_count"], *_items(paired))}
        for named, paired in _pairs(profile)
        for row in paired.select("member", "member_name", *_COUNTS).to_dicts()
    ]
    return pl.DataFrame(rows, schema=DIFFERENCE_SCHEMA)


_COUNTS = ("first_count", "second_count")


def _pairs(profile: pl.DataFrame) -> Iterator[tuple[Row, pl.DataFrame]]:
    """Scope, dimension and pair with the counts of both; members that neither has are left out, regions are not."""
    for (scope, dimension), rows in profile.group_by("scope", "dimension", maintain_order=True):
        there = {str(name): of_one for (name,), of_one in rows.group_by("instrument")}
        for first, second in combinations([name for name in INSTRUMENTS if name in there], 2):
            left = there[first].select("member", "member_name", first_count="count", first_items="items")
            right = there[second].select("member", second_count="count", second_items="items")
            paired = left.join(right, on="member", how="inner").sort("member")
            if dimension != "region":
                paired = paired.filter((pl.col("first_count") > 0) | (pl.col("second_count") > 0))
            if len(paired):
                named = {"scope": scope, "dimension": dimension, "first": first, "second": second}
                yield named, paired


def _items(paired: pl.DataFrame) -> tuple[int, int]:
    return int(paired["first_items"][0]), int(paired["second_items"][0])


def _compared(paired: pl.DataFrame) -> Row:
    first, second = (paired[name].to_numpy().astype(np.int64) for name in _COUNTS)
    items = _items(paired)
    found: Row = {"members": len(first), "first_items": items[0], "second_items": items[1]}
    if min(items) < FEWEST_ITEMS:
        return found | {"reason": f"fewer than {FEWEST_ITEMS} items"}
    if len(first) < FEWEST_MEMBERS:
        return found | {"reason": f"fewer than {FEWEST_MEMBERS} members"}
    if len(set(first)) == 1 or len(set(second)) == 1:
        return found | {"reason": "all members are alike in one of them"}
    orders = _orders(len(first))
    rho, rho_p = _spearman(first, second, orders)
    tau, tau_p = _kendall(first, second, orders)
    present = first + second > 0
    # The table is the same from either side; the smaller one is drawn sooner.
    own, both = min(first, second, key=np.sum)[present], (first + second)[present]
    square = float(chi_square(own[None, :], both)[0])
    return found | {
        "spearman": rho,
        "spearman_p": rho_p,
        "kendall": tau,
        "kendall_p": tau_p,
        "orders": len(orders),
        "is_exact": len(first) <= ALL_ORDERS,
        "chi_square": square,
        "homogeneity_p": simulated_p(own, both, square, SIMULATED),
        "simulated": SIMULATED,
        "expected_below_5": expected_below_5(own, both),
    }


@cache
def _orders(members: int) -> NDArray[np.intp]:
    """Orders of the members, one a row: all of them, or as many drawn."""
    if members <= ALL_ORDERS:
        return np.array(list(permutations(range(members))), dtype=np.intp)
    rows = np.tile(np.arange(members, dtype=np.intp), (DRAWN, 1))
    return np.random.default_rng(SEED).permuted(rows, axis=1)


def mean_ranks(counts: NDArray[np.int64]) -> Floats:
    """Ranks from 1, ties sharing their mean, less their mean: their product is Spearman's rho once scaled."""
    order = np.sort(counts)
    ranks = (np.searchsorted(order, counts, "left") + np.searchsorted(order, counts, "right") + 1) / 2
    return np.asarray(ranks - ranks.mean(), dtype=np.float64)


def _spearman(
    first: NDArray[np.int64], second: NDArray[np.int64], orders: NDArray[np.intp]
) -> tuple[float, float]:
    """Spearman's rho and its two-sided p: that of the second's members put into every order."""
    left, right = mean_ranks(first), mean_ranks(second)
    scale = sqrt(float((left**2).sum() * (right**2).sum()))
    return _two_sided(float((left * right).sum()) / scale, right[orders] @ left / scale, len(first))


def _kendall(
    first: NDArray[np.int64], second: NDArray[np.int64], orders: NDArray[np.intp]
) -> tuple[float, float]:
    """Kendall's tau-b and its two-sided p: that of the second's members put into every order."""
    signs = np.sign(first[:, None] - first[None, :])
    second_signs = np.sign(second[:, None] - second[None, :])
    # Both halves of the tables say the same.
    scale = sqrt(float((signs**2).sum() * (second_signs**2).sum())) / 2
    observed = float((signs * second_signs).sum()) / 2 / scale
    # Ranks in the place of counts, so that they fit into the smallest numbers; one order a column.
    shuffled = np.unique(second, return_inverse=True)[1].astype(np.int16)[orders.T]
    products = np.zeros(len(orders), dtype=np.int32)
    for n in range(len(first) - 1):
        for sign in (1, -1):
            others = shuffled[n + 1 :][signs[n, n + 1 :] == sign]
            concordant = (shuffled[n] > others).sum(axis=0, dtype=np.int32)
            products += sign * (concordant - (shuffled[n] < others).sum(axis=0, dtype=np.int32))
    return _two_sided(observed, products / scale, len(first))


def _two_sided(observed: float, in_orders: Floats, members: int) -> tuple[float, float]:
    """The correlation observed, and the share of orders as extreme.

    Where the orders are drawn, the observed one is counted among them.
    """
    extreme = int((np.abs(in_orders) >= abs(observed) - 1e-9).sum())
    if len(in_orders) == factorial(members):
        return observed, extreme / len(in_orders)
    return observed, (extreme + 1) / (len(in_orders) + 1)


def share_difference(first: int, second: int, first_items: int, second_items: int) -> Row:
    """Second share less the first, with its 95 % interval from the score intervals of both (Newcombe 1998)."""
    p, q = first / first_items, second / second_items
    p_low, p_high = _wilson(first, first_items)
    q_low, q_high = _wilson(second, second_items)
    return {
        "first_share": p,
        "second_share": q,
        "difference": q - p,
        "low": q - p - sqrt((q - q_low) ** 2 + (p_high - p) ** 2),
        "high": q - p + sqrt((q_high - q) ** 2 + (p - p_low) ** 2),
    }


def _wilson(part: int, base: int) -> tuple[float, float]:
    """The score interval of a proportion (Wilson 1927)."""
    share, z = part / base, Z_95**2
    middle = (share + z / (2 * base)) / (1 + z / base)
    half = Z_95 * sqrt(share * (1 - share) / base + z / (4 * base**2)) / (1 + z / base)
    return middle - half, middle + half
