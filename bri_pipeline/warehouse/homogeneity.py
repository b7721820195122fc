"""Whether a province's partner countries are distributed as those of the rest of the country."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

Counts = NDArray[np.int64]

HOMOGENEITY_SCHEMA = pl.Schema(
    {
        "scope": pl.String(),
        "countries": pl.Int32(),
        "chi_square": pl.Float64(),
        "p_monte_carlo": pl.Float64(),
        "simulated": pl.Int32(),
        "expected_below_5": pl.Int32(),
        "pooled_chi_square": pl.Float64(),
        "pooled_df": pl.Int32(),
        "pooled_p": pl.Float64(),
    }
)
SIMULATED = 200_000
BATCH = 20_000
SEED = 1  # the same counts give the same p
LARGEST = 4
FIRST = 10


def homogeneity(specialisation: pl.DataFrame, scope: str | None) -> pl.DataFrame:
    """Chi-square over partner countries x (province, elsewhere): simulated for single countries, pooled otherwise.

    Single countries are the nation's first ten and the province's own. The simulated p holds the margins and draws
    the province's patents from all (multivariate hypergeometric); small expected counts forbid the chi-square
    distribution there. In the pooled test the nation's four largest partners are separate and all others are one.

    Args:
        specialisation: ``scope, dimension, member, patents, national_patents, national_rank`` of marts.specialisation.
        scope: the province; None or one without patents gives no row.

    Returns:
        At most one row of HOMOGENEITY_SCHEMA.
    """
    from scipy.special import chdtrc  # scipy.stats has the same and takes half a second to load

    rows = specialisation.filter(
        (pl.col("scope") == pl.lit(scope, pl.String)) & (pl.col("dimension") == "country")
    ).sort(["national_patents", "member"], descending=[True, False])
    own, nation = _counts(rows)
    if own.sum() in (0, nation.sum()) or len(own) < 2:
        return HOMOGENEITY_SCHEMA.to_frame()
    single_own, single_nation = _counts(
        rows.filter((pl.col("national_rank") <= FIRST) | (pl.col("patents") > 0))
    )
    observed = float(chi_square(single_own[None, :], single_nation)[0])
    pooled_own, pooled_nation = _pooled(own), _pooled(nation)
    pooled = float(chi_square(pooled_own[None, :], pooled_nation)[0])
    df = len(pooled_own) - 1
    return pl.DataFrame(
        {
            "scope": [scope],
            "countries": [len(single_own)],
            "chi_square": [observed],
            "p_monte_carlo": [simulated_p(single_own, single_nation, observed)],
            "simulated": [SIMULATED],
            "expected_below_5": [expected_below_5(single_own, single_nation)],
            "pooled_chi_square": [pooled],
            "pooled_df": [df],
            "pooled_p": [float(chdtrc(df, pooled))],
        },
        schema=HOMOGENEITY_SCHEMA,
    )


def _counts(rows: pl.DataFrame) -> tuple[Counts, Counts]:
    return rows["patents"].to_numpy().astype(np.int64), rows["national_patents"].to_numpy().astype(np.int64)


def expected_below_5(own: Counts, nation: Counts) -> int:
    """How many expected counts of the table are below 5, which forbids the chi-square distribution."""
    part = own.sum() / nation.sum()
    return int((nation * part < 5).sum() + (nation * (1 - part) < 5).sum())


def chi_square(own: Counts, nation: Counts) -> NDArray[np.float64]:
    """Pearson's chi-square of each row of ``own`` against the rest of ``nation``."""
    total, part = nation.sum(), own[0].sum()
    expected_own, expected_rest = nation * part / total, nation * (total - part) / total
    squares = (own - expected_own) ** 2
    return np.asarray((squares / expected_own + squares / expected_rest).sum(axis=1))


def simulated_p(own: Counts, nation: Counts, observed: float, simulated: int = SIMULATED) -> float:
    """Share of tables drawn with the same margins whose chi-square is at least the observed one."""
    generator, extreme = np.random.default_rng(SEED), 0
    for _ in range(simulated // BATCH):
        drawn = generator.multivariate_hypergeometric(nation, own.sum(), size=BATCH, method="marginals")
        extreme += int((chi_square(drawn, nation) >= observed - 1e-9).sum())
    return extreme / simulated


def _pooled(counts: Counts) -> Counts:
    if len(counts) <= LARGEST:
        return counts
    return np.append(counts[:LARGEST], counts[LARGEST:].sum())
