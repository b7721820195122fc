"""What a year has lost since it was read, and how somebody accepts that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bri_pipeline.home import StudyHome
from bri_pipeline.lake.archived import (
    AcceptedLoss,
    accepted_losses,
    manifest,
    write_accepted,
    write_manifest,
)
from bri_pipeline.lake.landed import landed_files, rewrite_counts
from bri_pipeline.lake.source import source_of
from bri_pipeline.progress import Listener, Progress, silent
from bri_pipeline.settings import Settings


def accept_losses_of(
    home: StudyHome, settings: Settings, years: Sequence[int], progress: Listener
) -> list[str]:
    """Look at the source's files of the years as they are now, then accept what is lost of them, and say so.

    Returns:
        A sentence on each, as said to ``progress``.
    """
    source = source_of(home, settings)
    with home.lock(progress):
        source.verify(years, silent, thorough=True)
        said = accept_losses(home, years)
        source.verify(years, silent)
    for sentence in said:
        progress(Progress(sentence))
    return said


def accept_losses(home: StudyHome, years: Sequence[int]) -> list[str]:
    """Accept every file of the years that is lost, damaged or was not downloaded, or holds less than it did.

    Returns:
        A sentence on each.
    """
    accepted, said = accepted_losses(home), []
    now = datetime.now(UTC).isoformat(timespec="seconds")
    for year in years:
        files = manifest(home, year)
        new = [file for file in files if file.problem and not file.accepted]
        accepted += [
            AcceptedLoss(file.name, year, file.problem or "", file.size, file.modified_ns, now)
            for file in new
        ]
        said += [f"{year}: {file.name} is left out from now on; that is accepted." for file in new]
        if new:
            write_manifest(home, year, [replace(file, accepted=bool(file.problem)) for file in files])
        said += _accept_fewer_documents(home, year)
    write_accepted(home, accepted)
    return said


def _accept_fewer_documents(home: StudyHome, year: int) -> list[str]:
    said = []
    for landed in [file for file in landed_files(home, [year]) if file.documents_before > file.documents]:
        rewrite_counts(home, replace(landed, documents_before=landed.documents))
        said.append(
            f"{year}: {landed.source_file} holds {landed.documents:,} documents where it held "
            f"{landed.documents_before:,}; that is accepted."
        )
    return said
