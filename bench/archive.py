"""An archive of the USPTO's size and shape: every weekly file of front pages from 15 March 2001 to the end of 2025.

Each year and format has a pool of documents, written once by the reference corpus's writer. A week takes documents of
its pool and changes what must differ: numbers and dates. Publications, those with an inventor in CN and the hits rise
with the years, as they did: 8.5 million, 0.1 to 12 % of them, some thousands a year.
"""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from pathlib import Path

from bench.weekly import Prose, thursdays
from bri_pipeline.processes import process_pool
from bri_pipeline.reference_corpus.documents import Document, WrittenInventor
from bri_pipeline.reference_corpus.people import chinese_inventor, foreign_company, foreign_inventor
from bri_pipeline.reference_corpus.planned_hits import Recorder
from bri_pipeline.reference_corpus.writers import era_of, week_file_name, write_document

FULL_SIZE = 8_500_000
ABSTRACT_WORDS = 110
_POOL = {"ordinary": 300, "focal": 100, "hit": 60}
_HOMES, _HOME_SHARES = ("US", "JP", "DE", "KR", "TW", "GB", "HK", "IL"), (48, 20, 9, 8, 6, 3, 3, 3)
_PARTNERS, _PARTNER_SHARES = (
    ("SG", "IN", "IL", "RU", "MY", "PH", "TH", "PL", "TR"),
    (40, 20, 12, 8, 6, 5, 3, 3, 3),
)
_CITIES = (
    "Beijing",
    "Shanghai",
    "Shenzhen",
    "Nanjing",
    "Suzhou",
    "Hangzhou",
    "Wuhan",
    "Chengdu",
    "Wuxi",
    "Xi'an",
)
_SERIAL, _APPLICATION = "0000000", "00999999"


def documents_of(day: date, share: float) -> int:
    """Publications of a week: they rise from 0.7 to 1.2 times the mean over the years."""
    mean = FULL_SIZE / len(thursdays())
    return max(3, round(share * mean * (0.7 + 0.5 * (day.year - 2001) / 24)))


def focal_share(year: int) -> float:
    """Share of publications with an inventor in CN: 0.1 % in 2001, 12 % in 2025."""
    return float(0.001 * 120 ** ((year - 2001) / 24))


def hit_share(year: int) -> float:
    """Share of publications with an inventor in a partner country too: one in twelve of those with one in CN."""
    return focal_share(year) / 12


def write_full_archive(folder: Path, share: float, processes: int = 2) -> None:
    """Write the files that are not there yet, ``share`` of the full number of documents in each."""
    firsts: dict[int, int] = {}
    weeks = []
    for number, day in enumerate(thursdays()):
        count = documents_of(day, share)
        weeks.append((day, count, firsts.get(day.year, 0), number))
        firsts[day.year] = firsts.get(day.year, 0) + count
    # Years go to one process as far as possible: a pool is made once in each.
    with process_pool(processes) as pool:
        for _ in pool.map(partial(_write_week, folder, share), weeks, chunksize=52):
            pass


@dataclass(frozen=True)
class _Pool:
    """Documents of a year and format in bytes, with places for numbers and dates."""

    ordinary: list[bytes]
    focal: list[bytes]
    hit: list[bytes]
    day: bytes


@cache
def _pool(year: int, era: str, day: date) -> _Pool:
    rng = random.Random(f"{year} {era}")
    recorder, prose = Recorder(rng), Prose(rng)
    made = {
        kind: [_in_bytes(_document(rng, recorder, day, kind), prose, era) for _ in range(count)]
        for kind, count in _POOL.items()
    }
    return _Pool(**made, day=f"{day:%Y%m%d}".encode())


def _document(rng: random.Random, recorder: Recorder, day: date, kind: str) -> Document:
    home = rng.choices(_HOMES, _HOME_SHARES)[0]
    inventors: list[WrittenInventor] = [
        foreign_inventor(rng, home) for _ in range(rng.choice((1, 1, 2, 2, 3, 3, 4, 6)))
    ]
    if kind != "ordinary":
        inventors[0] = chinese_inventor(rng, rng.choice(_CITIES))
    if kind == "hit":
        inventors.append(foreign_inventor(rng, rng.choices(_PARTNERS, _PARTNER_SHARES)[0]))
    companies = [foreign_company(rng, home)] if rng.random() < 0.7 else []
    return replace(recorder.document(day, inventors, companies), application_number=_APPLICATION)


def _in_bytes(document: Document, prose: Prose, era: str) -> bytes:
    return write_document(replace(document, abstract=prose.text(ABSTRACT_WORDS)), era)


def _write_week(folder: Path, share: float, week: tuple[date, int, int, int]) -> None:
    day, count, first_serial, number = week
    path = folder / str(day.year) / week_file_name(day)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    era = era_of(day)
    first_of_era = next(one for one in thursdays() if one.year == day.year and era_of(one) == era)
    content = b"".join(_documents(_pool(day.year, era, first_of_era), day, count, first_serial, number))
    temporary = path.with_suffix(".part")
    with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr(f"{path.stem.partition('_')[0]}.xml", content)
    temporary.replace(path)


def _documents(pool: _Pool, day: date, count: int, first_serial: int, week: int) -> Iterator[bytes]:
    rng = random.Random(week)
    focal, hit = focal_share(day.year), hit_share(day.year)
    year, printed = str(day.year).encode(), f"{day:%Y%m%d}".encode()
    for place in range(count):
        draw = rng.random()
        kind = pool.hit if draw < hit else pool.focal if draw < focal else pool.ordinary
        yield (
            rng.choice(kind)
            .replace(year + _SERIAL.encode(), year + b"%07d" % (first_serial + place + 1))
            .replace(_APPLICATION.encode(), b"%08d" % (10_000_000 + (week * 20_011 + place) % 89_000_000))
            .replace(pool.day, printed)
        )
