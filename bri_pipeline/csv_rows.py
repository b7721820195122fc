"""The one reader of the CSV files people edit: reference tables, partner groups, overrides, expected values.

Spreadsheets and editors save such files in many ways. A byte order mark and either kind of line end are read;
another encoding, other separators, a missing column or a row of the wrong length is refused with the line.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from bri_pipeline.errors import UserError
from bri_pipeline.visible import brief, hidden_character

_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars", "，": "commas of Chinese text"}
_LINE_BREAKS = re.compile(r"[\r\n\t]+")
# As old Macs, and some exports today, end lines.
_LONE_RETURN = re.compile(r"\r(?!\n)")
_LINE_ENDS = re.compile(rb"\r\n|\r|\n")
# The mark of UTF-32 begins with that of UTF-16.
_WIDE_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
_MARK = "\ufeff"
# Files that are often given instead of a CSV file, by their first bytes.
_NO_TEXT = {b"PK\x03\x04": "a workbook or another zip file", b"\xd0\xcf\x11\xe0": "a workbook of old Excel"}
# Excel writes, and obeys, a first line that names the separator.
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?,*', re.IGNORECASE)


class CsvRow(NamedTuple):
    """One row by column name, blanks around the values removed, and the line of the file it begins on."""

    line: int
    values: dict[str, str]


def csv_rows(path: Path, columns: Sequence[str], *, renamed: Callable[[str], str] = str) -> list[CsvRow]:
    """The rows of a CSV file with a heading, with every column it has; rows without any value are left out.

    Args:
        path: the file; UTF-8, separated by commas.
        columns: the columns it must have, in any order; it may have more.
        renamed: from a column's name in the first line to the one it has in ``columns`` and in the rows.

    Raises:
        UserError: the file is missing, is no UTF-8 text, has other separators, lacks a column, or has a row that
            cannot be read; the file and, where there is one, the line are named.
    """
    return list(_rows(path, utf8_text(path), columns, renamed))


def converted_rows(path: Path, columns: Mapping[str, Callable[[str], Any]]) -> list[dict[str, Any]]:
    """The named columns of a CSV file, each converted by its function; other columns are left out.

    Args:
        path: the file, as for ``csv_rows``.
        columns: column -> function of the text; it raises ValueError with words that follow "NAME is VALUE;".

    Raises:
        UserError: as ``csv_rows``, or a value that its function refuses.
    """
    rows = []
    for line, values in csv_rows(path, tuple(columns)):
        row = {}
        for name, convert in columns.items():
            try:
                row[name] = convert(values[name])
            except ValueError as error:
                raise UserError(
                    f"{path}, line {line}: {name} is {brief(values[name])}; {error}. Correct the line."
                ) from None
        rows.append(row)
    return rows


def utf8_text(path: Path) -> str:
    """The text of a file people edit, without its byte order mark; a carriage return alone becomes a line feed.

    Raises:
        UserError: the file is missing or cannot be read, or it is not UTF-8; the line is named.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise UserError(f"{path} is missing; restore the file, or install bri-pipeline again.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UserError(f"{path} cannot be read: {reason}. Correct its name or its permissions.") from None
    if form := _wide_form(content):
        raise UserError(f"{path} is {form}, not UTF-8. {_SAVE_AS}")
    if what := next((what for start, what in _NO_TEXT.items() if content.startswith(start)), None):
        raise UserError(f"{path} is {what}, not a text file. {_SAVE_AS}")
    try:
        # a file made of several has the mark several times
        return _LONE_RETURN.sub("\n", content.decode("utf-8").lstrip(_MARK).replace(f"\n{_MARK}", "\n"))
    except UnicodeDecodeError as error:
        line = len(_LINE_ENDS.findall(error.object[: error.start])) + 1
        byte = error.object[error.start]
        raise UserError(f"{path}, line {line}: not UTF-8 text (byte 0x{byte:02x}). {_SAVE_AS}") from None


def _wide_form(content: bytes) -> str | None:
    """UTF-16 or UTF-32, by the byte order mark or by the zero bytes beside Latin letters; null for neither."""
    if marked := next((form for mark, form in _WIDE_MARKS.items() if content.startswith(mark)), None):
        return marked
    start = content[:4]
    if start.count(0) == len(start) - 1 and len(start) == 4:
        return "UTF-32"
    return "UTF-16" if len(start) > 1 and start[0] != start[1] and 0 in start[:2] else None


_LONGEST = 100_000
_SAVE_AS = "Save it as UTF-8 (in Excel: 'CSV UTF-8'; in Notepad: encoding UTF-8)."


def _rows(path: Path, text: str, columns: Sequence[str], renamed: Callable[[str], str]) -> Iterator[CsvRow]:
    if not text.strip():
        _refuse(path, 1, f"the file is empty; the first line must name {', '.join(columns)}")
    _check_separator(path, text, columns, renamed)
    lines = _numbered(path, csv.reader(io.StringIO(text, newline=""), strict=True))
    heading = next(((line, fields) for line, fields in lines if _is_heading(fields)), None)
    if heading is None:
        _refuse(path, 1, f"the file holds no heading; it must name {', '.join(columns)}")
    number, names = heading
    names = _without_empty_end([renamed(name.strip()) for name in names], 0)
    _check_heading(path, number, names, columns)
    for line, fields in lines:
        values = [_LINE_BREAKS.sub(" ", field).strip() for field in fields]
        if not any(values):
            continue
        values = _without_empty_end(values, len(names))
        if len(values) != len(names):
            _refuse(path, line, _wrong_length(values, names))
        row = dict(zip(names, values, strict=True))
        for name, value in row.items():
            if hidden := hidden_character(value):
                _refuse(path, line, f"{name} holds the character {hidden}, which cannot be seen; remove it")
        yield CsvRow(line, row)


def _is_heading(fields: Sequence[str]) -> bool:
    """False for an empty line and for Excel's line with the separator, either of which may precede the heading."""
    return any(field.strip() for field in fields) and not _SEPARATOR_LINE.fullmatch(",".join(fields))


def _check_separator(path: Path, text: str, columns: Sequence[str], renamed: Callable[[str], str]) -> None:
    """Refuse other separators by the heading as it is written: quoted names cannot be read with commas."""
    for number, line in enumerate(io.StringIO(text), start=1):
        named = _SEPARATOR_LINE.fullmatch(line.strip())
        separator = named[1] if named else _separator_of(line, columns, renamed)
        if separator in _OTHER_SEPARATORS:
            word = _OTHER_SEPARATORS[separator]
            _refuse(path, number, f"the columns are separated by {word}; save the file with commas")
        if line.strip() and not named:
            return


def _separator_of(line: str, columns: Sequence[str], renamed: Callable[[str], str]) -> str:
    """A comma, unless another character separates more of the columns a file must have."""

    def found(separator: str) -> int:
        names = {renamed(name.strip().strip('"').strip()) for name in line.split(separator)}
        return len(names & set(columns))

    return max([",", *_OTHER_SEPARATORS], key=found)


def _wrong_length(fields: Sequence[str], names: Sequence[str]) -> str:
    """What is wrong with a row that has more or fewer fields than the heading has names."""
    said = f"{len(fields)} fields, where the first line names {len(names)} columns"
    if len(fields) == 1:
        for separator, word in {**_OTHER_SEPARATORS, ",": "commas"}.items():
            if fields[0].count(separator) == len(names) - 1:
                quoted = "within one pair of quotation marks" if separator == "," else f"separated by {word}"
                return f"{said}: it is {quoted}; save the file with commas and without such marks"
    return f"{said}; correct the line"


def _without_empty_end(values: list[str], least: int) -> list[str]:
    """Without the empty fields that spreadsheets write behind the last column."""
    while len(values) > least and not values[-1]:
        values = values[:-1]
    return values


def _numbered(path: Path, reader: Any) -> Iterator[tuple[int, list[str]]]:
    """The rows with the line each begins on: a quoted value may run over several lines."""
    while True:
        line = reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            _refuse(path, line, f"the row cannot be read ({error}); look for a quotation mark too many")
        # The reader's own limit is one for the whole process, and other libraries raise it.
        if any(len(field) > _LONGEST for field in fields):
            _refuse(
                path, line, "the row cannot be read (a field is too long); look for a quotation mark too many"
            )
        yield line, fields


def _check_heading(path: Path, line: int, names: Sequence[str], columns: Sequence[str]) -> None:
    missing = [name for name in columns if name not in names]
    if missing and len(names) == 1:
        for separator, word in _OTHER_SEPARATORS.items():
            if separator in names[0]:
                _refuse(path, line, f"the columns are separated by {word}; save the file with commas")
        if "," in names[0]:
            _refuse(path, line, "the whole line is within one pair of quotation marks; take such marks out")
    if missing:
        lacking = f"column {missing[0]} is" if len(missing) == 1 else f"columns {', '.join(missing)} are"
        _refuse(path, line, f"the {lacking} missing; the first line must name {', '.join(columns)}")
    if twice := [name for name in names if name and names.count(name) > 1]:
        _refuse(path, line, f"the column {brief(twice[0])} is there twice; take one out")


def _refuse(path: Path, line: int, why: str) -> NoReturn:
    raise UserError(f"{path}, line {line}: {why}.")
