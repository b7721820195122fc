"""Answers for people: address strings on the command line → records and a readable table."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bri_pipeline.places.resolver import Resolver
from bri_pipeline.printing import text_table

_HEADINGS = ("text", "province", "name", "city", "method", "confidence", "candidates", "note")


def answers(texts: Iterable[str], reference_dir: Path, country: str = "CN") -> list[dict[str, Any]]:
    """Place each string as the city field of an inventor in a country, China by default.

    Returns:
        One dict per string: ``text, province, province_name, city, method, confidence, candidates, note``.

    Raises:
        UserError: a reference file is missing or has a row that cannot be used.
    """
    resolver = Resolver.load(reference_dir, country)
    names = resolver.province_names
    found = []
    for text in texts:
        answer = resolver.resolve(text)
        found.append(
            {
                "text": text,
                "province": answer.province,
                "province_name": names[answer.province] if answer.province else None,
                "city": answer.city,
                "method": answer.method,
                "confidence": answer.confidence,
                "candidates": list(answer.candidates),
                "note": answer.note,
            }
        )
    return found


def format_answers(found: Iterable[dict[str, Any]], width: int | None = None) -> str:
    """The answers as a table, folded into a terminal's width if there is one; an empty string for none."""
    rows = [
        (
            one["text"],
            one["province"] or "-",
            one["province_name"] or "-",
            one["city"] or "-",
            one["method"],
            f"{one['confidence']:.2f}",
            " ".join(one["candidates"]) or "-",
            one["note"],
        )
        for one in found
    ]
    return text_table(_HEADINGS, rows, width) if rows else ""
