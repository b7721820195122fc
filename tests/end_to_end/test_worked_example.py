"""The study worked-example, from its files to its tables, against tables worked out from the facts in plain Python."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from bri_pipeline.lake.papers import land_papers
from bri_pipeline.reference_corpus.worked import Fact, facts, write_worked
from bri_pipeline.settings import load_settings
from bri_pipeline.warehouse.build import build_tables, models
from tests.end_to_end import worked_cooperation as cooperation
from tests.end_to_end import worked_indicators as indicators
from tests.end_to_end import worked_tables as expected
from tests.end_to_end.studies import REPOSITORY, Home, build

CORPUS = REPOSITORY / "data" / "worked_corpus"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The study's tables, published; every check of severity error passes."""
    folder = tmp_path_factory.mktemp("worked")
    cooperation.write_snapshot(folder / "openalex")
    home = Home(folder / "home", _with_papers(folder))
    land_papers(home.study_home, load_settings(), lambda _: None)
    failed = [one.check.id for one in build(home) if not one.passed and one.check.severity == "error"]
    assert failed == []
    return home


def _with_papers(folder: Path) -> Path:
    """The study, with papers of a snapshot in the folder."""
    shipped = REPOSITORY / "data" / "studies"
    text = (shipped / "worked-example.toml").read_text(encoding="utf-8")
    for name, place in (
        ("data/worked_corpus", CORPUS),
        ("worked-example.alliances.csv", cooperation.ALLIANCES),
    ):
        assert f'"{name}"' in text
        text = text.replace(f'"{name}"', f"'{place}'")
    path = folder / "worked-example.toml"
    path.write_text(
        f"{text}\n[papers]\nkind = \"openalex_snapshot\"\npath = '{folder / 'openalex'}'\n", encoding="utf-8"
    )
    return path


@pytest.fixture(scope="module")
def told() -> list[Fact]:
    return facts()


@pytest.fixture(scope="module")
def patents(told: list[Fact]) -> list[expected.Patent]:
    return expected.patents(told)


def test_rebuilding_gives_the_committed_files(tmp_path: Path) -> None:
    write_worked(tmp_path)
    built = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert built == sorted(path.relative_to(CORPUS) for path in CORPUS.rglob("*") if path.is_file())
    assert all((tmp_path / name).read_bytes() == (CORPUS / name).read_bytes() for name in built)


def test_summary(home: Home, told: list[Fact], patents: list[expected.Patent]) -> None:
    hits = [
        (fact.number, country)
        for fact in told
        if fact.kind in ("A1", "A2", "A9") and expected.START <= fact.day <= expected.END
        if "CN" in expected.countries(fact)
        for country in set(expected.countries(fact)) & expected.PARTNERS.keys()
    ]
    days = [patent.fact.day for patent in patents]
    found = home.rows(
        "select hits, duplicates, patents, families, first_date, last_date, countries_with_patents from marts.summary"
    )
    assert found == [
        (
            len(hits),
            len(hits) - len(patents),
            len(patents),
            expected.families(patents),
            min(days),
            max(days),
            5,
        )
    ]


def test_every_member_in_every_counting(home: Home, patents: list[expected.Patent]) -> None:
    found = {
        tuple(key): value
        for *key, value in home.rows(
            "select scope, dimension, coalesce(scheme, ''), member, counting, patents from marts.counts "
            "where dimension != 'field' or scheme = 'ipc_section'"
        )
    }
    worked = expected.counts(patents)
    assert {key for key, value in worked.items() if value} <= found.keys()
    assert {key for key, value in found.items() if value} <= worked.keys()
    assert found == {key: pytest.approx(float(worked.get(key, Fraction(0))), abs=1e-9) for key in found}


