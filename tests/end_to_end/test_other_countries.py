"""The shipped studies of other countries, from their files to the regions of both sides, against what was planned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from bri_pipeline.home import StudyHome
from bri_pipeline.lake.hits import land_hits
from bri_pipeline.lake.source import source_of
from bri_pipeline.reference_corpus.world import PATENTS, make_world
from bri_pipeline.settings import load_settings
from bri_pipeline.study import load_study
from bri_pipeline.warehouse.build import build_tables, models
from bri_pipeline.warehouse.database import writing
from bri_pipeline.warehouse.external import EXTERNAL_TABLES

STUDIES = {"india-eu": "IN", "china-g7": "CN"}
WANTED = ("core.patent_countries", "core.patent_provinces", "marts.by_partner_region")


@pytest.fixture(scope="module", params=STUDIES)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudyHome]:
    """A study with the tables behind the regions of both sides."""
    study = load_study(request.param)
    home = StudyHome(study, tmp_path_factory.mktemp(study.name))
    source, years = source_of(home, load_settings()), list(study.years)
    source.verify(years, lambda _: None)
    source.land(years, 1, lambda _: None)
    land_hits(home, years, [partner.iso2 for partner in study.searched], lambda _: None)
    with writing(home.warehouse) as con:
        outcomes = [
            outcome for one in build_tables(con, home, models(), _upstream()) for outcome in one.checks
        ]
        failed = [
            outcome.check.id for outcome in outcomes if outcome.forbids_use and outcome.state == "current"
        ]
    assert failed == []
    yield home


def _upstream() -> set[str]:
    """The wanted tables and all they read."""
    found: set[str] = set()
    waiting = list(WANTED)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        source = EXTERNAL_TABLES[name].source if name in EXTERNAL_TABLES else None
        waiting += [source] if source else []
        if name in models():
            read = models()[name].depends_on.union(*(check.depends_on for check in models()[name].checks))
            waiting += [one for one in read if not one.startswith(("lake.", "checks."))]
    return found


def rows(home: StudyHome, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(home.warehouse, read_only=True) as con:
        return con.execute(sql).fetchall()


def planned(focal: str) -> list[tuple[tuple[str, str | None], ...]]:
    """Country and region of the inventors of each co-invention."""
    return [
        tuple((country, home.truth) for country, home in one.homes)
        for one in make_world()
        if one.focal == focal
    ]


def test_patents_and_partners_are_those_planned(built: StudyHome) -> None:
    focal = STUDIES[built.study.name]
    partners = {partner.iso2 for partner in built.study.searched}
    expected = Counter(country for patent in planned(focal) for country in {c for c, _ in patent} & partners)
    found = dict(rows(built, "select country, count(*) from core.patent_countries group by country"))
    assert found == expected
    assert rows(built, "select count(*) from core.patents") == [(sum(PATENTS[focal].values()),)]


def test_provinces_of_the_focal_country_are_those_planned(built: StudyHome) -> None:
    focal = STUDIES[built.study.name]
    expected = Counter(
        region or "unresolved" for patent in planned(focal) for region in {r for c, r in patent if c == focal}
    )
    assert (
        dict(rows(built, "select province, count(*) from core.patent_provinces group by province"))
        == expected
    )
    assert len(expected) >= 8


def test_regions_of_the_partners_are_those_planned_in_every_scope(built: StudyHome) -> None:
    focal, province = STUDIES[built.study.name], str(built.study.focal_province)
    for scope in (focal, province):
        expected = Counter(
            member
            for patent in planned(focal)
            if scope == focal or (focal, scope) in patent
            for member in {(c, r) for c, r in patent if c != focal}
        )
        found = {
            (country, None if region in ("unresolved", "ambiguous") else region): patents
            for country, region, patents in rows(
                built,
                f"select country, partner_region, patents from marts.by_partner_region where scope = '{scope}'",
            )
        }
        assert found == expected
        assert ("DE", "DE-BY") in expected
        assert any(region is None for _, region in expected) == (scope == focal or ("DE", None) in expected)


def test_the_studies_say_that_they_are_synthetic(built: StudyHome) -> None:
    assert built.study.synthetic and "synthetic" in built.study.title
    titles = rows(
        built, "select count(*) from raw.uspto_hits where not starts_with(title, 'Synthetic record:')"
    )
    assert titles == [(0,)]
    assert Path(str(built.study.source.path)).name == "world_corpus"
