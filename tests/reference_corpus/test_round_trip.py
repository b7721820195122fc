"""What is written is what the USPTO reader reads: every field of every document, in every format."""

from __future__ import annotations

import pytest

from bri_pipeline.publication.record import Publication
from bri_pipeline.reference_corpus.corpus import make_corpus
from bri_pipeline.reference_corpus.documents import Document
from bri_pipeline.uspto.scan import scan_file
from tests.archives import ArchiveTruth, random_archive
from tests.conftest import REPOSITORY
from tests.reference_corpus.naive_reader import standing_files

EVERYWHERE = frozenset({"CN", "SG", "IN", "RU", "IL", "MY", "US", "DE", "JP", "PL", "TW", "HK"})


@pytest.fixture(scope="module", params=[False, True], ids=["front pages", "full text"])
def truth(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ArchiveTruth:
    return random_archive(tmp_path_factory.mktemp("archive"), seed=11, size=80, full_text=request.param)


@pytest.fixture(scope="module")
def pairs(truth: ArchiveTruth) -> list[tuple[Document, Publication]]:
    scans = [scan_file(path, EVERYWHERE) for path in standing_files(truth.folder)]
    read = {p.publication_number: p for scan in scans for p in scan.publications}
    assert sum(len(scan.unreadable) for scan in scans) == truth.unreadable
    assert read.keys() == {document.publication_number for document in truth.documents}
    return [(document, read[document.publication_number]) for document in truth.documents]


def one_line(text: str | None) -> str | None:
    return " ".join(text.split()) if text else None


def test_numbers_dates_and_titles(pairs: list[tuple[Document, Publication]]) -> None:
    for written, read in pairs:
        assert (read.kind, read.publication_date) == (written.kind, written.publication_date)
        assert (read.application_number, read.filing_date) == (
            written.application_number,
            written.filing_date,
        )
        assert read.title == written.title


def test_inventors(pairs: list[tuple[Document, Publication]]) -> None:
    for written, read in pairs:
        assert [(i.last_name, i.first_name, i.city_raw, i.region_raw, i.country) for i in read.inventors] == [
            (one_line(i.last_name), i.first_name, one_line(i.city), i.region, i.counted_country)
            for i in written.inventors
        ], written


def test_owners(pairs: list[tuple[Document, Publication]]) -> None:
    for written, read in pairs:
        assert {(a.name, a.country) for a in read.applicants} == {
            (one_line(a.name), a.country) for a in written.applicants
        }


def test_ipc_symbols(pairs: list[tuple[Document, Publication]]) -> None:
    for written, read in pairs:
        assert tuple(symbol.symbol for symbol in read.ipc) == written.ipc
        assert [symbol.position for symbol in read.ipc][:1] == ["first"]


def test_per_country_hits_by_record(truth: ArchiveTruth, pairs: list[tuple[Document, Publication]]) -> None:
    """The hit rule applied to what was read: dates, kinds, residences, Hong Kong under China."""
    start, end = truth.window
    found = {
        (country, read.publication_number)
        for _, read in pairs
        if read.kind in ("A1", "A2", "A9")
        and start <= read.publication_date <= end
        and any(i.country == "CN" and i.city_raw not in ("Hong Kong", "Kowloon") for i in read.inventors)
        for country in {i.country for i in read.inventors} & set(truth.partners)
        if country
    }
    assert found == truth.hit_numbers


def test_the_corpus_is_read_as_written() -> None:
    folder = REPOSITORY / "data" / "reference_corpus"
    scans = [scan_file(path, frozenset({"CN"})) for path in standing_files(folder)]
    read = {p.publication_number: p for scan in scans for p in scan.publications}
    corpus = make_corpus()
    chinese = [d for d in (*corpus.patents, *corpus.others) if "CN" in d.countries]
    assert read.keys() == {document.publication_number for document in chinese}
    for document in chinese:
        publication = read[document.publication_number]
        assert [(i.last_name, i.city_raw, i.country) for i in publication.inventors] == [
            (one_line(i.last_name), one_line(i.city), i.counted_country) for i in document.inventors
        ]
        assert {a.name for a in publication.applicants} == {one_line(a.name) for a in document.applicants}
        assert tuple(symbol.symbol for symbol in publication.ipc) == document.ipc
    assert sum(len(scan.unreadable) for scan in scans) == 2
    assert sum(sum(scan.other_documents.values()) for scan in scans) == 1
