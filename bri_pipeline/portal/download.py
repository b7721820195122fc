"""Bulk files of the portal into the archive: only what is new or changed, verified, swapped in atomically."""

from __future__ import annotations

import os
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bri_pipeline.errors import UserError
from bri_pipeline.files.atomic import set_folder_aside, sha256_of
from bri_pipeline.files.zip_damage import zip_problem
from bri_pipeline.portal.client import PortalClient, ResumePoint, Transfer, TransferFailed
from bri_pipeline.portal.ledger import Ledger, LedgerEntry, only_download
from bri_pipeline.portal.meter import Meter
from bri_pipeline.portal.products import (
    BulkFile,
    Product,
    UnusableEntry,
    archive_path,
    least_bytes,
    list_files,
    missing_weeks,
    most_bytes,
    product_named,
    read_list,
    same_size,
)
from bri_pipeline.portal.trouble import YEARLY_QUOTA, AccessDenied, Kind, PortalError, Trouble
from bri_pipeline.progress import Listener, silent
from bri_pipeline.years import years_in_words

DISK_RESERVE = 256 * 1024 * 1024
"""Bytes left free beside the downloads, for the ledger and whatever else writes meanwhile."""

MOST_BLOCKED = 3
"""After so many files refused in a row although the key is good, no more are requested in this run."""
NOT_ASKED_FOR = Trouble("not_asked", f"the portal refused {MOST_BLOCKED} files before it and is left alone")

PART_DAYS = 30
"""A partial transfer is kept for so long although the portal's list does not name its file."""


@dataclass(frozen=True)
class Failure:
    """A file that did not arrive: why, and what to do about it; ``year`` is that of its data, None of tables."""

    name: str
    year: int | None
    reason: str
    way_out: str


@dataclass(frozen=True)
class DownloadResult:
    """What one download did.

    downloaded  files fetched, as entered in the ledger
    adopted     files found in the archive folder, put there by hand, checked and entered
    unchanged   files the archive already had
    failed      files that did not arrive
    bytes       received in this run, broken transfers included
    gaps        publication days of the years, to a week ago, for which the portal lists no file
    unlisted    years with such days and no file at all
    notes       sentences for the user
    """

    downloaded: tuple[LedgerEntry, ...]
    adopted: tuple[LedgerEntry, ...]
    unchanged: tuple[BulkFile, ...]
    failed: tuple[Failure, ...]
    bytes: int
    gaps: tuple[date, ...]
    unlisted: tuple[int, ...]
    notes: tuple[str, ...]


def list_changed(
    client: PortalClient, product: str, years: range, archive_dir: Path, names: frozenset[str] | None = None
) -> list[BulkFile]:
    """The portal's files that are new or changed against the archive's ledger; asks for the list only.

    With ``names`` only those files are looked at.

    Raises:
        PortalError: the list could not be had.
    """
    ledger = Ledger(archive_dir)
    listed = list_files(client, product_named(product), years)
    return [file for file in listed if not ledger.holds(file) and (names is None or file.name in names)]


def download_product(
    client: PortalClient,
    product: str,
    years: range,
    archive_dir: Path,
    *,
    progress: Listener = silent,
    names: frozenset[str] | None = None,
) -> DownloadResult:
    """Bring the archive up to date with the portal.

    A file that fails leaves the others: it is named in the result, and the next run takes it up again.

    Args:
        client: the portal.
        product: identifier of the product, e.g. ``APPBLXML``.
        years: publication years; not used for tables, which are published whole.
        archive_dir: weekly files go to ``<archive_dir>/<year>/<name>``, tables to ``<archive_dir>/<name>``.
        progress: takes the bytes of the files that are there, as they arrive.
        names: only the files named so; all of the product by default.

    Raises:
        AccessDenied: the key is missing or not accepted.
        PortalError: the list of files could not be had.
        UserError: too little disk space, a folder that cannot be written, or another download running.
    """
    known = product_named(product)
    bulk_list = read_list(client, known, years)
    listed = [file for file in bulk_list.files if names is None or file.name in names]
    try:
        with only_download(archive_dir):
            month_ago = time.time() - PART_DAYS * 86_400
            Ledger(archive_dir).drop_old_parts(known.identifier, {file.name for file in listed}, month_ago)
            result = _bring_up_to_date(client, listed, archive_dir, progress)
    except OSError as error:
        raise UserError(
            f"The archive {archive_dir} cannot be written or read: {error.strerror or error}."
        ) from None
    today = datetime.fromtimestamp(client.now(), UTC).date()
    gaps = missing_weeks(known, listed, years, today - timedelta(days=7))
    unlisted = sorted({day.year for day in gaps} - {_year_of(file) for file in listed})
    left = len(bulk_list.files) - len(listed)
    notes = (*_notes(known, years, gaps, unlisted), *_left_note(left), *_clock_note(client))
    failed = (*result.failed, *(_unusable_failure(known, entry) for entry in bulk_list.unusable))
    return replace(result, failed=failed, gaps=tuple(gaps), unlisted=tuple(unlisted), notes=notes)


