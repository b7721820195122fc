"""Parses one document safely and gets plain text out of its elements.

No DTD is loaded and nothing is fetched: the document type declaration is replaced before parsing. Entities that a
document declares with a text of its own are replaced by that text; all other named entities remain in the tree as
nodes and are read as the characters the ISO sets give them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TypeAlias, TypeVar

from lxml import etree

from bri_pipeline.publication.entities import entity_text
from bri_pipeline.uspto.split import Root


class UnreadableXml(ValueError):
    """Why a document could not be read."""


_DECLARATION = re.compile(rb"<\?xml\s[^>]*\?>")
# An external subset that is never loaded makes undeclared entities legal (XML 1.0, section 4.1).
_DOCTYPE = b'<!DOCTYPE document SYSTEM "none">'


def _parser(*, remove_blank_text: bool) -> etree.XMLParser:
    return etree.XMLParser(
        load_dtd=False,
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        remove_blank_text=remove_blank_text,
    )


_OWN_ENTITY = re.compile(rb"<!ENTITY\s+([^\s%\"'>]+)\s+(\"[^\"]*\"|'[^']*')\s*>")
_NAMESPACE = b"xmlns"
_ENTITY_DEPTH, _ENTITY_BYTES = 10, 1 << 20
_ALL_TEXT = _parser(remove_blank_text=False)
# Half the nodes of a document are line breaks between its tags.
_NO_BLANKS = _parser(remove_blank_text=True)

_Record = TypeVar("_Record")


class _MoreThanText(Exception):
    """An element to be read as text holds other elements or entities, and blanks between them count."""


def read_root(content: bytes, root: Root, read: Callable[[etree._Element], _Record]) -> _Record:
    """What a function reads from the root element of a document.

    Text after the root's end tag is left off as long as it holds no markup. ``read`` is called again, with the
    document parsed again, if it comes upon text with markup or entities in it, which few documents have.

    Raises:
        UnreadableXml: the document is not well-formed; the text says why and where.
    """
    if b"<!ENTITY" in root.opening:
        content = _with_own_entities(content, root)
    content = _without_doctype(content, root)
    try:
        return read(_parsed(content, _NO_BLANKS))
    except _MoreThanText:
        return read(_parsed(content, _ALL_TEXT))


def _parsed(content: bytes, parser: etree.XMLParser) -> etree._Element:
    try:
        root = etree.fromstring(content, parser)
        return _without_namespaces(root) if _NAMESPACE in content else root
    except etree.XMLSyntaxError as error:
        raise UnreadableXml(f"not well-formed XML: {error.msg}") from error
    except ValueError as error:
        raise UnreadableXml(f"not readable as XML: {error}") from error


def _without_namespaces(root: etree._Element) -> etree._Element:
    """The tree with bare names: the USPTO's elements are in no namespace, and mean the same in any."""
    for element in root.iter(etree.Element):
        element.tag = str(element.tag).rpartition("}")[2]
    return root


def _with_own_entities(content: bytes, root: Root) -> bytes:
    """The document with the entities that it declares with a text of its own replaced by that text.

    Raises:
        UnreadableXml: they expand to more than a record can need.
    """
    texts = {name: text[1:-1] for name, text in _OWN_ENTITY.findall(root.opening)}
    if not texts:
        return content
    reference = re.compile(rb"&(" + b"|".join(map(re.escape, texts)) + rb");")
    head, body = content[: root.start], content[root.start :]
    for _ in range(_ENTITY_DEPTH):
        used = reference.findall(body)
        if not used:
            return head + body
        if len(body) + sum(len(texts[name]) for name in used) > len(content) + _ENTITY_BYTES:
            break
        body = reference.sub(lambda match: texts[match[1]], body)
    raise UnreadableXml("the entities it declares expand without end")


def _without_doctype(content: bytes, root: Root) -> bytes:
    """The document with an empty document type, its line numbers kept."""
    return b"".join((_plain_opening(root.opening), _from_root(content, root)))


def _from_root(content: bytes, root: Root) -> memoryview:
    """The root element; with what follows it if that holds markup."""
    end_tag = b"</" + root.name
    end = content.rfind(end_tag)
    end = content.find(b">", end) + 1 if end >= 0 else 0
    if not end or b"<" in content[end:]:
        end = len(content)
    return memoryview(content)[root.start : end]


@lru_cache(maxsize=256)
def _plain_opening(opening: bytes) -> bytes:
    """What comes before the root element, with an empty document type; the same for nearly all documents."""
    declaration = _DECLARATION.match(opening)
    plain = (declaration[0] if declaration else b"") + _DOCTYPE
    return plain + b"\n" * (opening.count(b"\n") - plain.count(b"\n"))


def plain_text(element: etree._Element | None) -> str:
    """Text of an element without inline markup, blanks collapsed; empty for a missing element."""
    return printed(element) or ""


def whole_text(element: etree._Element) -> str:
    """Text of an element without inline markup, its blanks kept."""
    return (_text_of_all(element) if len(element) else element.text) or ""


def printed(element: etree._Element | None) -> str | None:
    """Plain text of an element, None if it is missing or blank."""
    if element is None:
        return None
    text = _text_of_all(element) if len(element) else element.text
    if not text or text.isalnum():  # a code, a number or a single word has no blanks
        return text or None
    return " ".join(text.split()) or None


def _text_of_all(element: etree._Element) -> str:
    if element.getroottree().parser is _NO_BLANKS:
        raise _MoreThanText
    return "".join(_texts(element))


def children(element: etree._Element | None) -> dict[str, etree._Element]:
    """The first child of each name."""
    if element is None:
        return {}
    return {child.tag: child for child in reversed(element)}


Form: TypeAlias = "Mapping[str, str | Form]"
"""Elements of a part of a document: what the text of each is called, or the form of those it holds."""


def texts(element: etree._Element | None, form: Form) -> dict[str, str | None]:
    """Plain text, as ``printed`` gives it, of the elements of a form; duplicates keep the first.

    Elements that hold others are in the answer by their own names, without text.
    """
    found: dict[str, str | None] = {}
    if element is not None:
        _collect(element, form, found)
    return found


def _collect(element: etree._Element, form: Form, found: dict[str, str | None]) -> None:
    for child in element:
        tag = child.tag
        name = form.get(tag)
        if isinstance(name, str):
            if name not in found:
                found[name] = printed(child)
        elif name and tag not in found:
            found[tag] = None
            _collect(child, name, found)


def _texts(element: etree._Element) -> list[str]:
    texts = [element.text or ""]
    for child in element:
        if isinstance(child, etree._Entity):
            texts.append(entity_text(child.name))
        else:
            texts += _texts(child)
        texts.append(child.tail or "")
    return texts
