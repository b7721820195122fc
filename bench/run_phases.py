"""Where the time of `bri run` goes: each phase alone, the whole command, and what is left to Dagster.

    python -m bench.run_phases [--study jiangsu-2018] [--phases FOLDER]

Prints seconds and peak memory, for a home that is made for the occasion and removed afterwards. With ``--phases`` only
the phases are run, in FOLDER, each with the most memory the process had until then.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.memory import peak_megabytes

PHASES: dict[str, float] = {}
PEAKS: dict[str, float] = {}


@contextmanager
def phase(name: str) -> Iterator[None]:
    """Remember how long the block took."""
    started = time.perf_counter()
    yield
    PHASES[name] = time.perf_counter() - started
    PEAKS[name] = peak_megabytes()


def command(home: Path, *arguments: str) -> tuple[float, float]:
    """Wall seconds and peak memory (MB) of one `bri` command in a process of its own."""
    started = time.perf_counter()
    environment = {**os.environ, "BRI_HOME": str(home)}
    subprocess.run(
        [sys.executable, "-m", "bri_pipeline", *arguments], env=environment, check=True, capture_output=True
    )
    seconds = time.perf_counter() - started
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def measure_phases(home: Path, study_name: str) -> None:
    """Run the pipeline's functions one after the other, without Dagster."""
    os.environ["BRI_HOME"] = str(home)
    with phase("import of the pure code"):
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
    with phase("SQL models and checks"), writing(study_home.warehouse) as connection:
        built = list(build_tables(connection, study_home, models()))
    PHASES["  of which place resolution"] = sum(
        t.table.seconds for t in built if t.name == "staging.place_resolution"
    )
    with phase("published copy"):
        publish(study_home, models())
    with phase("report: one page"):
        write_report(study_home.published, study, study_home.report)


def measure_all_scopes(home: Path, study_name: str) -> None:
    """Write the pages of all scopes of what ``measure_phases`` published."""
    from bri_pipeline.home import StudyHome
    from bri_pipeline.report.write import processes_for_pages, write_report
    from bri_pipeline.settings import load_settings
    from bri_pipeline.study import load_study

    study = load_study(study_name)
    published = StudyHome.of(study, load_settings()).published
    with phase("  all scopes, on every core"):
        write_report(published, study, home / "all", scope="all", processes=processes_for_pages())


def main() -> None:
    """Run a study phase by phase, without Dagster."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--study", default="jiangsu-2018")
    parser.add_argument("--phases", type=Path, help="run the phases alone, in this folder")
    options = parser.parse_args()
    study = options.study
    if options.phases:
        measure_phases(options.phases, study)
        for name, peak in PEAKS.items():
            if not name.startswith(" "):
                print(f"{name:<34}{PHASES[name]:10.2f} s{peak:10.0f} MB")
        return
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        help_seconds, _ = command(home, "--help")
        first, first_peak = command(home / "first", "run", "--study", study)
        second, _ = command(home / "first", "run", "--study", study)
        measure_phases(home / "phases", study)
        measure_all_scopes(home / "phases", study)
    work = sum(seconds for name, seconds in PHASES.items() if not name.startswith(" "))
    for name, seconds in PHASES.items():
        print(f"{name:<34}{seconds:8.2f} s")
    print(f"{'all phases, without Dagster':<34}{work:8.2f} s")
    print(f"{'first bri run':<34}{first:8.2f} s   peak {first_peak:,.0f} MB")
    print(f"{'Dagster: import and bookkeeping':<34}{first - work:8.2f} s")
    print(f"{'second bri run, nothing new':<34}{second:8.2f} s")
    print(f"{'bri --help':<34}{help_seconds:8.2f} s")


if __name__ == "__main__":
    main()
