"""The client's manners: pace, patience, and what it makes of answers."""

from __future__ import annotations

import json
import ssl
import threading
import time
from pathlib import Path

import pytest
import requests
import urllib3

from bri_pipeline.errors import UserError
from bri_pipeline.portal.answers import trouble_from
from bri_pipeline.portal.client import Pace, PortalClient, portal_client
from bri_pipeline.portal.trouble import (
    RetryPolicy,
    Trouble,
    kind_of_429,
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
    assert wait("throttled", 1, retry_after=6.0) == 6
    assert wait("server", 1, retry_after=60.0) == 60
    assert wait("throttled", 1, retry_after=900.0) == 900
    assert wait("throttled", 1, retry_after=901.0) is None


@pytest.mark.parametrize("named", [0.0, 2.0])
def test_a_retry_after_of_nothing_leaves_the_own_waits(named):
    """``Retry-After: 0``, a date that is past, a clock that is wrong."""
    assert [wait("throttled", tries, retry_after=named) for tries in (1, 2, 3)] == [5, 10, 20]
    assert [wait("server", tries, retry_after=0.0) for tries in (1, 2, 3)] == [1, 2, 4]


@pytest.mark.parametrize("kind", ["quota", "unclear", "denied", "too_large", "refused"])
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
        ("nan", None),
        ("inf", float("inf")),
        ("Wed, 99 Oct 9999999999 07:20:00 GMT", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_as_seconds_or_date(value, seconds):
    now = 1445412420.0  # 2015-10-21 07:27:00 UTC
    assert retry_after_seconds(value, now) == seconds


@pytest.mark.parametrize(
    ("message", "retry_after", "kind"),
    [
        ("You are currently limited to 20 downloads of the same file per year", None, "quota"),
        ("You are limited in downloads of the same file each year", 60.0, "quota"),
        ("Too Many Requests: file downloaded the maximum number of times this year", None, "quota"),
        ("Yearly quota of this file used up", 5.0, "quota"),
        ("Download limit reached", 5.0, "quota"),
        ("Quota exceeded", None, "quota"),
        ("Too Many Requests", None, "throttled"),
        ("Too Many Requests", 60.0, "throttled"),
        ("Rate limit exceeded", 5.0, "throttled"),
        ("Rate limit exceeded", None, "throttled"),
        ("Rate limit: 4 requests per second", None, "throttled"),
        ("No more than 5 downloads in 10 seconds", None, "throttled"),
        ("", 5.0, "throttled"),
        ("No more of this", 5.0, "throttled"),
        ("", None, "unclear"),
        ("Limit Exceeded", None, "unclear"),
        ("No more of this", None, "unclear"),
    ],
)
def test_the_two_meanings_of_429_on_a_file(message, retry_after, kind):
    assert kind_of_429(message, retry_after) == kind


def test_after_a_429_nothing_is_asked_for_five_seconds(portal, client, fake_time):
    portal.fault(FILE.rsplit("/", 1)[1], standin.quota())
    with pytest.raises(UserError, match="answered 429"):
        client.read_file(FILE, what="a week")
    refused = fake_time.now

    client.get_json(PRODUCT, {}, what="the list")

    assert fake_time.now - refused >= 5


def test_a_429_with_a_useless_retry_after_is_waited_for(portal, client, fake_time):
    portal.fault(
        PRODUCT, *(standin.throttled(named) for named in ("0", "nan", "Wed, 21 Oct 2015 07:28:00 GMT"))
    )

    assert client.get_json(PRODUCT, {}, what="the list") is not None
    assert [seconds for seconds in fake_time.slept if seconds > 1] == [5, 10, 20]


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


@pytest.mark.parametrize(
    "url",
    [
        "api.uspto.gov",
        "ftp://api.uspto.gov",
        "https://",
        "http://[::1",
        "http://a.example:port",
        "http://a.example:99999",
        f"http://{'a' * 64}.example",
        "http://exämple..com",
        f"http://{'ä' * 60}.example",
        r"http://evil\@api.uspto.gov",
    ],
)
def test_an_address_that_is_none_is_said(url):
    with pytest.raises(UserError, match="BRI_ODP_URL is not a web address"):
        PortalClient(url, KEY)


@pytest.mark.parametrize(
    "location",
    [
        "http://[bad/x",
        f"http://{'a' * 64}.example/x",
        "http://exämple..com/x".encode().decode("latin-1"),
    ],
)
def test_a_redirect_to_no_address_is_said(portal, client, location):
    portal.fault("ipab20130103", Fault(302, {"Location": location}, b""))

    with pytest.raises(UserError, match=r"a week: .*(address cannot be one|is not a web address)"):
        client.read_file(FILE, what="a week")


def test_a_refusal_of_the_signed_address_is_none_of_the_key(portal, client):
    """Also where the signed address is one of the portal's own host."""
    signed = "/api/v1/signed/ipab20130103?signature=x"
    portal.fault("ipab20130103_wk01.zip", Fault(302, {"Location": signed}, b""))
    portal.fault("/signed/", standin.denied(403, b"<Error><Code>AccessDenied</Code></Error>"))

    assert client.read_file(FILE, what="a week")[:2] == b"PK"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"<!DOCTYPE html><html><body>Sorry</body></html>", "a web page came in the place of the file"),
        (b"\xef\xbb\xbf \n<HTML><body>Sorry</body></HTML>", "a web page came in the place of the file"),
        (b'{"message":"Internal error"}', r"a message came in the place of the file \(Internal error\)"),
    ],
)
def test_what_is_no_file_is_told_whatever_it_is_called(portal, client, body, told):
    portal.fault("ipab20130103", *[Fault(200, {"Content-Type": "binary/octet-stream"}, body)] * 4)

    with pytest.raises(UserError, match=f"a week after 4 tries: {told}"):
        client.read_file(FILE, what="a week")


