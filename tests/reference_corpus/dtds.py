"""The USPTO's DTDs as validators, and documents prepared for them."""

from __future__ import annotations

import io
import re
from functools import cache
from html.entities import name2codepoint
from pathlib import Path

from lxml import etree

from bri_pipeline.reference_corpus.pap import SYSTEM_IDENTIFIERS
from bri_pipeline.reference_corpus.red_book import system_identifier

_EXTERNAL_ENTITY = re.compile(r'<!ENTITY\s+%\s+([\w.-]+)\s+(?:PUBLIC\s+"[^"]*"|SYSTEM)\s+"[^"]*"\s*>')


@cache
def load_dtd(shared: Path, era: str) -> etree.DTD:
    """The DTD of an era without its external modules (mathematics, tables, character names)."""
    name = SYSTEM_IDENTIFIERS.get(era) or system_identifier(era)
    (path,) = shared.glob(f"dtd/**/{name}")
    text = path.read_text(encoding="latin-1")
    modules = _EXTERNAL_ENTITY.findall(text)
    text = _EXTERNAL_ENTITY.sub("", text)
    for module in modules:
        text = text.replace(f"%{module};", "")
    return etree.DTD(io.BytesIO(text.encode("latin-1")))


def parsed(document: bytes) -> etree._Element:
    """The root of a document, its character names (declared in modules we do not have) resolved."""
    text = document.decode()
    text = re.sub(r"<!DOCTYPE[^>]*>", "", text)
    text = re.sub(
        r"&(\w+);",
        lambda m: m[0] if m[1] in ("amp", "lt", "gt", "quot", "apos") else chr(name2codepoint[m[1]]),
        text,
    )
    return etree.fromstring(text.encode())


def bibliographic_root(document: bytes) -> etree._Element:
    """The bibliographic part as a document of its own (front pages lack the description DTDs ask for)."""
    return etree.fromstring(etree.tostring(parsed(document)[0]))
