"""PatentsView's tables from the portal: a first release, the next one of which a table fails, one put there by hand."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bri_pipeline.errors import UserError
from bri_pipeline.home import StudyHome
from bri_pipeline.lake import fetch
from bri_pipeline.lake.fetch import fetch_years
from bri_pipeline.lake.landed import landed_files
from bri_pipeline.lake.patentsview import PatentsViewTables
from bri_pipeline.lake.soundness import landing_faults
from bri_pipeline.patentsview.columns import EXTRA_TABLES
from bri_pipeline.progress import Progress
from bri_pipeline.settings import load_settings
from bri_pipeline.study import load_study
from bri_pipeline.warehouse.lake_tables import files_frame, quarantine_frame
from tests.patentsview.corpus import PUBLICATIONS, SINGAPORE
from tests.patentsview.write_tables import Rows, table_rows, write_rows, write_zip
from tests.portal.conftest import KEY, FakeTime, make_client
from tests.portal.standin import StandInPortal, quota

LOCATIONS = "pg_location_not_disambiguated.tsv.zip"


@dataclass
class Releases:
    """A study of tables, its archive, and the portal that has them."""

    folder: Path
    portal: StandInPortal

    def __post_init__(self) -> None:
        file = self.folder / "study.toml"
        file.write_text(
            'name = "tables"\nfocal_country = "CN"\nwindow = { start = 2001-01-01, end = 2018-12-31 }\n'
            'partners = ["SG"]\n[source]\nkind = "patentsview_tables"\n'
        )
        self.study = load_study(str(file))
        self.study_home = StudyHome.of(self.study, load_settings())
        self.source = PatentsViewTables(self.study_home)

    def release(self, rows: Rows, day: int) -> None:
        zips = self.portal.folder / "PVPGPUBDIS"
        write_rows(rows, zips)
        write_zip(zips, "pg_cpc_current", "not a table this software reads")
        for path in zips.iterdir():
            os.utime(path, (day * 86400, day * 86400))

    def refresh(self) -> list[Progress]:
        said: list[Progress] = []
        fetch_years(self.study_home, load_settings(), self.study.years, said.append)
        self.source.verify(self.study.years, said.append)
        self.source.land(self.study.years, 1, said.append)
        return said

    @property
    def kept(self) -> int:
        return sum(file.kept for file in landed_files(self.study_home))


@pytest.fixture
def releases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Releases]:
    with StandInPortal(tmp_path / "portal", key=KEY) as portal:
        monkeypatch.setenv("BRI_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("USPTO_API_KEY", KEY)
        monkeypatch.setattr(fetch, "portal_client", lambda settings: make_client(portal, FakeTime()))
        yield Releases(tmp_path, portal)


def test_an_empty_archive_is_filled(releases: Releases) -> None:
    releases.release(table_rows(PUBLICATIONS), day=1)
    assert releases.source.stale(releases.study.years) == set(releases.study.years)

    releases.refresh()

    assert releases.kept == 3
    assert releases.source.stale(releases.study.years) == set()


def test_tables_of_two_releases_are_not_joined(releases: Releases) -> None:
    releases.release(table_rows([SINGAPORE]), day=1)
    releases.refresh()
    releases.release(table_rows(PUBLICATIONS), day=2)
    releases.portal.fault("pg_location", quota())

    with pytest.raises(UserError, match=rf"{LOCATIONS} was not downloaded, .* same release; .* by hand"):
        releases.refresh()
    assert releases.kept == 1
    assert releases.source.stale(releases.study.years) == set(releases.study.years)

    releases.refresh()
    assert releases.kept == 3


@pytest.mark.parametrize("key", [KEY, ""])
def test_a_table_put_there_by_hand_ends_the_refusal(
    key: str, releases: Releases, monkeypatch: pytest.MonkeyPatch
) -> None:
    releases.release(table_rows([SINGAPORE]), day=1)
    releases.refresh()
    releases.release(table_rows(PUBLICATIONS), day=2)
    releases.portal.fault("pg_location", quota(), times=9)
    with pytest.raises(UserError):
        releases.refresh()
    before = len(releases.portal.asked("pg_location"))

    shutil.copy2(releases.portal.folder / "PVPGPUBDIS" / LOCATIONS, releases.study_home.archive)
    monkeypatch.setenv("USPTO_API_KEY", key)
    releases.refresh()

    assert releases.kept == 3
    assert len(releases.portal.asked("pg_location")) == before


def test_a_table_that_is_not_read_is_not_downloaded(releases: Releases) -> None:
    releases.release(table_rows(PUBLICATIONS), day=1)

    said = releases.refresh()

    assert releases.kept == 3
    assert releases.portal.asked("pg_cpc_current") == []
    assert not (releases.study_home.archive / "pg_cpc_current.tsv.zip").exists()
    assert any("1 more file of the product is not read, so not downloaded." in line.what for line in said)
    assert fetch.changed_years(releases.study_home, load_settings(), releases.study.years) == set()


def test_tables_that_are_read_where_they_are_there_are_downloaded(releases: Releases) -> None:
    releases.release(table_rows(PUBLICATIONS), day=1)
    zips = releases.portal.folder / "PVPGPUBDIS"
    optional = {table.file_name for table in EXTRA_TABLES}
    releases.refresh()
    there = {path.name for path in releases.study_home.archive.glob("*.tsv.zip")}
    assert there == {path.name for path in zips.iterdir()} - {"pg_cpc_current.tsv.zip"}
    assert there & optional


def test_damaged_rows_are_all_accounted_for(releases: Releases) -> None:
    rows = table_rows(PUBLICATIONS)
    published, inventors = rows["pg_published_application"], rows["pg_inventor_not_disambiguated"]
    rows["pg_location_not_disambiguated"].pop()
    published.append(published[0])
    rows["pg_published_application"] = [row for row in published if row[0] != 20180000010]
    inventors.insert(1, [99, 0, None, "A", "B", "False", None])
    rows["pg_published_application"].insert(1, [99, *published[0][1:]])
    releases.release(rows, day=1)

    releases.refresh()

    files = files_frame(landed_files(releases.study_home), releases.study)
    assert files["source_file"].is_unique().all()
    assert (files["documents"] == files["kept"] + files["skipped"] + files["unreadable"]).all()
    assert {note for notes in files["notes"].drop_nulls() for note in notes.split("; ")} == {
        "1 with a row repeated in the publication table, left out",
        "1 with a focal-country inventor but no row in the publication table, left out",
        "1 with an inventor or applicant of the window whose place is not in the location table",
        "1 with an inventor of any publication whose place is not in the location table, so of no country",
    }
    quarantine = quarantine_frame(landed_files(releases.study_home))
    assert quarantine.select("source_file", "document_index").is_unique().all()
    assert [reason.split(":")[0] for reason in quarantine["reason"]] == [
        "pg_inventor_not_disambiguated.tsv.zip, line 3",
        "pg_published_application.tsv.zip, line 3",
    ]


def test_a_release_with_fewer_publications_of_a_year_is_a_loss(releases: Releases) -> None:
    rows = table_rows(PUBLICATIONS)
    releases.release(rows, day=1)
    releases.refresh()
    year = int(str(rows["pg_published_application"][0][0])[:4])
    fewer = {name: list(table) for name, table in rows.items()}
    fewer["pg_published_application"] = fewer["pg_published_application"][1:]
    releases.release(fewer, day=2)
    releases.refresh()

    [fault] = landing_faults(releases.study_home, year)
    assert "where it held" in fault and "Put the tables of the release before back" in fault
    assert [other for other in releases.study.years if landing_faults(releases.study_home, other)] == [year]
    releases.release(rows, day=3)
    releases.refresh()
    assert landing_faults(releases.study_home, year) == []


def test_rows_that_can_be_read_now_are_no_loss(releases: Releases) -> None:
    rows = table_rows(PUBLICATIONS)
    broken = {name: list(table) for name, table in rows.items()}
    broken["pg_inventor_not_disambiguated"].insert(0, [99, 0, None, "A", "B", "False", None])
    releases.release(broken, day=1)
    releases.refresh()
    releases.release(rows, day=2)
    releases.refresh()
    assert [year for year in releases.study.years if landing_faults(releases.study_home, year)] == []
