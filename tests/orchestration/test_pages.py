"""What an operator reads beside Dagster's own pages: health, data dictionary, and the small chart of a mart."""

from __future__ import annotations

import asyncio
import base64
import re
import shutil
from html import escape
from pathlib import Path
from xml.etree import ElementTree

import dagster as dg
import duckdb
import pytest
from starlette.applications import Starlette
from starlette.types import Message

from bri_pipeline.errors import UserError
from bri_pipeline.home import StudyHome
from bri_pipeline.orchestration.instance import open_instance
from bri_pipeline.orchestration.publish_assets import HEALTH_PAGE
from bri_pipeline.orchestration.table_metadata import markdown_table
from bri_pipeline.orchestration.web_pages import as_html, own_pages
from bri_pipeline.printing import markdown_text
from bri_pipeline.progress import silent
from bri_pipeline.report.health import health_page
from bri_pipeline.warehouse.dictionary_file import column_types, page
from bri_pipeline.warehouse.small_chart import as_svg, small_chart
from tests.orchestration.conftest import Site, small_study


def test_the_health_of_a_study_that_ran(ran: Site) -> None:
    text = health_page(ran.study_home, {"marts.by_year": 1, "core.patents": 0})
    assert "Last published 20" in text and "Every file that was looked at can be used." in text
    for section in (
        "Checks",
        "Years",
        "Rows against last time",
        "Places without a province",
        "Documents set aside",
    ):
        assert f"## {section}\n" in text
    for year in (2011, 2012, 2013):
        assert f"\n| {year} | 3 |" in text or f"\n| {year} | 2 |" in text
    assert "| marts.by_year | 1 |" in text and "0 failed" in text
    assert "Rows against last time" not in health_page(ran.study_home)


def test_the_health_of_a_study_with_a_damaged_file_and_a_failed_check(ran: Site, tmp_path: Path) -> None:
    home = StudyHome(ran.study, tmp_path / "small")
    shutil.copytree(ran.study_home.root, home.root)
    manifest = next(home.archive.glob("manifest-2012.json"))
    manifest.write_text(manifest.read_text().replace('"problem": null', '"problem": "x.zip is damaged."', 1))
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute(
            "update checks.outcomes set passed = false, offending_rows = 2 "
            "where table_name = 'marts.by_year' and severity = 'error'"
        )
    text = health_page(home)
    assert "- **2012**: x.zip is damaged." in text
    assert "**failed** `marts.by_year/" in text


def test_the_health_of_a_study_that_never_ran(tmp_path: Path) -> None:
    text = health_page(small_study(tmp_path).study_home)
    assert "Nothing has been published yet" in text and "No table has been built yet" in text


def test_health_is_shown_with_the_asset(instance: dg.DagsterInstance) -> None:
    event = instance.get_latest_materialization_event(dg.AssetKey(["report", "health"]))
    assert event and event.asset_materialization
    told = event.asset_materialization.metadata
    assert str(told["page"].value).startswith("# Health of small")
    assert told["live"].value == "/bri/health"


def test_a_report_that_is_not_there_yet_is_a_page_that_says_so(tmp_path: Path) -> None:
    home = small_study(tmp_path).study_home
    assert shown(home, "/bri/report/")[0] == shown(home, "/bri/report/../warehouse.duckdb")[0] == 404
    assert "There is no report yet" in shown(home, "/bri/report/index.html")[1]
    home.report.mkdir(parents=True)
    (home.report / "index.html").write_text("the report")
    assert shown(home, "/bri/report/") == (200, "the report")


def shown(home: StudyHome, path: str) -> tuple[int, str]:
    """Status and text of one of the server's own pages."""
    sent: list[Message] = []

    async def receive() -> Message:
        await asyncio.sleep(5)  # the browser stays until it has the answer
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "root_path": "",
        "query_string": b"",
        "headers": [],
    }
    asyncio.run(Starlette(routes=own_pages(home))(scope, receive, send))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent).decode()


def test_pages_are_html_with_places_to_link_to_and_no_markup_of_the_text() -> None:
    html = as_html("a <b>", "### marts.by_year\n\n| a | b |\n|---|---|\n| <script>x</script> | 1 |\n")
    assert '<h3 id="marts.by_year">' in html and "<table>" in html
    assert "<script>" not in html and "<title>a &lt;b&gt;</title>" in html


