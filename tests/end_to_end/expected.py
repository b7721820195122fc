"""What the marts must hold, computed from the documents as they were written, not from any file or table.

Written against the definitions of the design and the formulas of the literature, without a look at the SQL:
plain Python over ``Document`` objects, so that a mistake in a model cannot be repeated here by copying it.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from bri_pipeline.reference_corpus.documents import Document, WrittenInventor
from bri_pipeline.reference_corpus.technology import TOPICS
from tests.archives import COUNTED_KINDS, HONG_KONG, PROVINCE_OF_CITY

FIELD_OF_SUBCLASS = {topic.subclass: topic.field for topic in TOPICS}
# Cities that abroad.py gives inventors whose address says HK.
HONG_KONG_CITIES = {*HONG_KONG, "Shatin"}

Stages = Sequence[tuple[str, int, int]]


@dataclass(frozen=True)
class Question:
    """A study, as far as the numbers depend on it."""

    partners: tuple[str, ...]
    window: tuple[date, date]
    hong_kong_as_cn: bool = False
    stages: Stages = ()
    growth_years: tuple[int, int] | None = None
    zero_year_rule: str = "skip"
    region_of: Mapping[str, str] = field(default_factory=dict)

    @property
    def years(self) -> range:
        return range(self.window[0].year, self.window[1].year + 1)


class Expected:
    """The answer: hits, what was removed and why, the patents, and every count over them."""

    def __init__(self, question: Question, documents: Iterable[Document]) -> None:
        self.question = question
        self.documents = list(documents)
        start, end = question.window
        self.found = [
            document
            for document in self.documents
            if document.kind in COUNTED_KINDS
            and start <= document.publication_date <= end
            and self.focal(document)
            and self.partners_of(document)
        ]
        self.hits = {(c, d.publication_number): d for d in self.found for c in self.partners_of(d)}
        earliest: dict[str, Document] = {}
        for document in sorted(self.found, key=lambda d: (d.publication_date, d.publication_number)):
            earliest.setdefault(document.application_number, document)
        self.patents = {d.publication_number: d for d in earliest.values()}
        self.duplicates = Counter(self._removed(earliest))

    # -- what a document is -------------------------------------------------------------------------

    def focal(self, document: Document) -> list[WrittenInventor]:
        """The inventors who count for China."""
        if self.question.hong_kong_as_cn:
            return [i for i in document.inventors if i.counted_country in ("CN", "HK")]
        return [i for i in document.inventors if i.counted_country == "CN" and i.city not in HONG_KONG]

    def partners_of(self, document: Document) -> set[str]:
        partners = set(self.question.partners) - {"CN"}
        if self.question.hong_kong_as_cn:
            partners -= {"HK"}
        return partners & {i.counted_country for i in document.inventors if i.counted_country}

    def printed_publications_of(self, *countries: str) -> int:
        """Publications of the window's years with an inventor of any of the countries, of whatever kind."""
        return sum(
            document.publication_date.year in self.question.years
            and not {i.counted_country for i in document.inventors}.isdisjoint(countries)
            for document in self.documents
        )

    def distinct_sets(self) -> Counter[frozenset[str]]:
        """Set of countries -> publications of counted kinds in the window; those printed under CN by application."""
        start, end = self.question.window
        codes = {"CN", "HK"} if self.question.hong_kong_as_cn else {"CN"}
        sets = Counter[frozenset[str]]()
        landed: dict[str, tuple[int, frozenset[str]]] = {}
        for document in sorted(self.documents, key=lambda d: (d.publication_date, d.publication_number)):
            if document.kind not in COUNTED_KINDS or not start <= document.publication_date <= end:
                continue
            printed = {i.counted_country for i in document.inventors if i.counted_country}
            if not printed & codes:
                sets[frozenset(printed)] += 1
                continue
            focal = bool(self.focal(document))
            # who is printed under China and does not count for it lives in Hong Kong
            abroad = (
                {"HK"}
                if any(i.counted_country == "CN" for i in document.inventors if i not in self.focal(document))
                else set()
            )
            counted = frozenset(printed - codes | abroad | ({"CN"} if focal else set()))
            preference = focal + (document.publication_number in self.patents)
            known = landed.get(document.application_number)
            if known is None or preference > known[0]:
                landed[document.application_number] = (preference, counted)
        sets.update(counted for _, counted in landed.values())
        del sets[frozenset()]
        return sets

    def provinces_of(self, document: Document) -> Counter[str]:
        """Province -> focal inventors of it."""
        return Counter(
            "CN-HK" if i.city in HONG_KONG_CITIES else PROVINCE_OF_CITY[i.city or ""]
            for i in self.focal(document)
        )

    def _removed(self, earliest: Mapping[str, Document]) -> Iterable[tuple[str, str, str]]:
        """(publication, publication that stays, reason) of every hit that goes."""
        for document in self.found:
            first = earliest[document.application_number].publication_number
            number, countries = document.publication_number, len(self.partners_of(document))
            if number == first:
                yield from [(number, first, "same publication under several countries")] * (countries - 1)
            else:
                reason = "correction" if document.kind == "A9" else "re-publication"
                yield from [(number, first, reason)] * countries

    # -- counts over the patents --------------------------------------------------------------------

    @property
    def scopes(self) -> dict[str, list[Document]]:
        """China, and every province with patents."""
        found: dict[str, list[Document]] = defaultdict(list)
        for document in self.patents.values():
            for scope in ("CN", *self.provinces_of(document)):
                found[scope].append(document)
        return found

    def by_country(self) -> dict[tuple[str, str], tuple[int, float]]:
        """(scope, country) -> patents, fractional patents."""
        return self._counted(self._shares_of_partners)

    def by_region(self) -> dict[tuple[str, str], tuple[int, float]]:
        def shares(document: Document) -> dict[str, Fraction]:
            summed: dict[str, Fraction] = defaultdict(Fraction)
            for country, share in self._shares_of_partners(document).items():
                summed[self.question.region_of[country]] += share
            return summed

        counted = self._counted(shares)
        regions = set(self.question.region_of.values())
        return {(s, region): counted.get((s, region), (0, 0.0)) for s in self.scopes for region in regions}

    def _shares_of_partners(self, document: Document) -> dict[str, Fraction]:
        """Each partner country's part of the inventors of all of them."""
        partners = self.partners_of(document)
        inventors = Counter(i.counted_country for i in document.inventors if i.counted_country in partners)
        return {str(country): Fraction(n, inventors.total()) for country, n in inventors.items()}

    def by_province(self) -> dict[str, tuple[int, float]]:
        def shares(document: Document) -> dict[str, Fraction]:
            provinces = self.provinces_of(document)
            return {p: Fraction(n, provinces.total()) for p, n in provinces.items()}

        return {province: n for (scope, province), n in self._counted(shares).items() if scope == "CN"}

    def by_section(self) -> dict[tuple[str, str], tuple[int, float]]:
        """By the section of the first symbol; fractional over the sections of all symbols."""
        return self._by_first(lambda symbol: symbol[0])

    def by_field(self) -> dict[tuple[str, str], int]:
        """By the paper's word for the first symbol; sections that its Table 4 lacks are left out."""
        counted = self._by_first(lambda symbol: FIELD_OF_SUBCLASS[symbol[:4]] or "")
        return {key: patents for key, (patents, _) in counted.items() if key[1] and patents}

    def by_year(self) -> dict[str, list[int]]:
        """Scope -> patents of each year of the window."""
        series = {}
        for scope, patents in self.scopes.items():
            years = Counter(document.publication_date.year for document in patents)
            series[scope] = [years[year] for year in self.question.years]
        return series

    @property
    def whole_years(self) -> list[int]:
        """Years with a document and every day in the window, between the first publication and the last week's end."""
        start = max(self.question.window[0], date(2001, 3, 15))
        last_week = max(document.publication_date for document in self.documents)
        end = min(self.question.window[1], last_week + timedelta(days=6))
        read = {document.publication_date.year for document in self.documents}
        return [
            y for y in self.question.years if y in read and start <= date(y, 1, 1) and date(y, 12, 31) <= end
        ]

    @property
    def growth_years(self) -> tuple[int, int]:
        """Those declared, else the last whole ones without a gap."""
        if self.question.growth_years:
            return self.question.growth_years
        first = last = self.whole_years[-1]
        while first - 1 in self.whole_years:
            first -= 1
        return first, last

    @property
    def compared_years(self) -> set[int]:
        """Years between which a rate is worked out: the whole ones and those declared."""
        first, last = self.growth_years
        return {*self.whole_years, *range(first, last + 1)}

    def span(self, scope: str, first: int, last: int) -> list[int]:
        """The yearly counts of a scope from one year to another."""
        base = self.question.years[0]
        return self.by_year()[scope][first - base : last - base + 1]

    def _by_first(self, code: Callable[[str], str]) -> dict[tuple[str, str], tuple[int, float]]:
        whole: Counter[tuple[str, str]] = Counter()
        parts: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
        for scope, patents in self.scopes.items():
            for document in patents:
                whole[scope, code(document.ipc[0])] += 1
                for member, share in _equal_shares({code(symbol) for symbol in document.ipc}).items():
                    parts[scope, member] += share
        return {key: (whole[key], float(part)) for key, part in parts.items()}

    def _counted(
        self, shares: Callable[[Document], Mapping[str, Fraction]]
    ) -> dict[tuple[str, str], tuple[int, float]]:
        whole: Counter[tuple[str, str]] = Counter()
        parts: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
        for scope, patents in self.scopes.items():
            for document in patents:
                for member, share in shares(document).items():
                    whole[scope, member] += 1
                    parts[scope, member] += share
        return {key: (count, float(parts[key])) for key, count in whole.items()}


