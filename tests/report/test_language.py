"""Two catalogues that say the same things."""

from __future__ import annotations

import csv
import re
import string
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from bri_pipeline.report.divisions import KINDS
from bri_pipeline.report.language import LANGUAGES, Code, Language, keys, language
from tests.report.warehouse import REPOSITORY

PACKAGE = REPOSITORY / "bri_pipeline" / "report"
CHINESE = re.compile("[\u4e00-\u9fff]")
# The same in both languages: signs, abbreviations, names of formats and of indices.
ALIKE = re.compile(
    r"(page\.(csv|svg|png)|column\.hhi|lists\.(comma|and|sentences|semicolon|colon)|articles\..*|language\..*)"
)


def phrases(code: Code) -> dict[str, object]:
    return {key: value for key, value in keys(code).items() if not key.startswith(("term.", "territory."))}


def test_both_catalogues_hold_the_same_keys() -> None:
    assert set(phrases("en")) == set(phrases("zh"))


def test_a_phrase_names_the_same_values_in_both_languages() -> None:
    ambient = {"Country", "country", "countries", "partner_country", "partner_countries", "Partner_countries"}
    ambient |= {"document", "documents", "in_full", "division", "divisions", "Division"}

    def values(phrase: object) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(str(phrase)) if name} - ambient

    english, chinese = phrases("en"), phrases("zh")
    # "1 patent" may write its number as a word
    differing = {
        key
        for key in english
        if not key.startswith(("counted.", "noun.", "articles."))
        and values(english[key]) != values(chinese[key])
    }
    assert differing <= {"leading.only", "growth.open", "table.specialisation"} and all(
        values(chinese[key]) <= values(english[key]) for key in differing
    )


def test_every_chinese_phrase_is_chinese() -> None:
    plain = [
        key
        for key, phrase in phrases("zh").items()
        if not ALIKE.fullmatch(key) and not CHINESE.search(str(phrase))
    ]
    # made of values and signs alone
    assert set(plain) <= {"words.country.x"} | {key for key in plain if "{" in str(phrases("zh")[key])}


def test_every_phrase_the_code_asks_for_is_in_the_catalogue() -> None:
    known = set(keys("en"))
    asked: set[str] = set()
    for path in [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.j2"), *PACKAGE.rglob("*.js")]:
        asked |= set(re.findall(r"""say\(\s*["']([a-z_0-9.]+)["']""", path.read_text(encoding="utf-8")))
    assert len(asked) > 60
    assert {key for key in asked if key not in known} == set()


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_column_of_a_table_has_a_heading(code: Code) -> None:
    known = set(keys(code))
    for path in (PACKAGE / "sections").glob("*.py"):
        kinds = (
            "text|code|rank|count|percent|decimal|number|figure|year|probability|verdict|command|publication"
        )
        for column in re.findall(rf'\("([a-z_0-9]+)", "(?:{kinds})"\)', path.read_text(encoding="utf-8")):
            assert f"column.{column}" in known, (path.name, column)


def _reference(name: str, column: str) -> set[str]:
    with (REPOSITORY / "data" / "reference" / name).open(encoding="utf-8-sig", newline="") as file:
        return {row[column] for row in csv.DictReader(file) if row[column]}


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("province", _reference("cn_provinces.csv", "name")),
        ("field_wipo35", _reference("wipo35.csv", "field")),
        ("field_ipc_section", _reference("ipc_sections.csv", "section_title")),
        (
            "field_paper",
            {
                re.sub(r"^\(none in Table 4: (.*)\)$", r"\1", label)
                for label in _reference("ipc_sections.csv", "paper_table4_label")
            },
        ),
        ("verdict", _reference("paper_claims.csv", "verdict") | {"differs"}),
    ],
)
def test_words_of_the_tables_have_a_chinese_name(kind: str, words: set[str]) -> None:
    say = language("zh")
    assert [word for word in words if say.term(kind, word) == word] == []


def test_regions_and_stages_that_are_shipped_have_a_chinese_name() -> None:
    say = language("zh")
    groups = (REPOSITORY / "data" / "reference" / "country_groups").glob("*.csv")
    regions = set().union(*(_reference(f"country_groups/{path.name}", "region") for path in groups))
    stages = {
        stage["name"]
        for path in (REPOSITORY / "data" / "studies").glob("*.toml")
        for stage in tomllib.loads(Path(path).read_text(encoding="utf-8")).get("stages", [])
    }
    assert [region for region in regions if say.term("region", region) == region] == []
    assert [stage for stage in stages if say.term("stage", stage) == stage] == []


