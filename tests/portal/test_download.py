"""Downloads through every fault: nothing is lost, nothing is fetched twice, nothing broken is kept."""

from __future__ import annotations

import hashlib
import json
import os
import time
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest

from bri_pipeline.errors import UserError
from bri_pipeline.portal import download
from bri_pipeline.portal.client import PortalClient, Timeouts
from bri_pipeline.portal.download import DownloadResult, download_product, list_changed
from bri_pipeline.portal.ledger import Ledger, only_download
from bri_pipeline.portal.trouble import AccessDenied, RetryPolicy
from bri_pipeline.progress import Progress
from tests.portal import standin
from tests.portal.conftest import KEY, FakeTime, make_client, write_zip
from tests.portal.standin import Fault, StandInPortal

WEEK_1, WEEK_2 = "ipab20130103_wk01.zip", "ipab20130110_wk02.zip"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    return folder


def fetch_2013(client: PortalClient, archive: Path) -> DownloadResult:
    return download_product(client, "APPBLXML", range(2013, 2014), archive)


def same(archive: Path, portal: StandInPortal, *names: str) -> bool:
    return all(
        (archive / "2013" / name).read_bytes() == (portal.folder / "APPBLXML" / "2013" / name).read_bytes()
        for name in names
    )


def file_requests(portal: StandInPortal, name: str = "") -> int:
    return len([request for request in portal.asked("/files/") if name in request.path])


# ---- the plain way


def test_files_of_the_years_asked_for_arrive_whole(portal, client, archive):
    result = fetch_2013(client, archive)

    assert sorted(path.name for path in archive.glob("*/*.zip")) == [WEEK_1, WEEK_2]
    assert same(archive, portal, WEEK_1, WEEK_2)
    entry = result.downloaded[0]
    assert entry.path == f"2013/{WEEK_1}"
    assert entry.sha256 == hashlib.sha256((archive / entry.path).read_bytes()).hexdigest()
    assert entry.length == (archive / entry.path).stat().st_size
    assert not list(archive.rglob("*.part*"))


def test_second_run_asks_for_the_list_only(portal, client, archive):
    fetch_2013(client, archive)
    portal.requests.clear()

    result = fetch_2013(client, archive)

    assert [file.name for file in result.unchanged] == [WEEK_1, WEEK_2]
    assert result.downloaded == ()
    assert {request.path for request in portal.requests} == {"/api/v1/datasets/products/APPBLXML"}


def test_a_changed_file_alone_is_fetched_again(portal, client, archive):
    fetch_2013(client, archive)
    write_zip(portal.folder / "APPBLXML" / "2013" / WEEK_1, text="corrected", bulk=99)

    changed = list_changed(client, "APPBLXML", range(2013, 2014), archive)
    result = fetch_2013(client, archive)

    assert [file.name for file in changed] == [WEEK_1]
    assert [entry.name for entry in result.downloaded] == [WEEK_1]
    assert same(archive, portal, WEEK_1)


def test_a_new_modification_time_alone_counts_as_changed(portal, client, archive):
    fetch_2013(client, archive)
    os.utime(portal.folder / "APPBLXML" / "2013" / WEEK_2, (0, 0))

    assert [entry.name for entry in fetch_2013(client, archive).downloaded] == [WEEK_2]


def test_a_file_lost_from_the_archive_is_fetched_again(client, archive):
    fetch_2013(client, archive)
    (archive / "2013" / WEEK_1).unlink()

    assert [entry.name for entry in fetch_2013(client, archive).downloaded] == [WEEK_1]


def test_a_file_put_there_by_hand_is_checked_and_kept(portal, client, archive):
    source = portal.folder / "APPBLXML" / "2013" / WEEK_1
    (archive / "2013").mkdir()
    (archive / "2013" / WEEK_1).write_bytes(source.read_bytes())

    result = fetch_2013(client, archive)

    assert [entry.name for entry in result.adopted] == [WEEK_1]
    assert file_requests(portal, WEEK_1) == 0
    assert len(fetch_2013(client, archive).unchanged) == 2


