"""One careful client of OpenAlex's API: lists by cursor, one request at a time, retried, the key kept close.

As of 2026 (developers.openalex.org): lists need a key, which goes into the query as ``api_key``; a free key has a
budget of one US dollar a day, a page of a list costs 0.0001 and holds at most 100 records; at most 100 requests a
second. Every answer says what is left of the budget (``X-RateLimit-Remaining-USD``, earlier
``X-RateLimit-Remaining``) and when it is renewed (``X-RateLimit-Reset``, seconds). A 429 means either that requests
came too fast, with ``Retry-After``, or that the budget is spent; waiting helps in the first case only. A 403 asks to
slow down as well, unless it speaks of the key.

Since the key is part of the address, no address is ever shown: messages are made of our own words and of texts that the
cleaner went over, and are raised outside ``except`` blocks, as the exceptions of ``requests`` carry the request along.
"""

from __future__ import annotations

import logging
import math
import random
import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import requests
import urllib3

from bri_pipeline.errors import UserError
from bri_pipeline.portal.answers import NOT_HTTP, parsed, trouble_from
from bri_pipeline.portal.cleaner import Cleaner
from bri_pipeline.portal.trouble import RetryPolicy, Trouble, retry_after_seconds, wait_before_retry
from bri_pipeline.settings import DEFAULT_OPENALEX_URL, Settings
from bri_pipeline.web_address import passwords_in, passwords_of_proxies
from bri_pipeline.web_session import WebSession

PAGE = 100
FIRST_CURSOR = "*"
PAUSE = 0.1
CONNECT_SECONDS, ANSWER_SECONDS = 20.0, 90.0
LARGEST_ANSWER = 64 * 1024 * 1024
CHUNK_BYTES = 64 * 1024
# More pages than a month of papers has; a cursor that never ends is given up.
MOST_PAGES = 20_000
# US dollars a page of a list costs; with less the budget is spent.
_COST_OF_A_PAGE = 0.0001
_SPEAKS_OF_KEY = re.compile(r"\bkey\b|unauthori[sz]ed|credential|log ?in", re.IGNORECASE)
_SPEAKS_OF_BUDGET = re.compile(r"budget|daily|credits|insufficient", re.IGNORECASE)
HOW_TO_GET_A_KEY = "Get a free key at https://openalex.org/settings/api and set it as OPENALEX_API_KEY."
DOES_NOT_END = "the answer of OpenAlex does not end"
_KEPT = "The months that are there are kept, and the run goes on with the next one"

log = logging.getLogger(__name__)


class OpenAlexError(UserError):
    """OpenAlex did not give what was requested; the text says what, why and what to do."""


class KeyDenied(OpenAlexError):
    """OpenAlex does not accept the key, or wants one."""


def may_ask_openalex(settings: Settings) -> bool:
    """Lists are not given without a key; behind another address a proxy may add one."""
    return bool(settings.openalex_key) or settings.openalex_url != DEFAULT_OPENALEX_URL


def openalex_client(settings: Settings) -> OpenAlexClient:
    """The client for the address and key named in the settings."""
    return OpenAlexClient(settings.openalex_url, settings.openalex_key)


