"""Reads year and inventor countries of a document from its bytes, to count all publications of a file.

Parsing every document only to count its countries would take many times as long as the scan. So documents
that are skipped are read here, as far as everything that decides is written in the one plain way nearly all
documents use:

- the document begins with number, kind and dates in the usual order;
- there is one block of inventors, without comments, CDATA or processing instructions in it;
- every inventor in it has one country that counts, written as two capital letters (blanks round it are
  allowed); in v4.3 and later the country may be missing, ``omitted`` or ``unknown``.

Anything else (a missing residence, an applicant among the inventors ...) is left to the parser: for a
document valid against its DTD the answer here is what the parser would say, or None.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache, lru_cache
from typing import NamedTuple

from bri_pipeline.publication.countries import country_code, us_states, us_states_by_text
from bri_pipeline.uspto.split import Root

Countries = frozenset[bytes]

_B = rb"[ \t\r\n]*"

_REDBOOK_IDENTITY = rb"""
    <us-(?:patent-application|patent-grant)\b[^>]*> _
    <us-bibliographic-data-(?:application|grant)\b[^>]*> _
    <publication-reference> _ <document-id> _
    <country>[A-Z]{2}</country> _ <doc-number>NUMBER</doc-number> _
    <kind>([A-Z]\d?)</kind> _ <date>(\d{8})</date> _
    </document-id> _ </publication-reference> _
    <application-reference\b[^>]*> _ <document-id> _
    <country>[A-Z]{2}</country> _ <doc-number>[^<&]*</doc-number> _ <date>[^<&]*</date> _
    </document-id> _ </application-reference>"""
_PAP_IDENTITY = rb"""
    <patent-application-publication\b[^>]*> _ <subdoc-bibliographic-information\b[^>]*> _
    <document-id> _ <doc-number> _ \d{11} _ </doc-number> _ <kind-code> _ ([A-Z]\d?) _ </kind-code> _
    <document-date> _ (\d{8}) _ </document-date> _ </document-id> _
    <publication-filing-type>[^<]*</publication-filing-type> _
    <domestic-filing-data> _ <application-number> _ <doc-number>[^<&]*</doc-number> _ </application-number> _
    <application-number-series-code>[^<]*</application-number-series-code> _
    <filing-date>[^<&]*</filing-date>"""

_COUNTRY = re.compile(rb"<country>" + _B + rb"([A-Z]{2}|omitted|unknown)" + _B + rb"</country>")
_RESIDENCE = re.compile(
    rb"<residence>" + _B + rb"<country>" + _B + rb"([A-Z]{2})" + _B + rb"</country>" + _B + rb"</residence>"
)
_PAP_RESIDENCE = re.compile(
    rb"<country-code>" + _B + rb"([A-Z]{2})" + _B + rb"</country-code>" + _B + rb"</residence-(?:non-)?us>"
)
_STATE = re.compile(rb"<state>([^<&]*)</state>")
_SECOND_ADDRESS = re.compile(rb"</addressbook>" + _B + rb"<addressbook")


class PlainReading(NamedTuple):
    """Kind, date of publication (YYYYMMDD) and the country codes of the inventors as printed.

    ``countries_of`` makes of the codes the countries that the parser would read.
    """

    kind: bytes
    day: bytes
    codes: Countries


@lru_cache(maxsize=1 << 14)
def countries_of(codes: Countries) -> tuple[str, ...]:
    """The sorted countries that codes as printed count for."""
    read = {country_code(code.decode()) for code in codes}
    return tuple(sorted(country for country in read if country))


class _Form(NamedTuple):
    identity: re.Pattern[bytes]
    countries: Callable[[bytes, int], Countries | None]


class Identity(NamedTuple):
    """Kind and date (YYYYMMDD) of a document, and all bytes behind its number up to the end of what names it."""

    kind: bytes
    day: bytes
    tail: bytes


def identity_of(content: bytes, start: int, root: Root) -> Identity | None:
    """What a document is, if it is written in the plain way, from the start tag of its root on; else None."""
    form = _FORMS.get(root.name)
    identity = form.identity.match(content, start) if form else None
    if identity is None or not _is_date(identity[2]):
        return None
    number_end = content.find(b"</doc-number>", start)
    return Identity(identity[1], identity[2], content[number_end : _end_of_date(content, identity.end(2))])


def _end_of_date(content: bytes, position: int) -> int:
    """Behind the end tag of the date of publication."""
    return content.find(b">", position) + 1


def read_plainly(content: bytes, root: Root) -> PlainReading | None:
    """Date and inventor countries of a publication or grant; None if the parser must decide."""
    form = _FORMS.get(root.name)
    if form is None:
        return None
    identity = form.identity.match(content, root.start)
    if identity is None:
        return None
    kind, day = identity.groups()
    if not _is_date(day):
        return None
    codes = form.countries(content, identity.end())
    return None if codes is None else PlainReading(kind, day, codes)


@lru_cache(maxsize=1 << 15)
def _is_date(day: bytes) -> bool:
    try:
        date(int(day[:4]), int(day[4:6]), int(day[6:]))
    except ValueError:
        return False
    return True


def _redbook_countries(content: bytes, start: int) -> Countries | None:
    """v4.3 and later has its inventors inside ``us-parties``, v4.0 to v4.2 as ``applicants``."""
    opened = content.find(b"<inventors>", start)
    if opened < 0:
        return _applicant_countries(content, start)
    closed = content.find(b"</inventors>", opened)
    end = _bibliography_end(content, b"</us-bibliographic-data-", closed)
    if end < 0 or content.find(b"</us-parties>", closed, end) < 0:
        return None
    block = content[opened:closed]
    inventors = block.count(b"<inventor ")
    if _SECOND_ADDRESS.search(block):  # in another language: the first one counts
        return None
    found = _all_codes(block, _COUNTRY, b"<country")
    return _unless_states(block, found) if found is not None and len(found) <= inventors else None


def _applicant_countries(content: bytes, start: int) -> Countries | None:
    opened = content.find(b"<applicants>", start)
    closed = content.find(b"</applicants>", opened)
    if opened < 0 or _bibliography_end(content, b"</us-bibliographic-data-", closed) < 0:
        return None
    block = content[opened:closed]
    applicants = block.count(b"<applicant ")
    found = _all_codes(block, _RESIDENCE, b"<residence")
    if found is None or len(found) != applicants or not all(map(is_known, found)):
        return None
    return (
        _unless_states(block, found) if block.count(b'app-type="applicant-inventor"') == applicants else None
    )


def _pap_countries(content: bytes, start: int) -> Countries | None:
    opened = content.find(b"<inventors>", start)
    closed = content.find(b"</inventors>", opened)
    if opened < 0 or _bibliography_end(content, b"</subdoc-bibliographic-information>", closed) < 0:
        return None
    block = content[opened:closed]
    inventors = block.count(b"<inventor>") + block.count(b"<first-named-inventor>")
    found = _all_codes(block, _PAP_RESIDENCE, b"<residence-")
    if found is None or len(found) != inventors or not all(map(is_known, found)):
        return None
    return _unless_states(block, found)


def _bibliography_end(content: bytes, tag: bytes, closed: int) -> int:
    """Where the bibliographic part ends; -1 if it does not, or a second block of inventors comes first."""
    end = content.find(tag, closed) if closed >= 0 else -1
    second = content.find(b"<inventors", closed, end) >= 0 or content.find(b"<applicants", closed, end) >= 0
    return -1 if second else end


def _all_codes(block: bytes, code: re.Pattern[bytes], tag: bytes) -> list[bytes] | None:
    """The country codes of a block; None if not every ``tag`` in it is written plainly."""
    if b"!" in block or b"?" in block:  # part of every comment, CDATA and processing instruction
        return None
    found = code.findall(block)
    return found if block.count(tag) == len(found) else None


def _unless_states(block: bytes, found: list[bytes]) -> Countries | None:
    """The codes, unless one of them may only repeat the US state beside it."""
    codes = frozenset(found)
    if codes.isdisjoint(_state_codes()):
        return codes
    states = _STATE.findall(block)
    plain = block.count(b"<state") == len(states)
    beside = {
        us_states_by_text().get(" ".join(state.decode("utf-8", "replace").upper().split()))
        for state in states
    }
    return codes if plain and codes.isdisjoint(state.encode() for state in beside if state) else None


@cache
def is_known(code: bytes) -> bool:
    """Whether a code as printed is a country's; if the residence's is not, the address decides."""
    return country_code(code.decode()) is not None


@cache
def _state_codes() -> Countries:
    return frozenset(state.encode() for state in us_states())


_FORMS = {
    root: _Form(re.compile(b"".join(identity.split()).replace(b"_", _B)), countries)
    for root, identity, countries in (
        (b"us-patent-application", _REDBOOK_IDENTITY.replace(b"NUMBER", rb"\d{11}"), _redbook_countries),
        (b"us-patent-grant", _REDBOOK_IDENTITY.replace(b"NUMBER", rb"[A-Z]{0,2}\d{1,8}"), _redbook_countries),
        (b"patent-application-publication", _PAP_IDENTITY, _pap_countries),
    )
}
