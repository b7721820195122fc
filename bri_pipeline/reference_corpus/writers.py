"""Writes publications as the USPTO does: one document of any era, or a whole weekly file."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date
from html import escape
from pathlib import Path

from bri_pipeline.reference_corpus.documents import Document
from bri_pipeline.reference_corpus.pap import SYSTEM_IDENTIFIERS, pap_document
from bri_pipeline.reference_corpus.red_book import VERSIONS, red_book_document

ERAS = (*SYSTEM_IDENTIFIERS, *VERSIONS)

# First publication dates of each format. Real files changed format a few weeks after the DTD's date.
_ERA_STARTS = (
    (date(2001, 3, 15), "pap15"),
    (date(2002, 1, 1), "pap16"),
    (date(2005, 1, 1), "v40"),
    (date(2006, 1, 1), "v41"),
    (date(2007, 1, 1), "v42"),
    (date(2013, 1, 1), "v43"),
    (date(2014, 7, 1), "v44"),
    (date(2022, 1, 1), "v45"),
    (date(2023, 1, 1), "v46"),
)

# Fixed, so that the same documents always give the same bytes.
_MEMBER_TIME = (2001, 3, 15, 0, 0, 0)


def era_of(publication_date: date) -> str:
    """The format that publications of this date are in.

    Raises:
        ValueError: the date is before the first publication, 15 March 2001.
    """
    eras = [era for start, era in _ERA_STARTS if start <= publication_date]
    if not eras:
        raise ValueError(f"{publication_date}: the USPTO has published applications since 2001-03-15")
    return eras[-1]


def write_document(document: Document, era: str, *, full_text: bool = False) -> bytes:
    """One document with its XML declaration and DOCTYPE; ``full_text`` adds description and claims.

    Raises:
        ValueError: the document says something that the format has no place for.
    """
    write = pap_document if era in SYSTEM_IDENTIFIERS else red_book_document
    return write(document, era, full_text=full_text).encode() + b"\n"


def write_broken(document: Document) -> bytes:
    """The document in the format of its day, with a tag that is never closed: no parser can read it."""
    closing = b"</name>" if document.publication_date.year < 2005 else b"</addressbook>"
    return write_document(document, era_of(document.publication_date)).replace(closing, b"", 1)


def week_file_name(publication_date: date, revision: int = 0) -> str:
    """``pab20010315_wk11.zip``, ``ipab20230112_wk02_r1.zip``: the name of a week's front pages."""
    week = publication_date.isocalendar().week
    suffix = f"_r{revision}" if revision else ""
    return f"{_base_name(publication_date)}_wk{week:02}{suffix}.zip"


def write_week(
    folder: Path,
    documents: Sequence[Document],
    *,
    era: str | None = None,
    revision: int = 0,
    raw: Sequence[bytes] = (),
    full_text: bool = False,
) -> Path:
    """Write one week, ``<folder>/<year>/<name>.zip``: glued documents, their list and the report.

    Args:
        folder: the folder that holds a folder per year.
        documents: at least one, all of one publication date.
        era: the format; by default that of the date.
        revision: 1 for ``_r1`` and so on; the files inside keep the base name, as in real revisions.
        raw: documents already in bytes (unparsable ones, sequence listings), glued in half-way.
        full_text: whether to add description and claims.

    Raises:
        ValueError: the documents have no common date, or one does not fit the format.
    """
    dates = {document.publication_date for document in documents}
    if len(dates) != 1:
        raise ValueError(f"a week needs documents of one date, not {len(dates)}")
    day = dates.pop()
    written = [write_document(document, era or era_of(day), full_text=full_text) for document in documents]
    middle = len(written) // 2
    glued = b"".join((*written[:middle], *raw, *written[middle:]))
    path = folder / str(day.year) / week_file_name(day, revision)
    path.parent.mkdir(parents=True, exist_ok=True)
    base = _base_name(day)
    with zipfile.ZipFile(path, "w") as archive:
        _add(archive, f"{base}.xml", glued)
        _add(archive, f"{base}lst.txt", _listing(documents, day).encode())
        _add(archive, f"{base}rpt.html", _report(documents, day).encode())
    return path


def _base_name(publication_date: date) -> str:
    return f"{'pab' if publication_date.year < 2005 else 'ipab'}{publication_date:%Y%m%d}"


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    member = zipfile.ZipInfo(name, _MEMBER_TIME)
    member.create_system = 3  # otherwise the platform's, which would change the bytes
    member.external_attr = 0o644 << 16
    archive.writestr(member, content, zipfile.ZIP_DEFLATED, compresslevel=9)


def _listing(documents: Sequence[Document], day: date) -> str:
    return "".join(f"{line}\n" for line in (*(d.number for d in documents), f"{day:%Y%m%d}"))


def _report(documents: Sequence[Document], day: date) -> str:
    numbers = sorted(document.number for document in documents)
    rows = (
        ("Documents", f"{numbers[0]} - {numbers[-1]}", str(len(numbers))),
        ("Plant", "", str(sum(document.is_plant for document in documents))),
    )
    cells = "\n".join("<tr>" + "".join(f"<td>{escape(c)}</td>" for c in row) + "</tr>" for row in rows)
    return (
        "<!DOCTYPE HTML><html>\n<body>\n"
        "<h3>SYNTHETIC RECORDS, NOT ISSUED BY THE UNITED STATES PATENT AND TRADEMARK OFFICE</h3>\n"
        f"<h3>Patent Application Bibliographic Data, Publication Date: {day:%Y%m%d}</h3>\n"
        f"<table>\n{cells}\n</table></body>\n</html>\n"
    )
