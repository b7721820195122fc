"""The resolvers, which take seconds to load together, once for all tests that only ask them."""

import csv
from pathlib import Path

import pytest

from bri_pipeline.places.regions import Regions, load_regions
from bri_pipeline.places.resolver import Resolver

HERE = Path(__file__).parent
REFERENCE = HERE.parents[1] / "data" / "reference"
# Countries whose addresses are tried, beside those of the labelled cities.
_TRIED = [
    "IN",
    "DE",
    "US",
    "JP",
    "KR",
    "SG",
    "CA",
    "FR",
    "GB",
    "IT",
    "IL",
    "CZ",
    "RU",
    "MY",
    "TW",
    "NO",
    "PE",
]


@pytest.fixture(scope="session")
def resolver() -> Resolver:
    """Of China."""
    return Resolver.load(REFERENCE)


@pytest.fixture(scope="session")
def regions() -> dict[str, Regions]:
    """Of the countries that have a labelled city, and some more."""
    with (HERE / "world" / "large_cities.csv").open(encoding="utf-8", newline="") as file:
        labelled = {row["country"] for row in csv.DictReader(file)}
    return load_regions(REFERENCE, sorted(labelled.union(_TRIED)))