def test_every_member_by_family(home: Home, patents: list[expected.Patent]) -> None:
    rows = home.rows(
        "select scope, dimension, coalesce(scheme, ''), member, patents, families, low, high, share "
        "from marts.families where dimension != 'field' or scheme = 'ipc_section'"
    )
    worked, counts = expected.family_counts(patents), expected.counts(patents)
    found = {tuple(key): count for *key, _, count, _, _, _ in rows}
    assert {key: count for key, count in found.items() if count} == worked
    assert sum(found.values()) < sum(row[4] for row in rows)  # there are families of several patents
    for scope, dimension, scheme, member, whole, count, low, high, share in rows:
        assert (low, high) == pytest.approx(expected.garwood(count))
        assert share == pytest.approx(count / worked[scope, "scope", "", "all"])
        if dimension not in ("scope", "year"):
            assert whole == counts[scope, dimension, scheme, member, "whole"]


def test_partner_countries(home: Home, patents: list[expected.Patent]) -> None:
    worked, pairs = expected.counts(patents), expected.bilateral(patents)
    sizes = Counter(scope for patent in patents for scope in patent.scopes)
    rows = home.rows(
        "select scope, country, patents, low, high, fractional_patents, patents_bilateral, share from marts.by_country"
    )
    assert len(rows) == len({(key[0], key[3]) for key in worked if key[1] == "country" and key[3] != "other"})
    for scope, country, count, low, high, parts, bilateral, share in rows:
        assert count == worked[scope, "country", "", country, "whole"]
        assert (low, high) == pytest.approx(expected.garwood(count))
        assert parts == pytest.approx(float(worked[scope, "country", "", country, "partners_only"]))
        assert bilateral == pairs[scope, country]
        assert share == pytest.approx(count / sizes[scope])


def test_regions_without_patents_are_zero(home: Home, patents: list[expected.Patent]) -> None:
    worked = expected.counts(patents)
    found = dict(home.rows("select region, patents from marts.by_region where scope = 'CN'"))
    assert len(found) == 7
    for region, count in found.items():
        assert count == worked.get(("CN", "region", "", region, "whole"), 0)


def test_bounds_of_provinces(home: Home, patents: list[expected.Patent]) -> None:
    unresolved = {patent.fact.number for patent in patents if "unresolved" in patent.provinces}
    for province, certain, count, possible, conceivable in home.rows(
        "select province, patents_certain, patents, patents_with_candidates, patents_with_unplaced "
        "from marts.by_province where rank is not null"
    ):
        there = {patent.fact.number for patent in patents if province in patent.provinces}
        assert (certain, count, possible) == (len(there - unresolved), len(there), len(there))
        assert conceivable == len(there | unresolved)


@pytest.mark.parametrize("scope", ["CN", "CN-JS"])
def test_years_growth_and_stages(
    home: Home, told: list[Fact], patents: list[expected.Patent], scope: str
) -> None:
    series = expected.by_year(patents, scope)
    rows = home.rows(
        "select year, patents, exposure, is_whole, growth_rate from marts.by_year "
        f"where scope = '{scope}' order by year"
    )
    assert [(year, count) for year, count, *_ in rows] == list(series.items())
    for year, count, exposed, is_whole, rate in rows:
        assert exposed == pytest.approx(expected.exposure(year))
        assert is_whole == (year in expected.GROWTH_YEARS)
        before = series.get(year - 1)
        rated = year in expected.GROWTH_YEARS and year - 1 in expected.GROWTH_YEARS and before
        assert rate == (pytest.approx(count / before - 1) if rated and before else None)
    own = Counter(
        fact.day.year
        for fact in expected.counted(told)
        if scope == "CN" or scope in {home_.province for home_ in fact.homes}
    )
    counts = [series[year] for year in expected.GROWTH_YEARS]
    worked = expected.growth(counts, [own[year] for year in expected.GROWTH_YEARS])
    columns = ", ".join(worked)
    [row] = home.rows(f"select {columns} from marts.growth where scope = '{scope}' and is_study_rule")
    assert dict(zip(worked, row, strict=True)) == {
        name: value if value is None else pytest.approx(value) for name, value in worked.items()
    }
    stages = home.rows(
        f"select patents, mean_per_year, low, high from marts.stages where scope = '{scope}' and method = 'study' "
        "order by position"
    )
    for (first, last), (count, mean, low, high) in zip(expected.STAGES, stages, strict=True):
        years = last - first + 1
        assert count == sum(series[year] for year in range(first, last + 1))
        assert mean == pytest.approx(count / years)
        assert (low, high) == pytest.approx(tuple(end / years for end in expected.garwood(count)))


