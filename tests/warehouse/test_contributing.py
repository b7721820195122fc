"""The examples of CONTRIBUTING.md, done as they are written: each works, and takes fifteen lines at most."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from bri_pipeline.home import StudyHome
from bri_pipeline.study import load_study
from bri_pipeline.warehouse import build_model, load_models, run_check
from tests.warehouse.lake import REPOSITORY
from tests.warehouse.test_model_rows import assert_case

PAGE = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
EXAMPLES: dict[str, str] = dict(re.findall(r"^```[a-z]+ (\S+)\n(.*?)^```$", PAGE, re.M | re.S))


def written(folder: Path, *endings: str) -> Path:
    for name, text in EXAMPLES.items():
        if name.endswith(endings):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_has_fifteen_lines_at_most(name: str) -> None:
    assert len(EXAMPLES[name].splitlines()) <= 15


def test_there_is_an_example_of_each_kind() -> None:
    assert {Path(name).suffix for name in EXAMPLES} == {".sql", ".yaml", ".toml", ".csv", ".py"}


def test_the_model_its_rows_and_its_check(empty: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / "sql", tmp_path / "sql")
    models = load_models(written(tmp_path, ".sql") / "sql")
    model = models["core.kinds"]
    [check] = [check for check in model.checks if check.name == "sums_meet_patents"]
    [case] = yaml.safe_load(EXAMPLES["tests/warehouse/models/core.kinds.yaml"])
    assert_case(empty, model, case)
    empty.execute("begin")
    try:
        assert [name for name, _, _ in build_model(empty, model).columns] == ["kind", "patents"]
        assert run_check(empty, check).passed
        empty.execute("insert into core.kinds values ('A1', 5)")
        assert run_check(empty, check).sample == [{"counted": 5, "patents": 0}]
    finally:
        empty.execute("rollback")


def test_the_study_with_its_partner_group(tmp_path: Path) -> None:
    study = load_study(str(written(tmp_path, ".toml", ".csv") / "g7.toml"))
    assert [partner.iso2 for partner in study.searched] == ["US", "CA", "JP", "DE", "FR", "GB", "IT"]
    assert study.source.path == REPOSITORY / "data" / "reference_corpus"


def test_the_source_verifies_the_years_it_says(tmp_path: Path) -> None:
    names: dict[str, Any] = {"__name__": "recent"}
    exec(EXAMPLES["bri_pipeline/lake/recent.py"], names)
    study = load_study(str(written(tmp_path, ".toml", ".csv") / "g7.toml"))
    verified = names["RecentFiles"](StudyHome(study, tmp_path / "home")).verify(
        [2004, 2005], lambda _: None, thorough=True
    )
    assert list(verified) == [2005]
    assert verified[2005] and all(file.problem is None for file in verified[2005])