@pytest.mark.parametrize(
    "text",
    [
        "![x](http://evil.example/x.png)",
        "[x](http://evil.example)",
        "a\\|b",
        "`a",
        "<b>x</b>",
        "a | b",
        "a\nb",
        "HTTP://evil.example/a",
        "see https://evil.example, www.evil.example or a@evil.example",
    ],
)
def test_text_of_documents_is_shown_and_is_no_markup(text: str) -> None:
    table = as_html("a", markdown_table([{"name": text, "n": 1}]))
    line = as_html("a", f"- {markdown_text(text)}\n")
    shown = escape(text.replace("\n", " "))
    assert f"<td>{shown}</td>" in table.replace("\u2060", "")
    assert f"<li>{shown}</li>" in line.replace("\u2060", "")
    # the patterns by which Dagster's pages make links of text
    bare_address = re.compile(r"(https?://|www(?=\.))[-.\w]|[-.\w+]+@[-\w]+\.", re.IGNORECASE)
    assert not bare_address.search(table) and not bare_address.search(line)


def test_the_dictionary_gives_type_unit_and_origin() -> None:
    assert column_types()["marts.by_country"]["patents"] == "bigint"
    [line] = [line for line in page("tables.md").splitlines() if line.startswith("| `patents_bilateral` |")]
    assert line.startswith("| `patents_bilateral` | bigint | patents | ")
    assert "| column | from |" in page("lineage.md")


def test_every_mart_that_has_rows_has_a_chart(ran: Site, instance: dg.DagsterInstance) -> None:
    with duckdb.connect(str(ran.study_home.published), read_only=True) as con:
        rows = con.execute(
            "select table_name, rows from checks.builds where table_name like 'marts.%' and rows > 0"
        ).fetchall()
    without = []
    for name, _ in rows:
        event = instance.get_latest_materialization_event(dg.AssetKey(name.split(".")))
        assert event and event.asset_materialization
        told = event.asset_materialization.metadata
        if "chart" not in told:
            without.append(name)
            continue
        picture = str(told["chart"].value).partition("base64,")[2].rstrip(")")
        ElementTree.fromstring(base64.b64decode(picture))
        assert any(key.startswith("all_") for key in told), f"{name}: a number that is plotted"
    assert without == []


@pytest.mark.parametrize(
    ("sql", "title", "bars"),
    [
        (
            "select * from (values ('CN', 'SG', 3), ('CN', 'IN', 5), ('CN-JS', 'IN', 1)) "
            "as t (scope, country, patents)",
            "patents by country, CN",
            (("IN", 5.0), ("SG", 3.0)),
        ),
        (
            "select 'CN-JS' as scope, 'SG' as country, 1 as patents",
            "patents by country, CN-JS",
            (("SG", 1.0),),
        ),
        ("select 2011 as year, 'x' as note, 2 as patents", "patents by year", (("2011", 2.0),)),
        ("select 'a<b' as verdict union all select 'a<b'", "rows by verdict", (("a<b", 2.0),)),
    ],
)
def test_what_a_chart_draws(sql: str, title: str, bars: tuple[tuple[str, float], ...]) -> None:
    con = duckdb.connect()
    con.execute(f"create schema marts; create table marts.t as {sql}")
    columns = [(row[0], row[1], "") for row in con.execute("describe marts.t").fetchall()]
    chart = small_chart(con, "marts.t", columns, "CN")
    assert chart and (chart.title, chart.bars) == (title, bars)
    ElementTree.fromstring(as_svg(chart))
    con.execute("delete from marts.t")
    assert small_chart(con, "marts.t", columns, "CN") is None


def test_health_takes_its_turn_at_the_tables(built_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """It reads the warehouse, which other runs hold one after the other for longer than a reader waits."""

    def page_while(home: StudyHome, _before: object) -> str:
        with pytest.raises(UserError, match=r"run [0-9a-f]{8} of"), home.writing_turn(silent, limit=0):
            pass
        return "# Health"

    monkeypatch.setattr("bri_pipeline.orchestration.publish_assets.health_page", page_while)
    with open_instance(built_site.settings.home) as instance:
        job = built_site.definitions.resolve_job_def("marts")
        result = job.execute_in_process(
            instance=instance, asset_selection=[HEALTH_PAGE], raise_on_error=False
        )
    assert result.success
