"""Counts countries of inventors over a whole stretch of documents that are written alike, without reading each.

Nearly all documents of a weekly file begin with the same declaration, document type and root; among those the form
of the inventors is known from the document type. What makes a document other than plain (comments, CDATA, codes
written otherwise, a second address ...) is found by the one search that finds suspects, over the whole stretch; such
documents go to the parser. Of the rest only the codes within the inventors' block are picked, two searches and one
``findall`` a document, and counted as the text they make one behind the other; what countries a text means is decided
once per text. Documents with a code that is a US state's as well are searched for a state beside it, too.

For documents valid against their DTD the answer is what the parser would say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from typing import NamedTuple

from bri_pipeline.publication.countries import country_code, us_states
from bri_pipeline.publication.scanned import CountrySet
from bri_pipeline.uspto.country_counts import identity_of, is_known
from bri_pipeline.uspto.split import Root, Stretch

_B = rb"[ \t\r\n]*"
_ADDRESS_CODE = re.compile(rb"<country>" + _B + rb"([A-Z]{2})")
_RESIDENCE_CODE = re.compile(rb"<residence>" + _B + rb"<country>" + _B + rb"([A-Z]{2})")
_PAP_CODE = re.compile(
    rb"<country-code>" + _B + rb"([A-Z]{2})" + _B + rb"</country-code>" + _B + rb"</residence-"
)
_LISTED_AGAIN = re.compile(rb"</applicants>" + _B + rb"<inventors>")
_ODD_ANYWHERE = r"<!--|<!\[CDATA\["
_ODD_PARTY = {
    # In v4.3 and later: somebody dead, or an address book behind another (it is in another language) or behind blanks
    # that may hide that. Whole words are found in half the time of "</addressbook>[blanks]<addressbook".
    "us-parties": r"<deceased-inventor|k>\n?<addressbook|[ \t\r]<addressbook|[ \t\r\n]\n<addressbook",
    # In v4.0 to v4.2: somebody dead.
    "parties": r"<us-deceased-inventor",
    "pap": "",
}


class Form(NamedTuple):
    """How a kind of documents prints its inventors: which expression makes one odd, and how codes are picked.

    ``codes`` gives the codes between two positions, None where the block is not plain; ``needs_all`` says that an
    unknown code leaves the country to something else than the code picked.
    """

    odd: str
    block: tuple[bytes, bytes]
    codes: Callable[[bytes, int, int], list[bytes] | None]
    needs_all: bool


def form_of(root: Root) -> Form | None:
    """The form of the documents that begin like this one; None if they are of none that can be counted plainly."""
    if root.name == b"patent-application-publication":
        return _form("pap")
    if root.name in (b"us-patent-application", b"us-patent-grant"):
        version = _VERSION.search(root.opening)
        if version:
            return _form("parties" if int(version[1]) < 43 else "us-parties")
    return None


_VERSION = re.compile(rb"-v(4\d)-\d{4}-")


class PlainCounts:
    """The counts of one file; ``sets`` returns them at the end."""

    def __init__(self) -> None:
        self._counts: dict[tuple[int, str], _Group] = {}
        self._tail, self._group = b"", _Group({}, {})

    def count(self, stretch: Stretch, places: Iterable[int], form: Form, root: Root) -> list[int]:
        """Count the documents at some places of a stretch; returns those that are not plain after all."""
        buffer, bounds = stretch.buffer, stretch.bounds
        find, codes_between, (opening, closing) = buffer.find, form.codes, form.block
        odd, join = [], b"".join
        for place in places:
            begin, end = bounds[place], bounds[place + 1]
            number_end = find(b"</doc-number>", begin, end)
            if number_end < 0 or not self._is_identified(buffer, begin, number_end, root):
                odd.append(place)
                continue
            opened = find(opening, number_end, end)
            closed = find(closing, opened, end) if opened >= 0 else -1
            codes = codes_between(buffer, opened, closed) if closed >= 0 else None
            if codes is None:
                odd.append(place)
                continue
            key, group = join(codes), self._group.plain
            if key in group:
                group[key] += 1
            elif form.needs_all and not all(map(is_known, codes)):
                odd.append(place)
            elif _state_codes().isdisjoint(codes):
                group[key] = 1
            elif _may_repeat_state(buffer, opened, end):
                odd.append(place)
            else:
                beside = self._group.beside_states
                beside[key] = beside.get(key, 0) + 1
        return odd

    def _is_identified(self, buffer: bytes, begin: int, number_end: int, root: Root) -> bool:
        """Whether number, kind and date are plain; sets the group the document counts in.

        Kind and date are nearly always those of the document before, with the same text between them.
        """
        number = buffer[number_end - _DIGITS : number_end]
        is_number = number.isdigit() and buffer[number_end - _DIGITS - 1] == _TAG_END
        if is_number and self._tail and buffer.startswith(self._tail, number_end):
            return True
        identity = identity_of(buffer, begin + root.start, root)
        if identity is None:
            return False
        kind, day, tail = identity
        self._tail = tail if root.name != b"us-patent-grant" else b""
        self._group = self._counts.setdefault((int(day[:4]), kind.decode()), _Group({}, {}))
        return True

    @property
    def sets(self) -> Counter[CountrySet]:
        """Documents by year, kind and set of countries."""
        counted: Counter[CountrySet] = Counter()
        for (year, kind), group in self._counts.items():
            for text, documents in (*group.plain.items(), *group.beside_states.items()):
                counted[year, kind, _countries_in(text)] += documents
        return counted


class _Group(NamedTuple):
    """Documents of one year and kind by their codes; those with a code that is a US state's as well apart."""

    plain: dict[bytes, int]
    beside_states: dict[bytes, int]


