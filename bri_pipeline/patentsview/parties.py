"""The three tables of people and companies in one form, and the keys by which their locations are found.

A party is a row of the inventor, assignee or applicant table: ``pgpub_id, sequence, last_name, first_name,
organization, marked, place_1, place_2``. ``marked`` is true for a
deceased inventor and for an applicant that the table itself calls an inventor.

``place_1`` and ``place_2`` are 128 bits of hash in the place of the rawlocation_id (36 characters): over a
hundred million ids the odds that any two share them are below 1 in 10^22. Both are null without a rawlocation_id.
"""

from __future__ import annotations

import polars as pl

from bri_pipeline.patentsview.columns import APPLICANTS, ASSIGNEES, INVENTORS, LOCATIONS, Table

PLACE = ["place_1", "place_2"]
ROLES = {INVENTORS: "inventor", ASSIGNEES: "assignee", APPLICANTS: "applicant"}

# As databases and data frames write it; a column with gaps is one of floating point.
_DECEASED = (
    pl.col("deceased_flag").str.strip_chars().str.to_lowercase().is_in(["true", "t", "1", "1.0", "yes", "y"])
)
_SAYS_INVENTOR = (pl.col("applicant_type") == "applicant-inventor") | (
    pl.col("applicant_authority") == "inventor"
)
_NAMES: dict[Table, tuple[str, str, str, str | None, pl.Expr]] = {
    INVENTORS: ("inventor_sequence", "raw_inventor_name_last", "raw_inventor_name_first", None, _DECEASED),
    ASSIGNEES: (
        "assignee_sequence",
        "raw_assignee_individual_name_last",
        "raw_assignee_individual_name_first",
        "raw_assignee_organization",
        pl.lit(False),
    ),
    APPLICANTS: (
        "applicant_sequence",
        "raw_applicant_name_last",
        "raw_applicant_name_first",
        "raw_applicant_organization",
        _SAYS_INVENTOR,
    ),
}


def place_key() -> list[pl.Expr]:
    """The two halves of the key of a rawlocation_id."""
    present = pl.when(pl.col("rawlocation_id").str.len_bytes() > 0)
    return [
        present.then(pl.col("rawlocation_id").hash(seed)).alias(name)
        for seed, name in enumerate(PLACE, start=1)
    ]


def parties(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of one of the three tables as parties; ``organization`` is left out for inventors."""
    sequence, last_name, first_name, organization, marked = _NAMES[table]
    return rows.select(
        pl.col("pgpub_id").cast(pl.Int64),
        pl.col(sequence).alias("sequence"),
        pl.col(last_name).alias("last_name"),
        pl.col(first_name).alias("first_name"),
        *([pl.col(organization).alias("organization")] if organization else []),
        marked.fill_null(False).alias("marked"),
        *place_key(),
    )


def locations(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of the location table: key, ``city_raw, region_raw, country_raw``."""
    city, region, country = LOCATIONS.columns[1:]
    return rows.select(
        *place_key(),
        pl.col(city).alias("city_raw"),
        pl.col(region).alias("region_raw"),
        pl.col(country).alias("country_raw"),
    )
