"""Where a study's publications come from: one adapter per ``source.kind``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from bri_pipeline.errors import UserError
from bri_pipeline.files.object_storage import is_object
from bri_pipeline.home import StudyHome
from bri_pipeline.lake.archived import ArchivedFile
from bri_pipeline.lake.inventory import Inventory
from bri_pipeline.lake.landed import LandedYear
from bri_pipeline.lake.weekly import WeeklyFiles
from bri_pipeline.progress import Listener
from bri_pipeline.settings import Settings


class Source(Protocol):
    """Where a study's publications come from, up to the landed files; one class per ``source.kind``."""

    @property
    def reader(self) -> str:
        """The mark of how the source is read; what was landed under another one is read again."""

    def verify(
        self, years: Iterable[int], progress: Listener, *, thorough: bool = False
    ) -> dict[int, list[ArchivedFile]]:
        """Verify the source's files of the years.

        Unless this is ``thorough``, damage inside a file is found only when ``land`` reads it.
        """

    def land(self, years: Iterable[int], workers: int, progress: Listener) -> dict[int, LandedYear]:
        """Read what is new or changed."""

    def stale(self, years: Iterable[int]) -> set[int]:
        """The years for which ``verify`` or ``land`` has something to do."""

    def inventory(self) -> Inventory:
        """What there is to read, by a look at names only.

        Raises:
            UserError: the folder the study names cannot be read from.
        """


def source_of(home: StudyHome, settings: Settings) -> Source:
    """The study's source; what the other kinds need is not imported.

    Raises:
        UserError: BRI_LAKE is in object storage, and the study does not read weekly files.
    """
    if home.study.source.kind != "weekly_xml" and is_object(home.landing):
        raise UserError(
            f"{home.study.name} does not read weekly files, and only those can be kept in object storage: set "
            "BRI_LAKE to a folder, or unset it."
        )
    if home.study.source.kind == "patentsview_tables":
        from bri_pipeline.lake.patentsview import PatentsViewTables

        return PatentsViewTables(home)
    if home.study.source.kind == "odp":
        from bri_pipeline.lake.application_search import ApplicationSearch

        return ApplicationSearch(home, settings)
    return WeeklyFiles(home, settings.cluster)
