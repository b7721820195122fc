"""The study worked-example, from its files to its tables, against tables worked out from the facts in plain Python."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from bri_pipeline.reference_corpus.worked import Fact, facts, write_worked
from bri_pipeline.warehouse.build import build_tables, models
from tests.end_to_end import worked_tables as expected
from tests.end_to_end.studies import REPOSITORY, Home, build

CORPUS = REPOSITORY / "data" / "worked_corpus"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The study's tables, published; every check of severity error passes."""
    folder = tmp_path_factory.mktemp("worked")
    home = Home(folder / "home", REPOSITORY / "data" / "studies" / "worked-example.toml")
    failed = [one.check.id for one in build(home) if not one.passed and one.check.severity == "error"]
    assert failed == []
    return home


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


def test_every_table_is_the_same_to_the_last_bit_on_one_thread_and_on_two(home: Home) -> None:
    contents = []
    for threads in (1, 2):
        with duckdb.connect() as con:
            con.execute("pragma verify_parallelism")  # divides small tables among the threads as well
            built = build_tables(con, home.study_home, models(), threads=threads)
            contents.append({one.name: one.build_id for one in built})
    assert contents[0].keys() >= models().keys()
    assert contents[0] == contents[1]
