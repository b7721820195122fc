"""Finds the places named in an address, in Latin letters or in Chinese characters."""

from __future__ import annotations

import re
from typing import NamedTuple

from bri_pipeline.places.characters import simplified
from bri_pipeline.places.gazetteer import MUNICIPALITIES, Gazetteer, Place, province_place
from bri_pipeline.places.pinyin import is_syllable
from bri_pipeline.places.text import CJK, key, segments
from bri_pipeline.places.vocabulary import (
    BUILDINGS,
    DIRECTIONS,
    GLUED,
    INSTITUTIONS,
    KINDS_OF_SUFFIX,
    NOISE,
    STREETS,
    SUFFIXES,
)

_LONGEST = 8
# Words of a name that is written twice, at least.
_TWICE = 3
# Letters of two names written together, and of the shorter one.
_TWO_NAMES = 9
_SHORTEST_PART = 4
_POST_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
_CHINESE_STREET = re.compile(r"[东西中南北]?(?:路|街|大道|大街|胡同)")
_CHINESE_INSTITUTION = re.compile(r"(?:大学|学院|公司|集团|研究|电子|科技)")
_NOT_LATIN = re.compile(r"[^\x00-\x7f]+")
_LATIN_NAME = re.compile(r"[A-Za-z]{3}")
_CHINESE_SUFFIX = {
    "市": "city",
    "区": "district",
    "县": "county",
    "省": "province",
    "镇": "town",
    "乡": "town",
}


# Words that make the name before them that of an area laid out lately, which may be anywhere.
_NEW = frozenset({"new", "industry", "logistics"})
_AREAS = frozenset({"district", "area", "zone", "park", "town"})
# A syllable as Wade and Giles write it.
_ONE_SYLLABLE = re.compile(r"[^aeiou]*[aeiou]{1,3}(?:ng|n|h)?")


class Mention(NamedTuple):
    """One place name found, and the places it may mean.

    ``tier`` is how the spelling was known: province, curated, division, spelling, town; ``institution``: whether it is
    the name of a university, company or building, and ``building``: of a building or zone, which may be anywhere.
    """

    text: str
    key: str
    places: tuple[Place, ...]
    tier: str
    suffix: str = ""
    institution: bool = False
    building: bool = False
    minor: tuple[Place, ...] = ()

    @property
    def provinces(self) -> frozenset[str]:
        """Provinces the name may be in, less known places of the name included."""
        return frozenset(place.province for place in (*self.places, *self.minor))

    def within(self, provinces: frozenset[str]) -> Mention:
        """The same name, said to be in one of these provinces."""
        places = tuple(place for place in self.places if place.province in provinces)
        minor = tuple(place for place in self.minor if place.province in provinces)
        return self._replace(places=places or minor, minor=minor if places else ())


class Reading(NamedTuple):
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
    code = _POST_CODE.search(text)
    wholes = tuple([key("".join(words)) for words in parts])
    return Reading(tuple(mentions), tuple(unread), code and code.group(), "".join(wholes), wholes)


def _read_segment(gazetteer: Gazetteer, words: list[str]) -> tuple[list[Mention], list[str]]:
    mentions: list[Mention] = []
    unread: list[str] = []
    at = 0
    while at < len(words):
        mention, end = _longest(gazetteer, words, at)
        if mention is None:
            if _names_a_building(words, at):
                at += 1
                continue
            if words[at][0].isalpha() and words[at] not in NOISE and not (mentions and words[at] in SUFFIXES):
                unread.append(words[at])
            at += 1
            continue
        if not _is_street(words, end):
            is_area = mention.tier == "division" and _is_new_area(words, end)
            building = is_area or (end < len(words) and words[end] in BUILDINGS)
            # A building may be named after any city; after a village or in an old spelling it says nothing.
            if not building:
                mentions.append(mention)
            elif mention.tier not in ("town", "spelling"):
                mentions.append(mention._replace(institution=True, building=True))
        at = end
    if not mentions and len(words) > 1:
        # Blanks in the wrong place: "Xi'a n".
        whole = _known(gazetteer, " ".join(words), key("".join(words)), "")
        mentions, unread = ([whole], []) if whole is not None and whole.tier == "division" else ([], unread)
    # A town known by name only is believed when the segment holds nothing else.
    if unread or len(mentions) > 1:
        dropped = [one for one in mentions if one.tier == "town" and one.suffix != "town"]
        unread += [one.key for one in dropped if len(mentions) == 1]
        mentions = [one for one in mentions if one not in dropped]
    return _with_institutions(mentions, words), unread


