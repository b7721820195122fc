"""Poisson regression of yearly counts on the year, for many series at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# A steeper slope than this (e^60 a year) cannot be distinguished from an infinite one in counts of patents.
_STEEPEST = 60.0
_HALVINGS = 100


def fitted_trends(series: pl.DataFrame) -> pl.DataFrame:
    """Fit ln E[N_t] = a + slope * t + ln(weight_t) to each series by maximum likelihood.

    At the estimate the mean of t over the fitted counts is that over the counts; the former rises with the slope,
    so halving an interval finds it. Given the slope, a makes the fitted counts sum to the counts. (McCullagh and
    Nelder, Generalized Linear Models, chapter 6.)

    Args:
        series: ``counts`` and ``weights``, lists of the same length: one entry a year, consecutive years.

    Returns:
        The rows with ``slope, standard_error, dispersion, cost, reason`` added, as core.poisson_trends has them.
    """
    counts, weights = _matrix(series["counts"]), _matrix(series["weights"])
    t = np.arange(counts.shape[1], dtype=np.float64)
    reasons = [_reason(n, w) for n, w in zip(counts, weights, strict=True)]
    defined = np.array([reason is None for reason in reasons], dtype=bool)
    fits = _fit(counts[defined], weights[defined], t)
    columns: dict[str, Any] = {}
    for name, values in fits.items():
        column: list[float | None] = [None] * len(reasons)
        for row, value in zip(np.flatnonzero(defined), values.tolist(), strict=True):
            column[row] = None if np.isnan(value) else value
        columns[name] = pl.Series(column, dtype=pl.Float64)
    return series.with_columns(**columns, reason=pl.Series(reasons, dtype=pl.String))


def _matrix(lists: pl.Series) -> Floats:
    """Lists as rows, filled up with 0: a year of weight 0 takes no part."""
    width = max((len(values) for values in lists), default=0)
    filled = [[*values, *[0] * (width - len(values))] for values in lists.to_list()]
    return np.array(filled, dtype=np.float64).reshape(len(filled), width)


def _reason(counts: Floats, weights: Floats) -> str | None:
    years = np.flatnonzero(weights > 0)
    found = np.flatnonzero(counts > 0)
    if len(found) == 0:
        return "no patents"
    if not set(found) <= set(years):
        return "patents in a year without publications of the scope"
    if len(years) < 2:
        return "a single year"
    if len(found) == 1 and found[0] in (years[0], years[-1]):
        return "all patents are in one end year"
    return None


def _fit(counts: Floats, weights: Floats, t: Floats) -> dict[str, Floats]:
    total = counts.sum(axis=1)
    wanted = (counts * t).sum(axis=1) / total
    low, high = np.full(len(counts), -_STEEPEST), np.full(len(counts), _STEEPEST)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        below = (_shares(weights, middle, t) * t).sum(axis=1) < wanted
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    slope = (low + high) / 2
    shares = _shares(weights, slope, t)
    fitted = total[:, None] * shares
    variance = (shares * (t - wanted[:, None]) ** 2).sum(axis=1)
    years = (weights > 0).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        chi_square = np.where(fitted > 0, (counts - fitted) ** 2 / fitted, 0.0).sum(axis=1)
        dispersion = np.where(years > 2, chi_square / (years - 2), np.nan)
    return {
        "slope": slope,
        "standard_error": 1 / np.sqrt(total * variance),
        "dispersion": dispersion,
        "cost": _cost(counts, fitted),
    }


def _shares(weights: Floats, slope: Floats, t: Floats) -> Floats:
    """Share of each year in the fitted counts, computed without overflow."""
    with np.errstate(divide="ignore"):
        logs = np.log(weights) + slope[:, None] * t
    raised = np.exp(logs - logs.max(axis=1, keepdims=True, initial=-np.inf))
    shares: Floats = raised / raised.sum(axis=1, keepdims=True)
    return shares


def _cost(counts: Floats, fitted: Floats) -> Floats:
    """-ln of the Poisson likelihood, with ln N!; a year of weight 0 costs nothing."""
    from scipy.special import gammaln, xlogy

    cost: Floats = (fitted - xlogy(counts, fitted) + gammaln(counts + 1)).sum(axis=1)
    return cost
