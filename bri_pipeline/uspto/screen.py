"""Finds the documents that may have an inventor of a focal country, before anything is parsed.

Nineteen of twenty documents of a week have none, and parsing them would be most of the work. The rule is simple
enough to be sure of: a document is passed over only if **every** country code written anywhere in it is plainly
another one, that is two capital letters (or ``omitted``, ``unknown``) directly between the tags, blanks allowed;
codes that the table of wrong and legacy codes reads as a focal country count as its own. Lower case, three letters
(``CNX``, ``CHN``), character references, CDATA, comments or attributes on the element are not plain, and lead to the
parser; so does the code as country of an applicant or a priority.

A document that declares an entity with a text of its own is parsed, since its country may be in it; so is one whose
country tag breaks off, within its name (``<cou</address>``) or behind it, one that begins or ends a country with a
broken tag (``<cXuntry>DE</country>``, ``<country>DE</contry>``), and one with a focal code at the end of any element.

The bytes are searched by Hyperscan, three times as fast as by ``re``. It knows no lookahead, so the expression
spells out every way of not being plain.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

import hyperscan

from bri_pipeline.publication.countries import codes_read_as
from bri_pipeline.uspto.split import Root, Stretch

_BLANK = r" \t\r\n"


class Beginning(NamedTuple):
    """What the beginning of a document, up to its root, says of the countries that can be in it."""

    is_patdoc: bool
    declares_entities: bool

    @classmethod
    def of(cls, root: Root) -> Beginning:
        """Of a document with this root."""
        declares = re.search(_DECLARED_ENTITY.encode(), root.opening) is not None
        return cls(root.name == b"PATDOC", declares)


class Screen:
    """Searches for documents that must be parsed to know the countries of their inventors.

    Not to be shared by threads.
    """

    def __init__(
        self, focal_countries: frozenset[str], usual: Beginning | None = None, also: str | None = None
    ) -> None:
        """``usual``: what all documents to be searched begin with, which makes the search quicker.

        ``also`` is a further expression that ``both`` looks for in the same search.
        """
        self._database = _database(focal_countries, usual, also)
        self._scratch = hyperscan.Scratch(self._database)

    def suspects(self, stretch: Stretch) -> set[int]:
        """Places of the documents of a stretch that are not to be passed over."""
        return self.both(stretch)[0]

    def both(self, stretch: Stretch) -> tuple[set[int], set[int]]:
        """Places of the suspects, and of the documents in which the further expression is found."""
        begin, end = stretch.bounds[0], stretch.bounds[-1]
        documents: Any = memoryview(stretch.buffer)[begin:end]  # which the stubs of hyperscan do not know
        found: tuple[list[int], list[int]] = ([], [])
        self._database.scan(documents, _note_end, context=found, scratch=self._scratch)
        # What is found ends in the document it begins in, unless that breaks off; without an end tag it is parsed.
        suspects, others = (
            {bisect_right(stretch.bounds, begin + match_end - 1) - 1 for match_end in ends} for ends in found
        )
        return suspects, others


def _note_end(expression: int, _start: int, end: int, _flags: int, found: Any) -> None:
    found[expression].append(end)


@lru_cache
def _database(
    focal_countries: frozenset[str], usual: Beginning | None, also: str | None
) -> hyperscan.Database:
    database = hyperscan.Database()
    expressions = [suspicious(focal_countries, usual).encode(), *([also.encode()] if also else [])]
    ids, flags = list(range(len(expressions))), [0] * len(expressions)
    database.compile(expressions=expressions, ids=ids, elements=len(expressions), flags=flags)
    return database


def suspicious(focal_countries: frozenset[str], usual: Beginning | None = None) -> str:
    """A country element that is not plainly another country, as a regular expression without lookahead.

    Left out is what no document with the usual beginning can hold: it declares its entities there, and only grants of
    2002 to 2004 have their form of countries.

    Where the US is focal, ``residence-us`` of 2001-2004 is suspicious too, as its code may be missing, and every
    grant of 2002-2004, which prints no country for those who live there.
    """
    codes = sorted(map(re.escape, codes_read_as(focal_countries)))
    end_tag = f"{_other_than('</country', _BLANK)}|</country(?:[^>{_BLANK}\\-]|-[^c])"
    other_content = "|".join(
        (
            rf"[^A-Zou<{_BLANK}]",
            f"<{_other_than('country-code>')}",
            f"o{_other_than('mitted')}",
            f"u{_other_than('nknown')}",
            f"(?:omitted|unknown|[A-Z][A-Z])[{_BLANK}]*(?:{end_tag})",
            "[A-Z][^A-Z]",
            *codes,
        )
    )
    # In one expression with the tag that breaks off, which apart would slow the search four times.
    content = rf"[^>\-]|-{_other_than('code>')}|(?:-code)?>[{_BLANK}]*(?:{other_content})"
    country = rf"<cou(?:[^n]|n(?:[^t]|t(?:[^ry]|r(?:[^y]|y(?:{content})))))"
    parts = [country, "(?:<co|<c|<)<", *(f"{code}[{_BLANK}]*<" for code in codes), _BROKEN_TAG]
    if usual is None or usual.is_patdoc:
        parts.append(_patdoc_country(codes))
    if usual is None or usual.declares_entities:
        parts.append(_DECLARED_ENTITY)
    if "US" in focal_countries:
        parts += ["<residence-us", "<PATDOC"]
    return "|".join(parts)


# Not those of drawings, which are external, nor the lists of characters.
_DECLARED_ENTITY = rf"<!ENTITY[{_BLANK}]+(?:%[{_BLANK}]+)?[^{_BLANK}>%]+[{_BLANK}]+[\"']"


def _not_ending(*words: str) -> str:
    """A pattern for the end of a text that ends in none of these words; no two of them end in the same letter."""
    last = "".join(word[-1] for word in words)
    shared = [f"[^{word[at]}]{word[at + 1 :]}" for word in words for at in reversed(range(len(word) - 1))]
    return "|".join((f"[^{last}]", *shared))


# A code before an end tag like a country's, but behind no start tag of one: "<cXuntry>DE</country>".
_BROKEN_TAG = rf"(?:{_not_ending('<country', '-code')})>\n?[A-Z][A-Z]</c"
_BROKEN_PATDOC_TAG = "[^C]TRY>|[^</]CTRY>|<CT[^R]|<CTR[^Y]"


def _patdoc_country(codes: Iterable[str]) -> str:
    """The same of grants of 2002 to 2004: ``<CTRY><PDAT>CN</PDAT></CTRY>``."""
    other_content = "|".join(
        (
            rf"[^A-Z{_BLANK}]",
            "[A-Z][^A-Z]",
            f"[A-Z][A-Z][{_BLANK}]*{_other_than('</PDAT', _BLANK)}",
            *codes,
        )
    )
    before = rf"[^<{_BLANK}]|<{_other_than('PDAT>')}"
    country = rf"<CTRY(?:[^>]|>[{_BLANK}]*(?:{before}|<PDAT>[{_BLANK}]*(?:{other_content})))"
    return f"{country}|{_BROKEN_PATDOC_TAG}"


def _other_than(text: str, nor: str = "") -> str:
    """The first character in which something differs from a text, and what it shares with it before that.

    Args:
        text: what must not be there.
        nor: characters that the first one must not be either.
    """
    begins_differently = f"[^{re.escape(text[0])}{nor}]"
    differs_later = (f"{re.escape(text[:place])}[^{re.escape(text[place])}]" for place in range(1, len(text)))
    return f"(?:{'|'.join((begins_differently, *differs_later))})"
