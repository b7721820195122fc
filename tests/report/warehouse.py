"""A small study and its published tables, written out so that every number can be counted by eye.

    patent      year  inventors                        country  province             main IPC  paper's label
    US1A1       2010  Nanjing, SG                      SG       Jiangsu              H04L      Electricity
    US2A1       2010  Nanjing, SG, MY                  SG MY    Jiangsu              G06F      Physical
    US3A1       2011  Taizhou, IL                      IL       ambiguous (JS, ZJ)   A61K      Essential for human life
    US4A1       2012  Beijing, Nanjing, SG             SG       Beijing, Jiangsu     H01L      Electricity
    US5A1       2013  Nowhere, RU                      RU       unresolved           -         none
    US6A1       2013  Suzhou, IN                       IN       Jiangsu              C22C      Metallurgy
    US7A1       2014  Shanghai, SG                     SG       Shanghai             H04L      Electricity

US2A1 is found for two countries and US8A9 (2014) corrects US6A1, so 9 hits - 2 duplicates = 7 patents.
US1A1 and US2A1 name Nanjing Optics as applicant, US1A1 Straits Photonics too.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from bri_pipeline.study import Study, load_study
from bri_pipeline.warehouse.build import models
from bri_pipeline.warehouse.build_ids import BuildIds, record_build
from bri_pipeline.warehouse.database import transaction
from bri_pipeline.warehouse.outcomes import all_checks, run_and_keep
from tests.made_once import made_once
from tests.warehouse.lake import PLACES, Paper, Patent, create, fill_lake, make_from

REPOSITORY = Path(__file__).parents[2]

HITS: list[tuple[str, Patent]] = [
    (
        "SG",
        one := Patent(
            "US1A1",
            date(2010, 3, 4),
            [("CN", "Nanjing"), ("SG", "S")],
            ["H04L 29/06"],
            "1",
            applicants=[("Nanjing Optics Co., Ltd.", "CN"), ("Straits Photonics Pte Ltd", "SG")],
        ),
    ),
    (
        "SG",
        two := Patent(
            "US2A1",
            date(2010, 5, 6),
            [("CN", "Nanjing"), ("SG", "S"), ("MY", "K")],
            ["G06F 17/30"],
            "2",
            applicants=[("NANJING OPTICS CO LTD", "CN")],
        ),
    ),
    ("MY", two),
    ("IL", Patent("US3A1", date(2011, 1, 6), [("CN", "Taizhou"), ("IL", "T")], ["A61K 31/44"], "3")),
    (
        "SG",
        Patent(
            "US4A1",
            date(2012, 2, 2),
            [("CN", "Beijing"), ("CN", "Nanjing"), ("SG", "S")],
            ["H01L 21/02", "G06F 17/30"],
            "4",
        ),
    ),
    ("RU", Patent("US5A1", date(2013, 7, 4), [("CN", "Nowhere"), ("RU", "M")], [], "5")),
    ("IN", Patent("US6A1", date(2013, 8, 1), [("CN", "Suzhou"), ("IN", "D")], ["C22C 38/00"], "6")),
    (
        "IN",
        Patent("US8A9", date(2014, 1, 2), [("CN", "Suzhou"), ("IN", "D")], ["C22C 38/00"], "6", kind="A9"),
    ),
    ("SG", Patent("US7A1", date(2014, 4, 3), [("CN", "Shanghai"), ("SG", "S")], ["H04L 29/06"], "7")),
]

STUDY = """
name = "small"
title = "{title}"
focal_country = "CN"
focal_province = "CN-JS"
window = {{ start = 2010-01-01, end = 2014-06-30 }}
partners = "belt_and_road_2018"
synthetic = {synthetic}
{expected}

[growth]
years = [2010, 2013]

[[stages]]
name = "early"
from = 2010
to = 2011

[[stages]]
name = "late"
from = 2012
to = 2013
"""

AMERICAN = """
name = "american"
title = "Co-invention of the United States with four countries whose names are as long as names may be"
focal_country = "US"
window = { start = 2002-01-01, end = 2025-12-31 }
partners = ["CN", "CA", "IN", "ZA"]
documents = "grants"
"""


def small_study(
    folder: Path, *, title: str = "A small study", synthetic: bool = True, expected: bool = False
) -> Study:
    """The study of the table above, read from its file; ``expected`` makes it one that reproduces the paper."""
    path = REPOSITORY / "data" / "studies" / "jiangsu-2018.expected.csv"
    return _study(
        folder,
        STUDY.format(
            title=title, synthetic=str(synthetic).lower(), expected=f'expected = "{path}"' if expected else ""
        ),
    )


def american_study(folder: Path) -> Study:
    """A study with no province, no regions, no stages and twenty-four years."""
    return _study(folder, AMERICAN)


def published_tables(
    folder: Path,
    study: Study,
    hits: Iterable[tuple[str, Patent]],
    places: Mapping[str, tuple[str | None, list[str]]] = PLACES | {"Nowhere": (None, [])},
    papers: Iterable[Paper] = (),
) -> Path:
    """Published tables made from hits by the project's models, with the outcomes of their checks.

    As in the real ones, schema lake is not there. The same tables are made once for all tests, and copied.
    """
    given = (list(hits), dict(places), list(papers))
    listed = study.alliances.read_text(encoding="utf-8") if study.alliances else None
    asked = repr((replace(study, path=Path(), alliances=None), listed, given))
    name = f"published tables {hashlib.sha256(asked.encode()).hexdigest()[:16]}"
    made = made_once(name, lambda new: _make_tables(new / "published.duckdb", study, *given))
    return Path(shutil.copy(made / "published.duckdb", folder))


def _make_tables(
    path: Path,
    study: Study,
    hits: list[tuple[str, Patent]],
    places: dict[str, tuple[str | None, list[str]]],
    papers: list[Paper],
) -> None:
    with duckdb.connect(path, config={"threads": 1}) as con:
        fill_lake(con, study, hits, places, papers=papers)
        ids = BuildIds(con)
        with transaction(con):
            for model in models().values():
                create(con, model)
                make_from(con, model.name)
                [rows] = con.execute(f"select count(*) from {model.name}").fetchone() or [0]
                record_build(model.name, rows, "test", ids)
            run_and_keep(con, all_checks(models()), ids)
        con.execute("drop schema lake cascade")


def _study(folder: Path, text: str) -> Study:
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    return load_study(str(path))
