"""The sections of the page, in order. Each is a function of a Reader; one without rows is absent."""

from __future__ import annotations

from collections.abc import Callable

from bri_pipeline.report.page import Section
from bri_pipeline.report.reader import Reader
from bri_pipeline.report.sections import (
    abroad,
    certainty,
    cooperation,
    fields,
    ledger,
    method,
    partners,
    provinces,
    quality,
    summary,
    time,
    who,
)

SECTIONS: tuple[Callable[[Reader], Section | None], ...] = (
    summary.section,
    who.section,
    partners.section,
    abroad.section,
    fields.section,
    time.section,
    provinces.section,
    cooperation.section,
    certainty.section,
    ledger.section,
    quality.section,
    method.section,
)
