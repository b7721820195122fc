"""The same publications from every source: weekly front pages, full text, tables and application search."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from bri_pipeline.home import StudyHome
from bri_pipeline.lake import application_search
from bri_pipeline.lake.source import source_of
from bri_pipeline.settings import load_settings
from bri_pipeline.study import load_study
from tests.archives import ArchiveTruth, random_archive
from tests.end_to_end.studies import Home, build
from tests.patentsview.test_same_as_weekly_files import as_exported
from tests.patentsview.write_tables import write_tables
from tests.portal.applications import write_applications
from tests.portal.conftest import FakeTime, make_client
from tests.portal.standin import StandInPortal

SEED, SIZE = 8, 24
ERAS = (2003, 2006, 2013, 2024)
BY_WHOLE_YEARS = ("core.distinct_sets", "marts.affinity")


@dataclass
class Read:
    """A study's tables, and the checks of error severity that failed."""

    home: Home
    failed: list[str]
    warned: list[str]

    def tables(self, *schemas: str) -> dict[str, object]:
        """Tables of some schemas; of what is counted by source file, the names of files are left out."""
        tables = {name: rows for name, rows in self.home.tables().items() if name.split(".")[0] in schemas}
        if "core.country_sets" in tables:
            tables["core.country_sets"] = self.home.rows(
                "select year, kind, countries, sum(documents)::int from core.country_sets group by all order by all"
            )
        return tables


def read(
    folder: Path, truth: ArchiveTruth, kind: str, path: Path | None, extra: str = "", top: str = ""
) -> Read:
    home = Home(folder, write_study(folder, truth, kind, path, extra, top))
    wrong = [check for check in build(home) if not check.passed]
    return Read(
        home,
        [one.check.id for one in wrong if one.check.severity == "error"],
        [one.check.id for one in wrong if one.check.severity == "warn"],
    )


def write_study(
    folder: Path, truth: ArchiveTruth, kind: str, path: Path | None, extra: str = "", top: str = ""
) -> Path:
    """A study file; ``extra`` are lines of its source, ``top`` lines of the study."""
    folder.mkdir(exist_ok=True)
    study = folder / f"{kind}.toml"
    start, end = truth.window
    source = f'path = "{path}"\n' if path else ""
    study.write_text(
        f'name = "{kind.replace("_", "-")}"\nfocal_country = "CN"\nwindow = {{ start = {start}, end = {end} }}\n'
        f'partners = {list(truth.partners)}\n{top}[source]\nkind = "{kind}"\n{source}{extra}'
    )
    return study


def source_is_stale(folder: Path, truth: ArchiveTruth, kind: str, path: Path) -> bool:
    """Whether the study as it is by default would read its files again in a home."""
    study = load_study(str(write_study(folder, truth, kind, path)))
    source = source_of(StudyHome(study, folder / study.name), load_settings())
    return source.stale(study.years) == set(study.years)


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> ArchiveTruth:
    return random_archive(tmp_path_factory.mktemp("weekly"), SEED, years=ERAS, size=SIZE)


@pytest.fixture(scope="module")
def weekly(truth: ArchiveTruth, tmp_path_factory: pytest.TempPathFactory) -> Read:
    return read(tmp_path_factory.mktemp("home"), truth, "weekly_xml", truth.folder)


@pytest.fixture(scope="module")
def tables(truth: ArchiveTruth, tmp_path_factory: pytest.TempPathFactory) -> Read:
    zips = write_tables(map(as_exported, truth.documents), tmp_path_factory.mktemp("zips"))
    return read(tmp_path_factory.mktemp("home"), truth, "patentsview_tables", zips)


@pytest.fixture(scope="module")
def full_text(tmp_path_factory: pytest.TempPathFactory) -> Read:
    folder = tmp_path_factory.mktemp("full")
    truth = random_archive(folder, SEED, years=ERAS, size=SIZE, full_text=True)
    for path in folder.rglob("*.zip"):
        path.rename(path.with_name(path.name.replace("pab", "pa")))
    return read(tmp_path_factory.mktemp("home"), truth, "weekly_xml", folder)


@pytest.mark.slow
def test_tables_give_the_hits_and_marts_of_the_weekly_files(weekly: Read, tables: Read) -> None:
    hits = "select country, publication_number from raw.uspto_hits order by all"

    assert (weekly.failed, tables.failed) == ([], [])
    assert tables.home.rows(hits) == weekly.home.rows(hits)
    assert len(weekly.home.rows(hits)) > SIZE
    # Tables have no weeks: of a year that the window cuts, those outside it cannot be left out.
    found, expected = (
        {name: rows for name, rows in one.tables("core", "marts").items() if name not in BY_WHOLE_YEARS}
        for one in (tables, weekly)
    )
    for one in (found, expected):
        one["marts.measures"] = [row for row in one["marts.measures"] if not row[0].startswith("affinity.")]
    assert found == expected


