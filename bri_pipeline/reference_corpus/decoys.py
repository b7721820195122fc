"""Publications that must not be counted: false hits of a careless reader, and noise."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from bri_pipeline.reference_corpus import paper_margins as margins
from bri_pipeline.reference_corpus.chinese_places import HONG_KONG
from bri_pipeline.reference_corpus.documents import Document, WrittenInventor
from bri_pipeline.reference_corpus.people import (
    any_city,
    chinese_company,
    chinese_inventor,
    foreign_company,
    foreign_inventor,
)
from bri_pipeline.reference_corpus.planned_hits import THIRD_COUNTRIES, THREE_COUNTRY_ERAS, Recorder
from bri_pipeline.reference_corpus.writers import era_of

# Codes of these countries exist since 2006; the paper did not search them.
_UNSEARCHED = ("RS", "RS", "ME")

Cast = Callable[[random.Random], list[WrittenInventor]]


def _chinese(rng: random.Random) -> WrittenInventor:
    provinces = list(margins.PATENTS_BY_PROVINCE)
    province = rng.choices(provinces, list(margins.PATENTS_BY_PROVINCE.values()))[0]
    return chinese_inventor(rng, any_city(rng, province))


def _partner(rng: random.Random) -> WrittenInventor:
    country = rng.choices(list(margins.HITS), list(margins.HITS.values()))[0]
    return foreign_inventor(rng, country)


def _chinese_only(rng: random.Random) -> list[WrittenInventor]:
    return [_chinese(rng) for _ in range(rng.randint(1, 4))]


def _partner_only(rng: random.Random) -> list[WrittenInventor]:
    return [_partner(rng) for _ in range(rng.randint(1, 3))]


def _american_and_partner(rng: random.Random) -> list[WrittenInventor]:
    return [foreign_inventor(rng, "US"), _partner(rng)]


def _taiwan_or_hong_kong_and_partner(rng: random.Random) -> list[WrittenInventor]:
    return [foreign_inventor(rng, rng.choice(("TW", "TW", "HK"))), _partner(rng)]


def _chinese_and_third_country(rng: random.Random) -> list[WrittenInventor]:
    return [_chinese(rng), foreign_inventor(rng, rng.choice(THIRD_COUNTRIES))]


def _third_countries(rng: random.Random) -> list[WrittenInventor]:
    return [foreign_inventor(rng, rng.choice(THIRD_COUNTRIES)) for _ in range(rng.randint(1, 2))]


def _hong_kong_under_china(rng: random.Random) -> list[WrittenInventor]:
    return [chinese_inventor(rng, rng.choice(HONG_KONG)), _partner(rng)]


def _unsearched_country(rng: random.Random) -> list[WrittenInventor]:
    return [_chinese(rng), foreign_inventor(rng, rng.choice(_UNSEARCHED))]


def _chinese_office_only(rng: random.Random) -> list[WrittenInventor]:
    """A Chinese postal address, but a residence in the United States."""
    return [replace(_chinese(rng), residence="US", nationality="US"), _partner(rng)]


def _chinese_passport_only(rng: random.Random) -> list[WrittenInventor]:
    """Chinese by nationality, living in the United States; and a partner by nationality only."""
    passports = replace(foreign_inventor(rng, "US"), nationality="CN", residence="US")
    return rng.choice(
        (
            [passports, _partner(rng)],
            [_chinese(rng), replace(foreign_inventor(rng, "US"), nationality="SG", residence="US")],
        )
    )


def _address_missing(rng: random.Random) -> list[WrittenInventor]:
    """A Chinese inventor and one of whom the file says no more than the name."""
    nowhere = foreign_inventor(rng, "SG")
    return [_chinese(rng), replace(nowhere, city=None, region=None, country=None)]


def _any_year(day: date) -> bool:
    return True


def _three_countries(day: date) -> bool:
    return era_of(day) in THREE_COUNTRY_ERAS


def _addresses_may_be_missing(day: date) -> bool:
    return era_of(day) in ("pap16", "v44")


def _since_2007(day: date) -> bool:
    return day.year >= 2007


# Who invents, how many such documents there are, and the dates their trick exists on.
_CASTS: tuple[tuple[Cast, int, Callable[[date], bool]], ...] = (
    (_chinese_only, 1300, _any_year),
    (_partner_only, 900, _any_year),
    (_american_and_partner, 500, _any_year),
    (_chinese_and_third_country, 450, _any_year),
    (_third_countries, 300, _any_year),
    (_taiwan_or_hong_kong_and_partner, 250, _any_year),
    (_hong_kong_under_china, 40, _any_year),
    (_unsearched_country, 12, _since_2007),
    (_chinese_office_only, 30, _three_countries),
    (_chinese_passport_only, 40, _three_countries),
    (_address_missing, 15, _addresses_may_be_missing),
)


def decoys(rng: random.Random, recorder: Recorder, weeks: Sequence[date]) -> list[Document]:
    """Several thousand documents without a hit, spread over the weeks."""
    documents = []
    for cast, size, exists in _CASTS:
        days = [day for day in weeks if exists(day)]
        documents += [_decoy(rng, recorder, cast, rng.choice(days)) for _ in range(size)]
    return [_without_ipc(rng, document) for document in documents]


def _decoy(rng: random.Random, recorder: Recorder, cast: Cast, day: date) -> Document:
    inventors = cast(rng)
    first = inventors[0].counted_country
    draw = rng.random()
    if draw < 0.2 or first is None:
        companies = []
    elif first == "CN":
        companies = [chinese_company(rng, rng.choice(("BJ", "SH", "GD", "JS")))]
    else:
        companies = [foreign_company(rng, first)]
    return recorder.document(day, inventors, companies)


def _without_ipc(rng: random.Random, document: Document) -> Document:
    """Since 2005 the DTD allows a publication without IPC symbols."""
    bare = document.publication_date.year >= 2005 and rng.random() < 0.005
    return replace(document, ipc=()) if bare else document


def plants(rng: random.Random, recorder: Recorder, weeks: Sequence[date]) -> list[Document]:
    """Plant applications of Chinese and partner inventors: a kind that is counted apart."""
    return [
        recorder.document(day, [_chinese(rng), foreign_inventor(rng, partner)], kind="P1")
        for day, partner in zip(rng.sample(weeks, 5), ("SG", "IN", "IL", "TH", "SG"), strict=True)
    ]


def published_again(rng: random.Random, recorder: Recorder, weeks: Sequence[date]) -> list[Document]:
    """Applications published a second time, amended (A2) or corrected (A9), none with a partner country."""
    documents = []
    for kind, third in (("A2", "US"), ("A9", "US"), ("A2", "JP"), ("A9", "DE")):
        index = rng.randrange(len(weeks) - 4)
        inventors = [_chinese(rng), foreign_inventor(rng, third)]
        first = recorder.document(weeks[index], inventors)
        again = recorder.document(weeks[index + 3], inventors, kind=kind)
        documents += [
            first,
            replace(
                again,
                application_number=first.application_number,
                filing_date=first.filing_date,
                title=first.title,
                ipc=first.ipc,
            ),
        ]
    return documents
