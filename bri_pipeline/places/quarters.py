"""Quarters and villages of Japan and Korea, below the municipalities: the regions that have one of a name.

There are some 100,000 of them, and most addresses name none; so the file is read when one is looked up first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bri_pipeline.csv_rows import utf8_text
from bri_pipeline.errors import UserError

QUARTERS = "quarters.tsv"
COLUMNS = ("country", "region", "keys")
# Countries whose quarters are listed.
WITH_QUARTERS = frozenset({"JP", "KR"})
# Letters of a name at least; shorter ones are syllables of others.
SHORTEST = 4


@dataclass(frozen=True)
class Quarters:
    """The quarters of one country; none where the file has none of it."""

    path: Path
    country: str

    def regions(self, name: str) -> tuple[str, ...]:
        """The regions that have a quarter of a name, which is given as it sounds and with its kind.

        Raises:
            UserError: the file is missing or damaged.
        """
        return self._by_name.get(name, ())

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for number, line in enumerate(utf8_text(self.path).splitlines()[1:], start=2):
            if not line.startswith(self.country):
                continue
            fields = line.split("\t")
            if len(fields) != len(COLUMNS):
                raise UserError(
                    f"{self.path.name}, line {number}: damaged; build it again (data/reference/README.md)."
                )
            for name in fields[2].split():
                found[name].append(fields[1])
        return {name: tuple(regions) for name, regions in found.items()}
