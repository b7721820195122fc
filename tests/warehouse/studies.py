"""The small study the tests count by hand, and its partner countries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from bri_pipeline.study import Partner, Stage, Study, load_study


def partner(iso2: str, region: str, searched: bool = True) -> Partner:
    return Partner(iso2, f"Land of {iso2}", region, searched, "")


def study(**changes: Any) -> Study:
    """2010 to mid 2014, five partners in three regions of which one is not searched."""
    facts: dict[str, Any] = {
        "name": "small",
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
        "declares_growth": False,
        "stages": (Stage("early", 2010, 2011), Stage("late", 2012, 2013)),
        "expected": None,
        "alliances": None,
    }
    return replace(load_study("jiangsu-2018"), **(facts | changes))
