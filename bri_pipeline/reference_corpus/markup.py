"""The few pieces of XML text that all formats are put together from."""

from __future__ import annotations

import re
from html.entities import codepoint2name

_NOT_PLAIN = re.compile(r"[^\x20-\x7e\n]|[&<>]")


def leaf(name: str, text: str) -> str:
    """An element on one line around text that is already escaped."""
    return f"<{name}>{text}</{name}>"


def branch(name: str, *content: str, attributes: str = "") -> str:
    """An element around other elements, one per line; empty pieces are left out."""
    start = f"<{name} {attributes}>" if attributes else f"<{name}>"
    return "\n".join((start, *(piece for piece in content if piece), f"</{name}>"))


def numeric(text: str) -> str:
    """Text with hexadecimal character references, as the files since 2005 have it (``&#x26;``)."""
    return _NOT_PLAIN.sub(lambda match: f"&#x{ord(match[0]):x};", text)


def named(text: str) -> str:
    """Text with entity names, as the files to 2004 have it (``&uuml;``, declared only in the DTD)."""

    def reference(match: re.Match[str]) -> str:
        name = codepoint2name.get(ord(match[0]))
        return f"&{name};" if name else f"&#x{ord(match[0]):x};"

    return _NOT_PLAIN.sub(reference, text)
