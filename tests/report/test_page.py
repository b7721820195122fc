from __future__ import annotations

import csv
import os
import re
import shlex
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from lxml import html

from bri_pipeline.errors import UserError
from bri_pipeline.report.cities import city_name
from bri_pipeline.report.contents import read_page
from bri_pipeline.report.figures.bars import Bar, ranked_bars
from bri_pipeline.report.figures.render import drawn
from bri_pipeline.report.figures.theme import Words
from bri_pipeline.report.sections.patents import uspto_page
from bri_pipeline.report.write import _pages_in, write_report
from bri_pipeline.study import Study
from bri_pipeline.trace.cell import Cell, find_cell, read_words
from bri_pipeline.trace.text import traced_tables
from bri_pipeline.warehouse.build_ids import BuildIds
from bri_pipeline.warehouse.database import rows_as_dicts
from bri_pipeline.warehouse.outcomes import run_and_keep
from tests.report.warehouse import HITS, american_study, models, published_tables, small_study
from tests.warehouse.lake import Patent

Tables = tuple[Study, Path]
# words of the page, not of the table
RENAMED = ("method", "country_name", "expected", "period", "name")


@pytest.fixture(scope="module")
def folder(small: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study's own pages in both languages and the nation's in English, beside a figure of an earlier version."""
    out = tmp_path_factory.mktemp("out")
    old = out / "figures" / "CN-JS.en" / "gone.svg"
    old.parent.mkdir(parents=True)
    old.write_text("of an earlier version")
    (old.parent / ".written.json").write_text('{"names": ["gone.svg"]}')
    (old.parent / "logo.svg").write_text("somebody's")
    (old.parent / "a folder of somebody's").mkdir()
    (old.parent / "notes.txt").write_text("somebody's")
    write_report(small[1], small[0], out, languages=("en", "zh"))
    write_report(small[1], small[0], out, scope="CN")
    return out


@pytest.fixture(scope="module")
def page(folder: Path) -> html.HtmlElement:
    return _read(folder / "CN-JS.en.html")


@pytest.fixture(scope="module")
def nation(folder: Path) -> html.HtmlElement:
    return _read(folder / "CN.en.html")


def _read(path: Path) -> html.HtmlElement:
    return html.document_fromstring(path.read_text(encoding="utf-8"))


def _page(published: Path, study: Study, out: Path, scope: str | None = None) -> html.HtmlElement:
    written = write_report(published, study, out, scope=scope)
    assert written.index == out / "index.html"
    return _read(written.pages[-1])


def _copied(published: Path, folder: Path) -> Path:
    """A copy of the published tables, to be changed or read with another study."""
    return Path(shutil.copy(published, folder))


def _text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _table(page: html.HtmlElement, anchor: str) -> list[dict[str, str]]:
    """The rows of a table by column name."""
    [table] = page.xpath(f"//*[@id='{anchor}']//table")
    columns = table.xpath("thead//th/@data-column")
    return [
        dict(zip(columns, [_text(cell) for cell in row.xpath("td")], strict=True))
        for row in table.xpath("tbody[not(@class='more')]/tr")
    ]


def _rows(page: html.HtmlElement, anchor: str, *columns: str) -> list[list[str]]:
    return [[row[column] for column in columns] for row in _table(page, anchor)]


def test_tables_of_the_paper_show_the_counts_of_the_records(page: html.HtmlElement) -> None:
    columns = ("rank", "country_name", "country", "patents", "share", "fractional_patents", "region")
    assert _rows(page, "countries-CN", *columns)[0] == [
        "1",
        "Singapore",
        "SG",
        "4",
        "57.14%",
        "3.50",
        "ASEAN",
    ]
    assert sorted(_rows(page, "countries-CN", "country", "patents")) == [
        ["IL", "1"], ["IN", "1"], ["MY", "1"], ["RU", "1"], ["SG", "4"],
    ]  # fmt: skip
    assert _rows(page, "countries-CN-JS", "country", "patents", "share") == [
        ["SG", "3", "75.00%"], ["IN", "1", "25.00%"], ["MY", "1", "25.00%"],
    ]  # fmt: skip
    assert _rows(page, "fields-CN-JS", "rank", "field", "patents") == [
        ["1", "Electricity", "2"], ["2", "Metallurgy", "1"], ["2", "Physical", "1"],
    ]  # fmt: skip


def test_how_it_was_made_names_the_latest_file_and_the_build(
    page: html.HtmlElement, small: tuple[Study, Path]
) -> None:
    [box] = page.xpath("//*[@id='method-box']")
    with duckdb.connect(str(small[1]), read_only=True) as con:
        [(latest,)] = con.execute("select max(path) from raw.source_files").fetchall()
        [(build,)] = con.execute(
            "select build_id from checks.builds where table_name = 'marts.summary'"
        ).fetchall()
    assert f"latest file {latest}" in _text(box) and build in _text(box)


def test_what_could_not_be_placed_is_shown(page: html.HtmlElement) -> None:
    rows = {row["province_name"]: row for row in _table(page, "provinces")}
    assert (rows["Jiangsu"]["patents"], rows["Jiangsu"]["share"]) == ("4", "57.14%")
    assert rows["unresolved"]["patents"] == "1" and rows["unresolved"]["rank"] == "–"
    assert rows["ambiguous"]["patents"] == "1"
    # US5A1 has no IPC symbol
    assert page.xpath("//*[@id='fields']") and "no IPC symbol" in _text(page)


def test_every_number_in_a_table_is_the_marts(small: Tables, page: html.HtmlElement) -> None:
    compared = 0
    with duckdb.connect(small[1], read_only=True) as con:
        for table in page.xpath("//table[@data-source]"):
            mart = table.get("data-source")
            if not mart.startswith("marts.") or mart == "marts.paper_claims":
                continue
            known = rows_as_dicts(con, f"select * from {mart}")
            columns = table.xpath("thead//th/@data-column")
            for row in table.xpath("tbody[not(@class='more')]/tr"):
                shown = dict(zip(columns, [_text(cell) for cell in row.xpath("td")], strict=True))
                numbers = {
                    name: text
                    for name, text in shown.items()
                    if name in known[0] and name not in RENAMED and text
                }
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


def test_every_figure_says_its_numbers_and_how_to_walk_back(page: html.HtmlElement) -> None:
    figures = {figure.get("id"): figure for figure in page.xpath("//figure")}
    assert {"figure-partners", "figure-map", "figure-years", "figure-provinces", "figure-fields"} <= set(
        figures
    )
    for figure in figures.values():
        assert len(figure.xpath(".//*[name()='svg'][@role='img']")) == 2
        assert _text(figure.xpath("figcaption")[0])
    # 2010: US1A1, US2A1; 2012: US4A1 and none that is not Jiangsu's
    [label] = set(figures["figure-years"].xpath(".//*[name()='svg']/@aria-label"))
    for year in ("2010: 2", "2011: 0", "2012: 1", "2013: 1", "2014: 0"):
        assert year in label
    hints = [_text(title) for title in figures["figure-partners"].xpath(".//*[name()='title']")]
    assert hints[0] == "Singapore: 3 (75.0%)"
    assert "bri trace --study study.toml by_country scope=CN-JS country=SG" in _text(
        figures["figure-partners"]
    )


def test_years_that_are_not_whole_are_hatched(nation: html.HtmlElement) -> None:
    [figure] = nation.xpath("//figure[@id='figure-years']")
    # 2014 ends with June
    assert figure.xpath(".//*[starts-with(@fill, 'url(#hatch-years')]/*[name()='title']")[0].text == "2014: 1"
    assert set(figure.xpath(".//*[name()='pattern']/@id")) == {"hatch-years-wide", "hatch-years-narrow"}


def test_stages_are_named_in_the_figure_of_the_years(page: html.HtmlElement) -> None:
    texts = [text.text for text in page.xpath("//figure[@id='figure-years']//*[name()='text']")]
    assert {"early", "late"} <= set(texts)


def test_summary_says_how_hits_become_patents(page: html.HtmlElement) -> None:
    text = _text(page.xpath("//section[@id='summary']")[0])
    assert (
        "The search for 62 of 65 listed partner countries gave 9 hits; 2 of them repeat another hit." in text
    )
    assert "What remains: 7 patents" in text
    assert "Jiangsu has 4 patents, 57.1% of those of China, with 3 partner countries." in text


def test_half_the_patents_are_not_most_of_them(page: html.HtmlElement) -> None:
    text = _text(page.xpath("//section[@id='summary']")[0])
    # 2 of 4 patents are in Electricity
    assert (
        "Electricity comes first with 2 patents (50.0%), followed by Metallurgy and Physical with 1 each."
        in text
    )


def test_each_table_says_where_it_is_from_and_how_to_trace_it(page: html.HtmlElement, small: Tables) -> None:
    sources = [_text(source) for source in page.xpath("//p[@class='source']")]
    # the study is a file of its own, so the command names it, without the folder it lies in
    assert any(
        source.startswith("Source: marts.by_country; ")
        and "bri trace --study study.toml by_country scope=CN-JS country=SG CSV" in source
        for source in sources
    )
    assert str(small[0].path.parent) not in _text(page)


@pytest.mark.parametrize("scope", ["CN-JS", "CN"])
def test_every_figure_and_table_of_a_mart_has_a_command_that_finds_a_number(
    scope: str, small: Tables
) -> None:
    with duckdb.connect(small[1], read_only=True) as con:
        page = read_page(con, small[0], scope, "en")
        shown = [(figure.table, figure.trace) for figure in page.figures]
        shown += [(table.source, table.trace) for table in page.tables if table.anchor != "claims"]
        traces = [(source, trace) for source, trace in shown if source.startswith("marts.")]
        assert len(traces) > 20
        for source, trace in traces:
            assert trace.startswith("bri trace --study study.toml "), source
            what, *cell = shlex.split(trace)[4:]
            table = traced_tables()[what]
            assert table.name == source
            assert isinstance(find_cell(con, table, read_words(table, cell), [scope]), Cell), trace


def test_claims_stand_beside_the_numbers_found(page: html.HtmlElement) -> None:
    claims = {row["claim_id"]: row for row in _table(page, "claims")}
    assert (claims["C08"]["recomputed"], claims["C08"]["verdict"]) == ("duplicates: 2; patents: 7", "differs")
    assert claims["C06"]["recomputed"] == "searched: 62"
    assert claims["C13"]["published"] == "663; 349; 153; 148; 87"
    assert claims["C06"]["trace"].endswith("C06") and claims["C06"]["explanation"].endswith(".")


def test_title_and_ledger_follow_the_scope(small: Tables, nation: html.HtmlElement, tmp_path: Path) -> None:
    beijing = _page(small[1], small[0], tmp_path, "cn-bj")
    assert _text(beijing.xpath("//h1")[0]) == "Co-invention between Beijing and the Belt and Road countries"
    assert not beijing.xpath("//*[@id='claims']")
    assert "Jiangsu" not in _text(beijing.xpath("//section[@id='summary']")[0])
    claims = {row["claim_id"] for row in _table(nation, "claims")}
    # C12 is about China, C20 about Jiangsu
    assert "C12" in claims and "C20" not in claims


def test_claims_are_left_out_where_nothing_is_reproduced(small: Tables, tmp_path: Path) -> None:
    study = small_study(tmp_path)
    page = _page(_copied(small[1], tmp_path), study, tmp_path / "out")
    assert not page.xpath("//*[@id='claims-section' or @href='#claims-section']")


def test_page_needs_nothing_else(folder: Path) -> None:
    for path in folder.glob("*.html"):
        page = _read(path)
        assert path.stat().st_size < 5_000_000
        assert not page.xpath("//link | //img | //iframe | //object | //script[@src]")
        assert not page.xpath("//@href[starts-with(., 'http')] | //@src")
        for href in page.xpath("//a/@href"):
            assert href.startswith("#") or (path.parent / href).is_file(), href
        anchors = page.xpath("//@id")
        assert len(anchors) == len(set(anchors))
        assert {href[1:] for href in page.xpath("//@href") if href.startswith("#")} <= set(anchors)


def test_same_tables_give_the_same_bytes(small: Tables, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_report(small[1], small[0], tmp_path / name)
    first, second = (
        {
            path.relative_to(tmp_path / name): path.read_bytes()
            for path in (tmp_path / name).rglob("*.*")
            if path.is_file()
        }
        for name in ("a", "b")
    )
    assert first == second


def test_figures_stand_beside_the_page_as_svg_and_png(folder: Path, page: html.HtmlElement) -> None:
    figures = folder / "figures" / "CN-JS.en"
    names = {figure.get("id").removeprefix("figure-") for figure in page.xpath("//figure")}
    files = {path.name for path in figures.iterdir()}
    others = {"notes.txt", "a folder of somebody's", "logo.svg", ".written.json"}
    assert files == {f"{name}.{kind}" for name in names for kind in ("svg", "png")} | others
    for name in names:
        svg = (figures / f"{name}.svg").read_text(encoding="utf-8")
        assert svg.startswith("<svg ") and "var(" not in svg and 'fill="#ffffff"' in svg
        assert (figures / f"{name}.png").read_bytes().startswith(b"\x89PNG")


def test_the_index_is_the_studys_own_page_with_a_menu_of_what_is_there(small: Tables, tmp_path: Path) -> None:
    written = write_report(small[1], small[0], tmp_path, scope="all")
    assert {path.name for path in written.pages} == {
        f"{scope}.en.html" for scope in ("CN", "CN-JS", "CN-BJ", "CN-SH")
    }
    write_report(small[1], small[0], tmp_path, languages=("zh",))
    index = _read(written.index)
    assert _text(index.xpath("//h1")[0]) == "江苏与“一带一路”沿线国家的共同发明"
    assert set(index.xpath("//*[@id='pages']//a/@href")) == {path.name for path in tmp_path.glob("CN*.html")}
    assert _read(tmp_path / "CN-JS.zh.html").xpath("//p[@class='languages']/a/@href") == ["CN-JS.en.html"]
    assert not _read(tmp_path / "CN-SH.en.html").xpath("//p[@class='languages']/a")


def test_pages_of_an_earlier_time_are_in_no_menu(small: Tables, tmp_path: Path) -> None:
    published = tmp_path / "published.duckdb"
    shutil.copy(small[1], published)
    write_report(published, small[0], tmp_path / "out", scope="CN-BJ")
    os.utime(published, (1, 1))  # published again
    written = write_report(published, small[0], tmp_path / "out")
    assert (tmp_path / "out" / "CN-BJ.en.html").is_file()
    assert "CN-BJ.en.html" not in written.index.read_text(encoding="utf-8")


def test_a_folder_with_the_name_of_a_page_is_no_page(tmp_path: Path) -> None:
    (tmp_path / "CN-JS.zh.html").mkdir()
    assert list(_pages_in(tmp_path)) == []


def test_captions_and_headings_of_the_chinese_page_are_chinese(folder: Path) -> None:
    page = _read(folder / "CN-JS.zh.html")
    assert page.get("lang") == "zh-Hans"
    for part in page.xpath("//caption | //th | //figcaption | //h1 | //h2 | //h3 | //summary | //dt"):
        assert re.search("[\u4e00-\u9fff]", _text(part)) or _text(part) == "HHI", _text(part)
    assert _rows(page, "countries-CN-JS", "country_name", "region")[0] == ["新加坡", "东盟"]
    assert _text(page.xpath("//h1")[0]) == "江苏与“一带一路”沿线国家的共同发明"


def test_every_mart_is_written_as_csv(small: Tables, folder: Path) -> None:
    with duckdb.connect(small[1], read_only=True) as con:
        marts = con.execute("select table_name from duckdb_tables() where schema_name = 'marts'").fetchall()
        assert {path.stem for path in (folder / "tables").glob("*.csv")} == {name for (name,) in marts}
        for (name,) in marts:
            with (folder / "tables" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
                rows = list(csv.reader(file))
            assert rows[0] == [column[0] for column in con.execute(f"describe marts.{name}").fetchall()]
            assert len(rows) - 1 == con.execute(f"select count(*) from marts.{name}").fetchall()[0][0]
    with (folder / "tables" / "by_country.csv").open(encoding="utf-8-sig", newline="") as file:
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
    banner = page.xpath("//*[@id='synthetic']")
    assert bool(banner) is synthetic
    # Only the records of the paper's study add up to what a paper prints.
    assert all("made up" in one.text_content() and "paper" not in one.text_content() for one in banner)


def test_records_that_say_they_are_synthetic_need_no_key_of_the_study(small: Tables, tmp_path: Path) -> None:
    published = _copied(small[1], tmp_path)
    with duckdb.connect(published) as con:
        con.execute("update raw.uspto_hits set title = 'Synthetic record: A method' where country = 'IL'")
    page = _page(published, small_study(tmp_path, synthetic=False), tmp_path / "out")
    assert page.xpath("//*[@id='synthetic']")


@pytest.mark.parametrize(
    ("number", "page"),
    [
        ("US20130123456A1", "https://ppubs.uspto.gov/pubwebapp/external.html?q=20130123456.pn."),
        ("US8123456B2", "https://ppubs.uspto.gov/pubwebapp/external.html?q=8123456.pn."),
        ("US1A1", None),
    ],
)
def test_publications_lead_to_the_usptos_page(number: str, page: str | None) -> None:
    assert uspto_page(number) == page


def test_only_publications_that_are_real_are_linked(
    small: Tables, nation: html.HtmlElement, tmp_path: Path
) -> None:
    assert [row[0] for row in _rows(nation, "publications", "publication_number")][:2] == ["US7A1", "US6A1"]
    assert not nation.xpath("//*[@id='publications']//a[contains(@href, 'uspto')]")
    published = _copied(small[1], tmp_path)
    with duckdb.connect(published) as con:
        for table in ("core.patents", "core.patent_scopes", "core.patent_countries"):
            con.execute(
                f"update {table} set publication_number = 'US20110000003A1' where publication_number = 'US3A1'"
            )
    page = _page(published, small_study(tmp_path, synthetic=False), tmp_path / "out", "CN")
    assert page.xpath("//*[@id='publications']//a[contains(@href, 'uspto')]/text()") == ["US20110000003A1"]


def test_commands_of_the_chinese_page_name_values_as_the_tables_do(folder: Path) -> None:
    commands = [_text(code) for code in _read(folder / "CN-JS.zh.html").xpath("//code")]
    assert any(command.endswith("by_region scope=CN-JS region=ASEAN") for command in commands)
    assert not [command for command in commands if re.search("[\u4e00-\u9fff]", command)]


def test_cities_have_their_chinese_names_on_the_chinese_page(folder: Path) -> None:
    assert "南京" in [row[0] for row in _rows(_read(folder / "CN-JS.zh.html"), "cities-CN-JS", "city")]
    assert (
        city_name("CN-JS", "Suzhou", "name_zh") == "苏州"
        and city_name("CN-AH", "Suzhou", "name_zh") == "宿州"
    )


def test_how_sure_is_said_for_the_first_place_and_the_growth(page: html.HtmlElement) -> None:
    text = _text(page.xpath("//section[@id='certainty']/p")[0])
    # 3 patents with Singapore, 1 each with India and Malaysia
    assert "Singapore has 3 patents" in text and "2 other partner countries overlap" in text


def test_every_choice_that_could_move_a_number_is_tried(page: html.HtmlElement) -> None:
    [label] = set(page.xpath("//figure[@id='figure-sensitivity']//*[name()='svg']/@aria-label"))
    assert "Patents: 4 (2 to 5); Share of the nation: 57.1%" in label and "rank" not in label


def test_numbers_written_in_figures_are_those_of_the_table() -> None:
    bar = Bar("US", 1.0, "6.15 (12.34)")
    svg = drawn(ranked_bars([bar], Words("what it says"), 350), "x")
    assert "6.15 (12.34)" in svg.partition("<text")[2]


def test_text_from_outside_is_never_markup(small: Tables, tmp_path: Path) -> None:
    study = small_study(tmp_path, title="A & B <script>alert(1)</script>")
    published = _copied(small[1], tmp_path)
    with duckdb.connect(published) as con:
        con.execute("""
            insert into raw.quarantine by name
            select '<b>a.zip</b>' as source_file, 0 as document_index, '<script>alert(2)</script>\u202e' as reason
        """)
    page = _page(published, study, tmp_path / "out")
    assert len(page.xpath("//script")) == 1 and not page.xpath("//b")
    assert _text(page.xpath("//h1")[0]) == "A & B <script>alert(1)</script>"
    assert _rows(page, "quarantine", "source_file", "reason") == [
        ["<b>a.zip</b>", "<script>alert(2)</script>\\u202e"]
    ]


def test_empty_study_says_so_plainly(tmp_path: Path) -> None:
    study = small_study(tmp_path, expected=True)
    published = published_tables(tmp_path, study, [])
    for code in ("en", "zh"):
        write_report(published, study, tmp_path / "out", languages=(code,))
    page = html.document_fromstring((tmp_path / "out" / "CN-JS.en.html").read_text(encoding="utf-8"))
    assert "gave no hits, and no patent with inventors of China" in _text(
        page.xpath("//section[@id='summary']/p")[0]
    )
    assert not page.xpath("//*[@id='partners' or @id='time' or @id='figure-map']")
    assert page.xpath("//*[@id='limits']") and page.xpath("//*[@id='method-box']")


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
    assert "Granted US patents with inventors of both sides, published from 2002-01-01 to 2025-12-31." in text
    assert "The search for the 4 listed partner countries gave 2 hits" in text
    assert "publication" not in _text(page.xpath("//section[@id='summary']")[0])
    assert not page.xpath("//*[@id='regions-US' or @id='stages' or @id='specialisation' or @id='synthetic']")
    assert len(_rows(page, "years-US")) == 24
    columns = ("rank", "province_name", "province_code", "patents")
    assert _rows(page, "provinces", *columns)[0] == ["1", "Texas", "US-TX", "2"]
    assert "region" not in page.xpath("//th/@data-column")


def test_province_of_the_study_without_patents(tmp_path: Path) -> None:
    study = small_study(tmp_path)
    hits = [(country, patent) for country, patent in HITS if patent.number == "US7A1"]
    page = _page(published_tables(tmp_path, study, hits), study, tmp_path / "out")
    summary = _text(page.xpath("//section[@id='summary']")[0])
    assert "Jiangsu has no patents with the partner countries in this window." in summary
    assert not page.xpath("//*[@id='partners' or @id='time']")
    assert _rows(page, "provinces", "province_name", "patents")[0] == ["Shanghai", "1"]


def test_any_province_has_its_page_and_nothing_else_has(
    small: Tables, nation: html.HtmlElement, tmp_path: Path
) -> None:
    qinghai = _page(small[1], small[0], tmp_path, "CN-QH")
    assert "Qinghai has no patents" in _text(qinghai.xpath("//section[@id='summary']")[0])
    # Hong Kong has a code of its own, so its page is empty whatever was invented there
    hong_kong = _page(small[1], small[0], tmp_path, "CN-HK")
    summary = _text(hong_kong.xpath("//section[@id='summary']")[0])
    assert "inventors in Hong Kong do not count for China" in summary and "in this window" not in summary
    assert _text(qinghai.xpath("//h1")[0]).startswith("Co-invention between Qinghai and")
    assert not nation.xpath("//*[@id='countries-CN-JS']")
    with pytest.raises(UserError, match=r"no scope 'XX-KA'; give one there is: CN, CN-JS, CN-BJ, CN-SH"):
        write_report(small[1], small[0], tmp_path, scope="XX-KA")


def test_nothing_published_yet(small: Tables, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="bri run"):
        write_report(tmp_path / "published.duckdb", small[0], tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("change", "lacking"),
    [
        ("drop table marts.summary", r"marts\.summary"),
        ("alter table marts.by_year drop is_whole", r"marts\.by_year\.is_whole"),
    ],
)
def test_tables_of_another_version_are_named_in_a_sentence(
    small: Tables, tmp_path: Path, change: str, lacking: str
) -> None:
    published = _copied(small[1], tmp_path)
    with duckdb.connect(published) as con:
        con.execute(change)
    with pytest.raises(
        UserError, match=rf"another version of the software: it has no {lacking}\. Run `bri run`"
    ):
        write_report(published, small[0], tmp_path / "out")


def _break_a_number(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("update marts.by_year set patents = patents + 1 where scope = 'CN' and year = 2012")
    [check] = [check for check in models()["marts.by_year"].checks if check.name == "sums_meet_core"]
    run_and_keep(con, [check], BuildIds(con))


def _leave_a_year_out(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("update marts.summary set is_complete = false, country_years_landed = country_years - 1")


@pytest.fixture(scope="module")
def passing(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """A study that need not reproduce the paper, so that every check of severity error passes."""
    folder = tmp_path_factory.mktemp("passing")
    study = small_study(folder)
    return study, published_tables(folder, study, HITS)


@pytest.mark.parametrize(
    ("change", "banner"), [(_break_a_number, "failed-checks"), (_leave_a_year_out, "incomplete")]
)
def test_numbers_not_to_be_trusted_are_said_to_be_so(
    passing: Tables, tmp_path: Path, change: Callable[[duckdb.DuckDBPyConnection], None], banner: str
) -> None:
    study, published = passing[0], _copied(passing[1], tmp_path)
    assert not _page(published, study, tmp_path / "out").xpath(f"//*[@id='{banner}']")
    with duckdb.connect(published) as con:
        change(con)
    assert _page(published, study, tmp_path / "out").xpath(f"//*[@id='{banner}']")
