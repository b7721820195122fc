"""The client's manners: pace, patience, and what it makes of answers."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from bri_pipeline.errors import UserError
from bri_pipeline.portal.client import Pace, PortalClient, portal_client
from bri_pipeline.portal.trouble import (
    RetryPolicy,
    Trouble,
    is_file_quota,
    retry_after_seconds,
    wait_before_retry,
)
from bri_pipeline.settings import Settings
from tests.portal import standin
from tests.portal.conftest import KEY, make_client
from tests.portal.standin import Fault

PRODUCT = "/api/v1/datasets/products/APPBLXML"
FILE = "https://api.uspto.gov/api/v1/datasets/products/files/APPBLXML/2013/ipab20130103_wk01.zip"


def wait(kind: str, tries: int, *, of_file: bool = False, jitter: float = 0.0, retry_after=None):
    trouble = Trouble(kind, "", retry_after)
    return wait_before_retry(trouble, tries, RetryPolicy(), of_file=of_file, jitter=jitter)


# ---- when to try again


def test_waits_double_up_to_two_minutes_and_then_end():
    patient = RetryPolicy(tries=10)
    waits = [
        wait_before_retry(Trouble("server", ""), tries, patient, of_file=False, jitter=0.0)
        for tries in range(1, 11)
    ]
    assert waits == [1, 2, 4, 8, 16, 32, 64, 120, 120, None]


def test_a_429_without_a_time_waits_at_least_five_seconds():
    assert [wait("throttled", tries) for tries in (1, 2, 3)] == [5, 10, 20]


def test_jitter_lengthens_a_wait_and_never_shortens_it():
    assert wait("throttled", 1, jitter=0.5) == 7.5
    assert wait("server", 3, jitter=0.999) == pytest.approx(7.996)
    assert wait("throttled", 1, retry_after=30, jitter=0.5) == 30.5


def test_retry_after_goes_before_the_own_wait_unless_it_is_out_of_reach():
    assert wait("throttled", 1, retry_after=2.0) == 2
    assert wait("server", 1, retry_after=60.0) == 60
    assert wait("throttled", 1, retry_after=900.0) == 900
    assert wait("throttled", 1, retry_after=901.0) is None


@pytest.mark.parametrize("kind", ["quota", "denied", "too_large", "refused"])
def test_some_answers_are_final(kind):
    assert wait(kind, 1) is None


@pytest.mark.parametrize(
    ("kind", "tries"), [("server", 4), ("cut", 4), ("timeout", 4), ("corrupt", 2), ("length", 2)]
)
def test_a_file_is_tried_fewer_times(kind, tries):
    assert wait(kind, tries - 1, of_file=True) is not None
    assert wait(kind, tries, of_file=True) is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("0.5", 0.5),
        ("-3", 0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 60),
        ("Wed, 21 Oct 2015 07:20:00 GMT", 0),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_as_seconds_or_date(value, seconds):
    now = 1445412420.0  # 2015-10-21 07:27:00 UTC
    assert retry_after_seconds(value, now) == seconds


@pytest.mark.parametrize(
    ("message", "retry_after", "quota"),
    [
        ("You are currently limited to 20 downloads of the same file per year", None, True),
        ("Limit Exceeded", None, True),
        ("Yearly quota of this file used up", 5.0, True),
        ("Too Many Requests", None, False),
        ("Rate limit: 4 requests per second", None, False),
        ("", None, False),
        ("No more of this", 5.0, False),
        ("No more of this", None, True),
    ],
)
def test_the_two_meanings_of_429_on_a_file(message, retry_after, quota):
    assert is_file_quota(message, retry_after) is quota


def test_a_429_on_anything_but_a_file_is_never_the_quota(portal, client):
    portal.fault(PRODUCT, standin.quota())

    assert client.get_json(PRODUCT, {}, what="the list") is not None


# ---- pace


def test_requests_are_a_quarter_second_apart(portal, client, fake_time):
    for _ in range(4):
        client.get_json(PRODUCT, {}, what="the list")

    assert fake_time.slept == pytest.approx([0.25] * 3)


def test_of_files_five_are_asked_for_in_ten_seconds(portal, client, fake_time):
    starts = []
    for _ in range(11):
        client.read_file(FILE, what="a week")
        starts.append(fake_time.now)

    assert starts[4] - starts[0] == pytest.approx(1.0)
    assert starts[5] - starts[0] == pytest.approx(10.0)
    assert starts[10] - starts[5] == pytest.approx(10.0)


def test_threads_take_turns(portal, client):
    """The portal allows a key no two requests at once."""
    busy, most, lock = 0, 0, threading.Lock()

    def counting(entry):
        nonlocal busy, most
        with lock:
            busy += 1
            most = max(most, busy)
        threading.Event().wait(0.005)
        with lock:
            busy -= 1
        return entry

    portal.change_entry = counting
    threads = [
        threading.Thread(target=client.get_json, args=(PRODUCT, {}), kwargs={"what": "the list"})
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(portal.asked(PRODUCT)) == 6
    assert most == 1


# ---- answers


@pytest.mark.parametrize(
    ("sample", "told"),
    [
        (
            "odp_400_bad_request_documented.json",
            "400 (Bad Request, Invalid request, review filter section...)",
        ),
        ("odp_413_payload_too_large_documented.json", "413 (Payload Too Large, Response payload exceeds"),
    ],
)
def test_both_forms_of_error_are_told(portal, client, shared, sample, told):
    body = (shared / "samples/odp" / sample).read_bytes()
    portal.fault(PRODUCT, Fault(int(sample[4:7]), body=body))

    with pytest.raises(UserError) as caught:
        client.get_json(PRODUCT, {}, what="the list")
    assert told in str(caught.value)


def test_404_with_the_portals_words_means_none(portal, client, shared):
    body = (shared / "samples/odp/odp_404_no_records_live.json").read_bytes()
    portal.fault(PRODUCT, Fault(404, body=body))

    assert client.get_json(PRODUCT, {}, what="the list") is None


def test_404_in_the_documented_form_means_none_too(portal, client):
    detail = "No matching records found, refine your search criteria and try again"
    body = json.dumps({"code": 404, "error": "Not Found", "errorDetails": detail}).encode()
    portal.fault(PRODUCT, Fault(404, body=body))

    assert client.get_json(PRODUCT, {}, what="the list") is None


def test_404_of_a_gateway_without_such_a_route_is_an_error(portal, client):
    portal.fault(PRODUCT, Fault(404, body=b'{"message":"no Route matched with those values"}'))

    with pytest.raises(UserError, match=r"answered 404 \(no Route matched.*BRI_ODP_URL"):
        client.get_json(PRODUCT, {}, what="the list")


def test_404_of_some_other_server_is_an_error(portal, client):
    portal.fault(PRODUCT, standin.html_page(404))

    with pytest.raises(UserError, match=r"answered 404 \(Service unavailable\).*BRI_ODP_URL"):
        client.get_json(PRODUCT, {}, what="the list")


def test_without_a_key_the_portal_is_not_asked():
    with pytest.raises(
        UserError, match=r"needs a key, and none is set\. Get a key at https://data\.uspto\.gov"
    ):
        PortalClient("https://api.uspto.gov", None)


def test_behind_another_address_the_key_may_be_someone_elses_business(portal_folder, fake_time):
    with standin.StandInPortal(portal_folder) as portal:
        client = PortalClient(portal.url + "/", None, sleep=fake_time.sleep, clock=fake_time.clock)
        assert client.get_json(PRODUCT, {}, what="the list") is not None
        assert "x-api-key" not in portal.requests[0].headers


@pytest.mark.parametrize("url", ["api.uspto.gov", "ftp://api.uspto.gov", "https://"])
def test_an_address_that_is_none_is_said(url):
    with pytest.raises(UserError, match="BRI_ODP_URL is not a web address"):
        PortalClient(url, KEY)


def test_files_are_asked_for_at_the_address_set_whatever_the_list_says(portal, client):
    assert client.read_file(FILE, what="a week")[:2] == b"PK"
    assert portal.asked("ipab20130103_wk01.zip")


def test_an_address_outside_the_api_is_not_fetched(client):
    with pytest.raises(UserError, match="not an address of the portal's API"):
        client.read_file("https://example.org/ipab20130103_wk01.zip", what="a week")


def test_the_settings_name_portal_and_key(portal):
    settings = Settings(Path(), "live", portal.url, 1, api_key=KEY, alert_webhook=None)
    answer = portal_client(settings).get_json(PRODUCT, {}, what="the list")
    assert answer is not None and answer["count"] == 1


def test_the_pace_can_be_set(portal, fake_time):
    client = make_client(portal, fake_time, pace=Pace(pause=2.0))
    client.get_json(PRODUCT, {}, what="the list")
    client.get_json(PRODUCT, {}, what="the list")
    assert fake_time.slept == [2.0]
