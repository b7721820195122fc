"""One pass over a USPTO file: the publications with an inventor of a focal country."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal

from bri_pipeline.files.stream import XmlStream, open_streams
from bri_pipeline.publication.scanned import FileScan, UnreadableDocument, country_set
from bri_pipeline.uspto.country_counts import countries_of, read_plainly
from bri_pipeline.uspto.parse import NO_PUBLICATIONS
from bri_pipeline.uspto.plain_counts import Form, PlainCounts, form_of
from bri_pipeline.uspto.read import read_document, undeclared_country, unopened, unreadable
from bri_pipeline.uspto.screen import Beginning, Screen
from bri_pipeline.uspto.split import (
    RawDocument,
    Root,
    Stretch,
    find_root,
    split_further,
    split_stretches,
    wide_encoding,
)

Documents = Literal["publications", "grants", "both"]

_WANTED = {
    "publications": frozenset({b"us-patent-application", b"patent-application-publication"}),
    "grants": frozenset({b"us-patent-grant", b"PATDOC"}),
}
_WANTED["both"] = frozenset.union(*_WANTED.values())
_KNOWN = frozenset.union(NO_PUBLICATIONS, *_WANTED.values())

# Documents to parse wait until they are so many bytes. Parsed one by one between two searches, each takes a
# fifth longer: parser and search then drive each other out of the processor's caches.
_WAITING_BYTES = 1 << 21


def scan_file(
    path: Path,
    focal_countries: frozenset[str],
    documents: Documents = "publications",
    *,
    count_countries: bool = False,
    with_all: Sequence[str] = (),
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
        count_countries: fill ``country_sets`` as well, from all documents of the file (see ``plain_counts``; measure
            with ``bench/scan.py``).
        with_all: kept is only what has an inventor of each of these, too; what cannot have one is not parsed.

    Raises:
        UserError: the file cannot be opened or is damaged.
    """
    scanner = _Scanner(focal_countries, documents, count_countries, with_all)
    for stream in open_streams(path):
        if stream.unreadable is not None:
            scanner.set_aside(stream)
        for stretch in split_stretches(stream.chunks):
            scanner.scan_stretch(stream, stretch)
    return scanner.finished()


