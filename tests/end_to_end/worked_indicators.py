"""Networks, terms, ties, stages, likeness and sensitivity of the worked example, in plain Python: no SQL, no models."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise
from statistics import fmean

from scipy.stats import chi2_contingency, poisson, spearmanr

from bri_pipeline.reference_corpus.worked import Fact
from tests.end_to_end import worked_tables as worked
from tests.end_to_end.worked_tables import GROWTH_YEARS, STAGES, Patent

Key = tuple[str, ...]
# WIPO's fields of the symbols
FIELDS = {"H04L 29/06": "4", "A61B 5/00": "13", "G06F 17/30": "6", "C22C 38/00": "20", "F16H 1/00": "31"}


# ---- networks


@dataclass(frozen=True)
class Edge:
    patents: int
    fractional: Fraction
    association: float
    salton: float


def edges(patents: Iterable[Patent]) -> dict[Key, Edge]:
    """network, source, target -> numbers of the edge."""
    together: Counter[Key] = Counter()
    fractions: defaultdict[Key, Fraction] = defaultdict(Fraction)
    alone: Counter[Key] = Counter()
    base: Counter[str] = Counter()
    for patent in patents:
        for network, pairs in _pairs(patent).items():
            if not pairs:
                continue
            base[network] += 1
            for pair in pairs:
                together[network, *pair] += 1
                fractions[network, *pair] += Fraction(1, len(pairs))
            for node in {node for pair in pairs for node in pair}:
                alone[network, node] += 1
    found = {}
    for (network, source, target), n in together.items():
        sides = alone[network, source] * alone[network, target]
        found[network, source, target] = Edge(
            n, fractions[network, source, target], base[network] * n / sides, n / math.sqrt(sides)
        )
    return found


def _pairs(patent: Patent) -> dict[str, list[tuple[str, str]]]:
    placed = [home for home in patent.fact.homes if home.country == "CN" and home.province != "unresolved"]
    partners = sorted(set(patent.partners))
    return {
        "province-country": [
            (a, b) for a in sorted({str(home.province) for home in placed}) for b in partners
        ],
        "city-country": [
            (a, b) for a in sorted({f"{home.province} {home.city}" for home in placed}) for b in partners
        ],
        "applicant-applicant": list(
            combinations(sorted({owner.harmonised for owner in patent.fact.owners}), 2)
        ),
    }


def neighbours(of: Iterable[Key], network: str) -> dict[str, set[str]]:
    """Node -> the nodes it has an edge with."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name, source, target in of:
        if name == network:
            found[source].add(target)
            found[target].add(source)
    return dict(found)


def betweenness(graph: Mapping[str, set[str]]) -> dict[str, float]:
    """Share of the shortest paths between two others through a node, from the list of all these paths."""
    found = dict.fromkeys(graph, 0.0)
    for start, end in combinations(sorted(graph), 2):
        paths = _shortest(graph, start, end)
        for path in paths:
            for node in path[1:-1]:
                found[node] += 1 / len(paths)
    pairs = (len(graph) - 1) * (len(graph) - 2) / 2
    return {node: value / pairs for node, value in found.items()}


def _shortest(graph: Mapping[str, set[str]], start: str, end: str) -> list[list[str]]:
    paths, seen = [[start]], {start}
    while paths and not any(path[-1] == end for path in paths):
        paths = [[*path, node] for path in paths for node in graph[path[-1]] if node not in seen]
        seen |= {path[-1] for path in paths}
    return [path for path in paths if path[-1] == end]


# ---- terms


def terms(title: str) -> set[str]:
    """Words of three letters or more and pairs of neighbours; no word of these titles is one of grammar."""
    words = re.findall(r"[a-z0-9]+", title.lower())
    said = [word if len(word) >= 3 and re.search("[a-z]", word) else None for word in words]
    pairs = {f"{one} {two}" for one, two in pairwise(said) if one and two}
    return {word for word in said if word} | pairs


