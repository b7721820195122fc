"""Which patents there are: country, year, province and field of each, so that every margin is met exactly."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from bri_pipeline.reference_corpus import paper_margins as margins
from bri_pipeline.reference_corpus.technology import TOPICS, Topic

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PlannedPatent:
    """One patent to be made up.

    ``province`` is None where the Chinese inventors cannot be placed; then ``ambiguous_name`` is the name of
    places in several provinces that they give, or None if they give nothing that could be placed.
    """

    partners: tuple[str, ...]
    year: int
    topic: Topic
    province: str | None
    ambiguous_name: str | None = None


def plan_patents(rng: random.Random) -> list[PlannedPatent]:
    """All patents of the study, those of the focal province first.

    Raises:
        ValueError: the margins do not add up.
    """
    return [*_focal_patents(rng), *_other_patents(rng)]


def _focal_patents(rng: random.Random) -> list[PlannedPatent]:
    countries = _shuffled(rng, _repeated(margins.JIANGSU_BY_COUNTRY))
    fields = _shuffled(rng, _repeated(margins.JIANGSU_BY_FIELD))
    years = _repeated(_by_year(margins.JIANGSU_BY_YEAR_ASSUMED))
    return [
        PlannedPatent((country,), year, _topic(rng, field), margins.FOCAL_PROVINCE)
        for country, year, field in zip(countries, years, fields, strict=True)
    ]


def _other_patents(rng: random.Random) -> list[PlannedPatent]:
    several = margins.SEVERAL_COUNTRIES_ASSUMED
    single = Counter(margins.HITS)
    single.subtract(margins.JIANGSU_BY_COUNTRY)
    single.subtract(country for countries in several for country in countries)
    partners = _shuffled(rng, [*several, *((country,) for country in _repeated(single))])

    by_year = Counter(_by_year(margins.CHINA_BY_YEAR_ASSUMED))
    by_year.subtract(_by_year(margins.JIANGSU_BY_YEAR_ASSUMED))

    provinces = {p: n for p, n in margins.PATENTS_BY_PROVINCE.items() if p != margins.FOCAL_PROVINCE}
    places = _shuffled(
        rng,
        [
            *((province, None) for province in _repeated(provinces)),
            *((None, name) for name in _repeated(margins.AMBIGUOUS_ASSUMED)),
            *[(None, None)] * margins.UNRESOLVED_ASSUMED,
        ],
    )
    return [
        PlannedPatent(countries, year, _topic(rng), province, ambiguous_name)
        for countries, year, (province, ambiguous_name) in zip(
            partners, _repeated(by_year), places, strict=True
        )
    ]


def _topic(rng: random.Random, field: str | None = None) -> Topic:
    """A topic by weight, of the given field of Table 4 if there is one."""
    topics = [topic for topic in TOPICS if field in (None, topic.field)]
    return rng.choices(topics, [topic.weight for topic in topics])[0]


def _by_year(series: tuple[int, ...]) -> dict[int, int]:
    return dict(zip(range(margins.FIRST_YEAR, margins.LAST_YEAR + 1), series, strict=True))


def _repeated(counts: Mapping[T, int]) -> list[T]:
    if any(count < 0 for count in counts.values()):
        raise ValueError(f"the margins leave a negative number of patents: {counts}")
    return [member for member, count in counts.items() for _ in range(count)]


def _shuffled(rng: random.Random, members: Iterable[T]) -> list[T]:
    order = list(members)
    rng.shuffle(order)
    return order
