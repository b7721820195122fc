"""The reader of hand-kept CSV files: what is read however it was saved, and what is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bri_pipeline.csv_rows import converted_rows, csv_rows
from bri_pipeline.errors import UserError

COLUMNS = ("code", "name")
PLAIN = "code,name,note\nSG,Singapore,\nTR,Türkiye,since 2022\n"
FOUND = [
    (2, {"code": "SG", "name": "Singapore", "note": ""}),
    (3, {"code": "TR", "name": "Türkiye", "note": "since 2022"}),
]


def file_of(folder: Path, content: bytes) -> Path:
    path = folder / "group.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.replace("\n", "\r\n").encode("utf-8-sig"),
        PLAIN.replace("\n", ",,\n").encode(),
        PLAIN.encode() + b",,\n\n,,,\n",
        PLAIN.replace("Singapore", '" Singapore "').encode(),
        PLAIN.encode("utf-8-sig").replace(b"\nTR", b"\n\xef\xbb\xbfTR"),
        b"\xef\xbb\xbf" + PLAIN.encode("utf-8-sig"),
    ],
    ids=[
        "plain",
        "byte order mark",
        "Windows line ends",
        "empty fields behind",
        "empty rows",
        "quoted, blanks",
        "two files in one",
        "two byte order marks",
    ],
)
def test_the_same_rows_are_read_however_the_file_was_saved(tmp_path: Path, content: bytes) -> None:
    assert csv_rows(file_of(tmp_path, content), COLUMNS) == FOUND


def test_a_value_over_two_lines_keeps_the_numbers_of_the_rows_behind_it(tmp_path: Path) -> None:
    path = file_of(tmp_path, b'code,name\nSG,"Sing\r\napore"\nIN,India\n')
    assert csv_rows(path, COLUMNS) == [
        (2, {"code": "SG", "name": "Sing apore"}),
        (4, {"code": "IN", "name": "India"}),
    ]


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (PLAIN.encode("cp1252"), 3, "not UTF-8 text (byte 0xfc). Save it as UTF-8"),
        (PLAIN.replace(",", ";").encode("utf-8-sig"), 1, "separated by semicolons"),
        (PLAIN.replace(",", "\t").encode(), 1, "separated by tabs"),
        (b"code\nSG\n", 1, "the column name is missing; the first line must name code, name"),
        (b"", 1, "the file is empty; the first line must name code, name"),
        (b"\xef\xbb\xbf", 1, "the file is empty"),
        (b"sep=,\n", 1, "the file holds no heading; it must name code, name"),
        (b",,,\n\n", 1, "the file holds no heading"),
        (b'"code";"name"\n"SG";"Singapore"\n', 1, "separated by semicolons"),
        (b'\xef\xbb\xbfsep=;\n"code";"name"\n', 1, "separated by semicolons"),
        (b"Code;Name\n", 1, "separated by semicolons"),
        ("code，name\n".encode(), 1, "separated by commas of Chinese text"),
        (b"code,name\nSG;Singapore\n", 2, "it is separated by semicolons"),
        (b'code,name\n"SG,Singapore"\n', 2, "it is within one pair of quotation marks"),
        (b'"code,name"\n"SG,Singapore"\n', 1, "the whole line is within one pair of quotation marks"),
        (PLAIN.replace("ü", "油").encode("gbk"), 3, "not UTF-8 text (byte 0xd3)"),
        (PLAIN.encode("cp500"), 1, "not UTF-8 text"),
        (b"code,name,code\nSG,Singapore,SG\n", 1, "the column 'code' is there twice"),
        (b"code,name\nSG\n", 2, "1 fields, where the first line names 2 columns"),
        (b"code,name\nSG,Singapore,Asia\n", 2, "3 fields"),
        (b'code,name\nSG,"Singapore\nIN,India\n', 2, "a quotation mark too many"),
        ("code,name\nSG,Singa\u202epore\n".encode(), 2, r"name holds the character \u202e"),
        (b"code,name\nSG,Singa\x1b[31mpore\n", 2, r"name holds the character \x1b"),
        (b"code,name\nSG,Singa\x00pore\n", 2, r"name holds the character \x00"),
        (b"code,name\nSG," + b"x" * 200_000 + b"\n", 2, "the row cannot be read"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_with_its_line(
    tmp_path: Path, content: bytes, line: int, words: str
) -> None:
    path = file_of(tmp_path, content)
    with pytest.raises(UserError) as caught:
        csv_rows(path, COLUMNS)
    assert str(caught.value).startswith(f"{path}, line {line}: ")
    assert words in str(caught.value)


@pytest.mark.parametrize("before", ["\n\n", "sep=,\n", '"sep=,",,\n\n'], ids=["empty", "separator", "both"])
def test_empty_lines_and_excels_line_with_the_separator_may_precede_the_heading(
    tmp_path: Path, before: str
) -> None:
    lines = before.count("\n")
    found = [(line + lines, row) for line, row in FOUND]
    assert csv_rows(file_of(tmp_path, (before + PLAIN).encode()), COLUMNS) == found


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_two_and_four_bytes_a_character_are_named_with_and_without_a_mark(
    tmp_path: Path, encoding: str
) -> None:
    with pytest.raises(UserError, match=f"is {encoding[:6].upper()}, not UTF-8. Save it as UTF-8"):
        csv_rows(file_of(tmp_path, PLAIN.encode(encoding)), COLUMNS)
    with pytest.raises(UserError, match=f"is {encoding[:6].upper()}, not UTF-8"):
        csv_rows(file_of(tmp_path, ("\ufeff" + PLAIN).encode(encoding)), COLUMNS)


def test_a_workbook_is_called_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"is a workbook or another zip file, not a text file\. Save it"):
        csv_rows(file_of(tmp_path, b"PK\x03\x04\x14\x00\x06\x00"), COLUMNS)


def test_utf_16_a_folder_and_a_missing_file_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is UTF-16, not UTF-8"):
        csv_rows(file_of(tmp_path, PLAIN.encode("utf-16")), COLUMNS)
    with pytest.raises(UserError, match="cannot be read: Is a directory"):
        csv_rows(tmp_path, COLUMNS)
    with pytest.raises(UserError, match=r"none\.csv is missing"):
        csv_rows(tmp_path / "none.csv", COLUMNS)


def test_a_value_its_column_refuses_is_named(tmp_path: Path) -> None:
    def capital(text: str) -> str:
        if not text.isupper():
            raise ValueError("it must be in capital letters")
        return text

    path = file_of(tmp_path, b"code,name\nSG,Singapore\nin,India\n")
    with pytest.raises(UserError, match=r"group\.csv, line 3: code is 'in'; it must be in capital letters\."):
        converted_rows(path, {"code": capital})
