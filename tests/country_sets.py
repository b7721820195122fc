"""Totals by country from counts by set of countries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from bri_pipeline.publication.scanned import CountrySet


def totals_of(sets: Mapping[CountrySet, int]) -> Counter[tuple[int, str]]:
    """(year, country) -> documents with an inventor of the country."""
    totals = Counter[tuple[int, str]]()
    for (year, _, countries), documents in sets.items():
        for country in countries:
            totals[year, country] += documents
    return totals
