"""Fields every era prints as text: numbers, kinds and dates, checked as they are read."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from bri_pipeline.uspto.xmltext import UnreadableXml

_DATE = re.compile(r"\d{8}")
_KIND = re.compile(r"[A-Z]\d?")
_NUMBER_FORMS = {
    "publication": (re.compile(r"\d{11}"), "11 digits"),
    "grant": (re.compile(r"(?=.*\d)[A-Z]{0,2}\d{1,8}"), "up to two letters and up to eight digits"),
}


class DocumentId(NamedTuple):
    """Identity of a published document."""

    publication_number: str
    kind: str
    publication_date: date


def document_id(number: str | None, kind: str | None, day: str | None, what: str) -> DocumentId:
    """Identity from number, kind and date as printed; ``what`` is publication or grant.

    The number is ``US`` + number + kind. Grant numbers lose the zeros the USPTO fills all-digit numbers
    with (``08141234`` is US8141234B2); behind letters they stay as printed (``USD0656347S1``).

    Raises:
        UnreadableXml: one of them is missing or has not the form it must have.
    """
    form, described = _NUMBER_FORMS[what]
    number_text, kind_text = (number or "").upper(), (kind or "").upper()
    if not form.fullmatch(number_text):
        raise UnreadableXml(f"the {what} number is {number_text!r}, not {described}")
    if not _KIND.fullmatch(kind_text):
        raise UnreadableXml(f"the kind code is {kind_text!r}, not a letter and a digit")
    if not day:
        raise UnreadableXml("the publication date is missing")
    published = _day(day)
    if published is None:
        raise UnreadableXml(f"the publication date is {day!r}, not a date YYYYMMDD")
    if number_text.isdigit() and what == "grant":
        number_text = number_text.lstrip("0")
    return DocumentId(f"US{number_text}{kind_text}", kind_text, published)


def noted_date(printed: str | None, note: str, notes: list[str]) -> date | None:
    """The date printed as YYYYMMDD; None if it is missing, and with the note if something else is printed."""
    day = _day(printed) if printed else None
    if printed and day is None:
        notes.append(note)
    return day


@lru_cache(maxsize=1 << 15)
def _day(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])) if _DATE.fullmatch(text) else None
    except ValueError:
        return None
