"""Reads the built files with regular expressions and ElementTree only, knowing nothing of the writers."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

_START = re.compile(rb'(?=<\?xml version="1\.0")')
_KEPT_ENTITIES = ("amp", "lt", "gt", "quot", "apos")


@dataclass(frozen=True)
class Read:
    """One document: number and kind, date, and per inventor city, region and the country that counts."""

    number: str
    kind: str
    date: str
    application: str
    title: str
    inventors: tuple[tuple[str | None, str | None, str | None], ...]
    main_ipc: str | None

    @property
    def countries(self) -> set[str | None]:
        return {country for _, _, country in self.inventors}


def standing_files(folder: Path) -> list[Path]:
    """Of each week the file with the highest revision."""
    weeks: dict[str, Path] = {}
    for path in sorted(folder.glob("*/*.zip")):
        weeks[re.sub(r"(_r\d+)?\.zip$", "", path.name)] = path  # base sorts before _r1, _r1 before _r2
    return list(weeks.values())


def documents(path: Path) -> Iterator[bytes]:
    with zipfile.ZipFile(path) as archive:
        (member,) = (name for name in archive.namelist() if name.endswith(".xml"))
        yield from (piece for piece in _START.split(archive.read(member)) if piece.strip())


def read(document: bytes) -> Read | None:
    """A publication; None for another kind of document.

    Raises:
        ElementTree.ParseError: the document is broken.
    """
    text = re.sub(r"<!DOCTYPE[^>]*>", "", document.decode())
    text = re.sub(r"&(\w+);", lambda m: m[0] if m[1] in _KEPT_ENTITIES else html.unescape(m[0]), text)
    root = ElementTree.fromstring(text)
    if root.tag == "patent-application-publication":
        return _read_pap(root)
    return _read_red_book(root) if root.tag == "us-patent-application" else None


def _text(node: ElementTree.Element, path: str) -> str | None:
    return " ".join((node.findtext(path) or "").split()) or None


def _read_pap(root: ElementTree.Element) -> Read:
    def one(path: str) -> str:
        return _text(root, f"subdoc-bibliographic-information/{path}") or ""

    people = root.findall("*/inventors/*")
    homes = [next(iter(person.find("residence") or ()), ElementTree.Element("none")) for person in people]
    return Read(
        one("document-id/doc-number"),
        one("document-id/kind-code"),
        one("document-id/document-date"),
        one("domestic-filing-data/application-number/doc-number"),
        one("technical-information/title-of-invention"),
        tuple((_text(h, "city"), _text(h, "state"), _text(h, "country-code")) for h in homes),
        one("technical-information/classification-ipc/classification-ipc-primary/ipc") or None,
    )


def _read_red_book(root: ElementTree.Element) -> Read:
    def one(path: str) -> str:
        return _text(root, f"us-bibliographic-data-application/{path}") or ""

    people = root.findall(".//applicants/applicant[@app-type='applicant-inventor']")
    people = people or root.findall(".//us-parties/inventors/inventor")
    ipcr = root.find(".//classification-ipcr")
    symbol = (
        "".join(_text(ipcr, tag) or "" for tag in ("section", "class", "subclass"))
        if ipcr is not None
        else ""
    )
    return Read(
        one("publication-reference/document-id/doc-number"),
        one("publication-reference/document-id/kind"),
        one("publication-reference/document-id/date"),
        one("application-reference/document-id/doc-number"),
        one("invention-title"),
        tuple(
            (
                _text(person, "addressbook/address/city"),
                _text(person, "addressbook/address/state"),
                _text(person, "residence/country") or _text(person, "addressbook/address/country"),
            )
            for person in people
        ),
        symbol or one("classification-ipc/main-classification") or None,
    )
