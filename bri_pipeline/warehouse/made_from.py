"""What each table is made from, as one digest: rows and files, SQL, and the Python that builds it.

Tables whose digest is not the one they were built with are out of date. What only carries data about (settings, paths,
printing) is in none of the digests.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from bri_pipeline.code_digest import PLUMBING, closure, code_digest
from bri_pipeline.files.atomic import stamp
from bri_pipeline.home import StudyHome
from bri_pipeline.lake.archived import manifest
from bri_pipeline.lake.hits import hits_state
from bri_pipeline.lake.landed import landed_files
from bri_pipeline.lake.papers import institutions_path, paper_files
from bri_pipeline.resources import resource_dir
from bri_pipeline.study import Study
from bri_pipeline.warehouse.external import EXTERNAL_TABLES
from bri_pipeline.warehouse.lake_tables import load_lake
from bri_pipeline.warehouse.model import Model
from bri_pipeline.warehouse.model_build import build_model
from bri_pipeline.warehouse.python_tables import PYTHON_TABLES
from bri_pipeline.warehouse.reference_tables import Row, reference_rows


def table_digests(
    home: StudyHome, sql_models: Mapping[str, Model], rows: Mapping[str, list[Row]] | None = None
) -> dict[str, str]:
    """Table -> digest of what it is made from now; also for the tables of schema ``lake``.

    ``rows`` are those of the reference tables, where they were read before.

    Raises:
        UserError: a reference file, or what was landed, cannot be read.
    """
    reference = reference_digests(home.study, rows)
    lake = _digest(lake_digest(home), code_digest(load_lake, beside=PLUMBING), home.study.digest)
    made: dict[str, str] = {}

    def of(name: str) -> str:
        if name not in made:
            made[name] = from_upstream(name)
        return made[name]

    def from_upstream(name: str) -> str:
        if name in sql_models:
            model = sql_models[name]
            return _digest(model.digest, code_digest(build_model), *map(of, sorted(model.depends_on)))
        if name in PYTHON_TABLES:
            source = str(EXTERNAL_TABLES[name].source)
            return _digest(python_digest(name), home.study.focal_country, of(source))
        if name.startswith("reference."):
            return reference[name]
        return lake

    for name in [*(name for name in EXTERNAL_TABLES if not name.startswith("checks.")), *sql_models]:
        of(name)
    return made


def python_digest(name: str) -> str:
    """The code behind a table that Python makes, without what only other such tables are made by."""
    own = EXTERNAL_TABLES[name].made_by
    others = {EXTERNAL_TABLES[other].made_by for other in PYTHON_TABLES} - closure([own]).keys()
    return code_digest(PYTHON_TABLES[name], beside=others)


def reference_digests(study: Study, rows: Mapping[str, list[Row]] | None = None) -> dict[str, str]:
    """Reference table -> digest of its columns and rows: of the study and the reference files as they are now."""
    if rows is None:
        rows = reference_rows(study, resource_dir("data/reference"))
    return {name: _digest(repr(EXTERNAL_TABLES[name]), repr(_lasting(name, rows[name]))) for name in rows}


def lake_digest(home: StudyHome) -> str:
    """Changes when anything the warehouse reads from the lake changes."""
    files = [
        (f.source_file, f.fingerprint, f.reader, f.problem, f.documents_before)
        for f in landed_files(home, home.study.years)
    ]
    left_out = [
        (file.name, file.superseded_by, file.same_as, file.accepted, file.not_opened, file.is_other)
        for year in home.study.years
        for file in manifest(home, year)
        if not file.is_read
    ]
    hits = sorted((key, entry["digest"]) for key, entry in hits_state(home, home.study.years).items())
    return _digest(repr((files, left_out, hits, _papers(home))))


def _papers(home: StudyHome) -> list[tuple[str, str]]:
    """Name and content of what holds papers; none in a study without them."""
    if home.study.papers is None:
        return []
    files = [(file.source_file, f"{file.asked} {file.stored.get('sha256')}") for file in paper_files(home)]
    path = institutions_path(home)
    return [*files, *([(path.name, str(stamp(path)["sha256"]))] if path.is_file() else [])]


def _lasting(name: str, rows: list[Row]) -> list[Row]:
    """The rows without what changes from day to day: the end so far of an open window's last year."""
    if name != "reference.years":
        return rows
    return [{column: value for column, value in row.items() if column != "to_date"} for row in rows]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
