"""The committed corpus against the paper's printed numbers, read by a reader that shares no code with it."""

from __future__ import annotations

import csv
import random
import re
import zlib
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bri_pipeline.reference_corpus import paper_margins
from bri_pipeline.reference_corpus.chinese_places import HONG_KONG, PLACES, UNPLACEABLE
from bri_pipeline.reference_corpus.corpus import make_corpus, write_corpus
from bri_pipeline.reference_corpus.documents import Document
from bri_pipeline.reference_corpus.plan import plan_patents
from bri_pipeline.reference_corpus.technology import TOPICS
from bri_pipeline.reference_corpus.writers import era_of
from tests.conftest import REPOSITORY
from tests.reference_corpus.dtds import bibliographic_root, load_dtd
from tests.reference_corpus.naive_reader import Read, documents, read, standing_files

CORPUS = REPOSITORY / "data" / "reference_corpus"
COUNTED_KINDS = ("A1", "A2", "A9")
FIRST_DAY, LAST_DAY = "20010101", "20180228"


@pytest.fixture(scope="module")
def searched() -> dict[str, str]:
    """Searched partner countries and their regions."""
    path = REPOSITORY / "data" / "reference" / "country_groups" / "belt_and_road_2018.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["iso2"]: row["region"] for row in rows if row["searched"] == "yes"}


@pytest.fixture(scope="module")
def published() -> list[Read]:
    """Every publication of the standing files that can be parsed."""
    found = []
    for path in standing_files(CORPUS):
        for document in documents(path):
            try:
                publication = read(document)
            except ElementTree.ParseError:
                continue
            if publication:
                found.append(publication)
    return found


def is_chinese(inventor: tuple[str | None, str | None, str | None]) -> bool:
    """Living in China, and not in a Hong Kong written under China."""
    city, _, country = inventor
    return country == "CN" and city not in HONG_KONG


@pytest.fixture(scope="module")
def hits(published: list[Read], searched: dict[str, str]) -> list[tuple[str, Read]]:
    """What the searches for the partner countries find."""
    return [
        (country, publication)
        for publication in published
        if publication.kind in COUNTED_KINDS
        and FIRST_DAY <= publication.date <= LAST_DAY
        and any(is_chinese(inventor) for inventor in publication.inventors)
        for country in sorted(publication.countries & searched.keys())  # type: ignore[type-var]
    ]


@pytest.fixture(scope="module")
def patents(hits: list[tuple[str, Read]]) -> list[Read]:
    return list({publication.number: publication for _, publication in hits}.values())


def province_of(publication: Read) -> str:
    """The one province whose plain names the Chinese inventors give, else ``unlocated``."""
    found = set()
    for city, _, _ in (i for i in publication.inventors if is_chinese(i)):
        found |= {province for province, names in PLAIN_NAMES.items() if city and city.lower() in names}
    assert len(found) <= 1, publication
    return found.pop() if found else "unlocated"


def _plain_names() -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    for province, places in PLACES.items():
        forms = {
            form
            for city in places.plain
            for form in (city, f"{city} City", f"{city}, {places.name}", f"{city}, China")
        }
        names[province] = {form.lower() for form in forms}
    return names


PLAIN_NAMES = _plain_names()


def test_hits_duplicates_and_patents(hits: list[tuple[str, Read]], patents: list[Read]) -> None:
    assert len(hits) == 1751
    assert len(patents) == 1730
    assert len(hits) - len(patents) == 21
    assert len({patent.application for patent in patents}) == 1730


def test_table_1(hits: list[tuple[str, Read]], searched: dict[str, str]) -> None:
    by_country = Counter(country for country, _ in hits)
    assert by_country.most_common(10) == [
        ("SG", 663),
        ("IN", 349),
        ("RU", 153),
        ("IL", 148),
        ("MY", 87),
        ("PL", 49),
        ("PH", 42),
        ("TH", 41),
        ("CZ", 35),
        ("HU", 24),
    ]
    others = by_country.most_common()[10:]
    assert len(others) == 25 and sum(n for _, n in others) == 160
    assert all(1 <= n < 24 for _, n in others)
    assert 5 <= by_country["SA"] < 24
    assert len(searched) == 62
    regions = Counter(searched[country] for country, _ in hits)
    assert [region for region, _ in regions.most_common(2)] == ["ASEAN", "South Asia"]


