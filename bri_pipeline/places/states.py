"""US states by code or name, for studies whose focal country is the United States."""

from __future__ import annotations

_STATES = (
    "AL alabama|AK alaska|AZ arizona|AR arkansas|CA california|CO colorado|CT connecticut|DE delaware|"
    "DC district of columbia|FL florida|GA georgia|HI hawaii|ID idaho|IL illinois|IN indiana|IA iowa|KS kansas|"
    "KY kentucky|LA louisiana|ME maine|MD maryland|MA massachusetts|MI michigan|MN minnesota|MS mississippi|"
    "MO missouri|MT montana|NE nebraska|NV nevada|NH new hampshire|NJ new jersey|NM new mexico|NY new york|"
    "NC north carolina|ND north dakota|OH ohio|OK oklahoma|OR oregon|PA pennsylvania|RI rhode island|"
    "SC south carolina|SD south dakota|TN tennessee|TX texas|UT utah|VT vermont|VA virginia|WA washington|"
    "WV west virginia|WI wisconsin|WY wyoming|PR puerto rico|GU guam|VI virgin islands"
)
_CODES = {entry[:2].lower(): entry[:2] for entry in _STATES.split("|")}
_NAMES = {entry[3:].replace(" ", ""): entry[:2] for entry in _STATES.split("|")}


def us_state(name: str) -> str | None:
    """``ca`` or ``california`` → ``CA``; letters only, lower case."""
    return _CODES.get(name) or _NAMES.get(name)
