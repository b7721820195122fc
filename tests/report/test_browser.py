"""The page as a browser shows it: on a phone, on a desk, in the dark, on paper. Run with `pytest -m browser`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bri_pipeline.report.language import language
from bri_pipeline.report.page import PRINTED, Column, Page, Section, Table
from bri_pipeline.report.write import page_html, write_report
from bri_pipeline.study import Study

playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
pytestmark = pytest.mark.browser

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))),
    None,
)
# Inside the margins of the style sheet, in CSS pixels: width and height of a sheet.
SHEETS = {"A4": (688, 1009), "Letter": (710, 943)}
CELLS = """() => [...document.querySelectorAll('td, th')].filter((cell) => {
    const box = cell.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && box.width < 45 && cell.innerText.trim().length > 6;
}).map((cell) => cell.closest('.table').id + ': ' + cell.innerText.trim())"""


@pytest.fixture(scope="module")
def browser() -> Iterator[playwright.Browser]:
    if CHROMIUM is None:
        pytest.skip("needs Chromium (Debian: apt-get install chromium fonts-noto-cjk)")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def folder(small: tuple[Study, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("pages")
    write_report(small[1], small[0], out, languages=("en", "zh"))
    write_report(small[1], small[0], out, scope="CN", languages=("en", "zh"))
    return out


LONG = 150


def page_of_a_long_table(folder: Path) -> Path:
    """A page with nothing on it but a table of so many rows that it is not printed whole."""
    rows = [{"name": f"Applicant {number:03}", "patents": LONG - number} for number in range(LONG)]
    columns = [Column("name", "Applicant"), Column("patents", "Patents", "count")]
    table = Table("applicants", "Applicants", "marts.by_applicant", columns, rows, more="counted.more_rows")
    page = Page("CN", language("en"), "A page", "", [], [Section("who", "Who", [table])])
    path = folder / "CN.en.html"
    path.write_text(page_html(page), encoding="utf-8")
    return path


PAGES = ["CN-JS.en", "CN-JS.zh", "CN.en", "index"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [390, 1200])
def test_no_barrier_is_found_and_nothing_is_requested(
    browser: playwright.Browser, folder: Path, name: str, width: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((folder / f"{name}.html").as_uri())
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()
    assert len(asked) == 1
    # nothing but tables is wider than the screen, and those scroll in their own frame
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


@pytest.mark.parametrize("name", PAGES[:3])
@pytest.mark.parametrize("width", [390, 1200])
def test_no_column_is_a_letter_wide_on_a_screen(
    browser: playwright.Browser, folder: Path, name: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto((folder / f"{name}.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    assert page.evaluate(CELLS) == []
    page.close()


@pytest.mark.parametrize("name", PAGES[:3])
@pytest.mark.parametrize("sheet", SHEETS)
def test_the_printed_page_is_whole(browser: playwright.Browser, folder: Path, name: str, sheet: str) -> None:
    width, height = SHEETS[sheet]
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto((folder / f"{name}.html").as_uri())
    page.emulate_media(media="print")
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    assert page.evaluate(CELLS) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "the sheet is cut at the right"
    figures = page.evaluate(
        "[...document.querySelectorAll('figure')].map((f) => f.getBoundingClientRect().height)"
    )
    assert figures and max(figures) < height, "a figure is higher than a sheet and would be broken"
    inside = page.evaluate(
        "[...document.querySelectorAll('figure')].map((f) => getComputedStyle(f).breakInside)"
    )
    assert set(inside) == {"avoid"}
    assert page.pdf(format=sheet).startswith(b"%PDF")
    page.close()


def test_tables_are_sorted_searched_and_filtered(browser: playwright.Browser, folder: Path) -> None:
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.goto((folder / "CN-JS.en.html").as_uri())
    page.click("#countries-CN-JS th[data-column=country_name] button")
    names = page.eval_on_selector_all(
        "#countries-CN-JS tbody td:nth-child(2)", "cells => cells.map((cell) => cell.innerText)"
    )
    assert names == sorted(names) and len(names) == 3
    page.select_option("#claims select", "differs")
    shown = page.eval_on_selector_all(
        "#claims tbody tr:not([hidden]) td.verdict", "cells => cells.map((c) => c.innerText)"
    )
    assert shown and set(shown) == {"differs"}
    page.close()


def test_a_long_table_prints_its_first_rows_and_says_where_the_others_are(
    browser: playwright.Browser, tmp_path: Path
) -> None:
    page = browser.new_page()
    page.goto(page_of_a_long_table(tmp_path).as_uri())
    page.emulate_media(media="print")
    assert page.locator("td.text:visible").count() == PRINTED
    assert page.locator("p.unprinted").inner_text() == (
        f"{LONG - PRINTED} more rows are not printed; they are in tables/by_applicant.csv."
    )
    page.emulate_media(media="screen")
    page.click("th[data-column=name] button")
    page.click("th[data-column=name] button")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("td.text:visible").first.inner_text() == f"Applicant {LONG - 1}"
    assert page.locator("td.text:visible").count() == PRINTED
    page.emulate_media(media="screen")
    page.fill("input.search", "Applicant 0")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("td.text:visible").count() == 100 and not page.locator("p.unprinted").is_visible()
    page.close()


def test_the_title_of_a_wide_table_is_whole_on_a_phone(browser: playwright.Browser, folder: Path) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 900})
    page.goto((folder / "CN-JS.en.html").as_uri())
    wide = page.evaluate(
        """() => [...document.querySelectorAll('caption span')].filter((title) => {
            const box = title.getBoundingClientRect();
            return box.width > 0 && box.right > document.documentElement.clientWidth;
        }).map((title) => title.innerText)"""
    )
    assert wide == []
    page.close()


def test_dates_and_names_that_begin_with_a_number_are_sorted_whole(
    browser: playwright.Browser, folder: Path
) -> None:
    page = browser.new_page()
    page.goto((folder / "CN-JS.en.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    page.click("#publications th[data-column=publication_date] button")
    dates = page.eval_on_selector_all(
        "#publications tbody td:nth-child(2)", "cells => cells.map((cell) => cell.innerText)"
    )
    assert dates == sorted(dates) and len({date[:4] for date in dates}) < len(dates)
    page.close()


def test_dark_pages_have_light_text_on_every_figure(browser: playwright.Browser, folder: Path) -> None:
    page = browser.new_page(color_scheme="dark")
    page.goto((folder / "CN-JS.en.html").as_uri())
    fills = page.eval_on_selector_all(
        "figure .wide svg text", "texts => [...new Set(texts.map((text) => getComputedStyle(text).fill))]"
    )
    brightness = [
        sum(int(part) for part in fill.removeprefix("rgb(").removesuffix(")").split(",")) for fill in fills
    ]
    assert brightness and min(brightness) > 300
    page.close()
