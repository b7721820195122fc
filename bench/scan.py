"""Measures the landing of weekly files side by side with ``unzip -p`` and with parsing every document.

    python -m bench.scan [--weeks 40] [--documents 7000] [--rounds 3] [--parse] [--full-text]
                         [--abstract-words 110] [FOLDER]

Writes an archive first (see ``bench/weekly.py``; the default has 1.3 GB of XML) unless FOLDER holds one. Landing is
what ``bri run`` does with verified files: inflate, scan, parse what may qualify, write Parquet and counts. Prints one
line per measurement: seconds, the ratio to ``unzip -p FILE >/dev/null`` over the same files, time per document.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from lxml import etree

from bench.memory import peak_megabytes
from bench.study import write_study
from bri_pipeline.files.stream import open_streams
from bri_pipeline.home import StudyHome
from bri_pipeline.lake.weekly import WeeklyFiles
from bri_pipeline.study import Study, load_study
from bri_pipeline.uspto.read import read_documents
from bri_pipeline.uspto.scan import scan_file
from bri_pipeline.uspto.split import split_documents


def study_of(folder: Path, work: Path, *, totals: bool) -> Study:
    """A study over the archive."""
    return load_study(str(write_study(work / f"study-{totals}.toml", folder, totals=totals)))


def unzip(paths: list[Path]) -> None:
    """What every measurement is compared with: inflating alone."""
    for path in paths:
        subprocess.run(["unzip", "-p", str(path)], stdout=subprocess.DEVNULL, check=True)


def landing(study: Study, work: Path, workers: int) -> Callable[[], None]:
    """The landing of all years of an archive that has been verified."""
    study_home = StudyHome(study, work / "home")
    source = WeeklyFiles(study_home)
    source.verify(study.years, lambda _: None)

    def land() -> None:
        shutil.rmtree(study_home.landing, ignore_errors=True)
        landed = source.land(study.years, workers, lambda _: None)
        assert not [file.problem for year in landed.values() for file in year.files if file.problem]

    return land


def scan(paths: list[Path]) -> None:
    """The scan alone, nothing written."""
    for path in paths:
        scan_file(path, frozenset({"CN"}))


def parse_trees(paths: list[Path]) -> None:
    """Every document into a tree with lxml, nothing read from it: the least any parsing reader does."""
    parser = etree.XMLParser(load_dtd=False, resolve_entities=False, no_network=True, huge_tree=True)
    for content in _raw(paths):
        etree.fromstring(content, parser)


def read_all(paths: list[Path]) -> None:
    """Every document parsed with lxml and read into a record: the same landing without the skipping."""
    for path in paths:
        for _ in read_documents(path):
            pass


def _raw(paths: list[Path]) -> Iterator[bytes]:
    for path in paths:
        for stream in open_streams(path):
            for document in split_documents(stream.chunks):
                yield document.content


def best_of(rounds: int, runs: dict[str, Callable[[], None]]) -> dict[str, float]:
    """Seconds of the quickest round of each; they take turns, so that all meet the same neighbours."""
    seconds: dict[str, float] = {}
    for _ in range(rounds):
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            seconds[name] = min(time.perf_counter() - start, seconds.get(name, float("inf")))
    return seconds


def measure(folder: Path, work: Path, rounds: int, *, parse: bool) -> None:
    """Prints the table of measurements over the files of a folder."""
    paths = sorted(folder.rglob("*.zip"))
    lengths = [len(content) for content in _raw(paths)]
    size, packed = sum(lengths), sum(path.stat().st_size for path in paths)
    print(
        f"{len(paths)} files, {len(lengths):,} documents, {size / 1e6:,.0f} MB of XML, {packed / 1e6:,.0f} MB zipped "
        f"({size / len(lengths):,.0f} and {packed / len(lengths):,.0f} bytes per document)",
        flush=True,
    )
    plain, counting = (study_of(folder, work, totals=totals) for totals in (False, True))
    seconds = best_of(
        rounds,
        {
            "unzip -p": lambda: unzip(paths),
            "landing, 1 process": landing(plain, work, 1),
            "landing, 2 processes": landing(plain, work, 2),
            "landing with country totals, 1": landing(counting, work, 1),
            "landing with country totals, 2": landing(counting, work, 2),
            "scan alone, 1 process": lambda: scan(paths),
        },
    )
    memory = max(peak_megabytes(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
    if parse:
        parsing = {"lxml tree of every document": parse_trees, "every document read with lxml": read_all}
        seconds |= best_of(1, {name: lambda run=run: run(paths) for name, run in parsing.items()})  # type: ignore[misc]
    base, once = seconds["unzip -p"], seconds["landing, 1 process"]
    for name, taken in seconds.items():
        print(
            f"{name:32} {taken:7.2f} s  {taken / base:6.2f} x unzip  {taken / once:6.2f} x landing  "
            f"{taken / len(lengths) * 1e6:6.1f} µs per document"
        )
    print(f"peak memory of a process while landing: {memory:.0f} MB")


def main() -> None:
    """Command line; see the module's text."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("folder", nargs="?", type=Path)
    arguments.add_argument("--weeks", type=int, default=40)
    arguments.add_argument("--documents", type=int, default=7000, help="documents per week")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--parse", action="store_true", help="measure parsing every document too (slow)")
    arguments.add_argument("--full-text", action="store_true", help="with descriptions and claims")
    arguments.add_argument(
        "--abstract-words", type=int, default=110, help="length of abstracts; 0 repeats the title"
    )
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        if options.folder:
            measure(options.folder, work, options.rounds, parse=options.parse)
            return
        from bench.weekly import write_archive  # not needed by the processes that land

        write_archive(
            work / "archive",
            options.weeks,
            options.documents,
            full_text=options.full_text,
            abstract_words=options.abstract_words,
        )
        # In a process of its own, so that the memory of writing is not taken for that of landing.
        again = [sys.executable, "-m", "bench.scan", str(work / "archive"), "--rounds", str(options.rounds)]
        subprocess.run([*again, *(["--parse"] if options.parse else [])], check=True)


if __name__ == "__main__":
    main()
