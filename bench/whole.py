"""The whole way at full size: an archive of 25 years from its zip files to the report, phase by phase.

    python -m bench.whole FOLDER [--share 1.0]

FOLDER holds the archive (written by ``bench.archive`` where files are missing: 6 GB and a quarter of an hour at the
full share) and is kept between runs. Prints one table, of each phase alone and of `bri run` in the cases an operator
meets: seconds and their ratio to ``unzip -p`` of all files, processor time of the whole process tree and its ratio to
that of ``unzip -p`` (which a busy machine changes less), the peak memory of the largest process, and the goal for the
ratio of seconds.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.archive import write_full_archive
from bench.processes import processor_seconds_of_children, run_measured

GROUP = Path(__file__).parents[1] / "data" / "reference" / "country_groups" / "belt_and_road_2018.csv"
STUDY = """\
name = "whole"
title = "Full-size measurement"
synthetic = true
focal_country = "CN"
focal_province = "CN-{province}"
window = {{ start = 2001-01-01, end = 2025-12-31 }}
partners = "{partners}"
[source]
path = "{archive}"
"""


@dataclass(frozen=True)
class Measured:
    """One line of the table."""

    name: str
    seconds: float
    processor_seconds: float
    peak_megabytes: float | None = None
    goal: float | None = None

    def line(self, base: Measured) -> str:
        """The line of the table; ``base`` is what its ratios refer to."""
        ratio = self.seconds / base.seconds
        times = f"{self.seconds:9.1f} s {ratio:7.3f} x {self.processor_seconds:9.1f} s "
        times += f"{self.processor_seconds / base.processor_seconds:7.3f} x"
        peak = "" if self.peak_megabytes is None else f"{self.peak_megabytes:,.0f} MB"
        met = "" if self.goal is None else f"{self.goal:g} x {'met' if ratio <= self.goal else 'missed'}"
        return f"{self.name:42}{times} {peak:>8}  {met}".rstrip()


def main() -> None:
    """Command line; see the module's text."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--share", type=float, default=1.0, help="share of the full number of documents")
    options = parser.parse_args()
    archive = options.folder.absolute() / f"share-{options.share:g}"
    started = time.perf_counter()
    write_full_archive(archive, options.share)
    print(f"archive there after {time.perf_counter() - started:,.0f} s", flush=True)
    paths = sorted(archive.rglob("*.zip"))
    size = sum(path.stat().st_size for path in paths)
    print(f"{len(paths):,} files, {size / 1e9:,.2f} GB zipped", flush=True)
    base = None
    print(f"{'':42}{'':7}wall   unzip{'':5}processor   unzip     peak  goal (wall)")
    with tempfile.TemporaryDirectory(dir=options.folder) as temporary:
        for row in _measured(archive, paths, Path(temporary)):
            base = base or row
            print(row.line(base), flush=True)


def _measured(archive: Path, paths: list[Path], work: Path) -> Iterator[Measured]:
    started, before = time.perf_counter(), processor_seconds_of_children()
    for path in paths:
        subprocess.run(["unzip", "-p", str(path)], stdout=subprocess.DEVNULL, check=True)
    yield Measured("unzip -p", time.perf_counter() - started, processor_seconds_of_children() - before)
    study, group = work / "whole.toml", work / "group.csv"
    shutil.copyfile(GROUP, group)
    left_out = _without_one_partner(group)
    _write(study, archive, group)
    phases = list(_phases(study, work / "phases"))
    yield from phases
    first = _run("first bri run, all but one country", study, work, goal=1.3)
    yield first
    yield Measured(
        "  of it outside the phases (Dagster)",
        first.seconds - sum(phase.seconds for phase in phases),
        first.processor_seconds - sum(phase.processor_seconds for phase in phases),
    )
    yield _run("nothing new", study, work, goal=0.02)
    yield from _a_new_week(study, paths, work)
    group.write_text(left_out, encoding="utf-8")
    yield _run("one more partner country", study, work, goal=0.2)
    _write(study, archive, group, province="BJ")
    yield _run("another province", study, work)


def _a_new_week(study: Path, paths: list[Path], work: Path) -> Iterator[Measured]:
    week = paths[-1]
    aside = work / week.name
    shutil.move(week, aside)
    try:
        yield _run("one week taken away (--accept-loss)", study, work, "--accept-loss")
    finally:
        shutil.move(aside, week)
    yield _run("one new week", study, work, goal=0.05)
    revised = week.with_name(week.name.replace(".zip", "_r1.zip"))
    shutil.copyfile(week, revised)
    with zipfile.ZipFile(revised, "a") as changed:
        changed.comment = b"other bytes of the same documents"
    try:
        yield _run("one revised week", study, work, goal=0.05)
    finally:
        revised.unlink()
    yield _run("the revision taken away (--accept-loss)", study, work, "--accept-loss")


def _without_one_partner(group: Path) -> str:
    """Leave Thailand out of the group's file; what the file held before is returned."""
    whole = group.read_text(encoding="utf-8")
    group.write_text(re.sub(r"^TH,.*\n", "", whole, count=1, flags=re.MULTILINE), encoding="utf-8")
    return whole


def _write(study: Path, archive: Path, group: Path, province: str = "JS") -> None:
    study.write_text(STUDY.format(archive=archive, partners=group, province=province), encoding="utf-8")


def _phases(study: Path, home: Path) -> Iterator[Measured]:
    """Each phase as plain functions in one process of its own, without Dagster."""
    said = subprocess.run(
        [sys.executable, "-m", "bench.run_phases", "--study", str(study), "--phases", str(home)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    found = re.findall(r"^(\S.*?)\s{2,}([\d.]+) s\s+([\d.]+) s of CPU\s+([\d.]+) MB$", said, re.MULTILINE)
    if not found:
        raise SystemExit(f"bench.run_phases printed no phase:\n{said[-2000:]}")
    for name, seconds, processor, peak in found:
        goal = 0.6 if name.startswith("landing") else None
        yield Measured(f"  {name}", float(seconds), float(processor), float(peak), goal)


def _run(name: str, study: Path, work: Path, *options: str, goal: float | None = None) -> Measured:
    command = [sys.executable, "-m", "bri_pipeline", "run", "--study", str(study), *options]
    taken = run_measured(f"{name}: bri run", command, {"BRI_HOME": str(work / "home")})
    return Measured(name, taken.seconds, taken.processor, taken.megabytes, goal)


if __name__ == "__main__":
    main()