def marking_terms(patents: list[Patent], scope: str) -> dict[Key, tuple[int, float, float]]:
    """slice kind, slice, term -> patents, log odds, z: of terms in five patents of the slice and not in all of them."""
    own = [patent for patent in patents if scope in patent.scopes]
    slices: defaultdict[tuple[str, str], list[Patent]] = defaultdict(list)
    for patent in own:
        slices["field", FIELDS[patent.fact.symbols[0]]].append(patent)
        for position, (first, last) in enumerate(STAGES, start=1):
            if first <= patent.fact.day.year <= last:
                slices["stage", str(position)].append(patent)
    everywhere = Counter(term for patent in own for term in terms(patent.fact.title))
    found = {}
    for key, members in slices.items():
        there = Counter(term for patent in members for term in terms(patent.fact.title))
        for term, y in there.items():
            if y >= 5 and everywhere[term] < len(own):
                alpha = 10 * everywhere[term] / len(own)
                cells = []
                for with_term, size in ((y, len(members)), (everywhere[term] - y, len(own) - len(members))):
                    cells += [with_term + alpha, size - with_term + 10 - alpha]
                a, b, c, d = cells
                odds = math.log(a / b) - math.log(c / d)
                found[*key, term] = (y, odds, odds / math.sqrt(sum(1 / cell for cell in cells)))
    return found


# ---- ties


def distinct_sets(facts: Iterable[Fact]) -> Counter[frozenset[str]]:
    """Set of countries -> publications of counted kinds in the window, those printed under CN once an application."""
    sets: Counter[frozenset[str]] = Counter()
    landed: dict[int, frozenset[str]] = {}
    for fact in facts:
        if fact.kind not in ("A1", "A2", "A9") or not worked.START <= fact.day <= worked.END:
            continue
        countries = frozenset(worked.countries(fact))
        if countries & {"CN", "HK"}:  # Hong Kong is printed under CN in these files
            landed[fact.application] = countries
        else:
            sets[countries] += 1
    sets.update(landed.values())
    return sets


def tie(sets: Counter[frozenset[str]], country: str) -> dict[str, float]:
    """Strengths of the tie of China with a country."""

    def publications(*wanted: str) -> int:
        return sum(n for countries, n in sets.items() if set(wanted) <= countries)

    links = Counter[str]()
    for countries, n in sets.items():
        for one in countries:
            links[one] += n * (len(countries) - 1)
    both, total = publications("CN", country), sum(sets.values())
    focal, partner = publications("CN"), publications(country)
    return {
        "patents": both,
        "share_of_focal": both / focal,
        "share_of_country": both / partner,
        "salton": both / math.sqrt(focal * partner),
        "jaccard": both / (focal + partner - both),
        "association": total * both / (focal * partner),
        "probabilistic_affinity": sum(links.values()) * both / (links["CN"] * links[country]),
    }


# ---- stages


def stage_models(series: list[int]) -> dict[tuple[str, str], tuple[float, float | None]]:
    """method, stages -> cost and BIC of the best cut, by looking at every cut."""
    years, found = len(series), {}
    for k in range(1, 6):
        cuts = [(0, *cut, years) for cut in combinations(range(1, years), k - 1)]
        pieces = [[series[a:b] for a, b in pairwise(cut)] for cut in cuts]
        squares = min(sum(sum((n - fmean(of)) ** 2 for n in of) for of in cut) for cut in pieces)
        cost = min(sum(_poisson_cost(of, [fmean(of)] * len(of)) for of in cut) for cut in pieces)
        found["optimal", str(k)] = (squares, None)
        found["poisson", str(k)] = (cost, 2 * cost + (2 * k - 1) * math.log(years))
    slope = worked.poisson_slope(series, [1.0] * years)
    raised = [math.exp(slope * t) for t in range(years)]
    cost = _poisson_cost(series, [sum(series) * value / sum(raised) for value in raised])
    found["poisson", "trend"] = (cost, 2 * cost + 2 * math.log(years))
    middle, mean = fmean(range(years)), fmean(series)
    line = sum((t - middle) * n for t, n in enumerate(series)) / sum((t - middle) ** 2 for t in range(years))
    residuals = [n - mean - line * (t - middle) for t, n in enumerate(series)]
    found["optimal", "trend"] = (sum(residual**2 for residual in residuals), None)
    return found


def _poisson_cost(counts: list[int], means: list[float]) -> float:
    return -sum(float(poisson.logpmf(n, mean)) for n, mean in zip(counts, means, strict=True))


# ---- likeness with the nation


def rank_correlations(own: Mapping[str, int], nation: Mapping[str, int]) -> tuple[float | None, float | None]:
    """Spearman's over the countries both have, and over all of the nation's, which are fewer than ten here."""

    def over(countries: list[str]) -> float | None:
        ranks = [[of.get(country, 0) for country in countries] for of in (own, nation)]
        if any(len(set(values)) < 2 for values in ranks):
            return None
        return float(spearmanr(*ranks).statistic)

    return over([country for country in nation if own.get(country)]), over(list(nation))


