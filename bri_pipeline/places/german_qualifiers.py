"""What follows the name of a German town to tell it from its namesakes: a town nearby, its district, its landscape.

``Münster b Dieburg`` is in Hesse, ``Schönberg, Kr Mühldorf a Inn`` in Bavaria and ``Senden, Westf`` in North
Rhine-Westphalia.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bri_pipeline.places.region_cities import CityNames
from bri_pipeline.places.region_lists import City
from bri_pipeline.places.region_words import words_of_name
from bri_pipeline.places.vocabulary import words

_NEAR = words("b bei nahe")
# What is meant by a letter between a name and a river or landscape.
_WRITTEN_OUT = {
    "a": ("am", "ander", "an"),
    "ad": ("ander", "aufder"),
    "i": ("im", "in", "inder"),
    "id": ("inder",),
    "o": ("ob", "obder"),
    "od": ("obder",),
    "v": ("vor", "vorder"),
    "vd": ("vorder",),
}
_DISTRICT_OF = words("kr kreis lkr landkreis")
# A place near a city state may be in the Länder around it.
_AROUND = {
    "DE-BE": frozenset({"DE-BE", "DE-BB"}),
    "DE-HB": frozenset({"DE-HB", "DE-NI"}),
    "DE-HH": frozenset({"DE-HH", "DE-NI", "DE-SH"}),
}
# Landscapes, as they are written and cut short, by the Länder that they are in.
_LANDSCAPES = {
    "BY": "oberbayern oberbay obb niederbayern niederbay ndb oberpfalz oberpf opf oberfranken oberfr ofr mittelfranken "
    "mittelfr mfr unterfranken unterfr ufr chiemgau bay",
    "BW": "wurttemberg wuerttemberg wurtt wuertt wttbg baden schwarzwald schwarzw schwarzwaldkreis kraichgau",
    "BW BY": "allgau allgaeu franken schwaben bodensee",
    "BW BY HE": "odenwald odenw",
    "BW HE": "bergstrasse bergstr",
    "BY HE": "spessart",
    "BY HE TH": "rhon rhoen",
    "HE": "hess untertaunus hochtaunus wetterau oberhess",
    "HE RP": "taunus",
    "HE NW RP": "westerwald westerw ww",
    "NW RP": "eifel rheinland rheinl",
    "NW": "westfalen westf westfal munsterland muensterland",
    "HE NW": "sauerland sauerl",
    "RP": "pfalz pf rheinhess rheinhessen",
    "RP SL": "hunsruck hunsrueck hunsr nahe saar mosel",
    "NI": "niedersachs nds ostfriesland ostfriesl emsland han hann oldb oldenb",
    "NI NW": "ems",
    "NI ST TH": "harz",
    "SH": "holstein holst",
    "MV": "mecklenburg meckl mecklb vorpommern vorpom vorp rugen ruegen",
    "BB": "uckermark niederlausitz prignitz",
    "BB SN": "lausitz",
    "BB NW": "mark",
    "SN": "sachs saechs oberlausitz ol erzgebirge erzgeb",
    "BY SN TH": "vogtland vogtl",
    "ST": "altmark anhalt sachsanh sachsanhalt",
    "TH": "thur thuer thuringer thueringer",
    "NI TH": "eichsfeld eichsf",
}
# Rivers, in the same way; most flow through several Länder.
_RIVERS = {
    "BB": "dosse oder",
    "BB BE MV ST": "havel",
    "BB BE SN": "spree",
    "BB HH MV NI SH SN ST": "elbe",
    "BB SN ST TH": "elster",
    "BW": "rems fils jagst kocher enz nagold",
    "BW HE": "neckar kinzig",
    "BW BY": "donau iller tauber",
    "BW BY HE": "main",
    "BW HE NW RP": "rhein",
    "BY": "inn isar lech altmuhl altmuehl naab regen vils paar rott",
    "BY ST TH": "saale",
    "HB HE NI NW": "weser",
    "BY NI": "luhe",
    "BY TH": "ilm",
    "HE": "lumda ohm wasserkuppe",
    "HE NI": "fulda",
    "HE NI TH": "werra",
    "HE NW": "eder schwalm",
    "HE NW RP": "lahn",
    "NI": "oste hunte",
    "NI ST": "aller",
    "NI TH": "leine",
    "NW": "ruhr lippe rur",
    "NW RP": "sieg ahr",
    "SN ST": "mulde",
    "ST TH": "unstrut",
}


def _by_word(listed: Mapping[str, str]) -> dict[str, frozenset[str]]:
    return {
        word: frozenset(f"DE-{land}" for land in lands.split())
        for lands, those in listed.items()
        for word in those.split()
    }


_OF_LANDSCAPE = _by_word(_LANDSCAPES)
_REGIONS = _OF_LANDSCAPE | _by_word(_RIVERS)
# Names that are long enough to be parts of others: Südsauerland.
_LONG_NAMES = tuple(word for word in sorted(_REGIONS) if len(word) >= len("sauerland"))


@dataclass(frozen=True)
class Qualified:
    """An address without what qualifies its town: the segments left, and the Länder that the town may be in.

    ``is_certain``: whether a landscape or district says so, and not only a town nearby, which may be across a border.
    """

    parts: list[list[str]]
    regions: frozenset[str] = frozenset()
    is_certain: bool = False


def qualified(parts: list[list[str]], cities: CityNames) -> Qualified:
    """Set apart what qualifies the town at the head of an address."""
    parts = [_written_out(part, cities) for part in parts]
    whole = [word for part in parts for word in part]
    if len(parts) > 1 and "".join(whole) in cities.lists.cities:
        return Qualified([whole])  # Allendorf (Eder)
    left: list[list[str]] = []
    said: list[frozenset[str]] = []
    near: list[frozenset[str]] = []
    for part in parts:
        town, nearby = part, _nearby(part, cities)
        if nearby:
            town = part[: -len(nearby) - 1]
            near.append(_regions_around(cities.named_in(nearby)))
        if left and town[:1] and town[0] in _DISTRICT_OF:
            said.append(_regions(cities.named_in(town[1:])))
        elif left and (landscape := _landscape(town)):
            said.append(landscape)
        else:
            left.append(town)
    if left and len(left[0]) > 1 and left[0][-1] in _OF_LANDSCAPE and not _is_listed(left[0], cities):
        said.append(_OF_LANDSCAPE[left[0][-1]])
        left[0] = left[0][:-1]
    regions = _shared(said) or _shared(near)
    return Qualified(left or parts, regions, bool(_shared(said)))


def _written_out(part: list[str], cities: CityNames) -> list[str]:
    """A name without its abbreviations, where one is listed: ``Rott a. Inn`` is Rott am Inn."""
    for at, word in enumerate(part[1:-1], start=1):
        for behind in _WRITTEN_OUT.get(word, ()):
            left = part[at + 2 :] if part[at + 1] in ("d", "dem", "den", "der") else part[at + 1 :]
            name = "".join((*part[:at], behind, *left))
            if name in cities.lists.cities:
                return [*part[:at], behind, *left]
    return part


def _nearby(part: list[str], cities: CityNames) -> list[str]:
    """The words of a town that the town before them is near to, if any."""
    at = next((at for at, word in enumerate(part) if at and word in _NEAR), len(part))
    town, nearby = part[:at], part[at + 1 :]
    is_town = nearby and words_of_name(cities.country, town) == town and not _is_listed(part, cities)
    return nearby if is_town and any(cities.named_in(nearby)) else []


def _landscape(part: list[str]) -> frozenset[str]:
    """The Länder of the landscapes in a segment: ``Sächs. Schw.`` is in Saxony."""
    if whole := _REGIONS.get("".join(part)):
        return whole
    return _shared([regions for word in part if (regions := _REGIONS.get(word) or _of_ending(word))])


def _of_ending(word: str) -> frozenset[str]:
    """The Länder of a part of a landscape: the south of the Sauerland is called Südsauerland."""
    return next((_REGIONS[one] for one in _LONG_NAMES if word.endswith(one)), frozenset())


def _is_listed(part: list[str], cities: CityNames) -> bool:
    return "".join(part) in cities.lists.cities


def _shared(regions: Iterable[frozenset[str]]) -> frozenset[str]:
    listed = [one for one in regions if one]
    return frozenset.intersection(*listed) if listed else frozenset()


def _regions(named: Iterable[tuple[City, ...]]) -> frozenset[str]:
    return frozenset(city.region for cities in named for city in cities)


def _regions_around(named: Iterable[tuple[City, ...]]) -> frozenset[str]:
    return frozenset(one for region in _regions(named) for one in _AROUND.get(region, {region}))
