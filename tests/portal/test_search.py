"""The ``odp`` source: slices, pages, countries checked here, IPC from the publication's XML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bri_pipeline.commands.inspect import records_of
from bri_pipeline.errors import UserError
from bri_pipeline.portal import slices
from bri_pipeline.portal.application_record import (
    DATE_371,
    HONG_KONG,
    IPC_FROM_XML,
    NO_IPC,
    search_record,
)
from bri_pipeline.portal.search import fetch_publication, publication_number, scan_period
from bri_pipeline.publication.record import Applicant, IpcSymbol, Publication
from bri_pipeline.publication.scanned import UnreadableDocument
from bri_pipeline.settings import load_settings
from bri_pipeline.uspto.read import read_documents
from tests.portal import standin
from tests.portal.conftest import KEY

CN, FRANCE, HK_AS_CN, SG = (
    ("Nanjing", "CN"),
    ("Lyon", "FR"),
    ("Kowloon, Hong Kong", "CN"),
    ("Singapore", "SG"),
)
THURSDAY = date(2026, 11, 5)
URI = "https://api.uspto.gov/api/v1/datasets/products/files/APPXML-SPLT/2026/ipa261105/"


def address(place: tuple[str, str], category: str) -> dict[str, str]:
    return {"cityName": place[0], "countryCode": place[1], "postalAddressCategory": category}


def application(
    serial: int, *residences: tuple[str, str], day: date = THURSDAY, **metadata: Any
) -> dict[str, Any]:
    """A record as the search returns it; postal addresses are all in Lyon, to be passed over."""
    return {
        "applicationNumberText": f"19{serial:06}",
        "applicationMetaData": {
            "earliestPublicationNumber": f"US2026{serial:07}A1",
            "earliestPublicationDate": day.isoformat(),
            "filingDate": f"2025-05-{1 + serial % 28:02}",
            "inventionTitle": f"Invention {serial}",
            "inventorBag": [
                {
                    "firstName": "Li",
                    "lastName": f"Wang{index}",
                    "correspondenceAddressBag": [address(FRANCE, "postal"), address(place, "residence")],
                }
                for index, place in enumerate(residences)
            ],
            **metadata,
        },
    }


@pytest.fixture
def publish(portal):
    """Put application records into the stand-in."""
    folder = portal.folder / "applications"
    folder.mkdir()

    def put(*records: dict[str, Any]) -> None:
        for index, record in enumerate(records):
            (folder / f"{len(list(folder.iterdir())):05}-{index}.json").write_text(json.dumps(record))

    return put


def numbers(found: Any) -> list[str]:
    return sorted(one.publication.publication_number for one in found)


def scan(client, start=THURSDAY, end=THURSDAY, **options):
    return scan_period(client, start, end, frozenset({"CN"}), **options)


# ---- one record


def test_a_real_record_is_read(shared):
    answer = json.loads((shared / "samples/odp/search_patents.json").read_text())
    read = search_record(answer["patentFileWrapperDataBag"][0])

    publication = read.publication
    assert publication.publication_number == "US20210210819A1"
    assert publication.kind == "A1"
    assert publication.publication_date == date(2021, 7, 8)
    assert publication.application_number == "17248024"
    assert publication.filing_date == date(2021, 1, 5)
    assert publication.title.startswith("MAKING LITHIUM METAL - SEAWATER BATTERY")
    assert publication.ipc == ()
    assert [
        (one.last_name, one.first_name, one.city_raw, one.region_raw) for one in publication.inventors
    ] == [
        ("Visco", "Steven J.", "Berkeley", "CA"),
        ("Katz", "Bruce D.", "Moraga", "CA"),
        ("Nimon", "Yevgeniy S.", "Danville", "CA"),
        ("De Jonghe", "Lutgard C.", "Lafayette", "CA"),
    ]
    assert {one.country for one in publication.inventors} == {"US"}
    assert publication.applicants == (
        Applicant(1, "PolyPlus Battery Company", "organization", "applicant", "Berkeley", "US"),
    )
    assert read.notes == (NO_IPC,)
    assert read.document_uri == (
        "https://api.uspto.gov/api/v1/datasets/products/files/APPXML-SPLT/2021/ipa210708/17248024_20210210819.xml"
    )


def test_residence_counts_and_the_postal_address_only_without_one():
    record = application(1, SG)
    bag = record["applicationMetaData"]["inventorBag"]
    bag.append({"lastName": "Tan", "correspondenceAddressBag": [address(CN, "postal")]})
    bag.append({"inventorNameText": "N. N.", "countryCode": "CN"})

    first, second, third = search_record(record).publication.inventors

    assert (first.country, first.residence_country, first.address_country) == ("SG", "SG", "FR")
    assert first.city_raw == "Singapore"
    assert (second.country, second.residence_country, second.city_raw) == ("CN", None, "Nanjing")
    assert (third.last_name, third.country) == ("N. N.", None)


def test_peculiarities_are_noted():
    read = search_record(application(1, HK_AS_CN, nationalStageIndicator=True))

    assert read.notes == (NO_IPC, HONG_KONG, DATE_371)
    assert read.publication.inventors[0].country == "CN"


def test_an_applicant_who_is_an_inventor_is_not_named_again():
    record = application(
        1,
        CN,
        applicantBag=[
            {"applicantNameText": "Li Wang0"},
            {"applicantNameText": "WANG0, Li"},
            {"firstName": "Li", "lastName": "Wang0", "applicantNameText": "Li Wang0"},
            {"firstName": "Mei", "lastName": "Chen", "applicantNameText": "Mei Chen"},
            {"applicantNameText": "Nanjing  Works", "correspondenceAddressBag": [address(CN, "postal")]},
        ],
    )
    assert search_record(record).publication.applicants == (
        Applicant(1, "Chen, Mei", "person", "applicant", None, None),
        Applicant(2, "Nanjing Works", "organization", "applicant", "Nanjing", "CN"),
    )


@pytest.mark.parametrize(
    ("addresses", "country", "city"),
    [
        ([{"countryCode": "CN", "cityName": "Wuxi"}], "CN", "Wuxi"),
        ([{"countryCode": "cn", "postalAddressCategory": "Residence "}], "CN", None),
        ([{"countryCode": "CHN", "postalAddressCategory": "RESIDENCE"}], "CN", None),
        ([{"countryCode": "PRC", "postalAddressCategory": "residence"}], "CN", None),
        ([{"countryCode": "CNX", "postalAddressCategory": "residence"}], "CN", None),
        ([{"countryName": "CHINA", "postalAddressCategory": "residence"}], "CN", None),
        ([{"countryName": "China", "countryCode": None, "postalAddressCategory": "residence"}], "CN", None),
        ([{"countryCode": "CN", "postalAddressCategory": "mailing"}], "CN", None),
        ([{"countryCode": "CN", "postalAddressCategory": "domicile", "cityName": "Wuxi"}], "CN", "Wuxi"),
        (
            [
                {"postalAddressCategory": "residence"},
                {"countryCode": "CN", "postalAddressCategory": "residence"},
            ],
            "CN",
            None,
        ),
        (
            [
                {"postalAddressCategory": "residence"},
                {"countryCode": "CN", "postalAddressCategory": "postal"},
            ],
            "CN",
            None,
        ),
        (
            [{"countryCode": "CN", "postalAddressCategory": "postal"}, address(SG, "residence")],
            "SG",
            "Singapore",
        ),
        ([{"countryCode": "ROC", "postalAddressCategory": "residence"}], "TW", None),
        ([{"countryCode": "QX", "postalAddressCategory": "residence"}, address(CN, "postal")], "CN", None),
        ([{"countryCode": "QX", "postalAddressCategory": "residence"}], None, None),
        (
            [
                {
                    "countryCode": "IL",
                    "geographicRegionCode": "IL",
                    "cityName": "Chicago",
                    "postalAddressCategory": "residence",
                }
            ],
            "US",
            "Chicago",
        ),
    ],
)
def test_an_inventor_s_country_is_read_however_it_is_written(addresses, country, city):
    record = application(1, SG)
    record["applicationMetaData"]["inventorBag"].append(
        {"lastName": "Wang", "correspondenceAddressBag": addresses}
    )
    inventor = search_record(record).publication.inventors[1]
    assert (inventor.country, inventor.city_raw) == (country, city)


# ---- periods


def test_a_scan_accounts_for_every_document(client, publish):
    broken = application(5, CN)
    broken["applicationMetaData"]["earliestPublicationNumber"] = None
    publish(application(1, CN), application(2, CN, SG), application(3, SG), application(4), broken)

    result = scan(client)

    assert [one.publication_number for one in result.publications] == ["US20260000001A1", "US20260000002A1"]
    assert (result.documents, result.skipped, len(result.unreadable)) == (5, 1, 2)
    assert result.notes == {"no IPC": 2}
    assert result.unreadable[0].reason == "it names no inventor"
    assert "earliestPublicationNumber" in result.unreadable[1].reason
    assert result.unreadable[0].source_file == "odp 2026-11-05 to 2026-11-05"


@pytest.mark.parametrize(
    ("odd", "told"),
    [
        ({"inventorBag": {"lastName": "Wang"}}, "inventorBag is not a list of entries"),
        ({"inventorBag": [{"correspondenceAddressBag": 7}]}, "correspondenceAddressBag is not a list"),
        ({"inventorBag": []}, "it names no inventor"),
        ({"inventorBag": None}, "it names no inventor"),
        ({"inventorBag": [{"lastName": "Wang", "countryCode": "CN"}]}, "no inventor's address has a country"),
        ({"inventorBag": [{"correspondenceAddressBag": [{"cityName": "Wuxi"}]}]}, "has a country"),
        ({"inventorBag": [{"correspondenceAddressBag": [{"countryCode": " "}]}]}, "has a country"),
        (
            {"inventorBag": [{"correspondenceAddressBag": [{"countryCode": "中国"}]}]},
            "known country, but 中国",
        ),
    ],
)
def test_a_record_of_another_form_is_set_aside(client, publish, odd, told):
    record = application(2, CN)
    record["applicationMetaData"].update(odd)
    publish(application(1, CN), record)

    result = scan(client)

    assert [one.publication_number for one in result.publications] == ["US20260000001A1"]
    assert told in result.unreadable[0].reason


def test_no_records_is_an_empty_scan(client, publish):
    assert scan(client).documents == 0


def test_a_record_of_another_day_is_set_aside(portal, client, publish):
    stray = application(9, CN, day=date(2020, 1, 2))
    publish(application(1, CN))
    portal.answer_search = lambda query, found: [*found, stray]

    result = scan(client)

    assert [one.publication_number for one in result.publications] == ["US20260000001A1"]
    assert "2020-01-02 is not one of the days requested" in result.unreadable[0].reason


def test_pages_are_read_to_the_end(portal, client, publish, monkeypatch):
    monkeypatch.setattr(slices, "PAGE", 3)
    publish(*(application(serial, CN) for serial in range(10)))

    assert len(scan(client).publications) == 10


def test_a_slice_above_the_window_is_halved(portal, client, publish, monkeypatch):
    monkeypatch.setattr(slices, "RESULT_WINDOW", 4)
    days = [date(2026, 11, 2 + index) for index in range(6)]
    publish(*(application(index, CN, day=day) for index, day in enumerate(days)))

    result = scan(client, start=days[0], end=days[-1])

    assert len(result.publications) == 6
    asked = {
        (bounds["valueFrom"], bounds["valueTo"])
        for request in portal.asked("/search")
        for bounds in request.body["rangeFilters"]
    }
    assert asked == {("2026-11-02", "2026-11-07"), ("2026-11-02", "2026-11-04"), ("2026-11-05", "2026-11-07")}


def test_a_day_above_the_window_is_read_from_both_ends(client, publish, monkeypatch):
    monkeypatch.setattr(slices, "RESULT_WINDOW", 6)
    publish(*(application(serial, CN) for serial in range(10)))

    assert len(scan(client).publications) == 10


def test_too_few_records_are_an_error(portal, client, publish, monkeypatch):
    monkeypatch.setattr(slices, "RESULT_WINDOW", 4)
    publish(*(application(serial, CN) for serial in range(10)))

    with pytest.raises(UserError, match="counts 10 publications from 2026-11-05 to 2026-11-05 and gave 8"):
        scan(client)


def test_a_count_that_stops_at_the_window_is_not_taken_for_all(portal, client, publish, monkeypatch):
    monkeypatch.setattr(slices, "RESULT_WINDOW", 4)
    days = [date(2026, 11, 2 + index) for index in range(6)]
    publish(*(application(index, CN, day=day) for index, day in enumerate(days)))
    portal.most_counted = 4

    result = scan(client, start=days[0], end=days[-1])

    assert (result.documents, len(result.publications)) == (6, 6)


def test_a_day_whose_count_stops_at_the_window_is_whole_if_both_ends_meet(
    portal, client, publish, monkeypatch
):
    monkeypatch.setattr(slices, "RESULT_WINDOW", 6)
    publish(*(application(serial, CN) for serial in range(10)))
    portal.most_counted = 6

    assert len(scan(client).publications) == 10

    publish(*(application(serial, CN) for serial in range(10, 14)))
    with pytest.raises(UserError, match=r"counts 6 or more publications from .* and gave 12"):
        scan(client)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b'{"foo":1}', "does not say how many"),
        (b'{"count":"n/a","patentFileWrapperDataBag":[]}', "does not say how many"),
        (b'{"count":3}', "holds no list of applications"),
        (b'{"count":3,"patentFileWrapperDataBag":[null]}', "holds no list of applications"),
    ],
)
def test_an_answer_that_is_none_of_the_search_is_an_error(portal, client, answer, told):
    portal.fault("/search", standin.Fault(body=answer))

    with pytest.raises(UserError, match=f"Could not get publications of .*{told}.*BRI_ODP_URL"):
        scan(client)


def test_pages_that_are_too_large_get_smaller(portal, client, publish):
    publish(*(application(serial, CN) for serial in range(40)))
    portal.largest_answer = 12_000

    assert len(scan(client).publications) == 40
    limits = [request.body["pagination"]["limit"] for request in portal.asked("/search")]
    assert limits[:4] == [1, 100, 50, 25]


def test_only_the_fields_needed_are_asked_for(portal, client, publish):
    publish(application(1, CN))
    scan(client)

    fields = portal.asked("/search")[0].body["fields"]
    assert "applicationMetaData.inventorBag" in fields
    assert not any("event" in field or "assignment" in field for field in fields)


def test_a_fault_on_the_way_loses_nothing(portal, client, publish):
    publish(*(application(serial, CN) for serial in range(5)))
    portal.fault(
        "/search", standin.empty(), standin.throttled("6"), standin.html_page(), standin.server_error()
    )

    assert len(scan(client).publications) == 5


# ---- the country query: used once it has proved itself


WEEKS = [date(2026, 11, 5), date(2026, 11, 12), date(2026, 11, 19)]


@pytest.fixture
def three_weeks(publish) -> None:
    for index, day in enumerate(WEEKS):
        publish(*(application(10 * index + serial, CN if serial < 2 else SG, day=day) for serial in range(6)))


def queries(portal) -> list[str]:
    return [request.body["q"] for request in portal.asked("/search")]


def test_a_country_query_that_finds_all_is_used_for_the_later_weeks(portal, client, three_weeks):
    result = scan(client, WEEKS[0], WEEKS[-1])

    assert len(result.publications) == 6
    assert (result.documents, result.skipped) == (18, 12)
    last_week = [
        request.body
        for request in portal.asked("/search")
        if request.body["rangeFilters"][0]["valueFrom"] == "2026-11-19"
        and request.body["pagination"]["limit"] > 1
    ]
    assert {body["q"] for body in last_week} == {f"{slices.COUNTRY_FIELD}:(CHN OR CN OR PRC)"}


@pytest.mark.parametrize("code", ["PRC", "CHN", "P.R.C.", "CHINA", "cn", "CNX"])
def test_a_code_read_as_the_focal_country_is_found_in_the_first_week(client, publish, code):
    publish(*(application(10 * week + n, CN, day=day) for week, day in enumerate(WEEKS) for n in range(2)))
    publish(*(application(100 + week, ("Wuxi", code), day=day) for week, day in enumerate(WEEKS)))

    result = scan(client, WEEKS[0], WEEKS[-1])

    assert len(result.publications) == 9


@pytest.mark.parametrize("code", ["PRC", "CHN"])
def test_a_code_read_as_the_focal_country_is_asked_for_in_later_weeks(client, publish, code):
    publish(*(application(10 * week, CN, day=day) for week, day in enumerate(WEEKS)))
    publish(application(100, ("Wuxi", code), day=WEEKS[-1]))

    assert len(scan(client, WEEKS[0], WEEKS[-1]).publications) == 4


@pytest.mark.parametrize("keep", [0, 1], ids=["finds nothing", "misses some"])
def test_a_country_query_that_misses_some_is_given_up(portal, client, three_weeks, keep):
    portal.answer_search = lambda query, found: found[:keep] if query["q"] else found

    result = scan(client, WEEKS[0], WEEKS[-1])

    assert len(result.publications) == 6
    assert (result.documents, result.skipped) == (18, 12)


def test_a_country_query_that_fails_is_given_up(portal, client, three_weeks, monkeypatch):
    def refuse(query: dict[str, Any], found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if query["q"]:
            portal.fault("/search", standin.denied(400, b'{"code":400,"error":"Bad Request"}'))
        return found

    portal.answer_search = refuse

    assert len(scan(client, WEEKS[0], WEEKS[-1]).publications) == 6


def test_a_country_query_that_ignores_the_country_is_harmless(portal, client, three_weeks):
    portal.answer_search = lambda query, found: (
        [one for one in portal.applications() if standin._matches(one, {**query, "q": ""})]
    )

    assert len(scan(client, WEEKS[0], WEEKS[-1]).publications) == 6


@pytest.mark.parametrize(
    ("odd", "note"),
    [
        ({"applicantBag": ["Nanjing Works"]}, "an applicant's entry that could not be read"),
        ({"applicantBag": {"lastName": "Wang"}}, "an applicant's entry that could not be read"),
        ({"filingDate": "2012-06-00"}, "a filing date that could not be read"),
        ({"cpcClassificationBag": ["H04L  63/04", "?"]}, "a CPC symbol that could not be read"),
    ],
)
def test_one_faulty_part_costs_no_record(client, publish, odd, note):
    record = application(1, CN)
    record["applicationMetaData"].update(odd)
    publish(record)

    result = scan(client)

    assert [one.publication_number for one in result.publications] == ["US20260000001A1"]
    assert result.publications[0].notes == (note,)
    assert result.notes == {"no IPC": 1, note: 1}
    assert result.unreadable == []


def test_priorities_and_parents_are_related_documents(client, publish):
    record = application(1, CN)
    record["applicationMetaData"]["cpcClassificationBag"] = ["H01M  50/46", "Y02E  60/10"]
    record["foreignPriorityBag"] = [
        {"applicationNumberText": "2023104556449", "filingDate": "2023-04-25", "ipOfficeName": "CHINA"},
        {"applicationNumberText": "10-2020-1", "filingDate": "x", "ipOfficeName": "KOREA, REPUBLIC OF"},
    ]
    record["parentContinuityBag"] = [
        parent("CON", "16695054", "2019-11-25"),
        parent("NST", "PCT/CN2018/000001", "2018-01-02"),
        parent("PRO", "60548231", "2004-02-27"),
        parent("XYZ", "1", "2004-02-27"),
    ]
    publish(record)

    (read,) = scan(client).publications

    assert read.cpc == (("H01M 50/46", "first"), ("Y02E 60/10", "later"))
    assert read.related == (
        ("foreign-priority", "CN", "2023104556449", date(2023, 4, 25)),
        ("foreign-priority", "KR", "10-2020-1", None),
        ("continuation", "US", "16695054", date(2019, 11, 25)),
        ("pct", "WO", "PCT/CN2018/000001", date(2018, 1, 2)),
        ("provisional", "US", "60548231", date(2004, 2, 27)),
    )
    assert read.notes == (
        "a date of a related document that could not be read",
        "a related document that could not be read",
    )


def parent(kind: str, number: str, filed: str) -> dict[str, str]:
    return {
        "claimParentageTypeCode": kind,
        "parentApplicationNumberText": number,
        "parentApplicationFilingDate": filed,
        "childApplicationNumberText": "17248024",
    }


# ---- IPC from the publication's XML


def read_xml(path: Path) -> Iterator[Publication | UnreadableDocument]:
    """A reader of ``number|symbol`` lines, in the place of the real one."""
    for line in path.read_text().splitlines():
        number, _, symbol = line.partition("|")
        yield Publication(
            number, "A1", THURSDAY, None, date(2024, 2, 2), "", (), (), (IpcSymbol(symbol, "first"),)
        )


@pytest.fixture
def with_document(portal, publish):
    def put(record: dict[str, Any], text: str, key: str = "pgpubDocumentMetaData") -> None:
        name = f"{record['applicationNumberText']}.xml"
        path = portal.folder / "APPXML-SPLT" / "2026" / "ipa261105" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        publish({**record, key: {"fileLocationURI": URI + name}})

    return put


def test_a_real_xml_gives_ipc_and_the_international_filing_date(portal, client, with_document, shared):
    """National phase entered on 2021-09-08, filed internationally on 2019-09-19."""
    record = application(159901, nationalStageIndicator=True, filingDate="2021-09-08")
    record["applicationMetaData"]["earliestPublicationNumber"] = "US20220159901A1"
    with_document(record, (shared / "samples/xml/v4-5-A1.xml").read_text())

    read = fetch_publication(client, "US20220159901A1", read_xml=read_documents)

    assert read.publication.ipc == (IpcSymbol("A01C 7/04", "first"),)
    assert read.publication.filing_date == date(2019, 9, 19)
    assert read.notes == (f"{IPC_FROM_XML}: 19159901.xml",)


@pytest.mark.parametrize("key", ["pgpubDocumentMetaData", "PgpubDocumentMetaData"])
def test_ipc_and_the_printed_filing_date_come_from_the_xml(client, with_document, key):
    record = application(1, CN, SG, nationalStageIndicator=True)
    with_document(record, "US20260000009A1|A01B 1/00\nUS20260000001A1|H04L 29/06", key)

    read = fetch_publication(client, "US 2026/0000001 A1", read_xml=read_xml)

    assert read.publication.ipc == (IpcSymbol("H04L 29/06", "first"),)
    assert read.publication.filing_date == date(2024, 2, 2)
    assert read.notes == (f"{IPC_FROM_XML}: 19000001.xml",)


def test_the_xml_is_also_found_through_the_associated_documents(portal, client, with_document):
    with_document(application(1, CN), "US20260000001A1|H04L 29/06", "associated")

    read = fetch_publication(client, "US20260000001A1", read_xml=read_xml)

    assert read.publication.ipc == (IpcSymbol("H04L 29/06", "first"),)
    assert len(portal.asked("/associated-documents")) == 1


def test_an_xml_that_cannot_be_had_leaves_a_record_that_says_so(portal, client, with_document):
    with_document(application(1, CN), "US20260000001A1|H04L 29/06")
    portal.fault("APPXML-SPLT", standin.quota())

    read = fetch_publication(client, "US20260000001A1", read_xml=read_xml)

    assert read.publication.ipc == ()
    assert read.notes[0].startswith(
        "no IPC: Could not get the XML of US20260000001A1: the portal answered 429"
    )


def test_an_xml_that_comes_compressed_is_read(portal, client, with_document):
    with_document(application(1, CN), "US20260000001A1|H04L 29/06")
    portal.fault("APPXML-SPLT", standin.compressed())

    read = fetch_publication(client, "US20260000001A1", read_xml=read_xml)

    assert read.publication.ipc == (IpcSymbol("H04L 29/06", "first"),)


@pytest.mark.parametrize(
    ("xml", "told"),
    [
        ("<us-patent-application><cut", r"cannot be read \(.+\)"),
        ("PK\x03\x04 no XML", "is no XML file"),
        ("Not an XML document", "cannot be read|holds no publication"),
        ("<sequence-cwu/>", "holds no publication"),
    ],
)
def test_an_xml_that_cannot_be_used_has_a_reason_of_its_own(client, with_document, xml, told):
    with_document(application(1, CN), xml)

    read = fetch_publication(client, "US20260000001A1", read_xml=read_documents)

    assert read.publication.ipc == ()
    assert re.match(f"no IPC: the XML of US20260000001A1 ({told})", read.notes[0])
    assert "/tmp" not in read.notes[0]


def test_the_xml_of_another_publication_is_said_to_be_that(client, with_document):
    with_document(application(1, CN), "US20260000009A1|A01B 1/00")

    read = fetch_publication(client, "US20260000001A1", read_xml=read_xml)

    assert read.notes == ("no IPC: the XML of US20260000001A1 is that of US20260000009A1",)


def test_a_publication_without_symbols_in_its_xml_says_so(client, with_document):
    with_document(application(1, CN), "US20260000001A1|")

    def without(path: Path) -> Iterator[Publication | UnreadableDocument]:
        for document in read_xml(path):
            assert isinstance(document, Publication)
            yield document._replace(ipc=())

    read = fetch_publication(client, "US20260000001A1", read_xml=without)

    assert read.notes == ("no IPC: the XML of US20260000001A1 shows none",)


def test_inspecting_a_publication_shows_where_its_ipc_came_from(portal, with_document, shared, monkeypatch):
    record = application(159901)
    record["applicationMetaData"]["earliestPublicationNumber"] = "US20220159901A1"
    with_document(record, (shared / "samples/xml/v4-5-A1.xml").read_text())
    monkeypatch.setenv("BRI_ODP_URL", portal.url)
    monkeypatch.setenv("USPTO_API_KEY", KEY)

    [shown] = records_of("US20220159901A1", load_settings())

    assert shown["notes"] == [
        "IPC from the publication's XML, as the portal's search holds none: 19159901.xml"
    ]


def test_a_filled_in_ipc_is_nothing_missing_in_a_period(client, with_document):
    with_document(application(1, CN, SG), "US20260000001A1|H04L 29/06")

    assert scan(client, read_xml=read_xml).notes == {}


def test_a_record_without_xml_says_so(client, publish):
    publish(application(1, CN))

    read = fetch_publication(client, "US20260000001A1", read_xml=read_xml)

    assert read.notes == ("no IPC: the portal names no XML of the publication",)


def test_in_a_period_only_hits_cost_an_xml(portal, client, with_document):
    with_document(application(1, CN), "US20260000001A1|A01B 1/00")
    with_document(application(2, CN, SG), "US20260000002A1|H04L 29/06")

    result = scan(client, read_xml=read_xml, partner_countries=frozenset({"SG"}))

    assert [len(one.ipc) for one in result.publications] == [0, 1]
    assert result.notes == {"no IPC and no inventor of a partner country, for which alone it is fetched": 1}
    assert len(portal.asked("APPXML-SPLT")) == 1


# ---- single publications


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("US20210210819A1", "US20210210819A1"),
        ("us 2021/0210819 a9", "US20210210819A9"),
        ("20210210819", "US20210210819A1"),
        ("US-20170370151-A1", "US20170370151A1"),
        ("ipab20130103_wk01.zip", None),
        ("US11617522B2", None),
    ],
)
def test_publication_numbers_as_people_write_them(text, number):
    assert publication_number(text) == number


def test_an_unknown_publication_is_said(client, publish):
    with pytest.raises(UserError, match="knows no application first published as US20260000001A1"):
        fetch_publication(client, "US20260000001A1")


def test_a_neighbour_in_the_answer_is_not_taken_for_it(portal, client, publish):
    publish(application(2, CN))
    portal.answer_search = lambda query, found: portal.applications()

    with pytest.raises(UserError, match="knows no application"):
        fetch_publication(client, "US20260000001A1")


def test_what_is_no_publication_number_is_said(client):
    with pytest.raises(UserError, match="'US11617522B2' is no publication number"):
        fetch_publication(client, "US11617522B2")
