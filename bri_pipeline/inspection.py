"""What ``bri inspect`` shows: the records of a file, or of one publication at the portal."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from bri_pipeline.errors import UserError
from bri_pipeline.settings import Settings
from bri_pipeline.uspto.inspect import inspect_records, record_of


def records_of(file_or_number: str, settings: Settings) -> Iterator[dict[str, Any]]:
    """Records with the fields of ``raw.uspto_hits``, one per document.

    Raises:
        UserError: neither a file nor a publication number, a file whose only document cannot be read, or the
            portal does not answer.
    """
    path = Path(file_or_number)
    if path.is_file():
        return _file_records(path)
    from bri_pipeline.portal.search import publication_number

    number = publication_number(file_or_number)
    if number is None:
        raise UserError(
            f"There is no file {file_or_number}. Give a USPTO .xml or .zip file, "
            "or a publication number such as US20210210819A1."
        )
    return _portal_record(number, settings)


def _file_records(path: Path) -> Iterator[dict[str, Any]]:
    records = inspect_records(path)
    first = list(islice(records, 2))
    if len(first) == 1 and "error" in first[0]:
        raise UserError(f"{path} cannot be read: {first[0]['error']}. Give a USPTO .xml or .zip file.")
    return chain(first, records)


def _portal_record(number: str, settings: Settings) -> Iterator[dict[str, Any]]:
    from bri_pipeline.portal.client import portal_client
    from bri_pipeline.portal.search import fetch_publication
    from bri_pipeline.uspto.read import read_documents

    found = fetch_publication(portal_client(settings), number, read_xml=read_documents)
    yield {**record_of(found.publication, "application search"), "notes": list(found.notes)}