def test_a_folder_in_the_place_of_a_file_is_set_aside(portal, client, archive):
    (archive / "2013" / WEEK_1).mkdir(parents=True)

    result = fetch_2013(client, archive)

    assert [entry.name for entry in result.downloaded] == [WEEK_1, WEEK_2]
    assert (archive / "2013" / f"{WEEK_1}.set-aside-1").is_dir()


def test_a_changed_file_put_there_by_hand_is_kept_and_the_old_one_is_not_taken_for_it(
    portal, client, archive
):
    fetch_2013(client, archive)
    for week in (WEEK_1, WEEK_2):
        write_zip(portal.folder / "APPBLXML" / "2013" / week, text="corrected", bulk=200_000)
    (archive / "2013" / WEEK_1).write_bytes((portal.folder / "APPBLXML" / "2013" / WEEK_1).read_bytes())

    result = fetch_2013(client, archive)

    assert [entry.name for entry in result.adopted] == [WEEK_1]
    assert [entry.name for entry in result.downloaded] == [WEEK_2]


def test_of_a_revised_week_only_the_highest_revision_is_fetched(portal, client, archive):
    fetch_2013(client, archive)
    for revised in ("ipab20130103_wk01_r1.zip", "ipab20130103_wk01_r2.zip"):
        write_zip(portal.folder / "APPBLXML" / "2013" / revised, text=revised)
    portal.requests.clear()

    result = fetch_2013(client, archive)

    assert [entry.name for entry in result.downloaded] == ["ipab20130103_wk01_r2.zip"]
    assert file_requests(portal) == 1
    assert (archive / "2013" / WEEK_1).is_file()


def test_tables_are_fetched_whole_and_the_years_said_to_be_unused(portal, client, archive):
    result = download_product(client, "pvpgpubdis", range(2013, 2014), archive)

    assert sorted(path.name for path in archive.glob("*.zip")) == [
        "pg_inventor_not_disambiguated.tsv.zip",
        "pg_published_application.tsv.zip",
    ]
    assert "the years were not used" in result.notes[0]
    assert "fileDataFromDate" not in portal.asked("/products/PVPGPUBDIS")[0].query


def test_weeks_the_portal_does_not_list_are_said(client, archive):
    result = fetch_2013(client, archive)

    assert len(result.gaps) == 50  # 2013 has 52 Thursdays
    assert result.notes == (
        "The portal lists no APPBLXML file for 50 weeks of the years: "
        "2013-01-17, 2013-01-24, 2013-01-31, 2013-02-07, 2013-02-14 and others.",
    )


def test_years_before_the_first_publication_are_said_to_have_none(client, archive):
    result = download_product(client, "APPBLXML", range(1999, 2002), archive)

    assert result.notes[0] == "APPBLXML files are read from 2001-03-15 on: there are none for 1999-2000."
    assert result.unlisted == (2001,)
    grants = download_product(client, "PTBLXML", range(2001, 2002), archive)
    assert grants.notes == ("PTBLXML files are read from 2002-01-01 on: there are none for 2001.",)
    assert grants.unlisted == ()


def test_a_year_that_the_portal_does_not_list_is_named(client, archive):
    result = download_product(client, "APPBLXML", range(2011, 2014), archive)

    assert result.unlisted == (2011, 2012)
    assert result.notes[0].startswith(
        "The portal lists no APPBLXML files for 2011-2012, although there must be"
    )
    assert result.notes[1].startswith(
        "The portal lists no APPBLXML file for 50 weeks of the years: 2013-01-17"
    )
    assert {entry.name for entry in result.downloaded} == {WEEK_1, WEEK_2}


def test_a_year_that_has_only_begun_need_not_be_listed(client, archive, monkeypatch):
    begun = datetime(2014, 1, 6, tzinfo=UTC).timestamp()
    monkeypatch.setattr(type(client), "now", lambda _: begun)
    result = download_product(client, "APPBLXML", range(2014, 2015), archive)

    assert (result.unlisted, result.notes) == ((), ())


