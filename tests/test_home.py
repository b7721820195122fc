"""A study's home: one process writes to its lake at a time, and the others say that they wait."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from bri_pipeline.files import turn
from bri_pipeline.home import StudyHome
from bri_pipeline.progress import Progress
from bri_pipeline.study import load_study


def test_who_waits_for_the_lake_says_so_until_the_wait_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turn, "LOOK_AGAIN_SECONDS", 0.05)
    home = StudyHome(load_study("jiangsu-2018"), tmp_path)
    said: list[Progress] = []
    said_twice, entered = threading.Event(), threading.Event()

    def listen(event: Progress) -> None:
        said.append(event)
        if len(said) == 2:
            said_twice.set()

    def wait_for_it() -> None:
        with home.lock(listen):
            entered.set()

    with home.lock(said.append):
        other = threading.Thread(target=wait_for_it)
        other.start()
        assert said_twice.wait(10)
        assert not entered.is_set()
    other.join(10)
    assert entered.is_set()
    assert all(str(tmp_path) in str(event) and "s so far" in str(event) for event in said)
    assert [event.is_over for event in said] == [False] * (len(said) - 1) + [True]


def test_a_free_lake_is_entered_without_a_word_again_and_again(tmp_path: Path) -> None:
    home = StudyHome(load_study("jiangsu-2018"), tmp_path / "new")
    said: list[Progress] = []
    for _ in range(3):
        with home.lock(said.append):
            pass
    with pytest.raises(RuntimeError), home.lock(said.append):
        raise RuntimeError
    with home.lock(said.append):
        pass
    assert said == []
