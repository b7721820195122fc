"""Country codes, IPC symbols and entities."""

import pytest

from bri_pipeline.publication.countries import counting_country, country_code, read_code
from bri_pipeline.publication.entities import entity_text
from bri_pipeline.publication.ipc import normal_symbol, ordered_symbols, symbol_in_columns, symbol_of_parts
from bri_pipeline.publication.record import IpcSymbol


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("CN", "CN"), (" cn\n", "CN"), ("NA", "NA"), ("na", "NA"), ("TW", "TW"), ("XK", "XK"),
        ("CHN", "CN"), ("SGP", "SG"), ("DEU", "DE"), ("CHE", "CH"), ("PRK", "KP"), ("AUT", "AT"),
        ("CNX", "CN"), ("SGX", "SG"), ("GBN", "GB"), ("TWX", "TW"),
        ("omitted", None), ("OMITTED", None), ("unknown", None), ("", None), ("  ", None), (None, None),
        ("China", "CN"), ("P.R. China", "CN"), ("P.R.C.", "CN"), ("R.O.C.", "TW"), ("U.S.A.", "US"), ("CN.", "CN"),
        ("ＣＮ", "CN"), ("Singapore", "SG"), ("Viet-Nam", "VN"), ("SOUTH  KOREA", "KR"), ("Türkiye", "TR"),
        ("Georgia", None), ("S'P", None), ("CN-JS", None), ("CN/SG", None), ("C1", None), ("-", None), ("C", None),
        ("CНINA", None), ("N/A", None), ("CHIN", None),
    ],
)  # fmt: skip
def test_country_codes(printed: str | None, code: str | None) -> None:
    assert country_code(printed) == code


@pytest.mark.parametrize(
    ("printed", "rule"),
    [("CN", None), ("CHN", None), ("CN.", "other writing of a code"), ("China", "name of a country"),
     ("P.R.C.", "abbreviation by habit"), ("Macau", "name of a country"), ("C1", "unknown code")],
)  # fmt: skip
def test_every_code_that_is_not_plain_is_named_by_the_rule_that_read_it(
    printed: str, rule: str | None
) -> None:
    assert read_code(printed).rule == rule


def test_residence_counts_unless_unusable() -> None:
    assert counting_country("CN", "US") == "CN"
    assert counting_country("omitted", "US") == "US"
    assert counting_country(None, "USX") == "US"
    assert counting_country("unknown", None) is None


@pytest.mark.parametrize(
    ("written", "symbol"),
    [
        ("A41D001/06", "A41D 1/06"), ("H01J001/62", "H01J 1/62"), ("H04L029/06", "H04L 29/06"),
        ("A61K 31/00", "A61K 31/00"), ("C07C309/73", "C07C 309/73"), ("a61b005/145", "A61B 5/145"),
        (" A41B001/00 ", "A41B 1/00"), ("H01L 21/3065", "H01L 21/3065"),
        ("A61K", "A61K"), ("H10", "H10"), ("H", "H"), ("A61K031", "A61K 31"),
        ("", None), ("None", None), ("DESIGN", None), ("0606", None),
    ],
)  # fmt: skip
def test_symbols_written_whole(written: str, symbol: str | None) -> None:
    assert normal_symbol(written) == symbol


@pytest.mark.parametrize(
    ("parts", "symbol"),
    [
        (("H", "04", "L", "29", "06"), "H04L 29/06"),
        (("C", "07", "D", "319", "08"), "C07D 319/08"),
        ((" A ", "1", "N", "43", "60"), "A01N 43/60"),
        (("A", "61", "K", None, None), "A61K"),
        (("A", "61", "K", "31", None), "A61K 31"),
        (("A", "61", "K", " ", "06"), "A61K"),
        (("H", "10", None, None, None), "H10"),
        ((None, "10", "A", "1", "00"), None),
    ],
)
def test_symbols_in_parts(parts: tuple[str | None, ...], symbol: str | None) -> None:
    assert symbol_of_parts(*parts) == symbol


def test_exactly_one_symbol_is_first_and_the_order_stays() -> None:
    three = [("A01B 1/00", False), ("B01B 1/00", True), ("C01B 1/00", True)]
    assert ordered_symbols(three, IpcSymbol) == (
        (
            IpcSymbol("A01B 1/00", "later"),
            IpcSymbol("B01B 1/00", "first"),
            IpcSymbol("C01B 1/00", "later"),
        ),
        0,
    )
    assert ordered_symbols([(None, True), ("A01B 1/00", False), ("B01B 1/00", False)], IpcSymbol) == (
        (IpcSymbol("A01B 1/00", "first"), IpcSymbol("B01B 1/00", "later")),
        1,
    )
    assert ordered_symbols([], IpcSymbol) == ((), 0)


@pytest.mark.parametrize(
    ("written", "symbol"),
    [
        ("H01L 21302", "H01L 21/302"), ("H04L 2906", "H04L 29/06"), ("A01B  102", "A01B 1/02"),
        ("C07C30973", "C07C 309/73"), ("\n A61K 3170 \n", "A61K 31/70"), ("A01D 34", "A01D 34"),
        ("A01D", "A01D"), ("A01", "A01"), ("G06F 1700", "G06F 17/00"), ("A41D001/06", "A41D 1/06"),
        ("H01L021302", "H01L 21/302"), ("G02F  1/1333", "G02F 1/1333"), ("C12N 15 11", "C12N 15/11"),
        # Blanks collapsed: whether group 1 or 10 was meant can no longer be told.
        ("A01B 102", "A01B"), ("A01B X02", "A01B"), ("0214", None), ("", None),
    ],
)  # fmt: skip
def test_symbols_in_the_columns_of_grants_to_2005(written: str, symbol: str | None) -> None:
    assert symbol_in_columns(written) == symbol


def test_section_y_is_of_the_cpc_only() -> None:
    assert normal_symbol("Y02E 60/10") is None
    assert normal_symbol("Y02E60/10", cpc=True) == "Y02E 60/10"


def test_iso_entities() -> None:
    names = ["agr", "mgr", "Dgr", "OHgr", "EEgr", "sfgr", "lsqb", "minus", "uuml", "nosuch"]
    assert "".join(map(entity_text, names)) == "αμΔΩΗς[−ü&nosuch;"
