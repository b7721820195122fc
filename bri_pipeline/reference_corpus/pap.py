"""Writes publications in the formats of 2001 to 2004, pap-v15 and pap-v16."""

from __future__ import annotations

from bri_pipeline.reference_corpus.documents import Document, WrittenApplicant, WrittenInventor
from bri_pipeline.reference_corpus.markup import branch, leaf, named
from bri_pipeline.reference_corpus.related import pap_continuity, pap_international, pap_priorities

SYSTEM_IDENTIFIERS = {"pap15": "pap-v15-2001-01-31.dtd", "pap16": "pap-v16-2002-01-01.dtd"}

_FILING_TYPES = {"A1": "new-utility", "A2": "republication-amended", "A9": "corrected"}


def pap_document(document: Document, era: str, *, full_text: bool = False) -> str:
    """The document as text, XML declaration and DOCTYPE included.

    Raises:
        ValueError: the document says something that the format has no place for.
    """
    return "\n".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<!DOCTYPE patent-application-publication SYSTEM "{SYSTEM_IDENTIFIERS[era]}" []>',
            branch(
                "patent-application-publication",
                _bibliographic_part(document, era),
                branch(
                    "subdoc-abstract",
                    f'<paragraph id="A-00001" lvl="0">{named(document.abstract or document.title)}.</paragraph>',
                ),
                _text(document) if full_text else "",
            ),
        )
    )


def _bibliographic_part(document: Document, era: str) -> str:
    first, *others = document.inventors
    if first.country is None:
        raise ValueError(f"{document.publication_number}: the first inventor needs a residence")
    return branch(
        "subdoc-bibliographic-information",
        branch(
            "document-id",
            leaf("doc-number", document.number),
            leaf("kind-code", document.kind),
            leaf("document-date", f"{document.publication_date:%Y%m%d}"),
        ),
        leaf("publication-filing-type", _FILING_TYPES.get(document.kind, "new")),
        branch(
            "domestic-filing-data",
            branch("application-number", leaf("doc-number", document.application_number)),
            leaf("application-number-series-code", document.application_number[:2]),
            leaf("filing-date", f"{document.filing_date:%Y%m%d}"),
        ),
        pap_priorities(document.related),
        _technical_information(document),
        pap_continuity(document.related, document.application_number),
        branch(
            "inventors",
            _inventor("first-named-inventor", first, era),
            *(_inventor("inventor", inventor, era) for inventor in others),
        ),
        *(_assignee(applicant) for applicant in document.applicants),
        pap_international(document.related, era),
    )


def _technical_information(document: Document) -> str:
    if not document.ipc:
        raise ValueError(f"{document.publication_number}: files to 2004 always print an IPC symbol")
    main, *further = (padded_symbol(symbol) for symbol in document.ipc)
    botanic = branch("botanic", leaf("latin-name", "Rosa hybrida"), leaf("variety", "Synthetic"))
    return branch(
        "technical-information",
        branch(
            "classification-ipc",
            branch("classification-ipc-primary", leaf("ipc", main)),
            *(branch("classification-ipc-secondary", leaf("ipc", symbol)) for symbol in further),
            leaf("classification-ipc-edition", "07"),
        ),
        branch(
            "classification-us",
            branch(
                "classification-us-primary", branch("uspc", leaf("class", "001"), leaf("subclass", "001000"))
            ),
        ),
        leaf("title-of-invention", named(document.title)),
        botanic if document.is_plant else "",
    )


def padded_symbol(symbol: str) -> str:
    """``H04L 29/06`` as ``H04L029/06``, the form of the seventh edition."""
    subclass, group = symbol.split()
    main, sub = group.split("/")
    return f"{subclass}{main:>03}/{sub}"


def _inventor(name: str, inventor: WrittenInventor, era: str) -> str:
    if inventor.residence not in (None, inventor.country):
        raise ValueError(f"{inventor.last_name}: files to 2004 print one country per inventor")
    citizenship = inventor.nationality and branch("citizenship", leaf("country-code", inventor.nationality))
    return branch(
        name,
        branch(
            "name",
            leaf("given-name", named(inventor.first_name)) if inventor.first_name else "",
            leaf("family-name", named(inventor.last_name)),
        ),
        branch("residence", _residence(inventor, era), citizenship or "") if inventor.country else "",
        leaf("authority-applicant", "INV"),
    )


def _residence(inventor: WrittenInventor, era: str) -> str:
    american = inventor.country == "US"
    if inventor.region and era == "pap15" and not american:
        raise ValueError(f"{inventor.last_name}: files of 2001 print a state for US residents only")
    state = leaf("state", named(inventor.region or "")) if american or inventor.region else ""
    return branch(
        "residence-us" if american else "residence-non-us",
        leaf("city", named(inventor.city or "")),
        state,
        leaf("country-code", inventor.country or ""),
    )


def _assignee(applicant: WrittenApplicant) -> str:
    if applicant.role != "assignee":
        raise ValueError(f"{applicant.name}: files to 2004 know assignees only")
    person = applicant.first_name is not None
    return branch(
        "assignee",
        branch(
            "name",
            leaf("given-name", named(applicant.first_name)),
            leaf("family-name", named(applicant.name)),
        )
        if applicant.first_name is not None
        else leaf("organization-name", named(applicant.name)),
        branch(
            "address",
            leaf("city", named(applicant.city)) if applicant.city else "",
            branch("country", leaf("country-code", applicant.country)),
        ),
        leaf("assignee-type", assignee_role(applicant.country, person=person)),
    )


def assignee_role(country: str, *, person: bool) -> str:
    """The USPTO's code: 02 and 03 for US and foreign companies, 04 and 05 for persons."""
    if person:
        return "04" if country == "US" else "05"
    return "02" if country == "US" else "03"


def _text(document: Document) -> str:
    paragraph = f'<paragraph id="P-00001" lvl="0">{named(document.title)}, in detail.</paragraph>'
    claim = branch("claim", leaf("claim-text", "What is claimed is synthetic."), attributes='id="CLM-00001"')
    return "\n".join(
        (
            branch("subdoc-description", branch("detailed-description", paragraph)),
            branch("subdoc-claims", claim),
        )
    )
