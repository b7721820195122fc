"""A city state as the focal country: its only region has the country's own code."""

from __future__ import annotations

from datetime import date

from bri_pipeline.warehouse import Model, run_check
from tests.warehouse.lake import Patent, build_all, connect, fill_lake
from tests.warehouse.studies import partner, study


def test_its_patents_are_those_of_its_only_province(models: dict[str, Model]) -> None:
    con = connect()
    facts = {
        "focal_country": "SG",
        "focal_province": None,
        "partners": (partner("CN", "East Asia"),),
        "stages": (),
    }
    patents = [
        (
            "CN",
            Patent(
                f"US2012{n}A1", date(2012, 3, 1), [("SG", "Singapore"), ("CN", "Nanjing")], ["H04L 29/06"]
            ),
        )
        for n in range(3)
    ]
    fill_lake(con, study(**facts), patents, {"Singapore": ("SG", ["SG"])})
    build_all(con, models, "marts.by_province", "marts.counts")
    rows = con.execute(
        "select province, patents, fractional_patents, share from marts.by_province"
    ).fetchall()
    assert rows == [("SG", 3, 3.0, 1.0)]
    [check] = [one for one in models["marts.by_province"].checks if one.name == "sums_meet_core"]
    assert run_check(con, check).passed
