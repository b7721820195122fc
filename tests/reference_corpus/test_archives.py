"""The random archives say what they claim, as read by plain tools."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bri_pipeline.reference_corpus.writers import ERAS, era_of
from tests.archives import HONG_KONG, PARTNERS, PROVINCE_OF_CITY, ArchiveTruth, random_archive
from tests.reference_corpus.naive_reader import Read, documents, read, standing_files


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> ArchiveTruth:
    return random_archive(tmp_path_factory.mktemp("archive"), seed=3)


def publications(truth: ArchiveTruth) -> tuple[list[Read], int]:
    found, unreadable = [], 0
    for path in standing_files(truth.folder):
        for document in documents(path):
            try:
                publication = read(document)
            except ElementTree.ParseError:
                unreadable += 1
            else:
                assert publication is not None
                found.append(publication)
    return found, unreadable


def hits(truth: ArchiveTruth) -> list[tuple[str, Read]]:
    start, end = (f"{day:%Y%m%d}" for day in truth.window)
    return [
        (country, p)
        for p in publications(truth)[0]
        if p.kind in ("A1", "A2", "A9")
        and start <= p.date <= end
        and any(country == "CN" and city not in HONG_KONG for city, _, country in p.inventors)
        for country in p.countries & set(PARTNERS)
        if country
    ]


def test_hits_are_those_in_the_files(truth: ArchiveTruth) -> None:
    found = hits(truth)
    assert Counter((country, int(p.date[:4])) for country, p in found) == truth.hits
    assert {(country, f"US{p.number}{p.kind}") for country, p in found} == truth.hit_numbers
    assert len(truth.documents) == len(publications(truth)[0])
    assert truth.unreadable == publications(truth)[1] > 0


def test_patents_are_the_first_hits_of_their_applications(truth: ArchiveTruth) -> None:
    first: dict[str, Read] = {}
    for _, p in sorted(hits(truth), key=lambda hit: (hit[1].date, hit[1].number)):
        first.setdefault(p.application, p)
    assert {f"US{p.number}{p.kind}" for p in first.values()} == truth.patents
    assert truth.hits.total() - truth.duplicates.total() == len(truth.patents)
    assert truth.by_year["CN"] == Counter(int(p.date[:4]) for p in first.values())
    assert truth.by_section["CN"] == Counter(p.main_ipc[0] for p in first.values() if p.main_ipc)
    of_jiangsu = [
        p for p in first.values() if {"Nanjing", "Wuxi"} & {c for c, _, k in p.inventors if k == "CN"}
    ]
    assert truth.by_province["CN-JS"] == len(of_jiangsu) == truth.by_year["CN-JS"].total()
    assert truth.by_country["CN-JS"] == Counter(c for p in of_jiangsu for c in p.countries if c in PARTNERS)


def test_every_trick_is_in_the_archive(truth: ArchiveTruth) -> None:
    assert {era_of(d.publication_date) for d in truth.documents} == set(ERAS)
    assert {duplicate.reason for duplicate in truth.duplicates} == {
        "same publication under several countries",
        "re-publication",
        "correction",
    }
    assert {d.kind for d in truth.documents} == {"A1", "A2", "A9", "P1"}
    people = [inventor for d in truth.documents for inventor in d.inventors]
    assert any(i.country == "CN" and i.city in HONG_KONG for i in people)
    assert any(i.residence not in (None, i.country) for i in people)
    assert any(i.also_applicant for i in people)
    assert any({"TW"} < d.countries and d.countries & set(PARTNERS) for d in truth.documents)
    assert any(d.publication_date > truth.window[1] for d in truth.documents)
    assert any(number.endswith(("A2", "A9")) for number in truth.patents)
    assert len(truth.superseded) == 2


def test_superseded_files_would_give_other_hits(truth: ArchiveTruth) -> None:
    for path in truth.superseded:
        wrong = [p for d in documents(path) if (p := read(d))]
        assert {
            ("SG", f"US{p.number}{p.kind}") for p in wrong if {"CN", "SG"} <= p.countries
        } - truth.hit_numbers
    assert not set(truth.superseded) & set(standing_files(truth.folder))


def test_a_seed_fixes_the_bytes(tmp_path: Path) -> None:
    one = random_archive(tmp_path / "one", seed=5, years=(2004, 2009), size=30)
    two = random_archive(tmp_path / "two", seed=5, years=(2004, 2009), size=30)
    other = random_archive(tmp_path / "other", seed=6, years=(2004, 2009), size=30)
    assert one.documents == two.documents != other.documents
    for path in standing_files(one.folder):
        assert path.read_bytes() == (two.folder / path.relative_to(one.folder)).read_bytes()


def test_full_text_has_claims_and_the_same_truth(tmp_path: Path) -> None:
    front = random_archive(tmp_path / "front", seed=1, years=(2003, 2012), size=20)
    full = random_archive(tmp_path / "full", seed=1, years=(2003, 2012), size=20, full_text=True)
    assert front.hits == full.hits
    first = next(documents(standing_files(full.folder)[0]))
    assert b"<subdoc-claims>" in first


def test_cities_are_plain(truth: ArchiveTruth) -> None:
    cities = {i.city for d in truth.documents for i in d.inventors if i.counted_country == "CN"}
    assert cities <= {*PROVINCE_OF_CITY, *HONG_KONG}
