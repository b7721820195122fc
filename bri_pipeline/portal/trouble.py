"""What can go wrong in a talk with the portal, and whether and when to try again.

The whole retry policy is ``wait_before_retry``: a pure function of what happened and how often.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Literal

from bri_pipeline.errors import UserError

Kind = Literal[
    "throttled",  # 429: too many requests
    "quota",  # 429: this file was requested too often this year
    "unclear",  # 429 on a file that may mean either
    "server",  # 5xx
    "timeout",
    "connection",
    "empty",  # 200 without a body
    "unexpected",  # a web page or a message where JSON or a file was due
    "expired",  # the signed address no longer works
    "cut",  # the transfer ended early
    "range",  # the rest of a partial file cannot be had
    "length",  # not as long as the list says
    "corrupt",  # not an intact zip
    "denied",  # 401, 403
    "blocked",  # 403 although the portal has answered with the same key
    "withdrawn",  # 404 on a file
    "not_asked",  # it was not requested, because the portal is blocking requests
    "entry",  # the list's entry of it cannot be used
    "too_large",  # 413
    "refused",  # any other answer that trying again does not change
]

YEARLY_QUOTA = 20
"""Downloads of one file per key and year (data.uspto.gov/apis/bulk-data/download)."""

HOW_TO_GET_A_KEY = (
    "Get a key at https://data.uspto.gov/apikey (a USPTO.gov account verified with ID.me; a key unused for "
    "90 days is deleted) and set it as USPTO_API_KEY."
)
_LATER = "Run the same command again later; what is in the archive is kept."
_WAYS_OUT: Mapping[Kind, str] = {
    "throttled": "Wait a while, make sure that nothing else uses the same key, and run the command again.",
    "quota": (
        f"The portal gives one file at most {YEARLY_QUOTA} times a year per key: use another key, or "
        "fetch it by hand at https://data.uspto.gov/bulkdata and put it into the archive folder."
    ),
    "unclear": (
        f"It may mean that the file was fetched {YEARLY_QUOTA} times this year, or that the portal is busy: run the "
        "command again later; if the answer stays, use another key, or fetch the file by hand at "
        "https://data.uspto.gov/bulkdata and put it into the archive folder."
    ),
    "connection": "Check the network, the proxy (HTTPS_PROXY) and BRI_ODP_URL, then run the command again.",
    "unexpected": "Check that BRI_ODP_URL leads to the Open Data Portal, or run the command again later.",
    "length": "The list may lag behind a file being replaced: run the command again in an hour.",
    "corrupt": "The published file may be broken: run the command again in a day, or report it to the USPTO.",
    "denied": HOW_TO_GET_A_KEY,
    "blocked": (
        "The key is not the reason: the portal, or something on the way to it, is blocking requests for a while, or "
        "does not give this file. Make sure that nothing else uses the same key, and run the same command again "
        "in an hour; what is in the archive is kept."
    ),
    "not_asked": "Run the same command again in an hour; what is in the archive is kept.",
    "withdrawn": (
        "The portal lists the file and does not have it, so it may just be withdrawn or replaced: run the same "
        "command again later, or fetch it by hand at https://data.uspto.gov/bulkdata and put it into the archive "
        "folder."
    ),
    "entry": (
        "Fetch the file by hand at https://data.uspto.gov/bulkdata and put it into the archive folder; if more "
        "entries are like that, the list may have a new form: update this software."
    ),
    "too_large": "Ask for a shorter period.",
    "refused": "Check the request and BRI_ODP_URL; trying again does not help.",
}
_TRIES: Mapping[Kind, int] = {
    "quota": 1,
    "unclear": 1,
    "denied": 1,
    "withdrawn": 1,
    "too_large": 1,
    "refused": 1,
    # A whole transfer is spent on each of these, and the published file itself is the likelier cause.
    "length": 2,
    "corrupt": 2,
}

_YEARLY_WORDS = re.compile(
    r"year|annual|same file|(maximum|permitted) number of times|\b20 (downloads|times)"
)
_PACE_WORDS = re.compile(r"\brate\b|per (second|minute|hour)|seconds|throttl|slow ?down|burst")
_LIMIT_WORDS = re.compile(r"quota|download")
_BUSY_WORDS = re.compile(r"too many requests")


@dataclass(frozen=True)
class Trouble:
    """One thing that went wrong.

    reason       a clause fit for the user, without key and without signed address
    retry_after  seconds the server asked to wait, if it did
    """

    kind: Kind
    reason: str
    retry_after: float | None = None

    @property
    def way_out(self) -> str:
        """What the user can do about it, one sentence."""
        return _WAYS_OUT.get(self.kind, _LATER)


class PortalError(UserError):
    """The portal did not give what was requested; the text says what, why and what to do."""

    def __init__(self, what: str, trouble: Trouble, tries: int = 1) -> None:
        times = f" after {tries} tries" if tries > 1 else ""
        self.trouble = trouble
        self.reason = f"Could not get {what}{times}: {trouble.reason}."
        super().__init__(f"{self.reason} {trouble.way_out}")


class AccessDenied(PortalError):
    """401 or 403: no key, a wrong or expired key, or something the key may not see."""


class AnswerTooLarge(PortalError):
    """413: the answer would pass the portal's 6 MB; ask for less."""