def test_concentration_of_partners_and_applicants(home: Home, patents: list[expected.Patent]) -> None:
    worked = expected.counts(patents)
    for dimension, left_out in (
        ("country", "other"),
        ("applicant", "none stated"),
        ("province", "unresolved"),
    ):
        members = [
            int(value)
            for (scope, of, _, member, counting), value in worked.items()
            if (scope, of, counting) == ("CN", dimension, "whole") and member != left_out
        ]
        [(found, cr1)] = home.rows(
            "select indices.hhi, shares.cr1 from marts.concentration as indices "
            "inner join marts.concentration as shares using (scope, dimension) "
            f"where scope = 'CN' and dimension = '{dimension}' and indices.year is null and shares.year is null "
            "and indices.base = 'memberships' and shares.base = 'patents'"
        )
        assert found == pytest.approx(expected.hhi(members)), dimension
        assert cr1 == pytest.approx(max(members) / len(patents)), dimension


def test_specialisation_of_every_province(home: Home, patents: list[expected.Patent]) -> None:
    rows = home.rows(
        "select scope, member, rta, p_value from marts.specialisation where dimension = 'country'"
    )
    assert len(rows) == 5 * 5
    for scope, country, rta, p_value in rows:
        assert (rta, p_value) == pytest.approx(expected.specialisation(patents, scope, country)), (
            scope,
            country,
        )


@pytest.mark.parametrize("scope", ["CN", "CN-JS"])
def test_all_applications_with_somebody_in_china(home: Home, told: list[Fact], scope: str) -> None:
    base = [
        fact
        for fact in expected.counted(told)
        if scope == "CN" or scope in {home_.province for home_ in fact.homes}
    ]
    groups = Counter((fact.day.year, expected.group(fact)) for fact in base)
    found = home.rows(
        f"select year, comparison_group, publications from marts.comparison where scope = '{scope}'"
    )
    assert {(year, name): count for year, name, count in found} == {
        (year, name): groups[year, name]
        for year in expected.YEARS
        for name in ("partner", "other foreign only", "domestic only")
    }
    foreign = sum(expected.group(fact) != "domestic only" for fact in base)
    distant = sum(bool(set(expected.countries(fact)) - {"CN", "HK", "MO", "TW"}) for fact in base)
    [(shown, shii, without)] = home.rows(
        "select base, shii, shii_without_hk_mo_tw from marts.internationalisation "
        f"where scope = '{scope}' and year is null"
    )
    assert (shown, shii, without) == (
        len(base),
        pytest.approx(foreign / shown),
        pytest.approx(distant / shown),
    )


def test_owners_in_every_class(home: Home, patents: list[expected.Patent]) -> None:
    worked = Counter((scope, expected.ownership(patent)) for patent in patents for scope in patent.scopes)
    found = home.rows("select scope, ownership, patents from marts.ownership where period = 'all'")
    assert {(scope, name): count for scope, name, count in found if count} == dict(worked)
    assert {name for scope, name in worked if scope == "CN"} == {
        "none stated", "same firm on both sides", "joint", "focal owner", "partner owner", "third country",
    }  # fmt: skip


def test_joint_applicants(home: Home, patents: list[expected.Patent]) -> None:
    found = home.rows(
        "select source, target, patents from marts.network_edges where network = 'applicant-applicant'"
    )
    assert {(source, target): count for source, target, count in found} == dict(
        expected.applicant_pairs(patents)
    )