def _unusable_failure(product: Product, entry: UnusableEntry) -> Failure:
    year = entry.year if product.kind == "weekly" else None
    return Failure(entry.name, year, entry.reason, Trouble("entry", entry.reason).way_out)


def _year_of(file: BulkFile) -> int | None:
    return file.from_date.year if file.from_date else None


def _left_note(files: int) -> Iterator[str]:
    if files:
        which = "1 more file of the product is" if files == 1 else f"{files} more files of the product are"
        yield f"{which} not read, so not downloaded."


def _clock_note(client: PortalClient) -> Iterator[str]:
    if client.clock_off:
        days = abs(client.clock_off) / 86_400
        off = f"{days:,.0f} days" if days >= 2 else f"{days * 24 * 60:,.0f} minutes"
        where = "behind" if client.clock_off > 0 else "ahead of"
        yield f"This machine's clock is {off} {where} the portal's; set it, so that dates and locks are right."


def _notes(product: Product, years: range, gaps: list[date], unlisted: list[int]) -> Iterator[str]:
    name, first = product.identifier, product.first_week
    if first is None:
        yield f"{name} is published as whole tables; the years were not used."
        return
    if early := [year for year in years if year < first.year]:
        yield f"{name} files are read from {first} on: there are none for {years_in_words(early)}."
    if unlisted:
        yield (
            f"The portal lists no {name} files for {years_in_words(unlisted)}, although there must be some: look at "
            "its web page."
        )
    if weeks := [day for day in gaps if day.year not in unlisted]:
        some = ", ".join(str(day) for day in weeks[:5]) + (" and others" if len(weeks) > 5 else "")
        yield f"The portal lists no {name} file for {len(weeks)} weeks of the years: {some}."


def _bring_up_to_date(
    client: PortalClient,
    listed: list[BulkFile],
    archive_dir: Path,
    progress: Listener,
) -> DownloadResult:
    ledger = Ledger(archive_dir)
    unchanged = {file for file in listed if ledger.holds(file)}
    adopted = {
        file: entry
        for file in listed
        if file not in unchanged and (entry := _adopt(ledger, file)) is not None
    }
    due = [file for file in listed if file not in unchanged and file not in adopted]
    _check_disk(archive_dir, due, ledger)
    meter = Meter(due, progress)
    downloaded: list[LedgerEntry] = []
    failed: list[Failure] = []
    blocked = 0
    for file in due:
        try:
            if blocked >= MOST_BLOCKED:
                raise PortalError(f"{file.product} file {file.name}", NOT_ASKED_FOR)
            downloaded.append(_FileDownload(client, file, ledger, meter).run())
            blocked = 0
        except AccessDenied:
            raise
        except PortalError as error:
            blocked += error.trouble.kind == "blocked"
            failed.append(Failure(file.name, _year_of(file), error.reason, error.trouble.way_out))
        meter.file_ended(file)
    return DownloadResult(
        downloaded=tuple(downloaded),
        adopted=tuple(adopted.values()),
        unchanged=tuple(file for file in listed if file in unchanged),
        failed=tuple(failed),
        bytes=meter.received,
        gaps=(),
        unlisted=(),
        notes=(),
    )


def _check_disk(archive_dir: Path, due: list[BulkFile], ledger: Ledger) -> None:
    there = sum(_size(ledger.part_path(file)) for file in due)
    needed = sum(file.size for file in due) - there
    free = shutil.disk_usage(archive_dir).free
    if due and needed + DISK_RESERVE > free:
        raise UserError(
            f"The download needs {needed / 1e9:.1f} GB and {archive_dir} has {free / 1e9:.1f} GB free; "
            "free some space, ask for fewer years, or set BRI_HOME to a larger disk."
        )


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _adopt(ledger: Ledger, file: BulkFile) -> LedgerEntry | None:
    """Enter a file that was put into the archive by hand, if it is whole; None if there is none such.

    The version that was fetched before, and is listed with another time now, is not one put there by hand.
    """
    target = ledger.archive_dir / archive_path(file)
    if not target.is_file() or _fault(file, target) is not None:
        return None
    if sha256_of(target) == ledger.entry(file).sha256:
        return None
    ledger.drop_part(file)
    return _enter(ledger, file)


