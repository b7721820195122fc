"""The key stands in no log, file, error or request to another host, whatever goes wrong."""

from __future__ import annotations

import hashlib
import logging
import socket
import threading
import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bri_pipeline.errors import UserError
from bri_pipeline.portal.client import PortalClient, Timeouts
from bri_pipeline.portal.download import download_product
from bri_pipeline.portal.search import fetch_publication
from bri_pipeline.settings import Settings
from tests.portal import standin
from tests.portal.conftest import KEY, FakeTime, make_client
from tests.portal.standin import Fault, StandInPortal

ECHO = f'{{"message":"bad key {KEY}","detailedMessage":"X-API-KEY: {KEY}"}}'.encode()
WEEK = "ipab20130103_wk01.zip"

FAULTS = {
    "nothing wrong": [],
    "throttled": [standin.throttled("7", ECHO)] * 9,
    "quota": [standin.quota()],
    "server error": [Fault(500, body=ECHO)] * 9,
    "page": [Fault(502, {"Content-Type": "text/html"}, f"<title>{KEY}</title>".encode())] * 9,
    "half a key at the cut": [Fault(502, body=b"x" * 190 + KEY.encode())] * 9,
    "key in small letters": [Fault(502, body=KEY.lower().encode())] * 9,
    "page with 200": [Fault(200, {"Content-Type": "text/html"}, ECHO)] * 9,
    "message with 200": [Fault(200, body=ECHO)] * 9,
    "429 without a word": [standin.throttled(body=b"")],
    "compressed": [standin.compressed()],
    "empty": [standin.empty()] * 9,
    "401": [standin.denied(401, ECHO)],
    "403": [standin.denied(403, ECHO)],
    "400": [Fault(400, body=ECHO)],
    "redirect without end": [Fault(302, {"Location": f"/api/v1/datasets/products/files/x/{WEEK}"}, b"")] * 99,
    "redirect to another scheme": [Fault(302, {"Location": f"ftp://127.0.0.1/{KEY}"}, b"")],
    "redirect to half an address": [Fault(302, {"Location": f"http://[{KEY}/x"}, b"")],
    "redirect to no host": [Fault(302, {"Location": f"http://{KEY * 3}/{KEY}"}, b"")],
    "redirect to no port": [Fault(302, {"Location": "http://127.0.0.1:99999/x"}, b"")],
    "redirect nowhere": [Fault(302, {"Location": "http://127.0.0.1:1/x"}, b"")] * 9,
    "cut": [standin.cut(9)] * 9,
    "corrupt": [standin.corrupt()] * 9,
    "wrong length": [standin.longer()] * 9,
    "expired": [standin.expired_redirect()] * 9,
    "store says no": [replace(standin.denied(403, ECHO), at_store=True)] * 9,
}


def everything_said(error: BaseException) -> Iterator[str]:
    """The texts of an error, of what it came from, and of all that their frames' variables hold of them."""
    seen: set[int] = set()
    queue: list[BaseException | None] = [error]
    while queue:
        one = queue.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        queue += [one.__cause__, one.__context__]
        yield from (str(one), repr(one), repr(vars(one)), "".join(traceback.format_exception(one)))
        request = getattr(one, "request", None)
        yield repr(getattr(request, "headers", None))


def assert_silent(caplog, capfd, tmp_path: Path, *texts: str) -> None:
    captured = capfd.readouterr()
    said = [caplog.text, captured.out, captured.err, *texts]
    said += [repr(vars(record)) for record in caplog.records]
    assert not [text for text in said if KEY.lower() in text.lower() or KEY[:10] in text]
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in files if KEY.encode() in path.read_bytes() or KEY in path.name]


@pytest.mark.parametrize("path", [WEEK, "/products/APPBLXML"])
@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS.keys())
def test_downloads_keep_the_key(portal, client, tmp_path, caplog, capfd, faults, path):
    caplog.set_level(logging.DEBUG)
    portal.fault(path, *faults)
    texts: list[str] = [repr(client)]
    (tmp_path / "archive").mkdir()
    try:
        result = download_product(client, "APPBLXML", range(2013, 2014), tmp_path / "archive", progress=repr)
        texts.append(repr(result))
    except UserError as error:
        texts += everything_said(error)

    assert_silent(caplog, capfd, tmp_path, *texts)
    assert portal.asked("/products/")[0].headers["x-api-key"] == KEY


