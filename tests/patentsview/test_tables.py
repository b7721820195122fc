"""Tables in, Parquet per year out."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from bri_pipeline.errors import UserError
from bri_pipeline.lake.tables_counts import without_country, year_counts
from bri_pipeline.patentsview import spill, tables
from bri_pipeline.patentsview.columns import IPC_SYMBOLS
from bri_pipeline.patentsview.tables import TablesLanding, land_tables
from bri_pipeline.publication.record import PUBLICATION_SCHEMA, publications_frame
from tests.patentsview.corpus import HONG_KONG, LOWER_CASE, NAMIBIA, PUBLICATIONS, SINGAPORE
from tests.patentsview.write_tables import (
    HEADERS,
    Rows,
    table_rows,
    table_text,
    unquoted_text,
    write_rows,
    write_zip,
)

CN = frozenset({"CN"})


@pytest.fixture
def rows() -> Rows:
    return table_rows(PUBLICATIONS)


def landed(rows: Rows, folder: Path, **options: int) -> TablesLanding:
    return land_tables(write_rows(rows, folder / "tables"), CN, folder / "out", **options)


def records(landing: TablesLanding) -> list[dict[str, object]]:
    return [row for year in sorted(landing.files) for row in pl.read_parquet(landing.files[year]).to_dicts()]


def column(table: str, name: str) -> int:
    return HEADERS[table].split().index(name)


@pytest.mark.parametrize("options", [{}, {"workers": 4}, {"block_bytes": 40}])
def test_publications_come_back_as_they_were_written(
    rows: Rows, tmp_path: Path, options: dict[str, int]
) -> None:
    landing = landed(rows, tmp_path, **options)

    expected = publications_frame([SINGAPORE, NAMIBIA, LOWER_CASE]).to_dicts()
    # A tab in a title is a blank like any other.
    expected[0]["title"] = 'Method "for" a tab and NA'
    assert records(landing) == expected
    assert landing.unreadable_lines == []


def test_what_is_spilled_in_many_pieces_comes_back_whole(
    rows: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = landed(rows, tmp_path / "whole")
    monkeypatch.setattr(spill, "FLUSH_BYTES", 1)
    monkeypatch.setattr(tables, "PARTITION_BYTES", 100)
    monkeypatch.setattr(tables, "PART_SERIALS", 1_000)

    pieces = landed(rows, tmp_path / "pieces", block_bytes=50, workers=2)

    assert records(pieces) == records(whole)
    assert pieces.country_sets == whole.country_sets


def test_files_stand_per_year_with_the_schema_of_records(rows: Rows, tmp_path: Path) -> None:
    landing = landed(rows, tmp_path)

    assert landing.files[2018] == tmp_path / "out" / "2018" / "patentsview_tables.parquet"
    assert sorted(landing.files) == [2001, 2005, 2018]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"2001", "2005", "2018"}
    for path in landing.files.values():
        assert pl.read_parquet_schema(path) == PUBLICATION_SCHEMA


def test_counts_cover_every_publication(rows: Rows, tmp_path: Path) -> None:
    landing = landed(rows, tmp_path)

    assert landing.documents == Counter({2001: 1, 2005: 1, 2018: 2})
    assert +landing.kept == Counter({2001: 1, 2005: 1, 2018: 1})
    assert landing.skipped == Counter({2018: 1})
    assert landing.unlocated == 0
    assert landing.country_sets == Counter(
        {(2001, "A1", ("CN", "SG")): 1, (2005, "A9", ("CN", "NA")): 1}
        | {(2018, "A1", ("HK", "US")): 1, (2018, "A1", ("CN",)): 1}
    )


def test_a_year_without_hits_is_an_empty_file(tmp_path: Path) -> None:
    landing = landed(table_rows([HONG_KONG]), tmp_path)

    assert pl.read_parquet(landing.files[2018]).shape == (0, len(PUBLICATION_SCHEMA))


def test_rows_need_no_order_and_tables_may_have_more_columns(rows: Rows, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    for name, header in HEADERS.items():
        names = ["note", *reversed(header.split())]
        text = table_text(names, [['a\n"b"', *reversed(row)] for row in reversed(rows[name])])
        write_zip(folder, name, text)
    write_zip(folder, "pg_cpc_current", "not a table this software reads")

    assert records(land_tables(folder, CN, tmp_path / "out2")) == records(landed(rows, tmp_path))


def test_tables_before_2021_quote_nothing_and_write_entities(tmp_path: Path) -> None:
    rows = table_rows([LOWER_CASE])
    rows["pg_inventor_not_disambiguated"][0][
        column("pg_inventor_not_disambiguated", "raw_inventor_name_last")
    ] = "&Hcirc;emberg"
    rows["pg_published_application"][0][column("pg_published_application", "application_title")] = (
        '5" disk &amp; R&D &agr;'
    )
    for name, header in HEADERS.items():
        write_zip(tmp_path, name, unquoted_text(header.split(), rows[name]))

    (record,) = records(land_tables(tmp_path, CN, tmp_path / "out"))

    assert record["title"] == '5" disk & R&D α'
    assert record["inventors"][0]["last_name"] == "Ĥemberg"  # type: ignore[index]


def test_a_company_that_is_assignee_and_applicant_stands_once(tmp_path: Path) -> None:
    rows = table_rows([SINGAPORE])
    again = list(rows["pg_applicant_not_disambiguated"][0])
    again[column("pg_applicant_not_disambiguated", "raw_applicant_organization")] = "NANJING STAR CO LTD"
    rows["pg_applicant_not_disambiguated"].append(again)

    (record,) = records(landed(rows, tmp_path))

    assert record["applicants"] == publications_frame([SINGAPORE]).to_dicts()[0]["applicants"]


def test_an_inventor_who_applies_is_no_applicant(tmp_path: Path) -> None:
    rows = table_rows([NAMIBIA])
    rows["pg_applicant_not_disambiguated"].append(
        [20050123456, 0, "NA", "Li", None, "applicant-inventor", "us-only", "inventor", None]
    )

    (record,) = records(landed(rows, tmp_path))

    assert record["applicants"] == []


@pytest.mark.parametrize("flag", ["True", "TRUE", " true", "t", "1", "1.0", "Yes", "y"])
def test_a_deceased_inventor_counts_for_no_country(tmp_path: Path, flag: str) -> None:
    rows = table_rows([NAMIBIA])
    for row in rows["pg_inventor_not_disambiguated"]:
        row[column("pg_inventor_not_disambiguated", "deceased_flag")] = flag

    landing = landed(rows, tmp_path)

    assert (sum(landing.kept.values()), landing.country_sets) == (0, Counter({(2005, "A9", ()): 1}))


def test_a_living_colleague_of_a_deceased_inventor_counts(tmp_path: Path) -> None:
    rows = table_rows([NAMIBIA])
    rows["pg_inventor_not_disambiguated"][0][column("pg_inventor_not_disambiguated", "deceased_flag")] = (
        "True"
    )

    (record,) = records(landed(rows, tmp_path))

    assert [inventor["country"] for inventor in record["inventors"]] == [None, "CN"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("parts", "symbol"),
    [
        (["H", "4", "L", "029", "06"], "H04L 29/06"),
        (["h", "04", "l", "29", "6"], "H04L 29/6"),
        (["H", "04", "L", " 29 ", "06"], "H04L 29/06"),
        (["H", "04", "L", None, None], "H04L"),
        (["H", "04", None, "29", "06"], "H04"),
    ],
)
def test_symbols_come_into_the_normal_form(parts: list[str | None], symbol: str, tmp_path: Path) -> None:
    rows = table_rows([LOWER_CASE])
    rows["pg_ipc_at_issue"][0][3:8] = parts

    (record,) = records(landed(rows, tmp_path))

    assert record["ipc"] == [{"symbol": symbol, "position": "first"}]


def test_symbol_position_decides_where_the_table_has_it(tmp_path: Path) -> None:
    rows = table_rows([SINGAPORE])
    write_rows(rows, tmp_path)
    header = [*HEADERS["pg_ipc_at_issue"].split(), "symbol_position"]
    marked = [[*row, mark] for row, mark in zip(rows["pg_ipc_at_issue"], "LF", strict=True)]
    write_zip(tmp_path, "pg_ipc_at_issue", table_text(header, marked))

    (record,) = records(land_tables(tmp_path, CN, tmp_path / "out"))

    assert record["ipc"] == [
        {"symbol": "H04L 29/06", "position": "later"},
        {"symbol": "A41B 1/00", "position": "first"},
    ]


def test_what_cannot_be_read_is_counted_and_named(rows: Rows, tmp_path: Path) -> None:
    rows["pg_published_application"][1][column("pg_published_application", "published_date")] = "2004-13-01"
    rows["pg_inventor_not_disambiguated"].append([99, 0, None, "A", "B", "False", None])

    landing = landed(rows, tmp_path)

    assert [(line.file, line.line, line.reason) for line in landing.unreadable_lines] == [
        (
            "pg_inventor_not_disambiguated.tsv.zip",
            11,
            "pgpub_id is not a publication number of eleven digits",
        ),
        (
            "pg_published_application.tsv.zip",
            3,
            "published_date is not a date in the year that pgpub_id begins with",
        ),
    ]
    assert landing.without_document == Counter({2005: 1})
    assert [record["publication_number"] for record in records(landing)] == [
        "US20010000002A1",
        "US20180000010A1",
    ]


def test_a_filing_date_that_is_none_is_counted(tmp_path: Path) -> None:
    rows = table_rows([SINGAPORE, NAMIBIA])
    rows["pg_published_application"][0][column("pg_published_application", "filing_date")] = "0000-00-00"

    landing = landed(rows, tmp_path)

    assert {year: notes for year, notes in landing.notes.items() if notes} == {
        2001: {"a filing date that could not be read": 1}
    }
    assert records(landing)[0]["filing_date"] is None


def test_sequences_may_be_written_as_floating_point(tmp_path: Path) -> None:
    rows = table_rows([SINGAPORE])
    for row in rows["pg_inventor_not_disambiguated"]:
        row[1] = 10.0 - row[1]

    (record,) = records(landed(rows, tmp_path))

    assert [i["last_name"] for i in record["inventors"]] == ["O'Brien", "Tan", "Wang"]  # type: ignore[attr-defined]


def test_parties_without_their_location_are_counted(rows: Rows, tmp_path: Path) -> None:
    locations = rows["pg_location_not_disambiguated"]
    rows["pg_location_not_disambiguated"] = [row for row in locations if row[4] != "SGX"]

    assert landed(rows, tmp_path).unlocated == 1


def test_a_repeated_publication_stands_once(rows: Rows, tmp_path: Path) -> None:
    rows["pg_published_application"].append(rows["pg_published_application"][0])

    landing = landed(rows, tmp_path)

    assert +landing.repeated == Counter({2001: 1})
    assert pl.read_parquet(landing.files[2001]).height == 1


def test_a_missing_table_is_named(rows: Rows, tmp_path: Path) -> None:
    write_rows(rows, tmp_path)
    (tmp_path / "pg_ipc_at_issue.tsv.zip").unlink()

    with pytest.raises(UserError, match=r"pg_ipc_at_issue\.tsv\.zip is missing in .*Download"):
        land_tables(tmp_path, CN, tmp_path / "out")


def test_a_missing_column_is_named(rows: Rows, tmp_path: Path) -> None:
    write_rows(rows, tmp_path)
    write_zip(tmp_path, "pg_location_not_disambiguated", '"rawlocation_id"\t"raw_city"\t"country"\n')

    with pytest.raises(
        UserError, match=r"pg_location.* has no column raw_state, raw_country; its header line is"
    ):
        land_tables(tmp_path, CN, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_damaged_zip_is_named_and_leaves_nothing_behind(rows: Rows, tmp_path: Path) -> None:
    rows["pg_location_not_disambiguated"] += [
        [f"{n:x}", None, str(n * 7919), None, "US"] for n in range(20_000)
    ]
    path = write_rows(rows, tmp_path) / "pg_location_not_disambiguated.tsv.zip"
    data = bytearray(path.read_bytes())
    data[len(data) * 3 // 4] ^= 0xFF
    path.write_bytes(data)

    with pytest.raises(UserError, match=r"pg_location_not_disambiguated\.tsv\.zip is a damaged"):
        land_tables(tmp_path, CN, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    "form", ["{}.tsv (1).zip", "{} - Kopie.tsv.zip", "Copy of {}.tsv.zip", "{} (2).tsv", "{}.TSV.ZIP"]
)
def test_a_table_is_found_under_the_name_of_a_second_copy(rows: Rows, tmp_path: Path, form: str) -> None:
    folder = write_rows(rows, tmp_path / "tables")
    plain = folder / "pg_inventor_not_disambiguated.tsv.zip"
    if form.lower().endswith(".tsv"):
        with zipfile.ZipFile(plain) as archive:
            (folder / form.format("pg_inventor_not_disambiguated")).write_bytes(
                archive.read(archive.namelist()[0])
            )
        plain.unlink()
    else:
        plain.rename(folder / form.format("pg_inventor_not_disambiguated"))
    landing = land_tables(folder, CN, tmp_path / "out")
    expected = publications_frame([SINGAPORE, NAMIBIA, LOWER_CASE])["publication_number"].to_list()
    assert [record["publication_number"] for record in records(landing)] == expected


def test_unpacked_tables_and_zips_made_on_a_mac_are_read(rows: Rows, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    for number, (name, header) in enumerate(HEADERS.items()):
        text = table_text(header.split(), rows[name])
        if number % 2:
            (folder / f"{name}.tsv").write_text(text, encoding="utf-8")
            continue
        path = write_zip(folder, name, text)
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(f"__MACOSX/._{name}.tsv", b"\x00\x05\x16\x07")
            archive.writestr(".DS_Store", b"\x00")

    assert records(land_tables(folder, CN, tmp_path / "out2")) == records(landed(rows, tmp_path))


@pytest.mark.parametrize("ending", [".tsv.gz", ".tsv.zip.part", ".tsv.7z", ".csv"])
def test_a_table_in_a_form_that_is_not_opened_is_named(tmp_path: Path, ending: str) -> None:
    (tmp_path / f"pg_ipc_at_issue{ending}").write_bytes(b"x")
    with pytest.raises(
        UserError, match=rf"pg_ipc_at_issue{re.escape(ending)} is there, which is not read in this form"
    ):
        IPC_SYMBOLS.path(tmp_path)


def test_an_inventor_whose_row_is_there_twice_is_one_inventor(tmp_path: Path) -> None:
    rows = table_rows(PUBLICATIONS)
    once = records(landed(rows, tmp_path / "once"))
    inventors = rows["pg_inventor_not_disambiguated"]
    inventors.extend([list(row) for row in inventors])
    landing = landed(rows, tmp_path / "twice")
    twice = records(landing)
    assert [one["inventors"] for one in twice] == [one["inventors"] for one in once]
    said = "an inventor's row that is there twice, counted once"
    assert all(said in one["notes"] for one in twice)
    assert sum(notes[said] for notes in landing.notes.values()) == len(twice)


@pytest.mark.parametrize(("unknown", "noted"), [(0, 0), (5, 0), (6, 6), (100, 100)])
def test_a_year_in_which_many_publications_have_no_country_says_so(unknown: int, noted: int) -> None:
    landing = TablesLanding(documents=Counter({2013: 100}))
    landing.country_sets.update({(2013, "A1", ()): unknown, (2013, "A1", ("CN",)): 100 - unknown})
    landing.country_sets[2014, "A1", ()] = 50
    assert without_country(landing, 2013) == noted
    assert without_country(landing, 2014) == 0  # of a few publications that says nothing
    counts = year_counts(landing, 2013, [], holds_yearless=False, count_countries=False)
    assert [n for note, n in counts["notes"].items() if "more than one in twenty" in note] == [noted] * bool(
        noted
    )