def _equal_shares(members: set[str]) -> dict[str, Fraction]:
    return {member: Fraction(1, len(members)) for member in members}


# -- rates, stages and indices of a series of counts ----------------------------------------------------


def growth_rates(counts: Sequence[int]) -> list[float | None]:
    """Rate of each year after the first; None after an empty year."""
    return [now / before - 1 if before else None for before, now in itertools.pairwise(counts)]


def mean_yearly_rate(counts: Sequence[int], rule: str) -> float | None:
    rates = growth_rates(counts)
    defined = [rate for rate in rates if rate is not None]
    if rule == "zero":
        return math.fsum(defined) / len(rates) if rates else None
    if rule == "none" and len(defined) < len(rates):
        return None
    return math.fsum(defined) / len(defined) if defined else None


def compound_rate(counts: Sequence[int]) -> float | None:
    return (counts[-1] / counts[0]) ** (1 / (len(counts) - 1)) - 1 if counts[0] and len(counts) > 1 else None


def least_squares_rate(counts: Sequence[int]) -> float:
    """exp(slope of ln counts) - 1; all counts above 0."""
    n, logs = len(counts), [math.log(count) for count in counts]
    mean_t, mean_log = (n - 1) / 2, math.fsum(logs) / n
    slope = math.fsum((t - mean_t) * (log - mean_log) for t, log in enumerate(logs))
    return math.exp(slope / math.fsum((t - mean_t) ** 2 for t in range(n))) - 1


