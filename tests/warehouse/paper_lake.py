"""A lake whose margins are the paper's: every number it prints follows from these lists and nothing else.

The yearly series are fixtures A of the audit of the paper (mean yearly rates 47.72 % and 20.58 %).
"""

from __future__ import annotations

from datetime import date
from itertools import chain, repeat

from tests.warehouse.lake import PLACES, Paper, Patent

YEARS = range(2001, 2018)
JIANGSU_YEARS = (1, 2, 4, 2, 1, 1, 6, 8, 7, 5, 2, 3, 7, 8, 9, 10, 11)
CHINA_YEARS = (15, 16, 22, 29, 38, 55, 64, 74, 80, 89, 103, 117, 135, 163, 196, 252, 282)
CHINA_COUNTRIES = {
    "SG": 663, "IN": 349, "RU": 153, "IL": 148, "MY": 87, "PL": 49, "PH": 42, "TH": 41, "CZ": 35, "HU": 24,
    # the paper does not print these: 25 countries, 160 hits, none above 24
    "SA": 20, "TR": 18, "UA": 15, "VN": 14, "ID": 13, "RO": 12, "BG": 10, "EG": 9, "GR": 8, "BY": 6,
    "PK": 5, "LT": 4, "SK": 4, "SI": 4, "HR": 3, "EE": 3, "AE": 3, "IR": 2, "KZ": 1, "LV": 1,
    "LB": 1, "JO": 1, "QA": 1, "LK": 1, "MN": 1,
}  # fmt: skip
JIANGSU_COUNTRIES = {"SG": 41, "PH": 13, "IL": 8, "IN": 6, "CZ": 6, "MY": 5, "SA": 5, "RU": 2, "PL": 1}
JIANGSU_SYMBOLS = {
    "H04L 29/06": 38, "A61B 5/00": 14, "G06F 17/30": 13, "C08L 1/00": 7, "B01D 53/02": 7,
    "C22C 38/00": 3, "F16H 1/00": 2, "B60L 3/00": 2, "F21V 5/00": 1,
}  # fmt: skip
OTHER_PROVINCES = {
    "Beijing": 595, "Shanghai": 471, "Guangzhou": 154, "Hangzhou": 39, "Tianjin": 35, "Chengdu": 21,
    # not printed: the rest of 1730
    "Wuhan": 21, "Xi'an": 20, "Dalian": 20, "Jinan": 20, "Fuzhou": 20, "Changsha": 20, "Hefei": 20,
    "Zhengzhou": 20, "Changchun": 20, "Harbin": 20, "Chongqing": 20, "Kunming": 20, "Taiyuan": 20,
    "Nanning": 20, "Guiyang": 20, "Nowhere": 27,
}  # fmt: skip
OTHER_SYMBOLS = (
    "H04L 29/06",
    "H01L 21/02",
    "A61K 31/44",
    "G06F 17/30",
    "C07D 401/12",
    "B65D 1/00",
    "E04B 1/00",
)
PAPER_PLACES = PLACES | {
    "Guangzhou": ("CN-GD", ["CN-GD"]), "Tianjin": ("CN-TJ", ["CN-TJ"]), "Chengdu": ("CN-SC", ["CN-SC"]),
    "Wuhan": ("CN-HB", ["CN-HB"]), "Xi'an": ("CN-SN", ["CN-SN"]), "Dalian": ("CN-LN", ["CN-LN"]),
    "Jinan": ("CN-SD", ["CN-SD"]), "Fuzhou": ("CN-FJ", ["CN-FJ"]), "Changsha": ("CN-HN", ["CN-HN"]),
    "Hefei": ("CN-AH", ["CN-AH"]), "Zhengzhou": ("CN-HA", ["CN-HA"]), "Changchun": ("CN-JL", ["CN-JL"]),
    "Harbin": ("CN-HL", ["CN-HL"]), "Chongqing": ("CN-CQ", ["CN-CQ"]), "Kunming": ("CN-YN", ["CN-YN"]),
    "Taiyuan": ("CN-SX", ["CN-SX"]), "Nanning": ("CN-GX", ["CN-GX"]), "Guiyang": ("CN-GZ", ["CN-GZ"]),
    "Wuxi": ("CN-JS", ["CN-JS"]), "Changzhou": ("CN-JS", ["CN-JS"]), "Nantong": ("CN-JS", ["CN-JS"]),
    "Nowhere": (None, []),
}  # fmt: skip


