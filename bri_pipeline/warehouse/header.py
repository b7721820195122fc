"""The header of a file under ``sql/``: prose, then tags, in leading line comments.

-- One row per patent.
-- @column year | year of publication, of which a long meaning
--   goes on in the next line
-- @unique publication_number
select ...
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from bri_pipeline.warehouse.model import ModelError

_TAG = re.compile(r"@(\w+)\s*(.*)")
_CONTINUATION = "   "
# Texts and quoted names are matched first, so that what looks like a comment within them is left alone.
_COMMENTS = re.compile(r"""('(?:[^']|'')*'|"(?:[^"]|"")*")|(?:--[^\n]*|/\*.*?\*/|\s+)+""", re.DOTALL)


@dataclass(slots=True)
class Tag:
    """``@name value`` and its line."""

    name: str
    value: str
    line: int


@dataclass(slots=True)
class Header:
    """Description, tags in order, and the query below them without its closing semicolon."""

    description: str
    body: str
    tags: list[Tag] = field(default_factory=list)

    def values(self, name: str) -> list[str]:
        """The values of every tag of that name, in order."""
        return [tag.value for tag in self.tags if tag.name == name]


def read_header(path: Path, known_tags: frozenset[str]) -> Header:
    """Read a file under ``sql/``.

    Raises:
        ModelError: no description, an unknown tag, or a tag below the header where nobody would read it.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    length = next((n for n, line in enumerate(lines) if not line.startswith("--")), len(lines))
    prose, tags = _split_header(lines[:length], path, known_tags)
    for number, line in enumerate(lines[length:], start=length + 1):
        if re.match(r"\s*--\s*@", line):
            raise ModelError(f"{path}:{number}: a tag below the header is not read; move it to the top.")
    if not prose:
        raise ModelError(f"{path}: the first comment must say what one row is.")
    return Header(" ".join(prose), "\n".join(lines[length:]).strip().rstrip(";").rstrip(), tags)


def without_comments(sql: str) -> str:
    """The SQL without comments and with single blanks: queries that are only formatted differently are equal."""
    return _COMMENTS.sub(lambda match: match[1] or " ", sql).strip()


def _split_header(lines: list[str], path: Path, known_tags: frozenset[str]) -> tuple[list[str], list[Tag]]:
    prose: list[str] = []
    tags: list[Tag] = []
    for number, line in enumerate(lines, start=1):
        comment = line.removeprefix("--")
        text = comment.strip()
        if tag := _TAG.fullmatch(text):
            if tag[1] not in known_tags:
                known = ", ".join(f"@{name}" for name in sorted(known_tags))
                raise ModelError(f"{path}:{number}: unknown tag @{tag[1]}; write one of {known}.")
            tags.append(Tag(tag[1], tag[2].strip(), number))
        elif not text:
            continue
        elif not tags:
            prose.append(text)
        elif comment.startswith(_CONTINUATION):
            tags[-1].value += f" {text}"
        else:
            raise ModelError(
                f"{path}:{number}: prose after a tag; put it above the tags, or indent it to continue one."
            )
    return prose, tags
