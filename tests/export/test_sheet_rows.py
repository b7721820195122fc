"""Cells of a worksheet: each kind of value as the XML that spreadsheets read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from math import inf, nan
from typing import Any

import polars as pl
import pytest
from lxml import etree
from xlsxwriter.utility import xl_col_to_name

from bri_pipeline.export.sheet_rows import LONGEST_TEXT, cell_values, rows_as_xml, widths

DATE_STYLE = 7


def cells(
    rows: pl.DataFrame, first_row: int = 2
) -> list[list[tuple[str | None, str | None, str | None, str]]]:
    """Place, type, style and content of each cell, row by row."""
    sheet = etree.fromstring(f"<rows>{rows_as_xml(cell_values(rows), first_row, DATE_STYLE)}</rows>")
    return [
        [(cell.get("r"), cell.get("t"), cell.get("s"), str(cell.xpath("string()"))) for cell in row]
        for row in sheet
    ]


def only_cell(value: Any, dtype: pl.DataType | None = None) -> tuple[str | None, str | None, str]:
    [[(_, kind, style, content)]] = cells(pl.DataFrame({"a": pl.Series([value], dtype=dtype)}))
    return kind, style, content


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (7, (None, None, "7")),
        (2**53 + 1, (None, None, str(2**53 + 1))),
        (0.1 + 0.2, (None, None, repr(0.1 + 0.2))),
        (Decimal("12.50"), (None, None, "12.50")),
        (True, ("b", None, "1")),
        (False, ("b", None, "0")),
        (date(2018, 2, 28), (None, str(DATE_STYLE), "43159")),
        (date(1900, 1, 1), (None, str(DATE_STYLE), "1")),
        (date(1900, 2, 28), (None, str(DATE_STYLE), "59")),
        (date(1900, 3, 1), (None, str(DATE_STYLE), "61")),
        (datetime(2018, 2, 28, 6), (None, str(DATE_STYLE), "43159.25")),
        (datetime(2018, 2, 28, 6, tzinfo=UTC), (None, str(DATE_STYLE), "43159.25")),
        ("=1+1", ("inlineStr", None, "=1+1")),
        ("007", ("inlineStr", None, "007")),
        ("Tan & <b> 南京", ("inlineStr", None, "Tan & <b> 南京")),
        ("", ("inlineStr", None, "")),
        ("a\x01b\rc\ufffe", ("inlineStr", None, "a_x0001_b_x000D_c_xFFFE_")),
        ("a\tb\nc", ("inlineStr", None, "a\tb\nc")),
        ("as _x0041_ it is", ("inlineStr", None, "as _x005F_x0041_ it is")),
        (["SG", None, "MY"], ("inlineStr", None, "SG; ; MY")),
        ([1, 2], ("inlineStr", None, "1; 2")),
        ([], ("inlineStr", None, "")),
        ({"a": 1, "b": "é"}, ("inlineStr", None, '{"a": 1, "b": "é"}')),
        ([{"a": date(2018, 1, 2)}], ("inlineStr", None, '[{"a": "2018-01-02"}]')),
    ],
)
def test_a_value_becomes_a_cell_of_its_kind(value: Any, expected: tuple[str | None, str | None, str]) -> None:
    assert only_cell(value) == expected


def test_a_moment_is_shown_in_the_time_of_its_zone() -> None:
    moment = pl.Series([datetime(2018, 2, 28, 22, tzinfo=UTC)]).dt.convert_time_zone("Asia/Shanghai")
    [[(_, _, _, content)]] = cells(pl.DataFrame({"a": moment}))
    assert content == "43160.25"


def test_null_and_numbers_that_are_none_leave_the_cell_out() -> None:
    rows = pl.DataFrame({"a": [1.5, None, nan, inf], "b": ["x", "y", None, "z"], "c": [None] * 4})
    assert [[cell[0] for cell in row] for row in cells(rows, 10)] == [["A10", "B10"], ["B11"], [], ["B13"]]


def test_space_at_an_end_and_long_text_are_kept_as_far_as_a_cell_holds() -> None:
    xml = rows_as_xml(cell_values(pl.DataFrame({"a": [" x", "x\n", "x y"]})), 2, DATE_STYLE)
    assert xml.count('xml:space="preserve"') == 2
    assert only_cell("é" * (LONGEST_TEXT + 5))[2] == "é" * LONGEST_TEXT


def test_columns_beyond_z_are_named_as_spreadsheets_name_them() -> None:
    [row] = cells(pl.DataFrame({f"c{number}": [number] for number in range(800)}))
    assert [cell[0] for cell in row] == [f"{xl_col_to_name(number)}2" for number in range(800)]


def test_no_rows_are_no_xml() -> None:
    assert rows_as_xml(cell_values(pl.DataFrame(schema={"a": pl.Int64, "b": pl.List(pl.String)})), 2, 1) == ""


def test_widths_are_those_of_the_widest_values() -> None:
    rows = pl.DataFrame({"a": ["x", "xyz"], "b": [1, None], "c": [None, None], "d": [True, False]})
    assert widths(cell_values(rows)) == [3, 10, 0, 5]
    assert widths(cell_values(rows.head(0))) == [0, 0, 0, 0]
