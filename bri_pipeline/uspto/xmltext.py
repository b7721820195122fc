"""Parses one document safely and gets plain text out of its elements.

No DTD is loaded, nothing is fetched, no entity is expanded: the document type declaration, and with it
every entity a document may declare, is replaced before parsing. Named entities then stand in the tree as
nodes and are read as the characters the ISO sets give them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from bri_pipeline.uspto.entities import entity_text
from bri_pipeline.uspto.split import Root


class UnreadableXml(ValueError):
    """Why a document could not be read."""


_DECLARATION = re.compile(rb"<\?xml\s[^>]*\?>")
# An external subset that is never loaded makes undeclared entities legal (XML 1.0, section 4.1).
_DOCTYPE = b'<!DOCTYPE document SYSTEM "none">'
_PARSER = etree.XMLParser(
    load_dtd=False, resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
)


def parse_root(content: bytes, root: Root) -> etree._Element:
    """The root element of a document.

    Text after the root's end tag is left off as long as it holds no markup.

    Raises:
        UnreadableXml: the document is not well-formed; the text says why and where.
    """
    try:
        return etree.fromstring(_without_doctype(content, root), _PARSER)
    except etree.XMLSyntaxError as error:
        raise UnreadableXml(f"not well-formed XML: {error.msg}") from error
    except ValueError as error:
        raise UnreadableXml(f"not readable as XML: {error}") from error


def _without_doctype(content: bytes, root: Root) -> bytes:
    """The document with an empty document type, its line numbers kept."""
    declaration = _DECLARATION.match(content)
    end_tag = b"</" + root.name
    end = content.rfind(end_tag)
    end = content.find(b">", end) + 1 if end >= 0 else 0
    if not end or b"<" in content[end:]:
        end = len(content)
    lines = content.count(b"\n", 0, root.start)
    opening = (declaration[0] if declaration else b"") + _DOCTYPE
    return opening + b"\n" * (lines - opening.count(b"\n")) + content[root.start : end]


def plain_text(element: etree._Element | None) -> str:
    """Text of an element without inline markup, blanks collapsed; empty for a missing element."""
    return printed(element) or ""


def printed(element: etree._Element | None) -> str | None:
    """Plain text of an element, None if it is missing or blank."""
    if element is None:
        return None
    text = "".join(_texts(element)) if len(element) else element.text
    return " ".join(text.split()) or None if text else None


def children(element: etree._Element | None) -> dict[str, etree._Element]:
    """The first child of each name."""
    if element is None:
        return {}
    return {child.tag: child for child in reversed(element)}


def texts(element: etree._Element, containers: Mapping[str, str]) -> dict[str, str | None]:
    """Plain text of all an element holds, as ``printed`` gives it; of what stands twice, the first.

    ``containers`` are the elements that hold others, each with what is put before the names of those it
    holds: ``{"address": "address/"}`` makes ``address/city``. They stand in the answer too, without text.
    """
    found: dict[str, str | None] = {}
    _collect(element, "", containers, found)
    return found


def _collect(
    element: etree._Element, prefix: str, containers: Mapping[str, str], found: dict[str, str | None]
) -> None:
    for child in element:
        tag = child.tag
        inside = containers.get(tag)
        key = tag if inside is not None else f"{prefix}{tag}"
        if key in found:
            continue
        if inside is None:
            found[key] = printed(child)
        else:
            found[key] = None
            _collect(child, inside, containers, found)


def _texts(element: etree._Element) -> list[str]:
    texts = [element.text or ""]
    for child in element:
        if isinstance(child, etree._Entity):
            texts.append(entity_text(child.name))
        else:
            texts += _texts(child)
        texts.append(child.tail or "")
    return texts