def test_table_2(patents: list[Read]) -> None:
    by_province = Counter(province_of(patent) for patent in patents)
    unlocated = by_province.pop("unlocated")
    assert by_province.most_common(7) == [
        ("BJ", 595),
        ("SH", 471),
        ("GD", 154),
        ("JS", 87),
        ("ZJ", 39),
        ("TJ", 35),
        ("SC", 21),
    ]
    others = dict(by_province.most_common()[7:])
    assert max(others.values()) < 21
    assert unlocated + sum(others.values()) == 328
    assert unlocated > 328 / 2


def test_harder_places_of_a_patent_lie_in_its_province(patents: list[Read]) -> None:
    """No patent gives names of two provinces, however they are spelled."""
    for patent in patents:
        province = province_of(patent)
        cities = [
            " ".join(city.split()) if city else None for city, _, _ in filter(is_chinese, patent.inventors)
        ]
        if province == "unlocated":
            assert len(set(cities)) == 1 or set(cities) <= set(UNPLACEABLE)
        else:
            known = PLAIN_NAMES[province] | {name.lower() for name in PLACES[province].harder}
            assert all(city and city.lower() in known for city in cities), patent


def test_regions_printed_with_a_city_are_its_province(patents: list[Read]) -> None:
    printed = 0
    for patent in patents:
        for inventor in filter(is_chinese, patent.inventors):
            if inventor[1]:
                assert inventor[1] == PLACES[province_of(patent)].name
                printed += 1
    assert printed > 50


def jiangsu(patents: list[Read]) -> list[Read]:
    return [patent for patent in patents if province_of(patent) == "JS"]


def test_table_3_and_regions_of_jiangsu(patents: list[Read], searched: dict[str, str]) -> None:
    partners = [patent.countries & searched.keys() for patent in jiangsu(patents)]
    assert all(len(countries) == 1 for countries in partners)
    by_country = Counter(country for countries in partners for country in countries)
    assert by_country == {
        "SG": 41,
        "PH": 13,
        "IL": 8,
        "IN": 6,
        "CZ": 6,
        "MY": 5,
        "SA": 5,
        "RU": 2,
        "PL": 1,
    }
    regions = Counter(searched[country] for country in by_country.elements() if country)
    assert regions == {
        "ASEAN": 59,
        "West Asia": 13,
        "Central and Eastern Europe": 7,
        "South Asia": 6,
        "CIS": 2,
    }


def test_table_4(patents: list[Read]) -> None:
    with (REPOSITORY / "data" / "reference" / "ipc_sections.csv").open(encoding="utf-8", newline="") as file:
        label = {row["ipc_class"]: row["paper_table4_label"] for row in csv.DictReader(file)}
    fields = Counter(label[patent.main_ipc[:3]] for patent in jiangsu(patents) if patent.main_ipc)
    assert fields == {
        "Electricity": 38,
        "Essential for human life": 14,
        "Physical": 13,
        "Chemistry": 7,
        "Operation": 7,
        "Metallurgy": 3,
        "Mechanical engineering": 2,
        "Transport": 2,
        "Illumination": 1,
    }
    assert all(patent.main_ipc for patent in patents)
    assert {patent.main_ipc[0] for patent in patents if patent.main_ipc} == set("ABCDEFGH")


def mean_yearly_rate(series: list[int]) -> float:
    rates = [after / before - 1 for before, after in pairwise(series)]
    return sum(rates) / len(rates)


def test_yearly_series(patents: list[Read]) -> None:
    years = [str(year) for year in range(2001, 2018)]
    china = Counter(patent.date[:4] for patent in patents)
    focal = Counter(patent.date[:4] for patent in jiangsu(patents))
    assert set(china) == set(years)
    of_jiangsu = [focal[year] for year in years]
    assert (sum(of_jiangsu[:6]), sum(of_jiangsu[6:13]), sum(of_jiangsu[13:])) == (11, 38, 38)
    assert round(mean_yearly_rate(of_jiangsu), 4) == 0.4772
    assert round(mean_yearly_rate([china[year] for year in years]), 4) == 0.2058
    assert of_jiangsu[12:] == sorted(of_jiangsu[12:])


