"""The stream of a table, whatever stands in it and wherever its blocks end."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bri_pipeline.patentsview.columns import Table
from bri_pipeline.patentsview.tsv import TableReader
from tests.patentsview.write_tables import table_text, write_zip

PLACES = Table("places", ("id", "city"), (("id is empty", pl.col("id").str.len_bytes() > 0),))
HEADER = ["number", "id", "city", "note"]
TEXT = st.text(alphabet='ab"\t\n\r NA,é城', max_size=8)
ROWS = st.lists(
    st.tuples(st.integers(0, 999), st.text("xyz", min_size=1, max_size=3), TEXT, TEXT), max_size=30
)
BROKEN = st.sampled_from(
    [
        '1\t"x"',
        '1\t"x"\t"b"\t""\t"more"',
        '7\t"x"\t"open\t""',
        "no tabs at all",
        '5\t""\t"b"\t""',
        '7\t"x"\t"5" pipe"\t""',
        '7\t"x"\t"a"b"c"\t""',
        '7\t"x"\t"5""" pipe"\t""',
    ]
)


def read(text: str | bytes, block_bytes: int) -> tuple[list[tuple[Any, ...]], list[tuple[int, str]]]:
    with TemporaryDirectory() as folder:
        write_zip(Path(folder), "places", text)
        reader = TableReader(Path(folder), PLACES, block_bytes)
        rows = [row for frame in reader.frames() for row in frame.with_columns(pl.all().fill_null("")).rows()]
    return rows, [(line.line, line.reason) for line in reader.unreadable.lines]


@settings(max_examples=150, deadline=None)
@given(rows=ROWS, block_bytes=st.sampled_from([1, 7, 30, 100, 10_000]))
def test_every_row_comes_back_whatever_the_blocks(
    rows: list[tuple[int, str, str, str]], block_bytes: int
) -> None:
    found, unreadable = read(table_text(HEADER, rows), block_bytes)

    assert found == [(row[1], row[2]) for row in rows]
    assert unreadable == []


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 99), st.text("xyz", min_size=1), st.text("ab N"), st.text("ab,")),
        max_size=20,
    ),
    broken=st.lists(st.tuples(st.integers(0, 20), BROKEN), min_size=1, max_size=3),
    block_bytes=st.sampled_from([1, 40, 10_000]),
)
def test_a_broken_line_costs_itself_only(
    rows: list[tuple[int, str, str, str]], broken: list[tuple[int, str]], block_bytes: int
) -> None:
    lines = table_text(HEADER, rows).splitlines()
    for place, line in sorted(broken, reverse=True):
        lines.insert(1 + min(place, len(rows)), line)
    at_fault = [number for number, line in enumerate(lines, start=1) if line in {line for _, line in broken}]

    found, unreadable = read("\n".join(lines) + "\n", block_bytes)

    assert found == [(row[1], row[2]) for row in rows]
    assert [line for line, _ in unreadable] == at_fault


def test_reasons_say_what_is_wrong() -> None:
    header = '"number"\t"id"\t"city"\t"note"\n'
    text = (
        header + '1\t"a"\n2\t""\t"b"\t"c"\n3\t"d"\t"e\t"f"\n'
    ).encode() + b'4\t"\xff"\t""\t""\n5\t"g"\t"h"\t""'

    found, unreadable = read(text, 10_000)

    assert found == [("g", "h")]
    assert unreadable == [
        (2, "2 columns instead of 4"),
        (3, "id is empty"),
        (4, "a quote is opened and not closed"),
        (5, "not UTF-8 (invalid start byte)"),
    ]


@pytest.mark.parametrize("text", ["", "number\tid\tcity\n", '"number"\t"id"\t"city"\n', "\ufeffid\tcity"])
def test_a_table_may_be_empty_or_only_a_header(text: str) -> None:
    if not text:
        with pytest.raises(Exception, match="its header line is: empty"):
            read(text, 100)
    else:
        assert read(text, 100) == ([], [])


@pytest.mark.parametrize("text", ['"5" pipe"', '"a"b"c"', '"5""" pipe"'])
def test_rows_between_two_with_a_quote_that_is_not_doubled_are_read(text: str) -> None:
    """Their quotes are even in number, so that all between them could be taken for one text."""
    lines = table_text(HEADER, [(number, "x", "city", "") for number in range(1000)]).splitlines(
        keepends=True
    )
    for number in (10, 900):
        lines[number] = lines[number].replace('"city"', text)
    found, unreadable = read("".join(lines), 1 << 20)

    assert len(found) == 998
    assert [line for line, _ in unreadable] == [11, 901]
