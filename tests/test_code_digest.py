"""What marks derived data: all the code that decides it, and nothing else."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from bri_pipeline import code_digest as digests
from bri_pipeline.code_digest import PLUMBING, closure, code_digest
from bri_pipeline.lake import application_search, patentsview, weekly
from bri_pipeline.lake.hit_rule import hits_of_year
from bri_pipeline.places.resolver import Resolver
from bri_pipeline.resources import resource_dir
from bri_pipeline.study import load_study
from bri_pipeline.warehouse.model_build import build_model
from bri_pipeline.warehouse.python_tables import PYTHON_TABLES

STUDY = load_study("jiangsu-2018")
MARKS: dict[str, Callable[[], str]] = {
    "weekly": lambda: weekly._reader(STUDY),
    "tables": lambda: patentsview._reader(STUDY),
    "search": application_search._reader,
    "hits": lambda: code_digest(hits_of_year),
    "places": lambda: code_digest(Resolver),
    "models": lambda: code_digest(build_model),
}
SOURCES = {"weekly", "tables", "search"}


def marks() -> dict[str, str]:
    digests._digest.cache_clear()
    return {name: mark() for name, mark in MARKS.items()}


def changed_by(change: Callable[[], Any]) -> set[str]:
    before = marks()
    change()
    after = marks()
    return {name for name in MARKS if before[name] != after[name]}


def append(path: Path, text: str) -> Callable[[], Any]:
    return lambda: path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.mark.parametrize(
    ("module", "again"),
    [
        ("publication/countries.py", SOURCES),
        ("publication/ipc.py", SOURCES),
        ("publication/parties.py", SOURCES),
        ("publication/record.py", SOURCES | {"hits", "models"}),
        ("places/hong_kong.py", {"search", "hits", "places"}),
        ("places/mentions.py", {"places"}),
        ("uspto/screen.py", {"weekly"}),
        ("uspto/read.py", {"weekly", "search"}),
        ("patentsview/tsv.py", {"tables"}),
        ("portal/application_record.py", {"search"}),
        ("lake/hit_rule.py", {"hits"}),
        ("warehouse/model_build.py", {"models"}),
        ("settings.py", set()),
        ("home.py", set()),
        ("printing.py", set()),
        ("cli.py", set()),
        ("files/atomic.py", set()),
        ("portal/client.py", set()),
        ("lake/weekly.py", set()),
        ("warehouse/database.py", set()),
    ],
)
def test_a_changed_module_changes_what_it_decides(package: Path, module: str, again: set[str]) -> None:
    assert changed_by(append(package / module, "\n\nADDED = 1\n")) == again


def test_comments_and_docstrings_change_nothing(package: Path) -> None:
    def reworded() -> None:
        for path in package.rglob("*.py"):
            text = re.sub(r'(:\n +""")', r"\1Reworded. ", path.read_text(encoding="utf-8"))
            path.write_text(f"# A remark.\n{text}\n# Another.\n", encoding="utf-8")

    assert changed_by(reworded) == set()


def test_an_expression_changed_inside_a_function_is_noticed(package: Path) -> None:
    path = package / "publication" / "countries.py"
    text = path.read_text(encoding="utf-8")
    assert "country_code(residence) or country_code(address)" in text
    swapped = text.replace(
        "country_code(residence) or country_code(address)", "country_code(address) or country_code(residence)"
    )
    assert changed_by(lambda: path.write_text(swapped, encoding="utf-8")) == SOURCES


def test_another_version_of_a_library_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = metadata.version

    def other(library: str) -> str:
        return "999" if library == "lxml" else real(library)

    assert changed_by(lambda: monkeypatch.setattr(metadata, "version", other)) == {"weekly", "search"}
    digests._digest.cache_clear()


def test_a_changed_reference_file_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "reference"
    shutil.copytree(resource_dir("data/reference"), copy)
    monkeypatch.setattr(digests, "resource_dir", lambda name: copy)
    assert changed_by(append(copy / "place_overrides.csv", "Nanjing,,CN-JS,Nanjing,a person\n")) == {"places"}
    assert changed_by(append(copy / "README.md", "more\n")) == set()
    digests._digest.cache_clear()


def test_what_decides_imports_no_plumbing() -> None:
    for decider in (weekly.scan_file, patentsview.land_tables, application_search.scan_period,
                    application_search.read_documents, application_search.scan_counts, patentsview.year_counts,
                    hits_of_year, Resolver, build_model, *PYTHON_TABLES.values()):  # fmt: skip
        found = closure([decider.__module__])
        assert not {*PLUMBING, "bri_pipeline.study"} & found.keys(), (
            f"{decider.__module__} reads {sorted(found)}"
        )
        assert not [
            name for name in found if name.startswith(("bri_pipeline.orchestration", "bri_pipeline.cli"))
        ]


def test_imports_are_found_wherever_they_stand(package: Path) -> None:
    room = package / "room"
    room.mkdir()
    for name, text in {
        "__init__.py": "",
        "top.py": (
            "from typing import TYPE_CHECKING\nfrom bri_pipeline.room import beside\nfrom . import sibling\n"
            "if TYPE_CHECKING:\n    from bri_pipeline.room.typed import T\n"
            "def late():\n    from bri_pipeline.room.inner import x\n    return x\n"
        ),
        "beside.py": "from .deeper import y\n",
        "sibling.py": "",
        "deeper.py": "y = 1\n",
        "inner.py": "import bri_pipeline.room.plain\nx = 1\n",
        "plain.py": "",
        "typed.py": "T = int\n",
    }.items():
        (room / name).write_text(text, encoding="utf-8")
    found = {name.rpartition(".")[2] for name in closure(["bri_pipeline.room.top"])}
    assert found - {"room"} == {"top", "beside", "sibling", "deeper", "inner", "plain"}