def test_progress_ends_with_everything_done(client, archive):
    seen: list[Progress] = []
    download_product(client, "APPBLXML", range(2013, 2014), archive, progress=seen.append)

    last = seen[-1]
    assert last.done == last.of == sum(path.stat().st_size for path in archive.glob("*/*.zip"))
    assert all((a.done or 0) <= (b.done or 0) for a, b in pairwise(seen))
    assert str(last).startswith("downloading: 0.4 of 0.4 MB (2 of 2 files, ")


# ---- faults that pass


PASSING = {
    "429 with Retry-After": [standin.throttled("7")],
    "429 without Retry-After": [standin.throttled()],
    "429 with a time to wait and no word": [standin.throttled("7", b"")],
    "429 of the store without a word": [replace(standin.throttled(body=b""), at_store=True)],
    "500": [standin.server_error()],
    "503 twice": [standin.server_error(503), standin.server_error(503)],
    "error page with status 200": [standin.html_page()],
    "error page with status 502": [standin.html_page(502)],
    "empty 200": [standin.empty()],
    "cut transfer": [standin.cut(100_000)],
    "cut before the first byte": [standin.cut(0)],
    "three cuts": [standin.cut(90_000), standin.cut(60_000), standin.cut(30_000)],
    "store busy": [replace(standin.server_error(503), at_store=True)],
    "wrong length": [standin.longer()],
    "corrupt zip": [standin.corrupt()],
    "zip with a name that cannot be read": [standin.unreadable_name()],
    "expired redirect": [standin.expired_redirect()],
}


@pytest.mark.parametrize("faults", PASSING.values(), ids=PASSING.keys())
def test_a_passing_fault_costs_time_and_no_file(portal, client, archive, fake_time, faults):
    portal.fault(WEEK_1, *faults)

    result = fetch_2013(client, archive)

    assert result.failed == ()
    assert same(archive, portal, WEEK_1, WEEK_2)
    assert file_requests(portal, WEEK_1) == len(faults) + 1
    assert file_requests(portal, WEEK_2) == 1
    assert not list(archive.rglob("*.part*"))


@pytest.mark.parametrize(
    "fault",
    [
        standin.throttled("7"),
        standin.throttled(),
        standin.server_error(),
        standin.html_page(),
        standin.empty(),
    ],
)
def test_the_list_survives_the_same(portal, client, archive, fault):
    portal.fault("/products/APPBLXML", fault)

    assert len(fetch_2013(client, archive).downloaded) == 2


def test_retry_after_is_honoured_and_no_file_is_asked_for_meanwhile(portal, client, archive, fake_time):
    portal.fault(WEEK_1, standin.throttled("37"))
    fetch_2013(client, archive)

    assert 37 in fake_time.slept


def test_a_cut_transfer_is_resumed_where_it_broke(portal, client, archive):
    portal.fault(WEEK_1, standin.cut(150_000))

    result = fetch_2013(client, archive)

    first, second = portal.asked(WEEK_1, "store")
    offset = int(second.headers["range"].removeprefix("bytes=").removesuffix("-"))
    assert 0 < offset <= 150_000
    assert result.bytes == sum(path.stat().st_size for path in archive.glob("*/*.zip"))
    assert "range" not in first.headers


def test_a_store_that_cannot_resume_is_restarted(portal, client, archive):
    portal.fault(WEEK_1, standin.cut(150_000), standin.ignoring_range())

    fetch_2013(client, archive)

    assert same(archive, portal, WEEK_1)


@pytest.mark.parametrize(
    "said",
    [
        "bytes 0-9/10",
        "bytes 150001-9/*",
        f"bytes {2**60}-{2**61}/*",
        f"bytes {10**29}-{10**30}/*",
        "9" * 5000,
    ],
)
def test_a_rest_that_begins_elsewhere_is_not_written(portal, client, archive, said):
    portal.fault(WEEK_1, standin.cut(150_000), Fault(headers={"Content-Range": said}, at_store=True))

    result = fetch_2013(client, archive)

    assert not result.failed
    assert same(archive, portal, WEEK_1)


def test_a_length_of_thousands_of_digits_is_passed_over(portal, client, archive):
    portal.fault(
        WEEK_1, standin.cut(150_000), Fault(headers={"Content-Range": f"bytes 150000-9/{'9' * 5000}"})
    )
    portal.fault(WEEK_2, Fault(302, {"Content-Length": "9" * 5000}, b""), times=9)

    assert [failure.name for failure in fetch_2013(client, archive).failed] == [WEEK_2]


