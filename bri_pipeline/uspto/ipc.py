"""IPC symbols in the normal form ``H04L 29/06``, whichever way the era wrote them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bri_pipeline.record import IpcSymbol

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


def symbol_of_parts(section: str, ipc_class: str, subclass: str, group: str, subgroup: str) -> str | None:
    """The normal form of a symbol given in parts (v4.1 and later); all but the section may be blank."""
    if ipc_class and subclass and group and subgroup:
        return normal_symbol(f"{section}{ipc_class.zfill(2)}{subclass}{group}/{subgroup}")
    if ipc_class and subclass:
        return normal_symbol(f"{section}{ipc_class.zfill(2)}{subclass}{group}")
    return normal_symbol(section + (ipc_class.zfill(2) if ipc_class else ""))


def ordered_symbols(read: Iterable[tuple[str | None, bool]]) -> tuple[IpcSymbol, ...]:
    """Symbols in file order from (symbol, marked as first); exactly one is ``first``.

    The first one marked is; where the file marks none, the first in order.
    """
    symbols = [(symbol, marked) for symbol, marked in read if symbol]
    first = next((place for place, (_, marked) in enumerate(symbols) if marked), 0)
    return tuple(
        IpcSymbol(symbol, "first" if place == first else "later") for place, (symbol, _) in enumerate(symbols)
    )
