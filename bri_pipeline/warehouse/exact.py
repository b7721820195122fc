"""Exact intervals and tests for counts: Poisson, binomial, and the 2 x 2 table.

All are two-sided at 95 %. The distributions are scipy's; it is imported where it is used, as it loads slowly.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ALPHA = 0.05


def poisson_limits(counts: pl.DataFrame) -> pl.DataFrame:
    """Garwood's interval of a Poisson mean, chi-square quantiles by way of the gamma distribution.

    Args:
        counts: ``patents``, whole numbers from 0.

    Returns:
        The rows with ``low, high`` added.
    """
    from scipy.special import gammainccinv, gammaincinv

    k = counts["patents"].to_numpy().astype(np.float64)
    low = np.where(k > 0, gammaincinv(np.maximum(k, 1), ALPHA / 2), 0.0)
    return counts.with_columns(low=low, high=gammainccinv(k + 1, ALPHA / 2))


def proportion_limits(proportions: pl.DataFrame) -> pl.DataFrame:
    """Clopper and Pearson's interval of a proportion, by beta quantiles.

    Args:
        proportions: ``part, base``, whole numbers, part from 0 to base, base from 1.

    Returns:
        The rows with ``low, high`` added.
    """
    from scipy.special import betaincinv

    k = proportions["part"].to_numpy().astype(np.float64)
    n = proportions["base"].to_numpy().astype(np.float64)
    low = np.where(k > 0, betaincinv(np.maximum(k, 1), n - k + 1, ALPHA / 2), 0.0)
    high = np.where(k < n, betaincinv(k + 1, np.maximum(n - k, 1), 1 - ALPHA / 2), 1.0)
    return proportions.with_columns(low=low, high=high)


# Outcomes as likely as the observed one count with it; equal likelihoods may differ in their last digits.
_AS_LIKELY = 1 + 1e-7


def ratio_tests(pairs: pl.DataFrame) -> pl.DataFrame:
    """The ratio of two Poisson rates, by the binomial distribution of one count given the sum of both.

    Args:
        pairs: ``patents, years, previous_patents, previous_years``, whole numbers, years above 0.

    Returns:
        The rows with ``low, high`` (limits of the ratio) and ``p_value`` added.
    """
    from scipy.special import gammaln, xlogy

    names = ("patents", "years", "previous_patents", "previous_years")
    k, t, k0, t0 = (pairs[name].to_numpy().astype(np.float64) for name in names)
    limits = proportion_limits(pl.DataFrame({"part": k, "base": np.maximum(k + k0, 1)}))
    low, high = limits["low"].to_numpy(), limits["high"].to_numpy()
    with np.errstate(divide="ignore"):
        upper = high / (1 - high) * t0 / t
    p_values = []
    for count, other, p in zip(k, k0, t / (t + t0), strict=True):
        n = count + other
        outcomes = np.arange(n + 1)
        logs = gammaln(n + 1) - gammaln(outcomes + 1) - gammaln(n - outcomes + 1)
        chances = np.exp(logs + xlogy(outcomes, p) + xlogy(n - outcomes, 1 - p))
        p_values.append(min(1.0, float(chances[chances <= chances[int(count)] * _AS_LIKELY].sum())))
    return pairs.with_columns(
        low=low / (1 - low) * t0 / t,
        high=pl.Series(np.where((k + k0 > 0) & np.isfinite(upper), upper, np.nan)).fill_nan(None),
        p_value=pl.Series(p_values, dtype=pl.Float64),
    )


def fisher_tests(tables: pl.DataFrame) -> pl.DataFrame:
    """Fisher's exact test of two-by-two tables, by the hypergeometric distribution.

    Args:
        tables: ``patents, scope_patents, member_patents, national_patents``: one cell, its row and column sums, and
            the sum of all.

    Returns:
        The rows with ``p_value`` added.
    """
    from scipy.special import gammaln

    def ln_choose(n: Floats | int, k: Floats) -> Floats:
        chosen: Floats = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
        return chosen

    names = ("patents", "scope_patents", "member_patents", "national_patents")
    p_values = []
    for k, n, members, total in tables.select(names).iter_rows():
        first, last = max(0, n + members - total), min(n, members)
        cells = np.arange(first, last + 1, dtype=np.float64)
        logs = ln_choose(members, cells) + ln_choose(total - members, n - cells)
        chances = np.exp(logs - logs.max())
        as_likely = chances <= chances[k - first] * _AS_LIKELY
        p_values.append(min(1.0, float(chances[as_likely].sum() / chances.sum())))
    return tables.with_columns(p_value=pl.Series(p_values, dtype=pl.Float64))