def test_a_transfer_broken_in_one_run_is_taken_up_in_the_next(portal, client, archive):
    portal.fault(WEEK_1, standin.cut(150_000), *[standin.cut(1)] * 3)
    failed = fetch_2013(client, archive).failed
    portal.requests.clear()

    result = fetch_2013(client, archive)

    assert [failure.name for failure in failed] == [WEEK_1]
    assert [entry.name for entry in result.downloaded] == [WEEK_1]
    assert portal.asked(WEEK_1, "store")[0].headers["range"] != "bytes=0-"
    assert same(archive, portal, WEEK_1)


def test_a_part_of_an_older_version_is_not_continued(portal, client, archive):
    portal.fault(WEEK_1, standin.cut(150_000), *[standin.cut(1)] * 3)
    fetch_2013(client, archive)
    write_zip(portal.folder / "APPBLXML" / "2013" / WEEK_1, text="corrected", bulk=250_000)
    portal.requests.clear()

    fetch_2013(client, archive)

    assert "range" not in portal.asked(WEEK_1, "store")[0].headers
    assert same(archive, portal, WEEK_1)


def test_old_parts_of_files_no_longer_listed_are_removed(portal, client, archive):
    """Superseded by a revision, or gone from the portal; a young one may be of a year not asked for."""
    week_2014 = "ipab20140102_wk01.zip"
    for name in (WEEK_1, WEEK_2, week_2014):
        portal.fault(name, standin.cut(150_000), *[standin.cut(1)] * 3)
    download_product(client, "APPBLXML", range(2013, 2015), archive)
    folder = archive / ".portal" / "APPBLXML"
    assert len(list(folder.glob("*.part"))) == 3
    for path in (*folder.glob(f"{WEEK_1}.part*"), *folder.glob(f"{WEEK_2}.part*")):
        os.utime(path, (0, 0))
    write_zip(portal.folder / "APPBLXML" / "2013" / WEEK_1.replace(".zip", "_r1.zip"))

    fetch_2013(client, archive)

    assert sorted(path.name for path in folder.glob("*.part*")) == [
        f"{week_2014}.part",
        f"{week_2014}.part-of",
    ]
    resumed = [request.headers.get("range") for request in portal.asked(WEEK_2, "store")]
    assert resumed[-1] is not None


def test_a_file_changed_between_two_tries_is_not_glued(portal, client, archive):
    """Same size and list entry: only the store's ETag tells."""
    path = portal.folder / "APPBLXML" / "2013" / WEEK_1
    portal.fault(WEEK_1, standin.cut(150_000), *[standin.cut(1)] * 3)
    fetch_2013(client, archive)
    size, when = path.stat().st_size, path.stat().st_mtime
    write_zip(path, text="<us-patent-application>", bulk=200_001)
    os.utime(path, (when, when))
    assert path.stat().st_size == size

    fetch_2013(client, archive)

    assert same(archive, portal, WEEK_1)


def test_a_stalled_body_times_out_and_is_taken_up(portal, archive, fake_time):
    client = make_client(portal, fake_time, timeouts=Timeouts(connect=1, answer=1, file=0.2))
    portal.fault(WEEK_1, standin.slow(0.4))

    assert fetch_2013(client, archive).failed == ()
    assert same(archive, portal, WEEK_1)


def test_a_transfer_compressed_all_the_same_is_stored_unpacked(portal, client, archive):
    portal.fault(WEEK_1, standin.compressed())

    assert fetch_2013(client, archive).failed == ()
    assert same(archive, portal, WEEK_1)


def test_a_compressed_transfer_that_breaks_is_restarted(portal, client, archive):
    portal.fault(WEEK_1, replace(standin.compressed(), cut_after=150_000), standin.compressed())

    assert fetch_2013(client, archive).failed == ()
    assert same(archive, portal, WEEK_1)


