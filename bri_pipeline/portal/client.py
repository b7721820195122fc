"""One careful client of the Open Data Portal: one request at a time, paced, retried, the key kept close.

The key goes to the portal's own host and nowhere else; it appears in no message, log or exception. Failures
of the network are turned into ``Trouble`` where they are caught, and raised only outside the ``except``
block: the exceptions of ``requests`` carry the request, and with it the key, along their ``__context__``.
"""

from __future__ import annotations

import hashlib
import logging
import random
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from itertools import chain
from typing import Any
from urllib.parse import urljoin

import requests
import urllib3

from bri_pipeline.errors import UserError
from bri_pipeline.portal.answers import (
    MESSAGE_BYTES,
    NOT_HTTP,
    AnswerReader,
    parsed,
    says_no_records,
    trouble_from,
)
from bri_pipeline.portal.cleaner import KEY_PLACE, Cleaner
from bri_pipeline.portal.trouble import (
    HOW_TO_GET_A_KEY,
    RetryPolicy,
    Trouble,
    error_of,
    wait_before_retry,
)
from bri_pipeline.settings import Settings, may_ask_portal
from bri_pipeline.web_address import Origin, origin, passwords_in, passwords_of_proxies
from bri_pipeline.web_session import WebSession

KEY_HEADER = "X-API-KEY"
CHUNK_BYTES = 64 * 1024
WAITING_SECONDS = 30
MOST_REDIRECTS = 5
CLOCK_TOLERANCE = 600.0
"""Seconds a clock may be off without being corrected or spoken of."""
NO_CLOCK = 100 * 365 * 86_400.0
"""Seconds off that no clock is: the date of such an answer is not believed."""
LARGEST_ANSWER = 32 * 1024 * 1024
"""Bytes of an answer in JSON; the portal's own limit is 6 MB."""
LARGEST_DOCUMENT = 256 * 1024 * 1024
"""Bytes of a file that is read in one piece."""

DOES_NOT_END = "the answer of the portal does not end"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Timeouts:
    """Seconds to wait for a connection, for (the next bytes of) an answer, and the same of a file.

    The portal may need minutes before the first byte of a large file; its own advice is 600 seconds.
    """

    connect: float = 20.0
    answer: float = 90.0
    file: float = 600.0


@dataclass(frozen=True)
class Pace:
    """The portal's limits: seconds between two requests, and files per window of seconds (5 in 10)."""

    pause: float = 0.25
    files: int = 5
    window: float = 10.0


@dataclass(frozen=True)
class ResumePoint:
    """Where a broken transfer is to be resumed: bytes already there, and the ETag or date they came under."""

    offset: int
    etag: str | None


@dataclass(frozen=True)
class Transfer:
    """A file on its way.

    starts_at  offset of the first byte of ``chunks`` in the file; 0 unless resumed
    length     length of the whole file as the server states it; None if it does not
    """

    starts_at: int
    length: int | None
    etag: str | None
    chunks: Iterator[bytes]


class TransferFailed(Exception):
    """One try at a file failed; carries the ``Trouble``."""

    def __init__(self, trouble: Trouble) -> None:
        self.trouble = trouble
        super().__init__(trouble.reason)


def portal_client(settings: Settings) -> PortalClient:
    """The client for the portal and key named in the settings."""
    return PortalClient(settings.odp_url, settings.api_key)


