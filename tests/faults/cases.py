"""A small study to do harm to, and what every harm must come to: a sentence, and a right next run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.archives import PARTNERS, random_archive
from tests.end_to_end.expected import Question
from tests.end_to_end.studies import Home, write_study
from tests.faults.bri import forked

SEED, YEARS, SIZE = 51, (2011, 2012), 15
SECONDS = 900  # the machine may be busy


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    text: str

    @property
    def sentence(self) -> str:
        """What was said last."""
        return (self.text.strip().splitlines() or [""])[-1]


def new_home(folder: Path, home: Path | None = None) -> Home:
    """A study over two years of made-up weeks, not run yet."""
    truth = random_archive(folder / "files", seed=SEED, years=YEARS, size=SIZE)
    study = write_study(folder, Question(PARTNERS, truth.window), truth.folder)
    return Home(home or folder / "home", study)


def start(home: Home, *arguments: str) -> subprocess.Popen[str]:
    """A command in a new interpreter, as a user starts it: for what is done to it while it runs."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.bri", *arguments, "--study", str(home.study)],
        cwd=home.study.parent,
        env=home.environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def end(process: subprocess.Popen[str]) -> Ended:
    """Wait for a command; a hang is a failure."""
    text, _ = process.communicate(timeout=SECONDS)
    return Ended(process.returncode, text)


def bri(home: Home, *arguments: str) -> Ended:
    """A command, to its end, in a process forked from one that has imported everything; a hang is a failure."""
    with TemporaryDirectory() as folder:
        output = Path(folder) / "output.txt"
        process = _forking().Process(
            target=forked,
            args=([*arguments, "--study", str(home.study)], home.environment, home.study.parent, output),
        )
        process.start()
        process.join(SECONDS)
        if process.exitcode is None:
            process.kill()
            raise TimeoutError(output.read_text(encoding="utf-8", errors="replace"))
        return Ended(process.exitcode, output.read_text(encoding="utf-8", errors="replace"))


@cache
def _forking() -> ForkServerContext:
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.warm"])
    return context


def assert_a_sentence(ended: Ended, *statuses: int) -> None:
    """It ended with one of the statuses (0 and 2 unless told), said something, and showed no traceback."""
    assert "Traceback" not in ended.text, ended.text[-3000:]
    assert ended.status in (statuses or (0, 2)), f"status {ended.status}: {ended.text[-3000:]}"
    assert ended.sentence


def assert_right_next_run(home: Home, expected: dict[str, list[tuple[Any, ...]]]) -> None:
    """A run after the harm succeeds, and the tables are those of a home nothing happened to."""
    assert_a_sentence(bri(home, "run"), 0)
    found = home.tables()
    differing = [name for name in expected if found.get(name) != expected[name]]
    assert differing == [] and found.keys() == expected.keys()


Damage = Callable[[Path], object]


def _folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "note.txt").write_text("somebody's")


def _pipe_instead(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for at in range(len(content) // 3, len(content), max(len(content) // 7, 1)):
        content[at] ^= 0x55
    _write(path, bytes(content))


def _one_key_more(path: Path) -> None:
    _write(path, json.dumps({**json.loads(path.read_text()), "of_a_newer_version": [1]}).encode())


def _of_a_newer_duckdb(path: Path) -> None:
    """The storage version of the file's header raised, and the header's checksum with it."""
    content = bytearray(path.read_bytes())
    checksum = _word(content, 0) ^ _header_sum(content)
    content[12:20] = (1000).to_bytes(8, "little")
    content[:8] = (checksum ^ _header_sum(content)).to_bytes(8, "little")
    _write(path, bytes(content))


def _header_sum(content: bytearray) -> int:
    """What the words that hold the version add to DuckDB's checksum: each times a constant, all xor-ed."""
    return _times(_word(content, 8)) ^ _times(_word(content, 16))


def _word(content: bytearray, at: int) -> int:
    return int.from_bytes(content[at : at + 8], "little")


def _times(word: int) -> int:
    return word * 0xBF58476D1CE4E5B9 % 2**64


def _write(path: Path, content: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(content)


DAMAGE: dict[str, Damage] = {
    "cut": lambda path: _write(path, path.read_bytes()[: path.stat().st_size // 2]),
    "garbage": lambda path: _write(path, os.urandom(5000)),
    "emptied": lambda path: _write(path, b""),
    "deleted": lambda path: path.unlink(),
    "a folder instead": _folder_instead,
    "a named pipe instead": _pipe_instead,
    "bytes flipped": _flipped,
    "other keys": lambda path: _write(path, b'{"somebody": "else"}'),
    "one key more": _one_key_more,
    "of a newer DuckDB": _of_a_newer_duckdb,
}
# A digit of a number that became another one cannot be noticed, only JSON has keys, only DuckDB's files its version.
NOT_OF_JSON, OF_JSON_ALONE, OF_DUCKDB_ALONE = (
    {"bytes flipped"},
    {"other keys", "one key more"},
    {"of a newer DuckDB"},
)
KEPT = {
    "warehouse": "warehouse.duckdb",
    "published copy": "published.duckdb",
    "what was built": "built.json",
    "report": "report/index.html",
    "manifest": "archive/manifest-2011.json",
    "landed counts": "lake/landing/2011/*.json",
    "landed Parquet": "lake/landing/2011/*.parquet",
    "state of raw": "lake/raw/2011/landed.json",
    "raw Parquet": "lake/raw/2011/*.parquet",
}
DAGSTER = ("history/runs.db", "history/runs/index.db", "schedules/schedules.db", "dagster.yaml")


def damages() -> list[tuple[str, str]]:
    """Every kept file with every damage it can have."""
    return [
        (kept, damage)
        for damage in DAMAGE
        for kept, pattern in KEPT.items()
        if damage not in (NOT_OF_JSON if pattern.endswith(".json") else OF_JSON_ALONE)
        and (damage not in OF_DUCKDB_ALONE or pattern.endswith(".duckdb"))
    ]


def kept_file(home: Home, pattern: str) -> Path:
    """The first file of a home that a pattern of KEPT names."""
    return sorted(home.root.glob(pattern))[0]
