"""The key stands in no log, file, error or request to another host, whatever goes wrong."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import socket
import threading
import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, unquote

import duckdb
import polars as pl
import pytest

from bri_pipeline.errors import UserError
from bri_pipeline.portal.client import PortalClient, Timeouts
from bri_pipeline.portal.download import download_product
from bri_pipeline.portal.search import fetch_publication
from bri_pipeline.settings import Settings
from bri_pipeline.web_address import origin
from tests.archives import PARTNERS, random_archive
from tests.end_to_end.studies import bri
from tests.portal import standin
from tests.portal.applications import write_applications
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


PLANTED = {
    "plain": KEY,
    "in capitals": KEY.upper(),
    "in a file's address": f"file:///x?api_key={KEY}",
    "in the portal's address": f"https://api.uspto.gov/api/v1/x?api_key={quote(KEY, safe='')}&b=1",
    "as a password": f"ftp://u:{KEY}@127.0.0.1/x",
    "in another host's name": f"https://{KEY}.example.org/api/v1/x",
    "percent-encoded": "".join(f"%{ord(one):02x}" for one in KEY),
    "base64": base64.b64encode(f"user:{KEY}".encode()).decode(),
}
ENTRY_FIELDS = (
    "fileName",
    "fileSize",
    "fileDataFromDate",
    "fileDataToDate",
    "fileTypeText",
    "fileDownloadURI",
    "fileLastModifiedDateTime",
    "fileReleaseDate",
    f"named {KEY}",
)


def holds_the_key(text: str) -> bool:
    """In any of the ways it is planted; a part of it is enough."""
    encoded = base64.b64encode(f"user:{KEY}".encode()).decode()[8:24]
    plain = unquote(text).lower()
    return KEY[:12].lower() in plain or KEY[-12:].lower() in plain or encoded in text


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED.keys())
@pytest.mark.parametrize("field", ENTRY_FIELDS)
def test_the_key_in_a_list_is_kept_nowhere(portal, client, tmp_path, caplog, capfd, field, planted):
    caplog.set_level(logging.DEBUG)
    portal.change_entry = lambda entry: (
        {**entry, field: planted} if entry["fileName"] == WEEK else {**entry, "odd": planted}
    )
    archive = tmp_path / "archive"
    archive.mkdir()

    result = download_product(client, "APPBLXML", range(2013, 2014), archive, progress=repr)

    assert "ipab20130110_wk02.zip" in [entry.name for entry in result.downloaded]  # the others come
    captured = capfd.readouterr()
    files = [str(path) + path.read_bytes().decode("latin-1") for path in archive.rglob("*") if path.is_file()]
    for text in (repr(result), caplog.text, captured.out, captured.err, *files):
        assert not holds_the_key(text)


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED.keys())
def test_the_key_in_the_headers_of_a_file_is_kept_nowhere(portal, client, tmp_path, planted):
    headers = {"ETag": f'"{planted}"', "Last-Modified": planted, "Content-Disposition": planted}
    portal.fault(WEEK, *[Fault(headers=headers, cut_after=150_000, at_store=True)] * 4)

    result = download_product(client, "APPBLXML", range(2013, 2014), tmp_path / "archive")

    files = [path.read_bytes().decode("latin-1") for path in (tmp_path / "archive").rglob("*.part-of")]
    assert len(files) == 1 and not holds_the_key(files[0]) and not holds_the_key(repr(result))


@pytest.mark.slow
@pytest.mark.parametrize("source", ["weekly_xml", "odp"])
def test_after_a_run_the_key_stands_nowhere_in_the_home(tmp_path, source):
    """Planted in every field of every answer; files of every kind are searched, tables by their content."""
    planted = list(PLANTED.values())
    folder = tmp_path / "portal"
    archive = random_archive(folder / "APPBLXML", seed=14, years=(2024,), size=20)
    write_applications(archive.documents, folder)
    for number, path in enumerate(sorted((folder / "applications").glob("*.json"))):
        record = json.loads(path.read_text())
        path.write_text(json.dumps(_planted_into(record, number, planted)))
    study = tmp_path / "s.toml"
    study.write_text(
        'name = "s"\nfocal_country = "CN"\nwindow = { start = 2024-01-01, end = 2024-12-31 }\n'
        f'partners = {list(PARTNERS)}\n[source]\nkind = "{source}"\n'
    )
    with StandInPortal(folder, key=KEY) as portal:
        odd = iter([{field: text} for field in ENTRY_FIELDS for text in planted] * 9)
        portal.change_entry = lambda entry: {
            **entry,
            "x": KEY,
            **(next(odd) if "wk01" in entry["fileName"] else {}),
        }
        for _ in range(3):
            environment = {"BRI_ODP_URL": portal.url, "USPTO_API_KEY": KEY}
            result = bri(tmp_path / "home", "run", "--study", str(study), env=environment)
            assert not holds_the_key(result.output) and "Traceback" not in result.output
        assert portal.asked("")

    home = tmp_path / "home"
    for path in home.rglob("*"):
        assert not holds_the_key(str(path))
        if path.is_file():
            assert not holds_the_key(path.read_bytes().decode("latin-1")), path
        if path.suffix == ".parquet":
            assert not holds_the_key(pl.read_parquet(path).write_json())
    for path in home.rglob("*.duckdb"):
        with duckdb.connect(str(path), read_only=True) as con:
            for schema, name in con.execute("select schema, name from (show all tables)").fetchall():
                assert not holds_the_key(str(con.execute(f'from "{schema}"."{name}"').fetchall())), name


def _planted_into(record, number: int, planted: list[str]):
    """The key in one leaf of a record after the other, and beside every one that is left as it is."""
    leaves = iter(range(10_000))
    target = number % 12

    def walk(value):
        if isinstance(value, dict):
            return {name: walk(member) for name, member in value.items()} | {
                "note": planted[number % len(planted)]
            }
        if isinstance(value, list):
            return [walk(member) for member in value]
        is_target = next(leaves) == target
        keep = value in ("CN", "residence", "postal")
        return f"{value} {planted[number % len(planted)]}" if is_target and not keep else value

    return walk(record)


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
        client._answers.portal = origin(portal.store_url)
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


def test_the_password_of_the_portals_own_address_is_in_no_message(portal_folder, fake_time):
    """A proxy with a password: its error quotes the request that it passed on."""
    password = "Pr0xy-Dist1nctive"
    with StandInPortal(portal_folder) as portal:
        client = PortalClient(portal.url.replace("//", f"//user:{password}@"), KEY, sleep=fake_time.sleep)
        for written in (password, base64.b64encode(f"user:{password}".encode()).decode()):
            body = json.dumps({"message": f"failed: Authorization: Basic {written}"}).encode()
            portal.fault("/products/APPBLXML", Fault(400, body=body))
            with pytest.raises(UserError, match=r"Authorization: Basic \[key\]") as error:
                client.get_json("/api/v1/datasets/products/APPBLXML", {}, what="the list")
            assert not [text for text in everything_said(error.value) if password in text or written in text]


def test_words_that_are_a_password_too_stay_in_data(portal_folder, fake_time, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://reader:Secret@proxy.example:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with StandInPortal(portal_folder) as portal:
        client = PortalClient(portal.url.replace("//", "//show:sharing@"), KEY, sleep=fake_time.sleep)
        portal.answer_list = lambda query: {"title": "Show of secret sharing by a reader"}

        answer = client.get_json("/api/v1/datasets/products/APPBLXML", {}, what="the list")

    assert answer == {"title": "Show of secret sharing by a reader"}
