"""The one place that takes keys and passwords out of what a server says, before anything of it is kept or shown."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any

KEY_PLACE = "[key]"
USER_PLACE = "[user]"
SHORTEST_KEY = 8
"""A key of fewer characters is taken out only as a word of its own: as a part of words it would be found everywhere."""
SHORTEST_ENCODED = 10
# From the first of a run, as a search that begins at each of them would take for ever; few where another precedes.
_BACKSLASHES = r"(?:(?<!\\)\\+|\\{1,8})"
_USER_IN_ADDRESS = re.compile(r"(?<=://)[^/@\s\"'<>]+@")


class Cleaner:
    """Takes secrets, a key or a password, out of texts, in any case and encoding.

    Recognised are: the secret itself, percent-encoded wholly or in part, once or more often; as escapes of JSON or
    HTML; as hexadecimal digits; in base64, at any offset. The user and password of an address go too, whoever's.
    """

    def __init__(self, *secrets: str | None) -> None:
        known = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
        patterns = [pattern for secret in known for pattern in _patterns(secret)]
        self._secret = re.compile("|".join(patterns), re.IGNORECASE) if patterns else None

    def text(self, text: str) -> str:
        """The text without the secrets."""
        if self._secret is not None:
            text = self._secret.sub(KEY_PLACE, text)
        return _USER_IN_ADDRESS.sub(f"{USER_PLACE}@", text) if "://" in text else text

    def answer(self, value: Any) -> Any:
        """An answer in JSON with every text in it cleaned, names of its fields too."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.answer(member) for member in value]
        if isinstance(value, dict):
            return {self.text(name): self.answer(member) for name, member in value.items()}
        return value


def _patterns(key: str) -> Iterator[str]:
    written = "".join(_character(one) for one in key)
    yield written if len(key) >= SHORTEST_KEY else rf"(?<![A-Za-z0-9]){written}(?![A-Za-z0-9])"
    raw = key.encode()
    yield re.escape(raw.hex())
    for offset in range(3):
        encoded = _base64_inside(raw, offset)
        if len(encoded) >= SHORTEST_ENCODED:
            yield re.escape(encoded)
            yield re.escape(encoded.replace("+", "-").replace("/", "_"))


def _character(one: str) -> str:
    """Every way a character of the key may be written."""
    number = ord(one)
    forms = (
        re.escape(one),
        f"%(?:25)*{number:02x}",
        rf"{_BACKSLASHES}u00{number:02x}",
        f"&#0*{number};",
        f"&#x0*{number:x};",
    )
    return f"(?:{'|'.join(forms)})"


def _base64_inside(raw: bytes, offset: int) -> str:
    """The characters that the bytes alone decide where so many others come before them, whatever they are."""
    encoded = base64.b64encode(b"\0" * offset + raw).decode().rstrip("=")
    first = (offset * 8 + 5) // 6
    last = (offset + len(raw)) * 8 // 6
    return encoded[first:last]
