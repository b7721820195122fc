"""Jobs an operator launches, and the monthly schedule."""

from datetime import date

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from bri_pipeline.home import StudyHome
from bri_pipeline.lake.fetch import years_to_mend
from bri_pipeline.orchestration.groups import STUDY_TAG
from bri_pipeline.orchestration.lake_assets import ARCHIVE, LANDING, raw_key
from bri_pipeline.orchestration.links import pages
from bri_pipeline.orchestration.paper_assets import PAPERS
from bri_pipeline.study import Study

RANGE_START = "dagster/asset_partition_range_start"
RANGE_END = "dagster/asset_partition_range_end"
LATE_MONTHS = (1, 2)  # files of December are still published again in these


def jobs(study: Study) -> list[UnresolvedAssetJobDefinition]:
    """refresh: from the source to the report; lake: archive, landing and raw; marts: from raw to the report."""
    papers = [PAPERS] if study.papers is not None else []
    hits = (raw_key(partner.iso2) for partner in study.searched)
    lake = dg.AssetSelection.assets(ARCHIVE, LANDING, *papers, *hits)
    tags = {STUDY_TAG: study.name}
    return [
        dg.define_asset_job(
            "refresh",
            dg.AssetSelection.all(),
            tags=tags,
            metadata=pages(),
            description=(
                "Brings everything up to date in ONE run: verifies, reads and searches the source files of the years "
                "chosen, builds and checks every table, publishes the copy for readers, writes the report. Press "
                "Materialize all, choose all years or some, launch. (Materialize all on the graph of all assets does "
                "the same in several runs, one after the other.)"
            ),
        ),
        dg.define_asset_job(
            "lake",
            lake,
            tags=tags,
            description=(
                "Verifies, reads and searches the source files of the years chosen, in one run. The tables stay as "
                "they are: run the job marts afterwards. To repeat failed years choose Failed and missing."
            ),
        ),
        dg.define_asset_job(
            "marts",
            dg.AssetSelection.all() - lake,
            tags=tags,
            description=(
                "Builds every table from what has landed, runs the checks, publishes the copy for readers and writes "
                "the report. Reads no source file."
            ),
        ),
    ]


def years_to_refresh(home: StudyHome, today: date) -> range:
    """The years of the window that a refresh takes on a day; none where nothing new can appear."""
    window = range(home.study.window_start.year, home.study.last_year_at(today) + 1)
    recent = today.year - 1 if today.month in LATE_MONTHS else today.year
    # While a file is missing nothing is published, so its year must not wait for somebody to notice.
    to_mend = years_to_mend(home)
    wanted = [year for year in window if year >= recent or year in to_mend]
    if wanted and home.study.source.kind == "patentsview_tables":
        return window  # all years land from one release, and must be searched again
    return range(wanted[0], window[-1] + 1) if wanted else range(0)


def monthly_refresh(home: StudyHome) -> dg.ScheduleDefinition:
    """On the third of each month at 03:00 UTC, starts the job refresh for this year.

    In January and February for last year as well. A year with a file that could not be downloaded is refreshed again,
    with the years after it, until the file is there. A study of PatentsView's tables refreshes all its years.
    """

    @dg.schedule(
        job_name="refresh",
        cron_schedule="0 3 3 * *",
        execution_timezone="UTC",
        description=monthly_refresh.__doc__,
    )
    def monthly_refresh_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        at = context.scheduled_execution_time
        years = years_to_refresh(home, at.date())
        if not years:
            return dg.SkipReason(
                f"The window of {home.study.name} ended on {home.study.window_end}; nothing new can appear."
            )
        return dg.RunRequest(
            run_key=f"{home.study.name}-{at:%Y-%m}",
            tags={RANGE_START: str(years[0]), RANGE_END: str(years[-1]), STUDY_TAG: home.study.name},
        )

    return monthly_refresh_schedule
