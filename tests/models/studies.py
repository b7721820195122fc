"""Stand-ins for a study: what the models read of it, and nothing else."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.models.lake import REFERENCE


def partner(iso2: str, region: str, searched: bool = True) -> SimpleNamespace:
    return SimpleNamespace(iso2=iso2, name=f"Land of {iso2}", region=region, searched=searched, note="")


def stage(name: str, from_year: int, to_year: int) -> SimpleNamespace:
    return SimpleNamespace(name=name, from_year=from_year, to_year=to_year)


def study(**changes: Any) -> SimpleNamespace:
    """Five years, four partners in three regions of which one is not searched."""
    facts: dict[str, Any] = {
        "name": "small",
        "title": "A small study",
        "focal_country": "CN",
        "focal_province": "CN-JS",
        "window_start": date(2010, 1, 1),
        "window_end": date(2014, 6, 30),
        "partners": (
            partner("SG", "ASEAN"),
            partner("MY", "ASEAN"),
            partner("IL", "West Asia"),
            partner("PS", "West Asia", searched=False),
            partner("MN", "East Asia"),
        ),
        "partner_group": "small_group",
        "documents": "publications",
        "kinds": ("A1", "A2", "A9"),
        "hong_kong_as_cn": False,
        "growth_years": (2010, 2013),
        "zero_year_rule": "skip",
        "stages": (stage("early", 2010, 2011), stage("late", 2012, 2013)),
        "expected": None,
    }
    facts |= changes
    end = facts["window_end"] or date.today()
    return SimpleNamespace(**facts, years=range(facts["window_start"].year, end.year + 1))


def belt_and_road_partners() -> tuple[SimpleNamespace, ...]:
    path = REFERENCE / "country_groups" / "belt_and_road_2018.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            SimpleNamespace(**{**row, "searched": row["searched"] == "yes"}) for row in csv.DictReader(file)
        )


def jiangsu_study(expected: Path | None) -> SimpleNamespace:
    """The paper's study."""
    return study(
        name="jiangsu-2018",
        window_start=date(2001, 1, 1),
        window_end=date(2018, 2, 28),
        partners=belt_and_road_partners(),
        partner_group="belt_and_road_2018",
        growth_years=(2001, 2017),
        stages=(
            stage("start-up", 2001, 2006),
            stage("volatile growth", 2007, 2013),
            stage("rapid growth", 2014, 2017),
        ),
        expected=expected,
    )
