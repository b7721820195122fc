"""``bri find``: publications whose inventors come from all the countries named, straight from weekly files.

No study, nothing kept. Only documents in which every one of the countries is written are parsed, so it goes as fast
as a text filter; without countries every document is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from bri_pipeline.commands.inspect import record_of
from bri_pipeline.commands.out import replaced
from bri_pipeline.csv_text import FILE_ENCODING
from bri_pipeline.errors import UserError
from bri_pipeline.printing import formatted, json_line
from bri_pipeline.progress import Count, Listener
from bri_pipeline.publication.countries import country_code
from bri_pipeline.publication.record import PUBLICATION_SCHEMA, Publication, publications_frame
from bri_pipeline.publication.scanned import FileScan, UnreadableDocument
from bri_pipeline.uspto.folder import files_in
from bri_pipeline.uspto.read import read_documents
from bri_pipeline.uspto.scan import scan_file

COLUMNS = ("publication_number", "publication_date", "countries", "inventors", "applicants", "ipc", "title")
_DATED = re.compile(r"i?p[ag]b?(20\d{2}|\d{2})\d{4}(?!\d)", re.IGNORECASE)


@dataclass(frozen=True)
class Question:
    """What is looked for: inventors of every one of the countries, a year of publication, words in the title."""

    countries: tuple[str, ...] = ()
    years: frozenset[int] = frozenset()
    words: tuple[str, ...] = ()

    def fits(self, publication: Publication) -> bool:
        """Whether a publication is wanted; words in any case and order."""
        title = publication.title.casefold()
        return (
            set(self.countries) <= set(publication.countries)
            and (not self.years or publication.publication_date.year in self.years)
            and all(word.casefold() in title for word in self.words)
        )


@dataclass
class Found:
    """What was found: publications with the file each was read from, and what could not be read.

    Of a publication that is in several files the copy of the last one by name counts.
    """

    publications: dict[str, tuple[Publication, str]] = field(default_factory=dict)
    documents: int = 0
    files: int = 0
    bad_files: list[str] = field(default_factory=list)
    unreadable: list[UnreadableDocument] = field(default_factory=list)

    def ordered(self) -> list[tuple[Publication, str]]:
        """By date and number, with the name of the file."""
        return sorted(
            self.publications.values(), key=lambda one: (one[0].publication_date, one[0].publication_number)
        )


def question(inventors: str | None, years: Iterable[int], words: str | None) -> Question:
    """The question of the options as typed.

    Raises:
        UserError: nothing is asked, or a code is no country.
    """
    codes = [code.strip() for code in (inventors or "").split(",") if code.strip()]
    for code in codes:
        if country_code(code) is None:
            raise UserError(f"--inventors: {code} is no country; write ISO codes such as CN,SG.")
    countries = tuple(dict.fromkeys(country_code(code) or "" for code in codes))
    asked = Question(countries, frozenset(years), tuple((words or "").split()))
    if not (asked.countries or asked.years or asked.words):
        raise UserError("Say what to look for: --inventors CN,SG, --year 2013 or --words '...'.")
    return asked


def files_of(given: Iterable[Path]) -> list[Path]:
    """The files given, and of the folders given all that are or may be weekly files, by name.

    Raises:
        UserError: there is no such file, or no file to read in a folder.
    """
    files: dict[Path, None] = {}
    for path in given:
        if not path.exists():
            raise UserError(f"There is no file or folder {path}; correct the path.")
        if not (path.is_file() or path.is_dir()):
            raise UserError(f"{path} is neither a file nor a folder; give the weekly files or their folder.")
        inside = [path] if path.is_file() else sorted(_may_hold_publications(path))
        if not inside:
            raise UserError(f"{path} holds no zip or XML file; give the folder of the weekly files.")
        files.update(dict.fromkeys(inside))
    return sorted(files, key=lambda path: path.name)


def _may_hold_publications(folder: Path) -> Iterator[Path]:
    """Also files that cannot be opened: reading them says why."""
    return (file.path for file in files_in(folder) if not file.is_other)


def find(files: Iterable[Path], asked: Question, progress: Listener) -> Found:
    """What the files hold of it. Files whose name dates them in another year are not opened; bad ones are named."""
    found = Found()
    wanted_files = [path for path in files if not asked.years or _year_of(path) in {None, *asked.years}]
    count = Count(progress, "reading files", len(wanted_files), "files")
    for path in wanted_files:
        count.begin(path.name)
        found.files += 1
        try:
            scan = _scan(path, asked)
        except UserError as error:
            found.bad_files.append(str(error))
            continue
        finally:
            count.add()
        found.documents += scan.documents
        found.unreadable += scan.unreadable
        wanted = {one.publication_number: (one, path.name) for one in scan.publications if asked.fits(one)}
        found.publications.update(wanted)
    return found


def _scan(path: Path, asked: Question) -> FileScan:
    if asked.countries:
        return scan_file(path, frozenset(asked.countries[:1]), "both", with_all=asked.countries[1:])
    scan = FileScan()
    for document in read_documents(path):
        scan.documents += 1
        if isinstance(document, UnreadableDocument):
            scan.unreadable.append(document)
        elif asked.fits(document):
            scan.publications.append(document)
    return scan


def _year_of(path: Path) -> int | None:
    match = _DATED.match(path.name)
    if match is None:
        return None
    return int(match[1]) if len(match[1]) == 4 else 2000 + int(match[1])


def rows_of(found: Found) -> list[tuple[Any, ...]]:
    """One row per publication with COLUMNS, for people."""
    return [
        (
            one.publication_number,
            one.publication_date.isoformat(),
            ", ".join(one.countries),
            "; ".join(
                _named(inventor.last_name, inventor.first_name, inventor.country)
                for inventor in one.inventors
            ),
            "; ".join(applicant.name for applicant in one.applicants),
            "; ".join(symbol.symbol for symbol in one.ipc),
            one.title,
        )
        for one, _ in found.ordered()
    ]


def records_of(found: Found) -> Iterator[dict[str, Any]]:
    """One record per publication with the fields of ``raw.uspto_hits``."""
    for one, source_file in found.ordered():
        yield record_of(one, source_file)


def found_text(found: Found, output: str, width: int | None = None) -> str:
    """The publications as a text table or CSV for people, or as JSON lines with every field."""
    if output == "json":
        return "".join(f"{json_line(record)}\n" for record in records_of(found))
    return formatted(COLUMNS, rows_of(found), output, width)


def write_found(found: Found, output: str, out: Path) -> None:
    """The same as a file, replaced whole, or as Parquet with PUBLICATION_SCHEMA and the file each was read from.

    Raises:
        UserError: the file cannot be written.
    """
    with replaced(out) as temporary:
        if output == "parquet":
            _frame(found).write_parquet(temporary)
        else:
            encoding = FILE_ENCODING if output == "csv" else "utf-8"
            temporary.write_text(found_text(found, output), encoding=encoding, newline="")


def _frame(found: Found) -> pl.DataFrame:
    ordered = found.ordered()
    frame = publications_frame([one for one, _ in ordered]) if ordered else PUBLICATION_SCHEMA.to_frame()
    return frame.with_columns(pl.Series("source_file", [name for _, name in ordered], dtype=pl.String))


def _named(last: str | None, first: str | None, country: str | None) -> str:
    name = ", ".join(part for part in (last, first) if part)
    return f"{name} ({country or '?'})"
