"""The section on the regions abroad, for any regions of the partner inventors."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from bri_pipeline.report.contents import read_page
from bri_pipeline.report.language import Code, language
from bri_pipeline.report.page import Figure, Section, Table, Text
from bri_pipeline.report.reader import Reader
from bri_pipeline.study import Study
from bri_pipeline.warehouse.build import models

# publication, country, region of the small study's seven patents; Jiangsu has US1A1, US2A1, US4A1 and US6A1
PLACED = [
    ("US1A1", "SG", "SG"),
    ("US2A1", "SG", "SG"),
    ("US2A1", "MY", "MY-10"),
    ("US3A1", "IL", "IL-TA"),
    ("US4A1", "SG", "SG"),
    ("US5A1", "RU", "unresolved"),
    ("US6A1", "IN", "IN-KA"),
    ("US7A1", "SG", "SG"),
]


def section_of(
    small: tuple[Study, Path], folder: Path, regions: list[tuple[str, str, str]], code: Code, scope: str
) -> Section:
    """The section for partner inventors in these regions, one inventor a row."""
    published = folder / "published.duckdb"
    published.write_bytes(small[1].read_bytes())
    with duckdb.connect(published) as con:
        con.execute("delete from core.patent_partner_regions")
        con.executemany(
            "insert into core.patent_partner_regions by name select ? as publication_number, ? as country, "
            "? as partner_region, 1 as inventors, 1 as weight_full, 1.0 as weight_fractional",
            regions,
        )
        con.execute(
            "create or replace table marts.by_partner_region as " + models()["marts.by_partner_region"].sql
        )
        page = read_page(con, small[0], scope, code)
    return next(section for section in page.sections if section.anchor == "abroad")


def opening_of(section: Section) -> str:
    return next(block.text for block in section.blocks if isinstance(block, Text))


def figures_of(section: Section) -> list[Figure]:
    return [block for block in section.blocks if isinstance(block, Figure)]


def table_of(section: Section) -> Table:
    [table] = [block for block in section.blocks if isinstance(block, Table)]
    return table


def test_a_city_state_is_one_region_and_others_are_named_with_their_country(
    small: tuple[Study, Path], tmp_path: Path
) -> None:
    section = section_of(small, tmp_path, PLACED, "en", "CN-JS")
    assert opening_of(section) == (
        "Singapore comes first with 3 patents (75.0%, more than half of all), followed by "
        "Karnataka (India) and Selangor (Malaysia) with 1 each."
    )
    [figure] = figures_of(section)
    assert "partner_region=SG" in figure.trace
    rows = [
        (row["partner_region_name"], row["country_name"], row["patents"]) for row in table_of(section).rows
    ]
    assert rows == [("Singapore", "Singapore", 3), ("Karnataka", "India", 1), ("Selangor", "Malaysia", 1)]
    assert table_of(section).csv == "by_partner_region"


def test_patents_with_an_inventor_whose_region_is_not_known_are_told_with_their_share(
    small: tuple[Study, Path], tmp_path: Path
) -> None:
    section = section_of(small, tmp_path, PLACED, "en", "CN")
    assert "In 1 patent (14.3%) the region of at least one inventor abroad could not be told" in opening_of(
        section
    )
    assert "unresolved" not in {row["partner_region_name"] for row in table_of(section).rows}


def test_regions_that_tie_share_the_first_place(small: tuple[Study, Path], tmp_path: Path) -> None:
    regions = [("US1A1", "MY", "MY-10"), ("US6A1", "IN", "IN-KA")]
    section = section_of(small, tmp_path, regions, "en", "CN-JS")
    assert opening_of(section) == (
        "Karnataka (India) and Selangor (Malaysia) share first place with 1 patent each (25.0%)."
    )


def test_a_single_region_has_a_sentence_and_no_figure(small: tuple[Study, Path], tmp_path: Path) -> None:
    section = section_of(small, tmp_path, [("US6A1", "IN", "IN-KA")], "en", "CN-JS")
    assert opening_of(section).startswith("Karnataka (India) is the only region abroad, with 1 patent (25.0%")
    assert not figures_of(section) and len(table_of(section).rows) == 1


@pytest.mark.parametrize("unplaced", ["unresolved", "ambiguous"])
@pytest.mark.parametrize("code", ["en", "zh"])
def test_where_no_region_is_known_the_section_says_so(
    small: tuple[Study, Path], tmp_path: Path, code: Code, unplaced: str
) -> None:
    regions = [(number, country, unplaced) for number, country, _ in PLACED]
    section = section_of(small, tmp_path, regions, code, "CN")
    assert opening_of(section) == language(code).say("abroad.none")
    assert not [block for block in section.blocks if isinstance(block, Figure | Table)]


def test_regions_are_in_chinese_on_the_chinese_page(small: tuple[Study, Path], tmp_path: Path) -> None:
    section = section_of(small, tmp_path, PLACED, "zh", "CN-JS")
    assert opening_of(section) == (
        "新加坡居首位，计 3 件专利（占 75.0%，超过半数）；其次为印度卡纳塔克邦和马来西亚雪兰莪州，各 1 件。"
    )


def test_a_region_without_a_chinese_name_keeps_its_own(small: tuple[Study, Path], tmp_path: Path) -> None:
    section = section_of(small, tmp_path, [("US6A1", "IN", "IN-AR")], "zh", "CN-JS")
    assert "印度 Arunachal Pradesh" in opening_of(section)


def test_a_study_of_another_country_has_its_provinces_in_chinese(small: tuple[Study, Path]) -> None:
    with duckdb.connect(small[1], read_only=True) as con:
        reader = Reader(con, small[0], None, language("zh"))
        assert reader.province("IN-KA", "Karnataka") == "卡纳塔克邦"
        assert reader.province("CN-JS", "Jiangsu") == "江苏"
        assert reader.province("unresolved", "unresolved") == "未能判定"