def error_of(what: str, trouble: Trouble, tries: int) -> PortalError:
    """The error for a request that was given up after some tries."""
    kinds = {"denied": AccessDenied, "too_large": AnswerTooLarge}
    return kinds.get(trouble.kind, PortalError)(what, trouble, tries)


@dataclass(frozen=True)
class RetryPolicy:
    """How patient the client is; waits in seconds.

    tries               for an answer in JSON
    file_tries          for a file: each counts against the file's yearly quota
    first_wait          after the first failure; doubled with each further one up to longest_wait
    throttle_wait       the same after a 429
    block_wait          the same after a 403 in the middle of successes
    longest_retry_after a longer Retry-After is not waited for
    """

    tries: int = 6
    file_tries: int = 4
    first_wait: float = 1.0
    throttle_wait: float = 5.0
    block_wait: float = 15.0
    longest_wait: float = 120.0
    longest_retry_after: float = 900.0


def wait_before_retry(
    trouble: Trouble,
    tries_made: int,
    policy: RetryPolicy,
    *,
    of_file: bool,
    jitter: float,
    alike: int | None = None,
) -> float | None:
    """Seconds to wait before the next try, or None to give up.

    Args:
        trouble: what the last try met.
        tries_made: tries so far, 1 or more.
        policy: the limits.
        of_file: whether a bulk file is being fetched.
        jitter: a random number of [0, 1); spreads the wait so that clients do not return together.
        alike: how many of the tries met this kind of trouble; None: all.
    """
    allowed = policy.file_tries if of_file else policy.tries
    if tries_made >= allowed or (alike or tries_made) >= _TRIES.get(trouble.kind, allowed):
        return None
    first = {"throttled": policy.throttle_wait, "blocked": policy.block_wait}.get(
        trouble.kind, policy.first_wait
    )
    # "Retry-After: 0", or a date that is past, names no time to wait.
    if trouble.retry_after is not None and trouble.retry_after >= first:
        return None if trouble.retry_after > policy.longest_retry_after else trouble.retry_after + jitter
    return min(first * 2.0 ** (tries_made - 1), policy.longest_wait) * (1 + jitter)


def retry_after_seconds(value: str | None, now: float) -> float | None:
    """A Retry-After header, seconds or an HTTP date, as seconds from ``now`` (Unix time); else None."""
    if not value:
        return None
    try:
        seconds = float(value)
        return None if math.isnan(seconds) else max(seconds, 0.0)
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(value)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max(moment.timestamp() - now, 0.0)
    except (ValueError, TypeError, OverflowError):
        return None


def kind_of_429(message: str, retry_after: float | None) -> Literal["quota", "unclear", "throttled"]:
    """What the 429 of a file means: its yearly quota, which no waiting mends, or too many requests.

    The portal documents that the 21st request of a year is answered with "an error message" and 429, but
    not its words. So, in this order: words of a year or of one file mean the quota; words of a pace mean "too
    fast"; words of a quota or of downloads mean the quota; a time to wait or "too many requests" mean "too
    fast". A 429 that says none of this, or nothing, may be either. It is not tried again: asking once more for a
    file whose quota is spent would be the worse mistake.
    """
    text = message.lower()
    if _YEARLY_WORDS.search(text):
        return "quota"
    if _PACE_WORDS.search(text):
        return "throttled"
    if _LIMIT_WORDS.search(text):
        return "quota"
    if retry_after is not None or _BUSY_WORDS.search(text):
        return "throttled"
    return "unclear"
