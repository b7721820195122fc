"""The notebooks run on published tables as they are, cell by cell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bri_pipeline.study import Study
from tests.report.warehouse import REPOSITORY

NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))


def _run(path: Path) -> dict[str, object]:
    """The names a notebook leaves behind."""
    book = json.loads(path.read_text(encoding="utf-8"))
    assert book["nbformat"] == 4
    names: dict[str, object] = {}
    for cell in book["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [], "outputs are not committed"
            exec(compile("".join(cell["source"]), path.name, "exec"), names)
    return names


@pytest.fixture(autouse=True)
def _small_tables(small: tuple[Study, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRI_PUBLISHED", str(small[1]))


def test_there_are_two_notebooks() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["partners", "years"]


def test_the_partner_table_is_counted_again(capsys: pytest.CaptureFixture[str]) -> None:
    names = _run(NOTEBOOKS[0])
    assert names["recounted"] == [("SG", 3), ("IN", 1), ("MY", 1)]
    assert capsys.readouterr().out.splitlines()[0] == "SG      3"


def test_the_figure_of_the_years_is_drawn_again() -> None:
    chart = _run(NOTEBOOKS[1])["chart"].to_dict()  # type: ignore[attr-defined]
    [rows] = [chart["data"]["values"]]
    assert [(row["year"], row["patents"]) for row in rows] == [
        (2010, 2),
        (2011, 0),
        (2012, 1),
        (2013, 1),
        (2014, 0),
    ]
