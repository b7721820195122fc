"""JSON that others wrote."""

from __future__ import annotations

import json

import pytest

from bri_pipeline.outside_json import DEEPEST, json_value


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (rb'"a\ud800b"', "a\ufffdb"),
        (rb'"\udc00\uD83D\uDE00\ud83d"', "\ufffd\U0001f600\ufffd"),
        (rb'"\\ud800"', r"\ud800"),
        (rb'"\\\ud800"', "\\\ufffd"),
        (r'"a\ud800b"'.encode("utf-16"), "a\ufffdb"),
        (b'{"a": [1, 2.5, null, true]}', {"a": [1, 2.5, None, True]}),
    ],
)
def test_half_a_character_is_shown_as_unreadable(text, wanted):
    assert json_value(text) == wanted


@pytest.mark.parametrize("depth", [DEEPEST + 1, 600, 900, 100_000])
@pytest.mark.parametrize(("opens", "closes"), [("[", "]"), ('{"a":', "}")])
def test_what_is_nested_too_deep_is_refused(depth, opens, closes):
    with pytest.raises(ValueError, match="nested too deep"):
        json_value((opens * depth + "1" + closes * depth).encode())
    assert json_value((opens * 9 + "1" + closes * 9).encode())


@pytest.mark.parametrize("text", [b"", b"\xff", b"{", b"9" * 5000, b'"\xed\xa0\x80"', b"\xff\xfe\x00\xd8"])
def test_what_is_no_json_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        json_value(text)


def test_long_text_is_read_in_time():
    text = json.dumps({"a": "\\" * 100_000 + "\ud83d\ude00" * 100_000}).encode()

    assert len(json_value(text)["a"]) == 200_000
