"""Compares every mart of a home with what the documents say."""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from tests.end_to_end.expected import (
    Expected,
    best_cut_error,
    compound_rate,
    concentration,
    cut_error,
    growth_rates,
    least_squares_rate,
    mean_yearly_rate,
    poisson_rate,
)
from tests.end_to_end.studies import Home


def assert_tables_agree(home: Home, expected: Expected) -> None:
    """Every table an analyst reads, against the documents as written."""
    for compare in (
        _hits_and_duplicates,
        _summary,
        _patents,
        _countries,
        _regions,
        _provinces,
        _fields,
        _years,
        _growth,
        _stages,
        _concentration,
        _affinity,
    ):
        compare(home, expected)


def _hits_and_duplicates(home: Home, expected: Expected) -> None:
    hits = home.rows("select country, publication_number from raw.uspto_hits")
    assert sorted(hits) == sorted(expected.hits)
    removed = home.rows("select publication_number, kept_publication_number, reason from core.duplicates")
    assert Counter(removed) == expected.duplicates
    kept = home.rows(
        "select publication_number from raw.uspto_hits "
        "anti join core.duplicates using (country, publication_number)"
    )
    assert sorted(number for (number,) in kept) == sorted(expected.patents), "a hit stays for each patent"


def _summary(home: Home, expected: Expected) -> None:
    [row] = home.rows(
        "select countries_listed, countries_searched, countries_with_patents, hits, duplicates, patents, "
        "first_date, last_date from marts.summary"
    )
    dates = [document.publication_date for document in expected.patents.values()]
    countries = {c for document in expected.patents.values() for c in expected.partners_of(document)}
    searched = home.rows("select count(*), count(*) filter (searched) from reference.partners")[0]
    assert row == (
        *searched,
        len(countries),
        len(expected.hits),
        expected.duplicates.total(),
        len(expected.patents),
        min(dates),
        max(dates),
    )


def _patents(home: Home, expected: Expected) -> None:
    rows = home.rows(
        "select publication_number, application_number, kind, publication_date, filing_date, year, title, "
        "inventors, focal_inventors, partner_countries from core.patents"
    )
    written = [
        (
            number,
            document.application_number,
            document.kind,
            document.publication_date,
            document.filing_date,
            document.publication_date.year,
            document.title,
            len(document.inventors),
            len(expected.focal(document)),
            len(expected.partners_of(document)),
        )
        for number, document in expected.patents.items()
    ]
    assert sorted(rows) == sorted(written)


def _countries(home: Home, expected: Expected) -> None:
    rows = home.rows("select scope, country, patents, fractional_patents, share, rank from marts.by_country")
    _assert_counted({(s, c): rest for s, c, *rest in rows}, expected.by_country(), expected)
    members = home.rows("select publication_number, country from core.patent_countries")
    assert set(members) == {(n, c) for n, d in expected.patents.items() for c in expected.partners_of(d)}


def _regions(home: Home, expected: Expected) -> None:
    rows = home.rows("select scope, region, patents, fractional_patents, share, rank from marts.by_region")
    found = {(scope, region): rest for scope, region, *rest in rows}
    if expected.question.region_of:
        _assert_counted(found, expected.by_region(), expected)
    else:  # a list of codes has no regions: one row that says so and holds everything
        assert {key: rest[0] for key, rest in found.items()} == {
            (scope, "(no region)"): len(patents) for scope, patents in expected.scopes.items()
        }


def _provinces(home: Home, expected: Expected) -> None:
    rows = home.rows("select province, patents, fractional_patents, share, rank from marts.by_province")
    found = {("CN", province): rest for province, *rest in rows}
    _assert_counted(found, {("CN", p): n for p, n in expected.by_province().items()}, expected)
    members = home.rows("select publication_number, province, weight_fractional from core.patent_provinces")
    written = {
        (number, province): inventors / len(expected.focal(document))
        for number, document in expected.patents.items()
        for province, inventors in expected.provinces_of(document).items()
    }
    assert {(n, p): weight for n, p, weight in members} == pytest.approx(written)