@pytest.mark.parametrize("status", [400, 401, 403, 413, 429, 500])
def test_searches_keep_the_key(portal, client, tmp_path, caplog, capfd, status):
    caplog.set_level(logging.DEBUG)
    portal.fault("/search", *[Fault(status, body=ECHO)] * 9)

    with pytest.raises(UserError) as caught:
        fetch_publication(client, "US20210210819A1")

    assert_silent(caplog, capfd, tmp_path, *everything_said(caught.value))


@pytest.mark.parametrize("behaviour", ["refused", "closed", "silent", "broken off"])
def test_failures_of_the_network_keep_the_key(fake_time, tmp_path, caplog, capfd, behaviour):
    """The exceptions of ``requests`` carry the request, and with it the header."""
    caplog.set_level(logging.DEBUG)
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        threading.Thread(target=_misbehave, args=(server, behaviour), daemon=True).start()
        if behaviour == "refused":
            server.close()
        client = _impatient(url, fake_time)
        with pytest.raises(UserError) as caught:
            client.get_json("/api/v1/datasets/products/APPBLXML", {}, what="the list")

    said = [*everything_said(caught.value)]
    assert "Could not get the list after 6 tries" in said[0]
    assert_silent(caplog, capfd, tmp_path, *said)


def _misbehave(server: socket.socket, behaviour: str) -> None:
    held = []
    while behaviour != "refused":
        try:
            connection, _ = server.accept()
        except OSError:
            return
        connection.recv(4096)
        if behaviour == "broken off":
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{")
        if behaviour == "silent":
            held.append(connection)
        else:
            connection.close()


def _impatient(url: str, fake_time) -> PortalClient:
    timeouts = Timeouts(connect=0.05, answer=0.05, file=0.05)
    return PortalClient(url, KEY, timeouts=timeouts, sleep=fake_time.sleep, clock=fake_time.clock)


@pytest.mark.parametrize("bad", [f"{KEY}\n", f"{KEY} x", f"{KEY}é"])
def test_a_key_that_cannot_be_one_is_refused_without_being_shown(bad):
    with pytest.raises(UserError, match="USPTO_API_KEY holds blanks") as caught:
        PortalClient("http://127.0.0.1:1", bad)
    assert not [text for text in everything_said(caught.value) if KEY in text]


def test_a_password_in_the_address_is_not_shown(fake_time):
    client = _impatient(f"http://someone:{KEY}@127.0.0.1:1", fake_time)

    with pytest.raises(UserError) as caught:
        client.get_json("/api/v1/x", {}, what="the list")
    assert not [text for text in everything_said(caught.value) if KEY in text]


def test_the_key_goes_to_the_portal_alone(portal, client, tmp_path):
    """The store is the same address with another port; a redirect back to the portal gets the key."""
    portal.fault(
        WEEK,
        Fault(302, {"Location": f"{portal.url}/api/v1/datasets/products/files/APPBLXML/2013/{WEEK}"}, b""),
    )
    download_product(client, "APPBLXML", range(2013, 2014), tmp_path)

    assert all("x-api-key" not in request.headers for request in portal.asked("", "store"))
    assert len(portal.asked("", "store")) == 2
    assert [request.headers["x-api-key"] for request in portal.asked(WEEK)] == [KEY, KEY]


def test_the_stand_in_notices_a_key_at_the_store(portal_folder, fake_time):
    """The check above must be able to fail: a client whose portal is the store sends it the key."""
    with StandInPortal(portal_folder) as portal:
        client = make_client(portal, fake_time)
        client._answers.portal = ("http", "127.0.0.1", int(portal.store_url.rsplit(":", 1)[1]))
        client.read_file(f"{portal.url}/api/v1/datasets/products/files/APPBLXML/2013/{WEEK}", what="a week")
        assert portal.violations == [f"the key was sent to the store for /APPBLXML/2013/{WEEK}"]


def test_the_mark_that_downloads_are_counted_by_is_not_the_key(portal, client, tmp_path):
    """32 bits of a digest: too few to find the key from, and not the digest of the key alone."""
    download_product(client, "APPBLXML", range(2013, 2014), tmp_path)
    written = (tmp_path / ".portal" / "APPBLXML" / f"{WEEK}.json").read_text()

    assert str(client.key_mark) in written
    assert len(str(client.key_mark)) == 8
    assert hashlib.sha256(KEY.encode()).hexdigest()[:8] != client.key_mark
    assert client.key_mark != make_client(portal, FakeTime(), key=KEY[:-1]).key_mark


def test_settings_do_not_show_the_key():
    settings = Settings(Path(), "s", "http://x", 1, api_key=KEY, alert_webhook=None)
    assert KEY not in repr(settings)
