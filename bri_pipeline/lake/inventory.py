"""What there is of a source's files, for somebody who wants to know before a run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Inventory:
    """What a run would find.

    found          in words, for example ``612 weekly files of 12 years in FOLDER``; null where there is nothing
    lacking_files  names of files that belong there and are not
    lacking_years  years of the window without a file
    not_opened     files that may hold publications and cannot be opened, each a sentence with the way out
    """

    found: str | None
    lacking_files: tuple[str, ...] = ()
    lacking_years: tuple[int, ...] = ()
    not_opened: tuple[str, ...] = ()
