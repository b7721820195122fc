"""Writes priority claims, related documents and international filings in the formats of every era."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bri_pipeline.reference_corpus.documents import WrittenRelated
from bri_pipeline.reference_corpus.markup import branch, leaf

_PAP_ELEMENTS = {
    "division": "division-of",
    "reissue": "reissue-of",
    "substitution": "substitution-for",
    "pct": "a-371-of-international",
    "continuation": "continuation-of",
    "continuation-in-part": "continuation-in-part-of",
    "continuing-reissue": "continuing-reissue-of",
}
_PAP_CONTINUATIONS = ("continuation", "continuation-in-part", "continuing-reissue")
_PAP_SINGLE = {"provisional": "non-provisional-of-provisional", "correction": "corrected-republication-of"}
_RED_BOOK_ELEMENTS = {
    "provisional": "us-provisional-application",
    "divisional-reissue": "us-divisional-reissue",
}
_SINGLE = ("provisional", "related-publication", "correction")
_INTERNATIONAL = ("pct", "pct-publication")


def red_book_priorities(documents: Sequence[WrittenRelated]) -> str:
    """The element ``priority-claims``; empty without any."""
    claims = [one for one in documents if one.relation == "foreign-priority"]
    written = (
        branch(
            "priority-claim",
            leaf("country", claim.country),
            leaf("doc-number", claim.number),
            leaf("date", claim.day),
            attributes=f'sequence="{sequence:02}" kind="national"',
        )
        for sequence, claim in enumerate(claims, start=1)
    )
    return branch("priority-claims", *written) if claims else ""


def red_book_relations(documents: Sequence[WrittenRelated], application_number: str) -> str:
    """The element ``us-related-documents``; empty without any."""
    related = [one for one in documents if one.relation not in ("foreign-priority", *_INTERNATIONAL)]
    written = (
        branch(
            _RED_BOOK_ELEMENTS.get(one.relation, one.relation), _red_book_relation(one, application_number)
        )
        for one in related
    )
    return branch("us-related-documents", *written) if related else ""


def red_book_international(documents: Sequence[WrittenRelated]) -> str:
    """The elements of the international filing and its publication; empty without any."""
    filed = next((one for one in documents if one.relation == "pct"), None)
    published = next((one for one in documents if one.relation == "pct-publication"), None)
    entered = branch("us-371c124-date", leaf("date", "20100101"))
    return "\n".join(
        piece
        for piece in (
            branch("pct-or-regional-filing-data", _red_book_id(filed), entered) if filed else "",
            branch("pct-or-regional-publishing-data", _red_book_id(published)) if published else "",
        )
        if piece
    )


def _red_book_relation(document: WrittenRelated, application_number: str) -> str:
    if document.relation == "correction":
        return branch("document-corrected", _red_book_id(document))
    if document.relation in _SINGLE:
        return _red_book_id(document)
    child = branch("document-id", leaf("country", "US"), leaf("doc-number", application_number))
    name = "us-relation" if document.relation == "divisional-reissue" else "relation"
    return branch(name, branch("parent-doc", _red_book_id(document)), branch("child-doc", child))


def _red_book_id(document: WrittenRelated) -> str:
    return branch(
        "document-id",
        leaf("country", document.country),
        leaf("doc-number", document.number),
        leaf("date", document.day),
    )


def pap_priorities(documents: Sequence[WrittenRelated]) -> str:
    """The elements ``foreign-priority-data``, one per claim."""
    return "\n".join(
        branch(
            "foreign-priority-data",
            branch("priority-application-number", leaf("doc-number", claim.number)),
            leaf("filing-date", claim.day),
            leaf("country-code", claim.country),
        )
        for claim in documents
        if claim.relation == "foreign-priority"
    )


def pap_continuity(documents: Sequence[WrittenRelated], application_number: str) -> str:
    """The element ``continuity-data`` and the prior publications; empty without any."""
    written = [*_pap_relations(documents, application_number)]
    prior = [_pap_id(one) for one in documents if one.relation == "related-publication"]
    pieces = (
        branch("continuity-data", *written) if written else "",
        branch("prior-publication", *prior) if prior else "",
    )
    return "\n".join(piece for piece in pieces if piece)


def pap_international(documents: Sequence[WrittenRelated], era: str) -> str:
    """The element ``international-conventions`` of a national phase whose application was published."""
    published = next((one for one in documents if one.relation == "pct-publication"), None)
    if published is None:
        return ""
    filed = next(one for one in documents if one.relation == "pct")
    return branch(
        "international-conventions",
        branch("pct-application", _pap_id(filed)),
        leaf("usc371-date", "20010101") if era == "pap15" else "",
        leaf("usc102e-date", "20010101") if era == "pap15" else "",
        branch("pct-publication", _pap_id(published)),
    )


def _pap_relations(documents: Sequence[WrittenRelated], application_number: str) -> Iterator[str]:
    for one in documents:
        if one.relation in _PAP_SINGLE:
            yield branch(_PAP_SINGLE[one.relation], _pap_id(one))
        elif one.relation in _PAP_ELEMENTS:
            child = branch("child", branch("document-id", leaf("doc-number", application_number)))
            parent = branch("parent", _pap_id(one))
            pair = branch("parent-child", child, parent, leaf("parent-status", "UNKNOWN"))
            relation = branch(_PAP_ELEMENTS[one.relation], pair)
            yield branch("continuations", relation) if one.relation in _PAP_CONTINUATIONS else relation


def _pap_id(document: WrittenRelated) -> str:
    return branch(
        "document-id",
        leaf("doc-number", document.number),
        leaf("document-date", document.day),
        leaf("country-code", document.country),
    )
