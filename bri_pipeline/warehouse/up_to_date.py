"""What is up to date: which years follow from the source, whether the tables follow from the lake, and the report."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bri_pipeline.code_digest import PLUMBING, code_digest
from bri_pipeline.errors import UserError
from bri_pipeline.files.atomic import is_as_left, read_derived, stamp, write_json
from bri_pipeline.home import StudyHome
from bri_pipeline.lake.hits import stale_hits
from bri_pipeline.lake.source import Source
from bri_pipeline.resources import PACKAGE
from bri_pipeline.warehouse.build_ids import BuildIds, Recorded, recorded_builds
from bri_pipeline.warehouse.database import (
    damage_of,
    drop_damaged,
    reading,
    remove_side_files,
)
from bri_pipeline.warehouse.made_from import table_digests
from bri_pipeline.warehouse.model import Model
from bri_pipeline.warehouse.outcomes import kept_outcomes
from bri_pipeline.warehouse.publish import built_tables


def stale_years(source: Source, home: StudyHome, years: Iterable[int], countries: Iterable[str]) -> list[int]:
    """The years whose archive, landing or raw hits do not follow from the source's files as they are now."""
    wanted = list(years)
    return sorted(source.stale(wanted) | set(stale_hits(home, wanted, countries)))


def is_built(home: StudyHome, sql_models: Mapping[str, Model], *writers: Callable[..., Any]) -> bool:
    """Whether tables, published copy, report and exports follow from what is there now, and every check holds.

    A table that was changed by hand does not.
    """
    state = read_derived(home.built) or {}
    if not home.warehouse.is_file() or not _readers_files_are_as_left(home, state):
        return False
    with reading(home.warehouse) as con:
        built = recorded_builds(con)
        ids = BuildIds(con)
        if not _follow(built, table_digests(home, sql_models), sql_models, ids):
            return False
        outcomes = kept_outcomes(con, sql_models, ids)
    if any(outcome.state != "current" or outcome.forbids_use for outcome in outcomes):
        return False
    remove_side_files(home.published)
    try:
        with reading(home.published, patience=0) as con:
            if recorded_builds(con) != built:
                return False
    except UserError:  # somebody holds it for writing
        return False
    return state.get("pages") == _pages_digest(home, built, writers)


def remember_built(home: StudyHome, *writers: Callable[..., Any]) -> None:
    """Note that report and exports follow from the published tables, by ``writers`` as they are now."""
    with reading(home.published) as con:
        built = recorded_builds(con)
    left = {_name(home, path): stamp(path) for path in (home.warehouse, home.published, *_outputs(home))}
    write_json(home.built, {"pages": _pages_digest(home, built, writers), "left": left})


def _outputs(home: StudyHome) -> Iterator[Path]:
    """Every file of report and exports, those of other people among them."""
    for folder in (home.report, home.exports):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.name.startswith(".") and ".set-aside-" not in path.name:
                yield path


def _name(home: StudyHome, path: Path) -> str:
    return path.relative_to(home.root).as_posix()


def _readers_files_are_as_left(home: StudyHome, state: Mapping[str, Any]) -> bool:
    """Whether what readers open is there, and is what the last run left."""
    left = state.get("left")
    if not isinstance(left, dict):
        return False
    needed = (home.published, home.report / "index.html", home.exports / "parquet" / "datapackage.json")
    written = [name for name in left if name != _name(home, home.warehouse)]
    return {_name(home, path) for path in needed} <= set(written) and all(
        is_as_left(home.root / name, left[name]) for name in written
    )


def _left(state: Mapping[str, Any], path: Path) -> object:
    left = state.get("left")
    return left.get(path.name) if isinstance(left, dict) else None


def drop_damaged_warehouse(home: StudyHome) -> None:
    """Remove a warehouse that cannot be read to its end, so that it is made again; one as it was left is trusted."""
    path = home.warehouse
    left = _left(read_derived(home.built) or {}, path)
    if path.exists() and not is_as_left(path, left) and (what := damage_of(path)):
        drop_damaged(path, what)


def _follow(
    built: Mapping[str, Recorded],
    made_from: Mapping[str, str],
    sql_models: Mapping[str, Model],
    ids: BuildIds,
) -> bool:
    return all(
        name in built and built[name].made_from == made_from[name] and built[name].build_id == ids.of(name)
        for name in built_tables(sql_models)
    )


def _pages_digest(
    home: StudyHome, built: Mapping[str, Recorded], writers: Iterable[Callable[..., Any]]
) -> str:
    content = hashlib.sha256(f"{home.study.digest} {sorted(built.items())}".encode())
    for write in writers:
        content.update(code_digest(write, beside=PLUMBING).encode())
        for path in _page_files(write):
            content.update(path.read_bytes())
    return content.hexdigest()[:16]


def _page_files(write_pages: Callable[..., Any]) -> list[Path]:
    """Templates, styles and other files beside the code that writes the pages."""
    folder = PACKAGE.joinpath(*write_pages.__module__.split(".")[1:-1])
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc") and "__pycache__" not in path.parts
    )
