"""A guard in front of Dagster's web server, which then obeys its own pages only.

Dagster has no password and answers anyone who reaches it. A page of another site, visited in the same browser, reaches
it too: by a request of its own (seen by ``Origin``), or by a name of its own that points to this machine (seen by
``Host``).
"""

from __future__ import annotations

import ipaddress
import logging
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, QueryParams
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from bri_pipeline.errors import UserError
from bri_pipeline.visible import brief

ADDRESS = re.compile(
    r"(https?://)?(?P<name>[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(?P<port>:[0-9]{1,5})?/?",
    re.ASCII,
)
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
READING = ("GET", "HEAD", "OPTIONS")
# Shows any notebook on this machine as a page of the UI's own, scripts and all, where nbconvert is installed.
NOTEBOOKS = ("/notebook", "/dagit/notebook")
POLICY_VIOLATION = 1008

log = logging.getLogger(__name__)


def guarded(app: ASGIApp, hosts: Iterable[str], proxies: Iterable[str] = ()) -> ASGIApp:
    """The web server behind the checks.

    Args:
        app: Dagster's web server.
        hosts: names it may be addressed by, without a port; other names are refused.
        proxies: those of the proxies before it, with the port where their pages' addresses have one.
    """
    pages = frozenset(proxies)
    allowed = [*hosts, *(host_name(page) for page in pages)]
    return TrustedHostMiddleware(OwnPagesOnly(app, pages), allowed_hosts=allowed, www_redirect=False)


def host_name(given: str) -> str:
    """The host name in what a person gave: a name, with or without a port, or an address of a page.

    Raises:
        UserError: it is not one; a ``*``, for instance, would admit every page that gives itself such a name.
    """
    match = ADDRESS.fullmatch(given.strip().lower())
    if match is None:
        raise UserError(
            f"--allow-host {brief(given)} is no name of a machine; write it as in the browser's address line, such "
            "as bri.example.org."
        )
    return match["name"]


def page_host(given: str) -> str:
    """The host of a proxy's pages as a browser writes it: without the ports of http and https.

    Raises:
        UserError: as ``host_name``.
    """
    name, match = host_name(given), ADDRESS.fullmatch(given.strip().lower())
    port = match["port"] if match else None
    return name if port in (None, ":80", ":443") else f"{name}{port}"


def is_loopback(host: str) -> bool:
    """Whether an address to listen on is reached from this machine only."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


class OwnPagesOnly:
    """Refuses requests of other origins' pages, queries by GET, notebooks, and being shown inside another page."""

    def __init__(self, app: ASGIApp, proxies: frozenset[str]) -> None:
        self.app = app
        self.proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with 403 or 405."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is None:
            await self._answer(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(POLICY_VIOLATION)(scope, receive, send)
        else:
            status, reason = refusal
            await PlainTextResponse(reason + "\n", status)(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What Dagster cannot answer, such as a run that is none, it answers with 500; said in a line."""
        try:
            await self.app(scope, receive, _not_in_frames(send))
        except Exception as error:
            asked = f"{scope.get('method', 'websocket')} {brief(scope['path'])}"
            log.warning("%s was not answered: %s", asked, brief(f"{type(error).__name__}: {error}"))
            log.debug("where", exc_info=error)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        changes_something = scope["type"] == "websocket" or scope["method"] not in READING
        if changes_something and not self._is_own(headers):
            return 403, "Requests from pages of other sites are refused."
        if scope["type"] == "http" and scope["path"].rstrip("/") in NOTEBOOKS:
            return 403, "Notebooks are not shown here."
        asks = "query" in QueryParams(scope.get("query_string", b""))
        if scope["type"] == "http" and scope["path"].endswith("/graphql") and not changes_something and asks:
            return 405, "GraphQL is answered by POST only."
        return None

    def _is_own(self, headers: Headers) -> bool:
        """Browsers send ``Origin`` with whatever changes something; other programs send none."""
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return False
        origin = headers.get("origin")
        if origin is None:
            return True
        try:
            address = urlsplit(origin)
        except ValueError:
            return False
        if address.scheme not in ("http", "https"):
            return False
        # A proxy may pass on another Host than the one its pages have.
        return address.netloc == headers.get("host") or address.netloc in self.proxies


def _not_in_frames(send: Send) -> Send:
    async def with_header(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], (b"x-frame-options", b"SAMEORIGIN")]}
        await send(message)

    return with_header
