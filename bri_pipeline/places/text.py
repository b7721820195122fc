"""Reading a raw address string: one plain form, segments and words.

``WuXi City,  Jiangsu 214122`` becomes ``[["wu", "xi", "city"], ["jiangsu", "214122"]]``. Nothing here knows a
place name.
"""

from __future__ import annotations

import re
import unicodedata

CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_APOSTROPHES = re.compile(r"[’‘`´ʼʻ′＇ˈ]")
_SYLLABLE_APOSTROPHE = re.compile(r"(?<=[a-z])'(?=[a-z])")
# A capital inside a word starts a new one: ``ShenZhen``, ``JiangsuProvince``; ``NANJING`` stays whole.
_CAMEL = re.compile(r"(?<=[a-z]{2})(?=[A-Z][a-z])")
_ABBREVIATION = re.compile(r"\b(?:[A-Za-z]\.\s?){2,}[A-Za-z]?\b\.?|\b[A-Za-z](?:\.\s?[A-Za-z])+\b\.?")
_SEPARATORS = re.compile(r"[,;:()\[\]{}<>|/\\，、；：（）。]+")
_COUNTRY = re.compile(
    r"\b(?:the\s+)?people'?s?'?\s+rep(?:ublic|ub|\.)?(?:\s+of)?\s+china\b|\bp\.?\s?r\.?\s*(?:of\s+)?china\b",
    re.IGNORECASE,
)
_NOT_LETTERS = re.compile(r"[^a-z]+")
_WORD = re.compile(r"[a-z]+|\d+(?:[-/]\d+)*[a-z]?")
# Letters that are not another one with an accent, and what is written instead of them.
_LETTERS = str.maketrans(
    {"Ł": "L", "ł": "l", "Ø": "O", "ø": "o", "Đ": "D", "đ": "d", "Ð": "D", "ð": "d", "Ħ": "H", "ħ": "h", "ı": "i",
     "Ə": "A", "ə": "a", "Æ": "Ae", "æ": "ae", "Œ": "Oe", "œ": "oe", "Þ": "Th", "þ": "th"}
)  # fmt: skip


def plain(raw: str) -> str:
    """The string without accents, exotic apostrophes and runs of blanks (line breaks included)."""
    if raw.isascii():
        return " ".join(raw.replace("`", "'").split())
    composed = unicodedata.normalize("NFKC", raw)
    decomposed = unicodedata.normalize("NFKD", composed) if not CJK.search(composed) else composed
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(_APOSTROPHES.sub("'", bare).split())


def latin(raw: str) -> str:
    """The plain string in the letters of English: ``Łódź`` is Lodz, ``Aydın`` Aydin."""
    return plain(raw if raw.isascii() else raw.translate(_LETTERS))


def key(text: str) -> str:
    """Letters only, lower case: ``Xi'an`` and ``XI AN`` meet in ``xian``."""
    lowered = text.lower()
    return lowered if lowered.isascii() and lowered.isalpha() else _NOT_LETTERS.sub("", lowered)


def segments(text: str) -> list[list[str]]:
    """Words per segment of a plain string; digits stay words of their own.

    The People's Republic's own name is left out. Segments end at commas, semicolons, brackets and slashes. An
    apostrophe between syllables vanishes (``xi'an`` → ``xian``); hyphens and capitals inside a word part
    syllables (``Nan-Jing`` → ``nan jing``).
    """
    joined = _COUNTRY.sub(" , ", text) if "china" in text.lower() else text
    if "." in joined:
        joined = _ABBREVIATION.sub(lambda match: " " + re.sub(r"[.\s]", "", match.group()) + " ", joined)
    if not (joined.istitle() or joined.isupper()):
        joined = _CAMEL.sub(" ", joined)
    lowered = joined.lower()
    if "'" in lowered:
        lowered = _SYLLABLE_APOSTROPHE.sub("", lowered).replace("'", " ")
    return [words for part in _SEPARATORS.split(lowered) if (words := _WORD.findall(part))]
