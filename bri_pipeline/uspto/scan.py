"""One pass over a USPTO file: the publications with an inventor of a focal country."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from bri_pipeline.files.stream import XmlStream, open_streams
from bri_pipeline.publication.scanned import FileScan, UnreadableDocument, country_set
from bri_pipeline.uspto.country_counts import countries_of, read_plainly
from bri_pipeline.uspto.parse import NO_PUBLICATIONS
from bri_pipeline.uspto.read import read_document
from bri_pipeline.uspto.screen import Screen
from bri_pipeline.uspto.split import RawDocument, Root, Stretch, find_root, split_stretches

_WANTED = {
    "publications": frozenset({b"us-patent-application", b"patent-application-publication"}),
    "grants": frozenset({b"us-patent-grant"}),
}
_KNOWN = frozenset.union(NO_PUBLICATIONS, *_WANTED.values())

# Documents to parse wait until they are so many bytes. Parsed one by one between two searches, each takes a
# fifth longer: parser and search then drive each other out of the processor's caches.
_WAITING_BYTES = 1 << 21


def scan_file(
    path: Path,
    focal_countries: frozenset[str],
    documents: Literal["publications", "grants"] = "publications",
    *,
    count_countries: bool = False,
) -> FileScan:
    """The publications (or grants) of a file with at least one inventor of a focal country.

    A document in which no country can be a focal one (see ``screen``) is skipped unparsed: it has been
    checked to begin with a known root element and to end with its end tag, but a fault in between is not
    noticed. Every other document is parsed, and set aside with its place and reason if it cannot be read. A
    document whose root element is unknown counts as unreadable.

    Args:
        path: a weekly file, zip or XML, of any era.
        focal_countries: two-letter codes, as in ``Inventor.country``.
        documents: what is looked for; documents of the other type are counted apart.
        count_countries: fill ``country_sets`` as well, from all documents of the file. Front pages then take two
            to three times as long (measure with ``bench/scan.py``).

    Raises:
        UserError: the file cannot be opened or is damaged.
    """
    scanner = _Scanner(focal_countries, documents, count_countries)
    for stream in open_streams(path):
        for stretch in split_stretches(stream.chunks):
            scanner.scan_stretch(stream, stretch)
    scanner.read_waiting()
    return scanner.scan


class _Scanner:
    """Sorts the documents of one file into its ``FileScan``."""

    def __init__(
        self, focal: frozenset[str], documents: Literal["publications", "grants"], count_countries: bool
    ):
        self.scan = FileScan()
        self._focal = focal
        self._screen = Screen(focal)
        self._wanted_roots = _WANTED[documents]
        self._count_countries = count_countries
        self._usual: Root | None = None
        self._seen = 0
        self._waiting: list[tuple[XmlStream, RawDocument, Root | None]] = []
        self._waiting_bytes = 0

    def scan_stretch(self, stream: XmlStream, stretch: Stretch) -> None:
        """Skips what can be skipped on the bytes and keeps the rest waiting for ``read_waiting``."""
        suspects = self._screen.suspects(stretch)
        documents = len(stretch.bounds) - 1
        looked_at = range(documents) if self._count_countries else sorted(suspects | self._unusual(stretch))
        for place in looked_at:
            self._look_at(stream, stretch, place, suspicious=place in suspects)
        self._skip(documents - len(looked_at))
        self._seen += documents

    def _unusual(self, stretch: Stretch) -> set[int]:
        """Places of the documents that do not begin and end as the last one looked at did; nearly all do.

        Looking only at the seams between documents takes a third of the time of looking at each.
        """
        buffer, bounds = stretch.buffer, stretch.bounds
        root = self._usual
        if root is None:
            return set(range(len(bounds) - 1))
        seam = b"</" + root.name + b">\n" + root.opening
        end_bytes = len(seam) - len(root.opening)
        unusual = set()
        for place, bound in enumerate(bounds[1:-1], start=1):
            if not buffer.startswith(seam, bound - end_bytes):
                unusual |= {place - 1, place}
        if not buffer.startswith(root.opening, bounds[0]):
            unusual.add(0)
        if not buffer.endswith(_endings(root.name), bounds[-2], bounds[-1]):
            unusual.add(len(bounds) - 2)
        return unusual

    def _look_at(self, stream: XmlStream, stretch: Stretch, place: int, *, suspicious: bool) -> None:
        document = stretch.document(place, self._seen + place)
        root = self._usual
        if root is None or not document.content.startswith(root.opening):
            root = find_root(document.content)
        if root is None or root.name not in _KNOWN:
            self._read_later(stream, document, root)
            return
        if root.name not in self._wanted_roots:
            self.scan.other_documents[root.name.decode()] += 1
            return
        self._usual = root
        if suspicious or not document.content.endswith(_endings(root.name)):
            self._read_later(stream, document, root)
        elif self._count_countries:
            self._count(stream, document, root)
        else:
            self._skip(1)

    def _skip(self, documents: int) -> None:
        self.scan.documents += documents
        self.scan.skipped += documents

    def _count(self, stream: XmlStream, document: RawDocument, root: Root) -> None:
        """A document to skip whose countries are wanted."""
        plain = read_plainly(document.content, root)
        if plain is None:
            self._read_later(stream, document, root)
            return
        self._skip(1)
        self.scan.country_sets[int(plain.day[:4]), plain.kind.decode(), countries_of(plain.codes)] += 1

    def _read_later(self, stream: XmlStream, document: RawDocument, root: Root | None) -> None:
        """A document to parse, now or with those that follow."""
        self._waiting.append((stream, document, root))
        self._waiting_bytes += len(document.content)
        if self._waiting_bytes >= _WAITING_BYTES:
            self.read_waiting()

    def read_waiting(self) -> None:
        """Reads the documents that wait, in their order. To be called once more at the end of a file."""
        for waiting in self._waiting:
            self._read(*waiting)
        self._waiting.clear()
        self._waiting_bytes = 0

    def _read(self, stream: XmlStream, document: RawDocument, root: Root | None) -> None:
        self.scan.documents += 1
        read = read_document(stream, document, root)
        if isinstance(read, UnreadableDocument):
            self.scan.unreadable.append(read)
            return
        if self._count_countries:
            self.scan.country_sets[country_set(read)] += 1
        if self._focal.isdisjoint(read.countries):
            self.scan.skipped += 1
        else:
            self.scan.publications.append(read)
            self.scan.notes.update(read.notes)


@lru_cache
def _endings(root_name: bytes) -> tuple[bytes, ...]:
    end_tag = b"</" + root_name + b">"
    return tuple(end_tag + tail for tail in (b"\n", b"", b"\r\n", b"\n\n"))