def homogeneity(own: Mapping[str, int], nation: Mapping[str, int]) -> tuple[float, float, int]:
    """Chi-square of countries x (province, elsewhere), its p, and the expected counts below five."""
    table = [[own.get(country, 0), n - own.get(country, 0)] for country, n in nation.items()]
    test = chi2_contingency(table, correction=False)
    return float(test.statistic), float(test.pvalue), int((test.expected_freq < 5).sum())


# ---- sensitivity


@dataclass(frozen=True)
class Counted:
    """What counts once under an option: the patents of a unit, its year, and what each partner gets of it."""

    year: int
    partners: Mapping[str, Fraction]


def options(patents: list[Patent], facts: list[Fact], scope: str) -> dict[tuple[str, str], list[Counted]]:
    """choice, option -> what counts in the scope; ``none`` is the study as it is."""
    own = [patent for patent in patents if scope in patent.scopes]
    whole = [_once(patent, patent.fact.day.year) for patent in own]
    families: defaultdict[Key, list[Patent]] = defaultdict(list)
    for patent in own:
        claims = tuple(f"{one.country} {one.number}" for one in patent.fact.related)
        families[claims or (str(patent.fact.application),)].append(patent)
    in_hong_kong = [
        Counted(
            fact.day.year,
            {country: Fraction(1) for country in {*worked.countries(fact)} & worked.PARTNERS.keys()},
        )
        for fact in facts
        if "HK" in worked.countries(fact) and "CN" not in worked.countries(fact) and scope == "CN"
    ]
    certain = [patent for patent in own if scope == "CN" or "unresolved" not in patent.provinces]
    return {
        ("none", "baseline"): whole,
        ("counting", "fractional_inventors"): [_shared(patent, len(patent.countries)) for patent in own],
        ("counting", "partners_only"): [_shared(patent, len(patent.partners)) for patent in own],
        ("counting", "first_inventor"): [_first(patent) for patent in own],
        ("Hong Kong", "as China"): whole + in_hong_kong,
        ("unplaced", "certain only"): [_once(patent, patent.fact.day.year) for patent in certain],
        ("unplaced", "with candidates"): whole,
        ("families", "one per family"): [
            Counted(
                min(patent.fact.day.year for patent in members),
                {country: Fraction(1) for patent in members for country in patent.partners},
            )
            for members in families.values()
        ],
        ("first year", "2003"): [one for one in whole if one.year >= 2003],
        ("date", "filing"): [_once(patent, patent.fact.filed.year) for patent in own],
    }


# by filing the years from 2002 to 18 months before the window's end are whole
YEARS_OF = {"first year": range(2003, 2014), "date": range(2002, 2012)}


def measures(counted: list[Counted], choice: str, base: int) -> dict[tuple[str, str], float | None]:
    """measure, member -> number; ``base`` are the patents that shares are parts of."""
    found: dict[tuple[str, str], float | None] = {("patents", "all"): len(counted)}
    partners: defaultdict[str, Fraction] = defaultdict(Fraction)
    for one in counted:
        for country, part in one.partners.items():
            partners[country] += part
    values = {country: float(n) for country, n in partners.items() if n}
    for country in worked.PARTNERS:
        found["partner_share", country] = values.get(country, 0.0) / base
        found["partner_rank", country] = 1 + sum(n > values.get(country, 0.0) for n in values.values())
    found["cr5", "all"] = sum(sorted(values.values())[-5:]) / base
    found["hhi", "all"] = worked.hhi(values.values())
    if choice == "counting":
        return found
    series = Counter(one.year for one in counted)
    years = YEARS_OF.get(choice, GROWTH_YEARS)
    rates = worked.growth([series[year] for year in years], [1] * len(years))
    found |= {(name, "all"): rates[name] for name in ("mean_yearly_rate", "cagr", "poisson_rate")}
    early, late = ([series[year] for year in range(a, b + 1) if year in years] for a, b in STAGES)
    found["stage_ratio", "2"] = fmean(late) / fmean(early) if sum(early) else None
    return found


def _once(patent: Patent, year: int) -> Counted:
    return Counted(year, dict.fromkeys(patent.partners, Fraction(1)))


def _shared(patent: Patent, among: int) -> Counted:
    return Counted(0, {country: Fraction(n, among) for country, n in Counter(patent.partners).items()})


def _first(patent: Patent) -> Counted:
    first = patent.countries[0]
    return Counted(0, {first: Fraction(1)} if first in worked.PARTNERS else {})
