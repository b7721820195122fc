"""One event for all progress: lines now and then in logs and pipes, bars on a terminal that are gone afterwards."""

from __future__ import annotations

import os
import pty
import re
import select
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from bri_pipeline.progress import Count, InLines, Progress
from tests.conftest import REPOSITORY
from tests.portal.conftest import FakeTime

fcntl = pytest.importorskip("fcntl", reason="pseudo-terminals are Unix's")
termios = pytest.importorskip("termios")

SHOW = """
import sys, time
from bri_pipeline.bars import shown_progress
from bri_pipeline.progress import Count, Progress
with shown_progress() as shown:
    count = Count(shown, "reading files", 1_200, "files")
    count.add(412)
    count.begin("ipab20130103_wk01.zip")
    shown(Progress("landing 2013: 52 files read, \\x1b[31m120 kept"))
    shown(Progress("Waiting for the tables of live, held by `bri run` (process 12)", 15, None, "s"))
    time.sleep(0.3)
print("done")
"""


def on_terminal(code: str, columns: int) -> str:
    """What a program writes to a terminal so wide."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**environment, "TERM": "xterm-256color", "PYTHONPATH": str(REPOSITORY)},
        start_new_session=True,
    )
    os.close(theirs)
    text = b"".join(written(ours)).decode()
    assert process.wait(20) == 0, text
    return text


def written(terminal: int) -> Iterator[bytes]:
    while select.select([terminal], [], [], 20)[0]:
        try:
            yield os.read(terminal, 65_536)
        except OSError:  # its last writer is gone
            break
    os.close(terminal)


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


@pytest.mark.parametrize("columns", [80, 40])
def test_on_a_terminal_counts_are_bars_within_its_width_and_nothing_of_them_is_left(columns: int) -> None:
    text = on_terminal(SHOW, columns)
    frames = [line.strip() for line in re.split(r"[\r\n]+", plain(text))]
    bars = [line for line in frames if line.startswith("reading files")]
    assert bars and all(len(line) <= columns for line in frames if "━" in line)
    assert any("412/1,200" in line for line in bars)
    assert any("ipab20130103_wk01.zip" in line for line in bars) == (columns == 80)
    assert any("Waiting for the tables of live" in line for line in frames)
    assert any(line.endswith("15 s") for line in frames)
    assert text.count("\x1b[?25l") == text.count("\x1b[?25h") == 1, "the cursor is shown again"
    assert "\x1b[31m120" not in text and "landing 2013: 52 files read" in plain(text)
    assert text.endswith("\x1b[2Kdone\r\n"), "the bars are gone when the next line comes"


def test_in_a_pipe_there_are_plain_lines_on_standard_error_only() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SHOW], capture_output=True, text=True, cwd=REPOSITORY, check=True
    )
    assert ended.stdout == "done\n"
    assert ended.stderr.splitlines() == [
        "landing 2013: 52 files read, \\x1b[31m120 kept",
        "Waiting for the tables of live, held by `bri run` (process 12); 15 s so far.",
    ]


@pytest.fixture
def fake_time() -> FakeTime:
    return FakeTime()


def test_of_a_count_a_line_in_30_seconds_is_said_with_the_time_left(fake_time: FakeTime) -> None:
    said: list[str] = []
    count = Count(InLines(said.append, clock=fake_time.clock), "reading files", 100, "files")
    for _ in range(100):
        fake_time.sleep(1)
        count.begin("a.zip")
        count.add()
    assert said == [
        "reading files: 29 of 100 files (a.zip), 1 min left",
        "reading files: 59 of 100 files (a.zip), 41 s left",
        "reading files: 89 of 100 files (a.zip), 11 s left",
    ]


def test_of_a_wait_the_beginning_is_said_and_then_every_5_seconds(fake_time: FakeTime) -> None:
    said: list[str] = []
    lines = InLines(said.append, clock=fake_time.clock)
    for seconds in range(12):
        lines(Progress("Waiting for x", seconds, None, "s"))
        fake_time.sleep(1)
    lines(Progress("Waiting for x", 12, 12, "s"))
    assert said == [f"Waiting for x; {seconds} s so far." for seconds in (0, 5, 10)]


def test_a_count_from_several_threads_misses_nothing() -> None:
    heard: list[Progress] = []
    count = Count(heard.append, "reading files", 400, "files")
    threads = [threading.Thread(target=lambda: [count.add() for _ in range(100)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [event.done for event in heard] == list(range(401))
    assert heard[-1].is_over and not any(event.is_over for event in heard[:-1])


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (Progress("Nothing new."), "Nothing new."),
        (Progress("reading", 1_200, 2_000, "files"), "reading: 1,200 of 2,000 files"),
        (Progress("downloading", 12_300_000, 340_000_000, "bytes", "a.zip"), "downloading: 12.3 of 340.0 MB (a.zip)"),
        (Progress("Waiting for x", 61, None, "s"), "Waiting for x; 1 min so far."),
    ],
)  # fmt: skip
def test_events_are_said_in_words(event: Progress, text: str) -> None:
    assert str(event) == text


def test_warnings_of_the_log_come_above_the_bars() -> None:
    code = SHOW.replace(
        "with shown_progress() as shown:",
        "from bri_pipeline.cli import _progress\nwith _progress() as shown:",
    )
    code = code.replace(
        "    time.sleep(0.3)",
        "    import logging\n    logging.getLogger('bri_pipeline.lake').warning('x is damaged')\n    time.sleep(0.3)",
    )
    lines = on_terminal(code, 80).splitlines()
    [warning] = [line for line in lines if "x is damaged" in line]
    assert plain(warning).strip() == "x is damaged" and "\x1b[2K" in warning, "the bars are taken away first"
