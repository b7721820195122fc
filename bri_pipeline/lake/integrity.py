"""Whether the files of an archive are, byte for byte, as they were verified."""

from __future__ import annotations

from pathlib import Path

from bri_pipeline.files.atomic import sha256_of
from bri_pipeline.home import StudyHome
from bri_pipeline.lake.archive import source_root
from bri_pipeline.lake.archived import ArchivedFile, manifest, write_manifest
from bri_pipeline.portal.kept_answers import SEARCH, content_of, kept_answers
from bri_pipeline.progress import Count, Listener

GONE = "is gone"
DIFFERS = "its bytes are not those that were verified"
ASKED_AGAIN = "nothing need be done: `bri run` asks the portal again when it needs this answer"
BACK = "put the file back or delete it and download it again, then `bri run`"


def changed_files(home: StudyHome, progress: Listener) -> tuple[int, list[tuple[Path, str, str]]]:
    """Read every file that was verified, and every kept answer of the portal, and compare it with its sha256.

    One that changed is taken out of the manifest, so that the next run verifies and reads it as it is, although
    its size and time are the same.

    Returns:
        How many files were compared, and of each that is not as it was: path, what is wrong, way out.

    Raises:
        UserError: the folder the study names is missing.
    """
    root = source_root(home)
    manifests = {year: manifest(home, year) for year in _years_with_manifests(home)}
    known = {year: [file for file in files if _is_compared(file)] for year, files in manifests.items()}
    answers = kept_answers(home.archive / SEARCH)
    compared = sum(map(len, known.values())) + len(answers)
    count = Count(progress, "comparing files", compared, "files")
    changed = []
    for year, files in known.items():
        wrong = {}
        for file in files:
            count.begin(file.name)
            if what := _difference(root, file):
                wrong[file.name] = what
            count.add()
        changed += [(root / name, what, BACK) for name, what in wrong.items()]
        if any(what != GONE for what in wrong.values()):
            left = [file for file in manifests[year] if wrong.get(file.name, GONE) == GONE]
            write_manifest(home, year, left)
    for path, sha256 in answers.items():
        if content_of(path, sha256) is None:
            changed.append((path, GONE if not path.is_file() else DIFFERS, ASKED_AGAIN))
        count.add()
    return compared, changed


def _years_with_manifests(home: StudyHome) -> list[int]:
    names = (path.stem.removeprefix("manifest-") for path in sorted(home.archive.glob("manifest-*.json")))
    return [int(name) for name in names if name.isdecimal()]


def _is_compared(file: ArchivedFile) -> bool:
    return bool(file.sha256) and not file.accepted


def _difference(root: Path, file: ArchivedFile) -> str | None:
    """What is wrong with a file; null if nothing is."""
    path = root / file.name
    try:
        sha256 = sha256_of(path)
    except FileNotFoundError:
        return GONE
    except OSError as error:
        return f"cannot be read ({error.strerror or error})"
    return None if sha256 == file.sha256 else DIFFERS