def test_2018_has_publications_but_no_hit_until_after_the_window(published: list[Read]) -> None:
    assert sum("20180101" <= p.date <= LAST_DAY for p in published) > 50
    late = [p for p in published if p.date > LAST_DAY]
    assert len(late) >= 3
    assert all({"CN"} < p.countries for p in late)


def test_every_title_and_number_shows_that_it_is_synthetic(published: list[Read]) -> None:
    assert all(publication.title.startswith("Synthetic record: ") for publication in published)
    assert all(int(publication.number[4:]) > 9_000_000 for publication in published)
    assert len({publication.number for publication in published}) == len(published)


def test_decoys_are_there(
    published: list[Read], searched: dict[str, str], hits: list[tuple[str, Read]]
) -> None:
    hit = {publication.number for _, publication in hits}
    rest = [publication for publication in published if publication.number not in hit]
    partners = searched.keys()
    assert len(rest) > 3000
    assert sum(p.countries == {"CN"} for p in rest) > 1000
    assert sum(p.countries <= partners for p in rest) > 500
    assert sum(bool(p.countries & {"TW", "HK"}) and bool(p.countries & partners) for p in rest) > 200
    assert sum(bool(p.countries & {"RS", "ME"}) for p in rest) > 5
    hong_kong = [p for p in rest if any(city in HONG_KONG and c == "CN" for city, _, c in p.inventors)]
    assert len(hong_kong) == 40 and all(p.countries & partners for p in hong_kong)
    assert sum(None in p.countries for p in rest) == 15
    plants = [p for p in rest if p.kind == "P1"]
    assert len(plants) == 5 and all("CN" in p.countries and p.countries & partners for p in plants)
    assert Counter(p.kind for p in rest)["A2"] == 2 and Counter(p.kind for p in rest)["A9"] == 2


def test_republished_documents_belong_to_an_earlier_application(published: list[Read]) -> None:
    again = [publication for publication in published if publication.kind in ("A2", "A9")]
    for publication in again:
        (first,) = (
            p
            for p in published
            if p.application == publication.application and p.number != publication.number
        )
        assert first.kind == "A1" and first.date < publication.date


def test_superseded_weeks_would_change_the_count(hits: list[tuple[str, Read]]) -> None:
    standing = set(standing_files(CORPUS))
    superseded = [path for path in sorted(CORPUS.glob("*/*.zip")) if path not in standing]
    assert [path.name for path in superseded] == [
        "pab20030102_wk01.zip",
        "ipab20110106_wk01.zip",
        "ipab20110106_wk01_r1.zip",
    ]
    counted = {publication.number for _, publication in hits}
    for path in superseded:
        found = {p.number: p for d in documents(path) if (p := read(d))}
        assert any(n not in counted and {"CN", "MN"} <= p.countries for n, p in found.items())
        assert any("CN" not in p.countries for n, p in found.items() if n in counted)


def test_two_documents_cannot_be_parsed_and_one_is_of_another_kind() -> None:
    broken, other = [], []
    for path in standing_files(CORPUS):
        for document in documents(path):
            try:
                if read(document) is None:
                    other.append(path.name)
            except ElementTree.ParseError:
                assert b">CN<" in document and b">SG<" in document
                broken.append(path.name)
    assert broken == ["pab20020103_wk01.zip", "ipab20100107_wk01.zip"]
    assert other == ["ipab20140102_wk01.zip"]


def test_files_are_named_like_real_weeks(shared: Path) -> None:
    real = (shared / "samples" / "weekly_file_names.txt").read_text()
    for path in CORPUS.glob("*/*.zip"):
        assert f"/{path.parent.name}/" + re.sub(r"_r\d", "", path.name) in real
    assert "synthetic" in (CORPUS / "README.md").read_text(encoding="utf-8")
    assert sum(path.stat().st_size for path in CORPUS.rglob("*")) < 5e6


