"""Papers and alliances of the worked example beside its patents: what they are, and their tables in plain Python."""

from __future__ import annotations

import csv
import gzip
import json
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from scipy.stats import kendalltau, spearmanr

from tests.end_to_end.studies import REPOSITORY
from tests.end_to_end.worked_tables import END, PARTNERS, START, YEARS, Patent
from tests.openalex.standin import institution, work

ALLIANCES = REPOSITORY / "data" / "studies" / "worked-example.alliances.csv"
# institution -> country, city, province
INSTITUTIONS = {
    1: ("CN", "Nanjing", "CN-JS"),
    2: ("CN", "Beijing", "CN-BJ"),
    3: ("CN", "Nowhere at all", None),
    4: ("SG", "Singapore", None),
    5: ("IN", "Pune", None),
    6: ("IL", "Haifa", None),
    7: ("US", "Boston", None),
}
# day, institutions of the authors, field
PAPERS: list[tuple[str, tuple[int, ...], str | None]] = [
    ("2003-02-01", (1, 4), "Engineering"),
    ("2003-05-09", (1, 2, 4), "Engineering"),
    ("2005-06-11", (2, 5, 5), "Medicine"),
    ("2006-01-01", (1, 1, 6), "Medicine"),
    ("2007-03-03", (1, 4, 5), "Engineering"),
    ("2009-04-04", (3, 4), None),
    ("2010-05-05", (2, 3, 6, 7), "Chemistry"),
    ("2011-06-06", (1, 5), "Engineering"),
    ("2012-07-07", (1, 4), None),
    ("2013-08-08", (2, 4), "Medicine"),
    # no paper of the study: nobody of a partner country, nobody of China, before and after the window
    ("2010-01-01", (1, 7), "Engineering"),
    ("2010-01-01", (4, 7), "Engineering"),
    ("2001-06-30", (1, 4), "Engineering"),
    ("2014-07-01", (1, 4), "Engineering"),
]
PROVINCE_OF_PLACE = {
    "Nanjing": "CN-JS", "Suzhou": "CN-JS", "Wuxi": "CN-JS", "Beijing": "CN-BJ", "Hangzhou": "CN-ZJ",
    "Shanghai": "CN-SH", "Wuhan": "CN-HB",
}  # fmt: skip


@dataclass(frozen=True)
class Item:
    """A patent, a paper or an alliance: the scopes and partner countries it counts in, its year, its field."""

    scopes: frozenset[str]
    partners: frozenset[str]
    year: int
    field: str = "none"

    def members(self, dimension: str) -> set[str]:
        """Of ``country``, ``region`` or ``province``."""
        if dimension == "country":
            return set(self.partners)
        if dimension == "region":
            return {PARTNERS[country] for country in self.partners}
        return set(self.scopes - {"CN"}) or {"unresolved"}


def write_snapshot(folder: Path) -> None:
    """The papers as OpenAlex's snapshot has them."""
    works = [
        work(n, day, *((i, INSTITUTIONS[i][0]) for i in there), field_of_topic=of)
        for n, (day, there, of) in enumerate(PAPERS, start=1)
    ]
    places = [institution(n, country, city) for n, (country, city, _) in INSTITUTIONS.items()]
    for entity, records in (("works", works), ("institutions", places)):
        path = folder / "data" / entity / "updated_date=2024-01-15" / "part_000.gz"
        path.parent.mkdir(parents=True)
        path.write_bytes(gzip.compress("".join(json.dumps(one) + "\n" for one in records).encode()))


def items(patents: Iterable[Patent]) -> dict[str, list[Item]]:
    """Instrument -> its items."""
    return {
        "patents": [
            Item(frozenset(one.scopes), frozenset(one.partners), one.fact.day.year) for one in patents
        ],
        "papers": list(_papers()),
        "alliances": list(_alliances()),
    }


def _papers() -> Iterable[Item]:
    for day, there, of in PAPERS:
        at = [INSTITUTIONS[n] for n in there]
        partners = {country for country, _, _ in at} & PARTNERS.keys()
        if partners and any(country == "CN" for country, _, _ in at) and str(START) <= day <= str(END):
            provinces = {province for _, _, province in at if province}
            yield Item(frozenset({"CN", *provinces}), frozenset(partners), int(day[:4]), of or "none")


def _alliances() -> Iterable[Item]:
    """Lines that count: one of each, with a partner, with a day inside the window."""
    seen = set()
    with ALLIANCES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            year = int(row["date"][:4])
            told = tuple(row.values())
            inside = str(START)[:7] <= row["date"][:7] and year in YEARS
            if told not in seen and row["country"] in PARTNERS and inside:
                province = PROVINCE_OF_PLACE.get(row["place"])
                yield Item(
                    frozenset({"CN", province} if province else {"CN"}), frozenset({row["country"]}), year
                )
            seen.add(told)


def counts(of: Iterable[Item], scope: str, dimension: str) -> Counter[str]:
    """Member -> items of the scope."""
    return Counter(member for item in of if scope in item.scopes for member in item.members(dimension))


def correlations(first: list[int], second: list[int]) -> tuple[float, float]:
    """Spearman's rho and Kendall's tau-b."""
    return float(spearmanr(first, second).statistic), float(kendalltau(first, second).statistic)


def concordance(first: list[int], second: list[int]) -> float:
    """Chi-square of members x instruments, from its definition; members that neither has are left out."""
    table = [row for row in zip(first, second, strict=True) if sum(row)]
    columns = [sum(of) for of in zip(*table, strict=True)]
    return sum(
        (n - sum(row) * column / sum(columns)) ** 2 / (sum(row) * column / sum(columns))
        for row in table
        for n, column in zip(row, columns, strict=True)
    )


def newcombe(first: int, second: int, first_items: int, second_items: int) -> tuple[float, float, float]:
    """Difference of two shares with Newcombe's interval from Wilson's, the roots of (p - q)^2 = z^2 q (1 - q) / n."""
    z = 1.959963984540054

    def wilson(k: int, n: int) -> tuple[float, float]:
        a, b, c = 1 + z * z / n, -(2 * k / n + z * z / n), (k / n) ** 2
        root = math.sqrt(max(b * b - 4 * a * c, 0))
        return (-b - root) / (2 * a), (-b + root) / (2 * a)

    p, q = first / first_items, second / second_items
    (p_low, p_high), (q_low, q_high) = wilson(first, first_items), wilson(second, second_items)
    low = q - p - math.sqrt((q - q_low) ** 2 + (p_high - p) ** 2)
    return q - p, low, q - p + math.sqrt((q_high - q) ** 2 + (p - p_low) ** 2)


def pairs_of_instruments() -> list[tuple[str, str]]:
    return list(combinations(("patents", "papers", "alliances"), 2))
