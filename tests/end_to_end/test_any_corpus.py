"""Made-up archives in every format of the USPTO, through the whole pipeline, against what was written."""

from __future__ import annotations

import csv
import random
from dataclasses import replace
from pathlib import Path

import pytest

from bri_pipeline.warehouse.outcomes import Outcome
from tests.archives import PARTNERS, ArchiveTruth, random_archive
from tests.end_to_end.agreement import assert_tables_agree
from tests.end_to_end.expected import Expected, Question
from tests.end_to_end.studies import REPOSITORY, Home, build, write_study

GROUP = "belt_and_road_2018"
STAGES_OF_SPARSE_YEARS = (("early", 2001, 2005), ("middle", 2006, 2013), ("late", 2014, 2023))


def group_regions() -> dict[str, str]:
    """Searched country -> region, as the group's file says."""
    path = REPOSITORY / "data" / "reference" / "country_groups" / f"{GROUP}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["iso2"]: row["region"] for row in csv.DictReader(file)}


def question_about(truth: ArchiveTruth, **changes: object) -> Question:
    question = Question(PARTNERS, truth.window, stages=STAGES_OF_SPARSE_YEARS)
    return replace(question, **changes)  # type: ignore[arg-type]


def errors(outcomes: list[Outcome]) -> list[str]:
    return [o.check.id for o in outcomes if not o.passed and o.check.severity == "error"]


def agree(folder: Path, truth: ArchiveTruth, question: Question, partners: str | None = None) -> Expected:
    home = Home(folder / "home", write_study(folder, question, truth.folder, partners))
    assert errors(build(home)) == []
    expected = Expected(question, truth.documents)
    assert_tables_agree(home, expected)
    return expected


@pytest.mark.slow
def test_partners_as_a_list(tmp_path: Path) -> None:
    truth = random_archive(tmp_path / "files", seed=11)
    expected = agree(tmp_path, truth, question_about(truth))
    # The archive's own account of itself, made by other code, is the same.
    assert expected.hits.keys() == truth.hit_numbers
    assert expected.patents.keys() == truth.patents
    assert {p: n for p, (n, _) in expected.by_province().items()} == truth.by_province


@pytest.mark.slow
def test_a_country_group_and_its_regions(tmp_path: Path) -> None:
    truth = random_archive(tmp_path / "files", seed=12, years=range(2004, 2008), size=48, full_text=True)
    regions = group_regions()
    searched = tuple(code for code in regions if code != "PS")
    stages = (("first", 2004, 2005), ("second", 2006, 2007))
    question = question_about(truth, partners=searched, region_of=regions, stages=stages)
    agree(tmp_path, truth, question, partners=GROUP)


@pytest.mark.slow
def test_hong_kong_counts_as_china_where_the_study_says_so(tmp_path: Path) -> None:
    truth = random_archive(tmp_path / "files", seed=13, size=45)
    expected = agree(
        tmp_path,
        truth,
        question_about(truth, hong_kong_as_cn=True, zero_year_rule="zero", partners=(*PARTNERS, "HK")),
    )
    assert "CN-HK" in expected.by_province()
    assert expected.patents.keys() > truth.patents


@pytest.mark.slow
def test_publications_of_china_and_hong_kong_count_once(tmp_path: Path) -> None:
    truth = random_archive(tmp_path / "files", seed=8)
    expected = agree(tmp_path, truth, question_about(truth, hong_kong_as_cn=True))
    both = [d for d in truth.documents if {"CN", "HK"} <= {i.counted_country for i in d.inventors}]
    assert both
    assert expected.printed_publications_of("CN") < expected.printed_publications_of("CN", "HK")


@pytest.mark.slow
def test_hong_kong_and_taiwan_as_partners(tmp_path: Path) -> None:
    truth = random_archive(tmp_path / "files", seed=14, years=range(2010, 2014), size=60)
    question = question_about(
        truth,
        partners=("TW", "HK", "PL", "SG"),
        stages=(("one", 2010, 2011), ("two", 2012, 2013)),
        growth_years=(2010, 2012),
        zero_year_rule="none",
    )
    expected = agree(tmp_path, truth, question)
    countries = {country for _, country in expected.by_country()}
    assert {"TW", "HK"} <= countries


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 112))
def test_any_seed_and_any_study(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    first = rng.randint(2001, 2012)
    years = rng.choice([range(first, first + 6), sorted(rng.sample(range(2001, 2026), 6))])
    truth = random_archive(tmp_path / "files", seed=seed, years=years, size=rng.randint(40, 90))
    last, middle = years[-1], (years[0] + years[-1]) // 2
    partners = rng.sample([*PARTNERS, "HK", "TW", "US", "PL", "JP", "DE", "NP"], rng.randint(2, 9))
    agree(
        tmp_path,
        truth,
        Question(
            tuple(dict.fromkeys([*partners, "SG"])),
            truth.window,
            hong_kong_as_cn=rng.random() < 0.5,
            stages=rng.choice([(), (("a", years[0], middle), ("b", middle + 1, last))]),
            growth_years=rng.choice([None, (years[0], last - 1)]),
            zero_year_rule=rng.choice(["skip", "zero", "none"]),
        ),
    )
