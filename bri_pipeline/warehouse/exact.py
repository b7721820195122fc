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


def share_limits(shares: pl.DataFrame) -> pl.DataFrame:
    """Clopper and Pearson's interval of a share, by beta quantiles.

    Args:
        shares: ``part, whole``, whole numbers, part from 0 to whole, whole from 1.

    Returns:
        The rows with ``low, high`` added.
    """
    from scipy.special import betaincinv

    k = shares["part"].to_numpy().astype(np.float64)
    n = shares["whole"].to_numpy().astype(np.float64)
    low = np.where(k > 0, betaincinv(np.maximum(k, 1), n - k + 1, ALPHA / 2), 0.0)
    high = np.where(k < n, betaincinv(k + 1, np.maximum(n - k, 1), 1 - ALPHA / 2), 1.0)
    return shares.with_columns(low=low, high=high)
