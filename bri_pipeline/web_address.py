"""What a web address leads to, as the library that connects understands it."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

_PORTS = {"http": 80, "https": 443}
SHORTEST_TOKEN = 16
"""A user of fewer characters is a name, which other texts may hold as well."""


class Origin(NamedTuple):
    """What a key may be sent to; another port is another origin."""

    scheme: str
    host: str
    port: int


def origin(url: str) -> Origin | None:
    r"""The origin of an http(s) address; None if it is no such address, or if its host can be understood in two ways.

    ``urllib3`` connects to ``evil`` at ``http://evil\@portal/``, where the standard library reads ``portal``. An
    address is accepted only where both read the same.
    """
    try:
        parts, connected = urlsplit(url), parse_url(url)
        port = parts.port if parts.port is not None else _PORTS.get(parts.scheme)
        name = parts.hostname or ""
        alone = parse_url(f"http://[{name}]/" if ":" in name else f"http://{name}/")
    except (ValueError, LocationParseError):
        return None
    host = (connected.host or "").strip("[]").lower()
    labels = host.removesuffix(".").split(".")
    if parts.scheme not in _PORTS or not port or not all(0 < len(label) < 64 for label in labels):
        return None
    if "\\" in url or connected.host != alone.host or (connected.port or _PORTS[parts.scheme]) != port:
        return None
    return Origin(parts.scheme, host, port)


def passwords_in(url: str) -> tuple[str, ...]:
    """The password of an address, alone and after the user, as it is sent; a user without one if it may be a token."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ()
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if password:
        return password, f"{user}:{password}"
    return (user, f"{user}:") if len(user) >= SHORTEST_TOKEN else ()


def passwords_of_proxies() -> list[str]:
    """The passwords of the proxies that the environment names."""
    return [password for address in getproxies().values() for password in passwords_in(address)]
