"""Small archives of weekly files in every format, with what must come out of them.

``random_archive`` writes the files and returns the truth, which is computed from the documents before
they are written and never by reading a file. Cities are plain names: place resolution is not what is tested.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

from bri_pipeline.reference_corpus.documents import Document, WrittenInventor
from bri_pipeline.reference_corpus.people import chinese_inventor, foreign_company, foreign_inventor
from bri_pipeline.reference_corpus.planned_hits import THREE_COUNTRY_ERAS, Recorder, numbered
from bri_pipeline.reference_corpus.technology import TOPICS
from bri_pipeline.reference_corpus.writers import era_of, write_broken, write_week

T = TypeVar("T")

# One year of each format.
ONE_YEAR_PER_ERA = (2001, 2003, 2005, 2006, 2010, 2013, 2016, 2022, 2023)
PARTNERS = ("SG", "IN", "RU", "IL", "MY")
# Countries of co-inventors that are not searched.
OTHERS = ("US", "DE", "JP", "PL", "TW", "HK")
COUNTED_KINDS = ("A1", "A2", "A9")
PROVINCE_OF_CITY = {
    "Nanjing": "CN-JS",
    "Wuxi": "CN-JS",
    "Beijing": "CN-BJ",
    "Shanghai": "CN-SH",
    "Shenzhen": "CN-GD",
    "Guangzhou": "CN-GD",
    "Hangzhou": "CN-ZJ",
    "Wuhan": "CN-HB",
    "Chengdu": "CN-SC",
    "Tianjin": "CN-TJ",
    "Harbin": "CN-HL",
}
HONG_KONG = ("Hong Kong", "Kowloon")

SEVERAL_COUNTRIES = "same publication under several countries"
REPUBLICATION = "re-publication"
CORRECTION = "correction"


@dataclass(frozen=True)
class Duplicate:
    """A removed hit. Which country of a publication with several stays is not said: any may."""

    publication_number: str
    kept_publication_number: str
    reason: str


@dataclass(frozen=True)
class ArchiveTruth:
    """What an archive holds and what a study of it must count (whole counting).

    ``documents`` are those of the files that are read; ``unreadable`` counts the broken ones beside them. The
    counts by country, year, section and field are kept per scope: ``CN`` and each province, as ``CN-JS``.
    A field is the paper's word for that of the first IPC symbol (None: a section that Table 4 lacks).
    """

    folder: Path
    focal_country: str
    partners: tuple[str, ...]
    window: tuple[date, date]
    documents: tuple[Document, ...]
    unreadable: int
    superseded: tuple[Path, ...]
    hits: Counter[tuple[str, int]]
    hit_numbers: frozenset[tuple[str, str]]
    duplicates: Counter[Duplicate]
    patents: frozenset[str]
    by_country: dict[str, Counter[str]]
    by_year: dict[str, Counter[int]]
    by_section: dict[str, Counter[str]]
    by_field: dict[str, Counter[str | None]]
    by_province: Counter[str]


def random_archive(
    folder: Path,
    seed: int = 0,
    *,
    years: Sequence[int] = ONE_YEAR_PER_ERA,
    size: int = 60,
    full_text: bool = False,
) -> ArchiveTruth:
    """Write weekly files below ``folder`` and return the truth about them.

    Every year has three weeks; the window of the study ends before the last week of the last year. The first
    week of the first and of the last year was published again (``_r1``), and its base file is wrong.

    Args:
        folder: the archive; a folder per year is made in it.
        seed: the same seed gives the same files.
        years: years to publish in, rising.
        size: co-inventions to make, beside about twice as many other documents.
        full_text: whether the files have descriptions and claims.
    """
    rng = random.Random(seed)
    weeks = [day for year in years for day in _three_thursdays(year)]
    documents = _documents(rng, Recorder(rng), weeks, size)
    of_week: dict[date, list[Document]] = defaultdict(list)
    for document in sorted(documents, key=lambda d: d.publication_number):
        of_week[document.publication_date].append(document)

    superseded, unreadable = [], 0
    for day, published in of_week.items():
        revised = day in (weeks[0], weeks[-3])
        chinese = [document for document in published if "CN" in document.countries]
        broken = [write_broken(replace(d, serial=9_800_000)) for d in chinese[:1] if rng.random() < 0.2]
        unreadable += len(broken)
        if revised:
            superseded.append(write_week(folder, _mistaken(published), full_text=full_text))
        write_week(folder, published, revision=int(revised), raw=broken, full_text=full_text)
    return _truth(folder, (weeks[0], weeks[-1] - timedelta(days=1)), documents, unreadable, superseded)


def _three_thursdays(year: int) -> list[date]:
    march = date(year, 3, 15)
    first = march + timedelta(days=(3 - march.weekday()) % 7)
    return [first, first + timedelta(weeks=14), first + timedelta(weeks=30)]


def _documents(rng: random.Random, recorder: Recorder, weeks: Sequence[date], size: int) -> list[Document]:
    drafts: list[Document] = []
    for index in range(size):
        drafts += _co_invention(rng, recorder, weeks[index % len(weeks)])
        drafts += [_decoy(rng, recorder, rng.choice(weeks)) for _ in range(2)]
    early = [d for d in drafts if d.kind == "A1" and d.publication_date < weeks[-2]]
    hits = [d for d in early if _provinces(d) and len(_partners_of(d)) == 1]
    domestic = [d for d in early if _provinces(d) and not _partners_of(d)]
    again = [_published_again(rng, weeks, d) for d in rng.sample(hits, max(3, size // 10))]
    # A partner who joins in the second publication makes that one the first hit of its application.
    joined = [_published_again(rng, weeks, d, foreign_inventor(rng, "SG")) for d in rng.sample(domestic, 2)]
    return numbered(rng, [*drafts, *again, *joined])


def _chinese(rng: random.Random, day: date) -> WrittenInventor:
    inventor = chinese_inventor(rng, rng.choice(list(PROVINCE_OF_CITY)))
    if era_of(day) in THREE_COUNTRY_ERAS and rng.random() < 0.3:
        return replace(inventor, nationality="IN", residence="CN")
    return inventor


def _partner(rng: random.Random, day: date, country: str | None = None) -> WrittenInventor:
    inventor = foreign_inventor(rng, country or rng.choice(PARTNERS))
    if era_of(day) in THREE_COUNTRY_ERAS and rng.random() < 0.3:
        office = {"city": "Austin", "region": "TX", "country": "US"}
        return replace(inventor, **office, residence=inventor.country, nationality="MY")  # type: ignore[arg-type]
    return inventor


def _co_invention(rng: random.Random, recorder: Recorder, day: date) -> list[Document]:
    partners = rng.sample(PARTNERS, rng.choices((1, 2, 3), (75, 18, 7))[0])
    inventors = [
        *(_chinese(rng, day) for _ in range(rng.randint(1, 3))),
        *(_partner(rng, day, country) for country in partners),
        *(foreign_inventor(rng, rng.choice(OTHERS)) for _ in range(rng.choice((0, 0, 1)))),
    ]
    if rng.random() < 0.1:
        inventors.append(chinese_inventor(rng, rng.choice(HONG_KONG)))
    rng.shuffle(inventors)
    companies = [foreign_company(rng, partners[0])] if rng.random() < 0.7 else []
    return [recorder.document(day, inventors, companies)]


def _decoy(rng: random.Random, recorder: Recorder, day: date) -> Document:
    casts: tuple[Callable[[], list[WrittenInventor]], ...] = (
        lambda: [_chinese(rng, day)],
        lambda: [_partner(rng, day), _partner(rng, day)],
        lambda: [_chinese(rng, day), foreign_inventor(rng, rng.choice(OTHERS))],
        lambda: [foreign_inventor(rng, rng.choice(("TW", "HK", "US"))), _partner(rng, day)],
        lambda: [chinese_inventor(rng, rng.choice(HONG_KONG)), _partner(rng, day)],
    )
    kind = "A1"
    inventors = rng.choice(casts)()
    if rng.random() < 0.1:
        kind, inventors = "P1", [_chinese(rng, day), _partner(rng, day)]
    elif era_of(day) in THREE_COUNTRY_ERAS and rng.random() < 0.3:
        moved = replace(chinese_inventor(rng, "Beijing"), residence="US", nationality="CN")
        inventors = [moved, foreign_inventor(rng, "SG")]
    return recorder.document(day, inventors, kind=kind)


def _published_again(
    rng: random.Random, weeks: Sequence[date], document: Document, *joining: WrittenInventor
) -> Document:
    """The application a second time, amended or corrected; inventors as any format can print them."""
    inventors = (
        replace(i, country=i.counted_country, region=None, residence=None, nationality=None)
        for i in document.inventors
    )
    owners = (replace(applicant, role="assignee") for applicant in document.applicants)
    return replace(
        document,
        kind=rng.choice(("A2", "A9")),
        publication_date=rng.choice([day for day in weeks if day > document.publication_date]),
        inventors=(*inventors, *joining),
        applicants=tuple(dict.fromkeys(owners)),
    )


def _mistaken(documents: Sequence[Document]) -> list[Document]:
    """A week as first published: no partner where there is one, and one co-invention that was withdrawn."""

    def moved(inventor: WrittenInventor) -> WrittenInventor:
        if inventor.counted_country not in PARTNERS:
            return inventor
        return replace(inventor, country="US", region="CA", residence=None)

    wrong = [replace(d, inventors=tuple(moved(i) for i in d.inventors)) for d in documents]
    pair = (WrittenInventor("Li", "Na", "Nanjing", "CN"), WrittenInventor("Tan", "Wei", "Singapore", "SG"))
    withdrawn = replace(
        documents[0], serial=9_900_000, application_number="80999999", kind="A1", inventors=pair
    )
    return [*wrong, withdrawn]


def _truth(
    folder: Path,
    window: tuple[date, date],
    documents: Sequence[Document],
    unreadable: int,
    superseded: Sequence[Path],
) -> ArchiveTruth:
    start, end = window
    found = [
        document
        for document in documents
        if document.kind in COUNTED_KINDS
        and start <= document.publication_date <= end
        and _provinces(document)
        and _partners_of(document)
    ]
    kept = _earliest(found)
    patents = {d.publication_number: d for d in kept.values()}
    return ArchiveTruth(
        folder=folder,
        focal_country="CN",
        partners=PARTNERS,
        window=window,
        documents=tuple(documents),
        unreadable=unreadable,
        superseded=tuple(superseded),
        hits=Counter((country, d.publication_date.year) for d in found for country in _partners_of(d)),
        hit_numbers=frozenset((country, d.publication_number) for d in found for country in _partners_of(d)),
        duplicates=_duplicates(found, kept),
        patents=frozenset(patents),
        by_country=_per_scope(patents.values(), _partners_of),
        by_year=_per_scope(patents.values(), lambda d: [d.publication_date.year]),
        by_section=_per_scope(patents.values(), lambda d: [d.ipc[0][0]]),
        by_field=_per_scope(patents.values(), lambda d: [FIELD_OF_SUBCLASS[d.ipc[0][:4]]]),
        by_province=Counter(province for d in patents.values() for province in _provinces(d)),
    )


FIELD_OF_SUBCLASS = {topic.subclass: topic.field for topic in TOPICS}


def _provinces(document: Document) -> set[str]:
    """Provinces of the inventors living in China; Hong Kong written under China is not among them."""
    chinese = (i for i in document.inventors if i.counted_country == "CN" and i.city not in HONG_KONG)
    return {PROVINCE_OF_CITY[i.city or ""] for i in chinese}


def _partners_of(document: Document) -> set[str]:
    return set(document.countries & set(PARTNERS))


def _earliest(found: Sequence[Document]) -> dict[str, Document]:
    """Per application the publication that stays."""
    kept: dict[str, Document] = {}
    for document in sorted(found, key=lambda d: (d.publication_date, d.publication_number)):
        kept.setdefault(document.application_number, document)
    return kept


def _duplicates(found: Sequence[Document], kept: dict[str, Document]) -> Counter[Duplicate]:
    removed: Counter[Duplicate] = Counter()
    for document in found:
        first = kept[document.application_number].publication_number
        countries = len(_partners_of(document))
        number = document.publication_number
        if number == first:
            removed[Duplicate(number, first, SEVERAL_COUNTRIES)] += countries - 1
        else:
            reason = CORRECTION if document.kind == "A9" else REPUBLICATION
            removed[Duplicate(number, first, reason)] += countries
    return +removed


def _per_scope(
    patents: Iterable[Document], members: Callable[[Document], Iterable[T]]
) -> dict[str, Counter[T]]:
    counts: dict[str, Counter[T]] = defaultdict(Counter)
    for patent in patents:
        for scope in {"CN", *_provinces(patent)}:
            counts[scope].update(members(patent))
    return dict(counts)
