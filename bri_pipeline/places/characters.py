"""Traditional and simplified Chinese characters, by OpenCC's dictionaries."""

from __future__ import annotations

from functools import cache

from opencc import OpenCC


@cache
def _converter(config: str) -> OpenCC:
    return OpenCC(config)


def simplified(text: str) -> str:
    """The text in simplified characters, Hong Kong's and Taiwan's variants included."""
    return str(_converter("t2s").convert(_converter("hk2s").convert(text)))


def traditional(text: str) -> str:
    """The text in traditional characters, as OpenCC writes them."""
    return str(_converter("s2t").convert(text))
