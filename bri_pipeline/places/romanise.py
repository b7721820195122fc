"""Japanese kana and Korean letters in the Latin letters of addresses: Hepburn and Revised Romanisation, plain."""

from __future__ import annotations

import re

_ROWS = {
    "": "アイウエオ",
    "k": "カキクケコ",
    "g": "ガギグゲゴ",
    "s": "サシスセソ",
    "z": "ザジズゼゾ",
    "t": "タチツテト",
    "d": "ダヂヅデド",
    "n": "ナニヌネノ",
    "h": "ハヒフヘホ",
    "b": "バビブベボ",
    "p": "パピプペポ",
    "m": "マミムメモ",
    "r": "ラリルレロ",
}
_KANA = {
    kana: consonant + vowel
    for consonant, row in _ROWS.items()
    for kana, vowel in zip(row, "aiueo", strict=True)
}
_KANA |= {"シ": "shi", "チ": "chi", "ツ": "tsu", "フ": "fu", "ジ": "ji", "ヂ": "ji", "ヅ": "zu", "ヴ": "vu"}
_KANA |= {
    "ヤ": "ya",
    "ユ": "yu",
    "ヨ": "yo",
    "ワ": "wa",
    "ヲ": "o",
    "ン": "n",
    "ー": "",
    "ヱ": "e",
    "ヰ": "i",
}
_SMALL = {"ャ": "a", "ュ": "u", "ョ": "o", "ァ": "a", "ィ": "i", "ゥ": "u", "ェ": "e", "ォ": "o"}
_LONG_VOWELS = re.compile(r"o[ou]+|uu+")


def from_kana(kana: str) -> str:
    """Katakana in Hepburn without marks of length: ``トウキョウト`` is ``tokyoto``."""
    syllables: list[str] = []
    doubled = False
    for sign in kana:
        if sign == "ッ":
            doubled = True
        elif sign in _SMALL and syllables:
            stem = syllables.pop().rstrip("iu")
            joined = "" if stem.endswith(("sh", "ch", "j")) or sign in "ァィゥェォ" else "y"
            syllables.append(stem + joined + _SMALL[sign])
        elif sign in _KANA:
            one = _KANA[sign]
            if doubled:
                syllables.append("t" if one.startswith("ch") else one[:1])
            syllables.append(one)
            doubled = False
    return _LONG_VOWELS.sub(lambda match: match[0][0], "".join(syllables))


_INITIALS = "g kk n d tt r m b pp s ss _ j jj ch k t p h".split()  # noqa: SIM905
_VOWELS = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split()  # noqa: SIM905
_FINALS = "_ k k k n n n t l k m l l l p l m p p t t ng t t k t p t".split()  # noqa: SIM905
_FIRST, _LAST = 0xAC00, 0xD7A3
# How a final and the initial behind it are spoken.
_ASSIMILATED = {
    ("k", "n"): "ngn",
    ("k", "m"): "ngm",
    ("k", "r"): "ngn",
    ("n", "r"): "ll",
    ("l", "n"): "ll",
    ("l", "r"): "ll",
    ("m", "r"): "mn",
    ("ng", "r"): "ngn",
    ("p", "n"): "mn",
    ("p", "m"): "mm",
    ("p", "r"): "mn",
    ("t", "n"): "nn",
    ("t", "m"): "nm",
}
_BEFORE_A_VOWEL = {"k": "g", "t": "d", "p": "b", "l": "r"}


def from_hangul(hangul: str) -> str:
    """Korean in Revised Romanisation: ``종로구`` is ``jongnogu``."""
    text, final = "", "_"
    for sign in hangul:
        if not _FIRST <= ord(sign) <= _LAST:
            continue
        number = ord(sign) - _FIRST
        initial = _INITIALS[number // 588]
        if final != "_":
            both = _ASSIMILATED.get((final, initial))
            if both is None:
                ending = _BEFORE_A_VOWEL.get(final, final) if initial == "_" else final
                both = ending + initial.strip("_")
            text += both
        else:
            text += initial.strip("_")
        text += _VOWELS[number % 588 // 28]
        final = _FINALS[number % 28]
    return text + final.strip("_")