def _enter(ledger: Ledger, file: BulkFile) -> LedgerEntry:
    target = ledger.archive_dir / archive_path(file)
    entry = replace(
        ledger.entry(file),
        listed_size=file.size,
        modified=file.modified,
        length=_size(target),
        sha256=sha256_of(target),
        downloaded_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    ledger.write(entry)
    return entry


def _fault(file: BulkFile, path: Path) -> Trouble | None:
    """What is wrong with the file on disk; None if nothing is."""
    size = _size(path)
    if not same_size(file.size, size):
        return Trouble("length", f"it came with {size} bytes, and the list says {file.size}")
    if file.name.lower().endswith(".zip") and (problem := zip_problem(path)):
        return Trouble("corrupt", f"the zip {problem}")
    return None


class _FileDownload:
    """One file from the portal into the archive, in as many tries as the policy allows."""

    def __init__(self, client: PortalClient, file: BulkFile, ledger: Ledger, meter: Meter) -> None:
        self.client, self.file, self.ledger, self.meter = client, file, ledger, meter
        self.part = ledger.part_path(file)

    def run(self) -> LedgerEntry:
        what = f"{self.file.product} file {self.file.name}"
        met: Counter[Kind] = Counter()
        while True:
            trouble = self._try_once()
            if trouble is None:
                return _enter(self.ledger, self.file)
            met[trouble.kind] += 1
            alike = met[trouble.kind]
            self.client.wait_or_give_up(trouble, met.total(), what=what, of_file=True, alike=alike)

    def _try_once(self) -> Trouble | None:
        resume = self._resume_point()
        if resume is not None and _fault(self.file, self.part) is None:
            return self._accept()  # it had arrived whole when the last run was stopped
        try:
            path = self.client.file_path(self.file.uri)
        except ValueError as error:
            return Trouble("refused", f"its address is {error}")
        mark, year = self.client.key_mark, time.gmtime(self.client.now()).tm_year
        if mark and (times := self.ledger.times_granted(self.file, mark, year)) >= YEARLY_QUOTA:
            return Trouble("quota", f"it was fetched {times} times with this key this year already")
        try:
            with self.client.open_file(path, resume) as transfer:
                if mark:
                    self.ledger.count_granted(self.file, mark, year)
                self._receive(transfer)
        except TransferFailed as failed:
            if failed.trouble.kind in ("range", "length"):
                self.ledger.drop_part(self.file)
            return failed.trouble
        return self._accept()

    def _resume_point(self) -> ResumePoint | None:
        """Where to take up a broken transfer; a part of another version is dropped."""
        mark = self.ledger.part_mark(self.file)
        size = _size(self.part)
        if mark is None or (mark.listed_size, mark.modified) != (self.file.size, self.file.modified):
            self.ledger.drop_part(self.file)
            return None
        return ResumePoint(size, mark.etag) if size else None

    def _receive(self, transfer: Transfer) -> None:
        """Write what comes, and no more than the list announces; the part stays for a resumption."""
        self.ledger.mark_part(self.file, transfer.etag)
        with self.part.open("r+b" if self.part.exists() else "wb") as part:
            part.truncate(transfer.starts_at)
            part.seek(transfer.starts_at)
            self.meter.file_begins_at(self.file, transfer.starts_at)
            for chunk in transfer.chunks:
                if part.tell() + len(chunk) > most_bytes(self.file.size):
                    raise TransferFailed(
                        Trouble("length", f"more than the {self.file.size} bytes that the list says came")
                    )
                part.write(chunk)
                self.meter.file_grew(self.file, len(chunk))
            part.flush()
            os.fsync(part.fileno())
            # A server that does not say how long the file is may have stopped in the middle all the same.
            whole = transfer.length if transfer.length is not None else least_bytes(self.file.size)
            if part.tell() < whole or (transfer.length is not None and part.tell() != whole):
                raise TransferFailed(Trouble("cut", f"{part.tell()} of {whole} bytes came"))

    def _accept(self) -> Trouble | None:
        """Move a whole and sound file into the archive; drop any other."""
        trouble = _fault(self.file, self.part)
        if trouble is not None:
            self.ledger.drop_part(self.file)
            return trouble
        target = self.ledger.archive_dir / archive_path(self.file)
        target.parent.mkdir(parents=True, exist_ok=True)
        set_folder_aside(target)
        self.part.replace(target)
        self.ledger.drop_part(self.file)
        return None
