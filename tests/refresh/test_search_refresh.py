"""When a year of the application search is asked again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bri_pipeline.home import StudyHome
from bri_pipeline.lake import application_search
from bri_pipeline.lake.application_search import ApplicationSearch
from bri_pipeline.settings import load_settings
from bri_pipeline.study import load_study
from tests.portal.conftest import FakeTime, make_client
from tests.portal.standin import StandInPortal

YEARS = (2025, 2026)


def search(folder: Path, partners: str = '"SG"') -> ApplicationSearch:
    file = folder / "study.toml"
    file.write_text(
        'name = "search"\nfocal_country = "CN"\nwindow = { start = 2025-12-01 }\n'
        f'partners = [{partners}]\n[source]\nkind = "odp"\n'
    )
    return ApplicationSearch(StudyHome(load_study(str(file)), folder / "home"), load_settings())


@pytest.mark.parametrize(
    ("later", "asked_again"),
    [
        (date(2026, 1, 20), set()),
        (date(2026, 1, 21), {2025, 2026}),
        (date(2026, 3, 2), {2025, 2026}),
    ],
)
def test_a_year_is_asked_until_its_last_weeks_have_settled(
    later: date, asked_again: set[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = date(2026, 1, 20)

    class Calendar(date):
        @classmethod
        def today(cls) -> date:
            return today

    monkeypatch.setattr(application_search, "date", Calendar)
    with StandInPortal(tmp_path / "portal") as portal:
        monkeypatch.setattr(
            application_search, "portal_client", lambda settings: make_client(portal, FakeTime())
        )
        search(tmp_path).land(YEARS, 1, lambda _: None)
        today = later
        assert search(tmp_path).stale(YEARS) == asked_again

        search(tmp_path).land(YEARS, 1, lambda _: None)
        today = date(2026, 4, 1)
        assert search(tmp_path).stale(YEARS) == ({2026} if later == date(2026, 3, 2) else {2025, 2026})


def test_another_partner_country_asks_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with StandInPortal(tmp_path / "portal") as portal:
        monkeypatch.setattr(
            application_search, "portal_client", lambda settings: make_client(portal, FakeTime())
        )
        search(tmp_path).land([2025], 1, lambda _: None)

    assert search(tmp_path).stale([2025]) == set()
    assert search(tmp_path, '"SG", "IN"').stale([2025]) == {2025}