_DIGITS = 11
_TAG_END = ord(">")


def _countries_in(text: bytes) -> tuple[str, ...]:
    """The sorted countries of codes written one behind the other."""
    codes = {text[place : place + 2] for place in range(0, len(text), 2)}
    return tuple(sorted({country for code in codes if (country := country_code(code.decode()))}))


def _addresses(buffer: bytes, opened: int, closed: int) -> list[bytes] | None:
    return _ADDRESS_CODE.findall(buffer, opened, closed)


def _residences(buffer: bytes, opened: int, closed: int) -> list[bytes] | None:
    """None unless every applicant is an inventor with a residence, and those listed again add no country."""
    codes = _RESIDENCE_CODE.findall(buffer, opened, closed)
    applicants = buffer.count(b"<applicant ", opened, closed)
    inventors = buffer.count(b'app-type="applicant-inventor"', opened, closed)
    if not len(codes) == applicants == inventors:
        return None
    if _LISTED_AGAIN.match(buffer, closed):
        end = buffer.find(b"</inventors>", closed)
        return codes if {*_ADDRESS_CODE.findall(buffer, closed, end)} <= {*codes} else None
    return codes


def _pap_residences(buffer: bytes, opened: int, closed: int) -> list[bytes] | None:
    """None unless every inventor has a residence in a country."""
    codes = _PAP_CODE.findall(buffer, opened, closed)
    # <inventor> and <first-named-inventor> with their end tags
    return codes if 2 * len(codes) == buffer.count(b"inventor>", opened, closed) else None


@cache
def _form(name: str) -> Form:
    odd = "|".join(part for part in (_ODD_ANYWHERE, _ODD_PARTY[name]) if part)
    if name == "us-parties":
        return Form(odd, (b"<inventors>", b"</inventors>"), _addresses, needs_all=False)
    if name == "parties":
        return Form(odd, (b"<applicants>", b"</applicants>"), _residences, needs_all=True)
    return Form(odd, (b"<inventors>", b"</inventors>"), _pap_residences, needs_all=True)


@cache
def _state_codes() -> frozenset[bytes]:
    return frozenset(state.encode() for state in us_states() if country_code(state) != "US")


def _may_repeat_state(buffer: bytes, begin: int, end: int) -> bool:
    """Whether a country only repeats the US state before it, or a state is written so that this cannot be known."""
    return any(pattern.search(buffer, begin, end) for pattern in _repeated_states())


@cache
def _repeated_states() -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    taken = b"|".join(sorted(_state_codes()))
    postcode = rb"(?:<postcode>[^<]*</postcode>" + _B + rb")?"
    repeated = rb"</state>" + _B + postcode + rb"<country(?:-code)?>" + _B + rb"(?:" + taken + rb")"
    return re.compile(repeated), re.compile(rb"<state(?:[ \t\r\n]|>[^<]*(?:&|<[^/]))")
