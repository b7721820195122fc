"""From the source to the raw hits, year by year: what is out of date, and bringing it up to date."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Protocol

from bri_pipeline.lake.archive import ArchivedFile
from bri_pipeline.lake.hits import hits_state, stale_hits
from bri_pipeline.lake.inventory import Inventory
from bri_pipeline.lake.landed import LandedYear, landed_files
from bri_pipeline.lake.layout import Layout
from bri_pipeline.lake.weekly import WeeklyFiles
from bri_pipeline.settings import Settings
from bri_pipeline.study import Study

Progress = Callable[[str], None]


class Source(Protocol):
    """Where a study's publications come from, up to the landed files; one class per ``source.kind``."""

    def verify(self, years: Iterable[int], progress: Progress) -> dict[int, list[ArchivedFile]]:
        """Verify the source's files of the years."""

    def land(self, years: Iterable[int], workers: int, progress: Progress) -> dict[int, LandedYear]:
        """Read what is new or changed."""

    def stale(self, years: Iterable[int]) -> set[int]:
        """The years for which ``verify`` or ``land`` has something to do."""

    def inventory(self) -> Inventory:
        """What there is to read, by a look at names only.

        Raises:
            UserError: the folder the study names cannot be read from.
        """


def source_of(study: Study, layout: Layout, settings: Settings) -> Source:
    """The study's source; what the other kinds need is not imported."""
    if study.source.kind == "patentsview_tables":
        from bri_pipeline.lake.patentsview import PatentsViewTables

        return PatentsViewTables(study, layout)
    if study.source.kind == "odp":
        from bri_pipeline.lake.application_search import ApplicationSearch

        return ApplicationSearch(study, layout, settings)
    return WeeklyFiles(study, layout)


def stale_years(
    source: Source, study: Study, layout: Layout, years: Iterable[int], countries: Iterable[str]
) -> list[int]:
    """The years whose archive, landing or raw hits do not follow from the source's files as they are now."""
    wanted = list(years)
    return sorted(source.stale(wanted) | set(stale_hits(study, layout, wanted, countries)))


def lake_digest(study: Study, layout: Layout) -> str:
    """Changes when anything the warehouse reads from the lake changes."""
    files = [(f.source_file, f.fingerprint, f.reader, f.problem) for f in landed_files(layout, study.years)]
    hits = sorted((key, entry["digest"]) for key, entry in hits_state(layout, study.years).items())
    return hashlib.sha256(repr((files, hits)).encode()).hexdigest()[:16]
