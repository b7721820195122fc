"""One bad optional field costs no record, in any source, and the sources agree on what is left."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bri_pipeline.patentsview.tables import land_tables
from bri_pipeline.portal.application_record import search_record
from bri_pipeline.publication import notes as note
from bri_pipeline.publication.record import Publication, publications_frame
from bri_pipeline.reference_corpus.documents import Document, WrittenInventor, WrittenRelated
from bri_pipeline.reference_corpus.writers import ERAS, write_document
from bri_pipeline.uspto.scan import scan_file
from tests.patentsview.test_same_as_weekly_files import as_exported
from tests.patentsview.write_tables import HEADERS, Rows, table_rows, write_rows
from tests.portal.applications import search_entry
from tests.uspto import test_patdoc as patdoc

BAD_DATES = ["20120600", "00000000", "2012", "June 2012", "20121301"]
JUNE = date(2000, 6, 1)
PRINTED_DAYS = {
    "20000601": JUNE,
    "2000-06-01": JUNE,
    " 20000601 ": JUNE,
    "2000-06-01 00:00:00": JUNE,
    "2000-06-01T00:00:00.000Z": JUNE,
    "2000-02-29": date(2000, 2, 29),
    "2001-02-29": None,
    "2000/06/01": None,
    "2000-6-1": None,
    "2000-0601": None,
    "2000.06.01": None,
    "01-06-2000": None,
    "06/01/2000": None,
    "000601": None,
    "2000-06-01x": None,
    "2000-06-011": None,
    "２００００６０１": None,
    "٢٠٠٠٠٦٠١": None,
    "0001-01-01": None,
    "2000-06-00": None,
    "n/a": None,
}
DAYS = {
    "pap15": date(2001, 5, 10),
    "pap16": date(2003, 7, 3),
    "v40": date(2005, 1, 6),
    "v41": date(2006, 3, 2),
}
CN = frozenset({"CN"})
FILED, RELATED_DAY = "20001204", "19990405"


def document(era: str) -> Document:
    return Document(
        serial=9000001,
        kind="A1",
        publication_date=DAYS.get(era, date(2016, 6, 2)),
        application_number="00123456",
        filing_date=date(2000, 12, 4),
        title="A widget",
        inventors=(
            WrittenInventor("Li", "Na", "Wuxi", "CN"),
            WrittenInventor("Tan", "Bo", "Singapore", "SG"),
        ),
        ipc=("H04L 29/06",),
        related=(WrittenRelated("foreign-priority", "JP", "11-1", RELATED_DAY),),
    )


def from_weekly(one: Document, era: str, filed: str, related_day: str) -> Publication:
    content = write_document(one, era).replace(FILED.encode(), filed.encode())
    content = content.replace(RELATED_DAY.encode(), related_day.encode())
    with TemporaryDirectory() as folder:
        path = Path(folder) / "week.xml"
        path.write_bytes(content)
        scan = scan_file(path, CN, count_countries=True)
    assert (scan.documents, scan.unreadable) == (1, [])
    assert scan.notes == dict.fromkeys(scan.publications[0].notes, 1)
    return scan.publications[0]


def from_tables(one: Document, filed: str, related_day: str) -> dict[str, Any]:
    rows = table_rows([as_exported(one)])
    put(rows, "pg_published_application", "filing_date", filed)
    put(rows, "pg_foreign_priority", "filing_date", related_day)
    with TemporaryDirectory() as folder:
        landing = land_tables(write_rows(rows, Path(folder) / "zips"), CN, Path(folder) / "out")
        (path,) = landing.files.values()
        (record,) = pl.read_parquet(path).to_dicts()
    assert landing.unreadable_lines == []
    assert landing.notes[one.publication_date.year] == dict.fromkeys(record["notes"], 1)
    return record


def put(rows: Rows, table: str, column: str, value: str) -> None:
    rows[table][0][HEADERS[table].split().index(column)] = value


def from_search(one: Document, filed: str, related_day: str) -> Publication:
    entry = search_entry(one)
    entry["applicationMetaData"]["filingDate"] = filed
    entry["foreignPriorityBag"] = [
        {"applicationNumberText": "11-1", "filingDate": related_day, "ipOfficeName": "JAPAN"}
    ]
    return search_record(entry).publication


@pytest.mark.parametrize("era", ["pap16", "v40", "v44", "grant", "PATDOC"])
def test_weekly_files_read_a_date_by_the_rule_of_all_sources(era: str, tmp_path: Path) -> None:
    if era == "PATDOC":
        of_old = patdoc.document(patdoc.CHINESE).encode()
        day, written = b"20010601", [of_old.replace(b"06559999", b"0655%04d" % n) for n in range(100)]
    else:
        ones = (replace(document("v44" if era == "grant" else era), serial=9000001 + n) for n in range(100))
        day, written = FILED.encode(), [write_document(one, "v44" if era == "grant" else era) for one in ones]
    if era == "grant":
        written = [as_grant(content, n) for n, content in enumerate(written)]
    path = tmp_path / "week.xml"
    path.write_bytes(
        b"".join(c.replace(day, text.encode()) for c, text in zip(written, PRINTED_DAYS, strict=False))
    )
    scan = scan_file(
        path, CN, "grants" if era in ("grant", "PATDOC") else "publications", count_countries=True
    )

    assert scan.unreadable == []
    assert [one.filing_date for one in scan.publications] == [*PRINTED_DAYS.values()]
    assert [one.notes for one in scan.publications] == [
        () if day else (note.FILING_DATE,) for day in PRINTED_DAYS.values()
    ]
    assert scan.notes == {note.FILING_DATE: sum(day is None for day in PRINTED_DAYS.values())}


def as_grant(content: bytes, serial: int) -> bytes:
    """The publication as the grant of a number of its own."""
    number = re.search(rb"<doc-number>(\d{11})</doc-number>", content)
    assert number
    content = content.replace(number[1], b"%08d" % (9000001 + serial)).replace(b"<kind>A1", b"<kind>B2")
    content = content.replace(b"us-patent-application", b"us-patent-grant")
    return content.replace(b"us-bibliographic-data-application", b"us-bibliographic-data-grant")


def test_tables_read_a_date_by_the_rule_of_all_sources(tmp_path: Path) -> None:
    ones = [replace(document("v44"), serial=9000001 + n) for n in range(len(PRINTED_DAYS))]
    rows = table_rows([as_exported(one) for one in ones])
    for table in ("pg_published_application", "pg_foreign_priority"):
        for row, text in zip(rows[table], PRINTED_DAYS, strict=True):
            row[HEADERS[table].split().index("filing_date")] = text
    landing = land_tables(write_rows(rows, tmp_path / "zips"), CN, tmp_path / "out")
    records = pl.read_parquet(landing.files[2016]).to_dicts()

    assert [one["filing_date"] for one in records] == [*PRINTED_DAYS.values()]
    assert [one["related"][0]["date"] for one in records] == [*PRINTED_DAYS.values()]
    bad = sum(day is None for day in PRINTED_DAYS.values())
    assert landing.notes[2016] == {note.FILING_DATE: bad, note.RELATED_DATE: bad}


def test_the_search_reads_a_date_by_the_rule_of_all_sources() -> None:
    for text, day in PRINTED_DAYS.items():
        found = from_search(document("v44"), text, text)
        assert (found.filing_date, found.related[0].date) == (day, day)
        assert found.notes == (() if day else (note.FILING_DATE, note.RELATED_DATE))


@pytest.mark.parametrize(("printed", "day"), PRINTED_DAYS.items())
def test_the_day_of_publication_is_read_by_the_rule_of_all_sources(
    printed: str, day: date | None, tmp_path: Path
) -> None:
    one = document("v44")
    content = write_document(one, "v44").replace(b"<date>20160602", b"<date>" + printed.encode(), 1)
    (tmp_path / "week.xml").write_bytes(content)
    scan = scan_file(tmp_path / "week.xml", CN, count_countries=True)
    entry = search_entry(one)
    entry["applicationMetaData"]["earliestPublicationDate"] = printed

    if day:
        assert [found.publication_date for found in scan.publications] == [day]
        assert search_record(entry).publication.publication_date == day
    else:
        assert [(scan.documents, len(scan.unreadable))] == [(1, 1)]
        with pytest.raises(ValueError, match="is no date"):
            search_record(entry)


def shared(record: Mapping[str, Any]) -> dict[str, Any]:
    names = ("publication_number", "filing_date", "title", "related", "notes")
    countries = [inventor["country"] for inventor in record["inventors"]]
    return {
        **{name: record[name] for name in names},
        "notes": sorted(record["notes"]),
        "countries": countries,
    }


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    era=st.sampled_from(ERAS),
    filed=st.sampled_from([None, *BAD_DATES]),
    related_day=st.sampled_from([None, *BAD_DATES]),
)
def test_the_sources_agree_on_a_record_with_bad_dates(
    era: str, filed: str | None, related_day: str | None
) -> None:
    one = document(era)
    weekly = from_weekly(one, era, filed or FILED, related_day or RELATED_DAY)
    record = publications_frame([weekly]).to_dicts()[0]
    tables = from_tables(one, filed or "2000-12-04", related_day or "1999-04-05")
    searched = from_search(one, filed or "2000-12-04", related_day or "1999-04-05")

    assert shared(record) == shared(tables) == shared(publications_frame([searched]).to_dicts()[0])
    assert weekly.filing_date == (None if filed else date(2000, 12, 4))
    assert weekly.related[0].date == (None if related_day else date(1999, 4, 5))
    assert len(weekly.notes) == bool(filed) + bool(related_day)


@pytest.mark.parametrize(
    ("country", "state", "read_as"),
    [
        ("ROC", None, "TW"),
        ("RP", None, "PH"),
        ("QX", None, None),
        ("IL", "IL", "US"),
        ("IL", "Illinois", "US"),
        ("GA", "GEORGIA", "US"),
        ("IN", "Karnataka", "IN"),
        ("IL", "Haifa", "IL"),
        ("C\u00adN", None, "CN"),
    ],
)
def test_the_sources_agree_on_countries(country: str, state: str | None, read_as: str | None) -> None:
    one = document("v44")
    odd = WrittenInventor("Doe", "Jo", "Chicago", country, region=state)
    one = replace(one, inventors=(*one.inventors, odd))
    weekly = from_weekly(one, "v44", FILED, RELATED_DAY)

    assert weekly.inventors[2].country == read_as
    assert from_tables(one, "2000-12-04", "1999-04-05")["inventors"][2]["country"] == read_as
    entry = search_entry(one)
    home = entry["applicationMetaData"]["inventorBag"][2]["correspondenceAddressBag"]
    for address in home:
        address.update({"geographicRegionCode": state, "countryCode": country})
    assert search_record(entry).publication.inventors[2].country == read_as


@pytest.mark.parametrize("era", ["pap16", "v41", "v44"])
def test_a_country_that_only_repeats_a_state_is_none_of_its_own_in_documents_passed_over(
    era: str, tmp_path: Path
) -> None:
    singapore = document(era).inventors[1]
    ones = [
        replace(
            document(era), inventors=(WrittenInventor("Doe", "Jo", "Chicago", "IL", region=state), singapore)
        )
        for state in ("IL", "Illinois", "Haifa")
    ]
    (tmp_path / "week.xml").write_bytes(b"".join(write_document(one, era) for one in ones))
    scan = scan_file(tmp_path / "week.xml", CN, count_countries=True)
    counted = {countries: n for (_, _, countries), n in scan.country_sets.items()}
    # Files of 2001-2004 print the state of who lives in the US alone.
    assert counted == {("SG", "US"): 2, ("IL", "SG"): 1}
