"""Divisions of GeoNames and of ISO in, pairs out: a wrong pair is worse than none."""

from __future__ import annotations

import pytest

from bri_pipeline.places.build_regions import Built, joins_by_hand, report
from bri_pipeline.places.join_regions import GeoNamesDivision, Joins, joined


def _join(divisions, spellings, by_hand=None):
    listed = [GeoNamesDivision(("XX", number), name, cities) for number, name, cities in divisions]
    codes = {f"XX-{code}": names for code, names in spellings.items()}
    hand = {
        ("XX", number): tuple(f"XX-{code}" for code in found) for number, found in (by_hand or {}).items()
    }
    joins = joined(listed, {"XX": codes}, hand)
    pairs = {
        number: [code.removeprefix("XX-") for code in found] for (_, number), found in joins.codes.items()
    }
    return pairs, [one.number[1] for one in joins.left]


def test_two_divisions_do_not_share_one_and_the_likelier_has_it():
    pairs, left = _join(
        [("1", "Nitriansky", ["Nitra"]), ("2", "Nitrianska", ["Piestany"])], {"NI": ["Nitriansky", "Nitra"]}
    )
    assert (pairs, left) == ({"1": ["NI"]}, ["2"])


def test_two_that_are_equally_like_a_third_stay_apart():
    pairs, left = _join([("1", "Minsk", []), ("2", "Minsk", [])], {"HM": ["Minsk"]})
    assert (pairs, left) == ({}, ["1", "2"])


def test_one_that_is_equally_like_two_stays_apart():
    pairs, left = _join([("1", "Vientiane", [])], {"VI": ["Vientiane"], "VT": ["Vientiane"]})
    assert (pairs, left) == ({}, ["1"])


def test_an_exact_name_is_not_given_up_for_a_second_pair():
    pairs, _ = _join(
        [("1", "Kordestan", []), ("2", "Kordestani", [])], {"A": ["Kordestan"], "B": ["Kordestaan"]}
    )
    assert pairs["1"] == ["A"]


def test_the_name_of_its_largest_city_joins_a_division_that_has_none():
    pairs, left = _join(
        [("1", "", ["Dubai", "Jebel Ali"]), ("2", "", ["Al Ain"])], {"DU": ["Dubai"], "AZ": ["Abu Dhabi"]}
    )
    assert (pairs, left) == ({"1": ["DU"]}, ["2"])


def test_what_a_person_says_comes_first_and_may_be_none_or_several():
    pairs, left = _join(
        [("1", "Lima", []), ("2", "Callao", []), ("3", "Ica", [])],
        {"LIM": ["Lima"], "LMA": ["Lima City"], "CAL": ["Callao"], "ICA": ["Ica"]},
        {"1": ("LIM", "LMA"), "2": ()},
    )
    assert (pairs, left) == ({"1": ["LIM", "LMA"], "3": ["ICA"]}, ["2"])


def test_kinds_and_adjectives_do_not_make_a_difference():
    pairs, _ = _join(
        [("1", "Moscow Oblast", []), ("2", "Tver", [])], {"M": ["Moscow Region"], "T": ["Tverskaya oblast'"]}
    )
    assert pairs == {"1": ["M"], "2": ["T"]}


@pytest.mark.parametrize("row", ["XX.1,XX-C,", "XX.9,XX-A,", "XX.1,YY-A,"])
def test_a_join_by_hand_of_an_unknown_division_is_refused(tmp_path, row):
    path = tmp_path / "region_joins.csv"
    path.write_text(f"geonames,iso,note\n{row}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"region_joins\.csv: XX\.\d or .* is unknown"):
        joins_by_hand(path, {("XX", "1")}, {"XX-A", "XX-B", "YY-A"})


def test_joins_by_hand_are_one_several_or_none(tmp_path):
    path = tmp_path / "region_joins.csv"
    path.write_text("geonames,iso,note\nXX.1,XX-A,\nXX.2,XX-A XX-B,\nXX.3,,none\n", encoding="utf-8")
    numbers = {("XX", number) for number in "123"}
    assert joins_by_hand(path, numbers, {"XX-A", "XX-B"}) == {
        ("XX", "1"): ("XX-A",), ("XX", "2"): ("XX-A", "XX-B"), ("XX", "3"): (),
    }  # fmt: skip


def test_the_builder_reports_what_is_not_joined_and_countries_of_a_group_in_capitals():
    left = [
        GeoNamesDivision(("AA", "1"), "", ["Aville"]),
        GeoNamesDivision(("RS", "SE"), "Central Serbia", ["Nis"]),
    ]
    lines = report(Built({}, Joins({}, left), ("RS-08",)), {"RS"})
    assert lines == [
        "NOT joined, or without a city: ISO's RS-08",
        "NOT joined: GeoNames' RS.SE Central Serbia: Nis",
        "not joined: GeoNames' AA.1 (no name): Aville",
    ]
