"""Lists of bulk files as the portal really writes them."""

from __future__ import annotations

import json
from datetime import date

import pytest

from bri_pipeline.errors import UserError
from bri_pipeline.portal import products
from bri_pipeline.portal.products import (
    BulkFile,
    archive_path,
    bulk_file,
    highest_revisions,
    list_files,
    missing_weeks,
    product_named,
    read_list,
    same_size,
)
from bri_pipeline.portal.trouble import PortalError
from tests.portal.standin import Fault

APPBLXML = product_named("APPBLXML")
ENTRY = {
    "fileName": "ipab20230126_wk04_r2.zip",
    "fileSize": 3_500_123,
    "fileDataFromDate": "2023-01-26",
    "fileDataToDate": "2023-01-26",
    "fileTypeText": "Data",
    "fileDownloadURI": "https://api.uspto.gov/api/v1/datasets/products/files/APPBLXML/2023/ipab20230126_wk04_r2.zip",
    "fileReleaseDate": "2023-01-26 00:03:40",
    "fileLastModifiedDateTime": "2024-09-30 10:53:54",
}


def entries(shared, name: str) -> list[BulkFile]:
    answer = json.loads((shared / "samples/odp" / name).read_text())
    bag = answer["bulkDataProductBag"][0]["productFileBag"]["fileDataBag"]
    return [bulk_file("PTGRXML", entry) for entry in bag]


def test_an_entry_is_read():
    assert bulk_file("APPBLXML", ENTRY) == BulkFile(
        product="APPBLXML",
        name="ipab20230126_wk04_r2.zip",
        size=3_500_123,
        from_date=date(2023, 1, 26),
        modified="2024-09-30 10:53:54",
        uri=ENTRY["fileDownloadURI"],
        kind="Data",
    )


def test_file_date_stands_in_and_sizes_may_be_text():
    entry = {**ENTRY, "fileDate": "2023-01-27 07:18:00", "fileSize": "3500123"}
    del entry["fileDataFromDate"]
    file = bulk_file("APPBLXML", entry)
    assert (file.from_date, file.size) == (date(2023, 1, 27), 3_500_123)


@pytest.mark.parametrize(
    "change",
    [
        {"fileName": "../../etc/passwd"},
        {"fileName": ".portal"},
        {"fileName": "a/b.zip"},
        {"fileName": None},
        {"fileSize": "many"},
        {"fileSize": None},
        {"fileDataFromDate": "January"},
    ],
)
def test_entries_that_cannot_be_used_are_named(change):
    with pytest.raises(UserError, match="The portal's list of APPBLXML"):
        bulk_file("APPBLXML", {**ENTRY, **change})


def test_of_the_real_list_each_week_is_kept_once(shared):
    listed = [file for file in entries(shared, "get_bulk_product_full.json") if file.kind == "Data"]
    kept = highest_revisions(listed)

    # 1,292 data files; 15 weeks have a base and 17 revisions between them.
    assert len(listed) == 1292
    assert len(kept) == 1292 - 17
    assert len({file.from_date for file in kept}) == len(kept)
    names = {file.name for file in kept}
    assert {"ipg260106_r2.zip", "ipg251230_r2.zip", "ipg260414_r1.zip"} <= names
    assert not {"ipg260106.zip", "ipg260106_r1.zip", "ipg260414.zip"} & names


def test_tables_of_one_release_do_not_push_each_other_out():
    tables = [
        BulkFile("PVPGPUBDIS", name, 1, date(2001, 3, 15), "", "", "Data")
        for name in ("pg_inventor_not_disambiguated.tsv.zip", "pg_ipc_at_issue.tsv.zip")
    ]
    assert highest_revisions(tables) == tables


def test_the_two_recorded_sizes_of_one_file_are_the_same_file(shared):
    exact = {file.name: file.size for file in entries(shared, "get_bulk_product.json")}
    rounded = {file.name: file.size for file in entries(shared, "get_bulk_product_full.json")}

    for name in ("ipg240109.zip", "ipg240102.zip"):
        assert exact[name] != rounded[name]
        assert same_size(exact[name], rounded[name])


@pytest.mark.parametrize(
    ("listed", "other", "same"),
    [
        (3_500_000, 3_500_001, False),
        (16_000_000, 16_000_001, False),
        (171_326_080, 171_326_087, True),
        (171_326_080, 171_326_180, False),
        (1_597_376_724, 1_597_376_800, True),
        (1_597_376_724, 1_597_377_724, False),
    ],
)
def test_sizes_are_exact_to_16_megabytes_and_float_sharp_above(listed, other, same):
    assert same_size(listed, other) is same
    assert same_size(other, listed) is same


