"""Whether a scope's patents have the fields of its other publications, counted by hand."""

from __future__ import annotations

from datetime import date

import pytest

from bri_pipeline.warehouse import Model
from tests.warehouse.lake import Patent, build_all, connect, fill_lake
from tests.warehouse.studies import study

NANJING, BEIJING, SG = ("CN", "Nanjing"), ("CN", "Beijing"), ("SG", "S")


def _publication(number: int, symbol: str, *inventors: tuple[str, str]) -> Patent:
    return Patent(f"US{number}A1", date(2012, 3, 1), list(inventors), [symbol], str(number))


def test_fields_of_patents_are_ranked_beside_those_of_other_publications(models: dict[str, Model]) -> None:
    patents = [
        _publication(n, symbol, NANJING, SG) for n, symbol in enumerate(["H04L 1/00"] * 3 + ["A61B 5/00"])
    ]
    patents.append(_publication(9, "A61B 5/00", BEIJING, SG))
    others = [
        _publication(20 + n, symbol, NANJING)
        for n, symbol in enumerate(["H04L 1/00"] * 2 + ["A61B 5/00"] * 4 + ["C22C 1/00"])
    ]
    con = connect()
    fill_lake(con, study(), [("SG", patent) for patent in patents], others=others)
    build_all(con, models)
    assert con.execute("from core.scope_fields where scope = 'CN-JS' order by field_code").fetchall() == [
        ("CN-JS", "Electricity", 3, 2), ("CN-JS", "Essential for human life", 1, 4), ("CN-JS", "Metallurgy", 0, 1),
    ]  # fmt: skip
    # ranks of patents 3, 2, 1 and of the others 2, 3, 1: 1 - 6 * (1 + 1) / (3 * 8)
    assert con.execute("from marts.field_likeness where scope = 'CN-JS'").fetchall() == [
        ("CN-JS", 3, 4, 7, 2, pytest.approx(0.5))
    ]
    assert con.execute("from marts.field_likeness where scope = 'CN-BJ'").fetchall() == [
        ("CN-BJ", 1, 1, 0, 0, None)
    ]
