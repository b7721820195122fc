"""The warehouse has one door for those who write."""

from __future__ import annotations

import ast
from pathlib import Path

from bri_pipeline.orchestration.resources import StudyInHand
from tests.rooms import PACKAGE


def callers(function: str) -> set[str]:
    """Modules that call a function as it is written: ``duckdb.connect``."""
    return {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == function
    }


def test_in_a_run_the_warehouse_is_opened_for_writing_by_its_resource_alone() -> None:
    assert callers("writing") == {"orchestration/resources.py", "commands/check.py"}
    assert callers("warehouse.get_connection") == {"orchestration/warehouse_assets.py"}


def test_whatever_fills_a_home_finds_nothing_in_the_way_in_it(tmp_path: Path) -> None:
    """Also a run of the UI, whose process was started long after `bri ui` looked."""
    root = tmp_path / "home" / "jiangsu-2018"
    (tmp_path / "elsewhere").mkdir()
    root.mkdir(parents=True)
    (root / "exports").symlink_to(tmp_path / "elsewhere")
    (root / "report").write_text("a file")
    opened = StudyInHand("jiangsu-2018", str(tmp_path / "home"))
    assert not list(opened.home.in_the_way())
    assert sorted(path.name for path in root.iterdir()) == ["exports.set-aside-1", "report.set-aside-1"]


def test_files_of_duckdb_are_opened_where_locks_and_limits_are_seen_to() -> None:
    in_memory = {"warehouse/dictionary.py"}
    assert callers("duckdb.connect") == {"warehouse/database.py"} | in_memory
