"""Jobs an operator launches, and the monthly schedule."""

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from bri_pipeline.lake.fetch import years_to_mend
from bri_pipeline.lake.layout import Layout
from bri_pipeline.orchestration.lake_assets import ARCHIVE, LANDING, raw_key
from bri_pipeline.study import Study

RANGE_START = "dagster/asset_partition_range_start"
RANGE_END = "dagster/asset_partition_range_end"
STUDY_TAG = "bri/study"
LATE_MONTHS = (1, 2)  # files of December are still published again in these


def jobs(study: Study) -> list[UnresolvedAssetJobDefinition]:
    """refresh: from the source to the report; lake: archive, landing and raw; marts: from raw to the report."""
    lake = dg.AssetSelection.assets(ARCHIVE, LANDING, *(raw_key(partner.iso2) for partner in study.searched))
    tags = {STUDY_TAG: study.name}
    return [
        dg.define_asset_job(
            "refresh",
            dg.AssetSelection.all(),
            tags=tags,
            description="From the source files of a range of years to checked tables, a published copy and the report.",
        ),
        dg.define_asset_job(
            "lake",
            lake,
            tags=tags,
            description="Verify, read and search the source files of a range of years; the tables stay as they are.",
        ),
        dg.define_asset_job(
            "marts",
            dg.AssetSelection.all() - lake,
            tags=tags,
            description="Build every table from what has landed, check, publish and report.",
        ),
    ]


def monthly_refresh(study: Study, layout: Layout) -> dg.ScheduleDefinition:
    """Third day of each month: this year, in January and February last year as well, then the rest of the graph.

    A year with a file that could not be downloaded is refreshed as well, with those after it, until the file is there.
    """

    @dg.schedule(
        job_name="refresh",
        cron_schedule="0 3 3 * *",
        execution_timezone="UTC",
        description=monthly_refresh.__doc__,
    )
    def monthly_refresh_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        at = context.scheduled_execution_time
        last = min(at.year, study.last_year_at(at.date()))
        first = max(at.year - 1 if at.month in LATE_MONTHS else at.year, study.window_start.year)
        # While a file is missing nothing is published, so its year must not wait for somebody to notice.
        first = min([first, *years_to_mend(study, layout, range(study.window_start.year, last + 1))])
        if first > last:
            return dg.SkipReason(
                f"The window of {study.name} ended on {study.window_end}; nothing new can appear."
            )
        return dg.RunRequest(
            run_key=f"{study.name}-{at:%Y-%m}",
            tags={RANGE_START: str(first), RANGE_END: str(last), STUDY_TAG: study.name},
        )

    return monthly_refresh_schedule
