"""Documents as the portal's application search answers with them, and their XML where its records point."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bri_pipeline.reference_corpus.documents import Document, WrittenInventor
from bri_pipeline.reference_corpus.writers import write_week

URI = "https://api.uspto.gov/api/v1/datasets/products/files/"


def write_applications(documents: Iterable[Document], folder: Path, *, without_xml: str = "") -> set[str]:
    """One record per application, of its first publication, into the stand-in's folder.

    Args:
        documents: several publications of an application among them.
        folder: the stand-in's.
        without_xml: the publication whose XML is not there although its record names it.

    Returns:
        The publication numbers that the search can find.
    """
    first: dict[str, Document] = {}
    for document in sorted(documents, key=lambda d: (d.publication_date, d.publication_number)):
        first.setdefault(document.application_number, document)
    (folder / "applications").mkdir(parents=True)
    for document in first.values():
        record = search_entry(document)
        (folder / "applications" / f"{document.number}.json").write_text(json.dumps(record))
        if document.publication_number != without_xml:
            _write_xml(document, folder / _xml_path(document))
    return {document.publication_number for document in first.values()}


def search_entry(document: Document) -> dict[str, Any]:
    """The document as an entry of ``patentFileWrapperDataBag``: no IPC, Hong Kong under ``CN``."""
    return {
        "applicationNumberText": document.application_number,
        "applicationMetaData": {
            "earliestPublicationNumber": document.publication_number,
            "earliestPublicationDate": document.publication_date.isoformat(),
            "filingDate": document.filing_date.isoformat(),
            "inventionTitle": document.title,
            "inventorBag": [_inventor(inventor) for inventor in document.inventors],
            "applicantBag": [{"applicantNameText": one.name} for one in document.applicants],
        },
        "pgpubDocumentMetaData": {"fileLocationURI": URI + _xml_path(document)},
    }


def _inventor(inventor: WrittenInventor) -> dict[str, Any]:
    country = "CN" if inventor.counted_country == "HK" else inventor.counted_country
    residence = {"cityName": inventor.city, "countryCode": country, "postalAddressCategory": "residence"}
    postal = {"cityName": "Alexandria", "countryCode": "US", "postalAddressCategory": "postal"}
    return {
        "firstName": inventor.first_name,
        "lastName": inventor.last_name,
        "correspondenceAddressBag": [postal, residence],
    }


def _xml_path(document: Document) -> str:
    day = document.publication_date
    name = f"{document.application_number}_{document.number}.xml"
    return f"APPXML-SPLT/{day.year}/ipa{day:%y%m%d}/{name}"


def _write_xml(document: Document, path: Path) -> None:
    with TemporaryDirectory() as folder, zipfile.ZipFile(write_week(Path(folder), [document])) as week:
        [member] = (name for name in week.namelist() if name.lower().endswith(".xml"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(week.read(member))
