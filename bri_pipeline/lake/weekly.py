"""Weekly XML files as a source: verified, then scanned for publications with a focal-country inventor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from bri_pipeline.code_digest import code_digest
from bri_pipeline.cycles import without_search_for_cycles
from bri_pipeline.errors import UserError
from bri_pipeline.files.stream import is_read
from bri_pipeline.home import StudyHome
from bri_pipeline.lake.archive import (
    SourceFile,
    damage_in,
    note_damage,
    source_folder,
    source_root,
    survey,
    verify_year,
)
from bri_pipeline.lake.archived import ArchivedFile, manifest
from bri_pipeline.lake.inventory import Inventory
from bri_pipeline.lake.landed import (
    LandedYear,
    documents_held,
    forget_others,
    landed_file,
    landed_files,
    read_again,
    reader_for,
    rewrite_counts,
    store_landed,
)
from bri_pipeline.lake.landed_file import LandedFile, counted_codes, scan_counts
from bri_pipeline.lake.spread import Readers, landed_by
from bri_pipeline.progress import Count, Listener, Progress
from bri_pipeline.publication.record import publications_frame
from bri_pipeline.publication.scanned import FileScan
from bri_pipeline.study import Study
from bri_pipeline.uspto.scan import scan_file


@dataclass(frozen=True)
class WeeklyFiles:
    """The source of studies with ``kind = "weekly_xml"``; read on a Dask cluster where ``cluster`` is its address."""

    home: StudyHome
    cluster: str | None = None

    @property
    def reader(self) -> str:
        """The mark of how files are read."""
        return _reader(self.home.study)

    def verify(
        self, years: Iterable[int], progress: Listener, *, thorough: bool = False
    ) -> dict[int, list[ArchivedFile]]:
        """Verify the files of the years; years without files get an empty list."""
        files, root = survey(self.home), source_root(self.home)
        verified: dict[int, list[ArchivedFile]] = {}
        wanted = list(years)
        count = Count(progress, "verifying files", sum(len(files.get(year, [])) for year in wanted), "files")
        # Years with new files first: a file that came to another year by its name is not lost to the one it left.
        for year in sorted(wanted, key=lambda year: not self._has_new_files(year, files)):
            elsewhere = self._elsewhere(year, files)
            verified[year] = verify_year(
                files.get(year, []), root, self.home, year, progress, count, elsewhere, thorough=thorough
            )
        return {year: verified[year] for year in wanted}

    def land(self, years: Iterable[int], workers: int, progress: Listener) -> dict[int, LandedYear]:
        """Read the verified files of the years that are new or changed.

        A file that cannot be opened is recorded with its problem and keeps nothing; the others are landed.
        """
        plans = [self._plan(year, progress) for year in years]
        # The files of all years share one pool of workers; they come back in the order given.
        to_read = [file for plan in plans for file in plan.to_read]
        count = Count(progress, "reading files", len(to_read), "files")
        readers = Readers(workers, self.cluster, progress, count)
        results = landed_by(readers, self.task(), to_read, source_root(self.home), self.home.landing)
        return {plan.year: self._land_year(plan, results, progress) for plan in plans}

    def stale(self, years: Iterable[int]) -> set[int]:
        """The years whose verified and landed files are not the source's files as they are now."""
        found = survey(self.home)
        return {year for year in years if not self._landed_as_found(found, year)}

    def inventory(self) -> Inventory:
        """The files of the window's years; those that could not be downloaded are lacking."""
        found = survey(self.home)
        files = [file for year in self.home.study.years for file in found.get(year, [])]
        there = Counter(file.year for file in files if file.is_there)
        folder = source_folder(self.home)
        return Inventory(
            _found(there, folder),
            tuple(file.name for file in files if file.missing) + self._lost(),
            tuple(year for year in self.home.study.years if year not in there),
            tuple(file.not_opened for file in files if file.not_opened and not file.superseded_by),
        )

    def task(self) -> partial[LandedFile]:
        """What lands one verified file, here or on a worker."""
        return partial(_land, source_root(self.home), self.home)

    def sample(self) -> tuple[Path, int] | None:
        """Path and size of a file that a worker must see; null where there is none."""
        files = (file for files in survey(self.home).values() for file in files if file.is_there)
        return next(((source_root(self.home) / file.name, file.size) for file in files), None)

    def _lost(self) -> tuple[str, ...]:
        return tuple(
            file.name
            for year in self.home.study.years
            for file in manifest(self.home, year)
            if file.is_lost and not file.accepted
        )

    def _has_new_files(self, year: int, found: dict[int, list[SourceFile]]) -> bool:
        known = {file.name for file in manifest(self.home, year)}
        return any(file.name not in known for file in found.get(year, []))

    def _elsewhere(self, year: int, found: dict[int, list[SourceFile]]) -> list[ArchivedFile]:
        """The sound files of other years that are verified and still there."""
        there = {other: {file.name for file in files} for other, files in found.items() if other != year}
        return [
            file
            for other, names in there.items()
            for file in manifest(self.home, other)
            if file.name in names and file.sha256 and not file.problem
        ]

    def _plan(self, year: int, progress: Listener) -> _Plan:
        files = manifest(self.home, year)
        wanted = [file for file in files if file.is_read]
        superseded_by = {file.name: file.superseded_by or file.same_as for file in files}
        for gone in forget_others(self.home, year, {file.name for file in wanted}):
            newer = superseded_by.get(gone.source_file)
            why = f"is replaced by {newer}" if newer else "is no longer in the archive"
            removed = f"the {gone.kept:,} publications kept from it are removed"
            progress(Progress(f"landing {year}: {gone.source_file} {why}; {removed}"))
        landed = {file: landed_file(self.home, year, file.name) for file in wanted}
        unchanged = [before for file, before in landed.items() if before and self._is_current(before, file)]
        current = {before.source_file for before in unchanged}
        same = [file for file, before in landed.items() if before and before.fingerprint == file.sha256]
        if again := [file for file in same if file.name not in current and not file.problem]:
            progress(Progress(read_again(year, len(again))))
        return _Plan(year, [file for file in wanted if file.name not in current], unchanged)

    def _land_year(self, plan: _Plan, results: Iterator[LandedFile], progress: Listener) -> LandedYear:
        """Take the year's files off the results, note which proved damaged, and say what was read."""
        read, damage = [], {}
        for file, landed in zip(plan.to_read, results, strict=False):  # the results are those of all years
            if landed.problem and not file.problem and (found := self._damage_in(file)):
                damage[file.name] = found
                landed = self._with_problem(landed, found)
            if remark := _remark(landed):
                progress(Progress(remark))
            read.append(landed)
        if damage:
            note_damage(self.home, plan.year, damage)
        if read or not plan.unchanged:
            progress(Progress(_summary(plan.year, read, plan.unchanged)))
        return LandedYear(read, plan.unchanged)

    def _damage_in(self, file: ArchivedFile) -> str | None:
        """What a thorough look says of a zip that could not be read; null where the fault is another one."""
        try:
            return damage_in(source_root(self.home) / file.name)
        except OSError:
            return None

    def _with_problem(self, landed: LandedFile, problem: str) -> LandedFile:
        kept = landed_file(self.home, landed.file_year, landed.source_file) or landed
        changed = replace(kept, problem=problem)
        rewrite_counts(self.home, changed)
        return changed

    def _landed_as_found(self, everything: dict[int, list[SourceFile]], year: int) -> bool:
        found, verified = everything.get(year, []), manifest(self.home, year)
        if [_identity(file) for file in found] != [_identity(file) for file in verified if not file.is_lost]:
            return False
        wanted = {file.name: file for file in verified if file.is_read}
        copied = {file.same_as for file in verified if file.same_as} - {file.name for file in found}
        if copied and copied - {file.name for file in self._elsewhere(year, everything) if file.is_read}:
            return False  # the file that was read instead of a copy is gone
        landed = {file.source_file: file for file in landed_files(self.home, [year])}
        return landed.keys() == wanted.keys() and all(
            self._is_current(landed[name], file) for name, file in wanted.items()
        )

    def _is_current(self, landed: LandedFile, file: ArchivedFile) -> bool:
        return (
            (landed.fingerprint, landed.problem) == (file.sha256, file.problem)
            and landed.reader == self.reader
            and landed.focal_countries == sorted(self.home.study.focal_countries)
        )


