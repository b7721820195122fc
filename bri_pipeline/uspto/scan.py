"""One pass over a USPTO file: the publications with an inventor of a focal country."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from bri_pipeline.record import Publication
from bri_pipeline.scan import FileScan, UnreadableDocument
from bri_pipeline.uspto.read import raw_documents, read_document
from bri_pipeline.uspto.split import find_root

ROOTS = {
    "publications": frozenset({b"us-patent-application", b"patent-application-publication"}),
    "grants": frozenset({b"us-patent-grant"}),
}
OTHER_ROOTS = frozenset({b"sequence-cwu"}).union(*ROOTS.values())


def scan_file(
    path: Path,
    focal_countries: frozenset[str],
    documents: Literal["publications", "grants"] = "publications",
    *,
    count_countries: bool = False,
) -> FileScan:
    """Scan a file."""
    scan = FileScan()
    for stream, document in raw_documents(path):
        root = find_root(document.content)
        if root is not None and root.name not in ROOTS[documents] and root.name in OTHER_ROOTS:
            scan.other_documents[root.name.decode()] += 1
            continue
        scan.documents += 1
        _sort_in(scan, read_document(stream, document, root), focal_countries, count_countries)
    return scan


def _sort_in(
    scan: FileScan, read: Publication | UnreadableDocument, focal: frozenset[str], count: bool
) -> None:
    if isinstance(read, UnreadableDocument):
        scan.unreadable.append(read)
        return
    countries = {inventor.country for inventor in read.inventors if inventor.country}
    if count:
        scan.country_totals.update((read.publication_date.year, country) for country in countries)
    if countries & focal:
        scan.publications.append(read)
    else:
        scan.skipped += 1
