"""``bri inspect``: the records of a file, or of one publication at the portal, for people to look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any

from bri_pipeline.errors import UserError
from bri_pipeline.files.stream import what_is_in
from bri_pipeline.printing import GAP, cut, text_table
from bri_pipeline.publication.record import Publication
from bri_pipeline.publication.scanned import UnreadableDocument
from bri_pipeline.settings import Settings
from bri_pipeline.uspto.read import read_documents
from bri_pipeline.visible import visible

_COLUMNS = ("publication", "date", "application", "inventors", "applicants", "ipc", "title")
_NARROWEST = 12
_WHOLE_COLUMNS = 3
_REASONS_SHOWN = 3
_GIVE = "Give a USPTO .xml or .zip file"


def records_of(file_or_number: str, settings: Settings) -> Iterator[dict[str, Any]]:
    """Records with the fields of ``raw.uspto_hits``, one per document.

    Raises:
        UserError: neither a file nor a publication number, a file of which no document can be read (raised at its
            end), or the portal does not answer.
    """
    path = Path(file_or_number)
    if path.is_file():
        return _file_records(path)
    from bri_pipeline.portal.search import publication_number

    number = publication_number(file_or_number)
    if number is None:
        raise UserError(
            f"There is no file {file_or_number}. {_GIVE}, or a publication number such as US20210210819A1."
        )
    return _portal_record(number, settings)


def _file_records(path: Path) -> Iterator[dict[str, Any]]:
    records = _refusing_none(path, inspect_records(path))
    first = list(islice(records, 2))
    return chain(first, records)


def _refusing_none(path: Path, records: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The records; at their end an error where none is a publication or grant."""
    read, unreadable, reasons = 0, 0, list[str]()
    held: list[dict[str, Any]] = []  # a single one that cannot be read: its reason is said, and nothing else
    for record in records:
        if "error" not in record:
            read += 1
        else:
            unreadable += 1
            reasons += [str(record["error"])] if len(reasons) < _REASONS_SHOWN else []
            if not read and unreadable == 1:
                held = [record]
                continue
        yield from (*held, record)
        held = []
    if not read:
        raise UserError(f"{path} {_none_in_words(path, unreadable, reasons)}. {_GIVE}.")


def _none_in_words(path: Path, unreadable: int, reasons: list[str]) -> str:
    if unreadable == 1:
        return f"cannot be read: {reasons[0]}"
    if unreadable:
        more = "; ..." if unreadable > len(reasons) else ""
        return f"holds {unreadable:,} documents, none of which can be read: {'; '.join(reasons)}{more}"
    within = what_is_in(path)
    return (
        f"holds {within}, none of which is a publication or grant"
        if within
        else "holds no publication or grant"
    )


def _portal_record(number: str, settings: Settings) -> Iterator[dict[str, Any]]:
    from bri_pipeline.portal.client import portal_client
    from bri_pipeline.portal.search import fetch_publication

    found = fetch_publication(portal_client(settings), number, read_xml=read_documents)
    yield {**record_of(found.publication, "application search"), "notes": list(found.notes)}


def inspect_records(path: Path) -> Iterator[dict[str, Any]]:
    """One record per publication or grant of a file, in file order, ready for JSON.

    Fields are those of ``raw.uspto_hits``; ``country`` and ``landed_at`` are null because nothing has been
    searched or landed, ``year`` is that of the publication date. A document that cannot be read has
    ``source_file, document_index, byte_offset, error, excerpt`` instead.

    Raises:
        UserError: the file cannot be opened or is damaged.
    """
    for document in read_documents(path):
        if isinstance(document, UnreadableDocument):
            yield {
                "source_file": document.source_file,
                "document_index": document.document_index,
                "byte_offset": document.byte_offset,
                "error": document.reason,
                "excerpt": document.excerpt,
            }
        else:
            yield record_of(document, path.name)


def record_of(publication: Publication, source_file: str) -> dict[str, Any]:
    """A publication or grant with the fields of ``raw.uspto_hits``, from the named file or address."""
    row = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in publication.as_row().items()
    }
    year = publication.publication_date.year
    return {"country": None, "year": year, **row, "source_file": source_file, "landed_at": None}


def format_table(records: Iterable[dict[str, Any]], width: int | None = None) -> str:
    """Records as a table of one line per document, cut to the width of the terminal if there is one.

    Inventors show as ``Name (country)``; the first IPC symbol comes first; what could not be read is
    listed below the table with its place and reason.
    """
    rows: list[tuple[str, ...]] = []
    unreadable: list[dict[str, Any]] = []
    for record in records:
        if "error" in record:
            unreadable.append(record)
        else:
            rows.append(_cells(record))
    table = text_table(_COLUMNS, rows if width is None else _cut_to(width, rows))
    lines = [f"{len(rows)} documents read, {len(unreadable)} could not be read"]
    lines += [
        f"document {record['document_index']} at byte {record['byte_offset']} of {record['source_file']}: "
        f"{record['error']}"
        for record in unreadable
    ]
    return table + visible("\n".join(lines))


def _cells(record: dict[str, Any]) -> tuple[str, ...]:
    ipc = sorted(record["ipc"], key=lambda symbol: symbol["position"] != "first")
    return (
        record["publication_number"],
        record["publication_date"],
        record["application_number"] or "",
        "; ".join(f"{_name(inventor)} ({inventor['country'] or '?'})" for inventor in record["inventors"]),
        "; ".join(applicant["name"] for applicant in record["applicants"]),
        "; ".join(symbol["symbol"] for symbol in ipc),
        record["title"],
    )


def _name(inventor: dict[str, Any]) -> str:
    return " ".join(filter(None, (inventor["first_name"], inventor["last_name"])))


def _cut_to(width: int, rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The rows with numbers and dates whole, the last four columns sharing what is left of the width."""
    table = [_COLUMNS, *rows]
    whole = sum(max(len(row[column]) for row in table) for column in range(_WHOLE_COLUMNS))
    left = width - whole - len(GAP) * (len(_COLUMNS) - 1)
    share = max(_NARROWEST, left // (len(_COLUMNS) - _WHOLE_COLUMNS))
    return [(*row[:_WHOLE_COLUMNS], *(cut(cell, share) for cell in row[_WHOLE_COLUMNS:])) for row in rows]
