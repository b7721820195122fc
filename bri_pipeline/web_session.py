"""A session of ``requests`` for what others serve: it gives no password away, and every request of it ends."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from socket import SHUT_RDWR, socket
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, HTTPBasicAuth
from requests.utils import get_auth_from_url
from urllib3 import HTTPConnectionPool, HTTPResponse, PoolManager
from urllib3.connection import HTTPConnection

LOOK_SECONDS, IDLE_SECONDS = 0.1, 10.0


class PasswordOfAddress(AuthBase):
    """Sends the user and password of the address itself, and none of ``~/.netrc``.

    A redirect leads where the server chooses, and would get the password that the user keeps for that host.
    """

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the header of an address with a password."""
        user, password = get_auth_from_url(request.url or "")
        return HTTPBasicAuth(user, password)(request) if user or password else request


class WebSession(requests.Session):
    """A session whose requests can be given an end: see ``within``.

    The time limits of ``requests`` begin again with each byte, so a server that sends one a second is never late.
    """

    def __init__(self) -> None:
        super().__init__()
        self.headers["User-Agent"] = "bri-pipeline"
        self.auth = PasswordOfAddress()
        for scheme in ("http://", "https://"):
            self.mount(scheme, _WatchedAdapter())

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """None, since callers read the header themselves; requests would read the body of a redirect into memory."""
        return None

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Close the connections of this thread when the block takes longer than that.

        Raises:
            requests.Timeout: it took longer.
        """
        with _WATCH.until(time.monotonic() + seconds) as deadline:
            try:
                yield
            except Exception:
                if not deadline.is_over:
                    raise
        if deadline.is_over:
            raise requests.Timeout(f"not done within {seconds:g} seconds")


class _Deadline:
    def __init__(self, at: float, thread: int) -> None:
        self.at, self.thread, self.is_over = at, thread, False


class _Watch:
    """Shuts the connections of threads whose time is over."""

    def __init__(self) -> None:
        self._used_by: weakref.WeakKeyDictionary[socket, int] = weakref.WeakKeyDictionary()
        self._deadlines: set[_Deadline] = set()
        self._lock = threading.Lock()
        self._is_looking = False

    def note_use(self, connected: socket) -> None:
        """Note that this thread reads from a socket from now on."""
        with self._lock:
            self._used_by[connected] = threading.get_ident()

    @contextmanager
    def until(self, at: float) -> Iterator[_Deadline]:
        """Let this thread read until then."""
        deadline = _Deadline(at, threading.get_ident())
        with self._lock:
            self._deadlines.add(deadline)
            if not self._is_looking:
                self._is_looking = True
                threading.Thread(target=self._look, name="deadlines of requests", daemon=True).start()
        try:
            yield deadline
        finally:
            with self._lock:
                self._deadlines.discard(deadline)

    def _look(self) -> None:
        idle_since = time.monotonic()
        while True:
            time.sleep(LOOK_SECONDS)
            with self._lock:
                now = time.monotonic()
                for deadline in self._deadlines:
                    if deadline.at <= now:
                        deadline.is_over = True
                        self._shut(deadline.thread)
                if self._deadlines:
                    idle_since = now
                elif now - idle_since > IDLE_SECONDS:
                    self._is_looking = False
                    return

    def _shut(self, thread: int) -> None:
        for connected, used_by in list(self._used_by.items()):
            if used_by == thread:
                with suppress(OSError):  # it is closed already
                    connected.shutdown(SHUT_RDWR)


_WATCH = _Watch()


class _Watching(HTTPConnection):
    def _new_conn(self) -> socket:
        """The connected socket; a proxy's answer to CONNECT is read from it before anything else."""
        connected: socket = super()._new_conn()
        _WATCH.note_use(connected)
        return connected

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        """The answer; its header and its body are read from the socket noted here."""
        if self.sock is not None:
            _WATCH.note_use(self.sock)
        return super().getresponse()


@cache
def _watching(pool: type[HTTPConnectionPool]) -> type[HTTPConnectionPool]:
    """A subclass of a class of pools (plain, secure or SOCKS) whose connections are watched."""
    connection = type(pool.ConnectionCls.__name__, (_Watching, pool.ConnectionCls), {})
    return type(pool.__name__, (pool,), {"ConnectionCls": connection})


class _WatchedAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Set up the pools of this class."""
        super().init_poolmanager(*args, **kwargs)
        _watch_pools(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """The same behind a proxy, which is made once."""
        is_new = proxy not in self.proxy_manager
        manager = super().proxy_manager_for(proxy, **kwargs)
        if is_new:
            _watch_pools(manager)
        return manager


def _watch_pools(manager: PoolManager) -> None:
    pools = manager.pool_classes_by_scheme
    manager.pool_classes_by_scheme = {scheme: _watching(pool) for scheme, pool in pools.items()}