def poisson_rate(counts: Sequence[int]) -> float:
    """exp(slope) - 1 of the Poisson regression of the counts on time, by Newton's method on the likelihood."""
    intercept, slope = math.log(sum(counts) / len(counts)), 0.0
    for _ in range(200):
        fitted = [math.exp(intercept + slope * t) for t in range(len(counts))]
        errors = [count - fit for count, fit in zip(counts, fitted, strict=True)]
        a, b = math.fsum(fitted), math.fsum(t * f for t, f in enumerate(fitted))
        c = math.fsum(t * t * f for t, f in enumerate(fitted))
        u, v = math.fsum(errors), math.fsum(t * e for t, e in enumerate(errors))
        step = ((c * u - b * v) / (a * c - b * b), (a * v - b * u) / (a * c - b * b))
        # Whole Newton steps overshoot on steep series; half steps do not.
        intercept, slope = intercept + step[0] / 2, slope + step[1] / 2
    return math.exp(slope) - 1


def squared_error(counts: Sequence[int]) -> Fraction:
    mean = Fraction(sum(counts), len(counts))
    return sum(((count - mean) ** 2 for count in counts), Fraction())


def cut_error(counts: Sequence[int], starts: Sequence[int]) -> Fraction:
    """Squared error of the cut whose stages begin at the given positions."""
    ends = [*starts[1:], len(counts)]
    parts = (squared_error(counts[a:b]) for a, b in zip(starts, ends, strict=True))
    return sum(parts, Fraction())


def best_cut_error(counts: Sequence[int], stages: int) -> Fraction:
    """The smallest squared error of all cuts into so many stages, every one of them tried."""
    inner = itertools.combinations(range(1, len(counts)), stages - 1)
    return min(cut_error(counts, (0, *starts)) for starts in inner)


def concentration(counts: Iterable[int], patents: int) -> dict[str, float]:
    ordered = sorted(counts, reverse=True)
    hhi = sum(Fraction(count, sum(ordered)) ** 2 for count in ordered)
    shares = {f"cr{n}": sum(ordered[:n]) / patents for n in (1, 3, 5)}
    return {**shares, "hhi": float(hhi), "effective_number": float(1 / hhi)}
