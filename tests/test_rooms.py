"""The floors of the package: imports go down only, and docs/architecture.md shows them as they are."""

from __future__ import annotations

from pathlib import Path

from tests.rooms import PACKAGE, PAGE, arrows, floors, page_with_arrows, rooms

ALONE = "reference_corpus"  # it writes what the readers read, and shares nothing with them


def upward(graph: dict[str, set[str]], plan: list[list[str]]) -> list[str]:
    """Arrows that do not lead to a lower floor."""
    floor = {room: number for number, names in enumerate(plan) for room in names}
    return [
        f"{room} imports {name}"
        for room, names in sorted(graph.items())
        for name in sorted(names)
        if floor[name] <= floor[room]
    ]


def test_every_room_has_one_floor() -> None:
    plan = floors(PAGE.read_text(encoding="utf-8"))
    assert sorted(room for names in plan for room in names) == rooms()


def test_imports_go_down_only() -> None:
    assert upward(arrows(), floors(PAGE.read_text(encoding="utf-8"))) == []


def test_the_corpus_shares_nothing_with_what_reads_it() -> None:
    graph = arrows()
    assert graph[ALONE] == set()
    assert [room for room, names in graph.items() if ALONE in names] == []


def test_the_page_shows_the_rooms_and_arrows_there_are() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == page_with_arrows(page, arrows()), "run: .venv/bin/python -m tests.rooms"


def test_an_arrow_upward_a_circle_and_an_import_inside_a_function_are_seen(tmp_path: Path) -> None:
    package = tmp_path / PACKAGE.name
    for room, code in {
        "report": "from bri_pipeline import warehouse\nfrom bri_pipeline.trace.text import x",
        "warehouse": "def f():\n    import bri_pipeline.report.page",
        "trace": "",
    }.items():
        (package / room).mkdir(parents=True)
        (package / room / "__init__.py").write_text(code)
    graph = arrows(package)
    assert graph == {"report": {"warehouse", "trace"}, "warehouse": {"report"}, "trace": set()}
    plan = [["report", "trace"], ["warehouse"]]
    assert upward(graph, plan) == ["report imports trace", "warehouse imports report"]
