"""The tables of the worked example, worked out from its facts in plain Python: no SQL, nothing of the models."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import combinations, pairwise
from statistics import fmean

from scipy.stats import chi2, fisher_exact

from bri_pipeline.reference_corpus.worked import Fact

START, END = date(2001, 7, 1), date(2014, 6, 30)
PARTNERS = {"SG": "ASEAN", "MY": "ASEAN", "IN": "South Asia", "IL": "West Asia", "RU": "CIS"}
GROWTH_YEARS = range(2002, 2014)
YEARS = range(2001, 2015)
STAGES = ((2002, 2007), (2008, 2013))
COMPARED_FROM = 2008
SECTIONS = {"H04L 29/06": "H", "A61B 5/00": "A", "G06F 17/30": "G", "C22C 38/00": "C", "F16H 1/00": "F"}
Key = tuple[str, ...]


@dataclass(frozen=True)
class Patent:
    """What the tables need of a patent."""

    fact: Fact
    countries: list[str]
    provinces: list[str]

    @property
    def partners(self) -> list[str]:
        return [country for country in self.countries if country in PARTNERS]

    @property
    def scopes(self) -> set[str]:
        return {"CN", *(province for province in self.provinces if province != "unresolved")}


def counted(facts: Iterable[Fact]) -> list[Fact]:
    """Documents of counted kinds inside the window with an inventor in China, one per application: the earliest."""
    kept: dict[int, Fact] = {}
    for fact in sorted(facts, key=lambda one: (one.day, one.number)):
        if fact.kind in ("A1", "A2", "A9") and START <= fact.day <= END and "CN" in countries(fact):
            kept.setdefault(fact.application, fact)
    return list(kept.values())


def countries(fact: Fact) -> list[str]:
    return [home.country for home in fact.homes]


def patents(facts: Iterable[Fact]) -> list[Patent]:
    return [
        Patent(fact, countries(fact), [home.province or "" for home in fact.homes if home.country == "CN"])
        for fact in counted(facts)
        if PARTNERS.keys() & set(countries(fact))
    ]


def counts(all_patents: list[Patent]) -> dict[Key, Fraction]:
    """scope, dimension, scheme, member, counting -> patents of marts.counts."""
    found: dict[Key, Fraction] = defaultdict(Fraction)
    for patent in all_patents:
        for scope in patent.scopes:
            for dimension, scheme, member, counting, weight in _weights(patent, scope):
                found[scope, dimension, scheme, member, counting] += weight
    return dict(found)


def _weights(patent: Patent, scope: str) -> Iterable[tuple[str, str, str, str, Fraction]]:
    fact = patent.fact
    n, distinct = len(patent.countries), set(patent.countries)
    for dimension, of in (("country", lambda one: one), ("region", PARTNERS.__getitem__)):
        members = {of(country) for country in patent.partners}
        for member in members:
            there = [country for country in patent.partners if of(country) == member]
            yield dimension, "", member, "whole", Fraction(1)
            yield dimension, "", member, "fractional_inventors", Fraction(len(there), n)
            yield dimension, "", member, "fractional_countries", Fraction(len(set(there)), len(distinct))
            yield dimension, "", member, "partners_only", Fraction(len(there), len(patent.partners))
            first = patent.countries[0] in PARTNERS and of(patent.countries[0]) == member
            yield dimension, "", member, "first_inventor", Fraction(first)
        others = distinct - PARTNERS.keys()
        yield dimension, "", "other", "fractional_inventors", Fraction(n - len(patent.partners), n)
        yield dimension, "", "other", "fractional_countries", Fraction(len(others), len(distinct))
        yield dimension, "", "other", "first_inventor", Fraction(patent.countries[0] not in PARTNERS)
    homes = [home for home in fact.homes if home.country == "CN" and scope in ("CN", home.province)]
    first_home = fact.homes[0]
    places: dict[str, Callable[[object], str]] = {"city": lambda home: f"{home.province} / {home.city}"}  # type: ignore[attr-defined]
    if scope == "CN":
        places["province"] = lambda home: home.province  # type: ignore[attr-defined]
    for dimension, name in places.items():
        for member in {name(home) for home in homes}:
            there_homes = sum(name(home) == member for home in homes)
            yield dimension, "", member, "whole", Fraction(1)
            yield dimension, "", member, "fractional_inventors", Fraction(there_homes, n)
            yield dimension, "", member, "focal_only", Fraction(there_homes, len(homes))
            is_first = first_home in homes and name(first_home) == member
            yield dimension, "", member, "first_inventor", Fraction(is_first)
        yield dimension, "", "other", "fractional_inventors", Fraction(n - len(homes), n)
        yield dimension, "", "other", "first_inventor", Fraction(first_home not in homes)
    sections = [SECTIONS[symbol] for symbol in fact.symbols]
    for member in set(sections):
        yield "field", "ipc_section", member, "whole", Fraction(1)
        yield "field", "ipc_section", member, "primary", Fraction(sections[0] == member)
        yield "field", "ipc_section", member, "fractional", Fraction(1, len(set(sections)))
    owners = {owner.harmonised for owner in fact.owners} or {"none stated"}
    for member in owners:
        yield "applicant", "", member, "whole", Fraction(1)
        yield "applicant", "", member, "fractional", Fraction(1, len(owners))


def bilateral(all_patents: list[Patent]) -> Counter[Key]:
    return Counter(
        (scope, patent.partners[0])
        for patent in all_patents
        for scope in patent.scopes
        if len(set(patent.countries)) == 2
    )


def by_year(all_patents: list[Patent], scope: str) -> dict[int, int]:
    found = Counter(patent.fact.day.year for patent in all_patents if scope in patent.scopes)
    return {year: found[year] for year in YEARS}


def exposure(year: int) -> float:
    first, last = max(START, date(year, 1, 1)), min(END, date(year, 12, 31), date(2014, 9, 4))
    return ((last - first).days + 1) / ((date(year + 1, 1, 1) - date(year, 1, 1)).days)


def poisson_slope(series: list[int], weights: list[float]) -> float:
    """By Newton's method on the score equation."""
    slope = 0.0
    for _ in range(200):
        expected = [weight * math.exp(slope * t) for t, weight in enumerate(weights)]
        total = sum(expected)
        mean = sum(t * value for t, value in enumerate(expected)) / total
        spread = sum((t - mean) ** 2 * value for t, value in enumerate(expected)) / total
        slope += (sum(t * n for t, n in enumerate(series)) / sum(series) - mean) / spread
    return slope