class PortalClient:
    """Talks to the portal at ``base_url``; usable from several threads, which then take turns.

    ``key_mark`` distinguishes keys where downloads are counted; None without a key. ``cleaner`` takes the
    key out of texts. ``clock_off`` is how many seconds this machine's clock is behind the portal's, as of its last
    answer.

    Raises:
        UserError: no key, a key or an address that cannot be one.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str | None,
        *,
        pace: Pace | None = None,
        policy: RetryPolicy | None = None,
        timeouts: Timeouts | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._base = base_url.rstrip("/")
        self._key = _checked_key(api_key, self._base)
        self.key_mark = _key_mark(self._key)
        # A password may be a word that titles hold, so it is taken out of messages alone.
        self.cleaner = Cleaner(self._key)
        for_messages = Cleaner(self._key, *passwords_in(self._base), *passwords_of_proxies())
        self._answers = AnswerReader(origin(self._base), for_messages)
        self._answered = self._blocked = False
        self.clock_off = 0.0
        self._pace, self._policy = pace or Pace(), policy or RetryPolicy()
        self._timeouts = timeouts or Timeouts()
        self._sleep, self._clock, self._jitter = sleep, clock, jitter
        self._session = WebSession()
        self._turn = threading.RLock()
        self._last_end = self._held_until = float("-inf")
        self._file_starts: deque[float] = deque(maxlen=self._pace.files)

    # ---- answers in JSON

    def get_json(self, path: str, params: Mapping[str, str | int], *, what: str) -> dict[str, Any] | None:
        """The answer to GET ``path``; None where the portal finds no records, which it says with 404.

        Args:
            path: below the portal's address, with the leading slash.
            params: the query.
            what: what is requested, in words, for messages.

        Raises:
            PortalError: the portal refused, or failed too often.
        """
        return self._ask(what, "GET", path, params=dict(params))

    def post_json(self, path: str, body: Mapping[str, Any], *, what: str) -> dict[str, Any] | None:
        """The answer to POST ``path`` with a JSON body; otherwise as ``get_json``."""
        return self._ask(what, "POST", path, json=dict(body))

    def _ask(self, what: str, method: str, path: str, **arguments: Any) -> dict[str, Any] | None:
        tries = 0
        while True:
            tries += 1
            with _waiting_said(what):
                answer = self._ask_once(method, path, arguments)
            if not isinstance(answer, Trouble):
                return answer
            self.wait_or_give_up(answer, tries, what=what, of_file=False)

    def _ask_once(self, method: str, path: str, arguments: dict[str, Any]) -> dict[str, Any] | Trouble | None:
        with self._turn:
            self._wait_turn()
            response = self._answer_to(method, self._base + path, arguments)
            self._last_end = self._clock()
        if isinstance(response, Trouble):
            return response
        if response.status_code not in (200, 404):
            return self._trouble_of(response, of_file=False)
        content = self._content(response)
        if isinstance(content, Trouble):
            return content
        answer = self.cleaner.answer(parsed(content))
        if response.status_code == 404:
            return None if says_no_records(answer) else self._trouble_of(response, of_file=False)
        if not content.strip():
            return Trouble("empty", "the portal answered without content")
        if not isinstance(answer, dict):
            return Trouble("unexpected", "the portal answered with something that is not JSON")
        self._succeeded()
        return answer

    def _answer_to(self, method: str, url: str, arguments: dict[str, Any]) -> requests.Response | Trouble:
        """The answer, after redirects within the portal's host."""
        for _ in range(MOST_REDIRECTS):
            response = self._send(method, url, timeout=self._timeouts.answer, stream=True, **arguments)
            if isinstance(response, Trouble) or not response.is_redirect:
                return response
            target = _joined(url, response.headers["Location"])
            response.close()
            if target is None or not self._may_have_key(target):
                return Trouble("refused", "the portal redirected to an address that is not its own")
            if method != "GET" and response.status_code not in (307, 308):
                return Trouble("refused", f"the portal redirected a search with {response.status_code}")
            url, arguments = target, {name: one for name, one in arguments.items() if name != "params"}
        return Trouble("refused", f"the portal redirected more than {MOST_REDIRECTS} times")

    def _content(self, response: requests.Response) -> bytes | Trouble:
        """The body of an answer in JSON; one that does not end is given up."""
        content = bytearray()
        try:
            with self._session.within(10 * self._timeouts.answer), response:
                for chunk in response.iter_content(CHUNK_BYTES):
                    content += chunk
                    if len(content) > LARGEST_ANSWER:
                        return Trouble("unexpected", DOES_NOT_END)
        except requests.Timeout:
            return Trouble("unexpected", DOES_NOT_END)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            return trouble_from(error, self._timeouts.connect, self._timeouts.answer)
        except ValueError:  # a chunk of negative length
            return Trouble("cut", NOT_HTTP)
        response._content = bytes(content)  # where an error's words are looked for
        return bytes(content)

    def _trouble_of(self, response: requests.Response, *, of_file: bool, redirected: bool = False) -> Trouble:
        trouble = self._answers.trouble_of(
            response,
            self._message(response),
            of_file=of_file,
            redirected=redirected,
            now=self.now(),
            answered_before=self._answered,
        )
        response.close()
        return trouble

    def _message(self, response: requests.Response) -> bytes:
        """The server's own words, as far as they can be had."""
        try:
            with self._session.within(self._timeouts.answer):
                return next(response.iter_content(MESSAGE_BYTES), b"")
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError):
            return b""

    def _succeeded(self) -> None:
        self._answered, self._blocked = True, False

    def now(self) -> float:
        """The portal's time, Unix, by the last answer; this machine's before the first one."""
        return time.time() + self.clock_off

    # ---- files

    @contextmanager
    def open_file(self, path: str, resume: ResumePoint | None = None) -> Iterator[Transfer]:
        """One try at a file: the portal's redirect is followed at once, without the key to another host.

        Args:
            path: as ``file_path`` gives it.
            resume: ask only for the rest; the server may still send the whole (see ``starts_at``).

        Raises:
            TransferFailed: on opening, or later from ``chunks``.
        """
        headers = {"Accept-Encoding": "identity"}
        if resume is not None:
            headers["Range"] = f"bytes={resume.offset}-"
            if resume.etag:
                headers["If-Range"] = resume.etag
        with self._turn:
            self._wait_turn(file=True)
            try:
                response, redirected = self._follow(self._base + path, headers)
                if isinstance(response, Trouble):
                    raise TransferFailed(response)
                with response:
                    yield self._transfer(response, redirected, resume)
            finally:
                self._last_end = self._clock()

    def read_file(self, uri: str, *, what: str) -> bytes:
        """A small file in one piece, in as many tries as the policy allows.

        Args:
            uri: its address as the portal wrote it.
            what: the file in words, for messages.

        Raises:
            PortalError: it could not be had.
        """
        tries = 0
        while True:
            tries += 1
            try:
                with self.open_file(self.file_path(uri)) as transfer:
                    return _joined_chunks(transfer.chunks)
            except ValueError as error:
                trouble = Trouble("refused", str(error))
            except TransferFailed as failed:
                trouble = failed.trouble
            self.wait_or_give_up(trouble, tries, what=what, of_file=True)

    def file_path(self, uri: str) -> str:
        """The path of a file's address below this client's portal, whatever host the portal wrote into it.

        Raises:
            ValueError: the address is not one of the portal's API.
        """
        start = uri.find("/api/")
        if start < 0 or not uri.startswith(("http://", "https://")):
            raise ValueError(f"not an address of the portal's API: {self.cleaner.text(uri)[:200]}")
        path, _, query = uri[start:].partition("?")
        # Where the list wrote the key into the address, it goes as a header, as everywhere.
        kept = [part for part in query.split("&") if part and KEY_PLACE not in self.cleaner.text(part)]
        return f"{path}?{'&'.join(kept)}" if kept else path

    def _follow(self, url: str, headers: dict[str, str]) -> tuple[requests.Response | Trouble, bool]:
        """The answer at the end of the redirects, and whether there was one."""
        for hops in range(MOST_REDIRECTS):
            response = self._send("GET", url, timeout=self._timeouts.file, headers=headers, stream=True)
            if isinstance(response, Trouble) or not response.is_redirect:
                return response, hops > 0
            target = _joined(url, response.headers["Location"])
            response.close()
            if target is None:
                reason = "the portal redirected to something that is not a web address"
                return Trouble("refused", reason), True
            url = target
        return Trouble("refused", f"the portal redirected more than {MOST_REDIRECTS} times"), True

    def _transfer(
        self, response: requests.Response, redirected: bool, resume: ResumePoint | None
    ) -> Transfer:
        if response.status_code not in (200, 206):
            raise TransferFailed(self._trouble_of(response, of_file=True, redirected=redirected))
        length = _whole_number(response.headers.get("Content-Length"))
        starts_at = 0
        packed = response.headers.get("Content-Encoding", "identity").lower() != "identity"
        if response.status_code == 206:
            starts_at, length = _content_range(response.headers.get("Content-Range", ""))
            if starts_at != (resume.offset if resume else 0):
                raise TransferFailed(Trouble("range", "another part of the file came than was requested"))
            if packed:  # the bytes of the range are counted in a packed file that nobody has
                raise TransferFailed(Trouble("range", "the rest of the file came compressed"))
        etag = response.headers.get("ETag", "")
        version = etag if etag.startswith('"') else response.headers.get("Last-Modified", "")
        strong = self.cleaner.text(version) if version and not packed else None
        chunks = self._chunks(response)
        if starts_at == 0:
            chunks = self._checked_start(response, chunks)
        return Transfer(starts_at, None if packed else length, strong, chunks)

    def _checked_start(self, response: requests.Response, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """The chunks, if they are those of a file."""
        first = next(chunks, b"")
        if not first:
            raise TransferFailed(Trouble("empty", "the file came without content"))
        instead = self._answers.instead_of_file(response.headers.get("Content-Type", ""), first)
        if instead is not None:
            raise TransferFailed(instead)
        self._succeeded()
        return chain([first], chunks)

    def _chunks(self, response: requests.Response) -> Iterator[bytes]:
        while True:
            chunk = self._next_chunk(response)
            if isinstance(chunk, Trouble):
                raise TransferFailed(chunk)
            if not chunk:
                return
            yield chunk

    def _next_chunk(self, response: requests.Response) -> bytes | Trouble:
        # Files are requested uncompressed; what a server compresses all the same is unpacked here.
        try:
            with self._session.within(self._timeouts.file):
                chunk: bytes = response.raw.read(CHUNK_BYTES, decode_content=True)
        except requests.Timeout:
            return Trouble("timeout", f"next to nothing came for {self._timeouts.file:g} seconds")
        except urllib3.exceptions.ReadTimeoutError:
            return Trouble("timeout", f"nothing came for {self._timeouts.file:g} seconds")
        except urllib3.exceptions.DecodeError:
            return Trouble("unexpected", "the file came compressed and could not be unpacked")
        except (urllib3.exceptions.HTTPError, OSError):
            return Trouble("cut", "the transfer broke off")
        except ValueError:  # a chunk of negative length
            return Trouble("cut", NOT_HTTP)
        return chunk

    # ---- one request

    def _send(
        self, method: str, url: str, *, timeout: float, **arguments: Any
    ) -> requests.Response | Trouble:
        headers = dict(arguments.pop("headers", {}))
        if self._key is not None and self._may_have_key(url):
            headers[KEY_HEADER] = self._key
        try:
            with self._session.within(self._timeouts.connect + timeout):
                response = self._session.request(
                    method,
                    url,
                    headers=headers,
                    timeout=(self._timeouts.connect, timeout),
                    allow_redirects=False,
                    **arguments,
                )
        except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError, OSError) as error:
            return trouble_from(error, self._timeouts.connect, timeout)
        if response.status_code == 429:
            self._held_until = self._clock() + self._policy.throttle_wait
        if origin(url) == self._answers.portal:
            self._set_clock(response.headers.get("Date"))
        return response

    def _may_have_key(self, url: str) -> bool:
        """The portal's own origin, or the same host where http was requested and leads to https."""
        portal, other = self._answers.portal, origin(url)
        if portal is None or other is None:
            return False
        return other == portal or (portal.port, other) == (80, Origin("https", portal.host, 443))

    def _set_clock(self, told: str | None) -> None:
        try:
            off = parsedate_to_datetime(told).timestamp() - time.time() if told else 0.0
        except (ValueError, TypeError, OverflowError):
            off = 0.0
        self.clock_off = off if CLOCK_TOLERANCE < abs(off) < NO_CLOCK else 0.0

    # ---- pace

    def wait_or_give_up(
        self, trouble: Trouble, tries: int, *, what: str, of_file: bool, alike: int | None = None
    ) -> None:
        """Wait before the next try as the policy says; the numbers are those of ``wait_before_retry``.

        Raises:
            PortalError: no further try is due.
        """
        wait = wait_before_retry(
            trouble, tries, self._policy, of_file=of_file, jitter=self._jitter(), alike=alike
        )
        if trouble.kind == "blocked" and self._blocked:
            wait = None  # it was waited for in vain with the request before
        self._blocked = self._blocked or (trouble.kind == "blocked" and wait is None)
        if wait is None:
            raise error_of(what, trouble, tries)
        log.info("%s: %s; trying again in %.1f seconds", what, trouble.reason, wait)
        self._sleep(wait)

    def _wait_turn(self, *, file: bool = False) -> None:
        due = max(self._last_end + self._pace.pause, self._held_until)
        if file and len(self._file_starts) == self._pace.files:
            due = max(due, self._file_starts[0] + self._pace.window)
        wait = due - self._clock()
        if wait > 0:
            self._sleep(wait)
        if file:
            self._file_starts.append(self._clock())


