"""Chinese for what the tables hold in English: the audit of the paper's claims, what checks look for, faults of files.

``catalogues/texts.zh.toml`` holds them. Each text written by hand has a digest of its English beside it, so that a
changed English text cannot keep a Chinese one that nobody has looked at: a test compares them. The paper's own words
are quotes and stay as they are.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from bri_pipeline.report import numbers
from bri_pipeline.report.language import Language, language

_DIGEST_LENGTH = 12
_COUNTRY = re.compile(r"[A-Z]{2}")


@cache
def texts() -> Mapping[str, Any]:
    """The catalogue: ``claims``, ``checks``, ``labels``, ``sources``, ``reasons``, ``phrases``."""
    path = resources.files("bri_pipeline.report").joinpath("catalogues/texts.zh.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def digest(*english: str) -> str:
    """The digest kept beside a Chinese text, of the English it was translated from."""
    return hashlib.sha256("\n".join(english).encode()).hexdigest()[:_DIGEST_LENGTH]


def printed(claim: str, published: str | None) -> str | None:
    """What the paper prints for a claim; numbers stay as they are."""
    return str(texts()["claims"].get(claim, {}).get("published", published)) if published else published


def recomputed(values: Sequence[Mapping[str, Any]]) -> str | None:
    """The numbers found for a claim, each with its name; null where there are none.

    ``values``: label and shown of ``marts.claim_values``, in order.
    """
    nothing = _phrase("no_value")
    shown = [f"{label(v['label'])}：{nothing if v['shown'] == 'none' else v['shown']}" for v in values]
    return "；".join(shown) or None


def explanation(
    claim: str, differing: Sequence[Mapping[str, Any]], unread: tuple[int, int] | None, english: str
) -> str:
    """What the audit found for a claim, after the numbers that differ now.

    Args:
        claim: C01 ...
        differing: rows of ``marts.claim_values`` that do not support the verdict.
        unread: pairs of country and year that have been read, and all of them; null where all have.
        english: what is shown for a claim that the catalogue does not know.
    """
    parts = []
    if differing:
        parts.append(_phrase("differing", values=recomputed(differing)))
        if unread:
            landed, wanted = (numbers.count(pairs) for pairs in unread)
            parts.append(_phrase("unread", landed=landed, all=wanted))
    found = texts()["claims"].get(claim)
    return "".join([*parts, str(found["explanation"]) if found else english])


def label(english: str) -> str:
    """The name of a number of the ledger: of its own, or that of a country, province, region or field."""
    say = language("zh")
    if (own := texts()["labels"].get(english)) is not None:
        return str(own)
    for kind in ("province", "region", "field_paper"):
        if (term := _term(say, kind, english)) is not None:
            return term
    if english.isdigit():
        return _phrase("year", year=english)
    return say.country(english, english) if _COUNTRY.fullmatch(english) else english


def member(english: str) -> str:
    """What an expected value is of: a label; a year is a number."""
    return english if english.isdigit() else label(english)


def check_description(check: str, english: str) -> str:
    """What a check looks for; of one that never lets tables be published with it, where it is written."""
    found = texts()["checks"].get(check)
    return str(found["description"]) if found else _phrase("check", check=check)


def reason(english: str) -> str:
    """Why a document was set aside, without the reader's own words, which the table keeps."""
    for beginning, chinese in texts()["reasons"].items():
        if english.startswith(beginning):
            return str(chinese)
    return _phrase("reason")


def source(english: str) -> str:
    """Where in the paper an expected value is printed."""
    return str(texts()["sources"].get(english, english))


def _phrase(key: str, **values: object) -> str:
    return str(texts()["phrases"][key]).format(**values)


def _term(say: Language, kind: str, english: str) -> str | None:
    term = say.term(kind, english)
    return term if term != english else None