# Where the inventors of partner countries with many patents live; of the others nobody knows.
CITIES_ABROAD = {
    "IN": "Bangalore", "RU": "Moscow", "IL": "Haifa", "MY": "Penang", "PL": "Warsaw", "PH": "Manila", "TH": "Bangkok",
    "CZ": "Prague", "HU": "Budapest", "SA": "Riyadh",
}  # fmt: skip


# A few papers, so that the checks of papers have something to look at.
PAPERS = [
    Paper(
        f"W{year}{country}", date(year, 5, 1), [("CN", "Nanjing"), (country, city), ("CN", "Beijing")], field
    )
    for year, country, city, field in (
        (2010, "SG", "Singapore", "Engineering"),
        (2012, "IN", "Bangalore", "Medicine"),
        (2014, "CZ", "Prague", None),
        (2014, "SG", "Singapore", "Medicine"),
        (2016, "RU", "Moscow", "Engineering"),
    )
]


def spread(counts: dict[str, int]) -> list[str]:
    """``{"a": 2, "b": 1}`` -> ``["a", "a", "b"]``."""
    return list(chain.from_iterable(repeat(value, count) for value, count in counts.items()))


def spread_over_years(counts: dict[str, int]) -> list[str]:
    """Like ``spread``, the places nobody knows dealt evenly, so that no year has more than its share of them."""
    known = spread({city: count for city, count in counts.items() if city != "Nowhere"})
    step = (len(known) + counts["Nowhere"]) // counts["Nowhere"]
    for n in range(counts["Nowhere"]):
        known.insert(n * step, "Nowhere")
    return known


def paper_hits() -> list[tuple[str, Patent]]:
    """1,751 hits of 1,730 patents, 21 of them found for two countries."""
    jiangsu = _patents(
        "USJ",
        list(zip(spread(JIANGSU_COUNTRIES), repeat(None))),
        ["Nanjing"] * 87,
        spread(JIANGSU_SYMBOLS),
        JIANGSU_YEARS,
    )
    left = spread({code: n - JIANGSU_COUNTRIES.get(code, 0) for code, n in CHINA_COUNTRIES.items()})
    second = [*left[-21:], *repeat(None, 1643 - 21)]
    others = _patents(
        "USC",
        list(zip(left[:-21], second, strict=True)),
        spread_over_years(OTHER_PROVINCES),
        [OTHER_SYMBOLS[n % len(OTHER_SYMBOLS)] for n in range(1643)],
        tuple(china - jiangsu for china, jiangsu in zip(CHINA_YEARS, JIANGSU_YEARS, strict=True)),
    )
    return [(country, patent) for patent in jiangsu + others for country, _ in patent.inventors[1:]]


def _patents(
    prefix: str,
    countries: list[tuple[str, str | None]],
    cities: list[str],
    symbols: list[str],
    per_year: tuple[int, ...],
) -> list[Patent]:
    years = list(chain.from_iterable(repeat(year, n) for year, n in zip(YEARS, per_year, strict=True)))
    return [
        Patent(
            number=f"{prefix}{n:05}A1",
            published=date(year, 6, 1),
            inventors=[("CN", city), *((code, CITIES_ABROAD.get(code, "Abroad")) for code in codes if code)],
            ipc=[symbol],
            application=f"{prefix}{n:05}",
            applicants=[(f"Company {n % 40} Co., Ltd.", "CN")],
        )
        for n, (codes, city, symbol, year) in enumerate(zip(countries, cities, symbols, years, strict=True))
    ]
