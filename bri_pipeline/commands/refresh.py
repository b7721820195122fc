"""The part of ``bri run`` that has something to do: Dagster runs of the job ``refresh``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import dagster as dg

from bri_pipeline.commands.run_outcome import RunOutcome
from bri_pipeline.definitions import build_definitions
from bri_pipeline.errors import UserError
from bri_pipeline.files.disk import disk_sentence, temporary_disk_sentence
from bri_pipeline.home import StudyHome
from bri_pipeline.lake.hits import stale_hits
from bri_pipeline.orchestration.dead_runs import own_tags
from bri_pipeline.orchestration.failures import is_about_years, reason, user_error
from bri_pipeline.orchestration.groups import STUDY_TAG
from bri_pipeline.orchestration.instance import open_instance
from bri_pipeline.orchestration.jobs import RANGE_END, RANGE_START
from bri_pipeline.orchestration.lake_assets import ARCHIVE, LANDING, raw_key
from bri_pipeline.orchestration.publish_assets import PUBLISHED
from bri_pipeline.progress import Listener
from bri_pipeline.settings import Settings
from bri_pipeline.years import year_blocks


def refresh_study(
    home: StudyHome,
    settings: Settings,
    stale: Sequence[int],
    years: Sequence[int],
    countries: Sequence[str],
    progress: Listener,
) -> RunOutcome:
    """Bring the stale years up to date, then the tables, the published copy and the report.

    Args:
        home: the study.
        settings: the settings.
        stale: the years of which something is out of date.
        years: the years wanted, for which ``stale`` was found.
        countries: the partner countries wanted.
        progress: takes all that the run says and counts.

    Raises:
        UserError: something the user can mend stopped the run.
    """
    with open_instance(home.root, settings.dagster_postgres_url, progress) as instance:
        job = build_definitions(home.study, settings, progress).resolve_job_def("refresh")
        refresh = Refresh(home, job, instance)
        outcome = refresh.run(stale, countries)
        # A file may hold publications of a year that is not its own, which only reading it shows.
        late = set(stale_hits(home, years, countries)) - set(stale)
        return refresh.run(late, countries) if late else outcome


@dataclass(frozen=True)
class Refresh:
    """Runs the job ``refresh``, or parts of it, as Dagster runs of an instance."""

    home: StudyHome
    job: dg.JobDefinition
    instance: dg.DagsterInstance

    def run(self, years: Iterable[int], countries: Iterable[str]) -> RunOutcome:
        """The lake of the years and countries, one run for each unbroken range, and with the last one the rest."""
        lake = {ARCHIVE, LANDING, *(raw_key(partner.iso2) for partner in self.home.study.searched)}
        rest = [key for key in self.job.asset_layer.selected_asset_keys if key not in lake]
        wanted = [ARCHIVE, LANDING, *(raw_key(country) for country in countries)]
        blocks = year_blocks(years)
        for block in blocks[:-1]:
            outcome = self._execute(wanted, block)
            if not outcome.success and not outcome.about_years:
                return outcome
        return self._execute(wanted + rest, blocks[-1]) if blocks else self._execute(rest, None)

    def _execute(self, selection: list[dg.AssetKey], block: tuple[int, int] | None) -> RunOutcome:
        tags = {STUDY_TAG: self.home.study.name, **own_tags()}
        if block:
            tags |= {RANGE_START: str(block[0]), RANGE_END: str(block[1])}
        # Dagster uses a job's own loggers only where the run names them.
        run_config: dict[str, object] = {"loggers": {"console": {}}}
        result = self.job.execute_in_process(
            run_config, self.instance, asset_selection=selection, tags=tags, raise_on_error=False
        )
        return _outcome(result, self.home)


def _outcome(result: dg.ExecuteInProcessResult, home: StudyHome) -> RunOutcome:
    published = any(event.asset_key == PUBLISHED for event in result.get_asset_materialization_events())
    failures = _failed_evaluations(result)
    if not result.success:
        user_errors = [message for event in result.all_events if (message := user_error(event))]
        if any(is_about_years(event) for event in result.all_events):
            return RunOutcome(True, published, stopped=True, failures=user_errors, about_years=True)
        if user_errors:
            raise UserError(user_errors[0])
        if not failures:
            reasons = [reason(event) for event in result.all_events if event.is_step_failure]
            if full := next((one for text in reasons if (one := disk_sentence(text))), None):
                raise UserError(temporary_disk_sentence(home.root) or full)
            return RunOutcome(True, published, stopped=True, failures=reasons)
    return RunOutcome(True, published, failures=failures)


def _failed_evaluations(result: dg.ExecuteInProcessResult) -> list[str]:
    return [
        f"{'.'.join(evaluation.asset_key.path)}/{evaluation.check_name}"
        for evaluation in result.get_asset_check_evaluations()
        if not evaluation.passed and evaluation.severity == dg.AssetCheckSeverity.ERROR
    ]
