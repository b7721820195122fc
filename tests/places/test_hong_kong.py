import csv
from pathlib import Path

import pytest

from bri_pipeline.places.hong_kong import is_hong_kong

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    ("city", "region"),
    [
        ("Hong Kong", None),
        ("HONGKONG", None),
        ("Hong-Kong", None),
        ("Hong\n      Kong", ""),
        ("H.K.", None),
        ("H. K.", None),
        ("HK", None),
        ("HKSAR", None),
        ("Kowloon", None),
        ("Kwun Tong, Kowloon", None),
        ("New Territories", None),
        ("Shatin, N.T.", None),
        ("N.T.", None),
        ("Sha Tin", None),
        ("SHATIN", None),
        ("Tsuen Wan", None),
        ("Chungking Mansions", None),
        ("Diamond Hill", None),
        ("Wanchai", None),
        ("Wan Chai District", None),
        ("Tai Po", None),
        ("Clear Water Bay", None),
        ("香港", None),
        ("香港九龍", None),
        ("沙田区", None),
        ("Central", "Hong Kong"),
        (None, "HK"),
        ("Xianggang", None),
        ("Hong Kong University of Science and Technology", None),
        # streets named after mainland cities
        ("Shanghai Street, Kowloon", None),
        ("Beijing Road, Tsim Sha Tsui", None),
        ("628 Shanghai Street, Mong Kok", None),
        ("Canton Road, Kowloon", None),
        ("12 Peking Road, TST", None),
        ("Nanking Street, Jordan, Kowloon", None),
        ("Flat B, 3/F, 15 Hankow Road, Tsimshatsui", None),
        ("Nathan Road", None),
        ("Des Voeux Road Central", None),
        ("Queen's Road East, Wanchai", None),
        ("Suzhou Building, Hennessy Road, Wan Chai", None),
        ("Swatow Street, Wanchai, H.K.", None),
        ("Guangdong Investment Tower, Sheung Wan", None),
        # quarters in short, estates, the last letters cut off, a slip in a short name
        ("TKO", None),
        ("CWB", None),
        ("Tsui Lam Estate", None),
        ("Riviera Garden, Tseung Kwan", None),
        ("Sratin", None),
        # the New Territories in short
        ("SHATIN NT", None),
        ("Shatin N.T.", None),
        ("TAI PO NT", None),
        ("TAI PO, N. T.", None),
        ("Fo Tan, Shatin, NT", None),
        ("Yuen Long N T", None),
        ("Kwai Chung New Territor", None),
        # quarters, estates, islands
        ("TST", None),
        ("TST East", None),
        ("Tsim Sha Tsui East", None),
        ("Quarry Bay, HK", None),
        ("Whampoa Garden", None),
        ("Fairview Park", None),
        ("South Horizons, Ap Lei Chau", None),
        ("Mei Foo Sun Chuen", None),
        ("Lamma Island", None),
        ("Tai Po Market", None),
        ("Ma On Shan", None),
        ("Tung Chung, Lantau Island", None),
        ("Kowloon Tong", None),
        ("Hong Kong Island", None),
        # cut off or misspelt
        ("Sham Shui Po, Kowloo", None),
        ("Causeway Bay Hong K", None),
        ("Kolwoon", None),
        ("Hon Kong", None),
        ("Kwai Cheung", None),
        ("Tsimshatsu", None),
        ("KLN", None),
        ("SHEUNG SHUL NEW TER", None),
        ("PLOVER COVE TAI PO", None),
        ("Connaught Place", None),
        ("WATERLOO HILL", None),
        ("QUEESWAY", None),
        ("Harbour City, Tsim Sha Tsui", None),
        ("New Terrirotries", None),
        ("九龙上海街", None),
        ("香港北京道", None),
        ("尖沙咀廣東道", None),
        ("沙田馬鞍山路", None),
        ("Shenzhen Street", "Hong Kong SAR"),
    ],
)
def test_hong_kong_is_recognised(city, region):
    assert is_hong_kong(city, region)