class _Scanner:
    """Sorts the documents of one file into its ``FileScan``."""

    def __init__(
        self, focal: frozenset[str], documents: Documents, count_countries: bool, with_all: Sequence[str]
    ):
        self.scan = FileScan()
        self._focal = focal
        self._screen_of_any = self._screen = Screen(focal)
        self._screens: dict[tuple[Beginning, Form | None], Screen] = {}
        self._wanted_roots = _WANTED[documents]
        self._count_countries = count_countries
        self._with_all = frozenset(with_all)
        self._screens_of_all = [Screen(frozenset({country})) for country in with_all]
        self._plain = PlainCounts()
        self._form: Form | None = None
        self._usual: Root | None = None
        self._names_per_document = 0
        self._seen = 0
        self._waiting: list[tuple[XmlStream, RawDocument, Root | None]] = []
        self._waiting_bytes = 0

    def set_aside(self, stream: XmlStream) -> None:
        """A member of a zip that cannot be opened."""
        self.scan.documents += 1
        self.scan.unreadable.append(unopened(stream, self._seen))
        self._seen += 1

    def scan_stretch(self, stream: XmlStream, stretch: Stretch) -> None:
        """Skips what can be skipped on the bytes and keeps the rest waiting for ``read_waiting``."""
        if self._usual is None:
            self._set_usual_by(stretch.document(0, self._seen))
        documents, usual = len(stretch.bounds) - 1, self._usual
        suspects, odd = self._screen.both(stretch)
        unusual = self._unusual(stretch)
        looked_at = sorted(suspects | odd | unusual)
        if self._count_countries:
            looked_at = self._count_plain(stretch, looked_at)
        self._skip(documents - len(looked_at))
        for place in looked_at:
            document = stretch.document(place, self._seen + place)
            if usual is None or place in unusual:
                self._look_at(stream, document)
            else:
                self._read_or_skip(stream, document, usual, suspicious=place in suspects)
        self._seen += documents

    def _unusual(self, stretch: Stretch) -> set[int]:
        """Places of the documents that do not begin and end as the last one looked at did; nearly all do.

        Looking only at the seams between documents takes a third of the time of looking at each. All are unusual
        where the root's name is written more often, or less, than it is in so many usual documents: a document may
        have no declaration.
        """
        buffer, bounds = stretch.buffer, stretch.bounds
        root, documents = self._usual, len(bounds) - 1
        if root is None:
            return set(range(documents))
        if buffer.count(root.name, bounds[0], bounds[-1]) != documents * self._names_per_document:
            return set(range(documents))
        seam = b"</" + root.name + b">\n" + root.opening
        end_bytes = len(seam) - len(root.opening)
        unusual = set()
        for place, bound in enumerate(bounds[1:-1], start=1):
            if not buffer.startswith(seam, bound - end_bytes):
                unusual |= {place - 1, place}
        if not buffer.startswith(root.opening, bounds[0]):
            unusual.add(0)
        if not buffer.endswith(_endings(root.name), bounds[-2], bounds[-1]):
            unusual.add(documents - 1)
        return unusual

    def _count_plain(self, stretch: Stretch, looked_at: list[int]) -> list[int]:
        """Count the countries of the documents that are not looked at; returns those that must be after all."""
        if self._usual is None or self._form is None:
            return list(range(len(stretch.bounds) - 1))
        others = set(range(len(stretch.bounds) - 1)).difference(looked_at)
        odd = self._plain.count(stretch, sorted(others), self._form, self._usual)
        return sorted([*looked_at, *odd])

    def _look_at(self, stream: XmlStream, whole: RawDocument) -> None:
        """A document that does not begin and end as usual: it may hold others, and be of any form."""
        # In UTF-16 nothing suspicious can be found on the bytes.
        is_wide = wide_encoding(whole.content) is not None
        for document in split_further(whole):
            if document.number > whole.number:
                self._seen += 1  # a document within another
            root = find_root(document.content)
            if root is None or root.name not in _KNOWN:
                self._read_later(stream, document, root)
            elif root.name not in self._wanted_roots:
                self.scan.other_documents[root.name.decode()] += 1
            else:
                self._set_usual(root, document)
                suspicious = is_wide or self._is_suspected(document, self._screen_of_any)
                self._read_or_skip(stream, document, root, suspicious=suspicious)

    def _read_or_skip(
        self, stream: XmlStream, document: RawDocument, root: Root, *, suspicious: bool
    ) -> None:
        if not document.content.endswith(_endings(root.name)) or (
            suspicious and self._may_have_all(document)
        ):
            self._read_later(stream, document, root)
        elif self._count_countries:
            self._count(stream, document, root)
        else:
            self._skip(1)

    def _may_have_all(self, document: RawDocument) -> bool:
        return all(self._is_suspected(document, screen) for screen in self._screens_of_all)

    @staticmethod
    def _is_suspected(document: RawDocument, screen: Screen) -> bool:
        return bool(screen.suspects(Stretch(document.content, 0, [0, len(document.content)], True)))

    def _set_usual_by(self, first: RawDocument) -> None:
        """Take the first document for a usual one, if it is single and of a wanted form."""
        root = find_root(first.content)
        if root and root.name in self._wanted_roots and len(split_further(first)) == 1:
            self._set_usual(root, first)

    def _set_usual(self, root: Root, document: RawDocument) -> None:
        """Take the documents that begin like this one for the usual ones from now on."""
        self._names_per_document = document.content.count(root.name)
        if root == self._usual:
            return
        self._usual = root
        if self._count_countries:
            self._form = form_of(root)
        kind = (Beginning.of(root), self._form)
        if kind not in self._screens:
            self._screens[kind] = Screen(self._focal, kind[0], self._form.odd if self._form else None)
        self._screen = self._screens[kind]

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
        """Reads the documents that wait, in their order."""
        for waiting in self._waiting:
            self._read(*waiting)
        self._waiting.clear()
        self._waiting_bytes = 0

    def finished(self) -> FileScan:
        """The scan, once all stretches were seen."""
        self.read_waiting()
        self.scan.country_sets.update(self._plain.sets)
        return self.scan

    def _read(self, stream: XmlStream, document: RawDocument, root: Root | None) -> None:
        self.scan.documents += 1
        read = read_document(stream, document, root)
        if isinstance(read, UnreadableDocument):
            self.scan.unreadable.append(read)
            return
        is_focal = not self._focal.isdisjoint(read.countries)
        if not is_focal and (entity := undeclared_country(read)):
            reason = f"the country of an inventor is {entity}, an entity that the document does not declare"
            self.scan.unreadable.append(unreadable(stream, document, reason))
            return
        if self._count_countries:
            self.scan.country_sets[country_set(read)] += 1
        if not is_focal or not self._with_all <= set(read.countries):
            self.scan.skipped += 1
        else:
            self.scan.publications.append(read)
            self.scan.notes.update(read.notes)


@lru_cache
def _endings(root_name: bytes) -> tuple[bytes, ...]:
    end_tag = b"</" + root_name + b">"
    return tuple(end_tag + tail for tail in (b"\n", b"", b"\r\n", b"\n\n"))