def test_a_redirect_that_expired_at_the_portals_own_host_does_not_stop_the_download(portal, client, archive):
    portal.fault(WEEK_1, *[Fault(302, {"Location": "/api/v1/signed?signature=x"}, b"")] * 4)

    result = fetch_2013(client, archive)  # the stand-in answers 403 at addresses it does not know

    assert [entry.name for entry in result.downloaded] == [WEEK_2]
    assert "the file's store answered 403" in result.failed[0].reason


def test_a_slow_but_steady_body_arrives(portal, client, archive):
    portal.fault(WEEK_1, standin.slow(0.02))

    fetch_2013(client, archive)

    assert file_requests(portal, WEEK_1) == 1


def test_the_redirect_is_followed_before_it_expires(portal_folder, fake_time, archive):
    """The client's pause must not fall between the redirect and the store, which share its clock here."""
    with StandInPortal(portal_folder, signed_seconds=0.1, clock=fake_time.clock) as portal:
        result = fetch_2013(make_client(portal, fake_time), archive)

    assert len(result.downloaded) == 2
    assert len(portal.asked("", "store")) == 2


# ---- faults that stay


STAYING = {
    "quota": ([standin.quota()], 1, "20 times a year"),
    "429 in words unknown": (
        [standin.throttled(body=b'{"message":"No more of this"}')],
        1,
        "It may mean",
    ),
    "429 without a word": ([standin.throttled(body=b"")], 1, "It may mean"),
    "quota with a time to wait": (
        [standin.throttled("60", b'{"message":"You are limited in downloads of the same file each year"}')],
        1,
        "20 times a year",
    ),
    "quota told after a redirect": ([replace(standin.quota(), at_store=True)], 1, "20 times a year"),
    "page without a type": ([Fault(200, {}, b"<html>Sorry</html>")] * 9, 4, "Check that BRI_ODP_URL leads"),
    "file gone": ([standin.denied(404, b'{"message":"Not Found"}')], 1, "withdrawn or replaced"),
    "500": ([standin.server_error()] * 9, 4, "Run the same command again later"),
    "cut": ([standin.cut(5)] * 9, 4, "Run the same command again later"),
    "wrong length": ([standin.longer()] * 9, 2, "run the command again in an hour"),
    "corrupt zip": ([standin.corrupt()] * 9, 2, "may be broken"),
    "unreadable name": ([standin.unreadable_name()] * 9, 2, "may be broken"),
    "expired redirect": ([standin.expired_redirect()] * 9, 4, "Run the same command again later"),
    "hours to wait": ([standin.throttled("7200")] * 9, 1, "Wait a while"),
}


@pytest.mark.parametrize(("faults", "requests", "way_out"), STAYING.values(), ids=STAYING.keys())
def test_a_staying_fault_fails_that_file_and_no_other(portal, client, archive, faults, requests, way_out):
    portal.fault(WEEK_1, *faults)

    result = fetch_2013(client, archive)

    assert [entry.name for entry in result.downloaded] == [WEEK_2]
    (failure,) = result.failed
    assert failure.name == WEEK_1
    assert WEEK_1 in failure.reason
    assert way_out in failure.way_out
    assert file_requests(portal, WEEK_1) == requests
    assert not (archive / "2013" / WEEK_1).exists()


def test_a_damaged_part_of_an_earlier_run_does_not_block_the_next(portal, client, archive):
    portal.fault(WEEK_1, standin.unreadable_name(), standin.unreadable_name())
    fetch_2013(client, archive)
    ledger = Ledger(archive)
    [week] = list_changed(client, "APPBLXML", range(2013, 2014), archive)
    whole = (portal.folder / "APPBLXML" / "2013" / WEEK_1).read_bytes()
    spoil = standin.unreadable_name().change
    ledger.part_path(week).write_bytes(spoil(whole) if spoil else b"")
    ledger.mark_part(week, None)

    assert [entry.name for entry in fetch_2013(client, archive).downloaded] == [WEEK_1]
    assert same(archive, portal, WEEK_1)


def test_a_damaged_transfer_after_a_refusal_is_tried_again(portal, client, archive):
    portal.fault(WEEK_1, standin.throttled(), standin.corrupt())

    assert fetch_2013(client, archive).failed == ()
    assert file_requests(portal, WEEK_1) == 3