def test_applicants_enter_in_their_first_year(home: Home, patents: list[expected.Patent]) -> None:
    active = {(owner.harmonised, patent.fact.day.year) for patent in patents for owner in patent.fact.owners}
    first = {name: min(year for one, year in active if one == name) for name, _ in active}
    entered, there = Counter(first.values()), Counter(year for _, year in active)
    found = home.rows("select year, entrants, applicants from marts.entrants where scope = 'CN'")
    assert {year: (new, all_) for year, new, all_ in found} == {
        year: (entered[year], there[year]) for year in expected.YEARS
    }


def test_edges_of_every_network(home: Home, patents: list[expected.Patent]) -> None:
    worked = indicators.edges(patents)
    rows = home.rows(
        "select network, source, target, patents, fractional_patents, association_strength, salton "
        "from marts.network_edges"
    )
    assert {tuple(key): numbers for *key, a, b, c, d in rows for numbers in [(a, b, c, d)]} == {
        key: (edge.patents, *map(pytest.approx, (float(edge.fractional), edge.association, edge.salton)))
        for key, edge in worked.items()
    }


def test_nodes_of_every_network(home: Home, patents: list[expected.Patent]) -> None:
    worked = indicators.edges(patents)
    rows = home.rows(
        "select network, node, degree, strength, betweenness, community from marts.network_nodes"
    )
    for network in ("province-country", "city-country", "applicant-applicant"):
        graph = indicators.neighbours(worked, network)
        between = indicators.betweenness(graph) if network == "applicant-applicant" else {}
        found = {node: numbers for of, node, *numbers in rows if of == network}
        assert found.keys() == graph.keys()
        for node, (degree, strength, betweenness, community) in found.items():
            assert degree == len(graph[node])
            assert strength == sum(
                edge.patents for (of, *ends), edge in worked.items() if of == network and node in ends
            )
            assert betweenness == (pytest.approx(between[node]) if between else None)
            assert (community is None) == (not between)
    sizes = Counter(community for of, *_, community in rows if of == "applicant-applicant")
    assert list(sizes) and sorted(sizes.values(), reverse=True) == [sizes[n] for n in sorted(sizes)]


@pytest.mark.parametrize("scope", ["CN", "CN-JS"])
def test_terms_that_mark_fields_and_stages(home: Home, patents: list[expected.Patent], scope: str) -> None:
    worked = indicators.marking_terms(patents, scope)
    rows = home.rows(
        f"select slice_kind, slice, term, patents, log_odds, z from marts.terms where scope = '{scope}'"
    )
    assert ("stage", "2", "low power") in worked
    assert {tuple(key): (n, odds, z) for *key, n, odds, z in rows} == {
        key: (n, pytest.approx(odds), pytest.approx(z)) for key, (n, odds, z) in worked.items()
    }


def test_strength_of_every_tie(home: Home, told: list[Fact]) -> None:
    sets = indicators.distinct_sets(told)
    columns = list(indicators.tie(sets, "SG"))
    rows = home.rows(f"select country, publications, {', '.join(columns)} from marts.affinity")
    assert {country for country, *_ in rows} == set(expected.PARTNERS)
    for country, publications, *numbers in rows:
        assert publications == sum(sets.values())
        assert dict(zip(columns, numbers, strict=True)) == pytest.approx(indicators.tie(sets, country)), (
            country
        )


@pytest.mark.parametrize("scope", ["CN", "CN-JS"])
def test_stage_models_are_the_best_of_all_cuts(
    home: Home, patents: list[expected.Patent], scope: str
) -> None:
    series = expected.by_year(patents, scope)
    worked = indicators.stage_models([series[year] for year in range(2002, 2014)])
    rows = home.rows(
        f"select method, stages, cost, bic, is_lowest_bic from marts.stage_models where scope = '{scope}'"
    )
    assert {(method, stages): (cost, bic) for method, stages, cost, bic, _ in rows} == {
        key: (pytest.approx(cost), bic if bic is None else pytest.approx(bic))
        for key, (cost, bic) in worked.items()
    }
    lowest = min(bic for _, bic in worked.values() if bic is not None)
    assert {stages for _, stages, _, _, is_lowest in rows if is_lowest} == {
        stages for (_, stages), (_, bic) in worked.items() if bic is not None and bic == pytest.approx(lowest)
    }


