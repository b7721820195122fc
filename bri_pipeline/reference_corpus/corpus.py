"""Builds the reference corpus: plans, makes up, numbers and writes every week, and the folder's README."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from bri_pipeline.reference_corpus import decoys, paper_margins
from bri_pipeline.reference_corpus.documents import Document
from bri_pipeline.reference_corpus.people import chinese_inventor, foreign_inventor
from bri_pipeline.reference_corpus.plan import PlannedPatent, plan_patents
from bri_pipeline.reference_corpus.planned_hits import Recorder, numbered
from bri_pipeline.reference_corpus.readme import readme_text
from bri_pipeline.reference_corpus.technology import TOPICS
from bri_pipeline.reference_corpus.writers import write_broken, write_week

SEED = "Belt and Road, 2001-2018"
WEEKS_PER_YEAR = 8
LAST_DAY = date(2018, 2, 28)
AFTER_THE_WINDOW = date(2018, 3, 8)
# Serials of documents that do not count, away from those that do.
BROKEN_SERIAL = 9_800_001
WITHDRAWN_SERIAL = 9_900_001
# Years with a week that was published again, and how many times.
REVISIONS = {2003: 1, 2011: 2}
# Years whose first week holds a document that no parser can read, and a sequence listing.
BROKEN_YEARS = (2002, 2010)
LISTING_YEAR = 2014

_SEQUENCE_LISTING = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<!DOCTYPE sequence-cwu SYSTEM "us-sequence-listing.dtd" [ ]>\n'
    b'<sequence-cwu id="SEQLST-0">\n<number>1</number>\n</sequence-cwu>\n'
)


@dataclass(frozen=True, slots=True)
class Week:
    """One weekly file: documents of one date, its revision, and documents already in bytes."""

    documents: tuple[Document, ...]
    revision: int = 0
    raw: tuple[bytes, ...] = ()

    @property
    def publication_date(self) -> date:
        """The date of all documents."""
        return self.documents[0].publication_date


@dataclass(frozen=True, slots=True)
class Corpus:
    """What the corpus says: the documents that count, and the weekly files, superseded ones included."""

    patents: tuple[Document, ...]
    others: tuple[Document, ...]
    weeks: tuple[Week, ...]


def publication_weeks() -> tuple[date, ...]:
    """The Thursdays of the corpus: eight a year, four in January and February 2018."""
    days = []
    for year in range(paper_margins.FIRST_YEAR, paper_margins.LAST_YEAR + 1):
        thursdays = _thursdays(max(date(year, 1, 1), date(2001, 3, 15)), date(year, 12, 31))
        days += [thursdays[i * len(thursdays) // WEEKS_PER_YEAR] for i in range(WEEKS_PER_YEAR)]
    return (*days, *_thursdays(date(2018, 1, 1), LAST_DAY)[::2])


def _thursdays(start: date, end: date) -> list[date]:
    first = start + timedelta(days=(3 - start.weekday()) % 7)
    return [first + timedelta(weeks=w) for w in range(((end - first).days // 7) + 1)]


def make_corpus(seed: str = SEED) -> Corpus:
    """The whole corpus in memory, always the same for a seed."""
    rng = random.Random(seed)
    recorder = Recorder(rng)
    weeks = publication_weeks()
    days_of = defaultdict(list)
    for day in weeks:
        days_of[day.year].append(day)
    patents = [recorder.patent(p, rng.choice(days_of[p.year])) for p in plan_patents(rng)]
    others = [
        *decoys.decoys(rng, recorder, weeks),
        *decoys.plants(rng, recorder, weeks),
        *decoys.published_again(rng, recorder, weeks),
        *_too_late(rng, recorder),
    ]
    documents = numbered(rng, [*patents, *others])
    files = [file for day in _by_date(documents).values() for file in _files_of_week(rng, recorder, day)]
    return Corpus(tuple(documents[: len(patents)]), tuple(documents[len(patents) :]), tuple(files))


def _too_late(rng: random.Random, recorder: Recorder) -> list[Document]:
    """Co-inventions like any other, published after the study's window."""
    return [
        recorder.patent(PlannedPatent((country,), 2018, rng.choice(TOPICS), province), AFTER_THE_WINDOW)
        for country, province in (("SG", "JS"), ("IN", "BJ"), ("IL", "JS"), ("SG", "SH"), ("RU", "BJ"))
    ]


def _by_date(documents: Iterable[Document]) -> dict[date, list[Document]]:
    grouped: dict[date, list[Document]] = defaultdict(list)
    for document in sorted(documents, key=lambda d: (d.publication_date, d.serial)):
        grouped[document.publication_date].append(document)
    return grouped


def _files_of_week(rng: random.Random, recorder: Recorder, documents: list[Document]) -> list[Week]:
    """The file of a week; where it was revised, the superseded files too."""
    day = documents[0].publication_date
    if day != min(week for week in publication_weeks() if week.year == day.year):
        return [Week(tuple(documents))]
    raw = (
        *((_broken(rng, recorder, day),) if day.year in BROKEN_YEARS else ()),
        *((_SEQUENCE_LISTING,) if day.year == LISTING_YEAR else ()),
    )
    revisions = REVISIONS.get(day.year, 0)
    superseded = [Week(_mistaken(rng, recorder, documents, r), r) for r in range(revisions)]
    return [*superseded, Week(tuple(documents), revisions, raw)]


def _mistaken(
    rng: random.Random, recorder: Recorder, documents: list[Document], revision: int
) -> tuple[Document, ...]:
    """The week as first published: some partners' countries wrong, and co-inventions that were withdrawn."""
    day = documents[0].publication_date
    hits = [d for d in documents if "CN" in d.countries and d.countries & paper_margins.HITS.keys()]
    mistaken = {d.number for d in hits[revision::2]}
    wrong = [_all_american(d) if d.number in mistaken else d for d in documents]
    withdrawn = [
        replace(
            recorder.document(day, [chinese_inventor(rng, "Nanjing"), foreign_inventor(rng, country)]),
            serial=WITHDRAWN_SERIAL + revision * 10 + index,
        )
        for index, country in enumerate(("SG", "IN", "MN"))
    ]
    return (*wrong, *withdrawn)


def _all_american(document: Document) -> Document:
    inventors = (replace(i, country="US", region="CA", residence=None) for i in document.inventors)
    return replace(document, inventors=tuple(inventors))


def _broken(rng: random.Random, recorder: Recorder, day: date) -> bytes:
    """A co-invention that cannot be parsed: to be set aside and shown, not to be dropped."""
    inventors = [chinese_inventor(rng, "Beijing"), foreign_inventor(rng, "SG")]
    return write_broken(replace(recorder.document(day, inventors), serial=BROKEN_SERIAL))


def write_corpus(folder: Path, seed: str = SEED) -> Corpus:
    """Write the corpus into a folder; weekly files of an earlier build there are removed first."""
    corpus = make_corpus(seed)
    for old in folder.glob("[0-9][0-9][0-9][0-9]/*.zip"):
        old.unlink()
    for week in corpus.weeks:
        write_week(folder, week.documents, revision=week.revision, raw=week.raw)
    (folder / "README.md").write_text(_readme(corpus), encoding="utf-8")
    return corpus


def _readme(corpus: Corpus) -> str:
    standing = [*corpus.patents, *corpus.others]
    return readme_text(
        files=len(corpus.weeks),
        superseded=sum(REVISIONS.values()),
        documents=len(standing),
        patents=len(corpus.patents),
    )