class _WithoutKey(logging.Filter):
    """Takes the key out of what urllib3 logs of addresses when somebody turns its debugging on."""

    def __init__(self, cleaner: Cleaner) -> None:
        super().__init__()
        self._cleaner = cleaner

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, cleaned."""
        record.msg, record.args = self._cleaner.text(record.getMessage()), ()
        return True


class OpenAlexClient:
    """Talks to the API at ``base_url``. ``remaining`` is what the last answer said is left of the day's budget.

    Raises:
        UserError: a key that cannot be one.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str | None,
        *,
        policy: RetryPolicy | None = None,
        pause: float = PAUSE,
        timeouts: tuple[float, float] = (CONNECT_SECONDS, ANSWER_SECONDS),
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        if api_key and not re.fullmatch(r"[\x21-\x7e]+", api_key):
            raise UserError("OPENALEX_API_KEY holds blanks or characters no key has; copy the key again.")
        self._base, self._key = base_url.rstrip("/"), api_key
        # A password may be a word that titles hold, so it is taken out of messages alone.
        self._cleaner = Cleaner(api_key)
        self._message_cleaner = Cleaner(api_key, *passwords_in(self._base), *passwords_of_proxies())
        logging.getLogger("urllib3.connectionpool").addFilter(_WithoutKey(self._cleaner))
        self._policy, self._pause, self._timeouts = policy or RetryPolicy(), pause, timeouts
        self._sleep, self._jitter = sleep, jitter
        self._session = WebSession()
        self.remaining: float | None = None

    def ask_for_one_record(self) -> None:
        """Ask whether the key is accepted and what is left of the budget, by a list of one record (the cost of a page).

        Raises:
            KeyDenied: it is not accepted.
            OpenAlexError: OpenAlex cannot be asked now.
        """
        query = {"filter": "type:article", "select": "id", "per_page": 1, "cursor": FIRST_CURSOR}
        self._ask("/works", query, "an answer")

    def records(self, path: str, filters: str, select: str, *, what: str) -> Iterator[Any]:
        """Every record of a list, page by page, as OpenAlex writes it.

        Args:
            path: ``/works`` or ``/institutions``.
            filters: OpenAlex's filter, ``attribute:value|value,attribute:value``.
            select: fields of a record, by commas.
            what: what is requested, in words, for messages.

        Raises:
            OpenAlexError: OpenAlex refused, failed too often, or gave fewer records than it announced.
        """
        cursor, announced = FIRST_CURSOR, 0
        given: set[str] = set()
        for _ in range(MOST_PAGES):
            query = {"filter": filters, "select": select, "per_page": PAGE, "cursor": cursor}
            answer = self._ask(path, query, what)
            results, meta = answer.get("results"), answer.get("meta")
            if not isinstance(results, list) or not isinstance(meta, dict):
                raise OpenAlexError(f"Could not get {what}: OpenAlex's answer holds no list. {_later()}")
            count = meta.get("count")
            if not isinstance(count, int) or isinstance(count, bool) or count < 0:
                raise OpenAlexError(
                    f"Could not get {what}: OpenAlex's answer does not say how many there are. {_later()}"
                )
            announced = max(announced, count)
            given |= {_identity(record) for record in results}
            yield from results
            following = meta.get("next_cursor")
            if not following or not results:
                break
            cursor = str(following)
        else:
            raise OpenAlexError(f"Could not get {what}: OpenAlex's list does not end. {_later()}")
        if len(given) < announced:
            raise OpenAlexError(
                f"Could not get {what}: OpenAlex announced {announced:,} records and gave {len(given):,}. {_later()}"
            )

    def _ask(self, path: str, query: Mapping[str, Any], what: str) -> dict[str, Any]:
        tries = 0
        while True:
            tries += 1
            answer = self._ask_once(path, dict(query))
            if not isinstance(answer, Trouble):
                return answer
            wait = wait_before_retry(answer, tries, self._policy, of_file=False, jitter=self._jitter())
            if wait is None:
                times = f" after {tries} tries" if tries > 1 else ""
                kind = KeyDenied if answer.kind == "denied" else OpenAlexError
                raise kind(f"Could not get {what}{times}: {answer.reason}. {_way_out(answer)}")
            log.info("%s: %s; trying again in %.1f seconds", what, answer.reason, wait)
            self._sleep(wait)

    def _ask_once(self, path: str, query: dict[str, Any]) -> dict[str, Any] | Trouble:
        self._sleep(self._pause)
        if self._key:
            query["api_key"] = self._key
        response = self._send(path, query)
        if isinstance(response, Trouble):
            return response
        content = self._content(response)
        if isinstance(content, Trouble):
            return content
        left = response.headers.get("X-RateLimit-Remaining-USD") or response.headers.get(
            "X-RateLimit-Remaining"
        )
        self.remaining = _number(left, self.remaining)
        if response.status_code != 200:
            return self._refusal(response, self._message_cleaner.answer(parsed(content)))
        answer = self._cleaner.answer(parsed(content))
        if not content.strip():
            return Trouble("empty", "OpenAlex answered without content")
        if not isinstance(answer, dict):
            return Trouble("unexpected", "OpenAlex answered with something that is not JSON")
        return answer

    def _send(self, path: str, query: dict[str, Any]) -> requests.Response | Trouble:
        try:
            with self._session.within(sum(self._timeouts)):
                return self._session.get(
                    self._base + path,
                    params=query,
                    timeout=self._timeouts,
                    allow_redirects=False,
                    stream=True,
                )
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            # A ValueError is about a redirect's address, which requests reads though it is not followed.
            return trouble_from(error, *self._timeouts)

    def _content(self, response: requests.Response) -> bytes | Trouble:
        content = bytearray()
        try:
            with self._session.within(10 * self._timeouts[1]), response:
                for chunk in response.iter_content(CHUNK_BYTES):
                    content += chunk
                    if len(content) > LARGEST_ANSWER:
                        return Trouble("unexpected", DOES_NOT_END)
        except requests.Timeout:
            return Trouble("unexpected", DOES_NOT_END)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            return trouble_from(error, *self._timeouts)
        except ValueError:  # a chunk of negative length
            return Trouble("cut", NOT_HTTP)
        return bytes(content)

    def _refusal(self, response: requests.Response, answer: Any) -> Trouble:
        """What a status other than 200 means."""
        status, said = response.status_code, _said(answer)
        if status == 401 or (status == 403 and (not self._key or _SPEAKS_OF_KEY.search(said))):
            which = "the key was not accepted" if self._key else "a key is needed"
            return Trouble("denied", f"OpenAlex answered {status}: {which}{said}")
        if status in (403, 429):
            is_spent = self.remaining is not None and self.remaining < _COST_OF_A_PAGE
            if is_spent or (self.remaining is None and _SPEAKS_OF_BUDGET.search(said)):
                return Trouble("quota", f"the budget of the day is spent{_renewed(response)}{said}")
            after = retry_after_seconds(response.headers.get("Retry-After"), time.time())
            if after is not None and after > self._policy.longest_retry_after:
                return Trouble("quota", f"OpenAlex asks to wait {after / 3600:.1f} hours{said}")
            return Trouble("throttled", f"OpenAlex answered {status}: too many requests{said}", after)
        if status >= 500:
            after = retry_after_seconds(response.headers.get("Retry-After"), time.time())
            return Trouble("server", f"OpenAlex answered {status}", after)
        if response.is_redirect:
            return Trouble("refused", "OpenAlex redirected to another address")
        return Trouble("refused", f"OpenAlex answered {status}{said}")


