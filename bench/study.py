"""The study of the archives that ``bench.weekly`` writes: publications with an inventor in CN and one in SG."""

from __future__ import annotations

from pathlib import Path

COUNTRIES = ("CN", "SG")
_STUDY = """\
name = "bench"
focal_country = "{focal}"
window = {{ start = 2001-01-01, end = 2025-12-31 }}
partners = ["{partner}"]
[source]
path = "{archive}"
country_totals = {totals}
"""


def write_study(path: Path, archive: Path, *, totals: bool) -> Path:
    """Write the study's file; with ``totals`` the countries of every document are counted."""
    focal, partner = COUNTRIES
    text = _STUDY.format(focal=focal, partner=partner, archive=archive.absolute(), totals=str(totals).lower())
    path.write_text(text, encoding="utf-8")
    return path