def test_a_failed_replacement_leaves_the_old_file(portal, client, archive):
    fetch_2013(client, archive)
    before = (archive / "2013" / WEEK_1).read_bytes()
    write_zip(portal.folder / "APPBLXML" / "2013" / WEEK_1, text="corrected")
    portal.fault(WEEK_1, *[standin.corrupt()] * 9)

    assert len(fetch_2013(client, archive).failed) == 1
    assert (archive / "2013" / WEEK_1).read_bytes() == before


REFUSALS = {
    "500": standin.server_error(),
    "throttled": standin.throttled(),
    "page": standin.html_page(),
    "expired": standin.expired_redirect(),
    "store away": Fault(302, {"Location": "http://127.0.0.1:1/x"}, b""),
    "store busy": replace(standin.server_error(503), at_store=True),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS.keys())
def test_what_the_portal_never_gave_does_not_count_against_the_quota(portal, client, archive, refusal):
    portal.fault(WEEK_1, *[refusal] * 28)
    for _ in range(7):
        assert len(fetch_2013(client, archive).failed) == 1

    assert [entry.name for entry in fetch_2013(client, archive).downloaded] == [WEEK_1]
    assert file_requests(portal, WEEK_1) == 29


@pytest.fixture
def spent(portal, client, archive) -> DownloadResult:
    """The first week was given 20 times and was not what the list says each time."""
    portal.fault(WEEK_1, *[standin.longer()] * 99)
    for _ in range(11):
        result = fetch_2013(client, archive)
    return result


def test_a_file_given_20_times_this_year_is_not_asked_for_again(portal, spent):
    assert len(portal.asked(WEEK_1, "store")) == 20
    assert "fetched 20 times with this key this year" in spent.failed[0].reason
    assert "use another key, or fetch it by hand" in spent.failed[0].way_out


def test_another_key_is_not_bound_by_the_count(portal, fake_time, archive, spent):
    portal.key = "an0ther-Key"
    portal.forget_faults()
    client = make_client(portal, fake_time, key="an0ther-Key")

    assert [entry.name for entry in fetch_2013(client, archive).downloaded] == [WEEK_1]


def test_a_spent_file_put_there_by_hand_is_kept(portal, client, archive, spent):
    (archive / "2013" / WEEK_1).write_bytes((portal.folder / "APPBLXML" / "2013" / WEEK_1).read_bytes())

    assert [entry.name for entry in fetch_2013(client, archive).adopted] == [WEEK_1]


def test_the_count_starts_anew_with_the_year(portal, client, archive, spent, monkeypatch):
    portal.forget_faults()
    monkeypatch.setattr(download.time, "gmtime", lambda _: SimpleNamespace(tm_year=2099))

    assert [entry.name for entry in fetch_2013(client, archive).downloaded] == [WEEK_1]


def test_without_a_key_of_ones_own_nothing_is_counted(portal_folder, fake_time, archive):
    """The proxy that adds one may change it."""
    with StandInPortal(portal_folder) as portal:
        client = PortalClient(portal.url, None, sleep=fake_time.sleep, clock=fake_time.clock)
        portal.fault(WEEK_1, *[standin.longer()] * 50)
        results = [fetch_2013(client, archive) for _ in range(26)]

    assert len(results[-1].downloaded) == 1


def test_an_entry_of_an_earlier_version_is_read(client, archive):
    fetch_2013(client, archive)
    path = archive / ".portal" / "APPBLXML" / f"{WEEK_1}.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "requests": {"2026": 20}}))

    assert len(fetch_2013(client, archive).unchanged) == 2


def test_a_refused_key_stops_the_download_and_says_how_to_get_one(portal, client, archive):
    portal.fault(WEEK_2, standin.denied(401))

    with pytest.raises(AccessDenied, match=r"data\.uspto\.gov/apikey.*ID\.me.*USPTO_API_KEY"):
        fetch_2013(client, archive)

    assert same(archive, portal, WEEK_1)
    assert file_requests(portal, WEEK_2) == 1
    assert len(fetch_2013(client, archive).unchanged) == 1


