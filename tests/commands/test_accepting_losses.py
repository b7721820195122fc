"""`bri run --accept-loss`: as often as a run shows more to accept, and not for ever."""

from __future__ import annotations

import pytest

from bri_pipeline.commands.run import MOST_ROUNDS, _accepting_losses
from bri_pipeline.commands.run_outcome import RunOutcome
from bri_pipeline.errors import UserError
from bri_pipeline.progress import silent


def test_a_run_that_shows_more_each_time_comes_to_an_end() -> None:
    runs: list[int] = []

    def run() -> RunOutcome:
        runs.append(1)
        raise UserError("another file failed")

    with pytest.raises(UserError, match="another file failed"):
        _accepting_losses(run, lambda: ["a loss"], silent)
    assert len(runs) == MOST_ROUNDS


def test_a_run_is_done_again_where_it_shows_a_loss() -> None:
    losses = [["before"], ["met by the first run"], []]
    outcomes = [RunOutcome(True, failures=["a file"]), RunOutcome(True)]
    assert _accepting_losses(lambda: outcomes.pop(0), lambda: losses.pop(0), silent).success
    assert outcomes == [] and losses == [[]]
