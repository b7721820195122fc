"""How many inventors write from a place: the patent applications of its city or province, by population.

Populations alone put a county of a million before a district of Shenzhen; inventors are elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bri_pipeline.csv_rows import csv_rows
from bri_pipeline.errors import UserError

# Of the people of a town few name it without its county; of a town of unknown size this many live there.
_WRITES_THE_TOWN = 0.2
_USUAL_TOWN = 10_000
# A provincial capital without a count of its own: its universities apply for more than the rest of the province.
_CAPITAL = 3.0


@dataclass(frozen=True)
class Rates:
    """Applications of provinces, and applications per person of cities and of the rest of each province."""

    totals: Mapping[str, int]
    rest: Mapping[str, float]
    cities: Mapping[tuple[str, str], float]
    capitals: frozenset[tuple[str, str]]

    @classmethod
    def load(cls, path: Path) -> Rates:
        """Read ``place_applications.csv``: ``province, city, capital, applications, thousand`` (people).

        Raises:
            UserError: the file is missing or holds something else than a number; names file and line.
        """
        totals: dict[str, int] = {}
        people: dict[str, int] = {}
        cities: dict[tuple[str, str], float] = {}
        capitals: set[tuple[str, str]] = set()
        listed: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for line, row in csv_rows(path, ("province", "city", "capital", "applications", "thousand")):
            province, city = row["province"], row["city"]
            try:
                count, inhabited = int(row["applications"]), int(row["thousand"]) * 1000
            except ValueError:
                raise UserError(
                    f"{path.name}, line {line}: applications and thousand must be numbers; correct them."
                ) from None
            if city:
                cities[province, city] = count / inhabited
                listed[province].append((count, inhabited))
            else:
                totals[province], people[province] = count, inhabited
                capitals.add((province, row["capital"]))
        rest = {
            iso: (count - sum(one[0] for one in listed[iso]))
            / (people[iso] - sum(one[1] for one in listed[iso]))
            for iso, count in totals.items()
        }
        return cls(totals, rest, cities, frozenset(capitals))

    def applications(self, province: str, city: str, people: int, kind: str) -> float:
        """What might come from a place of so many people in a city of a province."""
        rate = self.cities.get((province, city), self.rest.get(province, 0.0))
        if (province, city) in self.capitals:
            rate *= _CAPITAL
        if kind == "town":
            return max(people, _USUAL_TOWN) * rate * _WRITES_THE_TOWN
        return people * rate

    def province(self, iso: str) -> float:
        """What comes from a province as a whole."""
        return float(self.totals.get(iso, 0))
