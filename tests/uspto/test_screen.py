"""The search for documents that may have a focal-country inventor, against the rule written with lookahead."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bri_pipeline.uspto.screen import Beginning, Screen, suspicious
from bri_pipeline.uspto.split import Stretch, find_root
from tests.uspto.documents import inventor_v44, v44

PIECES = st.sampled_from(
    [
        *("<country", "<country>", "<country>\n", "<country-code>", "<country-codes>", "<country-cod"),
        *(
            "<country/>",
            "</country>",
            "</country",
            "</countr",
            "<countr",
            "<cou",
            "</country-code>",
            "<residence-us>",
        ),
        *("CN", "CNX", "CHN", "cn", "US", "USA", "U", "u", "C", "c", "o", "omitted", "omit", "unknown"),
        *("ntry>", "untry>", "ountry", "country>", "try>", "<entry>", "<<country>", "DE", "<contry>", "de>"),
        *("&#67;", "<!--x-->", "<![CDATA[CN]]>", "<b>", "</", "<", ">", "-", " ", "\n", "\r\n", "\u00a0"),
    ]
)


def suspicious_by_lookahead(focal: frozenset[str]) -> re.Pattern[bytes]:
    blank = r"[ \t\r\n]*"
    focal_code = "|".join(focal) or "-"
    other = rf"(?!{focal_code})[A-Z][A-Z]"
    plain = rf">{blank}(?:<country-code>|(?:{other}|omitted|unknown){blank}</country(?=[> \t\r\n]|-c))"
    residence = "|<residence-us" if "US" in focal else ""
    half = r"<cou(?!nty|ntry)|<(?:co?)?<"
    ended = rf"(?:{focal_code}){blank}<" if focal else "(?!)"
    unbegun = r"(?<!<country)(?<!-code)>\n?[A-Z][A-Z]</c"
    return re.compile(rf"<country(?:-code)?+(?!{plain}){residence}|{half}|{ended}|{unbegun}".encode())


@settings(max_examples=500, deadline=None)
@given(
    texts=st.lists(st.lists(PIECES, max_size=7).map("".join), min_size=1, max_size=6),
    focal=st.sampled_from([frozenset({"CN"}), frozenset({"US", "CN"}), frozenset()]),
)
def test_every_country_that_is_not_plainly_another_is_found(texts: list[str], focal: frozenset[str]) -> None:
    documents = [f"<?xml?>{text}</root>\n".encode() for text in texts]
    bounds = [3]
    for document in documents:
        bounds.append(bounds[-1] + len(document))
    stretch = Stretch(b"<co" + b"".join(documents) + b"<country>CN", 0, bounds, True)
    pattern = suspicious_by_lookahead(focal)
    expected = {place for place, document in enumerate(documents) if pattern.search(document)}
    assert Screen(focal).suspects(stretch) == expected
    without = re.compile(suspicious(focal).encode())
    assert {place for place, document in enumerate(documents) if without.search(document)} == expected


@pytest.mark.parametrize(
    "code", ["CN", " CN\n", "cn", "CNX", "CHN", "&#67;N", "<![CDATA[CN]]>", "C<!-- x -->N", "<b>CN</b>", ""]
)
def test_a_focal_country_leads_to_the_parser_however_it_is_written(code: str) -> None:
    plain = b"<a><country>US</country><country>\n omitted </country></a>\n"
    written = f"<a><country>US</country><country>{code}</country></a>\n".encode()
    bounds = [0, len(plain), len(plain) + len(written), 2 * len(plain) + len(written)]
    stretch = Stretch(plain + written + plain, 0, bounds, True)
    assert Screen(frozenset({"CN"})).suspects(stretch) == {1}


@pytest.mark.parametrize(
    "country",
    [
        "<cXuntry>CN</cXuntry>",
        "<contry>CN</contry>",
        "<Country>CN</Country>",
        '<country name="China">CN</country>',
        '<country name="Chi<na">CN</country>',
        "<country name=>CN</country>",
        "<country\n>CN</country>",
        "<land>CN</land>",
        "<country>&C;N</country>",
        "<country>&#67;&#78;</country>",
        "<country>&#x43;N</country>",
        "<country>C&N</country>",
        "<country>CN</cntry>",
        "<country>CN<country>",
        "<country>CN",
        "CN</country>",
        "<address>DE</country>",
        "<country><b>CN</b></country>",
        "<country/>CN",
    ],
)
def test_a_country_that_is_not_plainly_another_one_leads_to_the_parser(country: str) -> None:
    document = v44(inventor_v44(country)).encode()
    whole = Stretch(document, 0, [0, len(document)], True)
    assert Screen(frozenset({"CN"})).suspects(whole) == {0}
    root = find_root(document)
    assert root is not None
    assert Screen(frozenset({"CN"}), Beginning.of(root)).suspects(whole) == {0}
