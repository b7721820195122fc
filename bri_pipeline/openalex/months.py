"""Papers of a month, and the institutions of papers, asked of OpenAlex's API."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bri_pipeline.openalex.client import PAGE, OpenAlexClient
from bri_pipeline.openalex.snapshot import ScannedWorks, take
from bri_pipeline.openalex.work import (
    INSTITUTION_FIELDS,
    WORK_FIELDS,
    Question,
    read_institution,
)


def scan_month(client: OpenAlexClient, question: Question, first: date, last: date) -> ScannedWorks:
    """The papers published from one day to another.

    Raises:
        OpenAlexError: they could not be had to the last one.
    """
    scanned = ScannedWorks()
    what = f"the papers of {first:%Y-%m}"
    for record in client.records("/works", question.filters(first, last), WORK_FIELDS, what=what):
        scanned.works += 1
        take(scanned, record, question)
    return scanned


def ask_institutions(client: OpenAlexClient, numbers: Iterable[str]) -> dict[str, dict[str, str | None]]:
    """Institutions by their numbers, a hundred a request; those that OpenAlex no longer knows are not there.

    Raises:
        OpenAlexError: they could not be had.
    """
    found: dict[str, dict[str, str | None]] = {}
    wanted = sorted(numbers)
    for start in range(0, len(wanted), PAGE):
        part = "|".join(wanted[start : start + PAGE])
        for record in client.records(
            "/institutions", f"openalex:{part}", INSTITUTION_FIELDS, what="the institutions of the papers"
        ):
            try:
                institution = read_institution(record)
            except ValueError:
                continue  # as one that OpenAlex no longer knows
            found[str(institution["institution_id"])] = institution
    return found
