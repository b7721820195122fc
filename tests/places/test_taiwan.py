"""Addresses of Taiwan printed under CN are put into no province of the mainland, and the mainland's not to Taiwan."""

import csv
from pathlib import Path

import pytest

from bri_pipeline.places.build_taiwan import in_tongyong
from bri_pipeline.places.resolver import Resolver

REFERENCE = Path(__file__).parents[2] / "data" / "reference"


@pytest.mark.parametrize(
    "city",
    [
        "NAN KANG T",
        "SAN MIN KA",
        "CHU NAN CHEN MIAO L",
        "Hsinchu",
        "Hsin-Chu",
        "Taipei City",
        "HSINCHUU",
        "Da-an District, Taipei",
        "Nankang, Taipei",
        "No. 8, Nanjing East Road, Taipei",
        "Kaoshiung",
        "Taoyuan Hsien",
        "TAUYUAN HSIEN",
        "Yi Lan Hsien",
        "Tali Hsiang",
        "TA YA HSIANG TAICHUN",
        "WU JIN HSIANG TAICH",
        "Luchuhsiang",
        "WU CHIEH HSIAN",
        "MU TAN TSUN",
        "Yung Ho, Taipei Hsien",
        "San Ming Kaoh",  # Kaohsiung cut off, and no Sanming
        "Jhonghe City",  # in Tongyong Pinyin, Taiwan's own
        "Sindian",
        "Gueishan Township",
        "Wugu District",
        "苗栗",
        "新竹县竹北市",
        "台北縣",
    ],
)
def test_taiwan_is_recognised(resolver: Resolver, city: str) -> None:
    assert resolver.resolve(city).province == "CN-TW"


@pytest.mark.parametrize(
    "city",
    [
        "Yungkang",
        "Ta Li",
        "HSIN DIAN",
        "HSINCHI",
        "Feng Yuan, Hsin",
        "Kuanshan",
        "Shenkang",
        "Yonghe City",
        "Zhonghe City",
    ],
)
def test_what_both_sides_have_is_put_into_no_province(resolver: Resolver, city: str) -> None:
    answer = resolver.resolve(city)
    assert answer.province in (None, "CN-TW")


@pytest.mark.parametrize(
    ("city", "province"),
    [
        ("Hsian", "CN-SN"),
        ("Yanta, Hsian", "CN-SN"),
        ("Xiaozhai Road Hsian", "CN-SN"),
        ("Hsiangtan", "CN-HN"),
        ("Tantung", "CN-LN"),
        ("Hankow", "CN-HB"),
        ("Tunghsiang", "CN-ZJ"),
        ("Kunshan Hsien, Kiangsu", "CN-JS"),
        ("Nan Hsiang, Shanghai", "CN-SH"),
        ("Taiwan Road, Qingdao", "CN-SD"),
        ("Taipei Hotel, Xiamen", "CN-FJ"),
        ("Yilan", "CN-HL"),
    ],
)
def test_the_mainland_keeps_its_own(resolver: Resolver, city: str, province: str) -> None:
    answer = resolver.resolve(city)
    assert province in (answer.province, *answer.candidates)
    assert answer.province != "CN-TW"


def test_no_mainland_division_but_taoyuan_is_taken_for_taiwan(resolver: Resolver) -> None:
    with (REFERENCE / "gazetteer_cn.tsv").open(encoding="utf-8", newline="") as file:
        divisions = [row for row in csv.DictReader(file, delimiter="\t") if row["kind"] != "town"]
    assert len(divisions) > 3_000
    names = {row[column] for row in divisions for column in ("name", "name_zh")}
    assert {name for name in names if resolver.resolve(name).province == "CN-TW"} == {"Taoyuan"}
    kinds = {"prefecture": "City", "city": "City", "district": "District", "county": "County"}
    said = {f"{row['name']} {kinds[row['kind']]}" for row in divisions if row["kind"] in kinds}
    assert len(said) > 2_500
    assert not {name for name in said if resolver.resolve(name).province == "CN-TW"}


@pytest.mark.parametrize(
    ("pinyin", "tongyong"),
    [("zhong", "jhong"), ("xin", "sin"), ("zhi", "jhih"), ("shi", "shih"), ("xi", "si"), ("gui", "guei"),
     ("qu", "cyu"), ("liu", "liou"), ("feng", "fong"), ("tai", "tai")],
)  # fmt: skip
def test_tongyong_pinyin(pinyin: str, tongyong: str) -> None:
    assert in_tongyong(pinyin) == tongyong


@pytest.mark.parametrize(
    "city",
    [
        "Tung Chih",
        "Pao Chiao",
        "Ban Chiao",
        "Hualian",
        "CHANHUA",
        "Tau Yuan",
        "King Men",
    ],
)
def test_an_old_spelling_or_a_slip_that_may_be_of_taiwan_is_put_into_no_province(
    resolver: Resolver, city: str
) -> None:
    answer = resolver.resolve(city)
    assert answer.province in (None, "CN-TW"), answer


@pytest.mark.parametrize(
    ("city", "province"),
    [
        ("Tungkuan", "CN-GD"),
        ("Kunsan", "CN-JS"),
        ("Hwei Chou", "CN-GD"),
        ("Taiyuan", "CN-SX"),
        ("Taiyan, Shanxi", "CN-SX"),
        ("Nanking E Rd., Shanghai", "CN-SH"),
    ],
)
def test_old_spellings_of_the_mainland_are_still_read(resolver: Resolver, city: str, province: str) -> None:
    assert resolver.resolve(city).province == province
