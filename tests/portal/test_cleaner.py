"""The key is recognised however it is written, and nothing else is touched."""

from __future__ import annotations

import base64
import html
import json
import time
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bri_pipeline.portal.cleaner import Cleaner

KEY = "k3y-Dist1nctive+0123/456789abcdef"
WAYS = {
    "plain": KEY,
    "in capitals": KEY.upper(),
    "in an address": f"file:///x?api_key={KEY}&b=1",
    "percent-encoded": quote(KEY, safe=""),
    "every character percent-encoded": "".join(f"%{ord(one):02X}" for one in KEY),
    "percent-encoded twice": quote(quote(KEY, safe=""), safe=""),
    "some characters percent-encoded": f"%6b3y-{KEY[4:]}",
    "as user": f"https://{KEY}@host/x",
    "as password": f"ftp://u:{KEY}@host/x",
    "JSON": "".join(f"\\u{ord(one):04x}" for one in KEY),
    "JSON in JSON": json.dumps(json.dumps("".join(f"\\u{ord(one):04x}" for one in KEY))),
    "HTML": "".join(f"&#{ord(one)};" for one in KEY),
    "HTML of some": html.escape(KEY).replace("k", "&#x6b;"),
    "hexadecimal": KEY.encode().hex(),
    "base64": base64.b64encode(KEY.encode()).decode(),
    "base64 of user and password": base64.b64encode(f"user:{KEY}".encode()).decode(),
    "base64 of password and more": base64.b64encode(f"u:{KEY}:x".encode()).decode(),
    "base64 for addresses": base64.urlsafe_b64encode(f"ab{KEY}".encode()).decode(),
}


@pytest.mark.parametrize("written", WAYS.values(), ids=WAYS.keys())
def test_the_key_is_taken_out_however_it_is_written(written: str) -> None:
    cleaned = Cleaner(KEY).text(f"before {written} after")
    assert cleaned.startswith("before ") and cleaned.endswith(" after")
    assert "[key]" in cleaned or "[user]" in cleaned
    assert not any(
        written[at : at + 12] in cleaned for at in range(len(written) - 12) if "://" not in written
    )
    assert KEY.lower() not in cleaned.lower()


def test_whatever_stands_around_it_in_base64_the_key_cannot_be_read_back() -> None:
    for before in range(7):
        for after in range(4):
            text = base64.b64encode(b"b" * before + KEY.encode() + b"a" * after).decode()
            left = Cleaner(KEY).text(text)
            assert len(left.replace("[key]", "")) <= before * 4 / 3 + after * 4 / 3 + 6


@given(st.text())
def test_without_the_key_nothing_is_changed(text: str) -> None:
    assert Cleaner(KEY).text(text) == text or "://" in text
    assert Cleaner(None).text(text) == text or "://" in text


def test_names_and_values_at_any_depth_of_an_answer_are_cleaned() -> None:
    answer = {"a": [{"b": KEY, KEY: 1, "n": None, "f": 1.5}], "c": f"ftp://u:{KEY}@h"}
    assert Cleaner(KEY).answer(answer) == {
        "a": [{"b": "[key]", "[key]": 1, "n": None, "f": 1.5}],
        "c": "ftp://[user]@h",
    }


def test_a_very_short_key_is_taken_out_only_where_it_stands_alone() -> None:
    assert Cleaner("ab").text("ab cab ab=1 about") == "[key] cab [key]=1 about"


def test_a_user_in_an_address_is_nobodys_business_even_without_a_key() -> None:
    assert Cleaner(None).text("see https://me:secret@host/x") == "see https://[user]@host/x"


def test_a_run_of_backslashes_takes_no_time():
    begun = time.process_time()
    text = "\\" * 300_000

    assert Cleaner(KEY, "a\\b" * 4).text(text) == text
    assert time.process_time() - begun < 5


def test_a_key_with_backslashes_is_found_as_escapes():
    secret = "a\\b\\c" * 3
    written = "".join(f"\\u{ord(one):04x}" for one in secret)

    assert Cleaner(secret).text(f"x {written} y {secret}") == "x [key] y [key]"
