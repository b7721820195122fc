"""The same question put to other ways of answering it: publications with an inventor in CN and one in SG.

    python -m bench.peers FOLDER [--weeks 16] [--documents 7000]

Writes an archive of front pages into FOLDER (``bench.weekly``; the same documents as grants for alexandria3k, which
reads nothing else, and as PatentsView tables for DuckDB), makes a virtual environment there with the versions of
``bench/peers.txt``, and runs each way as a whole process. Prints seconds, processor time of the process tree (user and
system) and its ratio to that of ``unzip -p`` over the same files, peak memory of the largest process, and how many of
the planted publications were found, and how many others. What cannot be installed is named and left out.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

# What is measured starts with the memory of this process, so nothing large is imported here.
from bench.processes import run_measured
from bench.study import COUNTRIES, write_study

HERE = Path(__file__).parent
GRANT = (
    (b"us-bibliographic-data-application", b"us-bibliographic-data-grant"),
    (b"us-patent-application", b"us-patent-grant"),
)
TABLES = {
    "pg_inventor_not_disambiguated": ("pgpub_id", "inventor_sequence", "rawlocation_id"),
    "pg_location_not_disambiguated": ("rawlocation_id", "raw_city", "raw_state", "raw_country"),
}


class Way(NamedTuple):
    """One way of answering: how it is called, what is run, and with what environment."""

    name: str
    command: list[str]
    environment: dict[str, str]
    answers: bool = True


def main() -> None:
    """Command line; see the module's text."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--land", type=Path, metavar="STUDY", help=argparse.SUPPRESS)
    parser.add_argument("--weeks", type=int, default=16)
    parser.add_argument("--documents", type=int, default=7000, help="documents per week")
    options = parser.parse_args()
    if options.land:
        land(options.land)
        return
    if options.folder is None:
        parser.error("give the folder for the archive and the environment")
    folder = options.folder.absolute() / f"{options.weeks}-weeks-of-{options.documents}"
    if not (folder / "planted.txt").is_file():
        write_files(folder, options.weeks, options.documents)
    planted = set((folder / "planted.txt").read_text().split())
    paths = sorted((folder / "archive").rglob("*.zip"))
    print(f"{len(paths)} files, {options.weeks * options.documents:,} documents, {len(planted)} planted")
    python, missing = peers_python(options.folder.absolute() / "venv")
    print(*missing, sep="\n", end="\n" if missing else "")
    print(f"{'':46}{'seconds':>9}{'processor':>11}{'x unzip':>9}{'peak':>9}  found")
    base = 0.0
    with tempfile.TemporaryDirectory(dir=folder) as work:
        for way in ways(folder, paths, python, Path(work)):
            taken = run_measured(way.name, way.command, way.environment)
            base = base or taken.processor
            found = numbers_in(taken.printed) if way.answers else None
            hits = (
                ""
                if found is None
                else f"{len(found & planted)} of {len(planted)}, {len(found - planted)} others"
            )
            times = f"{taken.seconds:7.1f} s{taken.processor:9.1f} s{taken.processor / base:9.2f}"
            print(f"{way.name:46}{times}{taken.megabytes:6,.0f} MB  {hits}".rstrip(), flush=True)


def write_files(folder: Path, weeks: int, documents: int) -> None:
    """The archive, its documents as grants and as tables, and the numbers of what was planted in it."""
    from bench.weekly import write_archive

    planted: list[str] = []
    write_archive(folder / "archive", weeks, documents, abstract_words=110, planted=planted)
    for path in sorted((folder / "archive").rglob("ipab*.zip")):
        _write_as_grants(path, folder / "grants" / path.parent.name / path.name.replace("ipab", "ipgb"))
    _write_tables(folder)
    (folder / "planted.txt").write_text("\n".join(planted) + "\n")


def _write_as_grants(path: Path, grants: Path) -> None:
    grants.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(grants, "w", zipfile.ZIP_DEFLATED) as written:
        [name] = [name for name in archive.namelist() if name.endswith(".xml")]
        content = archive.read(name)
        for application, grant in GRANT:
            content = content.replace(application, grant)
        written.writestr(name.replace("ipab", "ipgb"), content)


