"""The world corpus: a few hundred synthetic co-inventions of India with the European Union and of China with the G7.

It feeds the studies ``india-eu`` and ``china-g7``, which show the software with another focal country and with other
partners. Nothing of it reconstructs anything: numbers and places are chosen for variety.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from bri_pipeline.reference_corpus.documents import Document, WrittenApplicant, WrittenInventor
from bri_pipeline.reference_corpus.people import chinese_inventor
from bri_pipeline.reference_corpus.planned_hits import Recorder, numbered
from bri_pipeline.reference_corpus.technology import TOPICS
from bri_pipeline.reference_corpus.world_places import HOMES, PEOPLE, Home
from bri_pipeline.reference_corpus.writers import write_week

WORLD_SEED = "India and the Union, China and the Seven, 2010-2019"
YEARS = range(2010, 2020)
# Serials of the other corpus begin lower.
SERIAL_OFFSET = 500_000
PATENTS: Mapping[str, Mapping[str, int]] = {
    "IN": {
        "DE": 74, "FR": 38, "NL": 30, "SE": 22, "IT": 17, "FI": 15, "BE": 12, "IE": 11, "ES": 9, "DK": 8, "AT": 7,
        "PL": 6, "CZ": 4, "PT": 2, "LU": 1,
    },
    "CN": {"US": 148, "JP": 52, "DE": 46, "GB": 28, "CA": 22, "FR": 19, "IT": 9},
}  # fmt: skip
# Publications of one country alone; no hits.
ALONE = {"IN": 60, "CN": 80, "DE": 15, "US": 25}
# One patent in so many has a second partner country.
_ONE_IN_SECOND = 9


class WorldPatent(NamedTuple):
    """A co-invention as planned: who is in it and where each lives, in the order of the document's inventors."""

    document: Document
    focal: str | None
    homes: tuple[tuple[str, Home], ...]


def make_world(seed: str = WORLD_SEED) -> list[WorldPatent]:
    """All documents, the co-inventions first, always the same for a seed."""
    rng = random.Random(seed)
    recorder = Recorder(rng)
    plans = [
        (focal, (partner, *_second(rng, focal, partner)))
        for focal, partners in PATENTS.items()
        for partner, patents in partners.items()
        for _ in range(patents)
    ]
    alone = [(None, (country,)) for country, documents in ALONE.items() for _ in range(documents)]
    made = [_patent(rng, recorder, focal, countries) for focal, countries in [*plans, *alone]]
    documents = numbered(rng, [one.document for one in made])
    return [
        one._replace(document=replace(document, serial=document.serial + SERIAL_OFFSET))
        for one, document in zip(made, documents, strict=True)
    ]


def _second(rng: random.Random, focal: str, partner: str) -> tuple[str, ...]:
    others = [country for country in PATENTS[focal] if country != partner]
    return (rng.choice(others),) if rng.randrange(_ONE_IN_SECOND) == 0 else ()


def _patent(
    rng: random.Random, recorder: Recorder, focal: str | None, countries: tuple[str, ...]
) -> WorldPatent:
    # More in later years; two publication days a year.
    year = rng.choices(YEARS, range(5, 5 + len(YEARS)))[0]
    day = _thursday(date(year, rng.choice((3, 9)), 1))
    living = [country for country in countries for _ in range(rng.choice((1, 1, 2)))]
    if focal is not None:
        living += [focal] * rng.choice((1, 1, 2, 3))
    rng.shuffle(living)
    homes = tuple((country, rng.choice(HOMES[country])) for country in living)
    inventors = [_inventor(rng, country, home) for country, home in homes]
    owner = rng.choice((focal or countries[0], countries[0]))
    company = WrittenApplicant(f"{rng.choice(_STEMS)} {_form(owner)}", owner, rng.choice(HOMES[owner]).city)
    topic = rng.choices(TOPICS, [topic.weight for topic in TOPICS])[0]
    return WorldPatent(recorder.document(day, inventors, [company], topic=topic), focal, homes)


_STEMS = (
    "Aravalli Systems",
    "Nordlicht Research",
    "Changfeng Devices",
    "Pont Neuf Optics",
    "Lakeshore Materials",
)


def _form(country: str) -> str:
    return "Co., Ltd." if country == "CN" else PEOPLE[country].company_form


def _inventor(rng: random.Random, country: str, home: Home) -> WrittenInventor:
    if country == "CN":
        return replace(chinese_inventor(rng, home.city), region=home.region)
    people = PEOPLE[country]
    return WrittenInventor(
        rng.choice(people.last_names), rng.choice(people.first_names), home.city, country, region=home.region
    )


def _thursday(day: date) -> date:
    return day + timedelta(days=(3 - day.weekday()) % 7)


def write_world(folder: Path, seed: str = WORLD_SEED) -> list[WorldPatent]:
    """Write the corpus into a folder; weekly files of an earlier build there are removed first."""
    made = make_world(seed)
    for old in folder.glob("[0-9][0-9][0-9][0-9]/*.zip"):
        old.unlink()
    days = sorted({one.document.publication_date for one in made})
    for day in days:
        of_day = sorted((one.document for one in made if one.document.publication_date == day), key=_serial)
        write_week(folder, of_day)
    (folder / "README.md").write_text(_readme(len(days), len(made)), encoding="utf-8")
    return made


def _serial(document: Document) -> int:
    return document.serial


def _readme(files: int, documents: int) -> str:
    listed = "\n".join(
        f"| {focal} | {', '.join(f'{partner} {patents}' for partner, patents in partners.items())} |"
        for focal, partners in PATENTS.items()
    )
    return f"""\
# World corpus: synthetic records

**Nothing in this folder was published by the United States Patent and Trademark Office.** Every document, person,
company and number is made up, and unlike the reference corpus it reconstructs nothing: it shows the software with
another focal country (`india-eu`) and with other partners (`china-g7`). Its numbers say nothing about the world.

- Every title begins with "Synthetic record:".
- Publication numbers end in serials from 9,500,001; the USPTO has never come near that in a year.
- {files} weekly files hold {documents} documents; {sum(ALONE.values())} of them have inventors of one country only.
- One patent in nine has a second partner country; some addresses name no region ("India", "Neustadt") on purpose.

| focal country | patents planned per first partner country |
|---|---|
{listed}

`python -m bri_pipeline.reference_corpus` builds the folder and writes the same bytes every time.
"""
