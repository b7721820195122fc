"""Does an address say Taiwan? Inventors there are sometimes printed with the country code CN.

Taiwan writes Wade–Giles where the mainland writes Pinyin, names its townships ``Hsiang`` and its counties ``Hsien``,
and cities no mainland list has. Names that the mainland has too are left open.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from bri_pipeline.csv_rows import utf8_text
from bri_pipeline.places.near import grouped, is_one_slip, remainders, sharing_a_remainder
from bri_pipeline.places.pinyin import is_pinyin
from bri_pipeline.places.vocabulary import BUILDINGS, DIRECTIONS, INSTITUTIONS, NOISE, STREETS, words
from bri_pipeline.resources import resource_dir

_WORD = re.compile(r"[a-z]+")
# Counties and cities in the spellings usual there; no mainland division is spelled so.
_SURE = words(
    "taiwan formosa taipei taibei newtaipei kaohsiung kaoshiung gaoxiong taichung tainan hsinchu keelung chiayi "
    "changhua pingtung miaoli hualien taitung penghu pescadores kinmen panchiao hsinchuang hsintien sanchung "
    "chungli yungho hsichih tamsui chupei chutung touliu taoyuanhsien taoyuancounty nantouhsien ilanhsien ilancounty"
)
_LONG = 7
_LONG_NAMES = tuple(sorted(name for name in _SURE if len(name) >= _LONG and not name.endswith("county")))
_BY_REMAINDER = grouped(_LONG_NAMES, remainders)
# How a township (鄉), county (縣) and village (村) are written there behind a name.
_DIVISIONS = words("hsiang shiang hsaing hslang hsien shien hsein shein shiann tsun")
_GLUED = ("hsiang", "hsien")
# Words behind the name of a town or quarter.
_KIND_WORDS = words(
    "chen cheng jen tsun tsuen village li chu chiu shih city town dist district vill hsien hsiang"
)
# The printed field ends after 20 letters: "TAYA HSIANG TAICHUN". How much of a county's name identifies it.
_CUT_OFF = {
    name: letters
    for letters, names in {
        4: "taipei taichung tainan taoyuan kaohsiung kaoshiung taiwan",
        5: "hsinchu yunlin miaoli hualien chiayi pingtung",
        6: "changhua",
    }.items()
    for name in names.split()
}
_KINDS_OF_DIVISION = words("city shih district dist township chu chiu chen jhen")
_SHORTEST_TOWN = 4
# Addresses printed under CN from a county, and from a town or quarter, on the scale of patent applications.
IN_A_COUNTY = 1_500.0
_IN_A_TOWN = 30.0
# Kinds of places as they are written in Taiwan only.
_KINDS_ONLY_THERE = words("chiu jen tsuen hsin hsian shiang shian ksiang jang")
_FIELDS = 5


def says_taiwan(text: str, *, near_xian: bool = True) -> bool:
    """Whether a plain string in Latin letters (``text.plain``) says Taiwan.

    ``near_xian`` is false where ``Hsian`` cannot be Xi'an, and so is a township (``Hsiang``) cut off or misspelt.
    """
    parts = _parts(text)
    if any(_has_marker(part) or _names_county(part) for part in parts):
        return True
    return bool(parts) and (
        _is_cut(parts) or _is_cut_short(parts[-1]) or (not near_xian and any(map(_is_behind_name, parts)))
    )


def is_town_of_taiwan(text: str) -> bool:
    """Whether a segment is a town or quarter of Taiwan in Wade–Giles, or nearly a county's name."""
    return any(
        not _towns().isdisjoint(("".join(part), _bare(part))) or _is_near("".join(part))
        for part in _parts(text)
    )


def is_cut_off_county(text: str) -> bool:
    """Whether the last word behind others is a county cut off to letters that are no Pinyin: ``San Ming Kaoh``."""
    parts = _parts(text)
    if not parts or len(parts[-1]) < 2:
        return False
    last = parts[-1][-1]
    return not is_pinyin(last) and any(
        len(last) >= letters and name.startswith(last) for name, letters in _CUT_OFF.items()
    )


def expected_in_taiwan(name: str) -> float:
    """Addresses printed under CN expected from the county or town that a name spells exactly; 0 where none is."""
    if name in _SURE or name in COUNTIES:
        return IN_A_COUNTY
    return _IN_A_TOWN if name in _towns() else 0.0


def is_cut_off_behind_town(text: str) -> bool:
    """Whether the name of a county that is cut off follows a town of it: ``NAN KANG T``."""
    parts = _parts(text)
    return bool(parts) and _is_cut_short(parts[-1])


def resembles_taiwan(text: str) -> bool:
    """Whether a string looks like an address of Taiwan by a looser rule than ``says_taiwan``.

    A segment is the name of one of its towns in Wade-Giles or in Pinyin, or one slip from it in Wade-Giles, or has a
    word for a village, town or district after the first in a spelling used only there.
    """
    return any(
        len(name) >= _SHORTEST_TOWN and (name in _all_towns() or _is_near_town(name))
        for part in _parts(text)
        for name in {"".join(part), _bare(part)}
    ) or any(len(part) > 1 and not _KINDS_ONLY_THERE.isdisjoint(part[1:]) for part in _parts(text))