def _write_tables(folder: Path) -> None:
    from bri_pipeline.publication.record import Publication
    from bri_pipeline.uspto.read import read_documents

    lines: dict[str, list[str]] = {table: ["\t".join(columns)] for table, columns in TABLES.items()}
    for path in sorted((folder / "archive").rglob("*.zip")):
        for record in read_documents(path):
            assert isinstance(record, Publication)
            number = record.publication_number.removeprefix("US").removesuffix(record.kind)
            for inventor in record.inventors:
                place = f"{number}-{inventor.sequence}"
                inventors, locations = lines.values()
                inventors.append(f"{number}\t{inventor.sequence}\t{place}")
                locations.append(f"{place}\t{inventor.city_raw or ''}\t\t{inventor.country or ''}")
    (folder / "tables").mkdir()
    for table, rows in lines.items():
        with zipfile.ZipFile(folder / "tables" / f"{table}.tsv.zip", "w", zipfile.ZIP_DEFLATED) as written:
            written.writestr(f"{table}.tsv", "\n".join(rows) + "\n")


def peers_python(folder: Path) -> tuple[Path, list[str]]:
    """The Python of the peers' environment, made where it is missing, and a line on each that is not there."""
    python = folder / "bin" / "python"
    if not python.is_file():
        venv.create(folder, with_pip=True)
    wanted = [line for line in (HERE / "peers.txt").read_text().splitlines() if line and line[0] != "#"]
    missing = []
    for requirement in wanted:
        name, version = requirement.split("==")
        asked = [python, "-c", f"from importlib.metadata import version as v; print(v({name!r}))"]
        if subprocess.run(asked, capture_output=True, text=True).stdout.strip() == version:
            continue
        installed = subprocess.run(
            [python, "-m", "pip", "install", "-q", requirement], capture_output=True, text=True
        )
        if installed.returncode:
            missing.append(f"{requirement} cannot be installed: {installed.stderr.strip().splitlines()[-1]}")
    return python, missing


def ways(folder: Path, paths: list[Path], python: Path, work: Path) -> Iterator[Way]:
    """Every way of answering, the yardstick first."""
    files = " ".join(f"'{path}'" for path in paths)
    yield Way("unzip -p", ["sh", "-c", f"for f in {files}; do unzip -p $f; done >/dev/null"], {}, False)
    archive = str(folder / "archive")
    bri = [sys.executable, "-m", "bri_pipeline"]
    asked = ["--inventors", ",".join(COUNTRIES), "--format", "json"]
    yield Way("bri find", [*bri, "find", *asked, archive], {})
    readers = {"filter_then_lxml": "archive", "lxml_each": "archive"}
    readers |= {"alexandria3k": "grants", "fastpat": "archive", "duckdb_tables": "tables"}
    for name, read in readers.items():
        command = [str(python), str(HERE / "peer_readers.py"), name, str(folder / read), *COUNTRIES]
        yield Way(name.replace("_", " "), command, {})
    for totals in (False, True):
        study = write_study(work / f"study-{totals}.toml", folder / "archive", totals=totals)
        with_totals = " with country totals" * totals
        environment = {"BRI_HOME": str(work / f"home-{totals}")}
        landing = [sys.executable, "-m", "bench.peers", "--land", str(study)]
        for workers in ("1", "2"):
            yield Way(
                f"landing{with_totals}, {workers} process{'es' * (workers == '2')}",
                landing,
                {"BRI_HOME": str(work / f"landing-{totals}-{workers}"), "BRI_WORKERS": workers},
            )
        yield Way(f"bri run{with_totals}", [*bri, "run", "--study", str(study)], environment, False)


def land(study_path: Path) -> None:
    """Land the archive of a study; prints the numbers of what was kept that has an inventor of both countries."""
    import polars as pl

    from bri_pipeline.home import StudyHome
    from bri_pipeline.lake.landed import landed_files, publications_path
    from bri_pipeline.lake.source import source_of
    from bri_pipeline.settings import load_settings
    from bri_pipeline.study import load_study

    settings, study = load_settings(), load_study(str(study_path))
    home = StudyHome.of(study, settings)
    source = source_of(home, settings)
    source.verify(study.years, lambda _: None)
    source.land(study.years, settings.workers, lambda _: None)
    for file in landed_files(home):
        for number, inventors in pl.read_parquet(
            publications_path(home, file), columns=["publication_number", "inventors"]
        ).iter_rows():
            if set(COUNTRIES) <= {inventor["country"] for inventor in inventors}:
                print(number)


def numbers_in(said: str) -> set[str]:
    """The publication numbers in an answer, one a line or in a record a line: the eleven digits of each."""
    return set(re.findall(r'^(?:\{.*?"publication_number": ")?(?:US)?(\d{11})', said, re.MULTILINE))


if __name__ == "__main__":
    main()
