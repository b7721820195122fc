"""Grants of 2002 to 2004 (root PATDOC)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bri_pipeline.publication.record import Publication
from bri_pipeline.uspto.read import read_documents
from bri_pipeline.uspto.scan import scan_file
from tests.uspto.documents import DECLARATION, write


def party(tag: str, name: str, address: str) -> str:
    return f"<{tag}><PARTY-US><NAM>{name}</NAM><ADR>{address}</ADR></PARTY-US></{tag}>"


def inventor(last: str, first: str, address: str) -> str:
    return party(
        "B721", f"<FNM><PDAT>{first}</PDAT></FNM><SNM><STEXT><PDAT>{last}</PDAT></STEXT></SNM>", address
    )


def place(city: str, country: str = "", state: str = "") -> str:
    state = f"<STATE><PDAT>{state}</PDAT></STATE>" if state else ""
    country = f"<CTRY><PDAT>{country}</PDAT></CTRY>" if country else ""
    return f"<CITY><PDAT>{city}</PDAT></CITY>{state}{country}"


def document(*inventors: str, number: str = "06559999", related: str = "") -> str:
    company = party("B731", "<ONM><STEXT><PDAT>Widget Co.</PDAT></STEXT></ONM>", place("Wuxi", "CN"))
    return f"""{DECLARATION}<!DOCTYPE PATDOC SYSTEM "ST32-US-Grant-025xml.dtd" [
<!ENTITY USD0473680-20030422-D00000.TIF SYSTEM "USD0473680-20030422-D00000.TIF" NDATA TIF>
]>
<PATDOC DTD="2.5" STATUS="Build 20020918">
<SDOBI>
<B100><B110><DNUM><PDAT>{number}</PDAT></DNUM></B110><B130><PDAT>B1</PDAT></B130><B140><DATE><PDAT>20030506</PDAT>
</DATE></B140><B190><PDAT>US</PDAT></B190></B100>
<B200><B210><DNUM><PDAT>09900001</PDAT></DNUM></B210><B220><DATE><PDAT>20010601</PDAT></DATE></B220></B200>
<B300><B310><DNUM><PDAT>199 12 345</PDAT></DNUM></B310><B320><DATE><PDAT>19990318</PDAT></DATE></B320>
<B330><CTRY><PDAT>DE</PDAT></CTRY></B330>
<B310><DNUM><PDAT>11-097727</PDAT></DNUM></B310><B320><DATE><PDAT>19990405</PDAT></DATE></B320>
<B330><CTRY><PDAT>JP</PDAT></CTRY></B330></B300>
<B500><B510><B511><PDAT>H01L 21302</PDAT></B511><B512><PDAT>A01B  102</PDAT></B512><B516><PDAT>7</PDAT></B516>
</B510><B540><STEXT><PDAT>A </PDAT><HIL><BOLD><PDAT>wide</PDAT></BOLD></HIL><PDAT> widget</PDAT></STEXT></B540></B500>
{related}
<B700><B720>{"".join(inventors)}</B720><B730>{company}</B730></B700>
</SDOBI></PATDOC>
"""


CHINESE = inventor("Zhao", "Mei", place("Nanjing", "CN"))
AMERICAN = inventor("Smith", "Jo", place("Austin", state="TX"))
SINGAPORE = inventor("Tan", "Boon", place("Singapore", "SG"))


@pytest.fixture
def grant(tmp_path: Path) -> Publication:
    parent = (
        "<B600><B630><B631><PARENT-US><CDOC><DOC><DNUM><PDAT>09900001</PDAT></DNUM></DOC></CDOC><PDOC><DOC><DNUM>"
        "<PDAT>08123456</PDAT></DNUM><DATE><PDAT>19970102</PDAT></DATE></DOC></PDOC></PARENT-US></B631></B630>"
        "<B680US><DOC><DNUM><PDAT>60/123456</PDAT></DNUM><DATE><PDAT>19980304</PDAT></DATE></DOC></B680US></B600>"
    )
    (read,) = read_documents(
        write(tmp_path / "pg.xml", document(CHINESE, AMERICAN, SINGAPORE, related=parent))
    )
    assert isinstance(read, Publication), read
    return read


def test_a_grant_of_2003_is_read(grant: Publication) -> None:
    assert grant.publication_number == "US6559999B1"
    assert (grant.publication_date, grant.filing_date) == (date(2003, 5, 6), date(2001, 6, 1))
    assert (grant.application_number, grant.title) == ("09900001", "A wide widget")
    assert [(i.last_name, i.first_name, i.city_raw, i.country) for i in grant.inventors] == [
        ("Zhao", "Mei", "Nanjing", "CN"),
        ("Smith", "Jo", "Austin", "US"),
        ("Tan", "Boon", "Singapore", "SG"),
    ]
    assert [(a.name, a.role, a.country) for a in grant.applicants] == [("Widget Co.", "assignee", "CN")]
    assert grant.ipc == (("H01L 21/302", "first"), ("A01B 1/02", "later"))
    assert grant.related == (
        ("foreign-priority", "DE", "199 12 345", date(1999, 3, 18)),
        ("foreign-priority", "JP", "11-097727", date(1999, 4, 5)),
        ("continuation", "US", "08123456", date(1997, 1, 2)),
        ("provisional", "US", "60/123456", date(1998, 3, 4)),
    )


@pytest.mark.parametrize(
    "focal", [frozenset({"CN"}), frozenset({"US"}), frozenset({"SG"}), frozenset({"PH"})]
)
def test_the_scan_of_a_week_keeps_what_it_should(tmp_path: Path, focal: frozenset[str]) -> None:
    codes = ["CN", "cn", "CNX", " CN ", "DE", "SG", "JP", "RP", "&#67;N", "<!-- -->CN", "omitted"]
    documents = [
        document(inventor("Li", "Na", place("X", code)), number=f"0655{n:04}") for n, code in enumerate(codes)
    ]
    documents += [document(AMERICAN, number="06550099"), document(CHINESE, SINGAPORE, number="06550100")]
    path = write(tmp_path / "pg030506.xml", *documents)
    read = [one for one in read_documents(path) if isinstance(one, Publication)]

    scan = scan_file(path, focal, "grants", count_countries=True)

    assert scan.publications == [one for one in read if focal & set(one.countries)]
    assert (scan.documents, scan.unreadable) == (len(documents), [])
    assert sum(scan.country_sets.values()) == len(documents)
    assert scan_file(path, focal).other_documents == {"PATDOC": len(documents)}