def test_weeks_stand_under_their_year_and_tables_at_the_top():
    assert archive_path(bulk_file("APPBLXML", ENTRY)) == "2023/ipab20230126_wk04_r2.zip"
    assert archive_path(bulk_file("PVPGPUBDIS", {**ENTRY, "fileName": "g.tsv.zip"})) == "g.tsv.zip"


def test_weeks_without_a_file_are_found():
    weeks = [date(2001, 3, 15), date(2001, 3, 29), date(2002, 1, 3)]
    listed = [BulkFile("APPBLXML", "", 1, day, "", "", "Data") for day in weeks]

    gaps = missing_weeks(APPBLXML, listed, range(2001, 2002), date(2001, 4, 12))
    assert gaps == [date(2001, 3, 22), date(2001, 4, 5), date(2001, 4, 12)]
    assert missing_weeks(product_named("PVPGPUBDIS"), [], range(2001, 2002), date(2001, 4, 12)) == []


def test_the_real_lists_have_no_gap(shared):
    listed = [file for file in entries(shared, "get_bulk_product_full.json") if file.kind == "Data"]
    assert missing_weeks(product_named("PTGRXML"), listed, range(2002, 2027), date(2026, 6, 2)) == []


# ---- over the wire


def names(files: list[BulkFile]) -> list[str]:
    return [file.name for file in files]


def listing(*listed: dict[str, object], count: int | None = None) -> dict[str, object]:
    counted = len(listed) if count is None else count
    bag = {"productIdentifier": "APPBLXML", "productFileBag": {"count": counted, "fileDataBag": listed}}
    return {"count": 1, "bulkDataProductBag": [bag]}


def lists_besides(portal, *odd: dict[str, object]) -> None:
    """The portal lists some entries before its own of 2013, all on one page."""
    own = [entry for entry in portal.entries("APPBLXML") if "2013" in entry["fileDataFromDate"]]
    portal.answer_list = lambda query: listing(*([*odd, *own] if query["offset"] == "0" else []))


def plain(content: object) -> Fault:
    """An answer in the place of the stand-in's own."""
    return Fault(200, {"Content-Type": "application/json"}, json.dumps(content).encode())


def test_a_list_is_asked_for_by_dates(portal, client):
    assert names(list_files(client, APPBLXML, range(2013, 2015))) == [
        "ipab20130103_wk01.zip",
        "ipab20130110_wk02.zip",
        "ipab20140102_wk01.zip",
    ]
    query = portal.requests[0].query
    assert (query["fileDataFromDate"], query["fileDataToDate"]) == ("2013-01-01", "2014-12-31")


def test_years_are_kept_to_even_if_the_portal_ignores_them(portal, client):
    other = {**ENTRY, "fileName": "ipab20240104_wk01.zip", "fileDataFromDate": "2024-01-04"}
    portal.fault("/products/APPBLXML", plain(listing(ENTRY, other)))

    assert names(list_files(client, APPBLXML, range(2024, 2025))) == ["ipab20240104_wk01.zip"]


@pytest.mark.parametrize("page", [1, 2, 3, 50])
def test_a_list_in_pages_is_read_whole(portal, client, monkeypatch, page):
    monkeypatch.setattr(products, "PAGE_FILES", page)

    assert len(list_files(client, APPBLXML, range(2013, 2015))) == 3


def test_documents_are_no_data(portal, client):
    (portal.folder / "APPBLXML" / "2013" / "us-patent-application-v44-2014-04-03.dtd").write_text(
        "<!ELEMENT a>"
    )

    assert len(list_files(client, APPBLXML, range(2001, 2027))) == 3


