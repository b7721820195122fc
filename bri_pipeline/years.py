"""Years as runs of consecutive ones."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from bri_pipeline.errors import UserError
from bri_pipeline.visible import brief


def year_blocks(years: Iterable[int]) -> list[tuple[int, int]]:
    """Runs of consecutive years: [2001, 2002, 2005] -> [(2001, 2002), (2005, 2005)]."""
    ordered = sorted(years)
    if not ordered:
        return []
    breaks = [(before, after) for before, after in pairwise(ordered) if after != before + 1]
    starts = [ordered[0], *(after for _, after in breaks)]
    ends = [*(before for before, _ in breaks), ordered[-1]]
    return list(zip(starts, ends, strict=True))


def years_in_words(years: Iterable[int]) -> str:
    """The same for a person: ``2001-2002, 2005``."""
    return ", ".join(f"{first}-{last}" if first != last else str(first) for first, last in year_blocks(years))


def parsed_years(text: str, allowed: range, what: str) -> list[int]:
    """The years of an option: ``2010:2012`` (both included), ``2010``, or several such with commas; rising.

    Args:
        text: what was typed for ``--years``.
        allowed: the years there are.
        what: the allowed years in words, for the error.

    Raises:
        UserError: it is not written so, runs backwards, or leaves the allowed years.
    """
    years: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"([0-9]{1,4})(?::([0-9]{1,4}))?", part.strip())
        if not match:
            raise UserError(
                f"--years is {brief(text)}; write it as 2010:2012, or 2010 for one year, or 2010,2012 for several."
            )
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first or first not in allowed or last not in allowed:
            raise UserError(
                f"--years {part.strip()} must rise and be within {what}, {allowed[0]} to {allowed[-1]}."
            )
        years.update(range(first, last + 1))
    return sorted(years)
