"""A quick check whether a study is up to date, from the names, sizes and times of files alone.

The thorough check takes seconds: it computes digests of the code, of the rows of every table and of what they are made
from. When it finds nothing to do, the state it began with is noted, and as long as that state does not change there is
nothing to do. Files of the same size and time count as unchanged, as everywhere else. Any difference, even one that
means nothing, only leads to the thorough check.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from bri_pipeline.files.atomic import read_derived, write_json
from bri_pipeline.files.object_storage import is_object, objects_below
from bri_pipeline.home import StudyHome
from bri_pipeline.resources import PACKAGE, resource_dir
from bri_pipeline.settings import DEFAULT_OPENALEX_URL, Settings
from bri_pipeline.study import Study

_RESOURCES = ("sql", "data/reference")
# Their files change when somebody uses Dagster's pages or imports the code; no result depends on them.
_IGNORED = frozenset({"dagster", "__pycache__"})


def current_state(home: StudyHome, settings: Settings, years: Sequence[int], countries: Sequence[str]) -> str:
    """A digest of everything that decides whether there is something to do.

    That is the question (study, years, countries, and the day where the answer changes with it), the code with its
    libraries and reference files, the source's files, and everything made from them.
    """
    study = home.study
    content = hashlib.sha256()
    for part in (
        study.digest,
        str(study.path),
        list(years),
        list(countries),
        *_external_conditions(study, settings),
    ):
        content.update(f"{part}\n".encode())
    for part in (sys.version, *_libraries()):
        content.update(f"{part}\n".encode())
    for folder in (PACKAGE, *map(resource_dir, _RESOURCES), *_named_in_study(study), home.root, *_lake(home)):
        for line in _entries(folder):
            content.update(f"{line}\n".encode("utf-8", "surrogateescape"))
    return content.hexdigest()


def is_known_up_to_date(home: StudyHome, state: str) -> bool:
    """Whether the thorough check found nothing to do in this state."""
    return (read_derived(_path(home)) or {}).get("state") == state


def remember_up_to_date(home: StudyHome, state: str) -> None:
    """Note that the thorough check found nothing to do in this state."""
    write_json(_path(home), {"state": state})


def _path(home: StudyHome) -> Path:
    return home.root / ".up_to_date.json"


def _external_conditions(study: Study, settings: Settings) -> Iterator[str]:
    """The day, where an open window or an online source makes it matter, and which online sources can be asked."""
    is_open = study.window_end is None or study.window_end >= date.today()
    if is_open or study.papers is not None or study.source.kind == "odp":
        yield date.today().isoformat()
    yield f"{settings.may_ask_portal} {bool(settings.openalex_key)} {settings.openalex_url == DEFAULT_OPENALEX_URL}"


def _named_in_study(study: Study) -> Iterator[Path]:
    """The study's own file, and the files and folders it names."""
    papers = study.papers.path if study.papers else None
    for path in (study.path, study.source.path, study.expected, study.alliances, papers):
        if path is not None:
            yield path


def _lake(home: StudyHome) -> list[Path]:
    """The folder of archive and landed files, where it is not the study's own."""
    return [home.lake] if home.lake else []


def _libraries() -> list[str]:
    """Names of the installed distributions, versions included; this package is left out, as its code is checked."""
    folders = [folder for folder in map(Path, dict.fromkeys(sys.path)) if folder.is_dir()]
    names = (path.name for folder in folders for path in folder.iterdir())
    return sorted(
        name
        for name in names
        if name.endswith((".dist-info", ".egg-info")) and not name.startswith("bri_pipeline")
    )


def _entries(path: Path) -> Iterator[str]:
    """Path, size and time of a file, or of all files below a folder, in order; hidden ones are left out."""
    if is_object(path):
        yield from objects_below(path)
        return
    try:
        yield _entry(str(path), path.stat())
    except OSError:
        yield f"{path} is not there"
        return
    if path.is_dir():
        yield from _entries_below(str(path))


def _entries_below(folder: str, above: frozenset[tuple[int, int]] = frozenset()) -> Iterator[str]:
    """Links to folders are followed, as they are where source files are looked for."""
    status = Path(folder).stat()
    number = (status.st_dev, status.st_ino)
    if number in above:
        return
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.name.startswith(".") or entry.name in _IGNORED:
            continue
        try:
            if entry.is_dir():
                yield from _entries_below(entry.path, above | {number})
            else:
                yield _entry(entry.path, entry.stat())
        except OSError:
            yield f"{entry.path} leads nowhere"


def _entry(path: str, status: os.stat_result) -> str:
    # The size and time of a folder change with hidden files, too, and differ between file systems.
    if stat.S_ISDIR(status.st_mode):
        return path
    return f"{path} {status.st_size} {status.st_mtime_ns}"
