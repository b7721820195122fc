"""The counts of a year as reading PatentsView's tables gave them, in the form they are kept in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from bri_pipeline.lake.landed_file import counted_codes, counted_sets
from bri_pipeline.patentsview.tables import TablesLanding

_ONE_IN = 20


def year_counts(
    landing: TablesLanding,
    year: int,
    not_there: Sequence[str],
    *,
    holds_yearless: bool,
    count_countries: bool,
) -> dict[str, Any]:
    """The counts of a year as LandedFile keeps them.

    Args:
        landing: what reading the tables yielded.
        year: year of publication.
        not_there: tables that are read where they are there, and are not.
        holds_yearless: whether what has no year, such as a line that could not be read, is counted with this one.
        count_countries: whether the study asks for the documents by set of countries.
    """
    path = landing.files.get(year)
    kinds = pl.read_parquet(path, glob=False, columns=["kind"])["kind"].value_counts().rows() if path else []
    unreadable = _unreadable(landing) if holds_yearless else []
    unlisted = (sum(lines.count for lines in landing.unreadable.values()) if unreadable else 0) - len(
        unreadable
    )
    counted = landing.country_sets if count_countries else {}
    return {
        "documents": landing.documents[year] + len(unreadable) + unlisted,
        "kept": landing.kept[year],
        "skipped": landing.skipped[year],
        "unreadable": unreadable,
        "unreadable_unlisted": unlisted,
        "years": {str(year): landing.kept[year]} if landing.kept[year] else {},
        "kinds": dict(sorted(kinds)),
        "country_sets": counted_sets({key: n for key, n in counted.items() if key[0] == year}),
        "country_codes": counted_codes(pl.read_parquet(path, glob=False)) if path else [],
        "notes": _notes(landing, year, not_there, first=holds_yearless),
    }


def _unreadable(landing: TablesLanding) -> list[dict[str, object]]:
    return [
        {
            "source_file": line.file,
            "document_index": index,
            "byte_offset": None,
            "reason": f"{line.file}, line {line.line}: {line.reason}",
            "excerpt": line.excerpt,
        }
        for index, line in enumerate(landing.unreadable_lines)
    ]


def _notes(landing: TablesLanding, year: int, not_there: Sequence[str], *, first: bool) -> dict[str, int]:
    """What the reader of the year's numbers should know; what has no year is filed under the first one."""
    notes = {
        "a row repeated in the publication table, left out": landing.repeated[year],
        "a focal-country inventor but no row in the publication table, left out": landing.without_document[
            year
        ],
        "no inventor whose country is known, as more than one in twenty of the year": without_country(
            landing, year
        ),
        **landing.notes[year],
        **{f"nothing of the table {name}, which is not there": landing.kept[year] for name in not_there},
        "an inventor or applicant of the window whose place is not in the location table": landing.unlocated
        if first
        else 0,
        "an inventor of any publication whose place is not in the location table, so of no country": landing.placeless
        if first
        else 0,
    }
    return {note: count for note, count in notes.items() if count}


def without_country(landing: TablesLanding, year: int) -> int:
    """Publications of a year of which no inventor's country is known, if they are more than one in twenty."""
    unknown = sum(n for (of, _, countries), n in landing.country_sets.items() if of == year and not countries)
    return unknown if unknown * _ONE_IN > landing.documents[year] >= _ONE_IN else 0
