"""Time of all tables and checks over many times the default study's hits: whether it grows with them and no faster.

    python -m bench.table_growth [--times 1 10 100] [--threads 1]

Each copy of a publication has numbers and inventors of its own, so that all are patents of their own; places, dates,
applicants and symbols repeat. Prints seconds of processor time for each number of copies, the ratio of the last two,
and the tables and checks that took longest.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import duckdb

from bri_pipeline.home import StudyHome
from bri_pipeline.lake.hits import land_hits
from bri_pipeline.lake.source import source_of
from bri_pipeline.resources import resource_dir
from bri_pipeline.settings import load_settings
from bri_pipeline.study import load_study
from bri_pipeline.warehouse.build import build_order, models
from bri_pipeline.warehouse.lake_tables import load_lake
from bri_pipeline.warehouse.model_build import build_model, run_check
from bri_pipeline.warehouse.python_tables import PYTHON_TABLES, make_python_table
from bri_pipeline.warehouse.reference_tables import load_reference

SHOWN = 12
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
    con.execute("drop view lake.publications")
    for name in ("hits", "publications"):
        con.execute(_NUMBERED.format(table=f"lake.{name}", name=name, times=times))
    con.execute(f"update lake.country_sets set documents = documents * {times}")
    con.execute(
        f"update lake.files set documents = documents * {times}, kept = kept * {times}, skipped = skipped * {times}"
    )


def measure(home: StudyHome, times: int, threads: int) -> dict[str, float]:
    """Table or check -> processor seconds of building or running it."""
    seconds: dict[str, float] = {}
    with duckdb.connect(config={"threads": threads}) as con:
        load_lake(con, home)
        load_reference(con, home.study, resource_dir("data/reference"))
        multiply(con, times)
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
    """Land once, then build everything over each number of copies."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = landed(Path(folder))
        found = {}
        for times in options.times:
            found[times] = measure(home, times, options.threads)
            spent = sum(found[times].values())
            print(f"{times:>6} x the hits {spent:9.2f} s of processor time", flush=True)
    if len(found) > 1:
        before, last = list(found)[-2:]
        ratio = sum(found[last].values()) / sum(found[before].values())
        print(f"ratio of {last} x to {before} x: {ratio:.1f} (linear or better: at most {last / before:g})")
    slowest = sorted(found[options.times[-1]].items(), key=lambda item: -item[1])[:SHOWN]
    for name, _ in slowest:
        print(f"  {name:<60}" + " ".join(f"{found[times][name]:9.2f}" for times in options.times))


if __name__ == "__main__":
    main()