def _longest(gazetteer: Gazetteer, words: list[str], start: int) -> tuple[Mention | None, int]:
    """The mention starting at a word, the longest first; a town yields to a shorter division."""
    town: tuple[Mention | None, int] = (None, start + 1)
    for end in range(_end_of_words(words, start), start, -1):
        after = SUFFIXES.get(words[end], "") if end < len(words) else ""
        mention = _lookup(gazetteer, words[start:end], after)
        if mention is None:
            continue
        end = _after_suffix(words, end, mention)
        if mention.tier != "town":
            return mention, end
        if town[0] is None:
            town = (mention, end)
    return town


def _end_of_words(words: list[str], start: int) -> int:
    """Where a name starting at a word must end: before a number, or at the longest name's length."""
    last = min(len(words), start + _LONGEST)
    for end in range(start, last):
        if words[end] < "a":
            return end
    return last


def _after_suffix(words: list[str], end: int, mention: Mention) -> int:
    while end < len(words) and words[end] in SUFFIXES:
        # "Yanta Xian": no county is called so, hence Xi'an and not a suffix.
        if words[end] == "xian" and not any(place.kind in ("county", "town") for place in mention.places):
            break
        end += 1
    return end


def _lookup(gazetteer: Gazetteer, span: list[str], suffix: str) -> Mention | None:
    name = "".join(span)
    if len(span) > _TWICE and span[: len(span) // 2] == span[len(span) // 2 :]:
        return None  # "Xi an Xi an" is a city twice, and not the county Xianxian
    if name not in gazetteer.known:
        return _altered(gazetteer, span, suffix)
    text = " ".join(span)
    if name in gazetteer.curated and not _better_division(gazetteer, name, suffix):
        return Mention(text, name, gazetteer.curated[name], "curated", suffix)
    if suffix == "county" and is_syllable(name) and _needs_suffix(gazetteer, name):
        return _altered(gazetteer, span, suffix)
    if len(name) < 3 or not NOISE.isdisjoint(span):
        return None
    if len(span) == 1 and span[0] in SUFFIXES and span[0] != "xian":
        return None
    found = _known(gazetteer, text, name, suffix)
    if found is not None and len(span) > 1 and span[-1] in SUFFIXES:
        return _with_stem(gazetteer, found, span)
    return found


def _altered(gazetteer: Gazetteer, span: list[str], suffix: str) -> Mention | None:
    """A name with its suffix glued on (``nanjingshi``), or one that needs it (``Feng County``: Fengxian)."""
    if len(span) > 1 or span[0] in NOISE:
        return None
    name = span[0]
    if suffix == "county" and is_syllable(name) and _needs_suffix(gazetteer, name):
        return Mention(name, name, gazetteer.divisions[name + "xian"], "division", suffix)
    return _unglue(gazetteer, name, name)


def _needs_suffix(gazetteer: Gazetteer, name: str) -> bool:
    counties = any(place.kind == "county" for place in gazetteer.divisions.get(name, ()))
    return name + "xian" in gazetteer.divisions and not counties


def _with_stem(gazetteer: Gazetteer, found: Mention, span: list[str]) -> Mention:
    """``Ji'an Shi`` is the city Ji'an or Jianshi spaced: both stay possible."""
    suffix = SUFFIXES[span[-1]]
    stem = _known(gazetteer, " ".join(span[:-1]), key("".join(span[:-1])), suffix)
    if stem is None or stem.suffix != suffix or stem.tier != "division" or found.tier == "town":
        return stem if stem is not None and found.tier == "town" and stem.tier == "division" else found
    return found._replace(places=tuple(dict.fromkeys((*stem.places, *found.places))))


def _better_division(gazetteer: Gazetteer, name: str, suffix: str) -> bool:
    kinds = KINDS_OF_SUFFIX.get(suffix, frozenset())
    return any(place.kind in kinds for place in gazetteer.divisions.get(name, ()))


def _known(gazetteer: Gazetteer, text: str, name: str, suffix: str) -> Mention | None:
    iso = gazetteer.province_keys.get(name)
    municipality = iso in MUNICIPALITIES
    if iso is not None and (municipality or suffix in ("", "province")):
        place = province_place(gazetteer.provinces[iso], gazetteer.rates)
        return Mention(text, name, (place,), "province", suffix)
    known: list[tuple[str, tuple[Place, ...]]] = []
    for names, tier in (
        (gazetteer.divisions, "division"),
        (gazetteer.spellings, "spelling"),
        (gazetteer.towns, "town"),
    ):
        if name in names:
            known.append((tier, names[name]))
    if not known:
        return None
    tier, places = known[0]
    fitting = _fitting(places, suffix)
    if tier == "town" and not fitting:
        return None
    # One syllable of Wade and Giles is half of another name far more often than a county.
    if tier == "spelling" and not suffix and (is_syllable(name) or _ONE_SYLLABLE.fullmatch(name)):
        return None
    minor = tuple(place for _, others in known[1:] for place in others)
    if suffix == "town" and tier == "division" and (towns := _fitting((*places, *minor), suffix)):
        # Changping Town is in Dongguan and elsewhere, and not Beijing's district.
        others = tuple(place for place in places if place not in towns)
        return Mention(text, name, towns, "town", suffix, minor=others)
    kept = fitting or places
    return Mention(text, name, kept, tier, suffix if fitting else "", minor=minor)


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
    return _parted(gazetteer, text, name) if len(name) >= _TWO_NAMES else None


def _parted(gazetteer: Gazetteer, text: str, name: str) -> Mention | None:
    """``shenzhenguangdong``, ``haidiandistrictbeijing``: a division written together with its province."""
    for at in range(_SHORTEST_PART, len(name) - _SHORTEST_PART + 1):
        for division, province in ((name[:at], name[at:]), (name[at:], name[:at])):
            iso = gazetteer.province_keys.get(province.removesuffix("province"))
            if iso is None:
                continue
            found = _known(gazetteer, text, division, "") or _unglue(gazetteer, text, division)
            if found is not None and iso in found.provinces and found.tier in ("division", "province"):
                return found.within(frozenset({iso}))
    return None


def _is_street(words: list[str], end: int) -> bool:
    while end < len(words) and words[end] in DIRECTIONS:
        end += 1
    return end < len(words) and words[end] in STREETS


def _names_a_building(words: list[str], at: int) -> bool:
    """Whether a word is, with the one behind it at most, the name of a building: Nan Fung Tower."""
    return not BUILDINGS.isdisjoint(words[at + 1 : at + 3])


def _is_new_area(words: list[str], end: int) -> bool:
    """Whether words behind a name make it that of a new quarter or an industrial zone: Tianfu New District."""
    behind = words[end : end + 2]
    return len(behind) > 1 and behind[0] in _NEW and behind[1] in _AREAS


def _with_institutions(mentions: list[Mention], words: list[str]) -> list[Mention]:
    """Mark names that belong to a university or company: ``Nanjing University``."""
    if INSTITUTIONS.isdisjoint(words):
        return mentions
    return [one._replace(institution=one.institution or _names_one(one, words)) for one in mentions]


def _names_one(mention: Mention, words: list[str]) -> bool:
    if mention.places[0].kind == "university":
        return True
    last = mention.text.split()[-1]
    after = words[words.index(last) + 1 :] if last in words else words
    return not INSTITUTIONS.isdisjoint(after)


def read_chinese(gazetteer: Gazetteer, text: str) -> Reading:
    """Read a string with Chinese characters: the longest known name at each place, left to right."""
    latin = _NOT_LATIN.sub(" ", text)
    beside = read_latin(gazetteer, latin).mentions if _LATIN_NAME.search(latin) else ()
    text = simplified("".join(text.split()))
    mentions: list[Mention] = []
    at = 0
    while at < len(text):
        mention, end = _longest_chinese(gazetteer, text, at)
        if mention is not None and not _CHINESE_STREET.match(text, end) and not _borrowed(mention):
            mentions.append(mention)
        at = end
    code = _POST_CODE.search(text)
    mentions += beside
    unread = () if mentions else tuple(CJK.findall(text))
    return Reading(tuple(mentions), unread, code.group() if code else None, text, (text,))


def _borrowed(mention: Mention) -> bool:
    """A village's name in a company's is chance."""
    return mention.institution and mention.tier == "town"


def _longest_chinese(gazetteer: Gazetteer, text: str, start: int) -> tuple[Mention | None, int]:
    for end in range(min(len(text), start + 12), start + 1, -1):
        name = text[start:end]
        places = _chinese_places(gazetteer, name)
        if places:
            suffix = _CHINESE_SUFFIX.get(name[-1], "") if name in gazetteer.chinese else ""
            tier = "town" if all(place.kind == "town" for place in places) else "division"
            tier = "province" if places[0].kind == "province" else tier
            institution = bool(_CHINESE_INSTITUTION.search(text, end)) or places[0].kind == "university"
            return Mention(name, name, places, tier, suffix, institution), end
    return None, start + 1


def _chinese_places(gazetteer: Gazetteer, name: str) -> tuple[Place, ...]:
    """Places of a name: 中山 is the city 中山市 before villages listed as 中山, 长安镇 also what is listed as 长安."""
    places = gazetteer.chinese.get(name, ())
    if any(place.kind != "town" for place in places):
        return places
    fuller = gazetteer.chinese_stems.get(name, ())
    if any(place.kind != "town" for place in fuller):
        return fuller
    shorter = gazetteer.chinese.get(name[:-1], ()) if name[-1] in "镇乡" else ()
    return (*places, *fuller, *(place for place in shorter if place.kind == "town"))
