"""One corpus written as weekly XML and as tables must be read into the same records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

import polars as pl
import pytest

from bri_pipeline.patentsview.tables import TablesLanding, land_tables
from bri_pipeline.publication.record import (
    Applicant,
    CpcSymbol,
    Inventor,
    IpcSymbol,
    Publication,
    RelatedDocument,
    publications_frame,
)
from bri_pipeline.publication.scanned import FileScan
from bri_pipeline.reference_corpus.corpus import make_corpus
from bri_pipeline.reference_corpus.documents import Document, WrittenInventor, WrittenRelated
from bri_pipeline.reference_corpus.writers import write_week
from bri_pipeline.uspto.scan import scan_file
from tests.patentsview.write_tables import table_rows, write_rows

CN = frozenset({"CN"})
SHARED = ["sequence", "last_name", "first_name", "city_raw", "region_raw", "country"]


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    """Every twelfth document of the reference corpus, and all that were published again."""
    corpus = make_corpus()
    everything = sorted((*corpus.patents, *corpus.others), key=lambda document: document.publication_date)
    chosen = [d for n, d in enumerate(everything) if n % 12 == 0 or d.kind in ("A2", "A9", "P1")]
    return [with_related(document, number) for number, document in enumerate(chosen)]


def with_related(document: Document, number: int) -> Document:
    """The document with priority claims and related documents in the order the sources have them, and CPC symbols."""
    published = [
        ("pct", f"PCT/JP2000/{number:06}", "20000404"),
        ("pct-publication", "WO00/60568", "20001012"),
    ]
    related = (
        WrittenRelated("foreign-priority", "JP", f"11-{number:06}", "19990405"),
        WrittenRelated("foreign-priority", "EP", f"99{number:06}.3", "19990406"),
        WrittenRelated("provisional", "US", f"60{number:06}", "20000301"),
        WrittenRelated("continuation", "US", f"09{number:06}", "19990817"),
        WrittenRelated("division", "US", f"08{number:06}", "19980818"),
        *(WrittenRelated(relation, "WO", *rest) for relation, *rest in published if number % 3 == 0),
    )
    cpc = ("H04L 63/04", "Y02D 30/70") if document.publication_date.year >= 2015 else ()
    return replace(document, related=related[number % 3 :], cpc=cpc)


@pytest.fixture(scope="module")
def weekly(documents: list[Document], tmp_path_factory: pytest.TempPathFactory) -> FileScan:
    folder = tmp_path_factory.mktemp("weekly")
    merged = FileScan()
    for _, week in groupby(documents, key=lambda document: document.publication_date):
        scan = scan_file(write_week(folder, list(week)), CN, count_countries=True)
        assert scan.unreadable == []
        merged.publications += scan.publications
        merged.documents += scan.documents
        merged.skipped += scan.skipped
        merged.country_sets.update(scan.country_sets)
    return merged


@pytest.fixture(scope="module")
def tables(documents: list[Document], tmp_path_factory: pytest.TempPathFactory) -> TablesLanding:
    folder = tmp_path_factory.mktemp("tables")
    rows = table_rows(map(as_exported, documents))
    for document in documents:
        if document.publication_date.year >= 2013:
            rows["pg_applicant_not_disambiguated"] += [
                [
                    int(document.number),
                    9,
                    i.first_name,
                    i.last_name,
                    None,
                    "applicant-inventor",
                    None,
                    "inventor",
                    None,
                ]
                for i in document.inventors
                if i.also_applicant
            ]
    return land_tables(write_rows(rows, folder / "zips"), CN, folder / "landed")


def as_exported(document: Document) -> Publication:
    """The document as far as PatentsView's export says it: one country per inventor, the one that counts."""
    return Publication(
        publication_number=document.publication_number,
        kind=document.kind,
        publication_date=document.publication_date,
        application_number=document.application_number,
        filing_date=document.filing_date,
        title=document.title,
        inventors=tuple(exported_inventor(n, i) for n, i in enumerate(document.inventors, start=1)),
        applicants=tuple(
            Applicant(
                number,
                f"{a.name}, {a.first_name}" if a.first_name else a.name,
                "person" if a.first_name else "organization",
                a.role,
                a.city,
                a.country,
            )
            for number, a in enumerate(document.applicants, start=1)
        ),
        ipc=tuple(IpcSymbol(symbol, "first" if n == 0 else "later") for n, symbol in enumerate(document.ipc)),
        cpc=tuple(CpcSymbol(symbol, "first" if n == 0 else "later") for n, symbol in enumerate(document.cpc)),
        related=tuple(
            RelatedDocument(
                one.relation, one.country, one.number, datetime.strptime(one.day, "%Y%m%d").date()
            )
            for one in document.related
        ),
    )


def exported_inventor(number: int, inventor: WrittenInventor) -> Inventor:
    country = inventor.counted_country
    return Inventor(
        number,
        inventor.last_name,
        inventor.first_name,
        inventor.city,
        inventor.region,
        country,
        None,
        None,
        country,
    )


def shared(frame: pl.DataFrame) -> pl.DataFrame:
    """Records without the three countries of an inventor that only the weekly files have."""
    inventors = pl.col("inventors").list.eval(pl.struct(pl.element().struct.field(SHARED)))
    return frame.with_columns(inventors, pl.col("related").list.sort()).sort("publication_number")


def landed(tables: TablesLanding) -> pl.DataFrame:
    return pl.concat(pl.read_parquet(path) for path in tables.files.values())


def hits(frame: pl.DataFrame) -> set[tuple[str, str]]:
    countries = frame.explode("inventors").select(
        "publication_number", pl.col("inventors").struct.field("country")
    )
    return set(countries.drop_nulls().rows())


def test_the_corpus_spans_all_eras(documents: list[Document], weekly: FileScan) -> None:
    assert {document.publication_date.year for document in documents} >= set(range(2001, 2019))
    assert len(weekly.publications) > 100 and weekly.skipped > 50


def test_the_hits_are_the_same(weekly: FileScan, tables: TablesLanding) -> None:
    assert hits(landed(tables)) == hits(publications_frame(weekly.publications))


def test_the_records_are_the_same(weekly: FileScan, tables: TablesLanding) -> None:
    differing = different(shared(publications_frame(weekly.publications)), shared(landed(tables)))

    assert differing == []


def different(first: pl.DataFrame, second: pl.DataFrame) -> Sequence[object]:
    pairs = zip(first.to_dicts(), second.to_dicts(), strict=True)
    return [(name, a[name], b[name]) for a, b in pairs for name in a if a[name] != b[name]]


def test_the_counts_are_the_same(weekly: FileScan, tables: TablesLanding) -> None:
    assert sum(tables.documents.values()) == weekly.documents
    assert sum(tables.skipped.values()) == weekly.skipped
    assert tables.unreadable_lines == []
    assert tables.country_sets == weekly.country_sets