def growth(series: list[int], publications: list[int]) -> dict[str, float | None]:
    rates = [after / before - 1 for before, after in pairwise(series) if before]
    logs = [math.log(n) for n in series] if all(series) else []
    years = list(range(len(series)))
    middle = fmean(years)
    slope = poisson_slope(series, [1.0] * len(series))
    own = poisson_slope(series, [float(n) for n in publications])
    return {
        "mean_yearly_rate": fmean(rates),
        "cagr": (series[-1] / series[0]) ** (1 / (len(series) - 1)) - 1 if series[0] else None,
        "log_linear_rate": math.exp(
            sum((t - middle) * log for t, log in zip(years, logs, strict=True))
            / sum((t - middle) ** 2 for t in years)
        )
        - 1
        if logs
        else None,
        "poisson_rate": math.exp(slope) - 1,
        "own_offset_rate": math.exp(own) - 1,
    }


def garwood(k: int) -> tuple[float, float]:
    return (float(chi2.ppf(0.025, 2 * k) / 2) if k else 0.0, float(chi2.ppf(0.975, 2 * k + 2) / 2))


def hhi(values: Iterable[float]) -> float:
    numbers = list(values)
    return sum((n / sum(numbers)) ** 2 for n in numbers)


def specialisation(all_patents: list[Patent], scope: str, country: str) -> tuple[float, float]:
    """RTA and the p of Fisher's test."""
    inside = [patent for patent in all_patents if scope in patent.scopes]
    k = sum(country in patent.partners for patent in inside)
    total, members, n = (
        len(all_patents),
        sum(country in patent.partners for patent in all_patents),
        len(inside),
    )
    test = fisher_exact([[k, n - k], [members - k, total - n - members + k]])
    return k * total / (n * members), float(test.pvalue)


def group(fact: Fact) -> str:
    if PARTNERS.keys() & set(countries(fact)):
        return "partner"
    return "other foreign only" if set(countries(fact)) != {"CN"} else "domestic only"


def ownership(patent: Patent) -> str:
    """The first class that fits."""
    sides: dict[str, set[str]] = defaultdict(set)
    for owner in patent.fact.owners:
        sides[owner.harmonised].add(owner.country)
    owned = {country for of_one in sides.values() for country in of_one}
    if not owned:
        return "none stated"
    if any("CN" in of_one and of_one & set(patent.partners) for of_one in sides.values()):
        return "same firm on both sides"
    if len(owned) > 1:
        return "joint"
    [country] = owned
    return (
        "focal owner"
        if country == "CN"
        else "partner owner"
        if country in patent.partners
        else "third country"
    )


def applicant_pairs(all_patents: list[Patent]) -> Counter[Key]:
    return Counter(
        pair
        for patent in all_patents
        for pair in combinations(sorted({owner.harmonised for owner in patent.fact.owners}), 2)
    )


Family = tuple[object, ...]


def family(patent: Patent) -> Family:
    """Patents that claim the same priority are one family; any other is its own."""
    claimed = tuple((one.country, one.number) for one in patent.fact.related)
    return claimed or (patent.fact.application,)


def families(all_patents: list[Patent]) -> int:
    """Families of all patents."""
    return len({family(patent) for patent in all_patents})


def family_counts(all_patents: list[Patent]) -> dict[tuple[str, str, str, str], int]:
    """scope, dimension, scheme, member -> families of marts.families; a year has those it is the first of."""
    found: dict[tuple[str, str, str, str], set[Family]] = defaultdict(set)
    seen: set[tuple[str, Family]] = set()
    for patent in sorted(all_patents, key=lambda one: one.fact.day):
        for scope in patent.scopes:
            found[scope, "scope", "", "all"].add(family(patent))
            for dimension, scheme, member, counting, _ in _weights(patent, scope):
                if counting == "whole":
                    found[scope, dimension, scheme, member].add(family(patent))
            if (scope, family(patent)) not in seen:
                seen.add((scope, family(patent)))
                found[scope, "year", "", str(patent.fact.day.year)].add(family(patent))
    return {key: len(of_member) for key, of_member in found.items()}
