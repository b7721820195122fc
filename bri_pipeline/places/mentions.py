"""Finds the places named in an address, in Latin letters or in Chinese characters."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bri_pipeline.places.gazetteer import Gazetteer, Place
from bri_pipeline.places.text import CJK, key, segments
from bri_pipeline.places.traditional import simplified
from bri_pipeline.places.vocabulary import (
    DIRECTIONS,
    GLUED,
    INSTITUTIONS,
    KINDS_OF_SUFFIX,
    NOISE,
    STREETS,
    SUFFIXES,
)

_LONGEST = 8
_POST_CODE = re.compile(r"\d{6}")
_CHINESE_STREET = re.compile(r"[东西中南北]?(?:路|街|大道|大街|胡同)")
_CHINESE_INSTITUTION = re.compile(r"(?:大学|学院|公司|集团|研究|电子|科技)")
_CHINESE_SUFFIX = {
    "市": "city",
    "区": "district",
    "县": "county",
    "省": "province",
    "镇": "town",
    "乡": "town",
}


@dataclass(frozen=True)
class Mention:
    """One place name found, and the places it may stand for.

    ``tier`` is how the spelling was known: province, curated, division, spelling, town.
    """

    text: str
    key: str
    places: tuple[Place, ...]
    tier: str
    suffix: str = ""
    institution: bool = False

    @property
    def provinces(self) -> frozenset[str]:
        """Provinces the name may lie in."""
        return frozenset(place.province for place in self.places)


@dataclass(frozen=True)
class Reading:
    """What an address names, and the words it leaves unread."""

    mentions: tuple[Mention, ...]
    unread: tuple[str, ...]
    post_code: str | None
    key: str
    whole_segments: tuple[str, ...]


def read_latin(gazetteer: Gazetteer, text: str) -> Reading:
    """Read a plain string in Latin letters."""
    mentions: list[Mention] = []
    unread: list[str] = []
    parts = segments(text)
    for words in parts:
        found, left = _read_segment(gazetteer, words)
        mentions += found
        unread += left
    code = next((word for words in parts for word in words if _POST_CODE.fullmatch(word)), None)
    wholes = tuple(key("".join(words)) for words in parts)
    return Reading(tuple(mentions), tuple(unread), code, "".join(wholes), wholes)


def _read_segment(gazetteer: Gazetteer, words: list[str]) -> tuple[list[Mention], list[str]]:
    mentions: list[Mention] = []
    unread: list[str] = []
    at = 0
    while at < len(words):
        mention, end = _longest(gazetteer, words, at)
        if mention is None:
            if key(words[at]) and words[at] not in NOISE and not (mentions and words[at] in SUFFIXES):
                unread.append(words[at])
            at += 1
            continue
        if not _is_street(words, end):
            mentions.append(mention)
        at = end
    # A town known by name only is believed when nothing else stands in the segment.
    if unread or len(mentions) > 1:
        dropped = [one for one in mentions if one.tier == "town" and one.suffix != "town"]
        unread += [one.key for one in dropped if len(mentions) == 1]
        mentions = [one for one in mentions if one not in dropped]
    return _with_institutions(mentions, words), unread


def _longest(gazetteer: Gazetteer, words: list[str], start: int) -> tuple[Mention | None, int]:
    """The mention starting at a word, the longest first; a town yields to a shorter division."""
    town: tuple[Mention | None, int] = (None, start + 1)
    for end in range(min(len(words), start + _LONGEST), start, -1):
        span = words[start:end]
        if any(word[0].isdigit() for word in span):
            continue
        after = SUFFIXES.get(words[end], "") if end < len(words) else ""
        mention = _lookup(gazetteer, span, after)
        if mention is None:
            continue
        end = _after_suffix(words, end, mention)
        if mention.tier != "town":
            return mention, end
        if town[0] is None:
            town = (mention, end)
    return town


def _after_suffix(words: list[str], end: int, mention: Mention) -> int:
    while end < len(words) and words[end] in SUFFIXES:
        # "Yanta Xian": no county is called so, hence Xi'an and not a suffix.
        if words[end] == "xian" and not any(place.kind in ("county", "town") for place in mention.places):
            break
        end += 1
    return end


def _lookup(gazetteer: Gazetteer, span: list[str], suffix: str) -> Mention | None:
    name = key("".join(span))
    text = " ".join(span)
    if name in gazetteer.curated and not _better_division(gazetteer, name, suffix):
        return Mention(text, name, gazetteer.curated[name], "curated", suffix)
    if len(name) < 3 or (len(span) == 1 and span[0] in NOISE | SUFFIXES.keys() - {"xian"}):
        return None
    if any(word in NOISE for word in span):
        return None
    found = _known(gazetteer, text, name, suffix)
    if found is None and len(span) == 1:
        return _unglue(gazetteer, text, name)
    return found


def _better_division(gazetteer: Gazetteer, name: str, suffix: str) -> bool:
    kinds = KINDS_OF_SUFFIX.get(suffix, frozenset())
    return any(place.kind in kinds for place in gazetteer.divisions.get(name, ()))


def _known(gazetteer: Gazetteer, text: str, name: str, suffix: str) -> Mention | None:
    iso = gazetteer.province_keys.get(name)
    municipality = iso in ("CN-BJ", "CN-SH", "CN-TJ", "CN-CQ")
    if iso is not None and (municipality or suffix in ("", "province")):
        city = gazetteer.provinces[iso].name if municipality else None
        place = Place("province", gazetteer.provinces[iso].name, iso, city, 50_000_000, "")
        return Mention(text, name, (place,), "province", suffix)
    for names, tier in (
        (gazetteer.divisions, "division"),
        (gazetteer.spellings, "spelling"),
        (gazetteer.towns, "town"),
    ):
        places = names.get(name, ())
        if places:
            fitting = _fitting(places, suffix)
            return Mention(text, name, fitting or places, tier, suffix if fitting else "")
    return None


def _fitting(places: tuple[Place, ...], suffix: str) -> tuple[Place, ...]:
    kinds = KINDS_OF_SUFFIX.get(suffix)
    return tuple(place for place in places if place.kind in kinds) if kinds else places


def _unglue(gazetteer: Gazetteer, text: str, name: str) -> Mention | None:
    """``nanjingshi``, ``jiangsuprovince``: a suffix written without a blank."""
    for glued in GLUED:
        stem = name.removesuffix(glued)
        if stem != name and len(stem) >= 4:
            found = _known(gazetteer, text, stem, SUFFIXES[glued])
            if found is not None and found.tier in ("division", "province", "spelling"):
                return found
    return None


def _is_street(words: list[str], end: int) -> bool:
    while end < len(words) and words[end] in DIRECTIONS:
        end += 1
    return end < len(words) and words[end] in STREETS


def _with_institutions(mentions: list[Mention], words: list[str]) -> list[Mention]:
    """Mark names that belong to a university or company: ``Nanjing University``."""
    if not any(word in INSTITUTIONS for word in words):
        return mentions
    return [
        Mention(one.text, one.key, one.places, one.tier, one.suffix, institution=_names_one(one, words))
        for one in mentions
    ]


def _names_one(mention: Mention, words: list[str]) -> bool:
    if mention.places[0].kind == "university":
        return True
    last = mention.text.split()[-1]
    after = words[words.index(last) + 1 :] if last in words else words
    return any(word in INSTITUTIONS for word in after)


def read_chinese(gazetteer: Gazetteer, text: str) -> Reading:
    """Read a string with Chinese characters: the longest known name at each place, left to right."""
    text = simplified("".join(text.split()))
    mentions: list[Mention] = []
    at = 0
    while at < len(text):
        mention, end = _longest_chinese(gazetteer, text, at)
        if mention is not None and not _CHINESE_STREET.match(text, end):
            mentions.append(mention)
        at = end
    code = re.search(r"(?<!\d)\d{6}(?!\d)", text)
    unread = () if mentions else tuple(CJK.findall(text))
    return Reading(tuple(mentions), unread, code.group() if code else None, text, (text,))


def _longest_chinese(gazetteer: Gazetteer, text: str, start: int) -> tuple[Mention | None, int]:
    for end in range(min(len(text), start + 12), start + 1, -1):
        name = text[start:end]
        places = gazetteer.chinese.get(name) or gazetteer.chinese_stems.get(name, ())
        if places:
            suffix = _CHINESE_SUFFIX.get(name[-1], "") if name in gazetteer.chinese else ""
            tier = "town" if all(place.kind == "town" for place in places) else "division"
            tier = "province" if places[0].kind == "province" else tier
            institution = bool(_CHINESE_INSTITUTION.search(text, end))
            return Mention(name, name, places, tier, suffix, institution), end
    return None, start + 1
