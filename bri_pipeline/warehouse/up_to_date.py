"""What is up to date: which years follow from the source, and whether the tables follow from the lake."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from bri_pipeline.files.atomic import read_json, write_json
from bri_pipeline.home import StudyHome
from bri_pipeline.lake.hits import hits_state, stale_hits
from bri_pipeline.lake.landed import landed_files
from bri_pipeline.lake.source import Source
from bri_pipeline.settings import PACKAGE, resource_dir
from bri_pipeline.warehouse.build import build_order
from bri_pipeline.warehouse.build_ids import BuildIds, recorded_ids
from bri_pipeline.warehouse.database import reading
from bri_pipeline.warehouse.model import Model
from bri_pipeline.warehouse.outcomes import kept_outcomes


def stale_years(source: Source, home: StudyHome, years: Iterable[int], countries: Iterable[str]) -> list[int]:
    """The years whose archive, landing or raw hits do not follow from the source's files as they are now."""
    wanted = list(years)
    return sorted(source.stale(wanted) | set(stale_hits(home, wanted, countries)))


def lake_digest(home: StudyHome) -> str:
    """Changes when anything the warehouse reads from the lake changes."""
    files = [
        (f.source_file, f.fingerprint, f.reader, f.problem) for f in landed_files(home, home.study.years)
    ]
    hits = sorted((key, entry["digest"]) for key, entry in hits_state(home, home.study.years).items())
    return hashlib.sha256(repr((files, hits)).encode()).hexdigest()[:16]


def inputs_digest(home: StudyHome) -> str:
    """Changes when the lake, the study, the reference data, the SQL or the code that builds changes."""
    content = hashlib.sha256(f"{lake_digest(home)} {home.study.digest}".encode())
    for path in sorted([*_code_and_data()]):
        content.update(path.as_posix().encode())
        content.update(path.read_bytes())
    if home.study.expected:
        content.update(home.study.expected.read_bytes())
    return content.hexdigest()[:16]


def _code_and_data() -> Iterator[Path]:
    yield from resource_dir("sql").rglob("*.sql")
    yield from (
        path for path in resource_dir("data/reference").rglob("*") if path.suffix in (".csv", ".tsv", ".txt")
    )
    yield from (path for path in PACKAGE.rglob("*") if path.suffix in (".py", ".html", ".css", ".j2"))


def is_built(home: StudyHome, sql_models: Mapping[str, Model]) -> bool:
    """Whether the warehouse, the published copy and the report follow from what is there now, and every check holds."""
    state = read_json(home.built) or {}
    made = (home.warehouse, home.published, home.report / "index.html")
    if state.get("inputs") != inputs_digest(home) or not all(path.is_file() for path in made):
        return False
    with reading(home.warehouse) as con:
        ids = BuildIds(con)
        built = recorded_ids(con)
        if any(ids.of(name) != built.get(name) for name in build_order(sql_models)):
            return False
        outcomes = kept_outcomes(con, sql_models, ids)
    if any(outcome.state != "current" or outcome.forbids_use for outcome in outcomes):
        return False
    with reading(home.published) as con:
        return recorded_ids(con) == built


def remember_built(home: StudyHome) -> None:
    """Note that all was made from the inputs as they are now."""
    write_json(home.built, {"inputs": inputs_digest(home)})
