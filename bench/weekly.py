"""Weekly files for measurements: front pages of every era at realistic rates, by the reference corpus's writer."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

from bri_pipeline.reference_corpus.documents import Document, WrittenApplicant, WrittenInventor
from bri_pipeline.reference_corpus.people import chinese_inventor, foreign_company, foreign_inventor
from bri_pipeline.reference_corpus.planned_hits import Recorder, numbered
from bri_pipeline.reference_corpus.writers import write_week

CHINESE_SHARE = 0.05
HIT_SHARE = 0.001
FIRST_WEEK = date(2001, 3, 15)
LAST_WEEK = date(2025, 12, 25)

_COUNTRIES = ("US", "JP", "DE", "KR", "TW", "GB", "HK", "IL")
_SHARES = (48, 20, 9, 8, 6, 3, 3, 3)
_SYLLABLES = [
    first + vowel + last for first in "bcdflmnprst" for vowel in "aeiou" for last in ("", "n", "r", "s", "t")
]
_CITIES = ("Beijing", "Shanghai", "Shenzhen", "Nanjing", "Suzhou", "Hangzhou", "Wuhan", "Chengdu")


def write_archive(
    folder: Path,
    weeks: int,
    documents: int,
    *,
    full_text: bool = False,
    abstract_words: int = 0,
    planted: list[str] | None = None,
) -> list[Path]:
    """``weeks`` files of ``documents`` publications each, spread evenly over 2001 to 2025, from a fixed seed.

    One publication in twenty has an inventor in CN, one in a thousand one in SG as well. With
    ``abstract_words`` each has an abstract of about so many words; without, it repeats the title. The numbers of those
    with an inventor of both countries are added to ``planted``.
    """
    rng = random.Random(20260101)
    recorder, prose = Recorder(rng), Prose(random.Random(20260102))
    paths = []
    first_serials: Counter[int] = Counter()  # of the weeks of a year written before
    for day in _spread(weeks):
        week = numbered(rng, _week(rng, recorder, day, documents))
        week = [replace(document, serial=document.serial + first_serials[day.year]) for document in week]
        first_serials[day.year] += documents
        if planted is not None:
            planted += [f"{day.year}{document.serial:07}" for document in week if _is_hit(document)]
        if abstract_words:
            week = [replace(document, abstract=prose.text(abstract_words)) for document in week]
        paths.append(write_week(folder, week, full_text=full_text))
    return paths


class Prose:
    """Meaningless text whose words are as unequally frequent as those of English, so that it packs alike."""

    def __init__(self, rng: random.Random, vocabulary: int = 8000) -> None:
        self._rng = rng
        self._words = [
            "".join(rng.choices(_SYLLABLES, k=rng.choice((1, 2, 2, 3, 4)))) for _ in range(vocabulary)
        ]
        self._weights = list(accumulate(1 / rank for rank in range(1, vocabulary + 1)))  # Zipf's law

    def text(self, words: int) -> str:
        """``words`` words, give or take a half."""
        length = self._rng.randint(words // 2, words * 3 // 2)
        return " ".join(self._rng.choices(self._words, cum_weights=self._weights, k=length))


def thursdays() -> list[date]:
    """Every publication day from the first."""
    return [FIRST_WEEK + timedelta(weeks=week) for week in range((LAST_WEEK - FIRST_WEEK).days // 7 + 1)]


def _spread(weeks: int) -> list[date]:
    days = thursdays()
    return [days[len(days) * place // weeks] for place in range(weeks)]


def _week(rng: random.Random, recorder: Recorder, day: date, documents: int) -> list[Document]:
    return [recorder.document(day, *_parties(rng)) for _ in range(documents)]


def _is_hit(document: Document) -> bool:
    return {"CN", "SG"} <= {inventor.counted_country for inventor in document.inventors}


def _parties(rng: random.Random) -> tuple[list[WrittenInventor], list[WrittenApplicant]]:
    home = rng.choices(_COUNTRIES, _SHARES)[0]
    inventors = [foreign_inventor(rng, home) for _ in range(rng.choice((1, 1, 2, 2, 3, 3, 4, 6)))]
    draw = rng.random()
    if draw < CHINESE_SHARE:
        inventors[0] = chinese_inventor(rng, rng.choice(_CITIES))
    if draw < HIT_SHARE:
        inventors.append(foreign_inventor(rng, "SG"))
    return inventors, [foreign_company(rng, home)] if rng.random() < 0.7 else []
