"""Where inventors of India, China, the European Union and the G7 live in the world corpus: city, region, truth.

Each place is written as inventors write it; the last value is the ISO 3166-2 code it is in, None where nobody can
tell. Names of people are made up.
"""

from __future__ import annotations

from typing import NamedTuple

from bri_pipeline.reference_corpus.abroad import COUNTRIES, Country


class Home(NamedTuple):
    """A place as printed, and the first-level division it is in."""

    city: str
    region: str | None
    truth: str | None


def _homes(*written: str) -> tuple[Home, ...]:
    """``Pune|IN-MH``, with a region field ``Pune|IN-MH|Maharashtra``; ``India|`` cannot be placed."""
    parts = [one.split("|") for one in written]
    return tuple(Home(city, rest[0] if rest else None, truth or None) for city, truth, *rest in parts)


HOMES = {
    "IN": _homes(
        "Bangalore|IN-KA", "BANGALORE|IN-KA", "Bengaluru|IN-KA", "Bangalore, Karnataka|IN-KA", "Mysore|IN-KA",
        "Pune|IN-MH", "Pune 411 001, Maharashtra|IN-MH", "Mumbai|IN-MH", "Mumbai|IN-MH|Maharashtra",
        "Hyderabad|IN-TS", "Chennai|IN-TN", "Coimbatore, Tamil Nadu|IN-TN", "New Delhi|IN-DL", "Gurgaon|IN-HR",
        "Noida|IN-UP", "Kanpur|IN-UP", "Kolkata|IN-WB", "Ahmedabad|IN-GJ", "Thiruvananthapuram|IN-KL", "India|",
    ),
    "CN": _homes(
        "Nanjing|CN-JS", "Nanjing|CN-JS", "Wuxi|CN-JS", "Suzhou, Jiangsu|CN-JS", "Beijing|CN-BJ", "BEIJING|CN-BJ",
        "Haidian District, Beijing|CN-BJ", "Shanghai|CN-SH", "Shanghai|CN-SH", "Pudong New Area|CN-SH",
        "Shenzhen|CN-GD", "Guangzhou|CN-GD", "Hangzhou|CN-ZJ", "Chengdu|CN-SC", "Wuhan|CN-HB", "Xi'an|CN-SN", "China|",
    ),
    "DE": _homes(
        "München|DE-BY", "Munich|DE-BY", "Erlangen|DE-BY", "Stuttgart|DE-BW", "Karlsruhe|DE-BW", "Düsseldorf|DE-NW",
        "Aachen|DE-NW", "Ludwigshafen|DE-RP", "Berlin|DE-BE", "Hamburg|DE-HH", "Dresden|DE-SN", "Neustadt|",
    ),
    "FR": _homes("Paris|FR-IDF", "Grenoble|FR-ARA", "Lyon|FR-ARA", "Toulouse|FR-OCC", "Rennes|FR-BRE"),
    "IT": _homes("Milano|IT-25", "Torino|IT-21", "Roma|IT-62", "Bologna|IT-45", "Napoli|IT-72"),
    "NL": _homes("Eindhoven|NL-NB", "Amsterdam|NL-NH", "Delft|NL-ZH", "Utrecht|NL-UT"),
    "SE": _homes("Stockholm|SE-AB", "Göteborg|SE-O", "Lund|SE-M"),
    "FI": _homes("Helsinki|FI-18", "Espoo|FI-18", "Tampere|FI-11", "Oulu|FI-14"),
    "ES": _homes("Madrid|ES-MD", "Barcelona|ES-CT", "Valencia|ES-VC"),
    "AT": _homes("Wien|AT-9", "Graz|AT-6", "Linz|AT-4"),
    "BE": _homes("Leuven|BE-VLG", "Gent|BE-VLG", "Liège|BE-WAL"),
    "DK": _homes("Copenhagen|DK-84", "Aarhus|DK-82"),
    "IE": _homes("Dublin|IE-L", "Cork|IE-M"),
    "PL": _homes("Warsaw|PL-14", "Kraków|PL-12", "Gdańsk|PL-22"),
    "CZ": _homes("Prague|CZ-10", "Brno|CZ-64"),
    "PT": _homes("Lisboa|PT-11", "Porto|PT-13"),
    "LU": _homes("Luxembourg|LU"),
    "US": _homes(
        "San Jose|US-CA|CA", "Palo Alto|US-CA|CA", "Austin|US-TX|TX", "Houston|US-TX|TX", "Cincinnati|US-OH|OH",
        "Boston|US-MA|MA", "Seattle|US-WA|WA", "New York|US-NY|NY",
    ),
    "CA": _homes("Toronto|CA-ON|Ontario", "Ottawa|CA-ON", "Montreal, Quebec|CA-QC", "Vancouver|CA-BC"),
    "JP": _homes("Tokyo|JP-13", "Yokohama-shi|JP-14", "Osaka|JP-27", "Kyoto|JP-26", "Kawasaki-shi, Kanagawa|JP-14"),
    "GB": _homes("London|GB-ENG", "Cambridge|GB-ENG", "Edinburgh|GB-SCT", "Cardiff|GB-WLS"),
}  # fmt: skip

_NAMES = {
    "FR": (("Martin", "Bernard", "Lefèvre", "Moreau"), ("Claire", "Julien", "Hélène", "Étienne"), "S.A."),
    "IT": (("Rossi", "Ferrari", "Bianchi"), ("Marco", "Giulia", "Luca"), "S.p.A."),
    "NL": (("de Vries", "van den Berg", "Jansen"), ("Pieter", "Anneke", "Joris"), "B.V."),
    "SE": (("Andersson", "Lindström", "Nyberg"), ("Lars", "Ingrid", "Åke"), "AB"),
    "FI": (("Virtanen", "Mäkinen", "Korhonen"), ("Juha", "Päivi", "Timo"), "Oy"),
    "ES": (("García", "Fernández", "Muñoz"), ("Javier", "Lucía", "Íñigo"), "S.L."),
    "AT": (("Gruber", "Pichler", "Wöhrer"), ("Johann", "Elisabeth"), "GmbH"),
    "BE": (("Peeters", "Dubois", "Claes"), ("Wim", "Sophie"), "N.V."),
    "DK": (("Nielsen", "Sørensen", "Møller"), ("Søren", "Mette"), "A/S"),
    "IE": (("Murphy", "O'Brien", "Kelly"), ("Aoife", "Seán"), "Limited"),
    "PT": (("Silva", "Gonçalves"), ("João", "Inês"), "Lda."),
    "LU": (("Weber", "Schmit"), ("Luc", "Martine"), "S.à r.l."),
    "CA": (("Tremblay", "MacDonald", "Singh"), ("Nathalie", "Ian", "Gurpreet"), "Inc."),
}
PEOPLE = COUNTRIES | {
    code: Country(tuple(home.city for home in HOMES[code]), last, first, form)
    for code, (last, first, form) in _NAMES.items()
}
