"""The warehouse has one door for those who write."""

from __future__ import annotations

import ast

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


def test_files_of_duckdb_are_opened_where_locks_and_limits_are_seen_to() -> None:
    in_memory = {"warehouse/dictionary.py"}
    assert callers("duckdb.connect") == {"warehouse/database.py"} | in_memory