def test_https_to_a_plain_port_is_said(portal, fake_time):
    address = portal.url.replace("http://", "https://")
    client = PortalClient(address, KEY, sleep=fake_time.sleep, clock=fake_time.clock)

    with pytest.raises(UserError, match="the address does not speak https"):
        client.get_json(PRODUCT, {}, what="the list")


@pytest.mark.parametrize(
    ("cause", "told"),
    [
        (ssl.SSLCertVerificationError(1, "self-signed certificate"), "certificate not accepted"),
        (ssl.SSLEOFError(8, "EOF occurred"), "no secure connection could be made"),
    ],
)
def test_other_failures_of_a_secure_connection_are_told_apart(cause, told):
    error = requests.exceptions.SSLError(
        urllib3.exceptions.MaxRetryError(None, "/?secret", urllib3.exceptions.SSLError(cause))  # type: ignore[arg-type]
    )
    assert trouble_from(error, 1, 1).reason.startswith(told)


def test_a_file_compressed_on_its_way_is_unpacked(portal, client):
    portal.fault("ipab20130103", standin.compressed())

    content = client.read_file(FILE, what="a week")

    assert content == (portal.folder / "APPBLXML/2013/ipab20130103_wk01.zip").read_bytes()
    assert portal.asked("ipab20130103", "store")[0].headers["accept-encoding"] == "identity"


def test_a_file_that_cannot_be_unpacked_is_told(portal, client):
    spoilt = standin.Fault(headers={"Content-Encoding": "gzip"}, at_store=True)
    portal.fault("ipab20130103", *[spoilt] * 4)

    with pytest.raises(UserError, match="the file came compressed and could not be unpacked"):
        client.read_file(FILE, what="a week")


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


@pytest.mark.parametrize("path", ["/products/APPBLXML", "/files/"])
@pytest.mark.parametrize(
    "form", ["http://{store}\\@{api}{path}", "http://{store}\\x@{api}/", "http:\\\\{store}/x"]
)
def test_a_redirect_whose_host_can_be_read_in_two_ways_is_not_followed(portal, client, path, form):
    """The library that connects ends a host at a backslash, where Python's own reader goes on to the "@"."""
    store, api = (url.removeprefix("http://") for url in (portal.store_url, portal.url))
    portal.fault(path, Fault(302, {"Location": form.format(store=store, api=api, path=FILE)}, b""), times=9)

    with pytest.raises(UserError, match="redirected to"):
        client.get_json(PRODUCT, {}, what="the list") if "products" in path else client.read_file(
            FILE, what="a week"
        )
    assert portal.violations == []
    assert not portal.asked("", "store")


def test_an_answer_nested_without_end_is_said(portal, client):
    for depth in (100, 600, 900, 100_000):
        portal.fault(
            "/products/APPBLXML", Fault(200, body=b'{"a":' + b"[" * depth + b"]" * depth + b"}"), times=9
        )
        with pytest.raises(UserError, match="something that is not JSON"):
            client.get_json(PRODUCT, {}, what="the list")
        portal.forget_faults()


@pytest.mark.parametrize("day", ["Fri, 31 Dec 9999 23:59:59 -1200", "Mon, 01 Jan 0001 00:00:00 +1200"])
def test_a_date_that_no_clock_shows_is_not_believed(portal, client, day):
    portal.fault("/products/APPBLXML", Fault(404, {"Date": day}, b'{"message": "No matching records found"}'))

    client.get_json(PRODUCT, {}, what="the list")

    assert client.clock_off == 0


def test_a_chunk_of_negative_length_is_said(portal, client):
    broken = Fault(headers={"Transfer-Encoding": "chunked"}, body=b"-5\r\nabc")
    portal.fault("/products/APPBLXML", broken, times=9)
    portal.fault("/files/", broken, times=9)

    with pytest.raises(UserError, match="the answer is not valid HTTP"):
        client.get_json(PRODUCT, {}, what="the list")
    with pytest.raises(UserError, match="the answer is not valid HTTP"):
        client.read_file(FILE, what="a week")


def test_an_address_with_a_password_in_a_list_is_said_in_our_words(client):
    with pytest.raises(
        UserError, match=r"not an address of the portal's API|could not be made|Check the network"
    ):
        client.read_file("ftp://user:word@[/api/v1/x", what="a week")


def test_the_body_of_a_file_is_not_quoted_as_a_message(portal, client):
    portal.fault("/products/APPBLXML", Fault(400, body=b"PK\x03\x04\0\0 words"))

    with pytest.raises(UserError, match=r"the portal answered 400\."):
        client.get_json(PRODUCT, {}, what="the list")


def test_a_file_of_certificates_that_is_not_there_is_named(client, monkeypatch, tmp_path):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
    secure = PortalClient("https://127.0.0.1:1", KEY)

    with pytest.raises(UserError, match="certificates that REQUESTS_CA_BUNDLE names is not there"):
        secure.get_json(PRODUCT, {}, what="the list")


def test_a_long_wait_for_an_answer_is_said(portal, client, monkeypatch, caplog):
    monkeypatch.setattr("bri_pipeline.portal.client.WAITING_SECONDS", 0.05)
    caplog.set_level("INFO")
    portal.answer_list = lambda query: time.sleep(0.3) or {}
    client.get_json(PRODUCT, {}, what="the list")
    assert any("no answer for" in record.getMessage() for record in caplog.records)