def _reader(study: Study) -> str:
    return reader_for(code_digest(scan_file, publications_frame, scan_counts, counted_codes), study)


@dataclass(frozen=True)
class _Plan:
    """What a year still needs: the files to read, and those landed before that still hold."""

    year: int
    to_read: list[ArchivedFile]
    unchanged: list[LandedFile]


@without_search_for_cycles()  # records have none, and there are many of them
def _land(root: Path, home: StudyHome, file: ArchivedFile) -> LandedFile:
    return _land_file(root, home, file)


def _land_file(root: Path, home: StudyHome, file: ArchivedFile) -> LandedFile:
    problem, scan = file.problem, FileScan()
    if not problem:
        try:
            scan = _scan(root / file.name, home.study)
        except UserError as error:
            problem = str(error)
    publications = publications_frame(scan.publications)
    landed = LandedFile(
        source_file=file.name,
        file_year=file.year,
        size=file.size,
        fingerprint=file.sha256,
        reader=_reader(home.study),
        focal_countries=sorted(home.study.focal_countries),
        problem=problem,
        documents_before=documents_held(landed_file(home, file.year, file.name), file.sha256),
        country_codes=counted_codes(publications),
        **scan_counts(scan),
    )
    store_landed(home, landed, publications.write_parquet)
    return landed


