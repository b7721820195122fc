from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from lxml import html

from bri_pipeline.errors import UserError
from bri_pipeline.report.write import write_report
from bri_pipeline.study import Study
from bri_pipeline.warehouse.build_ids import BuildIds
from bri_pipeline.warehouse.database import rows_as_dicts
from bri_pipeline.warehouse.outcomes import run_and_keep
from tests.report.warehouse import HITS, american_study, models, published_tables, small_study
from tests.warehouse.lake import Patent

Tables = tuple[Study, Path]


@pytest.fixture(scope="module")
def page(small: Tables, tmp_path_factory: pytest.TempPathFactory) -> html.HtmlElement:
    return _page(small[1], small[0], tmp_path_factory.mktemp("out"))


def _page(published: Path, study: Study, out: Path, scope: str | None = None) -> html.HtmlElement:
    path = write_report(published, study, out, scope=scope)
    assert path == out / "index.html"
    return html.document_fromstring(path.read_text(encoding="utf-8"))


def _copied(published: Path, folder: Path) -> Path:
    """A copy of the published tables, to be changed or read with another study."""
    return Path(shutil.copy(published, folder))


def _text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _rows(page: html.HtmlElement, anchor: str) -> list[list[str]]:
    """The texts of a table's rows, bars left out."""
    [table] = page.xpath(f"//*[@id='{anchor}']")
    return [
        [_text(cell) for cell in row.xpath("td[not(@class='bar')]")] for row in table.xpath(".//tbody/tr")
    ]


def test_tables_of_the_paper_show_the_counts_of_the_records(page: html.HtmlElement) -> None:
    assert _rows(page, "countries-CN")[0] == [
        "1", "Singapore", "SG", "4", "57.14%", "3.50", "ASEAN",
    ]  # fmt: skip
    assert sorted(row[2:4] for row in _rows(page, "countries-CN")) == [
        ["IL", "1"], ["IN", "1"], ["MY", "1"], ["RU", "1"], ["SG", "4"],
    ]  # fmt: skip
    assert [row[2:5] for row in _rows(page, "countries-CN-JS")] == [
        ["SG", "3", "75.00%"], ["IN", "1", "25.00%"], ["MY", "1", "25.00%"],
    ]  # fmt: skip
    assert [[row[0], row[1], row[2]] for row in _rows(page, "fields-CN-JS")] == [
        ["1", "Electricity", "2"], ["2", "Metallurgy", "1"], ["2", "Physical", "1"],
    ]  # fmt: skip


def test_what_could_not_be_placed_is_shown_with_bounds(page: html.HtmlElement) -> None:
    rows = {row[1]: row for row in _rows(page, "provinces")}
    # US6A1 (Suzhou, also in Anhui) is not certain, US3A1 (Taizhou) may be Jiangsu's
    assert rows["Jiangsu"][3:] == ["4", "57.14%", "3.50", "3", "5"]
    assert rows["unresolved"][3] == "1"
    assert rows["ambiguous"][3] == "1"
    # US5A1 has no IPC symbol
    assert _rows(page, "wipo-CN")[-1][:4] == ["–", "none", "no IPC symbol", "1"]


def test_every_number_in_a_table_is_the_marts(small: Tables, page: html.HtmlElement) -> None:
    compared = 0
    with duckdb.connect(small[1], read_only=True) as con:
        for table in page.xpath("//table[@data-mart]"):
            mart = table.get("data-mart")
            if not mart.startswith("marts."):
                continue
            known = rows_as_dicts(con, f"select * from {mart}")
            columns = table.xpath("colgroup/col/@data-column")
            for row in table.xpath("tbody/tr"):
                shown = dict(zip(columns, [_text(cell) for cell in row.xpath("td")], strict=True))
                numbers = {name: text for name, text in shown.items() if name in known[0] and text}
                assert any(_agrees(numbers, values) for values in known), (mart, shown)
                compared += len(numbers)
    assert compared > 500


def _agrees(shown: dict[str, str], values: dict[str, Any]) -> bool:
    return all(_says(text, values[name]) for name, text in shown.items())


def _says(text: str, value: Any) -> bool:
    """Whether a text is a value, at the decimals written; a dash may also hide a value that means nothing."""
    if text == "–":
        return True
    if value is None or isinstance(value, str):
        return text == " ".join((value or "").split())
    number = float(text.removesuffix("%").replace(",", "")) / (100 if text.endswith("%") else 1)
    return abs(number - value) <= (0.00005001 if text.endswith("%") else 0.0050001)


