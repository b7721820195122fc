"""A period of publications, read from the application search in slices and pages.

The portal shows at most 10,000 results of a query and refuses answers of more than 6 MB.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from bri_pipeline.errors import UserError
from bri_pipeline.portal.answers import count_in, records_in
from bri_pipeline.portal.application_record import SearchRecord, search_record
from bri_pipeline.portal.trouble import AccessDenied, AnswerTooLarge, PortalError
from bri_pipeline.publication.countries import words_read_as

if TYPE_CHECKING:
    from bri_pipeline.portal.kept_answers import Portal

SEARCH = "/api/v1/patent/applications/search"
RESULT_WINDOW = 10_000
PAGE = 100
SLICE_DAYS = 7
NUMBER_FIELD = "applicationMetaData.earliestPublicationNumber"
DATE_FIELD = "applicationMetaData.earliestPublicationDate"
COUNTRY_FIELD = "applicationMetaData.inventorBag.correspondenceAddressBag.countryCode"
FIELDS = (
    "applicationNumberText",
    NUMBER_FIELD,
    DATE_FIELD,
    "applicationMetaData.filingDate",
    "applicationMetaData.inventionTitle",
    "applicationMetaData.nationalStageIndicator",
    "applicationMetaData.inventorBag",
    "applicationMetaData.applicantBag",
    "applicationMetaData.cpcClassificationBag",
    "parentContinuityBag",
    "foreignPriorityBag",
    "pgpubDocumentMetaData",
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Slice:
    """Part of a period: how many publications it has, and the records read of it."""

    name: str
    first: date
    last: date
    documents: int
    records: list[dict[str, Any]]

    def read(self, record: Mapping[str, Any]) -> SearchRecord:
        """A record of the slice.

        Raises:
            ValueError: it cannot be read, is not of the days requested, or says of no inventor where they live, without
                which nobody can say whose publication it is.
        """
        read = search_record(record)
        inventors, day = read.publication.inventors, read.publication.publication_date
        if not inventors:
            raise ValueError("it names no inventor")
        if not read.publication.countries:
            printed = sorted(
                {code for one in inventors for code in (one.residence_country, one.address_country) if code}
            )
            raise ValueError(
                f"no inventor's address has a known country, but {', '.join(printed)[:100]}"
                if printed
                else "no inventor's address has a country"
            )
        if not self.first <= day <= self.last:
            raise ValueError(f"earliestPublicationDate {day} is not one of the days requested")
        return read


class Period:
    """A period read in slices of a week.

    The portal documents a query for inventors' countries, and nobody has shown that it works. It is used
    all the same, as it spares nine pages in ten, but only after the first slice with focal inventors,
    which is read whole, has shown that the query finds every publication a reading of the addresses finds.
    """

    def __init__(self, client: Portal, start: date, end: date, focal_countries: frozenset[str]) -> None:
        if start > end:
            raise UserError(f"The period runs backwards: {start} to {end}; give the earlier date first.")
        self._pages = _Pages(client)
        self._start, self._end, self._focal = start, end, focal_countries
        self._query = f"{COUNTRY_FIELD}:({' OR '.join(sorted(words_read_as(focal_countries)))})"
        self._query_finds_all: bool | None = None

    def slices(self) -> Iterator[Slice]:
        """The slices in order of time."""
        first = self._start
        while first <= self._end:
            last = min(first + timedelta(days=SLICE_DAYS - 1), self._end)
            yield self._slice(first, last)
            first = last + timedelta(days=1)

    def _slice(self, first: date, last: date) -> Slice:
        name = f"odp {first} to {last}"
        if self._query_finds_all:
            narrowed = self._pages.records(first, last, self._query)
            documents = max(self._pages.count(first, last, ""), len(narrowed))
            return Slice(name, first, last, documents, narrowed)
        records = self._pages.records(first, last, "")
        if self._query_finds_all is None and last < self._end:
            self._query_finds_all = self._try_query(first, last, records)
        return Slice(name, first, last, len(records), records)

    def _try_query(self, first: date, last: date, records: list[dict[str, Any]]) -> bool | None:
        """Whether the query finds all focal publications of a slice; None if there is none to find."""
        wanted = {_identity(record) for record in records if _countries_of(record) & self._focal}
        if not wanted:
            return None
        try:
            found = {_identity(record) for record in self._pages.records(first, last, self._query)}
        except AccessDenied:
            raise
        except (PortalError, UserError) as error:
            log.info("the portal's country query failed, all records are read: %s", error)
            return False
        if wanted - found:
            log.info(
                "the portal's country query misses %d of %d, all are read", len(wanted - found), len(wanted)
            )
        return wanted <= found


class _Pages:
    """Reads the results of one query after the other; pages get smaller once one was too large."""

    def __init__(self, client: Portal) -> None:
        self._client = client
        self._limit = PAGE

    def count(self, first: date, last: date, query: str) -> int:
        """How many records there are; of a single day that fills the result window, at least so many."""
        count = self._counted(first, last, query)
        if count >= RESULT_WINDOW and first < last:
            return sum(self.count(*half, query) for half in _halves(first, last))
        return count

    def records(self, first: date, last: date, query: str) -> list[dict[str, Any]]:
        """All records of the days.

        A slice that fills the result window is halved, as the portal may count no further; a single day that
        does is read from both ends.

        Raises:
            UserError: fewer came than the portal counts.
        """
        count = self._counted(first, last, query)
        if count >= RESULT_WINDOW and first < last:
            return [record for half in _halves(first, last) for record in self.records(*half, query)]
        found = self._in_order(first, last, query, "asc")
        if len(found) < count or count >= RESULT_WINDOW:
            # The other order also finds what the first lost when the portal's index changed between two pages.
            other = self._in_order(first, last, query, "desc")
            met = bool(found.keys() & other.keys())
            found |= other
            if len(found) < count or (count >= RESULT_WINDOW and not met):
                raise _incomplete(first, last, count, len(found))
        return list(found.values())

    def _counted(self, first: date, last: date, query: str) -> int:
        return self._ask(first, last, query, "asc", offset=0, limit=1)[0]

    def _in_order(self, first: date, last: date, query: str, order: str) -> dict[str, dict[str, Any]]:
        return {_identity(record): record for record in self._pages(first, last, query, order)}

    def _pages(self, first: date, last: date, query: str, order: str) -> Iterator[dict[str, Any]]:
        offset = 0
        while offset < RESULT_WINDOW:
            limit = min(self._limit, RESULT_WINDOW - offset)
            try:
                count, page = self._ask(first, last, query, order, offset=offset, limit=limit)
            except AnswerTooLarge:
                if limit == 1:
                    raise
                self._limit = limit // 2
                continue
            yield from page
            offset += len(page)
            if not page or offset >= count:
                return

    def _ask(
        self, first: date, last: date, query: str, order: str, *, offset: int, limit: int
    ) -> tuple[int, list[dict[str, Any]]]:
        body = {
            "q": query,
            "rangeFilters": [{"field": DATE_FIELD, "valueFrom": str(first), "valueTo": str(last)}],
            "sort": [{"field": "applicationMetaData.filingDate", "order": order}],
            "fields": list(FIELDS),
            "pagination": {"offset": offset, "limit": limit},
        }
        what = f"publications of {first} to {last}"
        answer = self._client.post_json(SEARCH, body, what=what)
        return count_in(answer, what), records_in(answer, what)


def _halves(first: date, last: date) -> tuple[tuple[date, date], tuple[date, date]]:
    middle = first + (last - first) // 2
    return (first, middle), (middle + timedelta(days=1), last)


def _incomplete(first: date, last: date, count: int, came: int) -> UserError:
    counted = f"{count} or more" if count == RESULT_WINDOW else str(count)
    return UserError(
        f"The portal counts {counted} publications from {first} to {last} and gave {came}; "
        "run the command again, or use the weekly files (bri download --product APPBLXML)."
    )


def _identity(record: Mapping[str, Any]) -> str:
    return str(record.get("applicationNumberText") or json.dumps(record, sort_keys=True))


def _countries_of(record: Mapping[str, Any]) -> set[str]:
    """The countries that the inventors count for; none of a record that will be set aside."""
    try:
        return set(search_record(record).publication.countries)
    except ValueError:
        return set()
