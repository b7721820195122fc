"""Reading an address outside China: its segments and words, and what words tell of the names before or behind them."""

from __future__ import annotations

import re

from bri_pipeline.places.text import latin
from bri_pipeline.places.vocabulary import BUILDINGS, INSTITUTIONS, STREETS, words

# Words of this length that nothing else explains may be misspelt names.
LONG = 6
_PARTS = re.compile(r"[,;:()\[\]{}/|]+| - |--+")
_WORD = re.compile(r"[a-z]+|\d+")
_INITIALS = re.compile(r"\b([a-z])\.\s?(?=[a-z]\b)")
# Words after a name (Korea, Japan, Scandinavia ...) or before it that say what kind of place it is.
KINDS = words(
    "si shi gun ku gu ken fu to cho chou machi mura dong ro myeon myun eup do pref prefecture city state province "
    "county district kommune stad stadt gemeinde ot ortsteil kreis kr town village region oblast voivodeship "
    "metropolitan special dt distt tal teh sector phase taluk taluka dist tehsil area land "
    "kun koon hu gwangyeok kwangyeok kwangyok gwangyeoksi kwangyeoksi gwangyoksi kwangyoksi"
)
# Kinds that a city has and a division of the country mostly not.
KINDS_OF_CITY = frozenset({"si", "shi"})
# Words after the name of a division, never after that of a city.
KINDS_OF_DIVISION = {"JP": words("ken pref prefecture"), "KR": words("do province"), "IN": words("state")}
# Words after the name of a quarter, township or village below the municipalities; some are also glued to it.
_KINDS_OF_QUARTER = {"JP": words("cho chou chome machi mura"), "KR": words("dong eup myeon myun ri li ga")}
_GLUED_TO_QUARTER = {"JP": ("cho", "chou", "machi"), "KR": ("dong", "eup", "myeon", "myun")}
# Words after the name of a street in single countries.
_STREETS_IN = {"KR": words("ro gil daero beongil"), "JP": words("dori doori")}
DIRECTIONS = words("north south east west central upper lower")
# Points of the compass, which are wards where their kind is written, and else parts of other names.
DIRECTIONS_IN = {"JP": words("higashi nishi kita minami naka chuo")}
# Words that make the name after them another place's: Bad Hamburg is not Hamburg.
MAKES_ANOTHER = words(
    "bad neu gross klein alt hohen ober unter sankt saint st san santa los las new fort mount lake port"
)
NOT_NAMES = words(
    "p o box po c o care of no the and near opp behind off at in de la le les du den der am an im bei st saint san "
    "los las new old north south east west central upper lower nagar"
)
# Words of a segment that names a street, building or company; as such it is no misspelt city.
_NO_CITIES = INSTITUTIONS | STREETS | BUILDINGS | words("strasse weg platz gasse allee ring bld blg build")
_GLUED_STREETS = ("strasse", "str", "weg", "gasse", "allee", "platz")
SAME = (words("st saint sankt"), words("mt mount"), words("ft fort"), words("ste sainte"))


def parts_of(raw: str | None) -> list[list[str]]:
    """Words per segment of an address."""
    lowered = _INITIALS.sub(r"\1", latin((raw or "").replace("ß", "ss")).lower()).replace("'", "")
    parts = (_WORD.findall(part) for part in _PARTS.split(lowered))
    return [part for part in parts if part]


def words_of_name(country: str, part: list[str]) -> list[str]:
    """The words of a segment that may be a misspelt name; none of a street, building or company."""
    no_cities = _NO_CITIES | _STREETS_IN.get(country, frozenset())
    if not no_cities.isdisjoint(part) or any(word.endswith(_GLUED_STREETS) for word in part):
        return []
    bare = [word for word in part if not word.isdigit() and word not in KINDS]
    return bare[1:] if len(bare) > 1 and len(bare[0]) == 1 else bare  # D Goettingen


def is_quarter(country: str, part: list[str]) -> bool:
    """Whether a segment is named as a place below the municipalities is: ``Yeoksam-dong``, ``Kojimachi``."""
    if len(part) > 1 and part[-1] in _KINDS_OF_QUARTER.get(country, frozenset()):
        return True
    return bool(part) and part[-1].endswith(_GLUED_TO_QUARTER.get(country, ())) and len(part[-1]) >= LONG


def is_followed_by_kind_of_quarter(country: str, part: list[str], end: int) -> bool:
    """Whether the word behind a name makes it that of a place below the municipalities."""
    return end < len(part) and part[end] in _KINDS_OF_QUARTER.get(country, frozenset())


def names_a_street(country: str, part: list[str], end: int) -> bool:
    """Whether the word behind a name makes it that of a street, building or company."""
    no_places = STREETS | BUILDINGS | INSTITUTIONS | _STREETS_IN.get(country, frozenset())
    return end < len(part) and part[end] in no_places