def test_every_figure_shows_each_year_and_region_with_its_number(
    small: Tables, page: html.HtmlElement
) -> None:
    hints = [_text(title) for title in page.xpath("//*[name()='svg']//*[name()='title']")]
    # 2010: US1A1, US2A1; 2012: US4A1; 2014 ends with June
    for hint in (
        "2010: 2",
        "2011: 1",
        "2012: 1",
        "2013: 2",
        "2014: 1 (part of the year)",
        "ASEAN: 4",
        "CIS: 1",
    ):
        assert hint in hints
    assert len(page.xpath("//figure")) == 4
    assert [_text(caption).split(".")[0] for caption in page.xpath("//figcaption")] == [
        "Figure 1", "Figure 2", "Figure 3", "Figure 4",
    ]  # fmt: skip


def test_stages_are_shaded_in_the_figure_of_the_province_only(page: html.HtmlElement) -> None:
    figures = page.xpath("//figure")
    labels = [[_text(label) for label in figure.xpath(".//*[@class='band-label']")] for figure in figures]
    assert labels[0] == []
    assert labels[1][:2] == ["early", "late"]


def test_summary_says_how_hits_become_patents(page: html.HtmlElement) -> None:
    [summary] = page.xpath("//section[@id='summary']")
    text = _text(summary)
    assert "62 of 65 listed partner countries gave 9 hits; 2 of them repeat another hit" in text
    assert "7 patents remain" in text
    assert "Jiangsu has 4 patents, 57.14% of all, with 3 partner countries" in text


def test_each_mart_table_says_where_it_is_from_and_how_to_trace_it(page: html.HtmlElement) -> None:
    sources = [_text(source) for source in page.xpath("//p[@class='source']")]
    # the study is a file of its own, so the command names it
    assert any(
        source.startswith("From marts.by_country (CSV)")
        and source.endswith("study.toml by_country scope=CN-JS country=SG")
        for source in sources
    )


def test_claims_stand_beside_the_numbers_found(page: html.HtmlElement) -> None:
    claims = {row[0]: row for row in _rows(page, "claims")}
    assert claims["C08"][3:5] == ["duplicates 2; patents 7", "differs"]
    assert claims["C06"][3:5] == ["searched 62", "holds"]


def test_claims_are_left_out_where_nothing_is_reproduced(small: Tables, tmp_path: Path) -> None:
    study = small_study(tmp_path)
    page = _page(_copied(small[1], tmp_path), study, tmp_path / "out")
    assert not page.xpath("//*[@id='claims-section' or @href='#claims-section']")


def test_page_needs_nothing_else(page: html.HtmlElement) -> None:
    assert not page.xpath("//script | //link | //img | //iframe | //object")
    assert all(href.startswith(("#", "tables/")) for href in page.xpath("//@href"))
    anchors = set(page.xpath("//@id"))
    assert {href[1:] for href in page.xpath("//@href") if href.startswith("#")} <= anchors


def test_same_tables_give_the_same_bytes(small: Tables, tmp_path: Path) -> None:
    first = write_report(small[1], small[0], tmp_path / "a").read_bytes()
    assert write_report(small[1], small[0], tmp_path / "b").read_bytes() == first


