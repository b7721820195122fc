"""Every format the writers know is checked against the USPTO's own DTD and read back with plain tools."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from pathlib import Path

import pytest

from bri_pipeline.reference_corpus.documents import (
    Document,
    WrittenApplicant,
    WrittenInventor,
    WrittenRelated,
)
from bri_pipeline.reference_corpus.writers import ERAS, era_of, week_file_name, write_document, write_week
from tests.reference_corpus.dtds import bibliographic_root, load_dtd, parsed

DAYS = {
    "pap15": date(2001, 5, 10),
    "pap16": date(2003, 7, 3),
    "v40": date(2005, 1, 6),
    "v41": date(2006, 3, 2),
    "v42": date(2009, 4, 9),
    "v43": date(2013, 1, 17),
    "v44": date(2016, 6, 2),
    "v45": date(2022, 5, 26),
    "v46": date(2023, 11, 9),
}


def document(era: str, kind: str = "A1", **changes: object) -> Document:
    """A document with everything its format has a place for."""
    old = era in ("v40", "v41", "v42")
    named = era in ("pap15", "pap16")
    values: dict[str, object] = {
        "serial": 9000001,
        "kind": kind,
        "publication_date": DAYS[era],
        "application_number": "00123456",
        "filing_date": date(2000, 12, 4),
        "title": "Synthetic record: Rods & cones <2 µm",
        "inventors": (
            WrittenInventor(
                "Müller", "Jörg", "Nan\nJing", "CN", residence="SG" if old else None, also_applicant=not named
            ),
            WrittenInventor(
                "O’Brien", None, "Ang Mo Kio", "SG", region=None if era == "pap15" else "Central"
            ),
            WrittenInventor("Smith", "Ann", "Austin", "US", region="TX"),
        ),
        "applicants": (
            WrittenApplicant("Łódź & Sons", "PL", city="Łódź"),
            WrittenApplicant("Smith", "US", first_name="Ann"),
            *(() if named else (WrittenApplicant("Third Pte. Ltd.", "SG", role="applicant"),)),
        ),
        "ipc": ("H04L 29/06", "A61K 9/127"),
        "cpc": () if old or named else ("H04L 63/04", "Y02D 30/70"),
        "related": (
            WrittenRelated("foreign-priority", "JP", "11-097727", "19990405"),
            WrittenRelated("provisional", "US", "60123456", "20000301"),
            WrittenRelated("continuation", "US", "09375495", "19990817"),
            WrittenRelated("division", "US", "09375496", "19990818"),
            WrittenRelated("continuation-in-part", "US", "09375497", "19990819"),
            WrittenRelated("related-publication", "US", "20010000001", "20010315"),
            WrittenRelated("pct", "WO", "PCT/JP00/02182", "20000404"),
            WrittenRelated("pct-publication", "WO", "WO00/60568", "20001012"),
        ),
        **changes,
    }
    return Document(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("kind", ["A1", "A2", "A9", "P1"])
def test_full_document_is_valid_against_the_dtd_of_its_era(shared: Path, era: str, kind: str) -> None:
    dtd = load_dtd(shared, era)
    root = parsed(write_document(document(era, kind), era, full_text=True))
    assert dtd.validate(root), dtd.error_log


@pytest.mark.parametrize("era", ERAS)
def test_front_page_is_valid_in_its_bibliographic_part(shared: Path, era: str) -> None:
    dtd = load_dtd(shared, era)
    plain = document(era, applicants=(), inventors=(WrittenInventor("Li", "Na", "Wuxi", "CN"),))
    root = bibliographic_root(write_document(plain, era))
    assert dtd.validate(root), dtd.error_log


@pytest.mark.parametrize("era", ERAS)
def test_doctype_names_the_dtd_file_of_the_era(shared: Path, era: str) -> None:
    written = write_document(document(era), era).decode()
    match = re.search(r'SYSTEM "([^"]+)"', written)
    assert match and list(shared.glob(f"dtd/**/{match[1]}"))


def test_a_document_without_a_country_is_valid_where_the_dtd_allows_it(shared: Path) -> None:
    unknown = (WrittenInventor("Li", "Na", "Wuxi", "CN"), WrittenInventor("Wu", "Bo", None, None))
    for era in ("pap16", "v44", "v46"):
        dtd = load_dtd(shared, era)
        assert dtd.validate(bibliographic_root(write_document(document(era, inventors=unknown), era)))
    for era in ("v41", "v43"):
        with pytest.raises(ValueError, match="Wu"):
            write_document(document(era, inventors=unknown), era)


@pytest.mark.parametrize("era", ["pap16", "v44"])
def test_two_countries_per_inventor_are_refused_where_the_format_prints_one(era: str) -> None:
    divided = (WrittenInventor("Li", "Na", "Wuxi", "CN", residence="SG"),)
    with pytest.raises(ValueError, match="one country per inventor"):
        write_document(document(era, inventors=divided), era)


def test_old_files_name_entities_and_new_files_number_them() -> None:
    old = write_document(document("pap16"), "pap16").decode()
    new = write_document(document("v43"), "v43").decode()
    assert "<family-name>M&uuml;ller</family-name>" in old
    assert "<title-of-invention>Synthetic record: Rods &amp; cones &lt;2 &micro;m<" in old
    assert "<last-name>M&#xfc;ller</last-name>" in new
    assert "Rods &#x26; cones &#x3c;2 &#xb5;m" in new


def test_v42_prints_address_and_residence_apart() -> None:
    written = write_document(document("v42"), "v42").decode()
    first = written.split("</applicant>")[0]
    assert "<city>Nan\nJing</city>\n<country>CN</country>" in first
    assert "<residence>\n<country>SG</country>\n</residence>" in first
    assert "<nationality>\n<country>omitted</country>" in first


def test_ipc_symbols_in_the_form_of_each_era() -> None:
    assert b"<ipc>H04L029/06</ipc>" in write_document(document("pap15"), "pap15")
    assert b"<main-classification>H04L029/06</main-classification>" in write_document(document("v40"), "v40")
    assert b"<main-group>29</main-group>\n<subgroup>06</subgroup>" in write_document(document("v46"), "v46")


def test_eras_follow_the_dates() -> None:
    assert [era_of(day) for day in DAYS.values()] == list(ERAS)
    with pytest.raises(ValueError, match="2001-03-15"):
        era_of(date(2001, 3, 14))


def test_names_are_those_of_the_real_weeks(shared: Path) -> None:
    names = (shared / "samples" / "weekly_file_names.txt").read_text().split()
    for name in names:
        file = name.rsplit("/", 1)[1]
        found = re.match(r"i?pab(\d{4})(\d\d)(\d\d)_wk\d\d(?:_r(\d))?", file)
        assert found is not None
        day = date(int(found[1]), int(found[2]), int(found[3]))
        assert week_file_name(day, int(found[4] or 0)) == file
    assert len(names) > 1000


def test_a_week_holds_glued_documents_their_list_and_a_report(tmp_path: Path) -> None:
    first, second = document("v40"), document("v40", serial=9000002)
    path = write_week(tmp_path, [first, second], revision=1, raw=[b"<broken>\n"])
    assert path.relative_to(tmp_path).as_posix() == "2005/ipab20050106_wk01_r1.zip"
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["ipab20050106.xml", "ipab20050106lst.txt", "ipab20050106rpt.html"]
        glued = archive.read("ipab20050106.xml")
        listed = archive.read("ipab20050106lst.txt").decode().split()
        report = archive.read("ipab20050106rpt.html").decode()
    assert glued.count(b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE') == 2
    assert glued.index(b"20059000001") < glued.index(b"<broken>") < glued.index(b"20059000002")
    assert listed == ["20059000001", "20059000002", "20050106"]
    assert "SYNTHETIC" in report


def test_a_week_has_one_date(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="one date"):
        write_week(tmp_path, [document("v40"), document("v41")])
    with pytest.raises(ValueError, match="one date"):
        write_week(tmp_path, [])


def test_the_same_documents_give_the_same_bytes(tmp_path: Path) -> None:
    one = write_week(tmp_path / "one", [document("v44")])
    two = write_week(tmp_path / "two", [document("v44")])
    assert one.read_bytes() == two.read_bytes()
