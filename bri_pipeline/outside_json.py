"""JSON that others wrote: read so that whatever it holds can be kept and shown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

DEEPEST = 64
"""Levels of lists and objects; those of the sources that are read have less than ten."""

# A pair of surrogates is one character; one alone is none, and no file or table can hold it.
_ESCAPE = re.compile(
    r"(?P<kept>\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}|(?P<other>\\.)",
    re.DOTALL,
)


def json_value(text: bytes) -> Any:
    """The value that a text in JSON writes; half a character, written as an escape, is read as U+FFFD.

    Raises:
        ValueError: it is no JSON, is not in the encoding that it seems to be in, or is nested deeper than ``DEEPEST``.
    """
    written = text.decode(json.detect_encoding(text))
    if "\\ud" in written or "\\uD" in written:
        written = _ESCAPE.sub(lambda found: found["kept"] or found["other"] or "\ufffd", written)
    try:
        value = json.loads(written)
    except RecursionError:
        raise ValueError("nested too deep") from None
    level: list[Any] = [value]
    for _ in range(DEEPEST):
        level = [member for one in level for member in _members(one)]
        if not level:
            return value
    raise ValueError("nested too deep")


def _members(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
