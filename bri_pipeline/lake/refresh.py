"""From the source to the raw hits, year by year: what is out of date, and bringing it up to date."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

from bri_pipeline.lake.archive import ArchivedFile, SourceFile, manifest, source_folder, survey, verify_year
from bri_pipeline.lake.hits import hits_state, stale_hits
from bri_pipeline.lake.landing import LandedYear, is_current, land_year, landed_file, landed_files
from bri_pipeline.lake.layout import Layout
from bri_pipeline.study import Study

Progress = Callable[[str], None]


def verify_years(
    study: Study, layout: Layout, years: Iterable[int], progress: Progress
) -> dict[int, list[ArchivedFile]]:
    """Verify the source files of the years; years without files get an empty list."""
    files, folder = survey(study, layout), source_folder(study, layout)
    return {year: verify_year(files.get(year, []), folder, layout, year, progress) for year in years}


def land_years(
    study: Study, layout: Layout, years: Iterable[int], workers: int, progress: Progress
) -> dict[int, LandedYear]:
    """Read the verified files of the years that are new or changed."""
    folder = source_folder(study, layout)
    return {
        year: land_year(
            manifest(layout, year), folder, study, layout, year, workers=workers, progress=progress
        )
        for year in years
    }


def stale_years(study: Study, layout: Layout, years: Iterable[int], countries: Iterable[str]) -> list[int]:
    """The years whose archive, landing or raw hits do not follow from the source's files as they are now."""
    wanted, found = list(years), survey(study, layout)
    stale = {year for year in wanted if not _landed_as_found(study, layout, year, found.get(year, []))}
    stale |= set(stale_hits(study, layout, wanted, countries))
    return sorted(stale)


def lake_digest(study: Study, layout: Layout) -> str:
    """Changes when anything the warehouse reads from the lake changes."""
    files = [
        (file.source_file, file.sha256, file.reader, file.problem)
        for file in landed_files(layout, study.years)
    ]
    hits = sorted((key, entry["digest"]) for key, entry in hits_state(layout, study.years).items())
    return hashlib.sha256(repr((files, hits)).encode()).hexdigest()[:16]


def _landed_as_found(study: Study, layout: Layout, year: int, found: list[SourceFile]) -> bool:
    verified = manifest(layout, year)
    seen = [(file.name, file.size, file.modified_ns, file.superseded_by) for file in found]
    known = [(file.name, file.size, file.modified_ns, file.superseded_by) for file in verified]
    if seen != known:
        return False
    for file in verified:
        landed = None if file.superseded_by else landed_file(layout, year, file.name)
        if not file.superseded_by and not (landed and is_current(landed, file, study)):
            return False
    return {file.source_file for file in landed_files(layout, [year])} == {
        file.name for file in verified if not file.superseded_by
    }
