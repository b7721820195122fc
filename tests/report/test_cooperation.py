"""What the page says of patents beside papers and alliances: true whatever the numbers are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bri_pipeline.report.contents import read_page
from bri_pipeline.report.language import LANGUAGES, Code, language
from bri_pipeline.report.page import Section, Table, Text
from bri_pipeline.report.sections.cooperation import (
    FOCUS,
    LACKING,
    MAIN,
    Judgement,
    conclusion,
    first_of,
    judge,
    leading,
    likeness,
)
from bri_pipeline.study import Study
from tests.report.warehouse import HITS, published_tables, small_study

REGIONS = (*MAIN, *LACKING, "ASEAN")
COUNTS = st.fixed_dictionaries({region: st.integers(0, 40) for region in REGIONS})
PAPERS_OWN = {"West Asia": 9, "South Asia": 8, "CIS": 8, "Central and Eastern Europe": 12, "ASEAN": 3}
PATENTS_OF_JIANGSU = {
    "ASEAN": 59,
    "West Asia": 13,
    "Central and Eastern Europe": 7,
    "South Asia": 6,
    "CIS": 2,
}


def test_the_papers_words_hold_where_all_four_statements_do() -> None:
    judged = judge(PAPERS_OWN, PATENTS_OF_JIANGSU, 40, 0.2)
    assert judged == Judgement(main=True, lacking=True, alike=True, focus=True)
    assert judged.verdict == "holds"
    assert judge(PAPERS_OWN, PATENTS_OF_JIANGSU, 40, 0.01).verdict == "holds in part"
    assert judge(PAPERS_OWN, PATENTS_OF_JIANGSU, 40, None).verdict == "holds in part"
    other = {"ASEAN": 30, "East Asia": 10}
    assert judge(other, PATENTS_OF_JIANGSU, 40, 0.01).verdict == "contradicted"


def test_a_tie_is_no_focus_and_two_in_forty_are_no_lack() -> None:
    tied = {**PAPERS_OWN, "West Asia": 12}
    assert not judge(tied, PATENTS_OF_JIANGSU, 43, 0.5).focus
    assert judge({**PAPERS_OWN, "East Asia": 1}, PATENTS_OF_JIANGSU, 41, 0.5).lacking
    assert not judge({**PAPERS_OWN, "East Asia": 2}, PATENTS_OF_JIANGSU, 40, 0.5).lacking


@given(alliances=COUNTS, patents=COUNTS, extra=st.integers(0, 30), p=st.none() | st.floats(0, 1))
def test_every_statement_is_one_of_the_counts(
    alliances: dict[str, int], patents: dict[str, int], extra: int, p: float | None
) -> None:
    items = max(*alliances.values(), 1) + extra
    judged = judge(alliances, patents, items, p)
    assert judged.main == (sum(alliances[region] for region in MAIN) > items / 2)
    assert judged.lacking == all(alliances[region] < items / 20 for region in LACKING)
    for counts, focus in ((alliances, FOCUS["alliances"]), (patents, FOCUS["patents"])):
        if judged.focus:
            assert all(counts[focus] > count for region, count in counts.items() if region != focus)
    statements = (judged.main, judged.lacking, judged.alike, judged.focus)
    assert (judged.verdict == "holds") == all(statements)
    assert (judged.verdict == "contradicted") == (not any(statements))
    for code in LANGUAGES:
        text = conclusion(language(code), judged, alliances, items)
        assert f"{sum(alliances[region] for region in MAIN):,}" in text
        assert str(language(code).term("verdict", judged.verdict)) in text
        if len(first_of(alliances)) == 1:
            assert str(language(code).term("region", first_of(alliances)[0])) in text


@pytest.mark.parametrize("code", LANGUAGES)
def test_who_comes_first_is_said_with_ties(code: Code) -> None:
    say = language(code)
    one = leading(say, "alliances", [("A", 5), ("B", 3)], 8)
    assert "A" in one and "B" not in one and "62.5%" in one and "8" in one
    two = leading(say, "papers", [("A", 3), ("B", 3), ("C", 1)], 7)
    assert "A" in two and "B" in two and "C" not in two
    many = leading(say, "patents", [(name, 2) for name in "VWXYZ"], 10)
    assert "5" in many and "V" not in many
    assert len({one, two, many}) == 3
    # a third is the largest part, not most
    third = leading(say, "alliances", [("A", 3), ("B", 2), ("C", 2), ("D", 2)], 9)
    assert "33.3%" in third and "most" not in third


def row(**changes: object) -> dict[str, object]:
    tested = {"spearman": 0.8, "spearman_p": 0.01, "kendall": 0.7, "kendall_p": 0.02}
    tested |= {"chi_square": 30.0, "homogeneity_p": 0.001, "reason": None}
    return {"first": "patents", "second": "alliances", **tested, **changes}


def test_agreement_and_difference_are_claimed_only_where_the_tests_show_them() -> None:
    say = language("en")
    assert "agree more than chance" in likeness(say, row())
    assert "are opposed" in likeness(say, row(spearman=-0.8))
    assert "do not show that the ranks" in likeness(say, row(spearman_p=0.06))
    assert "The shares of the partners differ between patents and alliances" in likeness(say, row())
    assert "do not show that the shares of the partners differ between patents" in likeness(
        say, row(homogeneity_p=0.05)
    )
    assert "too few patents or alliances" in likeness(say, row(reason="fewer than 5 items"))


ALLIANCES = "\n".join(
    [
        "date,focal_party,place,foreign_party,country,kind,source",
        *(f"2012,Institute {n},Nanjing,Firm {n},{country},transfer,Synthetic" for n, country in enumerate(
            ["CZ", "CZ", "PL", "HU", "RU", "IL", "IN", "SG"]
        )),
    ]
)  # fmt: skip


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, Path]:
    folder = tmp_path_factory.mktemp("alliances")
    path = folder / "alliances.csv"
    path.write_text(ALLIANCES, encoding="utf-8")
    study = replace(small_study(folder, expected=True), alliances=path)
    return study, published_tables(folder, study, HITS)


def section_of(small: tuple[Study, Path], scope: str | None, code: Code) -> Section | None:
    study, published = small
    with duckdb.connect(published, read_only=True) as con:
        page = read_page(con, study, scope, code)
    return next((section for section in page.sections if section.anchor == "cooperation"), None)


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_page_of_the_study_has_the_section_with_a_verdict(small: tuple[Study, Path], code: Code) -> None:
    section = section_of(small, None, code)
    assert section is not None
    texts = [block.text for block in section.blocks if isinstance(block, Text)]
    tables = [block for block in section.blocks if isinstance(block, Table)]
    assert [table.csv for table in tables] == ["cooperation_profile", "cooperation_differences"]
    say = language(code)
    first = {row["member_name"]: row["alliances_count"] for row in tables[0].rows}
    assert first[say.term("region", "Central and Eastern Europe")] == 4
    verdict = str(say.term("verdict", "holds in part"))
    assert any(verdict in text and "iv" in text for text in texts)
    assert texts[-1] == say.say("cooperation.synthetic")
    assert "instrument=alliances" in tables[0].trace


def test_the_nations_page_has_no_verdict_on_the_province(small: tuple[Study, Path]) -> None:
    section = section_of(small, "CN", "en")
    assert section is not None
    assert not any("concludes" in block.text for block in section.blocks if isinstance(block, Text))


def test_a_scope_with_patents_alone_has_no_section(small: tuple[Study, Path]) -> None:
    assert section_of(small, "CN-SH", "en") is None
