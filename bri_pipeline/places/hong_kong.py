"""Does an address say Hong Kong? Inventors there are often printed with the country code CN.

Streets and buildings are set apart first: Hong Kong's are named after mainland cities (Shanghai Street, Beijing
Road), the mainland's after Hong Kong (Hong Kong Middle Road in Qingdao). What is left decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bri_pipeline.places.characters import simplified
from bri_pipeline.places.hong_kong_names import (
    LONG_NAMES,
    MAINLAND,
    PLACES,
    QUARTERS,
    STREETS_OF_HONG_KONG,
    SURE,
)
from bri_pipeline.places.near import grouped, is_one_slip, remainders, sharing_a_remainder
from bri_pipeline.places.pinyin import is_pinyin
from bri_pipeline.places.text import CJK, plain
from bri_pipeline.places.vocabulary import BUILDINGS, DIRECTIONS, STREETS, words

_PARTS = re.compile(r"[,;:()\[\]/|、，]")
_WORD = re.compile(r"[a-z]+|\d+")
_INITIALS = re.compile(r"\b([a-z])\s*\.\s*(?=[a-z]\b)")
_KIND_WORDS = words(
    "district town city area sar special administrative region china prc pr cn island road rd"
)
# Kinds of streets, after names of streets that only Hong Kong has.
_ROADS_THERE = STREETS | words("place hill terrace path drive crescent")
# The longest name has this many words: Mei Foo Sun Chuen.
_LONGEST = 4
_NUMBER = re.compile(r"\d+")
# "KOWLO", "NEW TERRIT": the field was cut off.
_CUT_OFF = re.compile(r"(?:^|[a-z ])(?:kowl(?:o(?:o(?:n)?)?)?|new ?ter[a-z]*|hong ?kon?g?)$")
# Letters of a place's name that are enough where the field was cut off.
_CUT_PLACE = 8
# A syllable as Hong Kong spells it.
_CANTONESE = re.compile(
    r"(?:ch|sh|ts|tsz|kw|ng|gw|[bcdfghjklmnpstwy])?(?:aa|ai|au|ei|eu|eung|iu|oi|ou|ow|ui|oo|ee|[aeiou])"
    r"(?:ng|[kmnpt])?"
)
# How names begin, to pass over most words at once.
_STARTS = frozenset(name[:letters] for name in SURE | PLACES | STREETS_OF_HONG_KONG for letters in (1, 2, 3))
_ONE_WORD = SURE | PLACES | QUARTERS | {"nt"}
_BY_REMAINDER = grouped(LONG_NAMES, remainders)
_VERY_LONG = 10
_VERY_LONG_NAMES = tuple(name for name in LONG_NAMES if len(name) >= _VERY_LONG - 1)

_SURE_CJK = re.compile(r"香港|九龙(?![坡县镇乡湖山])|新界|邨")
_MAINLAND_CJK = re.compile(
    r"深圳|广州|珠海|东莞|青岛|上海|北京|天津|重庆|广东|江苏|浙江|福建|山东|四川|湖北|湖南|成都|武汉|南京|苏州|杭州"
)
# A street or building after a name: 香港中路 is in Qingdao, 上海街 in Kowloon.
_STREET_CJK = re.compile(
    rf"(?:{_SURE_CJK.pattern}|{_MAINLAND_CJK.pattern})[东西中南北]?(?:路|街|大道|道|广场|花园|大厦|酒店|银行)"
)
_QUARTERS_CJK = words(
    "沙田 荃湾 湾仔 屯门 元朗 观塘 将军澳 大埔墟 粉岭 葵涌 旺角 尖沙咀 铜锣湾 深水埗 深水步 黄大仙 油麻地 天水围 "
    "马鞍山新市镇 土瓜湾 红磡 何文田 牛头角 油塘 柴湾 筲箕湾 鲗鱼涌 上环 西营盘 坚尼地城 薄扶林 鸭脷洲 长沙湾 荔枝角 "
    "美孚 石硖尾 九龙塘 九龙湾 钻石山 大角咀 马料水 葵芳 葵兴 荔景 慈云山 秀茂坪 新蒲岗 佐敦 香港仔 黄竹坑 将军澳 "
    "浅水湾 小西湾 跑马地 大屿山 愉景湾 清水湾 横头磡 乐富 蓝田邨 顺利邨 太古城 杏花邨 半山区 中环 金钟 启德 调景岭 "
    "西湾河 大角嘴 又一村 马头涌 南丫岛 青衣岛 石塘咀 大坑东 大坑西 大口环 深水湾 石澳 梅窝 界限街 皇后大道 "
    "窝打老道 般咸道 弥敦道 轩尼诗道 德辅道 英皇道 司徒拔道 亚皆老街 太子道"
)
_QUARTER_CJK = re.compile("|".join(sorted(_QUARTERS_CJK, key=len, reverse=True)))
# The characters of these may be part of mainland names: they decide alone or at the beginning.
_ALONE_CJK = words("上水 西贡 北角 火炭 大围 青衣 坪洲 蓝田 东涌 赤柱 大坑 元洲街")
_BEGINNINGS_CJK = sorted(_ALONE_CJK | words("大埔 长洲 沙头角 深井"))
_BEGINS_CJK = re.compile(rf"(?:{'|'.join(_BEGINNINGS_CJK)})(?![县市镇区乡岛]).*(?:道|街|苑|墟|地段|里|路|村)")
# Hong Kong writes 道 where the mainland writes 路; without 大 before it, and no mainland division beside it.
_ROAD_CJK = re.compile(
    r"^[^省市区县镇乡州旗盟]*(?<![大国省通街])道\s*[0-9０-９一二三四五六七八九十][^省市区县镇乡州旗盟]*$"
)


@lru_cache(maxsize=100_000)
def is_hong_kong(city_raw: str | None, region_raw: str | None) -> bool:
    """Whether the city or the region field says Hong Kong, its districts, streets and new towns included.

    Streets named after Hong Kong, and mainland cities named in the same field, do not count.
    """
    return says_hong_kong(plain(region_raw or "")) or says_hong_kong(plain(city_raw or ""))


def says_hong_kong(text: str) -> bool:
    """Whether a plain string (``text.plain``) says Hong Kong."""
    if not text:
        return False
    if not text.isascii() and CJK.search(text):
        return _cjk_says_hong_kong(simplified(text))
    lowered = text.lower()
    if lowered.isalpha():  # most strings are one word
        return lowered in _ONE_WORD or _near(lowered)
    lowered = lowered.replace("-", " ").replace("'", "")
    parts = [_WORD.findall(_INITIALS.sub(r"\1", part)) for part in _PARTS.split(lowered)]
    parts = [part for part in parts if part]
    if not _is_named(parts) and not _is_misspelt(parts):
        return False
    return not any(_names_the_mainland(part) for part in parts)


def names_hong_kong(text: str) -> bool:
    """Whether a plain string has the name in full, which is no street's or building's."""
    parts = [_WORD.findall(part) for part in _PARTS.split(text.lower().replace("-", " "))]
    return any(
        "".join(part[start:end]) == "hongkong" and not _lends_its_name(part, end)
        for part in parts
        for start in range(len(part))
        for end in (start + 1, start + 2)
    )


def is_slip_of_hong_kong(text: str) -> bool:
    """Whether a plain string is one word that no list has, one slip from a name of Hong Kong."""
    return text.isalpha() and text.lower() not in _ONE_WORD and _near(text.lower())


def _is_named(parts: list[list[str]]) -> bool:
    return any(map(_says_so, parts)) or any(map(_is_estate, parts)) or bool(parts and _is_cut_off(parts[-1]))


def _says_so(part: list[str]) -> bool:
    """A name of Hong Kong anywhere in a segment, or a quarter that fills it."""
    if part[-1] == "nt" or part[-2:] == ["n", "t"]:
        return True
    bare = _bare(part)
    street = max((at for at, word in enumerate(bare) if word in STREETS or word in BUILDINGS), default=-1)
    if "".join(bare) in QUARTERS or "".join(bare[street + 1 :]) in QUARTERS or _ends_in_quarter(bare):
        return True
    for start in range(len(part)):
        joined = ""
        for end in range(start + 1, min(len(part), start + _LONGEST) + 1):
            joined += part[end - 1]
            if (
                joined in SURE and not _lends_its_name(part, end) and part[end : end + 1] != ["po"]
            ):  # Jiulongpo
                return True
            if joined in PLACES:
                return True
            if joined in STREETS_OF_HONG_KONG and _is_road(part, end, _ROADS_THERE):
                return True
    return False


def _ends_in_quarter(bare: list[str]) -> bool:
    """A quarter after words none of which is Pinyin: ``Plover Cove Tai Po``."""
    return any(
        "".join(bare[at:]) in QUARTERS and not any(map(is_pinyin, bare[:at])) for at in range(1, len(bare))
    )


def _bare(part: list[str]) -> list[str]:
    """A segment without its numbers and the words that say what kind of place it is."""
    left = [word for word in part if not _NUMBER.match(word)]
    while left and left[-1] in _KIND_WORDS:
        left.pop()
    return left


def _lends_its_name(part: Sequence[str], end: int) -> bool:
    """Whether a street or building follows: ``Hong Kong Middle Road``, ``Hong Kong Plaza``."""
    return _is_road(part, end) or _is_building(part, end)


def _is_road(part: Sequence[str], end: int, kinds: frozenset[str] = STREETS) -> bool:
    while end < len(part) and part[end] in DIRECTIONS:
        end += 1
    return end < len(part) and part[end] in kinds


def _is_building(part: Sequence[str], end: int) -> bool:
    """Whether a building's kind follows, or ends the segment soon: ``Guangdong Investment Tower``."""
    if end < len(part) and part[end] in BUILDINGS:
        return True
    return end < len(part) <= end + 3 and part[-1] in BUILDINGS