def _identity(record: object) -> str:
    """What tells a record from the others of a list: a page given twice is not two pages."""
    return str(record.get("id") or record) if isinstance(record, dict) else str(record)


def _number(text: str | None, otherwise: float | None) -> float | None:
    try:
        number = float(text) if text else None
    except ValueError:
        number = None
    return otherwise if number is None or not math.isfinite(number) else number


def _said(answer: Any) -> str:
    """What OpenAlex says itself, cut to a line; the cleaner has been over it."""
    words = (answer.get(name) for name in ("message", "error")) if isinstance(answer, dict) else ()
    text = next((" ".join(str(word).split()) for word in words if word), "")
    return f" ({text[:160]})" if text else ""


def _renewed(response: requests.Response) -> str:
    seconds = _number(response.headers.get("X-RateLimit-Reset"), None)
    return f" and is renewed in {seconds / 3600:.1f} hours" if seconds is not None else ""


def _later() -> str:
    return f"{_KEPT} when the command is run again."


def _way_out(trouble: Trouble) -> str:
    if trouble.kind == "denied":
        return HOW_TO_GET_A_KEY
    if trouble.kind == "quota":
        return f"{_KEPT} when the command is run again after that; OpenAlex's snapshot has no budget."
    if trouble.kind == "refused":
        return "Check BRI_OPENALEX_URL; trying again does not help."
    if trouble.kind == "connection":
        return f"Check the network, the proxy (HTTPS_PROXY) and BRI_OPENALEX_URL. {_later()}"
    return _later()
