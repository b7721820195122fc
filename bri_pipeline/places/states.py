"""US states by code or name, for studies whose focal country is the United States."""

from __future__ import annotations

import csv
from pathlib import Path

from bri_pipeline.places.text import key


def us_states(reference_dir: Path) -> dict[str, str]:
    """``ca`` and ``california`` → ``US-CA``, from ``us_states.csv``."""
    with (reference_dir / "us_states.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {key(spelling): row["iso"] for row in rows for spelling in (row["iso"][3:], row["name"])}
