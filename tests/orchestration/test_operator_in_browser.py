"""An operator's work by clicks, in a real browser on `bri ui`. Run apart: `pytest -m browser tests/orchestration`."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from bri_pipeline.settings import load_settings
from bri_pipeline.study import load_study
from tests.archives import random_archive
from tests.orchestration.conftest import PARTNERS, Site
from tests.orchestration.test_ui import Said, ui

playwright = pytest.importorskip("playwright.sync_api", reason="left out: needs playwright")
pytestmark = pytest.mark.browser

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))),
    None,
)
YEARS = range(2005, 2013)
# The daemon looks for backfills every 30 seconds, and the machine may be busy.
PATIENCE_SECONDS = 900
PAGE_SECONDS = 180
ANSWER_BEGINS = 500
ENDED = {"SUCCESS", "FAILURE", "CANCELED"}
LAKE = ("archive/uspto_files", "landing/publications", "raw/uspto_hits_sg")
RUNS = "{ runsOrError(limit: 60) { ... on Runs { results { id jobName status tags { key value } } } } }"
PARTITIONS = """query($key: AssetKeyInput!) {
    assetNodeOrError(assetKey: $key) { ... on AssetNode { assetPartitionStatuses {
        ... on TimePartitionStatuses { ranges { status startKey endKey } } } } } }"""
ASSETS = """{ assetNodes { assetKey { path } partitionStats { numMaterialized numFailed numPartitions }
    assetMaterializations(limit: 1) { runId } hasMaterializePermission staleStatus } }"""
SCHEDULE = """{ scheduleOrError(scheduleSelector: {
    repositoryName: "__repository__", repositoryLocationName: "bri_pipeline",
    scheduleName: "monthly_refresh_schedule"}) { ... on Schedule { scheduleState { status } } } }"""


@dataclass
class Operator:
    """Somebody at a browser, and what the UI's server answers when asked without one."""

    page: Any
    address: str
    files: Path
    said: Said
    refused: list[str] = field(default_factory=list)  # what pages asked the server for in vain

    def watch(self) -> None:
        """Note answers with errors; a page shows what it has, and the error for some seconds."""
        self.page.on("response", self._note_response)
        self.page.on("websocket", lambda opened: opened.on("framereceived", self._note))

    def _note_response(self, response: Any) -> None:
        if response.url.endswith("/graphql") and response.status >= 400:
            self.refused.append(f"{response.status} {response.url}")

    def _note(self, frame: object) -> None:
        text = str(frame)
        if '"errors":' in text[:ANSWER_BEGINS]:
            self.refused.append(text[:ANSWER_BEGINS])

    def ask(self, query: str, **variables: object) -> Any:
        body = {"query": query, "variables": variables}
        try:
            answer = requests.post(f"{self.address}/graphql", json=body, timeout=PAGE_SECONDS).json()
        except requests.RequestException as error:
            pytest.fail(f"{error}; `bri ui` said: {self.said}")
        assert "errors" not in answer, answer
        return answer["data"]

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def runs(self) -> list[dict[str, Any]]:
        return list(self.ask(RUNS)["runsOrError"]["results"])

    def new_runs(self, known: set[str], expected: int = 1) -> list[dict[str, Any]]:
        """The runs that were started since, when they have all ended."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            new = [run for run in self.runs() if run["id"] not in known]
            if len(new) >= expected and all(run["status"] in ENDED for run in new):
                return new
            time.sleep(1)
        pytest.fail(f"{[run['status'] for run in self.runs()]} after {PATIENCE_SECONDS} s")

    def known(self) -> set[str]:
        return {run["id"] for run in self.runs()}

    def materialize(self, path: str, button: str, choose: str, launch: str, *, warned: bool = False) -> None:
        """Press the button of a page, choose years in the dialog (a name there, or typed years), and launch."""
        self.open(path)
        self.page.get_by_role("button", name=button).first.click()
        dialog = self.page.get_by_role("dialog")
        if warned:  # that what is above was never materialized
            dialog.get_by_role("button", name="Confirm").click()
        field = dialog.get_by_placeholder(re.compile("^ex: "))
        field.wait_for()
        if choose[0].isalpha():
            dialog.get_by_role("button", name=choose, exact=True).click()
        else:
            field.fill(choose)
            field.press("Enter")
        dialog.get_by_role("button", name=launch, exact=True).click()

    def years_by_status(self, key: str) -> dict[str, str]:
        node = self.ask(PARTITIONS, key={"path": key.split("/")})["assetNodeOrError"]
        return {
            str(year): span["status"]
            for span in node["assetPartitionStatuses"]["ranges"]
            for year in range(int(span["startKey"]), int(span["endKey"]) + 1)
        }


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    if CHROMIUM is None:
        pytest.skip("left out: needs Chromium (Debian: apt-get install chromium)")
    folder = tmp_path_factory.mktemp("operator")
    site = years_of_a_study(folder)
    with (
        ui(site, 3300) as (_, address, said),
        playwright.sync_playwright() as started,
    ):
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1500, "height": 1000})
        page.set_default_timeout(1000 * PAGE_SECONDS)
        at_work = Operator(page, address, folder / "files", said)
        at_work.watch()
        yield at_work
        browser.close()


@pytest.fixture(autouse=True)
def pages_get_what_they_ask_for(operator: Operator) -> Iterator[None]:
    yield
    assert operator.refused == []


def years_of_a_study(folder: Path) -> Site:
    random_archive(folder / "files", seed=5, years=tuple(YEARS), size=16)
    path = folder / "study.toml"
    path.write_text(
        'name = "month"\nfocal_country = "CN"\nwindow = { start = 2005-01-01, end = 2012-12-31 }\n'
        f'partners = {list(PARTNERS)}\n[source]\npath = "{folder / "files"}"\n'
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BRI_HOME", str(folder / "home"))
        return Site(load_study(str(path)), load_settings())


def test_hits_before_anything_was_read_are_red_and_say_what_to_materialize(operator: Operator) -> None:
    known = operator.known()
    operator.materialize("/assets/raw/uspto_hits_sg", "Materialize", "2011", "Launch 1 run", warned=True)
    [run] = operator.new_runs(known)
    assert run["status"] == "FAILURE"
    operator.open(f"/runs/{run['id']}")
    operator.page.get_by_text("Materialize archive/uspto_files as well").first.wait_for()


def test_the_whole_graph_by_the_job_refresh_is_one_run_and_every_asset_is_green(operator: Operator) -> None:
    known = operator.known()
    operator.materialize("/locations/bri_pipeline/jobs/refresh", "Materialize all", "All", "Launch backfill")
    [run] = operator.new_runs(known)
    assert (run["status"], run["jobName"]) == ("SUCCESS", "refresh")
    operator.open(f"/runs/{run['id']}")
    operator.page.get_by_text("RUN_SUCCESS").first.wait_for()  # the page begins at the end of the log
    assert {"key": "bri/study", "value": "month"} in run["tags"]
    for node in operator.ask(ASSETS)["assetNodes"]:
        stats = node["partitionStats"]
        assert node["assetMaterializations"], node
        assert node["staleStatus"] == "FRESH", node
        if stats:
            assert (stats["numMaterialized"], stats["numFailed"]) == (len(YEARS), 0), node


def test_a_country_and_year(operator: Operator) -> None:
    known = operator.known()
    operator.materialize("/assets/raw/uspto_hits_sg", "Materialize", "2011", "Launch 1 run")
    [run] = operator.new_runs(known)
    assert run["status"] == "SUCCESS"
    assert {"key": "bri/study", "value": "month"} in run["tags"], "also of a run from an asset's page"


def test_all_years_of_a_country_are_one_run(operator: Operator) -> None:
    known = operator.known()
    operator.materialize("/assets/raw/uspto_hits_in", "Materialize", "All", "Launch backfill")
    [run] = operator.new_runs(known)
    assert run["status"] == "SUCCESS"
    [stale] = {node["staleStatus"] for node in operator.ask(ASSETS)["assetNodes"]}
    assert stale == "FRESH", "what was read again and is the same leaves what follows fresh"


def test_a_failing_year_fails_alone_and_is_the_only_one_offered_again(operator: Operator) -> None:
    path = sorted(operator.files.rglob("ipab2008*.zip"))[0]
    whole = path.read_bytes()
    path.write_bytes(whole[:-300])
    known = operator.known()
    operator.materialize(
        "/locations/bri_pipeline/jobs/lake", "Materialize all", "[2005...2012]", "Launch backfill"
    )
    [run] = operator.new_runs(known)
    assert run["status"] == "FAILURE"
    operator.open(f"/runs/{run['id']}")
    operator.page.get_by_text(path.name).first.wait_for()
    for key in LAKE:
        failed = {year for year, status in operator.years_by_status(key).items() if status == "FAILED"}
        assert failed == {"2008"}, key

    path.write_bytes(whole)
    known = operator.known()
    operator.materialize(
        "/locations/bri_pipeline/jobs/lake", "Materialize all", "Failed and missing", "Launch 1 run"
    )
    [again] = operator.new_runs(known)
    assert again["status"] == "SUCCESS"
    assert {"key": "dagster/partition", "value": "2008"} in again["tags"]
    for key in LAKE:
        assert set(operator.years_by_status(key).values()) == {"MATERIALIZED"}


def test_the_schedule_is_switched_on_and_off(operator: Operator) -> None:
    def status() -> str:
        return str(operator.ask(SCHEDULE)["scheduleOrError"]["scheduleState"]["status"])

    assert status() == "STOPPED"
    for wanted in ("RUNNING", "STOPPED"):
        operator.open("/locations/bri_pipeline/schedules/monthly_refresh_schedule")
        operator.page.get_by_text("monthly_refresh_schedule").first.wait_for()
        switch = operator.page.locator("input[type=checkbox]").first
        switch.wait_for(state="attached")
        switch.locator("..").click()  # the box itself is drawn by its label, and is outside the page
        deadline = time.monotonic() + PAGE_SECONDS
        while status() != wanted and time.monotonic() < deadline:
            time.sleep(0.5)
        assert status() == wanted


def test_pages_beside_dagsters(operator: Operator) -> None:
    operator.open("/bri/health")
    operator.page.get_by_text("Health of month").first.wait_for()
    operator.open("/bri/tables#marts.by_country")
    assert operator.page.locator("[id='marts.by_country']").count() == 1
    operator.open("/bri/report/index.html")
    assert operator.page.title()
    operator.open("/assets/marts/by_country")
    operator.page.get_by_text("One row per scope and partner country").first.wait_for()
