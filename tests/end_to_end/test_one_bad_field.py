"""One bad optional field costs no record, in any source, and the sources agree on what is left."""

from __future__ import annotations

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
from bri_pipeline.publication.record import Publication, publications_frame
from bri_pipeline.reference_corpus.documents import Document, WrittenInventor, WrittenRelated
from bri_pipeline.reference_corpus.writers import ERAS, write_document
from bri_pipeline.uspto.scan import scan_file
from tests.patentsview.test_same_as_weekly_files import as_exported
from tests.patentsview.write_tables import HEADERS, Rows, table_rows, write_rows
from tests.portal.applications import search_entry

BAD_DATES = ["20120600", "00000000", "2012", "June 2012", "20121301"]
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


@pytest.mark.parametrize(("country", "read_as"), [("ROC", "TW"), ("RP", "PH"), ("QX", None), ("IL", "US")])
def test_the_sources_agree_on_countries(country: str, read_as: str | None) -> None:
    one = document("v44")
    state = country if country == "IL" else None
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
