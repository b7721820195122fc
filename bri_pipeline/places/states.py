"""US states by code or name, for studies whose focal country is the United States."""

from __future__ import annotations

from pathlib import Path

from bri_pipeline.csv_rows import csv_rows
from bri_pipeline.places.text import key


def us_states(reference_dir: Path) -> dict[str, str]:
    """``ca`` and ``california`` → ``US-CA``, from ``us_states.csv``."""
    rows = [row for _, row in csv_rows(reference_dir / "us_states.csv", ("iso", "name"))]
    return {key(spelling): row["iso"] for row in rows for spelling in (row["iso"][3:], row["name"])}
