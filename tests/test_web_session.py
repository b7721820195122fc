"""The session for what others serve: every request of it ends, and no password is given away."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
import requests
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection

import bri_pipeline
from bri_pipeline.web_session import WebSession, _watching

Answer = Callable[[socket.socket], None]
HEADER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


def serve(answer: Answer) -> tuple[str, list[bytes]]:
    """Address of a server that answers every connection so, and what it was asked."""
    listening = socket.create_server(("127.0.0.1", 0))
    asked: list[bytes] = []

    def one(connection: socket.socket) -> None:
        with closing(connection), suppress(OSError):
            asked.append(connection.recv(65_536))
            answer(connection)

    def accept() -> None:
        while True:
            threading.Thread(target=one, args=(listening.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return f"http://127.0.0.1:{listening.getsockname()[1]}", asked


def dribble(connection: socket.socket, text: bytes) -> None:
    for number in range(len(text)):
        connection.sendall(text[number : number + 1])
        time.sleep(0.05)


def dribbled_header(connection: socket.socket) -> None:
    dribble(connection, HEADER + b"X: " + b"y" * 10_000)


def dribbled_body(connection: socket.socket) -> None:
    connection.sendall(HEADER + b"Content-Length: 60000\r\n\r\n")
    dribble(connection, b"x" * 60_000)


def dribbled_until_closed(connection: socket.socket) -> None:
    connection.sendall(HEADER + b"Connection: close\r\n\r\n")
    dribble(connection, b"x" * 60_000)


def endless_continue(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(0.01)


def endless_trailer(connection: socket.socket) -> None:
    connection.sendall(HEADER + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n")
    while True:
        connection.sendall(b"A: b\r\n")
        time.sleep(0.01)


@pytest.mark.parametrize(
    "answer", [dribbled_header, dribbled_body, dribbled_until_closed, endless_continue, endless_trailer]
)
def test_what_comes_drop_by_drop_is_given_up(answer: Answer) -> None:
    url, _ = serve(answer)
    begun = time.monotonic()
    session = WebSession()
    with pytest.raises(requests.Timeout, match=r"not done within 0\.4 seconds"), session.within(0.4):
        _ = session.get(url, timeout=5).content
    assert time.monotonic() - begun < 3


def test_the_body_of_a_redirect_is_not_read() -> None:
    """requests would read it whole, and unpack it, to say where it leads."""

    def endless(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Type: text/plain\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65_536)

    url, _ = serve(endless)
    with WebSession() as session, session.within(5):
        answer = session.get(url, timeout=5, allow_redirects=False, stream=True)
        assert answer.is_redirect and answer.headers["Location"] == "/x"
        answer.close()


def test_what_is_in_time_is_answered_and_other_errors_stay() -> None:
    url, _ = serve(lambda connection: connection.sendall(HEADER + b"Content-Length: 2\r\n\r\nok"))
    with WebSession() as session:
        with session.within(5):
            assert session.get(url, timeout=5).content == b"ok"
        with pytest.raises(requests.ConnectionError), session.within(5):
            session.get("http://127.0.0.1:1", timeout=5)


def test_the_time_of_one_thread_is_not_that_of_another() -> None:
    url, _ = serve(dribbled_body)
    quick, _ = serve(
        lambda connection: (time.sleep(1), connection.sendall(HEADER + b"Content-Length: 2\r\n\r\nok"))[1]
    )
    with WebSession() as session:
        slow = threading.Thread(target=lambda: _ended(session, url))
        slow.start()
        assert session.get(quick, timeout=5).content == b"ok"
        slow.join(5)
        assert not slow.is_alive()


def _ended(session: WebSession, url: str) -> None:
    with suppress(requests.Timeout), session.within(0.3):
        _ = session.get(url, timeout=5).content


def test_a_proxy_that_never_finishes_its_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    proxy, _ = serve(dribbled_header)
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    begun = time.monotonic()
    with pytest.raises(requests.Timeout), WebSession() as session, session.within(0.4):
        session.get("https://192.0.2.1/", timeout=5)
    assert time.monotonic() - begun < 3


@pytest.fixture
def netrc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / ".netrc").write_text(
        "machine 127.0.0.1 login me password s3cret\ndefault login me password s3cret\n"
    )
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    return


@pytest.mark.usefixtures("netrc")
def test_only_the_password_of_the_address_is_sent() -> None:
    url, asked = serve(
        lambda connection: connection.sendall(HEADER + b"Connection: close\r\nContent-Length: 0\r\n\r\n")
    )
    session = WebSession()
    session.get(url, timeout=5)
    session.get(url.replace("//", "//user:w%40rd@"), timeout=5)
    assert b"authorization" not in asked[0].lower()
    assert b"Authorization: Basic dXNlcjp3QHJk" in asked[1]


def test_everything_that_is_asked_of_others_goes_through_it() -> None:
    package = Path(bri_pipeline.__file__).parent
    asks = re.compile(
        r"\brequests\.(get|post|put|head|request|Session)\(|urlopen\(|urllib3\.(request|PoolManager)\("
    )
    found = [path.name for path in package.rglob("*.py") if asks.search(path.read_text(encoding="utf-8"))]
    assert found == []


class OddConnection(HTTPConnection):
    def __init__(self, *args: Any, odd: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.odd = odd


class OddPool(HTTPConnectionPool):
    ConnectionCls = OddConnection


def test_pools_of_other_proxies_stay_as_they_are_but_for_the_watch() -> None:
    """Those of a SOCKS proxy have connections of their own, with arguments of their own."""
    watching = _watching(OddPool)
    assert issubclass(watching, OddPool) and issubclass(watching.ConnectionCls, OddConnection)
    url, _ = serve(lambda connection: connection.sendall(HEADER + b"Content-Length: 2\r\n\r\nok"))
    pool = watching("127.0.0.1", int(url.rpartition(":")[2]), odd="x")
    assert pool.request("GET", "/").data == b"ok"
