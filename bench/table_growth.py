"""Time of all tables and checks over many times the default study's hits: whether it grows with them and no faster.

    python -m bench.table_growth [--times 1 10 100] [--threads 1 2]

Each copy of a publication has numbers and inventors of its own, so that all are patents of their own; places, dates,
applicants and symbols repeat. The tables are made in a file, with no more memory than BRI_MEMORY says. Prints seconds
of processor time and of the clock and the most memory the process had until then, for each number of copies and
threads; whether every table is the same to the last bit on each number of threads; the ratio of the last two numbers
of copies, and the tables and checks that took longest.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bench.memory import peak_megabytes
from bri_pipeline.home import StudyHome
from bri_pipeline.lake.hits import land_hits
from bri_pipeline.lake.source import source_of
from bri_pipeline.resources import resource_dir
from bri_pipeline.settings import load_settings
from bri_pipeline.study import load_study
from bri_pipeline.warehouse.build import build_order, models
from bri_pipeline.warehouse.build_ids import BuildIds
from bri_pipeline.warehouse.database import memory_limit
from bri_pipeline.warehouse.lake_tables import load_lake
from bri_pipeline.warehouse.model_build import build_model, run_check
from bri_pipeline.warehouse.python_tables import PYTHON_TABLES, make_python_table
from bri_pipeline.warehouse.reference_tables import load_reference

SHOWN = 25
_NUMBERED = """
    create or replace table {table} as
    select * replace (
        publication_number || '-' || copy as publication_number,
        coalesce(application_number, publication_number) || '-' || copy as application_number,
        list_transform(
            inventors, lambda inventor: struct_update(inventor, last_name := inventor.last_name || ' ' || copy)
        ) as inventors
    ) from once.{name}, range({times}) as copied (copy)
"""


def landed(folder: Path) -> StudyHome:
    """The default study, landed into a folder."""
    settings, study = load_settings(), load_study("jiangsu-2018")
    home = StudyHome(study, folder / study.name)
    source = source_of(home, settings)
    source.verify(study.years, lambda _: None)
    source.land(study.years, settings.workers, lambda _: None)
    land_hits(home, study.years, [partner.iso2 for partner in study.searched], lambda _: None)
    return home


def multiply(con: duckdb.DuckDBPyConnection, times: int) -> None:
    """Hits, publications and counted documents many times over."""
    con.execute("create schema once")
    for name in ("hits", "publications"):
        con.execute(f"create table once.{name} as from lake.{name}")
    for name in ("hits", "publications"):
        con.execute(_NUMBERED.format(table=f"lake.{name}", name=name, times=times))
    con.execute(f"update lake.country_sets set documents = documents * {times}")
    con.execute(
        f"update lake.files set documents = documents * {times}, kept = kept * {times}, skipped = skipped * {times}"
    )


@dataclass(frozen=True)
class Measured:
    """What building everything took: table or check -> processor seconds, seconds of the clock, contents of tables."""

    processor: dict[str, float]
    clock: float
    contents: dict[str, str | None]

    @property
    def seconds(self) -> float:
        """Processor seconds of all tables and checks."""
        return sum(self.processor.values())


def measure(home: StudyHome, times: int, threads: int) -> Measured:
    """Build every table in a new file and run every check."""
    path = home.root / f"{times}-{threads}.duckdb"
    with duckdb.connect(path, config={"threads": threads, "memory_limit": memory_limit()}) as con:
        load_lake(con, home)
        load_reference(con, home.study, resource_dir("data/reference"))
        multiply(con, times)
        began = time.perf_counter()
        seconds = _build(con, home)
        took = time.perf_counter() - began
        ids = BuildIds(con)
        contents = {name: ids.of(name) for name in models()}
    path.unlink()
    return Measured(seconds, took, contents)


def _build(con: duckdb.DuckDBPyConnection, home: StudyHome) -> dict[str, float]:
    """Table or check -> processor seconds of building or running it."""
    seconds: dict[str, float] = {}
    sql_models = models()
    for name in build_order(sql_models):
        started = time.process_time()
        if name in sql_models:
            build_model(con, sql_models[name])
        elif name in PYTHON_TABLES:
            make_python_table(con, name, home.study)
        seconds[name] = time.process_time() - started
        for check in sql_models[name].checks if name in sql_models else ():
            started = time.process_time()
            run_check(con, check)
            seconds[check.id] = time.process_time() - started
    return seconds


def main() -> None:
    """Land once, then build everything over each number of copies, on each number of threads."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--threads", type=int, nargs="+", default=[1])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = landed(Path(folder))
        found: dict[int, Measured] = {}
        for times in options.times:
            for threads in options.threads:
                measured = measure(home, times, threads)
                print(
                    f"{times:>6} x the hits, {threads} threads {measured.seconds:9.2f} s of processor time "
                    f"{measured.clock:9.2f} s {peak_megabytes():9,.0f} MB",
                    flush=True,
                )
                first = found.setdefault(times, measured)
                if differing := [
                    name for name in models() if measured.contents[name] != first.contents[name]
                ]:
                    print(f"       not the same as on {options.threads[0]} threads: {', '.join(differing)}")
    if len(found) > 1:
        before, last = list(found)[-2:]
        ratio = found[last].seconds / found[before].seconds
        print(f"ratio of {last} x to {before} x: {ratio:.1f} (linear or better: at most {last / before:g})")
    slowest = sorted(found[options.times[-1]].processor.items(), key=lambda item: -item[1])[:SHOWN]
    for name, _ in slowest:
        print(f"  {name:<60}" + " ".join(f"{found[times].processor[name]:9.2f}" for times in options.times))


if __name__ == "__main__":
    main()
