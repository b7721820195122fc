"""The worked corpus: some hundred synthetic documents whose every table can be worked out from the list of facts here.

Unlike in the reference corpus a patent has several partners, provinces, owners, fields and priorities, so that the ways
of counting differ; the window of its study cuts off a part of the first and of the last year. No chance is at work.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bri_pipeline.reference_corpus.documents import (
    Document,
    WrittenApplicant,
    WrittenInventor,
    WrittenRelated,
)
from bri_pipeline.reference_corpus.writers import era_of, write_week

# Serials of the other corpora begin lower.
FIRST_SERIAL = 9_800_001
PATENTS = 84


@dataclass(frozen=True, slots=True)
class Home:
    """Where an inventor lives: the country that counts, the city as printed, and for China province and city."""

    country: str
    printed: str
    province: str | None = None
    city: str | None = None


@dataclass(frozen=True, slots=True)
class Owner:
    """An organisation as printed, the name its spellings are brought together under, and its country."""

    printed: str
    harmonised: str
    country: str


@dataclass(frozen=True, slots=True)
class Fact:
    """All that a document says."""

    serial: int
    application: int
    day: date
    homes: tuple[Home, ...]
    owners: tuple[Owner, ...] = ()
    symbols: tuple[str, ...] = ("H04L 29/06",)
    related: tuple[WrittenRelated, ...] = ()
    kind: str = "A1"

    @property
    def filed(self) -> date:
        """Date of filing: 500 days before the publication, some more for one in three."""
        return self.day - timedelta(days=500 + 40 * (self.application % 3))

    @property
    def title(self) -> str:
        """Title: after the words of every synthetic record the subject, and of later ones that they are low power."""
        subjects = _SUBJECTS[self.symbols[0]]
        later = "low-power " if self.day >= _LATER else ""
        return f"Synthetic record: {later}{subjects[self.application % len(subjects)]} {self.application}"

    @property
    def number(self) -> str:
        """Publication number."""
        return f"US{self.day.year}{self.serial:07d}{self.kind}"


NANJING = Home("CN", "Nanjing", "CN-JS", "Nanjing")
SUZHOU = Home("CN", "Suzhou, Jiangsu", "CN-JS", "Suzhou")
HANGZHOU = Home("CN", "Hangzhou", "CN-ZJ", "Hangzhou")
BEIJING = Home("CN", "Beijing", "CN-BJ", "Beijing")
SHANGHAI = Home("CN", "Shanghai", "CN-SH", "Shanghai")
WUHAN = Home("CN", "Wuhan", "CN-HB", "Wuhan")
NOWHERE = Home("CN", "N/A", "unresolved", "not known")
# printed under China; counts for Hong Kong
KOWLOON = Home("HK", "Kowloon")
ABROAD = {
    country: Home(country, city)
    for country, city in (
        ("SG", "Singapore"), ("MY", "Penang"), ("IN", "Pune"), ("IL", "Haifa"), ("RU", "Moscow"), ("US", "Boston"),
        ("TW", "Taipei"),
    )
}  # fmt: skip
_CHINESE = (
    (NANJING,), (NANJING, SUZHOU), (BEIJING,), (SHANGHAI, NANJING), (HANGZHOU,), (WUHAN, BEIJING), (SUZHOU,),
    (NANJING, HANGZHOU, SHANGHAI), (BEIJING, BEIJING, NOWHERE), (SHANGHAI, KOWLOON),
)  # fmt: skip
_PARTNERS = (("SG",), ("IN",), ("SG", "MY"), ("IL",), ("RU",), ("MY",), ("SG", "SG", "IN"))
_SYMBOLS = (
    ("H04L 29/06",),
    ("A61B 5/00", "G06F 17/30"),
    ("G06F 17/30",),
    ("C22C 38/00", "H04L 29/06", "F16H 1/00"),
    ("F16H 1/00",),
)
# what a title says of the first symbol; later ones say something else as well
_SUBJECTS = {
    "H04L 29/06": ("optical network node", "packet network router", "optical packet relay"),
    "A61B 5/00": ("blood sensor strip", "optical blood sensor"),
    "G06F 17/30": ("packet index", "document index", "index cache"),
    "C22C 38/00": ("steel alloy", "steel wire"),
    "F16H 1/00": ("wire drive gear", "gear train", "steel gear"),
}
_LATER = date(2008, 1, 1)
_FOCAL_OWNERS = (
    Owner("Zhongshan Optics Co., Ltd.", "ZHONGSHAN OPTICS", "CN"),
    Owner("ZHONGSHAN OPTICS CO LTD", "ZHONGSHAN OPTICS", "CN"),
    Owner("Lantian Devices Co., Ltd.", "LANTIAN DEVICES", "CN"),
)
_FOREIGN_OWNERS = {
    "SG": Owner("Straits Photonics Pte Ltd", "STRAITS PHOTONICS", "SG"),
    "IN": Owner("Deccan Materials Pvt Ltd", "DECCAN MATERIALS", "IN"),
    "MY": Owner("Selat Electronics Sdn Bhd", "SELAT ELECTRONICS", "MY"),
    "IL": Owner("Carmel Sensors Ltd.", "CARMEL SENSORS", "IL"),
    "RU": Owner("Volga Research LLC", "VOLGA RESEARCH", "RU"),
}
_AMERICAN = Owner("Lakeshore Systems Inc.", "LAKESHORE SYSTEMS", "US")
_BOTH_SIDES = (
    Owner("Zhongshan Optics Co., Ltd.", "ZHONGSHAN OPTICS", "CN"),
    Owner("Zhongshan Optics Pte Ltd", "ZHONGSHAN OPTICS", "SG"),
)
# two days a year of the study's window, which ends in June 2014
_DAYS = (
    date(2001, 10, 4),
    *(date(year, month, 20) for year in range(2002, 2014) for month in (2, 8)),
    date(2014, 3, 6),
)


def facts() -> list[Fact]:
    """Every document: the patents, their re-publications, and what is no patent of the study."""
    patents = [_patent(n) for n in range(PATENTS)]
    return [*patents, *_published_again(patents), *_no_patents()]


def _patent(n: int) -> Fact:
    partners = _PARTNERS[n % len(_PARTNERS)]
    foreign = tuple(ABROAD[country] for country in partners) + ((ABROAD["US"],) if n % 6 == 0 else ())
    chinese = _CHINESE[n % len(_CHINESE)]
    # more in later years
    day = _thursday(_DAYS[int((n / PATENTS) ** 0.7 * len(_DAYS))])
    return Fact(
        serial=FIRST_SERIAL + n,
        application=n,
        day=day,
        homes=(*foreign, *chinese) if n % 2 else (*chinese, *foreign),
        owners=_owners(n, partners[0]),
        symbols=_SYMBOLS[(n * 3 + n // 5) % len(_SYMBOLS)],
        related=_related(n),
    )


def _owners(n: int, partner: str) -> tuple[Owner, ...]:
    if n % 28 == 7:
        return _BOTH_SIDES
    focal = _FOCAL_OWNERS[n % len(_FOCAL_OWNERS)]
    foreign = _FOREIGN_OWNERS[partner]
    return ((focal,), (foreign,), (focal, foreign), (), (_AMERICAN,), (focal,))[n // 2 % 6]


def _related(n: int) -> tuple[WrittenRelated, ...]:
    """Every ninth patent and the next one claim the same Chinese priority; every tenth a provisional application."""
    if n % 9 in (0, 1):
        return (WrittenRelated("foreign-priority", "CN", f"2000{n // 9:05d}", "20000301"),)
    if n % 10 == 5:
        return (WrittenRelated("provisional", "US", f"60{n:06d}", "20000405"),)
    return ()


def _published_again(patents: list[Fact]) -> Iterator[Fact]:
    for n, (patent, kind) in enumerate(((patents[3], "A2"), (patents[16], "A9"), (patents[40], "A2"))):
        yield Fact(
            serial=FIRST_SERIAL + 200 + n,
            application=patent.application,
            day=_thursday(date(patent.day.year + 1, 5, 1)),
            homes=patent.homes,
            owners=patent.owners,
            symbols=patent.symbols,
            kind=kind,
        )


def _no_patents() -> Iterator[Fact]:
    """China alone or with third countries, partners alone, a plant, Hong Kong alone, days outside the window."""
    homes: list[tuple[Home, ...]] = [
        *(((NANJING, BEIJING)[n % 2],) for n in range(10)),
        *((NANJING, ABROAD["US"]) for _ in range(4)),
        *((BEIJING, ABROAD["TW"]) for _ in range(3)),
        *((BEIJING, KOWLOON) for _ in range(2)),
        *((ABROAD["SG"],) for _ in range(3)),
        (KOWLOON, ABROAD["SG"]),
    ]
    for n, lived in enumerate(homes):
        day = _thursday(_DAYS[(n * 5 + 3) % len(_DAYS)])
        yield Fact(FIRST_SERIAL + 300 + n, 300 + n, day, lived, (_FOCAL_OWNERS[0],) if n % 3 else ())
    both = (NANJING, ABROAD["SG"])
    yield Fact(FIRST_SERIAL + 400, 400, _thursday(date(2009, 8, 20)), both, kind="P1")
    yield Fact(FIRST_SERIAL + 401, 401, _thursday(date(2001, 5, 3)), both)
    yield Fact(FIRST_SERIAL + 402, 402, _thursday(date(2014, 9, 4)), both)


def _thursday(day: date) -> date:
    return day + timedelta(days=(3 - day.weekday()) % 7)


def document(fact: Fact) -> Document:
    """The fact as it is printed: Hong Kong under China, with a residence where the format has one."""
    era = era_of(fact.day)
    return Document(
        serial=fact.serial,
        kind=fact.kind,
        publication_date=fact.day,
        application_number=f"{'00' if fact.filed.year < 2005 else '80'}{fact.application + 900_000:06d}",
        filing_date=fact.filed,
        title=fact.title,
        inventors=tuple(_inventor(fact, n, home, era) for n, home in enumerate(fact.homes)),
        applicants=tuple(
            WrittenApplicant(
                owner.printed, owner.country, role="applicant" if era in ("v43", "v44") else "assignee"
            )
            for owner in fact.owners
        ),
        ipc=fact.symbols,
        related=fact.related,
    )


def _inventor(fact: Fact, n: int, home: Home, era: str) -> WrittenInventor:
    last_name, first_name = f"Zhangsan{fact.serial % 1000}", f"Nr{n}"
    if home is KOWLOON:
        return WrittenInventor(last_name, first_name, home.printed, "CN")
    residence = home.country if era in ("v40", "v41", "v42") else None
    return WrittenInventor(last_name, first_name, home.printed, home.country, residence=residence)


def write_worked(folder: Path) -> list[Fact]:
    """Write the corpus into a folder; weekly files of an earlier build there are removed first."""
    made = facts()
    for old in folder.glob("[0-9][0-9][0-9][0-9]/*.zip"):
        old.unlink()
    weeks: defaultdict[date, list[Fact]] = defaultdict(list)
    for fact in sorted(made, key=lambda one: (one.day, one.serial)):
        weeks[fact.day].append(fact)
    for of_day in weeks.values():
        write_week(folder, [document(fact) for fact in of_day])
    (folder / "README.md").write_text(_readme(len(weeks), len(made)), encoding="utf-8")
    return made


def _readme(files: int, documents: int) -> str:
    return f"""\
# Worked corpus: synthetic records

**Nothing in this folder was published by the United States Patent and Trademark Office.** Every document, person,
company and number is made up. The study `worked-example` reads it: {documents} documents in {files} weekly files of
all formats from 2001 to 2014, with several partner countries, provinces, owners, fields and priorities a patent, so
that every way of counting gives another number. A test works out its tables from the list of facts in
`bri_pipeline/reference_corpus/worked.py`, without SQL.

- Every title begins with "Synthetic record:".
- Publication numbers end in serials from {FIRST_SERIAL:,}; the USPTO has never come near that in a year.
"""
