"""Names one slip from a word, found without comparing it with every name.

A word and a name that differ by one letter dropped, added, replaced or swapped with its neighbour share what is left
when a letter is dropped from either; so names are kept by their remainders.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from rapidfuzz.distance import OSA


def remainders(name: str) -> set[str]:
    """The name itself and what is left of it without one of its letters."""
    return {name, *(name[:at] + name[at + 1 :] for at in range(len(name)))}


def grouped(names: Iterable[str], keys: Callable[[str], Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Names by each of their keys."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name in names:
        for one in keys(name):
            groups[one].append(name)
    return {one: tuple(members) for one, members in groups.items()}


def sharing_a_remainder(name: str, by_remainder: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Names that may be one slip away; some are two."""
    return {one for left in remainders(name) for one in by_remainder.get(left, ())}


def is_one_slip(name: str, other: str) -> bool:
    """Whether two words differ by one slip (optimal string alignment)."""
    return OSA.distance(name, other, score_cutoff=1) <= 1
