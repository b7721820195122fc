"""What the first-level divisions of a country are called; the words themselves are in the catalogues."""

from __future__ import annotations

# By the categories of ISO 3166-2. A kind of its own where a language has a word of its own: an Indian state is 邦,
# one of the United States 州, a German Land 联邦州. Countries that are not listed have "regions".
_COUNTRIES_OF: dict[str, str] = {
    "province": "AF AO AR BI CA CD CN CR CU DO DZ EC ID IR KH KR LA LK MG MN MZ NL NP PA PG PK RW SY TR VN ZA ZM ZW",
    "changwat": "TH",
    "state": "AU BR FM MM MX MY NG SD SS US VE",
    "indian_state": "IN",
    "land": "AT DE",
    "canton": "CH",
    "prefecture": "JP",
    "department": "BO CO GT HN NI PY SV UY",
    "county": "AL EE HR HU IE KE NO RO SE",
    "governorate": "BH EG IQ JO KW LB OM PS TN YE",
    "emirate": "AE",
    "district": "IL",
    "voivodeship": "PL",
    "autonomous_community": "ES",
    "nation": "GB",
}
_KIND_OF = {country: kind for kind, countries in _COUNTRIES_OF.items() for country in countries.split()}
KINDS = (*_COUNTRIES_OF, "region")


def division_kind(country: str) -> str:
    """The kind of a country's first-level divisions, a key of ``[words.divisions]`` in the catalogues."""
    return _KIND_OF.get(country, "region")
