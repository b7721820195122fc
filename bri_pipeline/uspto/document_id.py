"""What identifies a document, which every era prints as text, checked as it is read."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from bri_pipeline.publication.days import day_of
from bri_pipeline.uspto.xmltext import UnreadableXml

_KIND = re.compile(r"[A-Z]\d?", re.ASCII)
_NUMBER_FORMS = {
    "publication": (re.compile(r"\d{11}", re.ASCII), "11 digits"),
    "grant": (
        re.compile(r"(?=.*\d)[A-Z]{0,2}\d{1,8}", re.ASCII),
        "up to two letters and up to eight digits",
    ),
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
    published = day_of(day)
    if published is None:
        raise UnreadableXml(f"the publication date is {day!r}, not a date YYYYMMDD or YYYY-MM-DD")
    if number_text.isdigit() and what == "grant":
        number_text = number_text.lstrip("0")
    return DocumentId(f"US{number_text}{kind_text}", kind_text, published)
