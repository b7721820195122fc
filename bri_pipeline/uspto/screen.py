"""Finds the documents that may have an inventor of a focal country, before anything is parsed.

Nineteen of twenty documents of a week have none, and parsing them would be most of the work. The rule is
simple enough to be sure of: a document is passed over only if **every** country code written anywhere in it
is plainly another one, that is two capital letters (or ``omitted``, ``unknown``) directly between the tags,
blanks allowed. Lower case, three letters (``CNX``, ``CHN``), character references, CDATA, comments or
attributes on the element are not plain, and lead to the parser; so does the code as country of an applicant
or a priority.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

from bri_pipeline.uspto.split import Stretch


def suspects(stretch: Stretch, focal_countries: frozenset[str]) -> set[int]:
    """Places of the documents of a stretch that must be parsed to know the countries of their inventors."""
    pattern = _suspicious(focal_countries)
    return {
        bisect_right(stretch.bounds, match.start()) - 1
        for match in pattern.finditer(stretch.buffer, stretch.bounds[0], stretch.bounds[-1])
    }


@lru_cache
def _suspicious(focal_countries: frozenset[str]) -> re.Pattern[bytes]:
    """A country element that is not plainly another country.

    Where the US is focal, ``residence-us`` of 2001-2004 is suspicious too: its code may be missing.
    """
    blank = r"[ \t\r\n]*"
    other = rf"(?!{'|'.join(sorted(map(re.escape, focal_countries))) or '-'})[A-Z][A-Z]"
    plain = (
        rf">{other}</country"
        rf"|>{blank}(?:<country-code>|(?:{other}|omitted|unknown){blank}</country)"
    )
    country = rf"<country(?:-code)?+(?!{plain})"
    return re.compile((country + "|<residence-us" if "US" in focal_countries else country).encode())
