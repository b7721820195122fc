"""What ``bri inspect`` shows."""

from __future__ import annotations

import json
from pathlib import Path

from bri_pipeline.commands.inspect import format_table, inspect_records
from bri_pipeline.publication.record import PUBLICATION_SCHEMA
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