def test_every_mart_is_written_as_csv(small: Tables, tmp_path: Path) -> None:
    write_report(small[1], small[0], tmp_path)
    with duckdb.connect(small[1], read_only=True) as con:
        marts = con.execute("select table_name from duckdb_tables() where schema_name = 'marts'").fetchall()
        assert {path.stem for path in (tmp_path / "tables").iterdir()} == {name for (name,) in marts}
        for (name,) in marts:
            with (tmp_path / "tables" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
                rows = list(csv.reader(file))
            assert rows[0] == [column[0] for column in con.execute(f"describe marts.{name}").fetchall()]
            assert len(rows) - 1 == con.execute(f"select count(*) from marts.{name}").fetchall()[0][0]
    with (tmp_path / "tables" / "by_country.csv").open(encoding="utf-8-sig", newline="") as file:
        [jiangsu] = [row for row in csv.DictReader(file) if (row["scope"], row["country"]) == ("CN-JS", "SG")]
    assert (jiangsu["patents"], jiangsu["share"]) == ("3", "0.75")


def test_lists_structures_and_flags_are_readable_in_csv(small: Tables, tmp_path: Path) -> None:
    study = small_study(tmp_path)
    published = _copied(small[1], tmp_path)
    with duckdb.connect(published) as con:
        con.execute("""
            create table marts.odd as
            select ['SG', 'MY'] as countries, {'a': 1} as pair, true as flag, null as nothing, date '2010-01-02' as day
        """)
    write_report(published, study, tmp_path / "out")
    text = (tmp_path / "out" / "tables" / "odd.csv").read_text(encoding="utf-8-sig")
    assert text == 'countries,pair,flag,nothing,day\nSG; MY,"{""a"": 1}",true,,2010-01-02\n'


@pytest.mark.parametrize("synthetic", [True, False])
def test_banner_only_on_synthetic_records(small: Tables, tmp_path: Path, synthetic: bool) -> None:
    study = small_study(tmp_path, synthetic=synthetic)
    page = _page(_copied(small[1], tmp_path), study, tmp_path / "out")
    assert bool(page.xpath("//*[@id='synthetic']")) is synthetic


def test_text_from_outside_is_never_markup(small: Tables, tmp_path: Path) -> None:
    study = small_study(tmp_path, title="A & B <script>alert(1)</script>")
    published = _copied(small[1], tmp_path)
    with duckdb.connect(published) as con:
        con.execute("""
            insert into raw.quarantine by name
            select '<b>a.zip</b>' as source_file, 0 as document_index, '<script>alert(2)</script>' as reason
        """)
    page = _page(published, study, tmp_path / "out")
    assert not page.xpath("//script | //b")
    assert _text(page.xpath("//h1")[0]) == "A & B <script>alert(1)</script>"
    assert _rows(page, "quarantine") == [["<b>a.zip</b>", "0", "<script>alert(2)</script>"]]


def test_empty_study_says_so_plainly(tmp_path: Path) -> None:
    study = small_study(tmp_path, expected=True)
    page = _page(published_tables(tmp_path, study, []), study, tmp_path / "out")
    assert _text(page.xpath("//section[@id='summary']/p")[0]).startswith("No patents.")
    assert not page.xpath("//*[@id='countries' or @id='time']")


def test_study_without_province_regions_or_stages(tmp_path: Path) -> None:
    study = american_study(tmp_path)
    hits = [
        (
            "CN",
            Patent(
                "US1B1", date(2003, 1, 7), [("US", "Austin"), ("CN", "N")], ["H04L 29/06"], "1", kind="B1"
            ),
        ),
        (
            "IN",
            Patent(
                "US2B2", date(2021, 1, 5), [("US", "Austin"), ("IN", "D")], ["A61K 31/44"], "2", kind="B2"
            ),
        ),
    ]
    published = published_tables(tmp_path, study, hits, {"Austin": ("US-TX", ["US-TX"])})
    page = _page(published, study, tmp_path / "out")
    text = _text(page)
    assert "Granted US patents, 2001-01-01 to 2025-12-31" in text
    assert "publication" not in _text(page.xpath("//section[@id='summary']")[0])
    assert not page.xpath("//*[@id='regions' or @id='stages' or @id='specialisation' or @id='synthetic']")
    assert len(page.xpath("//figure")) == 1
    assert len(_rows(page, "years-US")) == 25
    assert _rows(page, "provinces")[0][:4] == ["1", "Texas", "US-TX", "2"]
    assert "region" not in page.xpath("//col/@data-column")
    assert not [caption for caption in page.xpath("//caption") if _text(caption).startswith("Table ")]


def test_province_of_the_study_without_patents(tmp_path: Path) -> None:
    study = small_study(tmp_path)
    hits = [(country, patent) for country, patent in HITS if patent.number == "US7A1"]
    page = _page(published_tables(tmp_path, study, hits), study, tmp_path / "out")
    assert "Jiangsu has no patents with the partner countries" in _text(
        page.xpath("//section[@id='summary']")[0]
    )
    assert _rows(page, "countries-CN")[0][1:4] == ["Singapore", "SG", "1"]


def test_another_province_or_the_nation_alone(small: Tables, tmp_path: Path) -> None:
    beijing = _page(small[1], small[0], tmp_path, "cn-bj")
    assert [row[2:4] for row in _rows(beijing, "countries-CN-BJ")] == [["SG", "1"]]
    nation = _page(small[1], small[0], tmp_path, "CN")
    assert not nation.xpath("//*[@id='countries-CN-JS']")
    with pytest.raises(UserError, match=r"no scope 'CN-XZ'\. There are: CN, CN-BJ, CN-JS, CN-SH"):
        write_report(small[1], small[0], tmp_path, scope="CN-XZ")


def test_nothing_published_yet(small: Tables, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="bri run"):
        write_report(tmp_path / "published.duckdb", small[0], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def _break_a_number(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("update marts.by_year set patents = patents + 1 where scope = 'CN' and year = 2012")
    [check] = [check for check in models()["marts.by_year"].checks if check.name == "sums_meet_core"]
    run_and_keep(con, [check], BuildIds(con))


def _leave_a_year_out(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("update marts.summary set is_complete = false, country_years_landed = country_years - 1")


@pytest.mark.parametrize(
    ("change", "banner"), [(_break_a_number, "failed-checks"), (_leave_a_year_out, "incomplete")]
)
def test_numbers_not_to_be_trusted_are_said_to_be_so(
    tmp_path: Path, change: Callable[[duckdb.DuckDBPyConnection], None], banner: str
) -> None:
    study = small_study(tmp_path)
    published = published_tables(tmp_path, study, HITS)
    assert not _page(published, study, tmp_path / "out").xpath(f"//*[@id='{banner}']")
    with duckdb.connect(published) as con:
        change(con)
    assert _page(published, study, tmp_path / "out").xpath(f"//*[@id='{banner}']")
