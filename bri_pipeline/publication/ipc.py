"""IPC and CPC symbols in the normal form ``H04L 29/06``, whichever way the era wrote them.

Files to 2004 and publications of 2005 write ``H04L029/06``. Grants to 2005 write columns: the subclass, three for
the main group (right-aligned), the subgroup behind them, so ``H01L 21302`` is H01L 21/302 and ``A01B  102`` is
A01B 1/02; for them blanks count. Since 2006 the parts have elements of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TypeVar

from bri_pipeline.publication.record import CpcSymbol, IpcSymbol

_SYMBOL = re.compile(r"([A-H]|Y)(?:(\d{2})(?:([A-Z])(?:(\d{1,4})(?:/(\d{1,6}))?)?)?)?")
_SUBCLASS, _GROUP = 4, 3  # columns
_GROUP_COLUMNS = re.compile(r" *\d+")
_SUBGROUP = re.compile(r"\d{2,6}")

_Symbol = TypeVar("_Symbol", IpcSymbol, CpcSymbol)


def normal_symbol(written: str, *, cpc: bool = False) -> str | None:
    """``A41D001/06`` or ``A41D 1/06`` as ``A41D 1/06``; a partial symbol goes as far as it can be read.

    None if not even a section can be read. Section Y is one of the CPC only.
    """
    compact = "".join(written.upper().split())
    match = _SYMBOL.match(compact)
    if not match or compact[match.end() :][:1].isalpha() or (match[1] == "Y" and not cpc):
        return None
    section, ipc_class, subclass, group, subgroup = match.groups(default="")
    group = f" {group.lstrip('0') or '0'}" if group else ""
    return f"{section}{ipc_class}{subclass}{group}" + (f"/{subgroup}" if subgroup else "")


def symbol_in_columns(written: str) -> str | None:
    """The normal form of a symbol in fixed columns, blanks inside it kept; one with a slash is read by it.

    Where the columns cannot be recognised (``A01B 102``, blanks collapsed), the symbol goes as far as the subclass.
    """
    text = written.strip().upper()
    if "/" in text or len(text) <= _SUBCLASS:
        return normal_symbol(text)
    subclass, columns = normal_symbol(text[:_SUBCLASS]), text[_SUBCLASS:]
    group, subgroup = columns[:_GROUP].strip(), columns[_GROUP:].strip()
    if (
        subclass is None
        or len(subclass) < _SUBCLASS
        or not _GROUP_COLUMNS.fullmatch(columns[:_GROUP].rstrip())
    ):
        return subclass
    if not subgroup:
        return f"{subclass} {group.lstrip('0') or '0'}"
    return f"{subclass} {group.lstrip('0') or '0'}/{subgroup}" if _SUBGROUP.fullmatch(subgroup) else subclass


@lru_cache(maxsize=1 << 16)
def symbol_of_parts(
    section: str | None,
    ipc_class: str | None,
    subclass: str | None,
    group: str | None,
    subgroup: str | None,
    *,
    cpc: bool = False,
) -> str | None:
    """The normal form of a symbol given in parts (v4.1 and later); all but the section may be missing."""
    written = ""
    for part, width in ((section, 1), (ipc_class, 2), (subclass, 1), (group, 1)):
        if not part or not part.strip():
            return normal_symbol(written, cpc=cpc)
        written += part.strip().zfill(width)
    return normal_symbol(f"{written}/{subgroup}" if subgroup and subgroup.strip() else written, cpc=cpc)


def ordered_symbols(
    read: Iterable[tuple[str | None, bool]], kind: type[_Symbol]
) -> tuple[tuple[_Symbol, ...], int]:
    """Symbols in file order from (symbol, marked as first), and how many could not be read (None).

    Exactly one symbol is ``first``: the first one marked, or where the file marks none, the first in order.
    """
    symbols: list[_Symbol] = []
    first: int | None = None
    unread = 0
    for symbol, marked in read:
        if symbol is None:
            unread += 1
            continue
        if marked and first is None:
            first = len(symbols)
        symbols.append(kind(symbol, "later"))
    if symbols:
        position = first or 0
        symbols[position] = kind(symbols[position].symbol, "first")
    return tuple(symbols), unread
