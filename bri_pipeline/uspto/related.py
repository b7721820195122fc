"""Priority claims, related documents and international filings, as the files of each era print them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from lxml import etree

from bri_pipeline.publication import notes as note
from bri_pipeline.publication.days import noted_day
from bri_pipeline.publication.record import RelatedDocument
from bri_pipeline.publication.related import RELATIONS, related_document
from bri_pipeline.uspto.xmltext import Form, plain_text, texts

# (relation, country, number, date) as printed.
_Printed = tuple[str, str | None, str | None, str | None]

_DOCUMENT: Form = {"country": "country", "doc-number": "number", "date": "date"}
_ID: Form = {"document-id": _DOCUMENT}
_PARENT: Form = {
    "document-id": _DOCUMENT,
    "parent-pct-document": {
        "document-id": {"country": "pct country", "doc-number": "pct number", "date": "pct date"}
    },
}
_RED_BOOK_RELATION: Form = {
    "document-id": _DOCUMENT,
    "document-corrected": _ID,
    "relation": {"parent-doc": _PARENT},
    "us-relation": {"parent-doc": _PARENT},
}
_PAP_DOCUMENT: Form = {"country-code": "country", "doc-number": "number", "document-date": "date"}
_PAP_ID: Form = {"document-id": _PAP_DOCUMENT}
_PAP_RELATION: Form = {
    "document-id": _PAP_DOCUMENT,
    "parent-child": {"parent": _PAP_ID},
    "parent-pct": {"document-id": {"doc-number": "pct number", "document-date": "pct date"}},
}
_PAP_PRIORITY: Form = {
    "priority-application-number": {"doc-number": "number"},
    "filing-date": "date",
    "country-code": "country",
}
_PATDOC_DOCUMENT: Form = {"DNUM": "number", "DATE": "date", "CTRY": "country"}
_PATDOC_DOC: Form = {"DOC": _PATDOC_DOCUMENT}
_PATDOC_RELATIONS = {  # codes of ST.32 with the USPTO's additions
    "B610": "addition",
    "B620": "division",
    "B631": "continuation",
    "B632": "continuation-in-part",
    "B633": "continuing-reissue",
    "B640": "reissue",
    "B641US": "divisional-reissue",
    "B645": "reexamination",
    "B645US": "reexamination-reissue-merger",
    "B650": "related-publication",
    "B660": "substitution",
    "B680US": "provisional",
}
_PAP_RELATIONS = {
    "continuation-of": "continuation",
    "continuation-in-part-of": "continuation-in-part",
    "continuing-reissue-of": "continuing-reissue",
    "division-of": "division",
    "reissue-of": "reissue",
    "substitution-for": "substitution",
    "non-provisional-of-provisional": "provisional",
    "a-371-of-international": "pct",
    "corrected-republication-of": "correction",
}


def red_book_related(parts: Mapping[str, etree._Element], notes: list[str]) -> tuple[RelatedDocument, ...]:
    """Related documents of 2005 and later; ``notes`` gets what could not be read."""
    return _related(_red_book_printed(parts, notes), notes)


def pap_related(
    bibliography: etree._Element, parts: Mapping[str, etree._Element], notes: list[str]
) -> tuple[RelatedDocument, ...]:
    """Related documents of publications of 2001 to 2004; ``notes`` gets what could not be read."""
    return _related(_pap_printed(bibliography, parts), notes)


def patdoc_related(parts: Mapping[str, etree._Element], notes: list[str]) -> tuple[RelatedDocument, ...]:
    """Related documents of grants of 2002 to 2004; ``notes`` gets what could not be read."""
    return _related(_patdoc_printed(parts), notes)


def _related(printed: Iterable[_Printed], notes: list[str]) -> tuple[RelatedDocument, ...]:
    found = [
        related_document(relation, country, number, noted_day(day, note.RELATED_DATE, notes))
        for relation, country, number, day in printed
    ]
    return tuple(dict.fromkeys(document for document in found if document))


def _red_book_printed(parts: Mapping[str, etree._Element], notes: list[str]) -> Iterator[_Printed]:
    for claim in parts.get("priority-claims", ()):
        yield "foreign-priority", *_identity(texts(claim, _DOCUMENT))
    for element in parts.get("us-related-documents", ()):
        relation = element.tag.removeprefix("us-").removesuffix("-application")
        if relation == "related-publication":
            yield from _publications(element)
        elif relation in RELATIONS:
            text = texts(element, _RED_BOOK_RELATION)
            yield relation, *_identity(text)
            yield "pct", *_identity(text, "pct ")
        else:
            notes.append(note.RELATED)
    yield "pct", *_identity(texts(parts.get("pct-or-regional-filing-data"), _ID))
    yield "pct-publication", *_identity(texts(parts.get("pct-or-regional-publishing-data"), _ID))


def _publications(element: etree._Element) -> Iterator[_Printed]:
    """Related publications; in some files a bare number."""
    if len(element) == 0:
        yield "related-publication", "US", plain_text(element), None
    for document in element.iterchildren("document-id"):
        yield "related-publication", *_identity(texts(document, _DOCUMENT))


def _pap_printed(bibliography: etree._Element, parts: Mapping[str, etree._Element]) -> Iterator[_Printed]:
    for claim in bibliography.iterchildren("foreign-priority-data"):
        yield "foreign-priority", *_identity(texts(claim, _PAP_PRIORITY))
    if (continuity := parts.get("continuity-data")) is not None:
        for element in continuity.iter(*_PAP_RELATIONS):
            text = texts(element, _PAP_RELATION)
            country, number, day = _identity(text)
            yield _PAP_RELATIONS[element.tag], country or "US", number, day
            yield "pct", "WO", *_identity(text, "pct ")[1:]
    for document in parts.get("prior-publication", ()):
        country, number, day = _identity(texts(document, _PAP_DOCUMENT))
        yield "related-publication", country or "US", number, day
    for convention in bibliography.iterchildren("international-conventions"):
        for tag, relation in (("pct-application", "pct"), ("pct-publication", "pct-publication")):
            for element in convention.iterchildren(tag):
                country, number, day = _identity(texts(element, _PAP_ID))
                yield relation, country or "WO", number, day


def _patdoc_printed(parts: Mapping[str, etree._Element]) -> Iterator[_Printed]:
    yield from _patdoc_priorities(parts.get("B300", ()))
    if (related := parts.get("B600")) is not None:
        for element in related.iter(*_PATDOC_RELATIONS):
            for parent in element.iter("PARENT-US", "DOC"):
                if parent.tag == "DOC" and next(parent.iterancestors("PARENT-US"), None) is not None:
                    continue
                form = _PATDOC_DOCUMENT if parent.tag == "DOC" else {"PDOC": _PATDOC_DOC}
                country, number, day = _identity(texts(parent, form))
                yield _PATDOC_RELATIONS[element.tag], country or "US", number, day
    if (international := parts.get("B800")) is not None:
        for element in international.iter("B861", "B871"):
            country, number, day = _identity(texts(element, _PATDOC_DOC))
            yield "pct" if element.tag == "B861" else "pct-publication", country or "WO", number, day


def _patdoc_priorities(group: Iterable[etree._Element]) -> Iterator[_Printed]:
    """Number (B310), date (B320) and country (B330) follow one another, once per claim."""
    claim: dict[str, str] = {}
    for element in group:
        if element.tag == "B310" and claim:
            yield "foreign-priority", claim.get("B330"), claim.get("B310"), claim.get("B320")
            claim = {}
        claim[element.tag] = plain_text(element)
    if claim:
        yield "foreign-priority", claim.get("B330"), claim.get("B310"), claim.get("B320")


def _identity(text: Mapping[str, str | None], prefix: str = "") -> tuple[str | None, str | None, str | None]:
    return text.get(f"{prefix}country"), text.get(f"{prefix}number"), text.get(f"{prefix}date")
