"""How numbers are written on the page: one form per kind, and a dash where there is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

Kind = Literal[
    "text",
    "code",
    "rank",
    "count",
    "percent",
    "decimal",
    "number",
    "figure",
    "year",
    "probability",
    "verdict",
    "command",
    "publication",
]

MISSING = "–"


def count(value: int) -> str:
    """1234 -> ``1,234``."""
    return f"{value:,}"


def percent(value: float) -> str:
    """A fraction as a percentage with two decimals: 0.1234 -> ``12.34%``."""
    return f"{100 * value:z,.2f}%"


def short_percent(value: float) -> str:
    """A fraction as sentences and figures give it, with one decimal: 0.1234 -> ``12.3%``."""
    return f"{100 * value:z,.1f}%"


def decimal(value: float) -> str:
    """A number with two decimals: 5.428571 -> ``5.43``."""
    return f"{value:,.2f}"


def number(value: float) -> str:
    """A number of any size, with at most four decimals: 21.0 -> ``21``, 0.85057 -> ``0.8506``."""
    return f"{value:,.4f}".rstrip("0").rstrip(".")


def probability(value: float) -> str:
    """A probability with three decimals: 0.00012 -> ``<0.001``."""
    return "<0.001" if value < 0.001 else f"{value:.3f}"


_FORMS: dict[str, Callable[[Any], str]] = {
    "count": count,
    "percent": percent,
    "decimal": decimal,
    "number": number,
    "probability": probability,
}


def shown(value: Any, kind: Kind = "text") -> str:
    """A value of a mart as the page shows it; a dash for what is not defined."""
    if value is None or value == "":
        return MISSING
    return _FORMS.get(kind, str)(value)
