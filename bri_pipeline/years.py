"""Years as runs of consecutive ones."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise


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
