"""Rows of a table as the XML of a worksheet's rows, made column by column.

Cell by cell in Python this takes several times as long, and all cells are held in memory.
"""

from __future__ import annotations

import polars as pl

from bri_pipeline.csv_text import plain_value

LONGEST_TEXT = 32_767
"""Characters that a cell holds."""
_NUMBER_WIDTH, _DATE_WIDTH, _BOOLEAN_WIDTH = 10, 11, 5
_DAY = 86_400_000_000
# Excel counts days from 1900 and has a 29 February of that year, its day 60; 1 January 1970 is day 25,569.
_EPOCH, _FALSE_LEAP_DAY = 25_569, 60
_ESCAPED = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    # What XML cannot hold, and a carriage return, which it would lose, in the form that Excel knows.
    **{chr(code): f"_x{code:04X}_" for code in (*range(0x09), *range(0x0B, 0x20), 0xFFFE, 0xFFFF)},
}
_LIKE_AN_ESCAPE = r"(_x[0-9a-fA-F]{4}_)"
_SPACE_AT_AN_END = r"^\s|\s$"


def cell_values(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with values that a cell can hold: numbers, truth values, dates, moments in local time, and text.

    Numbers that are not finite become null; lists and structures become text as ``csv_text`` writes it.
    """
    return pl.DataFrame([_cell_values(column) for column in rows.iter_columns()])


def widths(values: pl.DataFrame) -> list[int]:
    """Characters of the widest of the cell values of each column; 0 where all are null."""
    return [_width(column) for column in values.iter_columns()]


def rows_as_xml(values: pl.DataFrame, first_row: int, date_style: int) -> str:
    """The ``<row>`` elements of rows of cell values; null leaves the cell out, and no text is a formula.

    Args:
        values: what ``cell_values`` gives.
        first_row: number of the first of them in the sheet, from 1.
        date_style: index of the format of cells with dates.
    """
    if not values.height:
        return ""
    number = pl.int_range(first_row, first_row + values.height, dtype=pl.Int64).cast(pl.String)
    cells = [
        _cell(pl.col(name), dtype, _letters(place), number, date_style)
        for place, (name, dtype) in enumerate(values.schema.items())
    ]
    row = pl.concat_str(pl.lit('<row r="'), number, pl.lit('">'), *cells, pl.lit("</row>"))
    return str(values.select(row.str.join("")).item())


def _cell_values(column: pl.Series) -> pl.Series:
    dtype = column.dtype
    if dtype.is_float():
        return column.to_frame().select(pl.when(pl.first().is_finite()).then(pl.first())).to_series()
    if isinstance(dtype, pl.Datetime):
        return column.dt.replace_time_zone(None).dt.cast_time_unit("us")
    if dtype.is_numeric() or dtype in (pl.Boolean, pl.Date, pl.String, pl.Null):
        return column
    if dtype == pl.List(pl.String):
        return column.list.eval(pl.element().fill_null("")).list.join("; ")
    texts = [None if value is None else str(plain_value(value)) for value in column.to_list()]
    return pl.Series(column.name, texts, pl.String)


def _width(column: pl.Series) -> int:
    if column.null_count() == len(column):
        return 0
    if column.dtype == pl.String:
        return int(column.str.len_chars().max())  # type: ignore[arg-type]  # not all are null
    if column.dtype == pl.Boolean:
        return _BOOLEAN_WIDTH
    return _DATE_WIDTH if column.dtype.is_temporal() else _NUMBER_WIDTH


def _cell(value: pl.Expr, dtype: pl.DataType, letters: str, number: pl.Expr, date_style: int) -> pl.Expr:
    """The ``<c>`` element, or nothing for null."""
    place = pl.concat_str(pl.lit(f'<c r="{letters}'), number)
    if dtype == pl.String:
        text = _escaped(value.str.slice(0, LONGEST_TEXT))
        kept = (
            pl.when(value.str.contains(_SPACE_AT_AN_END))
            .then(pl.lit(' xml:space="preserve"'))
            .otherwise(pl.lit(""))
        )
        parts = [pl.lit('" t="inlineStr"><is><t'), kept, pl.lit(">"), text, pl.lit("</t></is></c>")]
    elif dtype == pl.Boolean:
        parts = [pl.lit('" t="b"><v>'), value.cast(pl.Int8).cast(pl.String), pl.lit("</v></c>")]
    elif dtype.is_temporal():
        parts = [
            pl.lit(f'" s="{date_style}"><v>'),
            _day_number(value, dtype).cast(pl.String),
            pl.lit("</v></c>"),
        ]
    else:
        parts = [pl.lit('"><v>'), value.cast(pl.String), pl.lit("</v></c>")]
    return pl.concat_str(place, *parts).fill_null("")


def _escaped(text: pl.Expr) -> pl.Expr:
    named = text.str.replace_all(_LIKE_AN_ESCAPE, "_x005F$1")
    return named.str.replace_many(list(_ESCAPED), list(_ESCAPED.values()))


def _day_number(value: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Excel's number of a day; the fraction is the time of the day."""
    days = value.cast(pl.Int32) if dtype == pl.Date else value.cast(pl.Int64) / _DAY
    number = days + _EPOCH
    return pl.when(number > _FALSE_LEAP_DAY).then(number).otherwise(number - 1)


def _letters(place: int) -> str:
    """The letters of a column counted from 0: A to Z, AA, AB ..."""
    letters = ""
    while place >= 0:
        place, letter = divmod(place, 26)
        letters, place = chr(ord("A") + letter) + letters, place - 1
    return letters
