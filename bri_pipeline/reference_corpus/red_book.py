"""Writes publications in the formats since 2005, v4.0 to v4.6 of the USPTO's Red Book."""

from __future__ import annotations

from datetime import timedelta

from bri_pipeline.reference_corpus.documents import Document, WrittenApplicant, WrittenInventor
from bri_pipeline.reference_corpus.markup import branch, leaf, numeric
from bri_pipeline.reference_corpus.pap import assignee_role, padded_symbol
from bri_pipeline.reference_corpus.related import (
    red_book_international,
    red_book_priorities,
    red_book_relations,
)

VERSIONS = {
    "v40": "v4.0 2004-12-02",
    "v41": "v4.1 2005-08-25",
    "v42": "v4.2 2006-08-23",
    "v43": "v4.3 2012-12-04",
    "v44": "v4.4 2014-04-03",
    "v45": "v4.5 2021-08-30",
    "v46": "v4.6 2022-02-17",
}
_APPLICANTS_ARE_INVENTORS = ("v40", "v41", "v42")
_ADDRESS_REQUIRED = ("v40", "v41", "v42", "v43")
_FILING_TYPES = {"A2": "us-republication-amended", "A9": "us-republication-corrected"}


def system_identifier(era: str) -> str:
    """The name of the era's DTD, e.g. ``us-patent-application-v40-2004-12-02.dtd``."""
    number, day = VERSIONS[era].split(" ")
    return f"us-patent-application-{number.replace('.', '')}-{day}.dtd"


def red_book_document(document: Document, era: str, *, full_text: bool = False) -> str:
    """The document as text, XML declaration and DOCTYPE included.

    Raises:
        ValueError: the document says something that the format has no place for.
    """
    day = document.publication_date
    attributes = (
        f'lang="EN" dtd-version="{VERSIONS[era]}" file="{document.publication_number}-{day:%Y%m%d}.XML" '
        f'status="{_status(document)}" id="us-patent-application" country="US" '
        f'date-produced="{day - timedelta(days=15):%Y%m%d}" date-publ="{day:%Y%m%d}"'
    )
    return "\n".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<!DOCTYPE us-patent-application SYSTEM "{system_identifier(era)}" [ ]>',
            branch(
                "us-patent-application",
                _bibliographic_part(document, era),
                branch(
                    "abstract",
                    f'<p id="p-0001" num="0000">{numeric(document.abstract or document.title)}.</p>',
                    attributes='id="abstract"',
                ),
                _text(document) if full_text else "",
                attributes=attributes,
            ),
        )
    )


def _status(document: Document) -> str:
    return "PARALLEL-RUN" if f"{document.publication_date:%Y%m}" == "200501" else "PRODUCTION"


def _bibliographic_part(document: Document, era: str) -> str:
    old = era in _APPLICANTS_ARE_INVENTORS
    national = leaf("country", "US") + "\n" + leaf("main-classification", "001001000")
    botanic = branch("us-botanic", leaf("latin-name", "Rosa hybrida"), leaf("variety", "Synthetic"))
    return branch(
        "us-bibliographic-data-application",
        branch(
            "publication-reference",
            _document_id(document.number, document.kind, f"{document.publication_date:%Y%m%d}"),
        ),
        branch(
            "application-reference",
            _document_id(document.application_number, None, f"{document.filing_date:%Y%m%d}"),
            attributes=f'appl-type="{"plant" if document.is_plant else "utility"}"',
        ),
        leaf("us-application-series-code", document.application_number[:2]),
        _filing_type(document, era),
        red_book_priorities(document.related),
        _classification(document, era),
        _cpc(document),
        branch("classification-national", national) if old else "",
        f'<invention-title id="d0e43">{numeric(document.title)}</invention-title>',
        botanic if document.is_plant else "",
        red_book_relations(document.related, document.application_number),
        _parties(document) if old else _us_parties(document, era),
        _assignees(document),
        red_book_international(document.related),
        attributes='lang="EN" country="US"',
    )