@contextmanager
def _waiting_said(what: str) -> Iterator[None]:
    """Say every half minute that the portal has not answered yet: it may take minutes, and may never do so."""
    answered = threading.Event()

    def say() -> None:
        waited = 0
        while not answered.wait(WAITING_SECONDS):
            waited += WAITING_SECONDS
            log.info("%s: no answer for %d seconds; still waiting", what, waited)

    threading.Thread(target=say, name="waiting for the portal", daemon=True).start()
    try:
        yield
    finally:
        answered.set()


def _checked_key(api_key: str | None, base_url: str) -> str | None:
    if origin(base_url) is None:
        raise UserError("BRI_ODP_URL is not a web address; give one such as https://api.uspto.gov.")
    if not may_ask_portal(base_url, api_key):
        raise UserError(f"The Open Data Portal needs a key, and none is set. {HOW_TO_GET_A_KEY}")
    if not api_key:
        return None
    if not re.fullmatch(r"[\x21-\x7e]+", api_key):
        raise UserError("USPTO_API_KEY holds blanks or characters no key has; copy the key again.")
    return api_key


def _key_mark(key: str | None) -> str | None:
    """32 bits of a digest, enough to tell a user's keys apart and too few to find a key from."""
    return hashlib.sha256(f"bri-pipeline, portal key: {key}".encode()).hexdigest()[:8] if key else None


def _joined(url: str, location: str) -> str | None:
    """Where a redirect leads; None if it is no web address."""
    try:
        target = urljoin(url, location)
    except ValueError:
        return None
    return target if origin(target) else None


def _joined_chunks(chunks: Iterator[bytes]) -> bytes:
    content = bytearray()
    for chunk in chunks:
        content += chunk
        if len(content) > LARGEST_DOCUMENT:
            raise TransferFailed(Trouble("length", f"more than {LARGEST_DOCUMENT} bytes came"))
    return bytes(content)


def _whole_number(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch("[0-9]{1,18}", text) else None


def _content_range(header: str) -> tuple[int, int | None]:
    """First byte and whole length of ``bytes 100-199/200``."""
    match = re.fullmatch(r"bytes ([0-9]{1,18})-[0-9]+/([0-9]+|\*)", header.strip())
    if match is None:
        raise TransferFailed(Trouble("range", "the rest of the file came without saying where it begins"))
    return int(match.group(1)), _whole_number(match.group(2))
