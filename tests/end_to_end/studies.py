"""Study files over archives, and the ways to run them: the command in this process or in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from click.testing import CliRunner, Result

from bri_pipeline.cli import main
from bri_pipeline.home import StudyHome
from bri_pipeline.lake.hits import land_hits
from bri_pipeline.lake.source import source_of
from bri_pipeline.settings import load_settings
from bri_pipeline.study import load_study
from bri_pipeline.warehouse.build import build_tables, models
from bri_pipeline.warehouse.database import copy_tables, writing
from bri_pipeline.warehouse.outcomes import Outcome
from bri_pipeline.warehouse.publish import comments, published_tables
from tests.end_to_end.expected import Question

REPOSITORY = Path(__file__).parents[2]
NAME = "corpus"


def write_study(folder: Path, question: Question, source: Path, partners: str | None = None) -> Path:
    """A study file; ``partners`` names a country group where the question's are not to be listed."""
    start, end = question.window
    lines = [
        f'name = "{NAME}"',
        'title = "A study of made-up weeks"',
        'focal_country = "CN"',
        f"window = {{ start = {start}, end = {end} }}",
        f'partners = "{partners}"' if partners else f"partners = {list(question.partners)}",
        f"hong_kong_as_cn = {str(question.hong_kong_as_cn).lower()}",
        "[source]",
        f'path = "{source}"',
        "[growth]",
        f'zero_year_rule = "{question.zero_year_rule}"',
    ]
    if question.growth_years:
        lines.append(f"years = {list(question.growth_years)}")
    for name, first, last in question.stages:
        lines += ["[[stages]]", f'name = "{name}"', f"from = {first}", f"to = {last}"]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "study.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@dataclass(frozen=True)
class Home:
    """A BRI_HOME and the study run in it."""

    folder: Path
    study: Path

    @property
    def root(self) -> Path:
        return self.folder / load_study(str(self.study)).name

    @property
    def study_home(self) -> StudyHome:
        return StudyHome(load_study(str(self.study)), self.root)

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("BRI_", "DAGSTER_", "USPTO_"))
        }
        return {**kept, "BRI_HOME": str(self.folder), "PYTHONPATH": str(REPOSITORY)}

    def bri(self, command: str, *arguments: str) -> Result:
        """A command in this process."""
        return bri(self.folder, command, "--study", str(self.study), *arguments)

    def process(self, command: str, *arguments: str, name_study: bool = True) -> subprocess.Popen[str]:
        """A command in a process of its own, started outside the checkout."""
        study = ["--study", str(self.study)] if name_study else []
        return self.python("-m", "bri_pipeline", command, *study, *arguments)

    def python(self, *arguments: str) -> subprocess.Popen[str]:
        """Python in a process of its own, with the home in its environment."""
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=self.folder.parent,
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """A query on the published tables."""
        with duckdb.connect(self.study_home.published, read_only=True) as con:
            return con.sql(sql).fetchall()

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every published table by content, the times of landing left out, sorted; not what is said of builds."""
        with duckdb.connect(self.study_home.published, read_only=True) as con:
            names = con.sql(
                "select schema, name from (show all tables) where schema <> 'checks' order by all"
            ).fetchall()
            return {f"{schema}.{name}": _content(con, f"{schema}.{name}") for schema, name in names}


def bri(home: Path, *arguments: str, env: Mapping[str, str] | None = None) -> Result:
    """A command in this process, with a home of its own."""
    settings = {"BRI_HOME": str(home), "BRI_STUDY": None, "USPTO_API_KEY": None, **(env or {})}
    return CliRunner().invoke(main, list(arguments), env=settings)


def build(home: Home, years: Sequence[int] | None = None) -> list[Outcome]:
    """What a run does, without Dagster and the report: files to published tables, whatever the checks find."""
    study, study_home = load_study(str(home.study)), home.study_home
    source, wanted = source_of(study_home, load_settings()), years or study.years
    source.verify(wanted, lambda _: None)
    source.land(wanted, 1, lambda _: None)
    land_hits(study_home, wanted, [partner.iso2 for partner in study.searched], lambda _: None)
    outcomes: list[Outcome] = []
    with writing(study_home.warehouse) as con:
        for built in build_tables(con, study_home, models()):
            outcomes += built.checks
    copy_tables(study_home.warehouse, study_home.published, published_tables(models()), comments(models()))
    return outcomes


def files_below(folder: Path) -> dict[Path, tuple[int, int]]:
    """File -> when it was changed and how large it is."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in found}


def _content(con: duckdb.DuckDBPyConnection, table: str) -> list[tuple[Any, ...]]:
    columns = [row[0] for row in con.execute(f"describe {table}").fetchall()]
    kept = ", ".join(f'"{column}"' for column in columns if column != "landed_at")
    return sorted(con.execute(f"select {kept} from {table}").fetchall(), key=repr)