def _is_near_town(name: str) -> bool:
    """One slip in the name of a town in Wade-Giles, which has no Pinyin reading of its own."""
    if len(name) < _LONG or is_pinyin(name):
        return False
    return any(is_one_slip(name, one) for one in sharing_a_remainder(name, _towns_by_remainder()))


def is_wade_giles(text: str) -> bool:
    """Whether a word begins as none in Pinyin or Cantonese does, but many in Wade–Giles: ``Hsin Dian``."""
    return any(word.startswith(("hs", "tz")) and word != "hsian" for part in _parts(text) for word in part)


def _parts(text: str) -> list[list[str]]:
    lowered = text.lower().replace("-", " ").replace("'", "")
    return [found for part in re.split(r"[,;:()/]", lowered) if (found := _WORD.findall(part))]


def _has_marker(part: Sequence[str]) -> bool:
    """``Jen Te Hsiang``, ``Luchuhsiang``, ``Miaoli Hsien``."""
    glued = [(word, suffix) for word in part for suffix in _GLUED if word.endswith(suffix)]
    return any(word in _DIVISIONS for word in part[1:]) or any(
        word.removesuffix(suffix) in _towns() | _SURE for word, suffix in glued
    )


def _is_behind_name(part: Sequence[str]) -> bool:
    """Whether ``Hsian`` is behind the name of a town rather than of a street or building."""
    return "hsian" in part[1:] and not any(word in STREETS | NOISE for word in part)


def _names_county(part: Sequence[str]) -> bool:
    for start in range(len(part)):
        for end in range(start + 1, min(len(part), start + 3) + 1):
            name = "".join(part[start:end])
            if (name in _SURE or _is_near(name)) and not _lends_its_name(part, end):
                return True
    return False


def _is_near(name: str) -> bool:
    """One slip in a long name that no Pinyin word has."""
    if len(name) < _LONG or is_pinyin(name):
        return False
    return any(is_one_slip(name, one) for one in sharing_a_remainder(name, _BY_REMAINDER))


def _lends_its_name(part: Sequence[str], end: int) -> bool:
    """``Taipei East Road``, ``Taiwan Hotel``: streets, buildings and companies are anywhere."""
    while end < len(part) and part[end] in DIRECTIONS:
        end += 1
    return end < len(part) and part[end] in STREETS | BUILDINGS | INSTITUTIONS


def _is_cut(parts: Sequence[Sequence[str]]) -> bool:
    # In two words as well: "MIAO L".
    for at in (1, 2):
        last = "".join(parts[-1][-at:])
        behind_another = len(parts) > 1 or len(parts[-1]) > at
        if behind_another and any(
            len(last) >= letters and name.startswith(last) for name, letters in _CUT_OFF.items()
        ):
            return True
    return False


def _is_cut_short(part: Sequence[str]) -> bool:
    """A town and the first letters of its county: ``NAN KANG T``, ``SAN MIN KA``."""
    *town, last = part
    if not town or len(last) >= min(_CUT_OFF.values()):
        return False
    return any(county.startswith(last) for county in _CUT_OFF) and "".join(town) in _all_towns()


def _bare(part: Sequence[str]) -> str:
    left = list(part)
    while len(left) > 1 and (left[-1] in _KIND_WORDS or any(name.startswith(left[-1]) for name in _CUT_OFF)):
        left.pop()
    return "".join(left)


@lru_cache
def _all_towns() -> frozenset[str]:
    """Names in every romanisation."""
    return frozenset(name for row in _rows() for name in row[2:] if len(name) >= _SHORTEST_TOWN)


@lru_cache
def _towns_by_remainder() -> Mapping[str, tuple[str, ...]]:
    names = {row[3] for row in _rows() if row[3] != row[2] and len(row[3]) >= _LONG}
    return grouped(sorted(names), remainders)


@lru_cache
def _towns() -> frozenset[str]:
    """Names in Wade–Giles or Tongyong Pinyin that are not spelled the same in Pinyin."""
    return frozenset(
        name
        for row in _rows()
        for name in row[3:]
        if name != row[2]
        and len(name) >= _SHORTEST_TOWN
        and not (name == row[4] != row[3] and is_pinyin(name))
    )


def is_division_of_taiwan(text: str) -> bool:
    """Whether a segment is a town of Taiwan in any romanisation with the word for its kind: ``Zhonghe City``."""
    return any(
        len(part) > 1 and part[-1] in _KINDS_OF_DIVISION and "".join(part[:-1]) in _all_towns()
        for part in _parts(text)
    )


@lru_cache
def _rows() -> tuple[tuple[str, ...], ...]:
    lines = utf8_text(resource_dir("data/reference") / "taiwan_names.tsv").splitlines()[1:]
    rows = (tuple(line.split("\t")) for line in lines)
    return tuple(row for row in rows if len(row) == _FIELDS)


# The largest places of Taiwan in Pinyin and in Wade-Giles, which a misspelt name may mean as well as a mainland city's.
COUNTIES = words(
    "taibei taipei taoyuan xinzhu hsinchu miaoli taizhong taichung zhanghua changhua nantou yunlin jiayi chiayi tainan "
    "gaoxiong kaohsiung pingdong pingtung hualian hualien taidong taitung jilong keelung yilan jinmen kinmen penghu "
    "zhubei chupei zhongli chungli banqiao panchiao"
)
