"""PatentsView's pre-grant tables as a source: whole files, read in one pass for all years."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bri_pipeline.code_digest import code_digest
from bri_pipeline.errors import UserError
from bri_pipeline.files.stream import is_read
from bri_pipeline.home import StudyHome
from bri_pipeline.lake.archive import (
    SourceFile,
    damage_in,
    missing_files,
    note_damage,
    source_folder,
    verify_year,
)
from bri_pipeline.lake.archived import ArchivedFile
from bri_pipeline.lake.archived import manifest as verified_files
from bri_pipeline.lake.inventory import Inventory
from bri_pipeline.lake.landed import (
    LandedYear,
    documents_held,
    forget_others,
    landed_file,
    read_again,
    reader_for,
    store_landed,
)
from bri_pipeline.lake.landed_file import LandedFile
from bri_pipeline.lake.tables_counts import year_counts
from bri_pipeline.patentsview.columns import EXTRA_TABLES, TABLES, tables_in
from bri_pipeline.patentsview.tables import TablesLanding, land_tables
from bri_pipeline.progress import Count, Listener, Progress
from bri_pipeline.publication.record import PUBLICATION_SCHEMA
from bri_pipeline.study import Study

SOURCE_FILE = "PatentsView pre-grant tables"
ALL_YEARS = 0  # the tables are not split by year; their manifest is filed under this one


@dataclass(frozen=True)
class PatentsViewTables:
    """The source of studies with ``kind = "patentsview_tables"``."""

    home: StudyHome

    @property
    def reader(self) -> str:
        """The mark of how files are read."""
        return _reader(self.home.study)

    def verify(
        self, years: Iterable[int], progress: Listener, *, thorough: bool = False
    ) -> dict[int, list[ArchivedFile]]:
        """Verify the tables; they belong to every year.

        Raises:
            UserError: a table is missing, or is not of the release of the others.
        """
        found = self._found()
        count = Count(progress, "verifying tables", len(found), "files")
        verified = verify_year(found, self._folder, self.home, ALL_YEARS, progress, count, thorough=thorough)
        return dict.fromkeys(years, verified)

    def land(self, years: Iterable[int], workers: int, progress: Listener) -> dict[int, LandedYear]:
        """Read the tables once where any of the years is out of date, and land every year of the window."""
        wanted = list(years)
        stale = self.stale(wanted)
        if stale:
            if again := self._read_before(stale):
                progress(Progress(read_again(again, 1)))
            progress(
                Progress(f"landing {min(wanted)}-{max(wanted)}: reading {SOURCE_FILE} in {self._folder}")
            )
            self._land_all(workers, progress)
        result = {}
        for year in wanted:
            landed = landed_file(self.home, year, _name(year))
            files = [landed] if landed else []
            result[year] = LandedYear(files, []) if year in stale else LandedYear([], files)
        return result

    def stale(self, years: Iterable[int]) -> set[int]:
        """The years not landed from the tables as they are now; all, while there is a table to be fetched."""
        try:
            found = [(file.name, file.size, file.modified_ns) for file in self._found()]
        except UserError:  # verify says so, if the download before it has not mended that
            return set(years)
        verified = verified_files(self.home, ALL_YEARS)
        if found != [(file.name, file.size, file.modified_ns) for file in verified]:
            return set(years)
        return {
            year
            for year in years
            if not self._is_current(landed_file(self.home, year, _name(year)), verified)
        }

    def inventory(self) -> Inventory:
        """The tables that are read; one that could not be downloaded again may be of an older release."""
        names = [table.file_name for table in TABLES]
        failed = self._not_downloaded()
        there = [table.file_name for table in TABLES if table.is_in(self._folder)]
        return Inventory(
            f"{len(there)} of the {len(names)} PatentsView tables in {self._folder}" if there else None,
            tuple(name for name in names if name not in there or name in failed),
        )

    @property
    def _folder(self) -> Path:
        return source_folder(self.home)

    def _found(self) -> list[SourceFile]:
        paths = [table.path(self._folder) for table in (*TABLES, *tables_in(self._folder)[len(TABLES) :])]
        self._refuse_two_releases({path.name for path in paths})
        stats = [(path.name, path.stat()) for path in sorted(paths)]
        return [SourceFile(name, ALL_YEARS, stat.st_size, stat.st_mtime_ns) for name, stat in stats]

    def _refuse_two_releases(self, names: set[str]) -> None:
        """A table that could not be downloaded again would be joined wrongly with those that were."""
        for name, why in self._not_downloaded().items():
            if name in names:
                raise UserError(
                    f"{name} was not downloaded, so the tables are not all of the same release; "
                    f"what was read before stays in place. {why}"
                )

    def _not_downloaded(self) -> dict[str, str]:
        """File name -> why it could not be downloaded; empty where the study reads a folder of its own."""
        missing = missing_files(self.home) if self.home.study.source.path is None else {}
        return {name: why for files in missing.values() for name, why in files.items()}

    def _is_current(self, landed: LandedFile | None, verified: list[ArchivedFile]) -> bool:
        return (
            landed is not None
            and landed.fingerprint == _fingerprint(verified)
            and landed.reader == self.reader
            and landed.focal_countries == sorted(self.home.study.focal_countries)
        )

    def _read_before(self, years: set[int]) -> int | None:
        """The first of the years that was landed from the tables as they are, by other rules."""
        fingerprint = _fingerprint(verified_files(self.home, ALL_YEARS))
        landed = {year: landed_file(self.home, year, _name(year)) for year in sorted(years)}
        return next((year for year, file in landed.items() if file and file.fingerprint == fingerprint), None)

    def _land_all(self, workers: int, progress: Listener) -> None:
        folder = self.home.landing / ".patentsview"
        try:
            landing = self._read_tables(folder, workers, progress)
            verified = verified_files(self.home, ALL_YEARS)
            problem = next((file.problem for file in verified if file.problem), None)
            for year in self.home.study.years:
                forget_others(self.home, year, {_name(year)})
                landed = self._landed(year, landing, verified, problem)
                store_landed(self.home, landed, _writer(landing.files.get(year)))
                progress(Progress(f"landing {year}: {landed.documents:,} publications, {landed.kept:,} kept"))
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _read_tables(self, folder: Path, workers: int, progress: Listener) -> TablesLanding:
        """What is in the tables; nothing where one of them is damaged, which is noted in the manifest.

        Raises:
            UserError: they cannot be read for another reason.
        """
        verified = verified_files(self.home, ALL_YEARS)
        if any(file.problem for file in verified):
            return TablesLanding()
        try:
            count = Count(progress, "reading tables", len(tables_in(self._folder)), "files")
            landing = land_tables(
                self._folder,
                self.home.study.focal_countries,
                folder,
                workers=workers,
                table_read=count.add,
            )
            damage = self._damage(verified, lambda member: not is_read(member, ".tsv"))
        except UserError:
            damage = self._damage(verified, lambda _: True)
            if not damage:
                raise
        if not damage:
            return landing
        note_damage(self.home, ALL_YEARS, damage)
        for found in damage.values():
            progress(Progress(f"landing: {found}"))
        return TablesLanding()

    def _damage(self, verified: list[ArchivedFile], among: Callable[[str], bool]) -> dict[str, str]:
        looked_into = {file.name: damage_in(self._folder / file.name, among) for file in verified}
        return {name: found for name, found in looked_into.items() if found}

    def _landed(
        self, year: int, landing: TablesLanding, verified: list[ArchivedFile], problem: str | None
    ) -> LandedFile:
        first = year == self.home.study.years[0]
        counts = year_counts(
            landing,
            year,
            self._not_there(),
            holds_yearless=first,
            count_countries=self.home.study.source.country_totals,
        )
        before, fingerprint = landed_file(self.home, year, _name(year)), _fingerprint(verified)
        # Rows that could not be read, and can now, or are gone, are no loss.
        mended = max(0, _unread(before) - len(counts["unreadable"]) - counts["unreadable_unlisted"])
        return LandedFile(
            source_file=_name(year),
            file_year=year,
            size=sum(file.size for file in verified),
            fingerprint=fingerprint,
            reader=self.reader,
            focal_countries=sorted(self.home.study.focal_countries),
            problem=problem,
            documents_before=max(0, documents_held(before, fingerprint) - mended),
            **counts,
        )

    def _not_there(self) -> list[str]:
        """Tables that are read where they are there, and are not."""
        return [table.file_name for table in EXTRA_TABLES if not table.is_in(self._folder)]


def _reader(study: Study) -> str:
    return reader_for(code_digest(land_tables, year_counts), study)


def _unread(landed: LandedFile | None) -> int:
    return len(landed.unreadable) + landed.unreadable_unlisted if landed else 0


def _name(year: int) -> str:
    return f"{SOURCE_FILE} {year}"


def _fingerprint(verified: list[ArchivedFile]) -> str:
    return hashlib.sha256(" ".join(file.sha256 for file in verified).encode()).hexdigest()


def _writer(path: Path | None) -> Callable[[Path], object]:
    if path is None:
        return PUBLICATION_SCHEMA.to_frame().write_parquet
    return partial(shutil.copyfile, path)
