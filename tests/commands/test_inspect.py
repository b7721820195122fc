"""What ``bri inspect`` shows."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from bri_pipeline.commands.inspect import format_table, inspect_records
from bri_pipeline.publication.record import PUBLICATION_SCHEMA
from tests.end_to_end.studies import bri
from tests.uspto.documents import inventor_v44, v44, write

GOOD = v44(
    inventor_v44("<country>CN</country>") + inventor_v44("<country>unknown</country>", "Tan", "Mei Ling"),
    title="A very long title " * 10,
)


def test_records_have_the_fields_of_a_hit_and_are_json(tmp_path: Path) -> None:
    path = write(tmp_path / "week.xml", GOOD, GOOD[:300] + "\n")
    good, bad = [json.loads(json.dumps(record)) for record in inspect_records(path)]
    assert set(good) == {*PUBLICATION_SCHEMA.names(), "country", "year", "source_file", "landed_at"}
    assert (good["year"], good["publication_date"], good["filing_date"]) == (2020, "2020-01-23", "2018-07-19")
    assert (good["country"], good["landed_at"], good["source_file"]) == (None, None, "week.xml")
    assert good["inventors"][0] == {
        "sequence": 1, "last_name": "Li", "first_name": "Wei", "city_raw": "Nanjing", "region_raw": None,
        "address_country": "CN", "residence_country": None, "nationality": None, "country": "CN",
    }  # fmt: skip
    assert (bad["source_file"], bad["document_index"], bad["byte_offset"]) == (
        "week.xml", 1, len(GOOD.encode()),
    )  # fmt: skip
    assert "not well-formed" in bad["error"]


def test_nothing_is_cut_where_there_is_no_terminal(tmp_path: Path) -> None:
    lines = format_table(inspect_records(write(tmp_path / "week.xml", GOOD))).splitlines()
    assert "Wei Li (CN); Mei Ling Tan (?)" in lines[2]


def test_the_table_fits_the_terminal_and_lists_what_could_not_be_read(tmp_path: Path) -> None:
    path = write(tmp_path / "week.xml", GOOD, GOOD[:300] + "\n")
    lines = format_table(inspect_records(path), width=120).splitlines()
    assert [line.split()[0] for line in lines[:3]] == ["publication", "-" * 15, "US20200022300A1"]
    assert all(len(line) <= 120 for line in lines[:3])
    assert "Wei Li (CN); " in lines[2] and lines[2].endswith("…")
    assert lines[3] == "1 documents read, 1 could not be read"
    assert lines[4].startswith(f"document 1 at byte {len(GOOD.encode())} of week.xml: not well-formed")


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def packed(folder: Path, members: dict[str, bytes]) -> bytes:
    return zipped(folder / "inner.zip", members).read_bytes()


@pytest.mark.parametrize("output", ["table", "json"])
@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({}, "is a zip with nothing in it; download it again or remove it."),
        (
            {"readme.txt": b"hello", "a.csv": b"a"},
            "holds no .xml file among its 2 members (readme.txt, a.csv)",
        ),
        ({f"{n}.pdf": b"%PDF" for n in range(9)}, "among its 9 members (0.pdf, 1.pdf, 2.pdf, 3.pdf, ...)"),
        ({"list.xml": b""}, "holds 1 member (list.xml), none of which is a publication or grant"),
        ({"list.xml": b" \n"}, "holds 1 member (list.xml), none of which is a publication or grant"),
        ({"units.zip": b"readme"}, "holds 1 member (units.zip), none of which is a publication or grant"),
        ({"a.xml": b"<?xml version='1.0'?><a/>"}, "cannot be read: the root element <a> is neither"),
        (
            {f"{name}.xml": b"<?xml version='1.0'?><%s/>" % name.encode() for name in "abcd"},
            "holds 4 documents, none of which can be read: the root element <a> is",
        ),
    ],
)
def test_a_zip_without_a_publication_is_refused_with_what_is_in_it(
    tmp_path: Path, members: dict[str, bytes], said: str, output: str
) -> None:
    if "units.zip" in members:
        members = {"units.zip": packed(tmp_path, {"readme.txt": members["units.zip"]})}
    path = zipped(tmp_path / "week.zip", members)
    result = bri(tmp_path, "inspect", "--format", output, str(path))
    assert result.exit_code == 2
    assert result.stderr.startswith(f"bri: {path} ") and said in result.stderr
    assert "Traceback" not in result.stderr and "documents read" not in result.stdout


def test_an_xml_file_without_a_publication_is_refused(tmp_path: Path) -> None:
    (tmp_path / "week.xml").write_text(" \n")
    result = bri(tmp_path, "inspect", str(tmp_path / "week.xml"))
    assert result.exit_code == 2
    assert result.stderr.endswith("week.xml holds no publication or grant. Give a USPTO .xml or .zip file.\n")


def test_one_publication_among_documents_that_cannot_be_read_is_shown(tmp_path: Path) -> None:
    path = write(tmp_path / "week.xml", GOOD[:300] + "\n", GOOD)
    for output, shown in (("table", "1 documents read, 1 could not be read"), ("json", "US20200022300A1")):
        result = bri(tmp_path, "inspect", "--format", output, str(path))
        assert (result.exit_code, shown in result.stdout) == (0, True)
