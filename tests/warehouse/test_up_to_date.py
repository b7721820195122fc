"""What a run finds up to date after this or that was changed: tables, checks, the published copy, the pages."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from bri_pipeline import code_digest
from bri_pipeline.export.write import write_kit
from bri_pipeline.report.write import write_report
from bri_pipeline.resources import resource_dir
from bri_pipeline.warehouse import Model, load_models, made_from, up_to_date
from bri_pipeline.warehouse.build import models
from bri_pipeline.warehouse.made_from import python_digest
from bri_pipeline.warehouse.python_tables import PYTHON_TABLES
from bri_pipeline.warehouse.up_to_date import is_built
from tests.end_to_end.studies import Home
from tests.small_home import small_home


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Everything a run makes; read it, do not change it."""
    return small_home(tmp_path_factory.mktemp("built"))


def built_with(home: Home, sql_models: Mapping[str, Model] | None = None) -> bool:
    return is_built(home.study_home, models() if sql_models is None else sql_models, write_report, write_kit)


def edited(folder: Path, name: str, text: str, other: str) -> Mapping[str, Model]:
    """The models with one file edited."""
    copy = folder / "sql"
    shutil.copytree(resource_dir("sql"), copy)
    path = copy / name
    content = path.read_text(encoding="utf-8")
    assert text in content
    path.write_text(content.replace(text, other, 1), encoding="utf-8")
    return load_models(copy)


@pytest.fixture
def package(package: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package whose code and templates a test may change."""
    monkeypatch.setattr(up_to_date, "PACKAGE", package)
    return package


def test_nothing_changed(built: Home) -> None:
    assert built_with(built)


@pytest.mark.parametrize(
    ("module", "still"),
    [
        ("settings.py", True),
        pytest.param("printing.py", True, marks=pytest.mark.slow),
        pytest.param("home.py", True, marks=pytest.mark.slow),
        pytest.param("cli.py", True, marks=pytest.mark.slow),
        ("commands/run.py", True),
        pytest.param("commands/refresh.py", True, marks=pytest.mark.slow),
        pytest.param("orchestration/warehouse_assets.py", True, marks=pytest.mark.slow),
        ("places/verdict.py", False),
        ("warehouse/model_build.py", False),
        pytest.param("report/numbers.py", False, marks=pytest.mark.slow),
    ],
)
def test_code_that_decides_nothing_may_change(built: Home, package: Path, module: str, still: bool) -> None:
    path = package / module
    path.write_text(path.read_text(encoding="utf-8") + "\n\nADDED = 1\n", encoding="utf-8")
    assert built_with(built) == still


def test_a_changed_method_concerns_its_own_table_alone(package: Path) -> None:
    before = {name: python_digest(name) for name in PYTHON_TABLES}
    path = package / "warehouse" / "applicant_network.py"
    path.write_text(path.read_text(encoding="utf-8") + "\n\nADDED = 1\n", encoding="utf-8")
    code_digest._digest.cache_clear()
    changed = {name for name, digest in before.items() if python_digest(name) != digest}
    assert changed == {"marts.applicant_positions"}


def test_a_changed_template_is_noticed(built: Home, package: Path) -> None:
    assert built_with(built)
    template = next(iter(sorted((package / "report").glob("*.j2"))))
    template.write_text(template.read_text(encoding="utf-8") + "<!-- more -->", encoding="utf-8")
    assert not built_with(built)


@pytest.mark.parametrize(
    ("name", "text", "other", "still"),
    [
        ("core/patents.sql", "select", "-- a remark\nselect", True),
        ("core/patents.sql", "-- One row per", "-- One line per", False),
        ("core/patents.sql", "select", "select distinct", False),
        ("checks/core.patents/both_sides.sql", "select", "-- a remark\nselect", True),
        ("checks/core.patents/both_sides.sql", "select", "select distinct", False),
    ],
)
def test_sql_may_change_in_its_comments_alone(
    built: Home, tmp_path: Path, name: str, text: str, other: str, still: bool
) -> None:
    if "remark" in other:  # below the header
        first = next(
            line for line in (resource_dir("sql") / name).read_text().splitlines() if line[:2] != "--"
        )
        text, other = f"\n{first}", f"\n{first} -- a remark"
    assert built_with(built, edited(tmp_path, name, text, other)) == still


def test_a_new_check_and_a_new_table_are_noticed(built: Home, tmp_path: Path) -> None:
    copy = tmp_path / "sql"
    shutil.copytree(resource_dir("sql"), copy)
    check = copy / "checks" / "core.patents" / "titles.sql"
    check.write_text(
        "-- A row has no title.\n-- @severity warn\nselect title from core.patents where title is null\n"
    )
    assert not built_with(built, load_models(copy))
    check.unlink()
    assert built_with(built, load_models(copy))
    (copy / "core" / "titles.sql").write_text(
        "-- One row per title.\n-- @column title | title\nselect title from core.patents\n"
    )
    assert not built_with(built, load_models(copy))


def test_a_changed_reference_file_is_noticed(
    built: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "reference"
    shutil.copytree(resource_dir("data/reference"), copy)
    monkeypatch.setattr(made_from, "resource_dir", lambda name: copy)
    assert built_with(built)
    path = copy / "countries.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Singapore", "City of Lions"), encoding="utf-8")
    assert not built_with(built)


@pytest.mark.parametrize(
    "change",
    [
        "update marts.by_year set patents = patents + 1",
        "delete from core.patents where year = 2012",
        "drop table marts.by_city",
        "delete from checks.outcomes where check_name = 'both_sides'",
        "drop schema checks cascade",
    ],
)
def test_a_warehouse_changed_by_hand_is_not_up_to_date(built: Home, tmp_path: Path, change: str) -> None:
    shutil.copytree(built.folder, tmp_path / "home")
    home = replace(built, folder=tmp_path / "home")
    assert built_with(home)
    with duckdb.connect(home.study_home.warehouse) as con:
        con.execute(change)
    assert not built_with(home)


@pytest.mark.parametrize(
    "name",
    [
        "report/tables/by_year.csv",
        "report/index.html",
        "report/figures/*.en/*.svg",
        "exports/parquet/marts.by_country.parquet",
        "exports/*.xlsx",
        "exports/networks/*",
    ],
)
def test_whatever_readers_open_is_looked_at(tmp_path: Path, name: str) -> None:
    home = small_home(tmp_path)
    assert built_with(home)
    path = next(iter(sorted(home.study_home.root.glob(name))))
    content = path.read_bytes()
    path.write_bytes(content[:-1] + b"?")
    assert not built_with(home)
    path.write_bytes(content)  # another time, the same content
    assert built_with(home)
    path.unlink()
    assert not built_with(home)


def test_files_of_other_people_beside_them_change_nothing(tmp_path: Path) -> None:
    home = small_home(tmp_path)
    (home.study_home.report / "tables" / "mine.csv").write_text("mine")
    assert built_with(home)
