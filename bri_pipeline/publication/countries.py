"""Which country an inventor counts for, and how its code is read.

The country that counts is the residence where it is printed and usable, else that of the address. Codes are read by
``data/reference/countries.csv`` (ISO 3166-1 and former codes) and ``country_codes.csv`` (wrong, legacy and
historical ones, each with what is done and why). A code in neither is no country: it is not guessed.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from bri_pipeline.resources import resource_dir

PLACEHOLDERS = frozenset({"", "OMITTED", "UNKNOWN"})
"""What files print where no country is known; neither a code nor a fault."""

UNKNOWN = "unknown code"
NAME = "name of a country"
OTHER_WRITING = "other writing of a code"


class CodeReading(NamedTuple):
    """How a printed code is read: the country (None: none), and by which kind of rule, if by the table or not at all.

    ``rule`` is None for a plain ISO code, its alpha-3 form, a code filled with X, and a placeholder.
    """

    country: str | None
    rule: str | None


@cache
def _alpha_2() -> dict[str, str]:
    """Two- and three-letter codes of ISO 3166 -> two-letter code."""
    codes: dict[str, str] = {}
    for row in _rows("countries.csv"):
        codes[row["iso2"]] = row["iso2"]
        if row["iso3"]:
            codes[row["iso3"]] = row["iso2"]
    return codes


@cache
def _table() -> dict[str, CodeReading]:
    """Code as printed -> its reading, of the reviewable table."""
    return {
        row["printed"]: CodeReading(row["iso2"] or None, row["kind"]) for row in _rows("country_codes.csv")
    }


@cache
def us_states_by_text() -> dict[str, str]:
    """Code and name of each US state in capital letters -> its code."""
    states = [(row["iso"].removeprefix("US-"), row["name"].upper()) for row in _rows("us_states.csv")]
    return {text: code for code, name in states for text in (code, name)}


@cache
def _by_name() -> dict[str, str]:
    return {row["name"].upper(): row["iso2"] for row in _rows("countries.csv")}


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (resource_dir("data/reference") / name).open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


# Names that a US state has, too.
_AMBIGUOUS_NAMES = {"GEORGIA"}
_AROUND = " ,;:()[]"


@lru_cache(maxsize=1 << 14)
def read_code(printed: str | None) -> CodeReading:
    """How a country as printed is read.

    The table comes first, then ISO 3166 alpha-2 and alpha-3, then either of them filled with an X (``CNX``, as
    older files have it). ``NA`` is Namibia. What is none of these is read without points, in plain letters and without
    what cannot be seen (``P.R.C.``, full-width ``ＣＮ``, a soft hyphen), then as the English name of a country.
    """
    code = (printed or "").strip().upper()
    if code in PLACEHOLDERS:
        return CodeReading(None, None)
    if reading := _read_plain(code):
        return reading
    for instead in ("", " "):
        letters = _seen(unicodedata.normalize("NFKC", code)).replace(".", instead).replace("-", " ")
        written = " ".join(letters.split()).strip(_AROUND)
        if reading := _read_plain(written):
            return CodeReading(reading.country, reading.rule or OTHER_WRITING)
        if written not in _AMBIGUOUS_NAMES and (country := _by_name().get(written)):
            return CodeReading(country, NAME)
    return CodeReading(None, UNKNOWN)


def _seen(text: str) -> str:
    """Without characters that cannot be seen, such as marks of the order of bytes and soft hyphens."""
    return "".join(character for character in text if unicodedata.category(character) != "Cf")


def _read_plain(code: str) -> CodeReading | None:
    """A code as it is: by the table, by ISO 3166, or filled with an X."""
    if reading := _table().get(code) or _table().get(code.removesuffix("X")):
        return reading
    country = _alpha_2().get(code)
    if country is None and len(code) == 3 and code.endswith("X"):
        country = _alpha_2().get(code[:2])
    return CodeReading(country, None) if country else None


def country_code(printed: str | None) -> str | None:
    """The two-letter code for a country as printed; None if it is no country (see ``read_code``)."""
    return read_code(printed).country


def is_us_state_twice(country: str | None, region: str | None) -> bool:
    """Whether a printed country only repeats the US state printed beside it, by code or name: ``Chicago, IL, IL``."""
    return bool(country and region) and _repeats_state(country or "", region or "")


@lru_cache(maxsize=1 << 12)
def _repeats_state(country: str, region: str) -> bool:
    return country.strip().upper() == us_states_by_text().get(" ".join(region.upper().split()))


def counting_country(residence: str | None, address: str | None, region: str | None = None) -> str | None:
    """The country an inventor counts for: residence, else address; the US where it repeats the US state beside it."""
    printed = residence if country_code(residence) or not address else address
    if is_us_state_twice(printed, region) and (not address or is_us_state_twice(address, region)):
        return "US"
    return country_code(residence) or country_code(address)


def codes_read_as(countries: frozenset[str]) -> frozenset[str]:
    """The codes of two capital letters that may count for one of the countries: their own, and those of the table.

    Where the US is among them, every US state that is a country's code as well: it may be printed twice.
    """
    others = {code for code, reading in _table().items() if reading.country in countries and len(code) == 2}
    states = us_states() if "US" in countries else frozenset()
    return countries | others | states


def words_read_as(countries: frozenset[str]) -> frozenset[str]:
    """Every single word that counts for one of the countries: ``CN``, ``CHN`` and ``PRC``."""
    codes = {code for code, country in _alpha_2().items() if country in countries}
    habits = {
        printed for printed, reading in _table().items() if reading.country in countries and printed.isalpha()
    }
    return codes_read_as(countries) | codes | habits


@cache
def us_states() -> frozenset[str]:
    """The codes of the US states."""
    return frozenset(us_states_by_text().values())


@lru_cache(maxsize=1 << 10)
def country_named(name: str | None) -> str | None:
    """The code of a country by its English name, as the Open Data Portal gives offices; None if it is not known."""
    text = " ".join((name or "").upper().split())
    first, _, rest = text.partition(", ")
    return _by_name().get(text) or _by_name().get(f"{rest} {first}".strip()) or country_code(text)
