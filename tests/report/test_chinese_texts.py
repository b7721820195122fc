"""What the tables hold in English has Chinese beside it that was made from the English text of today."""

from __future__ import annotations

import csv
import re
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from bri_pipeline.report import chinese_texts
from bri_pipeline.report.chinese_texts import digest, texts
from bri_pipeline.report.contents import read_page
from bri_pipeline.report.page import Page
from bri_pipeline.report.write import page_html
from bri_pipeline.study import Study
from bri_pipeline.warehouse.outcomes import all_checks
from tests.report.warehouse import HITS, REPOSITORY, models, published_tables, small_study

CHINESE = re.compile("[\u4e00-\u9fff]")


def reference(name: str) -> list[dict[str, str]]:
    with (REPOSITORY / "data" / "reference" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_claim_has_chinese_words_made_from_the_english_ones_of_today() -> None:
    claims = texts()["claims"]
    english = {
        row["id"]: digest(row["published"], row["explanation"]) for row in reference("paper_claims.csv")
    }
    stale = {claim: now for claim, now in english.items() if claims.get(claim, {}).get("english") != now}
    assert stale == {}, f"look at the Chinese of these claims, then set english to: {stale}"
    assert set(claims) == set(english)
    assert [claim for claim, found in claims.items() if not CHINESE.search(found["explanation"])] == []


def test_what_the_paper_prints_is_chinese_where_it_is_words() -> None:
    plain = {
        row["id"]: shown
        for row in reference("paper_claims.csv")
        if re.search("[A-Za-z]", shown := str(chinese_texts.printed(row["id"], row["published"])))
    }
    assert plain == {}


def test_every_number_of_the_ledger_has_a_chinese_name() -> None:
    english = {row["label"] for row in reference("paper_claim_values.csv")}
    named = {label: chinese_texts.label(label) for label in english}
    assert [label for label, name in named.items() if not CHINESE.search(name)] == []
    assert named["RTA CZ"] == "捷克的显性优势" and named["MY"] == "马来西亚" and named["Beijing"] == "北京"


def test_every_check_that_may_warn_has_a_chinese_description_of_today() -> None:
    checks = texts()["checks"]
    english = {c.id: digest(c.description) for c in all_checks(models()) if c.severity == "warn"}
    stale = {check: now for check, now in english.items() if checks.get(check, {}).get("english") != now}
    assert stale == {}, f"look at the Chinese of these checks, then set english to: {stale}"
    assert set(checks) == set(english)
    assert [check for check, found in checks.items() if not CHINESE.search(found["description"])] == []


def test_every_place_in_the_paper_that_a_study_names_is_chinese() -> None:
    path = REPOSITORY / "data" / "studies" / "jiangsu-2018.expected.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["source"] for row in rows if not CHINESE.search(chinese_texts.source(row["source"]))] == []


def test_reasons_of_files_are_told_in_chinese_whatever_the_reader_says() -> None:
    assert chinese_texts.reason("not well-formed XML: Opening and ending tag mismatch") == "XML 格式有误"
    assert CHINESE.search(chinese_texts.reason("something new"))


def test_numbers_that_differ_come_before_the_audit() -> None:
    values = [{"label": "Beijing", "shown": "9"}, {"label": "hits", "shown": "none"}]
    text = chinese_texts.explanation("C22", values, (3, 1116), "")
    assert text == (
        "与数据不符：北京：9；命中记录：无。应检索的“国家—年份”组合共 1,116 个，只读取了 3 个。表 3 有九行。"
    )
    assert chinese_texts.explanation("C22", [], (3, 1116), "") == "表 3 有九行。"


class Words(HTMLParser):
    """Every text of a page, and every attribute that is read out; codes, script and style are left out."""

    LEFT_OUT = frozenset(["script", "style", "code"])

    def __init__(self) -> None:
        super().__init__()
        self.inside: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [str(value) for name, value in attrs if name in ("aria-label", "title", "placeholder")]
        if tag in self.LEFT_OUT or ("class", "code") in attrs:
            self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside and data.strip():
            self.found.append(" ".join(data.split()))


# Names of formats, indices, classifications, firms and licences, and codes of every kind.
NAMES = re.compile(
    r"\b(?:CSV|SVG|PNG|SQL|XML|UTC|MIT|HHI|BIC|IPC|WIPO|RCEP|English|Schmoch|GeoNames|CC BY|Natural Earth|USPTO"
    r"|Clopper|Pearson|PatentsView|bri-pipeline|bri check|i+|sql/checks|data/reference|p|q)\b"
    r"|\b(?:raw|staging|core|marts|checks|reference)\.[a-z_0-9]+(?:/[a-z_0-9]+)?"
    r"|[\w./-]+\.(?:csv|zip|xml|toml|py|sql)\b|\b[A-Z]{2}-[A-Z0-9]{2,3}\b|\bUS[0-9A-Z]+\b|\b[A-Z]\d*\b|\b[A-Z]{2}\b"
    r"|\([a-z0-9-]+\)|\b[0-9a-f]{16}\b"
)


def latin_words(page: Page, names: set[str]) -> list[str]:
    """Texts of a page with words in Latin letters that are neither names of the study nor of the list."""
    words = Words()
    words.feed(page_html(page))
    left = []
    for text in words.found:
        rest = text.removesuffix("…").strip() if text.endswith("…") else text
        if text.endswith("…") and any(name.startswith(rest) for name in names):
            continue
        for name in sorted(names, key=len, reverse=True):
            rest = rest.replace(name, "")
        if re.search("[A-Za-z]{2,}", NAMES.sub("", rest)):
            left.append(text)
    return left


def names_of(con: duckdb.DuckDBPyConnection, study: Study) -> set[str]:
    """What stays as it is on a Chinese page: names of applicants, titles of patents, the paper's words, stages."""
    queries = (
        "select example_name from marts.by_applicant",
        "select city from marts.by_city",
        "select title from core.patents",
        "select quote from marts.paper_claims",
    )
    rows = [str(name) for query in queries for (name,) in con.execute(query).fetchall()]
    return {study.title, *(" ".join(name.split()) for name in rows if name)}


@pytest.mark.parametrize("scope", ["CN-JS", pytest.param("CN", marks=pytest.mark.slow), "CN-QH"])
def test_the_whole_chinese_page_is_chinese(small: tuple[Study, Path], scope: str) -> None:
    study, published = small
    with duckdb.connect(published, read_only=True) as con:
        page = read_page(con, study, scope, "zh")
        names = names_of(con, study)
    assert latin_words(page, names) == []


@pytest.mark.slow
def test_an_english_word_on_a_chinese_page_is_found(tmp_path: Path) -> None:
    study = small_study(tmp_path)
    published = published_tables(tmp_path, study, HITS)
    with duckdb.connect(published, read_only=True) as con:
        page = read_page(con, study, "CN-JS", "zh")
    assert "A small study (small)" in latin_words(page, set())