def test_a_key_refused_from_the_first_request_on_is_blamed(portal, client, archive):
    portal.fault("/products/", standin.denied(403))

    with pytest.raises(AccessDenied, match=r"data\.uspto\.gov/apikey"):
        fetch_2013(client, archive)


def test_a_403_in_the_middle_is_waited_for_and_not_blamed_on_the_key(portal, client, archive, fake_time):
    page = Fault(403, {"Content-Type": "text/html"}, b"<html><body>Request blocked</body></html>")
    portal.fault(WEEK_1, page, standin.denied())

    result = fetch_2013(client, archive)

    assert len(result.downloaded) == 2 and result.failed == ()
    assert 15 in fake_time.slept and 30 in fake_time.slept


def test_a_file_that_stays_blocked_leaves_the_others_and_speaks_of_blocking(portal, client, archive):
    portal.fault(WEEK_1, *[standin.denied()] * 9)

    result = fetch_2013(client, archive)

    assert [entry.name for entry in result.downloaded] == [WEEK_2]
    (failure,) = result.failed
    assert "although it had just answered with the same key" in failure.reason
    assert "The key is not the reason" in failure.way_out and "apikey" not in failure.way_out
    assert file_requests(portal, WEEK_1) == 4


def test_a_portal_that_blocks_for_good_is_left_alone(portal, client, archive, fake_time):
    for week in range(3, 9):
        write_zip(portal.folder / "APPBLXML" / "2013" / f"ipab201302{week:02}_wk0{week}.zip")
    portal.fault("/products/files/", *[standin.denied()] * 99)

    result = fetch_2013(client, archive)

    assert len(result.failed) == 8
    assert len(portal.asked("/products/files/")) == 4 + 1 + 1  # tried again for the first alone, three in all
    assert "left alone" in result.failed[-1].reason
    assert sum(fake_time.slept) < 300


def test_a_list_that_cannot_be_had_is_an_error_after_six_tries(portal, client, archive):
    portal.fault("/products/APPBLXML", *[standin.server_error(503)] * 9)

    with pytest.raises(UserError, match=r"Could not get the list of APPBLXML files after 6 tries: .* 503"):
        fetch_2013(client, archive)


# ---- transfers and lists that are odd


def test_an_entry_that_cannot_be_used_is_a_failure_and_the_others_come(portal, client, archive):
    portal.change_entry = lambda entry: {**entry, "fileSize": -7} if entry["fileName"] == WEEK_1 else entry

    result = fetch_2013(client, archive)

    assert [entry.name for entry in result.downloaded] == [WEEK_2]
    (failure,) = result.failed
    assert (failure.name, failure.year) == (WEEK_1, 2013)
    assert "a size of -7 bytes" in failure.reason and "by hand" in failure.way_out


def test_a_body_that_does_not_end_is_cut_where_the_list_says(portal, client, archive):
    portal.fault(WEEK_1, *[Fault(endless=True, at_store=True)] * 2)

    result = fetch_2013(client, archive)

    assert [entry.name for entry in result.downloaded] == [WEEK_2]
    assert "more than the" in result.failed[0].reason
    assert not list((archive / ".portal").rglob("*.part"))
    assert result.bytes < 1_000_000