def _names_the_mainland(part: list[str]) -> bool:
    """Whether a segment names a province or large city that is no street's, building's or company's name."""
    for start in range(len(part)):
        joined = ""
        for end in range(start + 1, min(len(part), start + _LONGEST) + 1):
            joined += part[end - 1]
            if joined in MAINLAND and not _lends_its_name(part, end):
                return True
    return False


def _is_cut_off(part: list[str]) -> bool:
    if len(part) < 2:
        return False
    return _CUT_OFF.search(" ".join(part)) is not None or any(map(_begins_a_place, _ends(part)))


def _ends(part: list[str]) -> tuple[str, ...]:
    return tuple("".join(part[-words:]) for words in (2, 3) if len(part) > words)


def _begins_a_place(end: str) -> bool:
    """Whether the last words of a field are a place but for its last letters: ``Tseung Kwan``."""
    return len(end) >= _CUT_PLACE and not is_pinyin(end) and any(name.startswith(end) for name in PLACES)


def _is_estate(part: list[str]) -> bool:
    """Whether a segment ends with an estate whose name is Cantonese: ``Tsui Lam Estate``; not an industrial one."""
    name = part[:-1]
    return (
        part[-1] in ("estate", "est") and bool(name) and not any(map(is_pinyin, name)) and _is_cantonese(name)
    )


