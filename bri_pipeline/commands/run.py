"""``bri run``: brings a study up to date as one Dagster run, and does nothing where nothing changed.

What a run with nothing to do does not need is imported where it is needed: Dagster, DuckDB, Polars and the readers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from bri_pipeline.commands.quick_check import current_state, is_known_up_to_date, remember_up_to_date
from bri_pipeline.commands.run_outcome import RunOutcome
from bri_pipeline.errors import UserError
from bri_pipeline.files.object_storage import look_at
from bri_pipeline.home import StudyHome
from bri_pipeline.progress import Listener, Progress
from bri_pipeline.settings import Settings

if TYPE_CHECKING:
    from bri_pipeline.commands.stopping import Stopped

NOTHING_NEW = "Nothing new: every source file, table, check and page is up to date."
MOST_ROUNDS = 4  # runs of one `--accept-loss`


def run_study(
    home: StudyHome,
    settings: Settings,
    years: Sequence[int],
    countries: Sequence[str],
    progress: Listener,
    *,
    accept_loss: bool = False,
) -> RunOutcome:
    """Bring the years and countries up to date, then the tables, the published copy and the report.

    Args:
        home: the study's home.
        settings: the environment.
        years: years of the window.
        countries: codes of partner countries.
        progress: takes all that the run says and counts.
        accept_loss: whether to go on without files that are lost, also where only this run shows it.

    Raises:
        UserError: something the user can mend stopped the run.
    """
    if home.lake:
        look_at(home.lake)
    run = partial(_bring_up_to_date, home, settings, years, countries, progress)
    if not accept_loss:
        return run()
    from bri_pipeline.lake.losses import accept_losses_of

    return _accepting_losses(run, partial(accept_losses_of, home, settings, years, progress), progress)


def _accepting_losses(
    run: Callable[[], RunOutcome], accept: Callable[[], Sequence[str]], progress: Listener
) -> RunOutcome:
    """Accept what is lost already, run, and run again where that shows more: a download fails, a file holds less.

    Not for ever: a portal may fail with another file each time.
    """
    accepted = accept()
    for rounds_left in reversed(range(MOST_ROUNDS)):
        try:
            outcome = run()
        except UserError:
            if not rounds_left or not (met := accept()):
                raise
        else:
            if outcome.success or not rounds_left or not (met := accept()):
                break
        accepted = met
    if not accepted:
        progress(Progress("There is no loss to accept."))
    return outcome


def _bring_up_to_date(
    home: StudyHome,
    settings: Settings,
    years: Sequence[int],
    countries: Sequence[str],
    progress: Listener,
) -> RunOutcome:
    state = current_state(home, settings, years, countries)
    changed = _changed_at_portal(home, settings, years)
    if not changed and is_known_up_to_date(home, state):
        return _nothing_new(home, settings)
    _look_at_inputs(home)
    stale = _stale(home, settings, years, countries, changed)
    if stale is None:
        remember_up_to_date(home, state)
        return _nothing_new(home, settings)
    from bri_pipeline.commands.refresh import refresh_study

    outcome = refresh_study(home, settings, stale, years, countries, progress)
    if outcome.success:
        state = current_state(home, settings, years, countries)
        if _stale(home, settings, years, countries) is None:
            remember_up_to_date(home, state)
    return outcome


def stopped_sentence(home: StudyHome, stopped: Stopped) -> str:
    """Says that a run was stopped and what is kept."""
    return (
        f"stopped by {stopped.by}. What was read so far is kept, and the published copy is as it was before; "
        f"`bri run --study {home.study.as_argument}` goes on from there."
    )


def _nothing_new(home: StudyHome, settings: Settings) -> RunOutcome:
    if home.study.source.path is None and not settings.may_ask_portal:
        from bri_pipeline.lake.fetch import NOT_ASKED, product_of

        if product_of(home.study):
            return RunOutcome(changed=False, said=(f"{NOT_ASKED}.", NOTHING_NEW))
    return RunOutcome(changed=False, said=(NOTHING_NEW,))


def _changed_at_portal(home: StudyHome, settings: Settings, years: Sequence[int]) -> set[int]:
    """The years for which the portal has more than the archive; none where it is not to be asked.

    Raises:
        UserError: the portal could not be asked.
    """
    if home.study.source.path is not None or not settings.may_ask_portal:
        return set()
    from bri_pipeline.lake.fetch import changed_years

    return changed_years(home, settings, years)


def _look_at_inputs(home: StudyHome) -> None:
    """Say what is wrong in the study's files now, not after hours of reading; drop a warehouse that is damaged.

    Raises:
        UserError: the file of alliances, that of expected values or a reference file cannot be used.
    """
    from bri_pipeline.resources import resource_dir
    from bri_pipeline.warehouse.reference_tables import reference_rows
    from bri_pipeline.warehouse.up_to_date import drop_damaged_warehouse

    reference_rows(home.study, resource_dir("data/reference"))
    drop_damaged_warehouse(home)


def _stale(
    home: StudyHome,
    settings: Settings,
    years: Sequence[int],
    countries: Sequence[str],
    changed: Iterable[int] = (),
) -> list[int] | None:
    """The years of which something is out of date, possibly none where only tables are; null where nothing is.

    Args:
        home: the study's home.
        settings: the environment.
        years: years of the window.
        countries: codes of partner countries.
        changed: years that are out of date whatever this machine's files say.

    Raises:
        UserError: the study's files cannot be read.
    """
    from bri_pipeline.lake.source import source_of
    from bri_pipeline.warehouse.up_to_date import stale_years

    stale = sorted({*stale_years(source_of(home, settings), home, years, countries), *changed})
    return stale if stale or not _tables_are_up_to_date(home, settings) else None


def _tables_are_up_to_date(home: StudyHome, settings: Settings) -> bool:
    from bri_pipeline.export.write import write_kit
    from bri_pipeline.lake.papers import institutions_are_stale, stale_parts
    from bri_pipeline.report.write import write_report
    from bri_pipeline.warehouse.build import models
    from bri_pipeline.warehouse.up_to_date import is_built

    if stale_parts(home, settings) or institutions_are_stale(home):
        return False
    return is_built(home, models(), write_report, write_kit)
