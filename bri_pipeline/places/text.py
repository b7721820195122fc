"""Reading a raw address string: one plain form, segments and words.

``Wuxi City\\n  Jiangsu 214122`` becomes the segments ``[["wuxi", "city", "jiangsu", "214122"]]``. Nothing here
knows a place name.
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
_WORD = re.compile(r"[a-z']+|\d+(?:[-/]\d+)*[a-z]?")


def plain(raw: str) -> str:
    """The string without accents, exotic apostrophes and runs of blanks (line breaks included)."""
    composed = unicodedata.normalize("NFKC", raw)
    decomposed = unicodedata.normalize("NFKD", composed) if not CJK.search(composed) else composed
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(_APOSTROPHES.sub("'", bare).split())


def key(text: str) -> str:
    """Letters only, lower case: ``Xi'an`` and ``XI AN`` meet in ``xian``."""
    return "".join(char for char in text.lower() if "a" <= char <= "z")


def segments(text: str) -> list[list[str]]:
    """Words per segment of a plain string; digits stay words of their own.

    Segments end at commas, semicolons, brackets and slashes. An apostrophe between syllables vanishes
    (``xi'an`` → ``xian``); hyphens and capitals inside a word part syllables (``Nan-Jing`` → ``nan jing``).
    """
    joined = _ABBREVIATION.sub(lambda match: " " + re.sub(r"[.\s]", "", match.group()) + " ", text)
    found = []
    for part in _SEPARATORS.split(_CAMEL.sub(" ", joined)):
        lowered = _SYLLABLE_APOSTROPHE.sub("", part.lower())
        words = [word.strip("'") for word in _WORD.findall(lowered)]
        if any(words):
            found.append([word for word in words if word])
    return found