def test_likeness_of_every_province_with_the_nation(home: Home, patents: list[expected.Patent]) -> None:
    counted = {scope: Counter[str]() for patent in patents for scope in patent.scopes}
    for patent in patents:
        for scope in patent.scopes:
            counted[scope].update(set(patent.partners))
    rows = home.rows(
        "select scope, countries_compared, rank_correlation, rank_correlation_of_ten from marts.likeness"
    )
    assert {scope for scope, *_ in rows} == counted.keys() - {"CN"}
    for scope, countries, shared, of_all in rows:
        assert countries == len(counted[scope])
        worked = indicators.rank_correlations(counted[scope], counted["CN"])
        assert (shared, of_all) == tuple(one if one is None else pytest.approx(one) for one in worked), scope
    statistic, p, small = indicators.homogeneity(counted["CN-JS"], counted["CN"])
    [row] = home.rows(
        "select scope, countries, chi_square, expected_below_5, pooled_chi_square, pooled_df, pooled_p, "
        "p_monte_carlo from marts.homogeneity"
    )
    # five countries: the four largest apart and the rest pooled is the same table
    assert row[:7] == (
        "CN-JS",
        5,
        pytest.approx(statistic),
        small,
        pytest.approx(statistic),
        4,
        pytest.approx(p),
    )
    assert row[7] == pytest.approx(p, abs=0.03)


@pytest.mark.parametrize("scope", ["CN", "CN-JS"])
def test_headline_numbers_with_one_choice_made_otherwise(
    home: Home, told: list[Fact], patents: list[expected.Patent], scope: str
) -> None:
    of_years = {"mean_yearly_rate", "cagr", "poisson_rate", "stage_ratio"}
    tried = indicators.options(patents, told, scope)
    size = len(tried["none", "baseline"])
    worked = {
        (*key, *number): value
        for key, counted in tried.items()
        for number, value in indicators.measures(
            counted, key[0], size if key[0] == "counting" else len(counted)
        ).items()
    }
    found = {
        tuple(key): value
        for *key, value in home.rows(
            "select choice, option, measure, member, value from marts.sensitivity_runs "
            f"where scope = '{scope}' and choice != 'zero rule'"
        )
    }
    # under the other date only the years can be others
    moved = {key for key in found if key in worked and (key[0] != "date" or key[2] in of_years)}
    assert {key[:2] for key in moved} == tried.keys() - {("none", "baseline")}
    for key in moved:
        assert found[key] == (None if worked[key] is None else pytest.approx(worked[key])), key
    for measure, member, baseline, minimum, maximum in home.rows(
        f"select measure, member, baseline, minimum, maximum from marts.sensitivity where scope = '{scope}' "
        "and measure in ('patents', 'partner_share', 'partner_rank', 'cr5', 'hhi')"
    ):
        own = worked["none", "baseline", measure, member]
        values = [own, *(worked[*key, measure, member] for key in tried if key[0] != "date")]
        if measure == "patents":
            values = [
                own,
                *(worked[*key, measure, member] for key in tried if key[0] not in ("date", "counting")),
            ]
        assert (baseline, minimum, maximum) == pytest.approx((own, min(values), max(values))), (
            measure,
            member,
        )


