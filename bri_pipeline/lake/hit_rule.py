"""The rule of what a co-invention hit is. Nothing here knows where files are or what a study file looks like."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import polars as pl

from bri_pipeline.places.hong_kong import is_hong_kong
from bri_pipeline.publication.record import PUBLICATION_SCHEMA

HITS_SCHEMA = pl.Schema(
    {
        "country": pl.String(),
        "year": pl.Int32(),
        **PUBLICATION_SCHEMA,
        "source_file": pl.String(),
        "landed_at": pl.Datetime("us", "UTC"),
    }
)


@dataclass(frozen=True)
class HitCriteria:
    """What a study asks of a publication.

    ``leaves_hong_kong_out``: an inventor of the focal country whose address says Hong Kong does not count.
    """

    focal_countries: frozenset[str]
    partners: frozenset[str]
    kinds: tuple[str, ...]
    window_start: date
    window_end: date | None
    leaves_hong_kong_out: bool

    def as_values(self) -> dict[str, Any]:
        """What decides whether a publication is a hit of a country, as JSON values; the other partners do not."""
        values = asdict(self) | {"focal_countries": sorted(self.focal_countries)}
        del values["partners"]
        return {name: str(value) if isinstance(value, date) else value for name, value in values.items()}


def hits_of_year(frames: Iterable[pl.DataFrame], year: int, criteria: HitCriteria) -> pl.DataFrame:
    """Country x publication of one year, HITS_SCHEMA; a publication read from several files counts once.

    The newest file wins: the corrected copy of a record replaces the older one.

    Args:
        frames: publications with ``source_file`` and ``landed_at``, the files in order of their names.
        year: year of publication.
        criteria: what the study asks.
    """
    empty = HITS_SCHEMA.to_frame().drop("country", "year")
    publications = pl.concat([empty, *frames], how="diagonal")
    publications = publications.filter(pl.col("publication_date").dt.year() == year)
    publications = publications.unique("publication_number", keep="last", maintain_order=True)
    hits = co_inventions(publications, criteria)
    if hits.is_empty():
        return HITS_SCHEMA.to_frame()
    return (
        hits.explode("partner_countries")
        .rename({"partner_countries": "country"})
        .with_columns(year=pl.lit(year, pl.Int32))
        .sort("country", "publication_date", "publication_number")
        .select(HITS_SCHEMA.names())
    )


def co_inventions(publications: pl.DataFrame, criteria: HitCriteria) -> pl.DataFrame:
    """Publications of a counted kind inside the window, with an inventor who counts for the focal country.

    Adds ``partner_countries``: the distinct countries of the inventors, focal ones left out.
    """
    end = pl.lit(criteria.window_end) if criteria.window_end else pl.lit(None, pl.Date)
    counted = publications.filter(
        pl.col("kind").is_in(criteria.kinds)
        & (pl.col("publication_date") >= criteria.window_start)
        & (pl.col("publication_date") <= end).fill_null(True)
    )
    # Only focal-country inventors need the look at their city, and few publications have a partner at all.
    countries = pl.col("inventors").list.eval(pl.element().struct.field("country")).list.unique()
    candidates = counted.with_columns(
        partner_countries=countries.list.set_intersection(
            sorted(criteria.partners - criteria.focal_countries)
        )
    )
    candidates = candidates.filter(pl.col("partner_countries").list.len() > 0)
    if candidates.is_empty():
        return candidates
    sides = (
        candidates.select("publication_number", "source_file", "inventors")
        .explode("inventors")
        .filter(counts_for_focal(pl.col("inventors"), criteria))
        .select("publication_number", "source_file")
        .unique()
    )
    return candidates.join(sides, on=["publication_number", "source_file"], how="semi", maintain_order="left")


def counts_for_focal(inventors: pl.Expr, criteria: HitCriteria) -> pl.Expr:
    """Whether an inventor (struct expression) counts for the focal country.

    Hong Kong written into the city of a Chinese address does not count, unless the study says so; then
    inventors of country HK count as well.
    """
    focal = inventors.struct.field("country").is_in(sorted(criteria.focal_countries))
    if not criteria.leaves_hong_kong_out:
        return focal
    hong_kong = pl.struct(
        inventors.struct.field("city_raw"), inventors.struct.field("region_raw")
    ).map_elements(
        lambda place: is_hong_kong(place["city_raw"], place["region_raw"]), return_dtype=pl.Boolean
    )
    return pl.when(focal).then(~hong_kong).otherwise(False)
