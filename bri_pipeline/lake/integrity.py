"""Whether the files of an archive are, byte for byte, as they were verified."""

from __future__ import annotations

from pathlib import Path

from bri_pipeline.files.atomic import sha256_of
from bri_pipeline.home import StudyHome
from bri_pipeline.lake.archive import source_folder
from bri_pipeline.lake.archived import ArchivedFile, manifest, write_manifest

GONE = "is gone"
BACK = "put the file back or delete it and download it again, then `bri run`"


def changed_files(home: StudyHome) -> tuple[int, list[tuple[Path, str, str]]]:
    """Read every file that was verified and compare it with its sha256.

    One that changed is taken out of the manifest, so that the next run verifies and reads it as it is, although
    its size and time are the same.

    Returns:
        How many files were compared, and of each that is not as it was: path, what is wrong, way out.

    Raises:
        UserError: the folder the study names is missing.
    """
    folder = source_folder(home)
    root = folder.parent if folder.is_file() else folder
    compared, changed = 0, []
    for path in sorted(home.archive.glob("manifest-*.json")):
        year = path.stem.removeprefix("manifest-")
        if not year.isdecimal():
            continue
        files = manifest(home, int(year))
        wrong = {
            file.name: what
            for file in files
            if file.sha256 and not file.accepted and (what := _difference(root, file))
        }
        compared += sum(bool(file.sha256) and not file.accepted for file in files)
        changed += [(root / name, what, BACK) for name, what in wrong.items()]
        if any(what != GONE for what in wrong.values()):
            write_manifest(home, int(year), [file for file in files if wrong.get(file.name, GONE) == GONE])
    return compared, changed


def _difference(root: Path, file: ArchivedFile) -> str | None:
    """What is wrong with a file; null if nothing is."""
    path = root / file.name
    try:
        sha256 = sha256_of(path)
    except FileNotFoundError:
        return GONE
    except OSError as error:
        return f"cannot be read ({error.strerror or error})"
    return None if sha256 == file.sha256 else "its bytes are not those that were verified"