@pytest.mark.parametrize("instrument", ["papers", "alliances"])
def test_papers_and_alliances_by_country_region_and_year(
    home: Home, patents: list[expected.Patent], instrument: str
) -> None:
    items = cooperation.items(patents)[instrument]
    sizes = Counter(scope for item in items for scope in item.scopes)
    for dimension in ("country", "region"):
        found = home.rows(
            f"select scope, {dimension}, {instrument}, share from marts.{instrument}_by_{dimension}"
        )
        assert {(scope, member): (n, share) for scope, member, n, share in found if n} == {
            (scope, member): (n, pytest.approx(n / size))
            for scope, size in sizes.items()
            for member, n in cooperation.counts(items, scope, dimension).items()
        }
    years = Counter((scope, item.year) for item in items for scope in item.scopes)
    found = home.rows(f"select scope, year, {instrument}, cumulative from marts.{instrument}_by_year")
    assert {scope for scope, *_ in found} >= sizes.keys()
    for scope, year, n, cumulative in found:
        assert (n, cumulative) == (
            years[scope, year], sum(n for (of, one), n in years.items() if of == scope and one <= year)
        )  # fmt: skip


def test_fields_of_papers(home: Home, patents: list[expected.Patent]) -> None:
    papers = cooperation.items(patents)["papers"]
    worked = Counter((scope, paper.field) for paper in papers for scope in paper.scopes)
    sizes = Counter(scope for paper in papers for scope in paper.scopes)
    found = home.rows("select scope, field, papers, share from marts.papers_by_field")
    assert {(scope, of): (n, share) for scope, of, n, share in found} == {
        (scope, of): (n, pytest.approx(n / sizes[scope])) for (scope, of), n in worked.items()
    }


def test_instruments_side_by_side(home: Home, patents: list[expected.Patent]) -> None:
    items = cooperation.items(patents)
    found = home.rows(
        "select scope, instrument, dimension, member, count, items from marts.cooperation_profile"
    )
    worked = {
        (scope, name, dimension, member): (n, sum(scope in item.scopes for item in of))
        for name, of in items.items()
        for scope in {scope for item in of for scope in item.scopes}
        for dimension in ("country", "region", *(["province"] if scope == "CN" else []))
        for member, n in cooperation.counts(of, scope, dimension).items()
    }
    # a patent in two provinces and with an inventor who is in none counts in the two
    assert {tuple(key): (n, size) for *key, n, size in found if n} == worked
    compared = home.rows(
        "select scope, dimension, first, second, members, spearman, kendall, chi_square, reason "
        "from marts.cooperation_likeness"
    )
    differences = home.rows(
        "select scope, dimension, first, second, member, difference, low, high from marts.cooperation_differences"
    )
    profile = {tuple(key): (n, size) for *key, n, size in found}
    told = {row[:4] for row in compared if row[8] is None}
    assert {("CN", "country", *pair) for pair in cooperation.pairs_of_instruments()} <= told
    for scope, dimension, first, second, members, spearman, kendall, chi_square, reason in compared:
        names = sorted(
            member
            for of, instrument, one, member in profile
            if (of, instrument, one) == (scope, first, dimension) and member != "unresolved"
        )
        pairs = [[profile[scope, of, dimension, name][0] for of in (first, second)] for name in names]
        if dimension != "region":
            pairs = [pair for pair in pairs if any(pair)]
        assert members == len(pairs)
        if reason is None:
            counts = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
            assert (spearman, kendall) == pytest.approx(cooperation.correlations(*counts))
            assert chi_square == pytest.approx(cooperation.concordance(*counts))
    for scope, dimension, first, second, member, *numbers in differences:
        (a, of_a), (b, of_b) = (profile[scope, name, dimension, member] for name in (first, second))
        assert numbers == pytest.approx(list(cooperation.newcombe(a, b, of_a, of_b)))


@pytest.mark.slow
def test_every_table_is_the_same_to_the_last_bit_on_one_thread_and_on_two(home: Home) -> None:
    contents = []
    for threads in (1, 2):
        with duckdb.connect() as con:
            con.execute("pragma verify_parallelism")  # divides small tables among the threads as well
            built = build_tables(con, home.study_home, models(), threads=threads)
            contents.append({one.name: one.build_id for one in built})
    assert contents[0].keys() >= models().keys()
    assert contents[0] == contents[1]