def _document_id(number: str, kind: str | None, day: str) -> str:
    return branch(
        "document-id",
        leaf("country", "US"),
        leaf("doc-number", number),
        leaf("kind", kind) if kind else "",
        leaf("date", day),
    )


def _filing_type(document: Document, era: str) -> str:
    if era == "v40":
        name = _FILING_TYPES.get(document.kind, "us-original-publication-voluntary")
        return branch("us-publication-filing-type", f"<{name}/>")
    return ""


def _classification(document: Document, era: str) -> str:
    if not document.ipc:
        return ""
    if era == "v40":
        main, *further = (padded_symbol(symbol) for symbol in document.ipc)
        return branch(
            "classification-ipc",
            leaf("edition", "07"),
            leaf("main-classification", main),
            *(leaf("further-classification", symbol) for symbol in further),
        )
    day = f"{document.publication_date:%Y%m%d}"
    symbols = (_ipcr(symbol, "L" if index else "F", day) for index, symbol in enumerate(document.ipc))
    return branch("classifications-ipcr", *symbols)


def _ipcr(symbol: str, position: str, day: str) -> str:
    return branch(
        "classification-ipcr",
        leaf("ipc-version-indicator", leaf("date", "20060101")),
        leaf("classification-level", "A"),
        *_symbol_parts(symbol, position, day),
    )


def _symbol_parts(symbol: str, position: str, day: str) -> tuple[str, ...]:
    subclass, group = symbol.split()
    main, sub = group.split("/")
    return (
        leaf("section", subclass[0]),
        leaf("class", subclass[1:3]),
        leaf("subclass", subclass[3]),
        leaf("main-group", main),
        leaf("subgroup", sub),
        leaf("symbol-position", position),
        leaf("classification-value", "I"),
        leaf("action-date", leaf("date", day)),
        leaf("generating-office", leaf("country", "US")),
        leaf("classification-status", "B"),
        leaf("classification-data-source", "H"),
    )


def _cpc(document: Document) -> str:
    """Printed since v4.3; in real files since 2015."""
    if not document.cpc:
        return ""
    day = f"{document.publication_date:%Y%m%d}"
    main, *further = (
        branch(
            "classification-cpc",
            leaf("cpc-version-indicator", leaf("date", "20130101")),
            *_symbol_parts(symbol, "L" if index else "F", day),
            leaf("scheme-origination-code", "C"),
        )
        for index, symbol in enumerate(document.cpc)
    )
    others = branch("further-cpc", *further) if further else ""
    return branch("classifications-cpc", branch("main-cpc", main), others)


def _parties(document: Document) -> str:
    """Inventors as applicants, each with up to three countries (2005 to 2012)."""
    inventors = [_applicant_inventor(index, person) for index, person in enumerate(document.inventors)]
    applicants = [a for a in document.applicants if a.role == "applicant"]
    numbered = enumerate(applicants, start=len(inventors))
    repeated = [
        _inventor(index, person) for index, person in enumerate(document.inventors) if person.also_applicant
    ]
    return branch(
        "parties",
        branch("applicants", *inventors, *(_other_applicant(index, company) for index, company in numbered)),
        branch("inventors", *repeated) if repeated else "",
    )


def _applicant_inventor(index: int, inventor: WrittenInventor) -> str:
    if inventor.country is None:
        raise ValueError(f"{inventor.last_name}: files of 2005 to 2012 need a country for every inventor")
    return branch(
        "applicant",
        _addressbook(inventor),
        branch("nationality", leaf("country", inventor.nationality or "omitted")),
        branch("residence", leaf("country", inventor.counted_country or "")),
        attributes=f'sequence="{index:02}" app-type="applicant-inventor" designation="us-only"',
    )


