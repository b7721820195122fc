"""What the archive knows of the files it got from the portal: one small JSON per file, written atomically.

They are in ``.portal/<product>/<file name>.json`` of the archive folder; partial transfers beside them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path

from filelock import FileLock, Timeout

from bri_pipeline.errors import UserError
from bri_pipeline.files.atomic import write_json
from bri_pipeline.portal.products import BulkFile, archive_path, same_size

FOLDER = ".portal"


@dataclass(frozen=True)
class LedgerEntry:
    """One file of the archive, or one that was requested without success (``sha256`` empty).

    path           below the archive folder
    listed_size    bytes as the portal's list had it when the file was fetched
    modified       ``fileLastModifiedDateTime`` at that time
    length, sha256 of the file as it entered the archive
    downloaded_at  ISO 8601, UTC
    granted        year -> key mark (``client.key_mark``) -> times the portal gave the file
    """

    product: str
    name: str
    path: str
    listed_size: int = 0
    modified: str = ""
    length: int = 0
    sha256: str = ""
    downloaded_at: str = ""
    granted: dict[str, dict[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class PartMark:
    """Which version of a file a partial transfer belongs to."""

    listed_size: int
    modified: str
    etag: str | None


class Ledger:
    """The ledger of one archive folder."""

    def __init__(self, archive_dir: Path) -> None:
        self.archive_dir = archive_dir
        self.folder = archive_dir / FOLDER

    def entry(self, file: BulkFile) -> LedgerEntry:
        """What is known of ``file``; an entry without ``sha256`` if it never arrived."""
        path = self._entry_path(file)
        if not path.is_file():
            return LedgerEntry(file.product, file.name, archive_path(file))
        return _read_entry(path)

    def write(self, entry: LedgerEntry) -> None:
        """Replace the entry."""
        write_json(self.folder / entry.product / f"{entry.name}.json", asdict(entry))

    def times_granted(self, file: BulkFile, key_mark: str, year: int) -> int:
        """How often the portal gave the file in the year for the key."""
        return self.entry(file).granted.get(str(year), {}).get(key_mark, 0)

    def count_granted(self, file: BulkFile, key_mark: str, year: int) -> None:
        """Note that the portal is giving the file once more; counts of other years are dropped."""
        entry = self.entry(file)
        of_year = entry.granted.get(str(year), {})
        counts = {**of_year, key_mark: of_year.get(key_mark, 0) + 1}
        self.write(replace(entry, granted={str(year): counts}))

    def holds(self, file: BulkFile) -> bool:
        """Whether the archive has this version of the file: same size, same modification time, on disk."""
        entry = self.entry(file)
        target = self.archive_dir / entry.path
        return (
            bool(entry.sha256)
            and entry.modified == file.modified
            and same_size(entry.listed_size, file.size)
            and target.is_file()
            and target.stat().st_size == entry.length
        )

    def part_path(self, file: BulkFile) -> Path:
        """Where the file's partial transfer grows."""
        return self.folder / file.product / f"{file.name}.part"

    def mark_part(self, file: BulkFile, etag: str | None) -> None:
        """Note which version the partial transfer belongs to."""
        mark = PartMark(file.size, file.modified, etag)
        write_json(self._mark_path(file), asdict(mark))

    def part_mark(self, file: BulkFile) -> PartMark | None:
        """The mark of the partial transfer; None if there is none that can be used."""
        try:
            return PartMark(**json.loads(self._mark_path(file).read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def drop_part(self, file: BulkFile) -> None:
        """Forget the partial transfer."""
        self.part_path(file).unlink(missing_ok=True)
        self._mark_path(file).unlink(missing_ok=True)

    def drop_old_parts(self, product: str, listed: set[str], older_than: float) -> None:
        """Forget partial transfers of files that are listed no more, if untouched since ``older_than`` (Unix time).

        Younger ones may belong to years that were not requested this time.
        """
        for path in (self.folder / product).glob("*.part*"):
            name = path.name.rpartition(".part")[0]
            if name not in listed and path.stat().st_mtime < older_than:
                path.unlink()

    def _entry_path(self, file: BulkFile) -> Path:
        return self.folder / file.product / f"{file.name}.json"

    def _mark_path(self, file: BulkFile) -> Path:
        return self.folder / file.product / f"{file.name}.part-of"


def _read_entry(path: Path) -> LedgerEntry:
    """The entry; names it does not know are those of another version of this software."""
    known = {one.name for one in fields(LedgerEntry)}
    try:
        content = json.loads(path.read_text()).items()
        return LedgerEntry(**{name: value for name, value in content if name in known})
    except (ValueError, TypeError, AttributeError):
        raise UserError(f"{path} is damaged; delete it, and its file is checked again.") from None


@contextmanager
def only_download(archive_dir: Path) -> Iterator[None]:
    """Hold the archive for one download at a time; the lock ends with the process.

    Raises:
        UserError: another download into the same archive is running.
    """
    folder = archive_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise UserError(
            f"Another download into {archive_dir} is running; wait for it, or stop it first."
        ) from None
    try:
        yield
    finally:
        lock.release()
