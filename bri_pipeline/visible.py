"""Text from outside made fit for a terminal and for error messages: what cannot be seen is escaped, long is cut."""

from __future__ import annotations

import re

# Control characters, surrogates, line separators, and what turns the direction of the text around it: a terminal
# obeys these instead of showing them.
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """The text with control and direction-changing characters written as escapes, U+202E as a backslash and ``u202e``.

    Line breaks and tabs stay as they are.
    """
    return _HIDDEN.sub(lambda match: match[0] if match[0] in "\n\t" else _escape(match[0]), text)


def visible_json(text: str) -> str:
    """JSON with the same characters as JSON's own escapes: it says the same, and a terminal only shows it."""
    return _HIDDEN.sub(lambda match: match[0] if match[0] == "\n" else f"\\u{ord(match[0]):04x}", text)


def hidden_character(text: str) -> str | None:
    """The escape of the first control or direction-changing character, line breaks too; null where there is none."""
    match = _HIDDEN.search(text)
    return _escape(match[0]) if match else None


def brief(value: object, width: int = 60) -> str:
    """A value as an error message quotes it: its Python form, on one line, cut to ``width`` characters."""
    # the form of a huge text or list need not be made whole
    text = visible(repr(value[: width + 1] if isinstance(value, str | list) else value))
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