def _other_applicant(index: int, applicant: WrittenApplicant) -> str:
    return branch(
        "applicant",
        _company_addressbook(applicant),
        branch("nationality", leaf("country", "omitted")),
        branch("residence", leaf("country", applicant.country)),
        attributes=f'sequence="{index:02}" app-type="applicant" designation="us-only"',
    )


def _us_parties(document: Document, era: str) -> str:
    """Applicants and inventors apart (2013 on); without another applicant the inventors are it."""
    for inventor in document.inventors:
        if inventor.residence not in (None, inventor.country):
            raise ValueError(f"{inventor.last_name}: files since 2013 print one country per inventor")
        if inventor.country is None and era in _ADDRESS_REQUIRED:
            raise ValueError(f"{inventor.last_name}: an inventor needs an address before v4.4")
    companies = [a for a in document.applicants if a.role == "applicant"]
    persons = [i for i in document.inventors if i.also_applicant or not companies]
    listed = [
        *(_us_applicant(index, company) for index, company in enumerate(companies)),
        *(_us_applicant_inventor(index, i) for index, i in enumerate(persons, start=len(companies))),
    ]
    inventors = (_inventor(index, inventor) for index, inventor in enumerate(document.inventors))
    return branch("us-parties", branch("us-applicants", *listed), branch("inventors", *inventors))


def _us_applicant(index: int, applicant: WrittenApplicant) -> str:
    return branch(
        "us-applicant",
        _company_addressbook(applicant),
        branch("residence", leaf("country", applicant.country)),
        attributes=f'sequence="{index:02}" app-type="applicant" designation="us-only" '
        'applicant-authority-category="assignee"',
    )


def _us_applicant_inventor(index: int, inventor: WrittenInventor) -> str:
    return branch(
        "us-applicant",
        _addressbook(inventor),
        branch("residence", leaf("country", inventor.country)) if inventor.country else "",
        attributes=f'sequence="{index:02}" app-type="applicant-inventor" designation="us-only" '
        'applicant-authority-category="inventor"',
    )


def _inventor(index: int, inventor: WrittenInventor) -> str:
    return branch(
        "inventor", _addressbook(inventor), attributes=f'sequence="{index:02}" designation="us-only"'
    )


def _addressbook(inventor: WrittenInventor) -> str:
    address = branch(
        "address",
        leaf("city", numeric(inventor.city)) if inventor.city else "",
        leaf("state", numeric(inventor.region)) if inventor.region else "",
        leaf("country", inventor.country or ""),
    )
    return branch(
        "addressbook",
        leaf("last-name", numeric(inventor.last_name)),
        leaf("first-name", numeric(inventor.first_name)) if inventor.first_name else "",
        address if inventor.country else "",
    )


def _company_addressbook(applicant: WrittenApplicant, role: str | None = None) -> str:
    return branch(
        "addressbook",
        *(
            (leaf("last-name", numeric(applicant.name)), leaf("first-name", numeric(applicant.first_name)))
            if applicant.first_name is not None
            else (leaf("orgname", numeric(applicant.name)),)
        ),
        leaf("role", role) if role else "",
        branch(
            "address",
            leaf("city", numeric(applicant.city)) if applicant.city else "",
            leaf("country", applicant.country),
        ),
    )


def _assignees(document: Document) -> str:
    owners = [a for a in document.applicants if a.role == "assignee"]
    written = (
        branch(
            "assignee",
            _company_addressbook(a, assignee_role(a.country, person=a.first_name is not None)),
        )
        for a in owners
    )
    return branch("assignees", *written) if owners else ""


def _text(document: Document) -> str:
    paragraph = f'<p id="p-0002" num="0001">{numeric(document.title)}, in detail.</p>'
    claim = leaf("claim-text", "1. What is claimed is synthetic.")
    return "\n".join(
        (
            branch("description", paragraph, attributes='id="description"'),
            branch(
                "claims",
                branch("claim", claim, attributes='id="CLM-00001" num="00001"'),
                attributes='id="claims"',
            ),
        )
    )