def test_rebuilding_gives_the_committed_files(tmp_path: Path) -> None:
    write_corpus(tmp_path)
    built = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert built == sorted(path.relative_to(CORPUS) for path in CORPUS.rglob("*") if path.is_file())
    for name in built:
        if name.suffix == ".zip":
            assert list(documents(tmp_path / name)) == list(documents(CORPUS / name)), name
        else:
            assert (tmp_path / name).read_bytes() == (CORPUS / name).read_bytes()
    if "ng" in zlib.ZLIB_RUNTIME_VERSION:
        pytest.skip("contents are the same; zlib-ng compresses to other bytes than zlib")
    for name in built:
        assert (tmp_path / name).read_bytes() == (CORPUS / name).read_bytes(), name


def test_topics_carry_the_fields_of_their_classes() -> None:
    with (REPOSITORY / "data" / "reference" / "ipc_sections.csv").open(encoding="utf-8", newline="") as file:
        label = {row["ipc_class"]: row["paper_table4_label"] for row in csv.DictReader(file)}
    with (REPOSITORY / "data" / "reference" / "wipo35.csv").open(encoding="utf-8", newline="") as file:
        prefixes = [row["ipc_prefix"].replace(" ", "") for row in csv.DictReader(file)]
    for topic in TOPICS:
        assert label[topic.subclass[:3]].startswith(topic.field or "(none")
        assert any(prefix.startswith(topic.subclass) for prefix in prefixes), topic.subclass


def test_all_documents_are_valid(shared: Path) -> None:
    checked = Counter[str]()
    for path in sorted(CORPUS.glob("*/*.zip")):
        era = era_of(date.fromisoformat(re.sub(r".*b(\d{8})_.*", r"\1", path.name)))
        dtd = load_dtd(shared, era)
        for document in documents(path):
            if is_publication(document):
                assert dtd.validate(bibliographic_root(document)), (path, dtd.error_log)
                checked[era] += 1
    assert checked.keys() == {"pap15", "pap16", "v40", "v41", "v42", "v43", "v44"}
    assert checked.total() > 5000


def is_publication(document: bytes) -> bool:
    try:
        return read(document) is not None
    except ElementTree.ParseError:
        return False


def test_the_plan_meets_the_margins() -> None:
    plan = plan_patents(random.Random(7))
    assert len(plan) == 1730
    assert Counter(c for p in plan for c in p.partners) == paper_margins.HITS
    assert Counter(p.province for p in plan if p.province) == paper_margins.PATENTS_BY_PROVINCE
    assert Counter(len(p.partners) for p in plan) == {1: 1710, 2: 19, 3: 1}
    assert sum(p.province is None and p.ambiguous_name is None for p in plan) == 137
    focal = [p for p in plan if p.province == "JS"]
    assert Counter(p.topic.field for p in focal) == paper_margins.JIANGSU_BY_FIELD
    years = Counter(p.year for p in focal)
    assert tuple(years[year] for year in range(2001, 2018)) == paper_margins.JIANGSU_BY_YEAR_ASSUMED


def test_margins_that_do_not_add_up_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(paper_margins.JIANGSU_BY_COUNTRY, "SG", 42)
    with pytest.raises(ValueError, match="zip"):
        plan_patents(random.Random(7))


def test_the_documents_in_memory_are_those_in_the_files(published: list[Read]) -> None:
    """Number, date, application, and every inventor's city and counted country survive the writing."""
    corpus = make_corpus()
    written = {_as_read(document) for document in (*corpus.patents, *corpus.others)}
    assert written == {
        (p.number, p.date, p.application, tuple((c, k) for c, _, k in p.inventors)) for p in published
    }


def _as_read(document: Document) -> tuple[str, str, str, tuple[tuple[str | None, str | None], ...]]:
    return (
        document.number,
        f"{document.publication_date:%Y%m%d}",
        document.application_number,
        tuple((" ".join(i.city.split()) if i.city else None, i.counted_country) for i in document.inventors),
    )
