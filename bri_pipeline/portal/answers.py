"""What the portal's answers and the network's failures mean, in words without the key."""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests

from bri_pipeline.outside_json import json_value
from bri_pipeline.portal.cleaner import Cleaner
from bri_pipeline.portal.trouble import PortalError, Trouble, kind_of_429, retry_after_seconds
from bri_pipeline.web_address import Origin

MESSAGE_BYTES = 64 * 1024
NOT_HTTP = "the answer is not valid HTTP"
CERTIFICATES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_PAGE = re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype html|html|head|body)\b", re.IGNORECASE)
_MESSAGE = re.compile(rb"(\xef\xbb\xbf)?\s*[{\[]")


def parsed(body: bytes) -> Any:
    """The JSON in ``body``, or None."""
    try:
        return json_value(body)
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
    if not re.fullmatch("[0-9]{1,12}", count):
        raise PortalError(what, Trouble("unexpected", "the answer does not say how many records there are"))
    return int(count)


def trouble_from(error: Exception, connect: float, timeout: float) -> Trouble:
    """A failed request as trouble, in our own words.

    Only the kind of the error is looked at: its text may hold a signed address or a proxy's password.
    """
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return Trouble("timeout", f"no connection within {connect:g} seconds")
    if isinstance(error, requests.Timeout):
        return Trouble("timeout", f"no answer within {timeout:g} seconds")
    if isinstance(error, requests.exceptions.SSLError):
        return Trouble("connection", _secure_connection_failed(error))
    if isinstance(error, requests.exceptions.ProxyError):
        return Trouble("connection", "the proxy did not let the request through")
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return Trouble("cut", "the answer broke off")
    if isinstance(error, requests.exceptions.ContentDecodingError):
        return Trouble("unexpected", "the answer came compressed and could not be unpacked")
    if isinstance(error, requests.ConnectionError):
        return Trouble("connection", "no connection, or it was closed before an answer came")
    if isinstance(error, ValueError):  # all errors about addresses are
        return Trouble("refused", "the request could not be made (its address cannot be one)")
    if missing := [name for name in CERTIFICATES if not Path(os.environ.get(name) or "/").exists()]:
        return Trouble("refused", f"the file of certificates that {missing[0]} names is not there")
    return Trouble("refused", f"the request could not be made ({type(error).__name__})")


def _secure_connection_failed(error: requests.exceptions.SSLError) -> str:
    causes = list(_causes(error))
    if any("not yet valid" in str(cause) or "has expired" in str(cause) for cause in causes):
        return "certificate not valid at this machine's time (is its clock right?)"
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return "certificate not accepted (own authority: set REQUESTS_CA_BUNDLE)"
    said = {str(getattr(cause, "reason", "")) for cause in causes if isinstance(cause, ssl.SSLError)}
    if said & {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG"}:
        return "the address does not speak https (is it an http address?)"
    return "no secure connection could be made"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and those it was made of; ``requests`` and urllib3 put them into arguments and ``reason``."""
    yield error
    for inner in (*error.args, getattr(error, "reason", None)):
        if isinstance(inner, BaseException):
            yield from _causes(inner)


class AnswerReader:
    """Reads answers other than success of the portal at an origin; ``cleaner`` takes the key out of their words."""

    def __init__(self, portal: Origin | None, cleaner: Cleaner) -> None:
        self.portal = portal
        self._cleaner = cleaner

    def trouble_of(
        self,
        response: requests.Response,
        body: bytes,
        *,
        of_file: bool,
        redirected: bool = False,
        now: float,
        answered_before: bool = False,
    ) -> Trouble:
        """What an answer other than success means.

        Args:
            response: the answer.
            body: what was read of its words, MESSAGE_BYTES at most.
            of_file: whether a file was requested.
            redirected: whether the answer is one of the signed address the portal redirected to, whose refusal
                is none of the key.
            now: the portal's time, Unix.
            answered_before: whether the portal has answered with this key: a 403 now is none of the key.
        """
        status = response.status_code
        message = self._clean(_words_of(body))
        told = f"the portal answered {status}" + (f" ({message})" if message else "")
        retry_after = retry_after_seconds(response.headers.get("Retry-After"), now)
        if status == 429:
            return _too_many(message, told, retry_after, of_file, redirected)
        if status >= 500 or status == 408:
            return Trouble("server", told, retry_after)
        if redirected:
            return Trouble("range" if status == 416 else "expired", f"the file's store answered {status}")
        if status == 403 and answered_before:
            return Trouble("blocked", f"{told}, although it had just answered with the same key", retry_after)
        if status in (401, 403):
            return Trouble("denied", f"{told}: no key, a wrong or expired key, or nothing this key may see")
        if status in (404, 410) and of_file:
            return Trouble("withdrawn", told)
        if status == 413:
            return Trouble("too_large", told)
        if status == 416:
            return Trouble("range", told)
        return Trouble("refused", told)

    def instead_of_file(self, content_type: str, start: bytes) -> Trouble | None:
        """What came in the place of a file, by its content type or its first bytes; None if a file seems to."""
        if "html" in content_type.lower() or _PAGE.match(start):
            return Trouble("unexpected", "a web page came in the place of the file")
        if "json" in content_type.lower() or _MESSAGE.match(start):
            words = self._clean(_words_of(start))
            told = f" ({words})" if words else ""
            return Trouble("unexpected", f"a message came in the place of the file{told}")
        return None

    def _clean(self, text: str) -> str:
        # The key is taken out of the whole text: cutting first could leave half of it.
        return re.sub(r"\?\S+", "?...", " ".join(self._cleaner.text(text).split()))[:300]


def _too_many(message: str, told: str, retry_after: float | None, of_file: bool, redirected: bool) -> Trouble:
    """A 429: only on a file it can mean a yearly quota, and only the portal itself leaves open whether it does."""
    kind = kind_of_429(message, retry_after) if of_file else "throttled"
    if kind == "quota":
        return Trouble("quota", told)
    if kind == "unclear" and not redirected:
        return Trouble("unclear", told if message else f"{told} without saying why")
    return Trouble("throttled", told, retry_after)


def _words_of(body: bytes) -> str:
    """What an error's body says: the words of either JSON form, or the title of a page."""
    answer = parsed(body)
    if isinstance(answer, dict):
        words = [answer.get(name) for name in ("message", "error", "detailedMessage", "errorDetails")]
        return ", ".join(str(word) for word in words if word)
    if b"\0" in body:  # no words: a file, for instance
        return ""
    title = re.search(rb"<title>(.*?)</title>", body, re.IGNORECASE | re.DOTALL)
    return (title.group(1) if title else body).decode("utf-8", "replace")
