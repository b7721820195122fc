"""``bri run``: brings a study up to date as one Dagster run, and does nothing where nothing changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import dagster as dg

from bri_pipeline.commands.stopping import Stopped
from bri_pipeline.definitions import build_definitions
from bri_pipeline.errors import UserError
from bri_pipeline.export.write import write_kit
from bri_pipeline.files.disk import disk_sentence
from bri_pipeline.home import StudyHome
from bri_pipeline.lake.fetch import NOT_ASKED, changed_years, product_of
from bri_pipeline.lake.hits import stale_hits
from bri_pipeline.lake.papers import stale_parts
from bri_pipeline.lake.source import source_of
from bri_pipeline.orchestration.dead_runs import own_tags
from bri_pipeline.orchestration.failures import is_about_years, reason, user_error
from bri_pipeline.orchestration.groups import STUDY_TAG
from bri_pipeline.orchestration.instance import open_instance
from bri_pipeline.orchestration.jobs import RANGE_END, RANGE_START
from bri_pipeline.orchestration.lake_assets import ARCHIVE, LANDING, raw_key
from bri_pipeline.orchestration.publish_assets import PUBLISHED
from bri_pipeline.report.write import write_report
from bri_pipeline.settings import Settings
from bri_pipeline.study import Study
from bri_pipeline.warehouse.alliance_rows import alliance_rows
from bri_pipeline.warehouse.build import models
from bri_pipeline.warehouse.up_to_date import drop_damaged_warehouse, is_built, stale_years
from bri_pipeline.years import year_blocks

Say = Callable[[str], None]


@dataclass(frozen=True)
class RunOutcome:
    """What a run came to: whether anything was done and published, and why it must not be trusted, if so.

    ``stopped``: the failures are steps that broke off, not checks. ``about_years``: the failures are of years, the
    others of which have landed; the tables that follow say so.
    """

    changed: bool
    published: bool = False
    stopped: bool = False
    failures: list[str] = field(default_factory=list)
    about_years: bool = False

    @property
    def success(self) -> bool:
        """Whether every step succeeded and every error-severity check passed."""
        return not self.failures


def run_study(
    home: StudyHome, settings: Settings, years: Sequence[int], countries: Sequence[str], say: Say
) -> RunOutcome:
    """Bring the years and countries up to date, then the tables, the published copy and the report.

    Raises:
        UserError: something the user can mend stopped the run.
    """
    source = source_of(home, settings)
    alliance_rows(home.study)  # what is wrong in the file is said now, not after hours of reading
    drop_damaged_warehouse(home)
    stale = stale_years(source, home, years, countries)
    stale = sorted({*stale, *changed_years(home, settings, years)})
    if not stale and not stale_parts(home, settings) and is_built(home, models(), write_report, write_kit):
        if product_of(home.study) and not settings.may_ask_portal:
            say(f"{NOT_ASKED}.")
        say("Nothing new: every source file, table, check and page is up to date.")
        return RunOutcome(changed=False)
    with open_instance(home.root, settings.dagster_postgres_url, say) as instance:
        refresh = Refresh(
            home.study, build_definitions(home.study, settings).resolve_job_def("refresh"), instance
        )
        outcome = refresh.run(stale, countries)
        # A file may hold publications of a year that is not its own, which only reading it shows.
        late = set(stale_hits(home, years, countries)) - set(stale)
        return refresh.run(late, countries) if late else outcome


def stopped_sentence(home: StudyHome, stopped: Stopped) -> str:
    """Says that a run was stopped and what is kept."""
    return (
        f"stopped by {stopped.by}. What was read so far is kept, and the published copy is as it was before; "
        f"`bri run --study {home.study.as_argument}` goes on from there."
    )


@dataclass(frozen=True)
class Refresh:
    """Runs the job ``refresh``, or parts of it, as Dagster runs of an instance."""

    study: Study
    job: dg.JobDefinition
    instance: dg.DagsterInstance

    def run(self, years: Iterable[int], countries: Iterable[str]) -> RunOutcome:
        """The lake of the years and countries, one run for each unbroken range, and with the last one the rest."""
        lake = {ARCHIVE, LANDING, *(raw_key(partner.iso2) for partner in self.study.searched)}
        rest = [key for key in self.job.asset_layer.selected_asset_keys if key not in lake]
        wanted = [ARCHIVE, LANDING, *(raw_key(country) for country in countries)]
        blocks = year_blocks(years)
        for block in blocks[:-1]:
            outcome = self._execute(wanted, block)
            if not outcome.success and not outcome.about_years:
                return outcome
        return self._execute(wanted + rest, blocks[-1]) if blocks else self._execute(rest, None)

    def _execute(self, selection: list[dg.AssetKey], block: tuple[int, int] | None) -> RunOutcome:
        tags = {STUDY_TAG: self.study.name, **own_tags()}
        if block:
            tags |= {RANGE_START: str(block[0]), RANGE_END: str(block[1])}
        # Dagster uses a job's own loggers only where the run names them.
        run_config: dict[str, object] = {"loggers": {"console": {}}}
        result = self.job.execute_in_process(
            run_config, self.instance, asset_selection=selection, tags=tags, raise_on_error=False
        )
        return _outcome(result)


def _outcome(result: dg.ExecuteInProcessResult) -> RunOutcome:
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
                raise UserError(full)
            return RunOutcome(True, published, stopped=True, failures=reasons)
    return RunOutcome(True, published, failures=failures)


def _failed_evaluations(result: dg.ExecuteInProcessResult) -> list[str]:
    return [
        f"{'.'.join(evaluation.asset_key.path)}/{evaluation.check_name}"
        for evaluation in result.get_asset_check_evaluations()
        if not evaluation.passed and evaluation.severity == dg.AssetCheckSeverity.ERROR
    ]
