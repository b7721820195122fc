"""The portal's application search as a source: for topping up recent weeks without downloading files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bri_pipeline.code_digest import code_digest
from bri_pipeline.home import StudyHome
from bri_pipeline.lake.archived import ArchivedFile
from bri_pipeline.lake.inventory import Inventory
from bri_pipeline.lake.landed import (
    LandedYear,
    documents_held,
    forget_others,
    landed_file,
    read_again,
    store_landed,
)
from bri_pipeline.lake.landed_file import LandedFile as Landed
from bri_pipeline.lake.landed_file import counted_codes, scan_counts
from bri_pipeline.portal.client import portal_client
from bri_pipeline.portal.kept_answers import SEARCH, KeptAnswers
from bri_pipeline.portal.search import scan_period
from bri_pipeline.progress import Count, Listener, Progress
from bri_pipeline.publication.record import publications_frame
from bri_pipeline.settings import Settings
from bri_pipeline.uspto.read import read_documents

_PERIOD = re.compile(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d), ")
LATE_DAYS = 60
"""For so long after the last day of a year the portal may still take publications of it into its index."""


@dataclass(frozen=True)
class ApplicationSearch:
    """The source of studies with ``kind = "odp"``: no files, one search a year, asked again on another day.

    A year that had been over for LATE_DAYS when it was asked is not asked again. Answers are kept in the archive, so
    that other rules, and other partner countries as far as possible, read them.
    """

    home: StudyHome
    settings: Settings

    @property
    def reader(self) -> str:
        """The mark of how files are read."""
        return _reader()

    def verify(
        self, years: Iterable[int], progress: Listener, *, thorough: bool = False
    ) -> dict[int, list[ArchivedFile]]:
        """There are no files to verify."""
        return {year: [] for year in years}

    def land(self, years: Iterable[int], workers: int, progress: Listener) -> dict[int, LandedYear]:
        """Search the years that are not landed, or were not over when they were."""
        return {year: self._land_year(year, progress) for year in years}

    def stale(self, years: Iterable[int]) -> set[int]:
        """The years that were never asked, or not today and not long enough after they were over."""
        return {
            year for year in years if not self._is_current(landed_file(self.home, year, _name(year)), year)
        }

    def inventory(self) -> Inventory:
        """There are no files that could lack."""
        return Inventory("no source files are needed: a run asks the portal's application search")

    def _is_current(self, landed: Landed | None, year: int) -> bool:
        return landed is not None and landed.reader == self.reader and landed.fingerprint == self._asked(year)

    def _asked(self, year: int) -> str:
        """What makes one answer serve for another: countries, period, and while records may come the day.

        Partner countries are among them, as IPC symbols are fetched for their publications alone.
        """
        start, end = self._period(year)
        focal, partners = (
            " ".join(sorted(codes)) for codes in (self.home.study.focal_countries, self._partners)
        )
        return f"{start}..{end}, {self._until(year)}, for {focal} with {partners}"

    def _until(self, year: int) -> date:
        """The day up to which the answers hold: today, or the last day on which records of the year may still come."""
        return min(date.today(), self._period(year)[1] + timedelta(days=LATE_DAYS))

    @property
    def _partners(self) -> frozenset[str]:
        return frozenset(partner.iso2 for partner in self.home.study.searched)

    def _period(self, year: int) -> tuple[date, date]:
        last = min(self.home.study.window_end or date.today(), date.today())
        return max(self.home.study.window_start, date(year, 1, 1)), min(last, date(year, 12, 31))

    def _land_year(self, year: int, progress: Listener) -> LandedYear:
        before = landed_file(self.home, year, _name(year))
        if before and self._is_current(before, year):
            return LandedYear([], [before])
        start, end = self._period(year)
        answers = KeptAnswers(
            self.home.archive / SEARCH / str(year),
            f"{start}..{end}, {self._until(year)}",
            lambda: portal_client(self.settings),
        )
        if before and before.fingerprint == self._asked(year):
            how = "the portal's answers are kept" if answers.are_there else "the portal is asked again"
            progress(Progress(f"{read_again(year, 1)}; {how}"))
        count = Count(progress, f"asking the portal for {year}", (end - start).days + 1, "days")
        scan = scan_period(
            answers,
            start,
            end,
            self.home.study.focal_countries,
            partner_countries=self._partners,
            read_xml=read_documents,
            days_read=count.reach,
        )
        publications = publications_frame(scan.publications)
        landed = Landed(
            source_file=_name(year),
            file_year=year,
            size=0,
            fingerprint=self._asked(year),
            reader=self.reader,
            focal_countries=sorted(self.home.study.focal_countries),
            documents_before=self._held(before, start, end),
            country_codes=counted_codes(publications),
            **scan_counts(scan),
        )
        answers.keep()
        forget_others(self.home, year, {_name(year)})
        store_landed(self.home, landed, publications.write_parquet)
        notes = "".join(f"; {count:,} with {note}" for note, count in sorted(landed.notes.items()))
        progress(
            Progress(
                f"landing {year}: {landed.documents:,} applications searched, {landed.kept:,} kept{notes}"
            )
        )
        return LandedYear([landed], [])

    def _held(self, before: Landed | None, start: date, end: date) -> int:
        """The applications that were found before in the same days, or fewer of them."""
        asked = before and _PERIOD.match(before.fingerprint)
        if not asked or date.fromisoformat(asked[1]) != start or date.fromisoformat(asked[2]) > end:
            return 0
        return documents_held(before, self._asked(start.year))


def _reader() -> str:
    return code_digest(scan_period, read_documents, publications_frame, scan_counts, counted_codes)


def _name(year: int) -> str:
    return f"application search {year}"