@pytest.mark.slow
def test_full_texts_give_the_records_hits_and_marts_of_the_front_pages(weekly: Read, full_text: Read) -> None:
    records = "select * exclude (source_file, landed_at) from raw.uspto_hits order by all"

    assert full_text.failed == []
    assert full_text.home.rows(records) == weekly.home.rows(records)
    assert full_text.tables("staging", "core", "marts") == weekly.tables("staging", "core", "marts")


@pytest.mark.slow
@pytest.mark.parametrize("source", ["weekly", "tables", "full_text"])
def test_the_margins_of_a_year_are_those_of_its_documents(
    source: str, truth: ArchiveTruth, request: pytest.FixtureRequest
) -> None:
    home = request.getfixturevalue(source).home
    counted = Counter((d.publication_date.year, country) for d in truth.documents for country in d.countries)

    rows = home.rows("select year, country, publications from core.country_totals")

    assert {(year, country): count for year, country, count in rows} == counted


@pytest.mark.slow
def test_margins_where_hong_kong_counts_as_china(truth: ArchiveTruth, tmp_path: Path) -> None:
    zips = write_tables(map(as_exported, truth.documents), tmp_path / "zips")
    at_home = {"CN", "HK"}
    counted = Counter(d.publication_date.year for d in truth.documents if d.countries & at_home)
    margins = "select year, publications from core.country_totals where is_focal or country in ('CN', 'HK')"

    for kind, path in (("weekly_xml", truth.folder), ("patentsview_tables", zips)):
        home = read(tmp_path / "home", truth, kind, path, top="hong_kong_as_cn = true\n")
        assert home.failed == []
        assert dict(home.home.rows(margins)) == counted


@pytest.mark.slow
def test_the_application_search_finds_first_publications(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    truth = random_archive(tmp_path / "weekly", SEED, years=(2024,), size=SIZE)
    weekly = read(tmp_path / "home", truth, "weekly_xml", truth.folder)
    [*_, lost] = sorted(number for _, number in truth.hit_numbers if number.endswith("A1"))
    findable = write_applications(truth.documents, tmp_path / "portal", without_xml=lost)
    with StandInPortal(tmp_path / "portal") as portal:
        monkeypatch.setattr(
            application_search, "portal_client", lambda settings: make_client(portal, FakeTime())
        )
        searched = read(tmp_path / "home", truth, "odp", None)
    hits = "select country, publication_number, title, filing_date, ipc from raw.uspto_hits order by all"
    found, printed = searched.home.rows(hits), weekly.home.rows(hits)

    assert searched.failed == []
    assert {(country, number) for country, number, *_ in found} == {
        (country, number) for country, number in truth.hit_numbers if number in findable
    }
    assert [hit for hit in found if hit[1] != lost] == [hit for hit in printed if hit[1] in findable - {lost}]
    assert [hit[-1] for hit in found if hit[1] == lost] == [[]] * sum(hit[1] == lost for hit in found)
    assert "raw.source_files/nothing_missing_in_records" in searched.warned
    [(notes,)] = searched.home.rows("select notes from raw.source_files")
    assert "1 with no IPC" in notes.split("; ")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["weekly_xml", "patentsview_tables"])
def test_margins_can_be_left_out_and_come_back(kind: str, tmp_path: Path) -> None:
    truth = random_archive(tmp_path / "weekly", SEED, years=(2024,), size=SIZE)
    zips = write_tables(map(as_exported, truth.documents), tmp_path / "zips")
    path = truth.folder if kind == "weekly_xml" else zips
    totals = "select sum(publications)::int from core.country_totals"
    ties = "select count(*), count(country_publications), count(salton), count(jaccard) from marts.affinity"

    without = read(tmp_path / "home", truth, kind, path, "country_totals = false\n")
    assert without.failed == []
    assert without.home.rows(totals) == [(None,)]
    [(countries, *filled)] = without.home.rows(ties)
    assert countries > 0 and filled == [0, 0, 0]

    assert source_is_stale(tmp_path / "home", truth, kind, path)
    with_them = read(tmp_path / "home", truth, kind, path)
    assert with_them.home.rows(totals) == [(sum(len(d.countries) for d in truth.documents),)]
    assert with_them.home.rows(ties) == [(countries,) * 4]