def _scan(path: Path, study: Study) -> FileScan:
    """A file's scan, during which the checksums of all its parts were compared.

    Raises:
        UserError: the file cannot be read, or a part of it is damaged.
    """
    scan = scan_file(
        path, study.focal_countries, study.documents, count_countries=study.source.country_totals
    )
    if damage := damage_in(path, lambda member: not is_read(member)):
        raise UserError(damage)
    return scan


def _found(files: Counter[int], folder: Path) -> str | None:
    """The number of files by year, in words."""
    if not files:
        return None
    count, years = files.total(), len(files)
    return f"{count:,} weekly file{'s' if count > 1 else ''} of {years} year{'s' if years > 1 else ''} in {folder}"


def _identity(file: SourceFile | ArchivedFile) -> tuple[str, int, int, str | None, str | None, bool]:
    return file.name, file.size, file.modified_ns, file.superseded_by, file.not_opened, file.is_other


def _remark(landed: LandedFile) -> str | None:
    """What somebody should know of a file; null when there is nothing."""
    where = f"landing {landed.file_year}: {landed.source_file}"
    if landed.problem:
        return f"{where} could not be read: {landed.problem}"
    remarks = []
    if landed.unreadable:
        remarks.append(f"{len(landed.unreadable)} unreadable document(s) set aside")
    if landed.outside_year:
        remarks.append(f"{landed.outside_year} publication(s) dated in another year")
    return f"{where}: {', '.join(remarks)}" if remarks else None


def _summary(year: int, read: list[LandedFile], unchanged: list[LandedFile]) -> str:
    if not read and not unchanged:
        return f"landing {year}: no source files"
    documents, kept = sum(file.documents for file in read), sum(file.kept for file in read)
    text = f"landing {year}: {len(read)} files read, {documents:,} documents, {kept:,} kept"
    return f"{text}, {len(unchanged)} files unchanged" if unchanged else text