@pytest.mark.parametrize(
    "shape",
    [
        lambda bag: {"count": 1, "bulkDataProductBag": [[bag]]},
        lambda bag: {"count": 1, "bulkDataProductBag": bag},
        lambda bag: {"bulkDataProductBag": [{**bag, "productIdentifier": "AppBlXml"}]},
        lambda bag: {"bulkDataProductBag": [{**bag, "productFileBag": [bag["productFileBag"]]}]},
        lambda bag: {"bulkDataProductBag": [{**bag, "productDataSetArrayText": ["x"]}]},
        lambda bag: {"bulkDataProductBag": [{**bag, "productDatasetArrayText": ["x"]}]},
        lambda bag: {
            "bulkDataProductBag": [
                {
                    **bag,
                    "productFileBag": {
                        "count": "1",
                        "fileDataBag": [[bag["productFileBag"]["fileDataBag"][0]]],
                    },
                }
            ]
        },
    ],
    ids=[
        "nested",
        "single",
        "id in other case",
        "bag of files as a list",
        "swagger spelling",
        "live spelling",
        "nested files, count as text",
    ],
)
def test_the_shapes_a_list_comes_in(portal, client, shape):
    bag = listing(ENTRY)["bulkDataProductBag"][0]
    portal.fault("/products/APPBLXML", plain(shape(bag)))

    assert names(list_files(client, APPBLXML, range(2023, 2024))) == ["ipab20230126_wk04_r2.zip"]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"foo": 1}, "the answer holds no product APPBLXML"),
        ({"count": 0, "bulkDataProductBag": []}, "the answer holds no product APPBLXML"),
        ({"bulkDataProductBag": [{"productIdentifier": "APPXML"}]}, "the answer holds no product APPBLXML"),
        ({"bulkDataProductBag": [{"productIdentifier": "APPBLXML"}]}, "holds no files of the product"),
        (
            {
                "bulkDataProductBag": [
                    {
                        "productIdentifier": "APPBLXML",
                        "productFileBag": {"count": "n/a", "fileDataBag": [ENTRY]},
                    }
                ]
            },
            "count of files is no number",
        ),
    ],
    ids=["foreign", "no product", "another product", "no files", "no count"],
)
def test_an_answer_that_is_no_list_of_the_product_is_an_error(portal, client, answer, told):
    portal.fault("/products/APPBLXML", plain(answer))

    with pytest.raises(PortalError, match=f"Could not get the list of APPBLXML files: .*{told}.*BRI_ODP_URL"):
        list_files(client, APPBLXML, range(2023, 2024))


def test_a_wrong_path_is_not_an_empty_list(portal, client):
    portal.fault("/products/APPBLXML", Fault(404, body=b'{"message":"no Route matched with those values"}'))

    with pytest.raises(PortalError, match="answered 404"):
        list_files(client, APPBLXML, range(2013, 2014))


def test_weeks_that_are_not_there_yet_are_no_error(client):
    """The stand-in says 404 "No matching records found"."""
    assert list_files(client, APPBLXML, range(2001, 2005)) == []


def test_tables_are_always_there(portal, client):
    for path in (portal.folder / "PVPGPUBDIS").iterdir():
        path.unlink()

    with pytest.raises(
        PortalError, match="Could not get the list of PVPGPUBDIS files: the portal lists none"
    ):
        list_files(client, product_named("PVPGPUBDIS"), range(2013, 2014))


@pytest.mark.parametrize(
    "odd", [{"fileSize": None}, {"fileDownloadURI": None}, {"fileName": "Data dictionary (2).pdf"}]
)
def test_a_document_without_what_a_data_file_needs_is_passed_over(portal, client, odd):
    document = {**ENTRY, "fileName": "dictionary.pdf", "fileTypeText": "Document", **odd}
    portal.fault("/products/APPBLXML", plain(listing(document, ENTRY)))

    assert names(list_files(client, APPBLXML, range(2023, 2024))) == ["ipab20230126_wk04_r2.zip"]


# ---- pages of a real list: 1,301 entries, of which 1,275 data files are the highest of their weeks


GRANTS = product_named("PTGRXML")
ALL_YEARS = range(2002, 2027)


@pytest.fixture
def real_list(shared) -> list[dict[str, object]]:
    answer = json.loads((shared / "samples/odp/get_bulk_product_full.json").read_text())
    return answer["bulkDataProductBag"][0]["productFileBag"]["fileDataBag"]


def in_pages(portal, listed, answer) -> None:
    """Answer each request for the list of grants with the entries and count that ``answer`` makes of it."""

    def page(query: dict[str, str]) -> dict[str, object]:
        entries, count = answer(listed, int(query["offset"]), int(query["limit"]))
        bag = {"productIdentifier": "PTGRXML", "productFileBag": {"count": count, "fileDataBag": entries}}
        return {"count": 1, "bulkDataProductBag": [bag]}

    portal.answer_list = page


@pytest.mark.parametrize(
    "answer",
    [
        lambda listed, offset, limit: (listed[offset : offset + limit], len(listed)),
        lambda listed, offset, limit: (listed[offset : offset + 100], len(listed)),
        lambda listed, offset, limit: (listed[offset : offset + 100], len(listed[offset : offset + 100])),
        lambda listed, offset, limit: (listed, len(listed)),
        lambda listed, offset, limit: (listed[offset : offset + limit], 0),
        lambda listed, offset, limit: (listed[offset : offset + 100], 1400),
    ],
    ids=[
        "as asked",
        "pages of 100",
        "pages of 100, counted each",
        "all at once, whatever is asked",
        "no count",
        "a count of more than the data files",
    ],
)
def test_a_list_is_read_whole_however_it_is_paged(portal, client, real_list, answer):
    in_pages(portal, real_list, answer)

    assert len(list_files(client, GRANTS, ALL_YEARS)) == 1275