def test_a_transfer_of_unsaid_length_that_breaks_is_resumed(portal, client, archive):
    """Nothing but the list tells that it broke: the server closed in good order, at 99 of a hundred."""
    size = (portal.folder / "APPBLXML" / "2013" / WEEK_1).stat().st_size
    portal.fault(WEEK_1, Fault(cut_after=size * 99 // 100, unsaid_length=True, at_store=True))

    result = fetch_2013(client, archive)

    assert len(result.downloaded) == 2 and same(archive, portal, WEEK_1)
    ranges = [request.headers.get("range") for request in portal.asked(WEEK_1, "store")]
    assert ranges == [None, f"bytes={size * 99 // 100}-"]


@pytest.mark.parametrize("validator", [{"ETag": 'W/"weak"'}, {"ETag": ""}])
def test_without_a_strong_etag_the_date_tells_whether_it_is_the_same_file(portal, client, archive, validator):
    date = "Thu, 03 Jan 2013 00:00:00 GMT"
    fault = Fault(cut_after=150_000, headers={**validator, "Last-Modified": date}, at_store=True)
    portal.fault(WEEK_1, fault)

    fetch_2013(client, archive)

    assert [request.headers.get("if-range") for request in portal.asked(WEEK_1, "store")] == [None, date]
    assert same(archive, portal, WEEK_1)


@pytest.mark.parametrize("hours", [-9000, -1, 1, 9000])
def test_a_clock_that_is_off_is_said_and_the_files_come(portal, client, archive, monkeypatch, hours):
    wrong = SimpleNamespace(time=lambda: time.time() + hours * 3600, monotonic=time.monotonic)
    monkeypatch.setattr("bri_pipeline.portal.client.time", wrong)

    result = fetch_2013(client, archive)

    assert len(result.downloaded) == 2
    [note] = [note for note in result.notes if "clock" in note]
    assert ("ahead of" if hours > 0 else "behind") in note
    assert len(result.gaps) == 50  # 52 weeks, two of them there


def test_a_redirect_of_the_list_within_the_portals_host_is_followed(portal, client, archive):
    moved = "/api/v1/datasets/products/APPBLXML?includeFiles=true&offset=0&limit=1000&moved=yes"
    portal.fault("/products/APPBLXML", Fault(301, {"Location": moved}, b""))

    assert len(fetch_2013(client, archive).downloaded) == 2
    assert all(request.headers["x-api-key"] == KEY for request in portal.requests if request.host == "api")


def test_a_redirect_of_the_list_to_another_host_is_not_followed(portal, client, archive):
    portal.fault("/products/APPBLXML", Fault(302, {"Location": f"{portal.store_url}/list"}, b""))

    with pytest.raises(UserError, match="redirected to an address that is not its own"):
        fetch_2013(client, archive)
    assert portal.asked("", "store") == []


def test_a_list_that_does_not_end_is_given_up(portal, client, archive, monkeypatch):
    monkeypatch.setattr("bri_pipeline.portal.client.LARGEST_ANSWER", 100_000)
    portal.fault("/products/APPBLXML", *[Fault(body=b"[" * 200_000)] * 9)

    with pytest.raises(UserError, match="does not end"):
        fetch_2013(client, archive)


# ---- the archive's own limits


def test_too_little_disk_is_said_before_anything_is_fetched(portal, client, archive, monkeypatch):
    monkeypatch.setattr(download.shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))

    with pytest.raises(UserError, match=r"needs 0\.0 GB and .* has 0\.0 GB free; free some space"):
        fetch_2013(client, archive)
    assert file_requests(portal) == 0


def test_a_second_download_into_the_same_archive_is_turned_away(client, archive):
    with only_download(archive), pytest.raises(UserError, match="Another download into"):
        fetch_2013(client, archive)


def test_an_archive_that_cannot_be_written_is_said(client, archive):
    (archive / "2013").write_text("a file where the folder should be")

    with pytest.raises(UserError, match="cannot be written"):
        fetch_2013(client, archive)


def test_a_damaged_ledger_entry_is_named(client, archive):
    fetch_2013(client, archive)
    damaged = archive / ".portal" / "APPBLXML" / f"{WEEK_1}.json"
    damaged.write_text("{")

    with pytest.raises(UserError, match=f"{WEEK_1}.json is damaged; delete it"):
        fetch_2013(client, archive)


def test_an_unknown_product_is_answered_with_the_known_ones(client, archive):
    with pytest.raises(UserError, match=r"APPXYZ is not one .* APPBLXML .*PVPGPUBDIS"):
        download_product(client, "APPXYZ", range(2013, 2014), archive)


def test_policy_of_tries_can_be_set(portal, fake_time: FakeTime, archive):
    client = make_client(portal, fake_time, policy=RetryPolicy(file_tries=2))
    portal.fault(WEEK_1, *[Fault(500, body=b"")] * 9)

    fetch_2013(client, archive)

    assert file_requests(portal, WEEK_1) == 2
