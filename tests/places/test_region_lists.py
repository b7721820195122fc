"""The committed lists of divisions and cities abroad: complete, of one level, and right for the largest cities."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from bri_pipeline.places.text import key, latin
from bri_pipeline.places.vocabulary import words

HERE = Path(__file__).parent
REFERENCE = HERE.parents[1] / "data" / "reference"

# Divisions that no city is listed in, by the reason.
_WITHOUT_CITY = {
    "a territory with a country code of its own, which is printed instead": words(
        "FI-01 FR-971 FR-972 FR-973 FR-974 FR-976 FR-BL FR-CP FR-MF FR-NC FR-PF FR-PM FR-TF FR-WF NL-AW NL-BQ1 NL-BQ2 "
        "NL-BQ3 NL-CW NL-SX US-AS US-GU US-MP US-PR US-UM US-VI"
    ),
    "Kosovo has a country code of its own, XK": words("RS-KM"),
    "GeoNames lists no place in it": words("LA-XS MV-02"),
    "GeoNames has the name of its only place in Cyrillic letters": words("MK-706 MK-802 MK-810"),
    "its places have names of two letters, Ha and Ig": words("BT-13 SI-037"),
}


def _rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t" if name.endswith(".tsv") else ","))


def _grouped() -> set[str]:
    paths = sorted((REFERENCE / "country_groups").glob("*.csv"))
    return {row["iso2"] for path in paths for row in _rows(f"country_groups/{path.name}")} - {"CN"}


@pytest.fixture(scope="module")
def cities() -> dict[str, set[str]]:
    """Country → divisions that a city lies in."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in _rows("gazetteer_world.tsv"):
        found[row["country"]].add(row["region"])
    return found


@pytest.fixture(scope="module")
def divisions() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in _rows("regions.csv"):
        found[row["iso"][:2]].add(row["iso"])
    return found