def test_a_list_that_begins_again_before_its_end_is_an_error(portal, client, real_list):
    in_pages(portal, real_list, lambda listed, offset, limit: (listed[:limit], len(listed)))

    with pytest.raises(PortalError, match="counts 1301 files and lists 1000"):
        list_files(client, GRANTS, ALL_YEARS)


def test_a_list_without_end_is_an_error(portal, client, monkeypatch):
    monkeypatch.setattr(products, "MOST_PAGES", 20)
    in_pages(portal, [], lambda _, offset, limit: ([{**ENTRY, "fileName": f"ipg{offset}.zip"}], 1))

    with pytest.raises(PortalError, match="its pages do not end, 20 were read"):
        list_files(client, GRANTS, ALL_YEARS)


def test_an_offset_behind_the_end_may_be_refused(portal, client, real_list):
    def answer(listed, offset, limit):
        if offset + limit >= len(listed):
            portal.fault("/products/PTGRXML", Fault(400, body=b'{"code":400,"error":"Bad Request"}'))
        return listed[offset : offset + limit], len(listed)

    in_pages(portal, real_list, answer)

    assert len(list_files(client, GRANTS, ALL_YEARS)) == 1275


def test_a_week_without_a_date_is_named(portal, client):
    lists_besides(portal, {**ENTRY, "fileDataFromDate": None})

    found = read_list(client, APPBLXML, range(2013, 2014))

    assert names(found.files) == ["ipab20130103_wk01.zip", "ipab20130110_wk02.zip"]
    [entry] = found.unusable
    assert (entry.name, entry.year) == ("ipab20230126_wk04_r2.zip", 2013)
    assert "gives no date for ipab20230126_wk04_r2.zip" in entry.reason


def test_a_list_without_any_entry_that_can_be_used_is_an_error(portal, client):
    portal.answer_list = lambda query: listing(*([{**ENTRY, "fileSize": "many"}] * (query["offset"] == "0")))

    with pytest.raises(UserError, match=r"ipab20230126_wk04_r2\.zip that cannot be read"):
        list_files(client, APPBLXML, range(2023, 2024))


@pytest.mark.parametrize(
    "change",
    [
        {"fileSize": -1},
        {"fileSize": "-3500123"},
        {"fileSize": 1e300},
        {"fileSize": 10**12},
        {"fileSize": "nan"},
        {"fileSize": float("inf")},
        {"fileName": "ipab" + "9" * 300 + ".zip"},
        {"fileName": "../../../etc/passwd"},
        {"fileName": "ipab20130103\u202e_wk01.zip"},
        {"fileDataFromDate": "2013-02-30"},
        {"fileDownloadURI": None, "fileName": ""},
    ],
)
def test_an_entry_that_cannot_be_used_leaves_the_others(portal, client, change):
    odd = {**ENTRY, "fileDataFromDate": "2013-01-24", **change}
    if "fileDownloadURI" in change:
        del odd["fileDownloadURI"]
    lists_besides(portal, odd)

    found = read_list(client, APPBLXML, range(2013, 2014))

    assert names(found.files) == ["ipab20130103_wk01.zip", "ipab20130110_wk02.zip"]
    [entry] = found.unusable
    assert entry.year == 2013 and len(entry.name) < 70 and "\u202e" not in entry.name


def test_a_file_withdrawn_between_two_pages_takes_no_other_with_it(portal, client, monkeypatch):
    """The files behind it move up by one, and the first of them falls between the pages."""
    monkeypatch.setattr(products, "PAGE_FILES", 2)
    all_files = list(portal.entries("APPBLXML"))
    newest = all_files[0]["fileName"]

    def answer(query: dict[str, str]) -> dict[str, object]:
        offset = int(query["offset"])
        files = all_files if offset == 0 and len(portal.requests) == 1 else all_files[1:]
        return listing(*files[offset : offset + 2], count=len(files))

    portal.answer_list = answer

    assert names(list_files(client, APPBLXML, range(2013, 2015))) == sorted(
        entry["fileName"] for entry in all_files if entry["fileName"] != newest
    )


def test_an_empty_range_of_years_is_said(client):
    with pytest.raises(UserError, match="FIRST:LAST"):
        list_files(client, APPBLXML, range(2014, 2013))
