"""The UI takes orders from its own pages, and from programs; not from pages of other sites."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from bri_pipeline.commands.ui import name_in_address
from bri_pipeline.errors import UserError
from bri_pipeline.orchestration.guard import LOOPBACK, guarded, host_name, is_loopback, page_host

HOST = "localhost:3000"
OWN = f"http://{HOST}"
LISTENED_AT = "192.0.2.7"
REACHED = 200


async def answers(scope: Any, receive: Any, send: Any) -> None:
    """What stands for Dagster: takes whatever it is sent."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": REACHED, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def fails(scope: Any, receive: Any, send: Any) -> None:
    """Dagster, asked for what it does not have: Starlette answers with 500 and raises the error all the same."""
    await send({"type": "http.response.start", "status": 500, "headers": []})
    raise ValueError("Invalid \x1b[31m path")


def sent_back(
    kind: str,
    method: str,
    address: str,
    headers: dict[str, str],
    names: tuple[str, ...] = (),
    app: Any = answers,
) -> dict[str, Any]:
    path, _, query = address.partition("?")
    scope = {
        "type": kind,
        "method": method,
        "scheme": "http",
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in {"host": HOST, **headers}.items()],
        "extensions": {},
    }
    messages: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": f"{kind}.connect"}

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    asyncio.run(guarded(app, [*LOOPBACK, LISTENED_AT], names)(scope, receive, send))  # type: ignore[arg-type]
    return messages[0]


def status(method: str, address: str, names: tuple[str, ...] = (), **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return int(sent_back("http", method, address, named, names)["status"])


def socket_opens(**headers: str) -> bool:
    return bool(sent_back("websocket", "GET", "/graphql", headers)["type"] == "websocket.accept")


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("bri.example.org", "bri.example.org"),
        (" BRI.Example.org:8443 ", "bri.example.org"),
        ("https://bri.example.org/", "bri.example.org"),
        ("192.168.1.5:3000", "192.168.1.5"),
        ("[FE80::1]:3000", "[fe80::1]"),
    ],
)
def test_a_name_is_taken_as_people_write_it(given: str, name: str) -> None:
    assert host_name(given) == name
    assert (
        status("POST", "/graphql", (name,), host=given.strip().removeprefix("https://").strip("/")) == REACHED
    )


@pytest.mark.parametrize("given", ["*", "*.example.org", "", "a b", "a/b", "x@y", "ü", "[::1"])
def test_a_name_that_is_none_or_stands_for_many_is_refused(given: str) -> None:
    with pytest.raises(UserError, match="such as bri"):
        host_name(given)


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "evil"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_foreign_name_is_refused(host: str, method: str) -> None:
    assert status(method, "/graphql", host=host) == 400
    assert not socket_opens(host=host)


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "http://localhost:8888",
        "null",
        "file://",
        "http://localhost.evil:3000",
        "https://evil",
        "http://[",
        "http://[::1",
        "http://a[b]c:x",
        "",
    ],
)
def test_pages_of_other_origins_change_nothing(origin: str) -> None:
    for path in ("/graphql", "/report_asset_materialization/a", "/anything"):
        for method in ("POST", "PUT", "DELETE"):
            assert status(method, path, origin=origin) == 403
    assert not socket_opens(origin=origin)


def test_a_browser_that_says_the_page_is_of_another_site_is_believed() -> None:
    for site in ("cross-site", "same-site"):
        assert status("POST", "/graphql", sec_fetch_site=site) == 403


def test_own_pages_and_programs_are_answered() -> None:
    assert status("POST", "/graphql", origin=OWN, sec_fetch_site="same-origin") == REACHED
    assert status("POST", "/graphql") == REACHED
    assert status("GET", "/runs", origin="http://evil.example") == REACHED, "reading a page changes nothing"
    assert socket_opens(origin=OWN) and socket_opens()


@pytest.mark.parametrize("address", ["/graphql?query={version}", "/graphql?a=1&query=mutation{x}"])
def test_no_query_is_answered_by_get(address: str) -> None:
    assert status("GET", address) == 405
    assert status("GET", "/graphql") == REACHED, "the page to type queries into"


@pytest.mark.parametrize("path", ["/notebook", "/notebook/", "/dagit/notebook"])
def test_no_notebook_of_this_machine_is_shown_as_a_page_of_the_ui(path: str) -> None:
    assert status("GET", f"{path}?repoLocName=bri_pipeline&path=/tmp/x.ipynb") == 403


def test_behind_a_proxy_its_name_is_allowed_whether_or_not_it_passes_the_host_on() -> None:
    name, origin = "bri.example.org", "https://bri.example.org"
    assert status("POST", "/graphql", (name,), host=name, origin=origin) == REACHED
    assert status("POST", "/graphql", (name,), origin=origin) == REACHED
    assert status("POST", "/graphql", origin=origin) == 403


@pytest.mark.parametrize(
    "origin",
    [
        "http://bri.example.org:81",
        "https://bri.example.org:8443",
        r"http://evil\@bri.example.org",
        f"http://{LISTENED_AT}:9",
    ],
)
def test_a_page_of_another_port_of_the_same_machine_changes_nothing(origin: str) -> None:
    for host in (HOST, f"{LISTENED_AT}:3000", "bri.example.org"):
        assert status("POST", "/graphql", ("bri.example.org",), host=host, origin=origin) == 403


def test_a_proxy_at_a_port_of_its_own_is_named_with_it() -> None:
    origin = "https://bri.example.org:8443"
    for given in ("bri.example.org:8443", origin, f"{origin}/"):
        assert (
            status("POST", "/graphql", (page_host(given),), host="bri.example.org", origin=origin) == REACHED
        )
    assert page_host("https://BRI.example.org:443/") == page_host("bri.example.org:80") == "bri.example.org"


def test_no_page_shows_it_inside_another() -> None:
    assert (b"x-frame-options", b"SAMEORIGIN") in sent_back("http", "GET", "/runs", {})["headers"]


@pytest.mark.parametrize(
    ("host", "loopback"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False)]
)
def test_what_is_reached_from_this_machine_only(host: str, loopback: bool) -> None:
    assert is_loopback(host) == loopback


def test_what_dagster_cannot_answer_is_a_line_and_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    assert sent_back("http", "GET", "/logs/../\x1b[2Jx", {}, app=fails)["status"] == 500
    assert [record.getMessage() for record in caplog.records] == [
        r"GET '/logs/../\x1b[2Jx' was not answered: 'ValueError: Invalid \x1b[31m path'"
    ]
    assert caplog.records[0].exc_info is None


def test_a_browser_is_sent_to_an_address_that_it_can_open() -> None:
    assert [name_in_address(host) for host in ("127.0.0.1", "::1", "localhost")] == ["localhost"] * 3
    assert name_in_address("2001:db8::7") == name_in_address("[2001:db8::7]") == "[2001:db8::7]"
    assert name_in_address("0.0.0.0") == name_in_address("::") == socket.gethostname().lower()
    assert name_in_address("192.0.2.7") == "192.0.2.7"
