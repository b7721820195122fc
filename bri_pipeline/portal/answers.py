"""What the portal's answers and the network's failures mean, told without the key."""

from __future__ import annotations

import json
import re
import time
from typing import Any
from urllib.parse import quote, urlsplit

import requests

from bri_pipeline.portal.trouble import PortalError, Trouble, is_file_quota, retry_after_seconds

MESSAGE_BYTES = 64 * 1024
Origin = tuple[str, str, int | None]
"""Scheme, host and port: what the key may be sent to."""


def origin(url: str) -> Origin:
    """The origin of an address; another port is another origin."""
    parts = urlsplit(url)
    try:
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:  # no number; the request to it fails later, and no key goes with it
        port = None
    return parts.scheme, (parts.hostname or "").lower(), port


def parsed(body: bytes) -> Any:
    """The JSON in ``body``, or None."""
    try:
        return json.loads(body)
    except ValueError:
        return None


def says_no_records(answer: Any) -> bool:
    """Whether the body of a 404 is the portal's word for "none", in the live or in the documented form.

    Any other 404, of a gateway that knows no such route for instance, is an error.
    """
    if not isinstance(answer, dict):
        return False
    words = (answer.get(name) for name in ("detailedMessage", "errorDetails", "message", "error"))
    return any(re.match(r"no (matching )?records? found", str(word), re.IGNORECASE) for word in words)


def records_in(answer: dict[str, Any] | None, what: str) -> list[dict[str, Any]]:
    """The applications in an answer of the search; none where it found none (None).

    Raises:
        PortalError: it is no answer of the search.
    """
    if answer is None:
        return []
    records = answer.get("patentFileWrapperDataBag")
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise PortalError(what, Trouble("unexpected", "the answer holds no list of applications"))
    return records


def count_in(answer: dict[str, Any] | None, what: str) -> int:
    """How many records the search found, as its answer says; 0 where it found none (None).

    Raises:
        PortalError: it does not say.
    """
    if answer is None:
        return 0
    count = str(answer.get("count"))
    if not count.isdecimal():
        raise PortalError(what, Trouble("unexpected", "the answer does not say how many records there are"))
    return int(count)


def trouble_from(error: requests.RequestException, connect: float, timeout: float) -> Trouble:
    """A failed request as trouble, told in words of ours.

    Only the kind of the error is looked at: its text may hold a signed address or a proxy's password.
    """
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return Trouble("timeout", f"no connection within {connect:g} seconds")
    if isinstance(error, requests.Timeout):
        return Trouble("timeout", f"no answer within {timeout:g} seconds")
    if isinstance(error, requests.exceptions.SSLError):
        return Trouble("connection", "certificate not accepted (own authority: set REQUESTS_CA_BUNDLE)")
    if isinstance(error, requests.exceptions.ProxyError):
        return Trouble("connection", "the proxy did not let the request through")
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return Trouble("cut", "the answer broke off")
    if isinstance(error, requests.ConnectionError):
        return Trouble("connection", "no connection, or it was closed before an answer came")
    return Trouble("refused", f"the request could not be made ({type(error).__name__})")


class AnswerReader:
    """Reads answers other than success of the portal at an origin, asked with a key."""

    def __init__(self, portal: Origin, key: str | None) -> None:
        self.portal = portal
        self._key = key

    def trouble_of(self, response: requests.Response, *, of_file: bool) -> Trouble:
        """What an answer other than success means; an error of the signed address is not one of the key."""
        status = response.status_code
        stored = of_file and origin(response.url) != self.portal
        message = self._message(response)
        told = f"the portal answered {status}" + (f" ({message})" if message else "")
        retry_after = retry_after_seconds(response.headers.get("Retry-After"), time.time())
        if status == 429:
            quota = of_file and not stored and is_file_quota(message, retry_after)
            return Trouble("quota", told) if quota else Trouble("throttled", told, retry_after)
        if status >= 500 or status == 408:
            return Trouble("server", told, retry_after)
        if stored:
            return Trouble("range" if status == 416 else "expired", f"the file's store answered {status}")
        if status in (401, 403):
            return Trouble("denied", f"{told}: no key, a wrong or expired key, or nothing this key may see")
        if status == 413:
            return Trouble("too_large", told)
        if status == 416:
            return Trouble("range", told)
        return Trouble("refused", told)

    def _message(self, response: requests.Response) -> str:
        """The server's own words of either error form, or the title of a page; key and addresses removed."""
        try:
            body = next(response.iter_content(MESSAGE_BYTES), b"")
        except requests.RequestException:
            return ""
        answer = parsed(body)
        if isinstance(answer, dict):
            words = [answer.get(name) for name in ("message", "error", "detailedMessage", "errorDetails")]
            text = ", ".join(str(word) for word in words if word)
        else:
            title = re.search(rb"<title>(.*?)</title>", body, re.IGNORECASE | re.DOTALL)
            text = (title.group(1) if title else body).decode("utf-8", "replace")
        return self._clean(text)

    def _clean(self, text: str) -> str:
        # The key is taken out of the whole text: cutting first could leave half of it.
        for secret in {self._key, quote(self._key, safe="")} if self._key else ():
            text = re.sub(re.escape(secret), "[key]", text, flags=re.IGNORECASE)
        return re.sub(r"\?\S+", "?...", " ".join(text.split()))[:300]
