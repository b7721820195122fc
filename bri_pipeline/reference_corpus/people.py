"""Makes up inventors, companies and titles. Names are put together at random and mean nobody."""

from __future__ import annotations

import random
from dataclasses import replace

from bri_pipeline.reference_corpus.abroad import AMERICAN_STATES, COUNTRIES
from bri_pipeline.reference_corpus.chinese_places import PLACES
from bri_pipeline.reference_corpus.documents import WrittenApplicant, WrittenInventor
from bri_pipeline.reference_corpus.technology import Topic

SYNTHETIC = "Synthetic record: "


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_SURNAMES = _words(
    "Wang Li Zhang Liu Chen Yang Zhao Huang Zhou Wu Xu Sun Hu Zhu Gao Lin He Guo Ma Luo Liang Song Zheng Xie "
    "Han Tang Feng Yu Dong Xiao Cheng Cao Yuan Deng Fu Shen Zeng Peng Lu Su Jiang Cai Jia Ding Wei Xue Ye Yan"
)
_GIVEN = _words(
    "Wei Jing Xiao Ming Hua Jun Li Hong Yan Feng Lei Ping Yong Bin Hui Jian Tao Qing Zhi "
    "Guo Bo Xin Yu Hao Ling"
)
# Double surnames, kept for inventors without a place: nobody of this name is placed in another patent.
_RARE_SURNAMES = ("Ouyang", "Shangguan", "Situ", "Huangfu", "Zhuge", "Dongfang")
_STEMS = _words(
    "Huaruan Tianlan Xinghe Zhongbei Jinhai Lantu Ruiyuan Kehui Datong Yunhe Beichen Haotian Longteng Mingde"
)
_FOREIGN_STEMS = _words(
    "Norvela Quantara Belmira Ostrion Calvexa Tirano Meridix Solenta Arkadyne Fenwella Lumora Vantrel"
)
_SECTORS = ("Technology", "Electronics", "Materials", "Pharma", "Optics & Sensors", "Networks", "Research")
_CHINESE_FORMS = ("Co., Ltd.", "Co. Ltd.", "Company Limited", "CO., LTD.", "Corporation")
_TITLES = (
    "Method for {}",
    "Apparatus and method for {}",
    "System for improved {}",
    "{}, and use thereof",
    "Device & method for {}",
)


def title(rng: random.Random, topic: Topic) -> str:
    """A title that says it is synthetic."""
    text = rng.choice(_TITLES).format(topic.subject)
    return SYNTHETIC + text[0].upper() + text[1:]


def chinese_inventor(rng: random.Random, city: str | None, *, rare_name: bool = False) -> WrittenInventor:
    """An inventor living in China, in the city as given."""
    first, second = rng.choice(_GIVEN), rng.choice(_GIVEN).lower()
    given = rng.choice(
        (f"{first}{second}", f"{first}{second}", f"{first}-{second}", f"{first} {second.title()}", first)
    )
    surname = rng.choice(_RARE_SURNAMES if rare_name else _SURNAMES)
    if rng.random() < 0.05:
        surname, given = surname.upper(), given.upper()
    return WrittenInventor(surname, given, city, "CN")


def plain_city(rng: random.Random, province: str) -> str:
    """A place of the province in a spelling that leaves no doubt."""
    places = PLACES[province]
    city = rng.choice(places.plain)
    draw = rng.random()
    if "," in city or draw < 0.66:
        return city
    if draw < 0.76:
        return city.upper()
    if draw < 0.84:
        return f"{city} City"
    if draw < 0.86:
        return f"{city}\n        City"
    return f"{city}, {places.name}" if city != places.name else f"{city}, China"


def any_city(rng: random.Random, province: str) -> str:
    """A place of the province, one in three in a spelling that is harder to read."""
    harder = PLACES[province].harder
    return rng.choice(harder) if harder and rng.random() < 0.33 else plain_city(rng, province)


def foreign_inventor(rng: random.Random, country: str) -> WrittenInventor:
    """An inventor of another country, at home there."""
    there = COUNTRIES[country]
    city = rng.choice(there.cities)
    last_name = rng.choice(there.last_names)
    if rng.random() < 0.02:
        last_name = last_name.replace(" ", "\n")
    return WrittenInventor(
        last_name, rng.choice(there.first_names), city, country, region=AMERICAN_STATES.get(city)
    )


def chinese_company(rng: random.Random, province: str) -> WrittenApplicant:
    """A company of the province, its name in one of several spellings."""
    city = rng.choice(PLACES[province].plain).split(",")[0]
    name = f"{city} {rng.choice(_STEMS)} {rng.choice(_SECTORS)} {rng.choice(_CHINESE_FORMS)}"
    return _spelled(rng, WrittenApplicant(name, "CN", city))


def foreign_company(rng: random.Random, country: str) -> WrittenApplicant:
    """A company of another country, its name in one of several spellings."""
    there = COUNTRIES[country]
    name = f"{rng.choice(_FOREIGN_STEMS)} {rng.choice(_SECTORS)} {there.company_form}"
    return _spelled(rng, WrittenApplicant(name, country, rng.choice(there.cities)))


def _spelled(rng: random.Random, company: WrittenApplicant) -> WrittenApplicant:
    if rng.random() < 0.15:
        return replace(company, name=company.name.upper())
    if rng.random() < 0.03:
        return replace(company, name=company.name.replace(" ", "\n", 1))
    return company
