"""Priority claims and related documents: the names of their relations, whatever the source calls them.

The names are those of the elements of v4.x, shortened where they were ``us-...``; sources of other times and
forms are translated into them.
"""

from __future__ import annotations

from datetime import date

from bri_pipeline.publication.countries import country_code
from bri_pipeline.publication.record import RelatedDocument

RELATIONS = {
    "foreign-priority": "an earlier application in another country, whose priority is claimed",
    "pct": "the international application this one, or an earlier one it rests on, is the national phase of",
    "pct-publication": "the publication of that international application",
    "provisional": "an earlier provisional application",
    "continuation": "an earlier application this one continues",
    "continuation-in-part": "an earlier application this one continues and adds to",
    "division": "an earlier application this one was divided from",
    "reissue": "the application of the patent that this one reissues",
    "continuing-reissue": "a reissue application this one continues",
    "divisional-reissue": "a reissue application this one was divided from",
    "reexamination": "the application of the patent that is reexamined",
    "reexamination-reissue-merger": "a reexamination merged with this reissue",
    "substitution": "an abandoned application this one replaces",
    "addition": "an application this one adds to",
    "utility-model-basis": "a utility model this one is based on",
    "correction": "the publication that this one corrects",
    "related-publication": "another publication of the same application, or of one it rests on",
}
"""Relation -> what the other document is to this one."""

_INTERNATIONAL = "PCT"


def related_document(
    relation: str, country: str | None, number: str | None, day: date | None
) -> RelatedDocument | None:
    """The document as the record has it; None if neither number nor date is printed.

    International applications, which files print under ``US`` or the receiving office, get ``WO``.
    """
    if not number and day is None:
        return None
    if (number or "").upper().startswith(_INTERNATIONAL):
        country = "WO"
    return RelatedDocument(relation, office(country), number, day)


def office(printed: str | None) -> str | None:
    """The office's two letters: those of a country, or of an organisation (``EP``, ``WO``) as they are printed."""
    code = (printed or "").strip().upper()
    if len(code) == 2 and code.isascii() and code.isalpha():
        return code
    return country_code(printed)
