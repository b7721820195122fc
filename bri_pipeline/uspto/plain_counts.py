"""Counts countries of inventors over a whole stretch of documents that are written alike, without reading each.

Nearly all documents of a weekly file begin with the same declaration, document type and root; among those the form
of the inventors is known from the document type. What makes a document other than plain (comments, CDATA, codes
written otherwise, a country that may only repeat a US state ...) is found by the one search that finds suspects, over
the whole stretch; such documents go to the parser. Of the rest only the codes within the inventors' block are picked,
two searches and one ``findall`` a document, and counted as the text they make one behind the other; what countries a
text means is decided once per text.

For documents valid against their DTD the answer is what the parser would say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import NamedTuple

from bri_pipeline.publication.countries import country_code, us_states
from bri_pipeline.publication.scanned import CountrySet
from bri_pipeline.uspto.country_counts import identity_of
from bri_pipeline.uspto.split import Root, Stretch

_B = r"[ \t\r\n]*"
_BB = _B.encode()
_ADDRESS_CODE = re.compile(rb"<country>" + _BB + rb"([A-Z]{2})")
_RESIDENCE_CODE = re.compile(rb"<residence>" + _BB + rb"<country>" + _BB + rb"([A-Z]{2})")
_PAP_CODE = re.compile(
    rb"<country-code>" + _BB + rb"([A-Z]{2})" + _BB + rb"</country-code>" + _BB + rb"</residence-"
)
_LISTED_AGAIN = re.compile(rb"</applicants>" + _BB + rb"<inventors>")
_ODD_ANYWHERE = r"<!--|<!\[CDATA\["
_ODD_PARTY = {
    # In v4.3 and later: somebody dead, or a second address in another language.
    "us-parties": rf"<deceased-inventor|</addressbook>{_B}<addressbook",
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
        self._counts: dict[tuple[int, str], dict[bytes, int]] = {}
        self._tail, self._group = b"", self._counts.setdefault((0, ""), {})

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
            key, group = join(codes), self._group
            if key in group:
                group[key] += 1
            elif form.needs_all and not all(map(_is_known, codes)):
                odd.append(place)
            else:
                group[key] = 1
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
        self._group = self._counts.setdefault((int(day[:4]), kind.decode()), {})
        return True

    @property
    def sets(self) -> Counter[CountrySet]:
        """Documents by year, kind and set of countries."""
        counted: Counter[CountrySet] = Counter()
        for (year, kind), texts in self._counts.items():
            for text, documents in texts.items():
                counted[year, kind, _countries_in(text)] += documents
        return counted


_DIGITS = 11
_TAG_END = ord(">")


@cache
def _is_known(code: bytes) -> bool:
    return country_code(code.decode()) is not None


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
    odd = "|".join(part for part in (_ODD_ANYWHERE, _ODD_PARTY[name], *_states_twice()) if part)
    if name == "us-parties":
        return Form(odd, (b"<inventors>", b"</inventors>"), _addresses, needs_all=False)
    if name == "parties":
        return Form(odd, (b"<applicants>", b"</applicants>"), _residences, needs_all=True)
    return Form(odd, (b"<inventors>", b"</inventors>"), _pap_residences, needs_all=True)


def _states_twice() -> Iterator[str]:
    """A country that may only repeat the US state before it, or a state written so that it cannot be recognised."""
    taken = "|".join(state for state in sorted(us_states()) if country_code(state) != "US")
    postcode = f"(?:<postcode>[^<]*</postcode>{_B})?"
    yield rf"</state>{_B}{postcode}<country(?:-code)?>{_B}(?:{taken})"
    yield r"<state>[^<]*(?:&|<[^/])|<state[ \t\r\n]"
