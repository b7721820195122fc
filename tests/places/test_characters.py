"""Names of Chinese divisions in traditional characters lead where their simplified forms lead."""

from __future__ import annotations

from pathlib import Path

import opencc
import pytest

from bri_pipeline.places.gazetteer import Gazetteer

REFERENCE = Path(__file__).parents[2] / "data" / "reference"


def names_of(gazetteer: Gazetteer, kinds: tuple[str, ...]) -> list[str]:
    places = {place for listed in gazetteer.divisions.values() for place in listed if place.kind in kinds}
    return sorted({place.name_zh for place in places if place.name_zh})


@pytest.mark.parametrize("config", ["s2t", "s2tw", "s2hk"])
def test_every_prefecture_resolves_in_traditional_characters(resolver, config):
    written = opencc.OpenCC(config).convert
    names = names_of(resolver.gazetteer, ("prefecture",))
    assert len(names) > 330
    wrong = {written(one) for one in names if resolver.resolve(written(one)).province is None}
    assert not wrong


@pytest.mark.parametrize("config", ["s2t", "s2tw", "s2hk"])
def test_every_division_gets_the_same_answer_in_both_scripts(resolver, config):
    written = opencc.OpenCC(config).convert
    names = names_of(resolver.gazetteer, ("prefecture", "city", "district", "county"))
    assert len(names) > 2_500
    differing = [
        (one, written(one))
        for one in names
        if resolver.resolve(one).candidates != resolver.resolve(written(one)).candidates
    ]
    assert not differing


@pytest.mark.parametrize(
    ("text", "province"),
    [
        ("三門峽市", "CN-HA"),
        ("中衞市", "CN-NX"),
        ("滄州市", "CN-HE"),
        ("臺州市", "CN-ZJ"),
        ("乾縣", "CN-SN"),
        ("濬縣", "CN-HA"),
        ("江蘇省蘇州市吳中區", "CN-JS"),
        ("廣東省深圳市龍崗區", "CN-GD"),
        ("內蒙古呼和浩特", "CN-NM"),
    ],
)
def test_traditional_names(resolver, text, province):
    assert resolver.resolve(text).province == province
