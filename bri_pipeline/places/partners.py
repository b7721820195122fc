"""The regions of partner countries: every country's addresses by that country's own list of divisions and cities."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from bri_pipeline.places.resolver import RESOLUTION_SCHEMA, load_resolvers

PLACE = ("country", "city_raw", "region_raw")


def partner_places(reference_dir: Path, strings: pl.DataFrame) -> pl.DataFrame:
    """The region of each distinct address.

    Args:
        reference_dir: ``data/reference``.
        strings: ``country, city_raw, region_raw`` and any further columns, one row per distinct address.

    Returns:
        The rows with ``partner_region, city, method, confidence, candidates (list), note`` added.
    """
    resolvers = load_resolvers(reference_dir, strings["country"].unique().to_list())
    answers = [
        resolvers[country].resolve(city, region)
        for country, city, region in strings.select(PLACE).iter_rows()
    ]
    names = [name for name in RESOLUTION_SCHEMA if name != "candidate_cities"]
    columns = {name: [getattr(answer, name) for answer in answers] for name in names}
    schema = {name: RESOLUTION_SCHEMA[name] for name in names}
    return strings.hstack(pl.DataFrame(columns, schema=schema).rename({"province": "partner_region"}))
