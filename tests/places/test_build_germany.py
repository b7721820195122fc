"""German villages come from GeoNames' post codes, municipalities from a list without Länder."""

import json
from pathlib import Path

from bri_pipeline.places.build_germany import build

REFERENCE = Path(__file__).parents[2] / "data" / "reference"


def test_villages_parts_of_towns_and_names_before_a_river_are_listed_with_their_land(tmp_path):
    post_codes = tmp_path / "plz.json"
    post_codes.write_text(json.dumps({"99999": ["Groß Xyzzy (Eder)"]}), encoding="utf-8")
    places = tmp_path / "zipcodes.csv"
    rows = (
        ("99999", "Groß Xyzzy (Eder)", "HE"),
        ("99998", "Quuxdorf", "TH"),
        ("99998", "Quuxdorf Fooingen", "TH"),
        ("99997", "Barhausen-Bazstadt", "BY"),
        ("99997", "Xyzzy Versicherungen AG", "02"),  # a firm with a post code of its own
        ("80331", "München", "BY"),  # a city that is listed
    )
    text = "".join(f"{code},{place},{land}\n" for code, place, land in rows)
    places.write_text("zipcode,place,state_code\n" + text, encoding="utf-8")
    lines = build(REFERENCE, post_codes, places).splitlines()
    assert lines[0] == "country\tregion\tkind\tkeys"
    assert sorted(lines[1:]) == [
        "DE\tDE-BY\tlocality\tbarhausen",
        "DE\tDE-BY\tlocality\tbazstadt",
        "DE\tDE-BY\tvillage\tbarhausenbazstadt",
        "DE\tDE-HE\tmunicipality\tgrossxyzzy",
        "DE\tDE-HE\tmunicipality\tgrossxyzzyeder",
        "DE\tDE-TH\tlocality\tfooingen",
        "DE\tDE-TH\tvillage\tquuxdorf",
    ]
