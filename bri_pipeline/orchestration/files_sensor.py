"""Notices files put into the archive, or the study's folder, by hand, and asks for one run of their years."""

import hashlib
from pathlib import Path

import dagster as dg

from bri_pipeline.errors import UserError
from bri_pipeline.home import StudyHome
from bri_pipeline.lake.archive import files_of_source, source_folder
from bri_pipeline.lake.source import source_of
from bri_pipeline.orchestration.dead_runs import UNFINISHED
from bri_pipeline.orchestration.groups import STUDY_TAG
from bri_pipeline.orchestration.jobs import RANGE_END, RANGE_START
from bri_pipeline.settings import Settings
from bri_pipeline.years import years_in_words

LOOK_SECONDS = 120
AT_WORK = [dg.DagsterRunStatus.QUEUED, *UNFINISHED]


def new_files_sensor(home: StudyHome, settings: Settings) -> dg.SensorDefinition:
    """Off until switched on. Requests a run once the files were the same twice in a row and no other run is active."""

    @dg.sensor(
        name="new_files_in_the_archive",
        job_name="refresh",
        minimum_interval_seconds=LOOK_SECONDS,
        default_status=dg.DefaultSensorStatus.STOPPED,
        description=(
            "Looks every two minutes for source files that are new, changed or gone. Starts the job refresh for their "
            "years once the files were the same at two looks and no other run is queued or running."
        ),
    )
    def new_files_in_the_archive(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        try:
            years = years_with_new_files(home, settings)
        except UserError as error:
            return dg.SkipReason(str(error))
        if not years:
            return dg.SkipReason("Every source file has been read as it is.")
        seen = source_files_digest(home)
        if context.cursor != seen:
            return dg.SensorResult(
                skip_reason=f"{years_in_words(years)} changed; waits for the next look, should files still come.",
                cursor=seen,
            )
        if context.instance.get_runs(dg.RunsFilter(statuses=AT_WORK), limit=1):
            return dg.SkipReason(f"{years_in_words(years)} changed; waits for the runs at work.")
        tags = {RANGE_START: str(years[0]), RANGE_END: str(years[-1]), STUDY_TAG: home.study.name}
        return dg.SensorResult([dg.RunRequest(run_key=f"files-{seen}", tags=tags)], cursor=seen)

    return new_files_in_the_archive


def years_with_new_files(home: StudyHome, settings: Settings) -> list[int]:
    """The years of the window whose files are not those that were read; none where a study reads no files.

    Raises:
        UserError: the folder the study names is missing or empty.
    """
    if home.study.source.kind == "odp":
        return []
    return sorted(source_of(home, settings).stale(home.study.years))


def source_files_digest(home: StudyHome) -> str:
    """A digest of names, sizes and times of everything in the study's folder of source files."""
    entries = [(path.as_posix(), *_size_and_time(path)) for path in _source_files(home)]
    return hashlib.sha256(repr(entries).encode()).hexdigest()[:16]


def _source_files(home: StudyHome) -> list[Path]:
    if home.study.source.kind == "weekly_xml":
        return [file.path for file in files_of_source(home)]
    folder = source_folder(home)
    return sorted(path for path in folder.rglob("*") if path.name.lower().endswith((".zip", ".tsv")))


def _size_and_time(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:  # a link that leads nowhere
        return 0, 0
    return status.st_size, status.st_mtime_ns
