"""Ratios to ``unzip -p`` that may not get worse unnoticed: measured, and compared with those kept in ``speed.toml``.

    python -m bench.speed [--weeks 6] [--documents 1500] [--rounds 5]

Processor time (user and system) of both sides, the least of several rounds that take turns, over front pages of all
eras (``bench.weekly``), so that a busy machine changes the ratios little. A slow test refuses ratios more than a fifth
above ``now`` in ``speed.toml``. Whoever raises ``now`` more than a fifth above ``best`` explains it in
docs/performance.md, below "Slower than it was"; another test requires that.
"""

from __future__ import annotations

import argparse
import gc
import subprocess
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from bench.processes import processor_seconds
from bench.weekly import write_archive
from bri_pipeline.files.atomic import sha256_of
from bri_pipeline.lake.archive import damage_in
from bri_pipeline.uspto.scan import scan_file

RECORDED = Path(__file__).with_name("speed.toml")
TOLERATED = 1.2
FOCAL = frozenset({"CN"})


class Ratio(NamedTuple):
    """A ratio as it is now, and the best it ever was."""

    now: float
    best: float


def recorded() -> dict[str, Ratio]:
    """What is kept, by name."""
    content = tomllib.loads(RECORDED.read_text(encoding="utf-8"))
    return {name: Ratio(**ratio) for name, ratio in content["ratios"].items()}


def measured(folder: Path, weeks: int = 6, documents: int = 1500, rounds: int = 5) -> dict[str, float]:
    """The ratios on this machine.

    Args:
        folder: an empty folder, for the archive.
        weeks: files of the archive.
        documents: documents in each.
        rounds: how often each is measured; the least counts.
    """
    paths = write_archive(folder, weeks, documents, abstract_words=110)
    ways: dict[str, Callable[[Path], object]] = {
        "unzip": _unzip,
        "verify": lambda path: (sha256_of(path), damage_in(path, lambda _: False)),
        "scan": lambda path: scan_file(path, FOCAL),
        "scan with countries": lambda path: scan_file(path, FOCAL, count_countries=True),
        "find": lambda path: scan_file(path, FOCAL, "both", with_all=("SG",)),
    }
    least: dict[str, float] = {}
    searching = gc.isenabled()
    gc.disable()  # as landing does
    try:
        for _ in range(rounds):
            for name, way in ways.items():
                before = processor_seconds()
                for path in paths:
                    way(path)
                least[name] = min(processor_seconds() - before, least.get(name, float("inf")))
    finally:
        if searching:
            gc.enable()
    base = least.pop("unzip")
    return {name: seconds / base for name, seconds in least.items()}


def _unzip(path: Path) -> None:
    subprocess.run(["unzip", "-p", str(path)], stdout=subprocess.DEVNULL, check=True)


def main() -> None:
    """Command line; see the module's text."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--weeks", type=int, default=6)
    parser.add_argument("--documents", type=int, default=1500, help="documents per week")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    kept = recorded()
    with tempfile.TemporaryDirectory() as folder:
        for name, ratio in measured(Path(folder), options.weeks, options.documents, options.rounds).items():
            known = kept.get(name)
            compared = f"now {known.now:.2f}, best {known.best:.2f}" if known else "not kept yet"
            print(f"{name:24}{ratio:6.2f} x unzip -p   ({compared})")


if __name__ == "__main__":
    main()