def _is_cantonese(name: list[str]) -> bool:
    return all(_CANTONESE.fullmatch(word) for word in name)


def _is_misspelt(parts: list[list[str]]) -> bool:
    """One slip in a long name (two in a very long one) that no Pinyin word has."""
    return any(_near("".join(_bare(part))) or (len(part) > 1 and any(map(_near, part))) for part in parts)


def _near(name: str) -> bool:
    if len(name) < 6 or name in MAINLAND or is_pinyin(name):
        return False
    if any(is_one_slip(name, one) for one in sharing_a_remainder(name, _BY_REMAINDER)):
        return True
    return len(name) >= _VERY_LONG and (
        process.extractOne(name, _VERY_LONG_NAMES, scorer=OSA.distance, score_cutoff=2) is not None
    )


def _cjk_says_hong_kong(text: str) -> bool:
    left = _STREET_CJK.sub("", text)
    # Without the quarters: 大屿山东涌 is no Shandong.
    without_quarters = _QUARTER_CJK.sub("|", left)
    if _MAINLAND_CJK.search(without_quarters):
        return False
    if _SURE_CJK.search(left) or without_quarters != left:
        return True
    whole = re.sub(r"[\s市区镇]+$", "", text)
    return whole in _ALONE_CJK or bool(_BEGINS_CJK.match(left) or _ROAD_CJK.search(text))