def _labelled(name: str) -> list[dict[str, str]]:
    with (HERE / "world" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_division_of_a_country_in_a_group_has_a_city_or_a_reason(cities, divisions):
    grouped = _grouped()
    assert len(grouped) > 80
    assert grouped <= divisions.keys()
    one_region = {country for country in grouped if country in divisions[country]}
    without = {
        iso for country in grouped - one_region for iso in divisions[country] if iso not in cities[country]
    }
    assert without == frozenset().union(*_WITHOUT_CITY.values())


def test_no_city_lies_in_a_division_that_is_not_listed(cities, divisions):
    unlisted = {
        country: regions - divisions[country]
        for country, regions in cities.items()
        if regions - divisions[country]
    }
    assert unlisted == {}


@pytest.mark.parametrize(
    ("country", "level", "count"),
    [
        ("EE", "counties", 15), ("LT", "counties", 10), ("CZ", "regions", 14), ("ES", "communities", 19),
        ("IT", "regions", 20), ("BE", "regions", 3), ("GB", "countries", 4), ("IE", "provinces", 4),
        ("PH", "regions", 17), ("LK", "provinces", 9), ("BD", "divisions", 8), ("MA", "regions", 12),
        ("IQ", "governorates and Kurdistan", 16), ("ID", "provinces", 38), ("DO", "provinces", 32),
    ],
)  # fmt: skip
def test_a_country_has_divisions_of_one_level(divisions, country, level, count):
    assert len(divisions[country]) == count, f"{country} is counted by its {level}"


def test_no_spelling_is_given_to_two_divisions():
    given: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in _rows("region_aliases.csv"):
        given[row["iso"][:2], key(latin(row["alias"]))].add(row["iso"])
    assert {spelling: codes for spelling, codes in given.items() if len(codes) > 1} == {}


def test_two_divisions_of_a_country_in_a_group_do_not_have_the_same_name():
    grouped = _grouped()
    names = Counter(
        (row["iso"][:2], row["name"]) for row in _rows("regions.csv") if row["iso"][:2] in grouped
    )
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize(
    ("name", "strings", "left_open"), [("large_cities.csv", 1077, 3), ("later_cities.csv", 600, 13)]
)
def test_large_cities_are_in_their_division_or_left_open(regions, name, strings, left_open):
    """Cities of 91 countries, labelled before the resolver saw them; ``-`` must stay open."""
    rows = _labelled(name)
    assert len(rows) == strings
    found: dict[str, list[str]] = {"right": [], "wrong": [], "open": []}
    for row in rows:
        country, city = row["country"], row["city_string"]
        region = regions[country].resolve(city, None).province
        accepted = [None if one == "-" else f"{country}-{one}" for one in row["truth"].split("|")]
        verdict = "right" if region in accepted else "open" if region is None else "wrong"
        found[verdict].append(f"{country} {city}: {region}")
    assert found["wrong"] == []
    assert len(found["open"]) <= left_open, found["open"]


@pytest.mark.parametrize(
    ("country", "city", "region"),
    [
        # a city with a division of its own, and the land around that is called the same
        ("BY", "Minsk", "BY-HM"), ("BY", "Minsk Region", "BY-MI"), ("AR", "Buenos Aires", "AR-C"),
        ("AR", "La Plata, Buenos Aires Province", "AR-B"), ("UA", "Kyiv Oblast", "UA-32"), ("BG", "Sofia", "BG-22"),
        ("LA", "Vientiane", "LA-VT"), ("UZ", "Tashkent Region", "UZ-TO"), ("KG", "Osh", "KG-GO"),
        ("MX", "Toluca, State of Mexico", "MX-MEX"), ("HU", "Szeged", "HU-SD"),
        ("KZ", "Talgar, Almaty Region", "KZ-19"),
        ("LV", "Daugavpils", "LV-DGV"), ("AZ", "Lankaran", "AZ-LA"),
        ("UA", "Kiev region", "UA-32"), ("UA", "Kyiv, Kyiv region", "UA-30"), ("BG", "Sofia region", "BG-23"),
        ("RU", "Moscow reg.", "RU-MOS"), ("RU", "Gatchina, Leningradskaya obl.", "RU-LEN"),
        ("RU", "St. Petersburg, Leningrad region", "RU-SPE"), ("KG", "Uzgen, Osh Region", "KG-O"),
        ("HU", "Pest megye", "HU-PE"), ("MX", "Mexico, D.F.", "MX-CMX"),
        # a division of a lower level, where nothing else is known
        ("ES", "Bizkaia", "ES-PV"), ("GB", "Oxfordshire", "GB-ENG"), ("PH", "Laguna", "PH-40"),
        ("IE", "Foo, Tipperary", "IE-M"),
        # the local name, which was the name before
        ("LT", "Kaunas, Kauno apskritis", "LT-KU"), ("EE", "Tartu, Tartumaa", "EE-79"), ("CZ", "Zlin", "CZ-72"),
        # a city's name, and what another city was called once
        ("RU", "Stavropol", "RU-STA"), ("RU", "Kaliningrad", "RU-KGD"), ("TR", "Corum", "TR-19"),
        # letters that no accent explains
        ("PL", "Łódź", "PL-10"), ("PL", "Wroclaw", "PL-02"), ("TR", "Şanlıurfa", "TR-63"), ("DK", "Næstved", "DK-85"),
    ],
)  # fmt: skip
def test_names_that_are_those_of_several_divisions(regions, country, city, region):
    answer = regions[country].resolve(city, None)
    assert answer.province == region, answer


def test_skopje_is_left_open_among_its_municipalities(regions):
    answer = regions["MK"].resolve("Skopje", None)
    assert (answer.province, answer.method, len(answer.candidates)) == (None, "ambiguous", 10)


@pytest.mark.parametrize(
    ("iso", "name"),
    [("LT-KU", "Kaunas County"), ("EG-C", "Cairo"), ("LV-067", "Ogre Municipality"), ("SK-BL", "Bratislava Region"),
     ("HR-18", "Istria"), ("ES-CL", "Castile and Leon"), ("VN-DN", "Da Nang"), ("AZ-GA", "Ganja")],
)  # fmt: skip
def test_divisions_have_english_names(iso, name):
    assert {row["iso"]: row["name"] for row in _rows("regions.csv")}[iso] == name
