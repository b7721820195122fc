"""Does an address say Hong Kong? Inventors there are often printed with the country code CN."""

from __future__ import annotations

import re
from functools import lru_cache

from bri_pipeline.places.text import CJK, key, plain, segments

# Said anywhere in the string, these names mean Hong Kong.
_SURE = re.compile(
    r"\b(?:hong[\s'-]*kong|hongkong|hksar|h\s*\.\s*k\s*\.?(?:\s*s\s*\.\s*a\s*\.\s*r\s*\.?)?|hk|h\s?k|"
    r"kowloon(?!\s*(?:po|peak\b))|new\s+territor(?:y|ies)|xiang\s?gang|heung\s?gong)(?![a-z])"
    # ... but streets are named after it all over the mainland: Hong Kong Middle Road, Qingdao.
    r"(?!\s*(?:(?:east|west|middle|central|south|north|dong|xi|zhong)\s*)?"
    r"(?:road|rd|street|st|avenue|ave|lu|jie|garden|plaza)\b)",
    re.IGNORECASE,
)
_SURE_CJK = re.compile(r"香港(?![东西中南北東]?路)|九[龙龍](?![坡县縣镇鎮乡鄉路湖山])|新界(?!路)")
# A mainland city beside it means a campus, a bridge or a joint zone: ``HKUST Research Institute, Shenzhen``.
_MAINLAND = re.compile(
    r"\b(?:shen\s?zhen|guang\s?zhou|zhu\s?hai|dong\s?guan|qing\s?dao|shang\s?hai|bei\s?jing|guang\s?dong)(?![a-z])",
    re.IGNORECASE,
)
_MAINLAND_CJK = re.compile(r"深圳|广州|廣州|珠海|东莞|東莞|青岛|青島|上海|北京|广东|廣東")

# Districts, new towns and quarters; these decide only as a whole segment, for some are also mainland words.
_QUARTERS = frozenset(
    """
    aberdeen admiralty apleichau causewaybay chaiwan cheungchau cheungshawan choihung clearwaterbay discoverybay
    fanling fotan happyvalley hanghau homantin hunghom hungshuikiu jordan kaitak kamtin kennedytown kornhill
    kowloon kowloonbay kowlooncity kowloontong kwaichung kwaitsing kwaifong kwuntong laichikok laiking lamtin
    lantau lantauisland laufaushan lokfu maonshan mataukok matauwai meifoo midlevels mongkok muiwo ngauchiwan
    ngautaukok northpoint pakshekkok patheung pokfulam pokfulum quarrybay repulsebay saikung saiwanho saiyingpun
    sanpokong santin saumauping shamshuipo shamtseng shatin shataukok shaukeiwan shekkipmei shekmun sheungshui
    sheungwan shouson shousonhill siulekyuen stanley stonecutters taihang taikoktsui taikoo
    taikooshing taipo taiwai taiwo taiwohau tinhau tinshuiwai tiukengleng tokwawan tseungkwano tsimshatsui
    tsingyi tsuenwan tszwanshan tuenmun tungchung wanchai whampoa wongchukhang wongtaisin yaumatei yautong
    yautsimmong yuenlong hongkongisland nt newterritories
    hongknog honkong hongkon hongkog honkkong hongkongg hongkonk hoingkong hongkonng
    """.split()
)
_QUARTERS_CJK = frozenset(
    "沙田 荃湾 荃灣 湾仔 灣仔 屯门 屯門 元朗 观塘 觀塘 将军澳 將軍澳 大埔墟 粉岭 粉嶺 西贡 西貢 葵涌 旺角 尖沙咀 "
    "北角 铜锣湾 銅鑼灣 深水埗 黄大仙 黃大仙 油麻地 上水 天水围 天水圍 马鞍山新市镇 青衣".split()
)
_KIND_WORDS = frozenset(
    {"district", "town", "city", "area", "sar", "special", "administrative", "region", "china"}
)


@lru_cache(maxsize=100_000)
def is_hong_kong(city_raw: str | None, region_raw: str | None) -> bool:
    """Whether the city or the region field says Hong Kong, its districts or new towns included.

    Streets named after Hong Kong, and mainland cities named in the same field, do not count.
    """
    return _says_hong_kong(region_raw) or _says_hong_kong(city_raw)


def _says_hong_kong(raw: str | None) -> bool:
    if not raw or not raw.strip():
        return False
    text = plain(raw)
    if CJK.search(text):
        return _cjk_says_hong_kong(text)
    if _SURE.search(text):
        return not _MAINLAND.search(text)
    quarters = [_quarter(words) for words in segments(text)]
    # A lone quarter among other words of a mainland address proves nothing.
    return any(name in _QUARTERS for name in quarters) and not _MAINLAND.search(text)


def _cjk_says_hong_kong(text: str) -> bool:
    if _MAINLAND_CJK.search(text):
        return False
    return bool(_SURE_CJK.search(text)) or re.sub(r"[\s市区區镇鎮]+$", "", text) in _QUARTERS_CJK


def _quarter(words: list[str]) -> str:
    kept = list(words)
    while kept and kept[-1] in _KIND_WORDS:
        kept.pop()
    return key("".join(kept))
