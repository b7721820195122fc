"""Where the time of `bri run` goes: each phase alone, the whole command, and what is left to Dagster.

    python -m bench.run_phases [--study jiangsu-2018] [--phases FOLDER]

Prints seconds and processor time (user and system, of the whole process tree, which a busy machine changes less), and
peak memory, for a home that is made for the occasion and removed afterwards; then the ratios of the first run to the
bare phases and of a run with nothing new to ``python -c "import polars, duckdb"``. With ``--phases`` only the phases
are run, in FOLDER, each with the most memory the process had until then.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.memory import peak_megabytes
from bench.processes import Taken, processor_seconds, run_measured

ROUNDS = 5
TABLES, ONE_PAGE, ALL_PAGES = "SQL models and checks", "report: one page", "  all scopes, on every core"
PHASES: dict[str, float] = {}
PROCESSOR: dict[str, float] = {}
PEAKS: dict[str, float] = {}


@contextmanager
def phase(name: str) -> Iterator[None]:
    """Remember how long the block took, and the processor time of this process and those it waited for."""
    started, before = time.perf_counter(), processor_seconds()
    yield
    PHASES[name] = time.perf_counter() - started
    PROCESSOR[name] = processor_seconds() - before
    PEAKS[name] = peak_megabytes()


def line(name: str, taken: Taken) -> str:
    """A line of the table."""
    times = f"{taken.seconds:8.2f} s{taken.processor:10.2f} s of CPU"
    return f"{name:<34}{times}   peak {taken.megabytes:,.0f} MB"


def command(home: Path, *arguments: str) -> Taken:
    """One `bri` command in a process of its own."""
    return python(home, "-m", "bri_pipeline", *arguments)


def python(home: Path, *arguments: str) -> Taken:
    """One run of this Python."""
    return run_measured(" ".join(arguments), [sys.executable, *arguments], {"BRI_HOME": str(home)})


def quickest(home: Path, rounds: int, *arguments: str) -> Taken:
    """The run of several that took the least processor time."""
    return min((python(home, *arguments) for _ in range(rounds)), key=lambda taken: taken.processor)


def measure_phases(home: Path, study_name: str) -> None:
    """Run the pipeline's functions one after the other, without Dagster."""
    os.environ["BRI_HOME"] = str(home)
    with phase("import of the pure code"):
        from bri_pipeline.export.write import write_kit
        from bri_pipeline.home import StudyHome
        from bri_pipeline.lake.hits import land_hits
        from bri_pipeline.lake.source import source_of
        from bri_pipeline.report.write import write_report
        from bri_pipeline.settings import load_settings
        from bri_pipeline.study import load_study
        from bri_pipeline.warehouse.build import build_tables, models
        from bri_pipeline.warehouse.database import writing
        from bri_pipeline.warehouse.publish import publish
    settings, study = load_settings(), load_study(study_name)
    study_home = StudyHome.of(study, settings)
    source = source_of(study_home, settings)
    countries = [partner.iso2 for partner in study.searched]
    with phase("archive: verify"):
        source.verify(study.years, lambda _: None)
    with phase("landing: read"):
        source.land(study.years, settings.workers, lambda _: None)
    with phase("raw: hits per country and year"):
        land_hits(study_home, study.years, countries, lambda _: None)
    with phase(TABLES), writing(study_home.warehouse) as connection:
        built = list(build_tables(connection, study_home, models()))
    PHASES["  of which place resolution"] = sum(
        t.table.seconds for t in built if t.name == "staging.place_resolution"
    )
    with phase("published copy"):
        publish(study_home, models())
    with phase(ONE_PAGE):
        write_report(study_home.published, study, study_home.report)
    with phase("exports: the kit"):
        write_kit(study_home.published, study, study_home.exports)


def measure_all_scopes(home: Path, study_name: str) -> None:
    """Write the pages of all scopes of what ``measure_phases`` published."""
    from bri_pipeline.home import StudyHome
    from bri_pipeline.report.write import processes_for_pages, write_report
    from bri_pipeline.settings import load_settings
    from bri_pipeline.study import load_study

    study = load_study(study_name)
    published = StudyHome.of(study, load_settings()).published
    with phase(ALL_PAGES):
        write_report(published, study, home / "all", scope="all", processes=processes_for_pages())


def print_ratios_of_pages() -> None:
    """One page beside tables and checks, and all pages beside one: processor time, which load changes least."""
    one, every = PROCESSOR[ONE_PAGE], PROCESSOR[ALL_PAGES]
    cores = os.cpu_count() or 1
    print(f"one page / tables and checks: {one / PROCESSOR[TABLES]:.2f} of CPU (goal 2)")
    print(
        f"all scopes / one page: {every / one:.1f} of CPU, {every / one / cores:.1f} on each core (goal 16)"
    )


def main() -> None:
    """Run a study phase by phase, without Dagster."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--study", default="jiangsu-2018")
    parser.add_argument("--phases", type=Path, help="run the phases alone, in this folder")
    options = parser.parse_args()
    study = options.study
    if options.phases:
        measure_phases(options.phases, study)
        measure_all_scopes(options.phases, study)
        for name, peak in PEAKS.items():
            if not name.startswith(" "):
                times = f"{PHASES[name]:10.2f} s{PROCESSOR[name]:10.2f} s of CPU"
                print(f"{name:<34}{times}{peak:10.0f} MB")
        print_ratios_of_pages()
        return
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        helped = command(home, "--help")
        first = command(home / "first", "run", "--study", study)
        second = quickest(home / "first", ROUNDS, "-m", "bri_pipeline", "run", "--study", study)
        imports = quickest(home, ROUNDS, "-c", "import polars, duckdb")
        measure_phases(home / "phases", study)
        measure_all_scopes(home / "phases", study)
    own = [name for name in PHASES if not name.startswith(" ")]
    for name, seconds in PHASES.items():
        print(
            f"{name:<34}{seconds:8.2f} s" + (f"{PROCESSOR[name]:10.2f} s of CPU" if name in PROCESSOR else "")
        )
    work, processor = (sum(taken[name] for name in own) for taken in (PHASES, PROCESSOR))
    print(f"{'all phases, without Dagster':<34}{work:8.2f} s{processor:10.2f} s of CPU")
    print(line("first bri run", first))
    print(line("bri run, nothing new", second))
    print(line("import of Polars and DuckDB", imports))
    print(line("bri --help", helped))
    print_ratios_of_pages()
    print(f"first run / bare phases: {first.processor / processor:.2f} of CPU (goal 1.5), ", end="")
    print(f"{first.seconds / work:.2f} of seconds")
    print(f"nothing new / imports: {second.processor / imports.processor:.2f} of CPU (goal 3), ", end="")
    print(f"{second.seconds / imports.seconds:.2f} of seconds")


if __name__ == "__main__":
    main()