def _fields(home: Home, expected: Expected) -> None:
    rows = home.rows(
        "select scope, field_code, patents, fractional_patents, share, rank from marts.by_field "
        "where scheme = 'ipc_section'"
    )
    _assert_counted({(s, f): rest for s, f, *rest in rows}, expected.by_section(), expected)
    paper = home.rows(
        "select scope, field_code, patents from marts.by_field where scheme = 'paper' and patents > 0 "
        "and field_code in (select paper_label from reference.ipc_classes where in_table_4)"
    )
    assert {(s, f): n for s, f, n in paper} == expected.by_field()
    sums = home.rows("select scope, scheme, sum(patents)::int from marts.by_field group by all")
    assert {(scope, n) for scope, _, n in sums} == {(s, len(p)) for s, p in expected.scopes.items()}


def _years(home: Home, expected: Expected) -> None:
    rows = home.rows("select scope, year, patents, growth_rate, cumulative from marts.by_year order by 1, 2")
    series: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for scope, *rest in rows:
        series[scope].append(tuple(rest))
    assert series.keys() == expected.by_year().keys()
    for scope, counts in expected.by_year().items():
        years, patents, rates, cumulative = zip(*series[scope], strict=True)
        assert list(years) == list(expected.question.years)
        assert list(patents) == counts
        assert list(cumulative) == list(itertools.accumulate(counts))
        between = [None, *growth_rates(counts)]
        compared = expected.compared_years
        neighbours = [year in compared and year - 1 in compared for year in years]
        assert list(rates) == pytest.approx(
            [rate if both else None for rate, both in zip(between, neighbours, strict=True)]
        )


def _growth(home: Home, expected: Expected) -> None:
    question = expected.question
    first, last = expected.growth_years
    rows = home.rows(
        "select scope, zero_rule, is_study_rule, from_year, to_year, cagr, mean_yearly_rate, rates_defined, "
        "years_skipped, log_linear_rate, poisson_rate, reason from marts.growth"
    )
    assert {scope for scope, *_ in rows} == expected.scopes.keys()
    for scope, rule, is_study, start, end, cagr, mean, defined, skipped, fitted, poisson, reason in rows:
        counts = expected.span(scope, first, last)
        rates = growth_rates(counts)
        assert (start, end, defined, skipped) == (
            first,
            last,
            len(rates) - rates.count(None),
            rates.count(None),
        )
        assert is_study == (rule == question.zero_year_rule)
        assert cagr == pytest.approx(compound_rate(counts))
        assert mean == pytest.approx(mean_yearly_rate(counts, rule))
        assert fitted == pytest.approx(
            least_squares_rate(counts) if min(counts) > 0 and len(counts) > 1 else None
        )
        if sum(counts) in (0, counts[0], counts[-1]):  # no finite slope
            assert poisson is None and reason
        else:
            assert poisson == pytest.approx(poisson_rate(counts), rel=1e-6)


def _stages(home: Home, expected: Expected) -> None:
    stages = expected.question.stages
    rows = home.rows(
        "select scope, method, stage, from_year, to_year, patents, mean_per_year, ratio_to_first "
        "from marts.stages order by scope, method, position"
    )
    by_cut: dict[tuple[str, str], list[tuple[Any, ...]]] = defaultdict(list)
    for scope, method, *rest in rows:
        by_cut[scope, method].append(tuple(rest))
    methods = ("study", "optimal", "poisson") if stages else ()
    assert by_cut.keys() == {(scope, method) for scope in expected.scopes for method in methods}
    for (scope, method), cut in by_cut.items():
        assert [name for name, *_ in cut] == [name for name, _, _ in stages]
        for _, first, last, patents, mean, ratio in cut:
            counts = expected.span(scope, first, last)
            assert (patents, mean) == (sum(counts), pytest.approx(sum(counts) / len(counts)))
            assert ratio == pytest.approx(mean / cut[0][4] if cut[0][4] else None)
        if method == "study":
            assert [(first, last) for _, first, last, *_ in cut] == [(a, b) for _, a, b in stages]
        elif method == "optimal":
            _assert_best_cut(expected, scope, [(first, last) for _, first, last, *_ in cut])