@pytest.mark.parametrize(
    ("city", "region"),
    [
        (None, None),
        ("", ""),
        ("Hongkou District", None),
        ("Hongdong", None),
        ("Hong He", None),
        ("Hong Kong Middle Road, Qingdao", None),
        ("27 Hong Kong East Rd.", None),
        ("香港中路, 青岛", None),
        ("九龙坡区", None),
        ("Jiulongpo", None),
        ("Kowloonpo", None),
        ("Shatian Town, Dongguan", None),
        ("Taipei", None),
        ("Taiping", None),
        ("Huankou", None),
        ("Nanjing", "Jiangsu"),
        ("HKUST Shenzhen Research Institute, Hong Kong University, Shenzhen", None),
        ("Macau", None),
        ("Shanghai", "HKX"),
        ("Tai An", None),
        ("Hong Kong Plaza, Huaihai Road, Shanghai", None),
        ("Hong Kong Garden, Wuhan", None),
        ("Kowloon Building, Zhuhai", None),
        ("Nanjing Road, Shanghai", None),
        ("Nanking Road", None),
        ("Shanghai", None),
        ("Canton", None),
        ("Canton, Guangdong", None),
        ("Beijing Road, Guangzhou", None),
        ("Shenzhen Hong Kong Institution of Industry, Shenzhen", None),
        ("Shatian", None),
        ("Taihang Road, Luwan District, Shanghai", None),
        ("Taishan", None),
        ("Tianmen", None),
        ("Yuanlong", None),
        ("Santa Clara", None),
        ("Jordan Road, Nanjing", None),
        ("Shanghai Place", None),
        ("New Terminal, Pudong", None),
        ("Aberdeen Building, Suzhou", None),
        ("Central South University, Changsha", None),
        ("九龙镇", None),
        ("香港东路, 青岛", None),
        ("深圳市香港大学研究院", None),
    ],
)
def test_mainland_names_are_not_hong_kong(city, region):
    assert not is_hong_kong(city, region)


REFERENCE = Path(__file__).parents[2] / "data" / "reference"


def test_no_mainland_division_is_taken_for_hong_kong():
    with (REFERENCE / "gazetteer_cn.tsv").open(encoding="utf-8", newline="") as file:
        divisions = [row for row in csv.DictReader(file, delimiter="\t") if row["kind"] != "town"]
    assert len(divisions) > 3_000
    taken = {row["name"] for row in divisions if is_hong_kong(row["name"], None)}
    taken |= {row["name_zh"] for row in divisions if is_hong_kong(row["name_zh"], None)}
    assert not taken


def test_exonyms_of_the_mainland_are_not_taken_for_hong_kong():
    with (REFERENCE / "place_names.csv").open(encoding="utf-8", newline="") as file:
        names = [row["spelling"] for row in csv.DictReader(file)]
    assert not [name for name in names if is_hong_kong(name, None)]


def test_real_hong_kong_strings_are_never_put_into_a_province(shared):
    """Those of the shared list that people under CN wrote for Hong Kong."""
    with (shared / "facts" / "cn_real_strings.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["truth"] == "Hong Kong"]
    assert len(rows) >= 8
    assert all(is_hong_kong(row["city_string"], None) for row in rows)


def test_addresses_of_hong_kong_and_macau_do_not_count_for_a_mainland_province(resolver):
    """Lines of addresses in a public register, each taken as if it were printed under China."""
    with (HERE / "fresh" / "hong_kong_taiwan.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["country"] != "TW"]
    assert len(rows) == 282
    found = {row["city_string"]: resolver.resolve(row["city_string"]).province for row in rows}
    assert {text: iso for text, iso in found.items() if iso not in (None, "CN-HK", "CN-MO")} == {}
    assert sum(iso is not None for iso in found.values()) >= 86
