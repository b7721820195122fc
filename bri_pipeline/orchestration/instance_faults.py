"""What is broken in the files of Dagster's instance, and how it is mended. Asks the files, not a running Dagster."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import yaml

from bri_pipeline.files.in_the_way import A_FOLDER, kind_at, no_file_at
from bri_pipeline.progress import Listener, Progress
from bri_pipeline.visible import brief

DATABASES = ("history/runs.db", "history/runs/index.db", "schedules/schedules.db")
FOLDERS = ("history", "history/runs", "schedules", "storage")
MIGRATIONS = "dagster:_core/storage/alembic"
SET_ASIDE = "it is set aside and a new history is begun"
BUSY_SECONDS = 5


@dataclass(frozen=True)
class Fault:
    """One thing that is broken: what, which kind, and what mending does."""

    text: str
    kind: Literal["two versions", "unreadable"]
    mending: str
    path: Path


def faults(folder: Path, *, thorough: bool = False) -> list[Fault]:
    """What is broken in an instance's folder; nothing where there is none yet.

    Args:
        folder: ``<study>/dagster``.
        thorough: read the databases from end to end, which takes a second or two for a long history.
    """
    found = list(_misplaced(folder))
    misplaced = {fault.path for fault in found}
    for name in ("dagster.yaml", *DATABASES):
        path = folder / name
        if path.exists() and path not in misplaced:
            found += _database(path, thorough) if name in DATABASES else _config(path)
    return found


def _misplaced(folder: Path) -> Iterator[Fault]:
    """What is in the place of a file or folder of Dagster's and is none; opening a pipe would wait for ever."""
    files = [folder / "dagster.yaml", *(folder / name for name in DATABASES)]
    files += [path for name in FOLDERS for path in (folder / name).glob("*.db*")]
    for path in dict.fromkeys(files):
        if kind := no_file_at(path):
            yield Fault(f"{path} is {kind} where a file belongs", "unreadable", SET_ASIDE, path)
    for path in (folder, *(folder / name for name in FOLDERS)):
        kind = kind_at(path)
        if kind not in (None, A_FOLDER):
            yield Fault(f"{path} is {kind} where a folder belongs", "unreadable", SET_ASIDE, path)
        elif kind is None and path.is_symlink():
            yield Fault(f"{path} is a link that leads nowhere", "unreadable", SET_ASIDE, path)


def _config(path: Path) -> Iterator[Fault]:
    try:
        content: Any = yaml.safe_load(path.read_bytes())
    except (yaml.YAMLError, UnicodeError, ValueError):
        yield Fault(f"{path} is not YAML", "unreadable", SET_ASIDE, path)
        return
    if not isinstance(content, dict):
        yield Fault(f"{path} holds no settings", "unreadable", SET_ASIDE, path)
    elif refused := _refused_by_dagster(content):
        text = f"{path} holds settings that Dagster does not take ({refused}); correct them, or"
        yield Fault(f"{text} have all set aside", "unreadable", SET_ASIDE, path)


def _refused_by_dagster(settings: dict[str, Any]) -> str | None:
    """What is wrong with settings by Dagster's own schema, such as a key without its value; null where nothing is."""
    from dagster._config import validate_config
    from dagster._core.instance.config import dagster_instance_config_schema

    if "instance_class" in settings or "custom_instance_class" in settings:
        return None  # these have a schema of their own
    errors = validate_config(dagster_instance_config_schema(), settings).errors or []
    return brief(errors[0].message, 200)[1:-1] if errors else None


def _database(path: Path, thorough: bool) -> Iterator[Fault]:
    if path.stat().st_size == 0:
        return  # made by a process that was killed at once; Dagster goes on from there
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS)) as con:
            if thorough and (said := con.execute("pragma quick_check(1)").fetchone()[0]) != "ok":
                yield Fault(f"{path} is damaged ({said})", "unreadable", SET_ASIDE, path)
                return
            con.execute("select count(*) from sqlite_master").fetchone()
            heads = _heads(con)
    except sqlite3.DatabaseError as error:
        if "locked" not in str(error):
            yield Fault(f"{path} cannot be read ({error})", "unreadable", SET_ASIDE, path)
        return
    if len(heads) > 1:
        yield Fault(
            f"{path} was made by two processes at once and holds {len(heads)} versions of its tables",
            "two versions",
            "it keeps the newest version and the whole history",
            path,
        )


def _heads(con: sqlite3.Connection) -> list[str]:
    try:
        return [version for (version,) in con.execute("select version_num from alembic_version")]
    except sqlite3.OperationalError:
        return []  # not made yet


def mend(folder: Path, progress: Listener) -> None:
    """Mend what is broken: two versions are made one, anything else is set aside whole.

    Args:
        folder: ``<study>/dagster``; nobody may be using it.
        progress: takes a sentence for each thing done.
    """
    found = faults(folder, thorough=True)
    if any(fault.kind == "unreadable" for fault in found):
        _set_aside(folder, progress)
        return
    for fault in found:
        _keep_newest_version(fault.path)
        progress(Progress(f"{fault.path} holds one version of its tables again; the history is kept."))


def _set_aside(folder: Path, progress: Listener) -> None:
    aside = folder.with_name(f"dagster.broken-{datetime.now():%Y%m%d-%H%M%S}")
    broken = {fault.path for fault in faults(folder, thorough=True)}
    folder.rename(aside)
    config = aside / "dagster.yaml"
    if config.is_file() and folder / "dagster.yaml" not in broken:
        folder.mkdir()
        shutil.copyfile(config, folder / "dagster.yaml")
    then = (
        "the next start begins a new one. The data is untouched. Schedules and sensors are off again: switch on in "
        "`bri ui`, under Automation, those you use."
    )
    progress(Progress(f"The broken history was set aside as {aside}; {then}"))


def _keep_newest_version(path: Path) -> None:
    """Tables are made whole at once in their newest version, so only the note of it is wrong."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    head = ScriptDirectory.from_config(config).get_current_head()
    with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as con, con:
        con.execute("delete from alembic_version")
        con.execute("insert into alembic_version values (?)", (head,))