def _assert_best_cut(expected: Expected, scope: str, cut: list[tuple[int, int]]) -> None:
    """Ends meet, and no other cut of the same years has a smaller squared error."""
    stages = expected.question.stages
    first, last = stages[0][1], stages[-1][2]
    assert (cut[0][0], cut[-1][1]) == (first, last)
    assert all(before[1] + 1 == after[0] for before, after in itertools.pairwise(cut))
    counts = expected.span(scope, first, last)
    starts = [start - first for start, _ in cut]
    assert cut_error(counts, starts) == best_cut_error(counts, len(stages))


def _concentration(home: Home, expected: Expected) -> None:
    rows = home.rows(
        "select shares.scope, concat_ws('_', shares.dimension, shares.scheme), shares.members, shares.cr1, "
        "shares.cr3, shares.cr5, indices.hhi, indices.effective_number "
        "from marts.concentration as shares inner join marts.concentration as indices on "
        "shares.scope = indices.scope and shares.dimension = indices.dimension "
        "and shares.scheme is not distinct from indices.scheme "
        "where shares.base = 'patents' and indices.base = 'memberships' "
        "and shares.year is null and indices.year is null"
    )
    found = {(scope, dimension): rest for scope, dimension, *rest in rows}
    counted: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for (scope, country), (patents, _) in expected.by_country().items():
        counted[scope, "country"][country] = patents
    for (scope, section), (patents, _) in expected.by_section().items():
        if not patents:
            continue
        counted[scope, "field_ipc_section"][section] = patents
    for province, (patents, _) in expected.by_province().items():
        counted["CN", "province"][province] = patents
    for (scope, dimension), members in counted.items():
        indices = concentration(members.values(), len(expected.scopes[scope]))
        assert found[scope, dimension] == pytest.approx([len(members), *indices.values()])


def _affinity(home: Home, expected: Expected) -> None:
    sets = expected.distinct_sets()
    total = sum(sets.values())
    publications = {
        country: sum(n for countries, n in sets.items() if country in countries)
        for country in set().union(*sets)
    }
    found = home.rows(
        "select country, patents, focal_publications, country_publications, publications, salton, association "
        "from marts.affinity"
    )
    counted = {country: n for (scope, country), (n, _) in expected.by_country().items() if scope == "CN"}
    assert {country for country, *_ in found} == counted.keys()
    for country, patents, focal, partner, base, salton, association in found:
        assert (focal, partner, base) == (publications["CN"], publications[country], total)
        assert patents == counted[country]
        assert salton == pytest.approx(patents / math.sqrt(focal * partner))
        assert association == pytest.approx(total * patents / (focal * partner))
    at_home = ("CN", "HK") if expected.question.hong_kong_as_cn else ("CN",)
    assert home.rows(
        "select sum(publications)::int from core.country_totals "
        "where is_focal and year in (select year from reference.years)"
    ) == [(expected.printed_publications_of(*at_home),)]
    assert home.rows("select distinct country from core.country_totals where is_focal") == [("CN",)]


def _assert_counted(
    found: Mapping[tuple[str, str], Iterable[Any]],
    written: Mapping[tuple[str, str], tuple[int, float]],
    expected: Expected,
) -> None:
    """(scope, member) -> patents, fractional patents, share, rank against the first two."""
    assert found.keys() == written.keys()
    for (scope, member), (patents, fractional, share, rank) in found.items():
        assert (patents, fractional) == (written[scope, member][0], pytest.approx(written[scope, member][1]))
        assert share == pytest.approx(patents / len(expected.scopes[scope]))
        larger = sum(n > patents for (s, _), (n, _) in written.items() if s == scope)
        assert rank == larger + 1
