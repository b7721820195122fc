"""Whether a year of the lake can be relied on: what is wrong with its files, in sentences with the way out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from bri_pipeline.home import StudyHome
from bri_pipeline.lake.archived import ArchivedFile, is_verified, manifest
from bri_pipeline.lake.landed import landed_files
from bri_pipeline.lake.landed_file import LandedFile
from bri_pipeline.years import years_in_words

_NAMED = 3
_VERIFY = "the source's files have not been verified yet. Materialize archive/uspto_files as well, or run `bri run`."
_LAND = "not landed yet. Materialize landing/publications as well, or run `bri run`."


def archive_faults(files: Iterable[ArchivedFile]) -> list[str]:
    """What is wrong with a year's verified files and was not accepted: damaged, lost, or not downloaded."""
    return [file.problem for file in files if file.problem and not file.accepted]


def not_verified(home: StudyHome, year: int) -> list[str]:
    """Why a year cannot land: nobody has looked at its files, so it would land green and empty."""
    return [] if home.study.source.kind != "weekly_xml" or is_verified(home, year) else [_VERIFY]


def landing_faults(home: StudyHome, year: int) -> list[str]:
    """What is wrong with a year as it landed: its files, and what only reading them shows.

    A year that was verified and never had a file has no fault; the check ``years_have_files`` warns of it.
    """
    if unseen := not_verified(home, year):
        return unseen
    files = manifest(home, year)
    known = archive_faults(files)
    left_out = {file.name for file in files if file.accepted}
    for landed in landed_files(home, [year]):
        if landed.problem and landed.problem not in known and landed.source_file not in left_out:
            known.append(landed.problem)
        elif landed.documents < landed.documents_before and not landed.problem:
            known.append(_fewer_documents(landed, home.study.source.kind))
    return known


def not_landed(home: StudyHome, year: int) -> list[str]:
    """Why the hits of a year cannot be searched: its verified files are not landed, or nobody looked at them."""
    if home.study.source.kind == "weekly_xml":
        if unseen := not_verified(home, year):
            return unseen
        wanted = {file.name for file in manifest(home, year) if file.is_read}
        return [_LAND] if wanted - {file.source_file for file in landed_files(home, [year])} else []
    return [] if next(landed_files(home, [year]), None) else [_LAND]


def faults_of(home: StudyHome, years: Iterable[int]) -> dict[int, list[str]]:
    """The years that cannot be relied on, with what is wrong; those that nobody has looked at are left aside."""
    looked_at = (year for year in years if not not_verified(home, year))
    return {year: found for year in looked_at if (found := landing_faults(home, year))}


def faults_in_words(faults: dict[int, list[str]]) -> str:
    """``2008: FILE is not a whole zip file ...``, the first few faults of each year; a way out is in each."""
    years_of: dict[str, list[int]] = {}
    for year, found in sorted(faults.items()):
        if found:
            years_of.setdefault(_some(found), []).append(year)
    return " ".join(f"{years_in_words(years)}: {said}" for said, years in years_of.items())


def files_version(files: Iterable[ArchivedFile]) -> str:
    """A digest of a year's verified files, the same as long as they are."""
    return _digest((f.name, f.sha256, f.superseded_by, f.same_as, f.accepted) for f in files)


def landed_version(files: Iterable[LandedFile]) -> str:
    """A digest of what a year landed from and of how it was read."""
    return _digest((f.source_file, f.fingerprint, f.reader, f.focal_countries, f.problem) for f in files)


def _fewer_documents(landed: LandedFile, source: str) -> str:
    again = {
        "odp": "The portal may have had trouble: run it again another day",
        "patentsview_tables": "Put the tables of the release before back",
    }.get(source, "Put the old file back or download it again")
    return (
        f"{landed.source_file} holds {landed.documents:,} documents where it held {landed.documents_before:,}. "
        f"{again}, or accept the loss: bri run --accept-loss."
    )


def _some(faults: list[str]) -> str:
    more = len(faults) - _NAMED
    return " ".join(faults[:_NAMED]) + (f" And {more} more." if more > 0 else "")


def _digest(parts: Iterable[object]) -> str:
    return hashlib.sha256(repr(sorted(map(repr, parts))).encode()).hexdigest()[:16]
