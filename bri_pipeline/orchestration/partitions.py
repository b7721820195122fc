"""Year partitions of a study."""

from __future__ import annotations

import dagster as dg

from bri_pipeline.study import Study


def year_partitions(study: Study) -> dg.TimeWindowPartitionsDefinition:
    """One partition per year of the window, the running year included; with an open end it grows by itself."""
    end = str(study.window_end.year + 1) if study.window_end else None
    # Without end_offset=1 Dagster shows a year only once it is over.
    return dg.TimeWindowPartitionsDefinition(
        start=str(study.window_start.year), end=end, fmt="%Y", cron_schedule="0 0 1 1 *", end_offset=1
    )
