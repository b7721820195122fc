"""Country codes of inventors that are in no list, or were read by the table of wrong and legacy codes."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from bri_pipeline.publication.countries import CodeReading, country_code, is_us_state_twice, read_code

US_STATE_BESIDE = "US state beside it"


class CodeCount(NamedTuple):
    """A code as printed, the country it was read as (None: none), by which rule, and how many inventors have it."""

    printed: str
    country: str | None
    rule: str
    inventors: int


def odd_codes(publications: pl.DataFrame) -> list[CodeCount]:
    """The codes of the inventors of some publications that are not plain ones of ISO 3166, the most frequent first.

    Counted is the code that decides: the residence, or the address where no usable residence is printed.

    Args:
        publications: records with PUBLICATION_SCHEMA.
    """
    fields = ("residence_country", "address_country", "region_raw", "country")
    inventors = publications.select(pl.col("inventors").explode()).unnest("inventors").select(fields)
    counts: dict[tuple[str, str | None, str], int] = {}
    for residence, address, region, country, number in inventors.group_by(fields).len().iter_rows():
        for printed in _deciding(residence, address):
            if is_us_state_twice(printed, region) and country == "US":
                read = CodeReading("US", US_STATE_BESIDE)
            else:
                read = read_code(printed)
            if read.rule:
                reading = (" ".join(printed.upper().split()), read.country, read.rule)
                counts[reading] = counts.get(reading, 0) + number
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0][0]))
    return [CodeCount(*reading, number) for reading, number in ordered]


def _deciding(residence: str | None, address: str | None) -> list[str]:
    """The codes that decide on the country, as printed: one, or two if the residence was of no use."""
    printed = [residence] if country_code(residence) else [residence, address]
    return [code for code in printed if code]
