"""Turns a planned patent, or any list of inventors, into the document that will be printed."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import count

from bri_pipeline.reference_corpus.chinese_places import PLACES, UNPLACEABLE
from bri_pipeline.reference_corpus.documents import Document, WrittenApplicant, WrittenInventor
from bri_pipeline.reference_corpus.people import (
    any_city,
    chinese_company,
    chinese_inventor,
    foreign_company,
    foreign_inventor,
    plain_city,
    title,
)
from bri_pipeline.reference_corpus.plan import PlannedPatent
from bri_pipeline.reference_corpus.technology import TOPICS, Topic
from bri_pipeline.reference_corpus.writers import era_of

# The USPTO has never issued more than about 450,000 publications a year.
FIRST_SERIAL = 9_000_001
# Countries that are neither China nor listed along the Belt and Road.
THIRD_COUNTRIES = ("US", "US", "US", "DE", "JP", "GB", "TW", "HK", "KR")
# Only these formats print address, nationality and residence apart.
THREE_COUNTRY_ERAS = ("v40", "v41", "v42")
_PAP_ERAS = ("pap15", "pap16")


class Recorder:
    """Makes documents of one random sequence; serial numbers are given later, when all are known."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._application_serials = count(1)

    def patent(self, planned: PlannedPatent, day: date) -> Document:
        """A planned patent with its Chinese, partner and sometimes third-country inventors."""
        rng = self._rng
        partners = [
            foreign_inventor(rng, country)
            for country in planned.partners
            for _ in range(rng.choices((1, 2, 3), (70, 22, 8))[0])
        ]
        third = [foreign_inventor(rng, rng.choice(THIRD_COUNTRIES))] if rng.random() < 0.15 else []
        inventors = [*self._chinese(planned, day), *(self._abroad(p, day) for p in partners), *third]
        rng.shuffle(inventors)
        owner = rng.choice(planned.partners)
        if planned.province and rng.random() < 0.5:
            companies = [chinese_company(rng, planned.province)]
        else:
            companies = [foreign_company(rng, owner)] if rng.random() < 0.85 else []
        return self.document(day, inventors, companies, topic=planned.topic)

    def document(
        self,
        day: date,
        inventors: Sequence[WrittenInventor],
        companies: Sequence[WrittenApplicant] = (),
        *,
        topic: Topic | None = None,
        kind: str = "A1",
    ) -> Document:
        """A publication of these inventors in the format of its day."""
        rng = self._rng
        topic = topic or rng.choices(TOPICS, [t.weight for t in TOPICS])[0]
        filed = day - timedelta(days=rng.randint(200, 620))
        era = era_of(day)
        return Document(
            serial=0,
            kind=kind,
            publication_date=day,
            application_number=f"{'00' if filed.year < 2005 else '80'}{next(self._application_serials):06d}",
            filing_date=filed,
            title=title(rng, topic),
            inventors=self._listed(inventors, era),
            applicants=self._with_roles(companies, era),
            ipc=self._symbols(topic),
        )

    def _chinese(self, planned: PlannedPatent, day: date) -> list[WrittenInventor]:
        rng = self._rng
        size = rng.choices((1, 2, 3, 4), (45, 28, 17, 10))[0]
        if planned.province is None:
            cities = [planned.ambiguous_name or rng.choice(UNPLACEABLE) for _ in range(size)]
            return [chinese_inventor(rng, city, rare_name=True) for city in cities]
        cities = [
            plain_city(rng, planned.province),
            *(any_city(rng, planned.province) for _ in range(size - 1)),
        ]
        people = (chinese_inventor(rng, city) for city in cities)
        return [self._at_home(person, planned.province, era_of(day)) for person in people]

    def _at_home(self, inventor: WrittenInventor, province: str, era: str) -> WrittenInventor:
        """The province in its own element now and then, and a foreign passport that must not count."""
        rng = self._rng
        if era != "pap15" and rng.random() < 0.1:
            inventor = replace(inventor, region=PLACES[province].name)
        if era in THREE_COUNTRY_ERAS and rng.random() < 0.08:
            inventor = replace(inventor, nationality=rng.choice(("SG", "US", "IN")), residence="CN")
        return inventor

    def _abroad(self, inventor: WrittenInventor, day: date) -> WrittenInventor:
        """Three countries for one in twelve: US office address, another nationality; residence counts."""
        if era_of(day) not in THREE_COUNTRY_ERAS or self._rng.random() >= 0.08:
            return inventor
        nationality = self._rng.choice(("IN", "MY", "RU", "GB"))
        return replace(
            inventor,
            city="San Jose",
            region="CA",
            country="US",
            residence=inventor.country,
            nationality=nationality,
        )

    def _listed(self, inventors: Sequence[WrittenInventor], era: str) -> tuple[WrittenInventor, ...]:
        """Nationalities as the era prints them, and the inventors a second time in some documents."""
        again = era not in _PAP_ERAS and self._rng.random() < 0.12
        printed = era in ("v40", "v41")
        return tuple(
            replace(
                inventor,
                nationality=inventor.nationality or (inventor.counted_country if printed else None),
                also_applicant=again,
            )
            for inventor in inventors
        )

    def _with_roles(self, companies: Sequence[WrittenApplicant], era: str) -> tuple[WrittenApplicant, ...]:
        """Assignees to 2012; since then applicants, now and then as assignee too."""
        if era in (*_PAP_ERAS, *THREE_COUNTRY_ERAS):
            return tuple(companies)
        owners = companies if self._rng.random() < 0.2 else ()
        return (*(replace(company, role="applicant") for company in companies), *owners)

    def _symbols(self, topic: Topic) -> tuple[str, ...]:
        rng = self._rng
        others = [symbol for other in rng.sample(TOPICS, 2) for symbol in other.symbols()]
        main, *same = rng.sample(topic.symbols(), rng.randint(1, len(topic.groups)))
        return (main, *same, *rng.sample(others, rng.choice((0, 0, 1, 2))))


def numbered(rng: random.Random, documents: Sequence[Document]) -> list[Document]:
    """The documents, in the order given, with serial numbers that rise with the date within a year."""
    order = list(range(len(documents)))
    rng.shuffle(order)
    order.sort(key=lambda index: documents[index].publication_date)
    serials: defaultdict[int, Iterator[int]] = defaultdict(lambda: count(FIRST_SERIAL))
    result = list(documents)
    for index in order:
        document = documents[index]
        result[index] = replace(document, serial=next(serials[document.publication_date.year]))
    return result
