"""IPC symbols in the normal form ``H04L 29/06``, whichever way the era wrote them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from bri_pipeline.publication.record import IpcSymbol

_SYMBOL = re.compile(r"([A-H])(?:(\d{2})(?:([A-Z])(?:(\d{1,4})(?:/(\d{1,6}))?)?)?)?")


def normal_symbol(written: str) -> str | None:
    """``A41D001/06`` or ``A41D 1/06`` as ``A41D 1/06``; a partial symbol goes as far as it can be read.

    None if not even a section can be read.
    """
    compact = "".join(written.upper().split())
    match = _SYMBOL.match(compact)
    if not match or compact[match.end() :][:1].isalpha():
        return None
    section, ipc_class, subclass, group, subgroup = match.groups(default="")
    group = f" {group.lstrip('0') or '0'}" if group else ""
    return f"{section}{ipc_class}{subclass}{group}" + (f"/{subgroup}" if subgroup else "")


@lru_cache(maxsize=1 << 16)
def symbol_of_parts(
    section: str | None,
    ipc_class: str | None,
    subclass: str | None,
    group: str | None,
    subgroup: str | None,
) -> str | None:
    """The normal form of a symbol given in parts (v4.1 and later); all but the section may be missing."""
    written = ""
    for part, width in ((section, 1), (ipc_class, 2), (subclass, 1), (group, 1)):
        if not part or not part.strip():
            return normal_symbol(written)
        written += part.strip().zfill(width)
    return normal_symbol(f"{written}/{subgroup}" if subgroup and subgroup.strip() else written)


def ordered_symbols(read: Iterable[tuple[str | None, bool]]) -> tuple[IpcSymbol, ...]:
    """Symbols in file order from (symbol, marked as first); exactly one is ``first``.

    The first one marked is; where the file marks none, the first in order.
    """
    symbols: list[IpcSymbol] = []
    first: int | None = None
    for symbol, marked in read:
        if symbol:
            if marked and first is None:
                first = len(symbols)
            symbols.append(IpcSymbol(symbol, "later"))
    if symbols:
        place = first or 0
        symbols[place] = IpcSymbol(symbols[place].symbol, "first")
    return tuple(symbols)