def test_countries_are_named_by_cldr_and_territories_as_the_study_asks() -> None:
    english, chinese = language("en"), language("zh")
    assert chinese.country("SG", "Singapore") == "新加坡"
    assert chinese.country("HK", "Hong Kong") == "香港"
    assert english.country("CZ", "Czech Republic") == "Czech Republic"
    cldr = english.of_study("publications", ["HK"], "cldr", "CN")
    assert cldr.country("HK", "Hong Kong") == "Hong Kong SAR China"
    assert cldr.country("XX", "Somewhere") == "Somewhere"


def test_a_group_with_a_territory_is_of_economies() -> None:
    countries = language("en").of_study("publications", ["SG", "IN"], "neutral", "CN")
    economies = language("en").of_study("grants", ["SG", "HK"], "neutral", "CN")
    assert countries.counted("partner_countries", 2) == "2 partner countries"
    assert economies.counted("partner_countries", 1) == "1 partner economy"
    assert economies.say("tile.hits") == "hits: one grant found for one economy"


def test_the_parts_of_a_country_are_called_what_they_are_called_there() -> None:
    called = {
        country: [
            language(code).of_study("publications", (), "neutral", country).say("section.provinces")
            for code in LANGUAGES
        ]
        for country in ("CN", "IN", "US", "DE", "JP", "XX")
    }
    assert called == {
        "CN": ["In which provinces", "分布在哪些省份"],
        "IN": ["In which states", "分布在哪些邦"],
        "US": ["In which states", "分布在哪些州"],
        "DE": ["In which states", "分布在哪些联邦州"],
        "JP": ["In which prefectures", "分布在哪些都道府县"],
        "XX": ["In which regions", "分布在哪些地区"],
    }
    german = language("zh").of_study("publications", (), "neutral", "DE")
    assert german.term("dimension", "province") == "联邦州"


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_kind_of_division_has_its_words(code: Code) -> None:
    known = set(keys(code))
    assert {
        f"words.divisions.{kind}.{word}" for kind in KINDS for word in ("division", "divisions", "Division")
    } <= known


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_verdict_of_the_ledger_can_be_counted(code: Code) -> None:
    say = language(code)
    for verdict in _reference("paper_claims.csv", "verdict") | {"differs"}:
        assert say.has(f"counted.verdict_{verdict.replace(' ', '_')}"), verdict


def test_a_missing_phrase_is_an_error() -> None:
    with pytest.raises(KeyError, match=r"page\.nothing"):
        language("en").say("page.nothing")


def region_names() -> dict[str, str]:
    with (REPOSITORY / "data/reference/region_names.csv").open(encoding="utf-8") as file:
        return {row["iso"]: row["name_zh"] for row in csv.DictReader(file)}


def test_regions_that_have_a_chinese_name_are_regions_that_addresses_are_placed_in() -> None:
    known = _reference("regions.csv", "iso")
    named = region_names()
    assert set(named) <= known
    assert [name for name in named.values() if re.search(r"[^\u4e00-\u9fff（）-]", name)] == []
    # whole countries, so that a page does not mix the two scripts
    whole = "US DE JP KR CA IT GB ES NL BE SE FI DK AT PT PL IE CZ AU CH IL MY RU BR TW"
    assert {iso for iso in known if iso[:2] in whole.split()} - set(named) == set()


def test_no_two_regions_of_a_country_have_the_same_chinese_name() -> None:
    names = [(iso[:2], name) for iso, name in region_names().items()]
    assert [pair for pair, times in Counter(names).items() if times > 1] == []


@pytest.mark.parametrize(
    ("code", "country", "text", "said"),
    [
        ("en", "CN", "inventors without a province", "inventors without a province"),
        ("en", "IN", "inventors without a province, and the provinces", "inventors without a state, and the states"),
        ("en", "AE", "inventors without a province", "inventors without an emirate"),
        ("zh", "CN", "不能判定到单一省份", "不能判定到单一省份"),
        ("zh", "IN", "不能判定到单一省份，各省的上下限", "不能判定到单一邦，各邦的上下限"),
    ],
)  # fmt: skip
def test_texts_of_the_tables_speak_of_the_studys_own_divisions(
    code: Code, country: str, text: str, said: str
) -> None:
    assert Language(code).of_study("publications", (), "neutral", country).in_own_divisions(text) == said
