"""When a year of the application search is asked again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from bri_pipeline.errors import UserError
from bri_pipeline.home import StudyHome
from bri_pipeline.lake import application_search
from bri_pipeline.lake.application_search import ApplicationSearch
from bri_pipeline.lake.integrity import changed_files
from bri_pipeline.lake.landed import landed_files, publications_path
from bri_pipeline.lake.landed_file import LandedFile
from bri_pipeline.lake.losses import accept_losses
from bri_pipeline.lake.soundness import landing_faults
from bri_pipeline.portal.client import PortalClient
from bri_pipeline.progress import InLines, silent
from bri_pipeline.settings import Settings, load_settings
from bri_pipeline.study import load_study
from tests.archives import random_archive
from tests.portal.applications import write_applications
from tests.portal.conftest import FakeTime, make_client
from tests.portal.standin import StandInPortal, denied

YEARS = (2025, 2026)


def search(folder: Path, partners: str = '"SG"', start: str = "2025-12-01") -> ApplicationSearch:
    file = folder / "study.toml"
    file.write_text(
        'name = "search"\nfocal_country = "CN"\n'
        f'window = {{ start = {start} }}\npartners = [{partners}]\n[source]\nkind = "odp"\n'
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


# ---- kept answers


@dataclass
class Asked:
    """A study of one year, the portal it asks, and what came of it."""

    portal: StandInPortal
    folder: Path
    patch: pytest.MonkeyPatch
    said: list[str] = field(default_factory=list)

    def land(self, partners: str = '"SG"') -> tuple[LandedFile, pl.DataFrame]:
        """Land the year: its counts but for the time, and the publications."""
        source = search(self.folder, partners, "2025-01-01")
        source.land([2025], 1, InLines(self.said.append))
        [landed] = landed_files(source.home, [2025])
        publications = pl.read_parquet(publications_path(source.home, landed))
        return replace(landed, landed_at="", reader="", stored={}), publications

    def change_rules(self) -> None:
        self.patch.setattr(application_search, "_reader", lambda: f"rules {len(self.said)}")

    def requests(self) -> list[str]:
        """What was asked since this was called last."""
        asked = [request.path for request in self.portal.requests]
        self.portal.requests.clear()
        return asked


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    truth = random_archive(tmp_path / "files", seed=5, years=(2025,), size=40)
    lost = next(
        document.publication_number
        for document in truth.documents
        if "SG" in {inventor.counted_country for inventor in document.inventors}
        and "CN" in {inventor.counted_country for inventor in document.inventors}
    )
    write_applications(truth.documents, tmp_path / "portal", without_xml=lost)
    with StandInPortal(tmp_path / "portal") as portal:
        monkeypatch.setattr(
            application_search, "portal_client", lambda settings: make_client(portal, FakeTime())
        )
        yield Asked(portal, tmp_path, monkeypatch)


def test_changed_rules_read_the_kept_answers_and_ask_the_portal_nothing(asked: Asked) -> None:
    counts, publications = asked.land()
    first = asked.requests()
    assert any("search" in path for path in first) and any(path.endswith(".xml") for path in first)
    assert publications["ipc"].list.len().sum() > 0

    asked.change_rules()
    assert search(asked.folder, start="2025-01-01").stale([2025]) == {2025}
    again, read = asked.land()

    assert asked.requests() == []
    assert again == counts and read.equals(publications)
    assert any(line.endswith("have changed; the portal's answers are kept") for line in asked.said)


def test_kept_answers_need_no_key(asked: Asked) -> None:
    _, publications = asked.land()
    asked.change_rules()

    def no_key(_: Settings) -> PortalClient:
        raise UserError("The Open Data Portal needs a key, and none is set.")

    asked.patch.setattr(application_search, "portal_client", no_key)
    assert asked.land()[1].equals(publications)


def test_another_partner_country_asks_for_the_xml_of_its_publications_alone(asked: Asked) -> None:
    asked.land()
    asked.requests()
    asked.land('"SG", "IN"')
    more = asked.requests()
    assert more and not any("search" in path for path in more)


def test_of_a_damaged_answer_the_portal_is_asked_again_and_the_doctor_names_it(asked: Asked) -> None:
    home = search(asked.folder, start="2025-01-01").home
    _, publications = asked.land()
    folder = home.archive / "search" / "2025"
    answers = json.loads((folder / "answers.json").read_text())["answers"].values()
    sha256 = next(answer["sha256"] for answer in answers if answer["what"].startswith("the XML of"))
    damaged, kept = folder / f"{sha256}.gz", len(list(folder.glob("*.gz")))
    damaged.write_bytes(damaged.read_bytes()[:-9])
    compared, [(path, _, _)] = changed_files(home, silent)
    assert (compared, path) == (kept, damaged)
    asked.requests()

    asked.change_rules()
    assert asked.land()[1].equals(publications)
    assert len({path.rpartition("/")[2] for path in asked.requests()}) == 1
    assert changed_files(home, silent) == (kept, [])


def test_on_another_day_everything_is_asked_and_a_year_that_breaks_off_leaves_the_answers_before(
    asked: Asked,
) -> None:
    class Tomorrow(date):
        @classmethod
        def today(cls) -> date:
            return date(2026, 1, 20)

    asked.patch.setattr(application_search, "date", Tomorrow)
    _, publications = asked.land()
    first = asked.requests()
    asked.patch.setattr(Tomorrow, "today", lambda: date(2026, 1, 21))
    asked.portal.fault("applications/search", denied(401), times=9)
    with pytest.raises(UserError):
        asked.land()
    asked.portal.forget_faults()
    asked.requests()

    asked.patch.setattr(Tomorrow, "today", lambda: date(2026, 1, 20))
    asked.change_rules()
    assert asked.land()[1].equals(publications)
    assert asked.requests() == []

    asked.patch.setattr(Tomorrow, "today", lambda: date(2026, 1, 21))
    assert asked.land()[1].equals(publications)
    assert sorted(asked.requests()) == sorted(first)


def test_a_day_on_which_the_portal_finds_less_is_a_loss_until_it_is_made_good_or_accepted(
    asked: Asked,
) -> None:
    class Calendar(date):
        @classmethod
        def today(cls) -> date:
            return date(2026, 1, day)

    asked.patch.setattr(application_search, "date", Calendar)
    home = search(asked.folder, start="2025-01-01").home
    day = 20
    whole, _ = asked.land()
    assert whole.documents_before == 0 and landing_faults(home, 2025) == []

    day = 21
    asked.portal.answer_search = lambda query, found: found[: len(found) // 2]
    fewer, _ = asked.land()
    assert fewer.documents < fewer.documents_before == whole.documents
    [fault] = landing_faults(home, 2025)
    assert "holds" in fault and "run it again another day" in fault

    day = 22
    asked.portal.answer_search = lambda query, found: found
    assert asked.land()[0].documents == whole.documents and landing_faults(home, 2025) == []

    day = 23
    asked.portal.answer_search = lambda query, found: found[: len(found) // 2]
    asked.land()
    assert accept_losses(home, [2025]) and landing_faults(home, 2025) == []


def test_fewer_days_asked_are_no_loss(asked: Asked) -> None:
    asked.land()
    source = search(asked.folder, start="2025-06-01")
    source.land([2025], 1, silent)
    [landed] = landed_files(source.home, [2025])
    assert landed.documents_before == 0 and landing_faults(source.home, 2025) == []
