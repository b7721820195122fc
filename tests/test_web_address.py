"""What an address leads to."""

from __future__ import annotations

import pytest

from bri_pipeline.web_address import Origin, origin, passwords_in, passwords_of_proxies


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://api.uspto.gov/x", Origin("https", "api.uspto.gov", 443)),
        ("HTTP://API.uspto.gov:80", Origin("http", "api.uspto.gov", 80)),
        ("http://user:word@host:8080/?a@b", Origin("http", "host", 8080)),
        ("http://[::1]:3000/", Origin("http", "::1", 3000)),
        ("http://münchen.example/", Origin("http", "xn--mnchen-3ya.example", 80)),
    ],
)
def test_an_address_has_an_origin(url, wanted):
    assert origin(url) == wanted


@pytest.mark.parametrize(
    "url",
    [
        r"http://evil\@portal/",
        r"http://evil\x@portal/",
        r"http:\\portal",
        "http://h:0/",
        "http://h:80:80/",
        "http://h:99999/",
        "http:///x",
        "//h/x",
        "ftp://h/",
        f"http://{'a' * 64}.example",
        "http://exämple..com",
        "http://[::1",
        "",
    ],
)
def test_what_can_be_read_in_two_ways_or_in_none_has_no_origin(url):
    assert origin(url) is None


def test_passwords_are_found_in_addresses_and_in_those_of_proxies(monkeypatch):
    assert passwords_in("https://user:p%40ss@host/x") == ("p@ss", "user:p@ss")
    assert passwords_in("https://a-token-of-some-length@host/x")[0] == "a-token-of-some-length"
    assert passwords_in("https://reader@host/x") == ()
    assert passwords_in("https://host/x") == passwords_in("http://[") == ()
    monkeypatch.setenv("HTTPS_PROXY", "http://me:proxy-word@proxy:3128")
    assert set(passwords_in("http://me:proxy-word@proxy:3128")) <= set(passwords_of_proxies())
