"""Measures the scan of weekly files side by side with ``unzip`` and with parsing every document.

    python bench/scan.py [FOLDER_OF_ZIPS] [--documents 5000] [--files 4] [--text-words 0] [--parse]

Without a folder it writes its own: front pages in the form of v4.4, 5 % with an inventor in CN, 0.1 % with
one in SG besides. Prints one line per measurement: seconds, the ratio to ``unzip -p FILE``, the
ratio to the scan with one process.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from lxml import etree

from bri_pipeline.uspto.files import open_streams
from bri_pipeline.uspto.read import read_documents
from bri_pipeline.uspto.scan import scan_file
from bri_pipeline.uspto.split import split_documents

FOCAL = frozenset({"CN"})
SYLLABLES = re.findall("[A-Z][a-z]+", "AnBeiChenDaErFuGanHuInJoKaLuMiNoOrPaQiRuSoTaUnViWenXiYoZuStRoLeMe")

DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE us-patent-application SYSTEM "us-patent-application-v44-2014-04-03.dtd" [ ]>
<us-patent-application lang="EN" dtd-version="v4.4 2014-04-03" file="US{number}A1-20200102.XML" \
status="PRODUCTION" id="us-patent-application" country="US" date-produced="20191218" date-publ="20200102">
<us-bibliographic-data-application lang="EN" country="US">
<publication-reference>
<document-id>
<country>US</country>
<doc-number>{number}</doc-number>
<kind>A1</kind>
<date>20200102</date>
</document-id>
</publication-reference>
<application-reference appl-type="utility">
<document-id>
<country>US</country>
<doc-number>{application}</doc-number>
<date>2018{month:02}15</date>
</document-id>
</application-reference>
<us-application-series-code>16</us-application-series-code>
<classifications-ipcr>
{ipc}</classifications-ipcr>
<classifications-cpc>
<main-cpc>
{main_cpc}</main-cpc>
</classifications-cpc>
<invention-title id="d2e43">{title}</invention-title>
<us-parties>
<us-applicants>
<us-applicant sequence="00" app-type="applicant" designation="us-only" \
applicant-authority-category="assignee">
<addressbook>
<orgname>{company}</orgname>
<address>
<city>{city}</city>
<country>{country}</country>
</address>
</addressbook>
<residence>
<country>{country}</country>
</residence>
</us-applicant>
</us-applicants>
<inventors>
{inventors}</inventors>
</us-parties>
</us-bibliographic-data-application>
<abstract id="abstract">
<p id="p-0001" num="0000">{abstract}</p>
</abstract>{text}
</us-patent-application>
"""
SYMBOL = """<classification-ipcr>
<ipc-version-indicator><date>20060101</date></ipc-version-indicator>
<classification-level>A</classification-level>
<section>{section}</section>
<class>{ipc_class:02}</class>
<subclass>{subclass}</subclass>
<main-group>{group}</main-group>
<subgroup>{subgroup:02}</subgroup>
<symbol-position>{position}</symbol-position>
<classification-value>I</classification-value>
<action-date><date>20200102</date></action-date>
<generating-office><country>US</country></generating-office>
<classification-status>B</classification-status>
<classification-data-source>H</classification-data-source>
</classification-ipcr>
"""
INVENTOR = """<inventor sequence="{sequence:02}" designation="us-only">
<addressbook>
<last-name>{last}</last-name>
<first-name>{first}</first-name>
<address>
<city>{city}</city>
<country>{country}</country>
</address>
</addressbook>
</inventor>
"""


def write_archive(folder: Path, files: int, documents: int, text_words: int = 0) -> list[Path]:
    """Weekly files of ``documents`` front pages each (full texts if ``text_words``), from a fixed seed."""
    rng = random.Random(20260101)
    paths = []
    for week in range(1, files + 1):
        path = folder / f"ipab202001{week:02}_wk{week:02}.zip"
        with (
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
            archive.open(f"ipab202001{week:02}.xml", "w") as stream,
        ):
            for number in range(documents):
                stream.write(_document(rng, week * 1_000_000 + number, text_words).encode())
        paths.append(path)
    return paths


def _document(rng: random.Random, number: int, text_words: int) -> str:
    home = rng.choices(["US", "JP", "DE", "KR", "TW", "FR"], [50, 20, 10, 8, 6, 6])[0]
    countries = [home] * rng.choice([1, 2, 2, 3, 3, 4, 6])
    draw = rng.random()
    if draw < 0.05:
        countries[0] = "CN"
    if draw < 0.001:
        countries.append("SG")
    symbols = [_symbol(rng, "F" if place == 0 else "L") for place in range(rng.choice([1, 2, 3, 4, 6]))]
    return DOCUMENT.format(
        number=20_200_000_000 + number,
        application=16_000_000 + number % 999_999,
        month=rng.randint(1, 12),
        ipc="".join(symbols),
        main_cpc=symbols[0].replace("ipcr", "cpc"),
        title=_words(rng, 8).upper(),
        company=_words(rng, 3).title() + " Ltd.",
        city=_words(rng, 1).title(),
        country=countries[0],
        inventors="".join(_inventor(rng, place, country) for place, country in enumerate(countries)),
        abstract=_words(rng, 120),
        text=f"\n<description><p>{_words(rng, text_words)}</p></description>" if text_words else "",
    )


def _symbol(rng: random.Random, position: str) -> str:
    return SYMBOL.format(
        section=rng.choice("ABCDEFGH"),
        ipc_class=rng.randint(1, 60),
        subclass=rng.choice("BCFGHLN"),
        group=rng.randint(1, 99),
        subgroup=rng.randint(0, 99),
        position=position,
    )


def _inventor(rng: random.Random, sequence: int, country: str) -> str:
    last, first, city = (_words(rng, 1).title() for _ in range(3))
    return INVENTOR.format(sequence=sequence, last=last, first=first, city=city, country=country)


def _words(rng: random.Random, count: int) -> str:
    return " ".join("".join(rng.choices(SYLLABLES, k=rng.choice([1, 2, 2, 3]))).lower() for _ in range(count))


def unzip(paths: list[Path]) -> None:
    """What every measurement is compared with: inflating alone."""
    for path in paths:
        subprocess.run(["unzip", "-p", str(path)], stdout=subprocess.DEVNULL, check=True)


def scan(paths: list[Path], processes: int = 1, count_countries: bool = False) -> None:
    """The scan as the landing runs it."""
    if processes == 1:
        for path in paths:
            scan_file(path, FOCAL, count_countries=count_countries)
        return
    with ProcessPoolExecutor(processes) as pool:
        list(pool.map(scan_file, paths, [FOCAL] * len(paths)))


def parse_trees(paths: list[Path]) -> None:
    """Every document into a tree with lxml, nothing read from it: the least any parsing reader does."""
    parser = etree.XMLParser(load_dtd=False, resolve_entities=False, no_network=True, huge_tree=True)
    for document in _raw(paths):
        etree.fromstring(document, parser)


def read_all(paths: list[Path]) -> None:
    """Every document parsed and read into a record."""
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


def measure(paths: list[Path], rounds: int, parse: bool) -> None:
    """Prints the table of measurements over the same files."""
    documents = sum(1 for _ in _raw(paths))
    size = sum(len(content) for content in _raw(paths))
    print(f"{len(paths)} files, {documents} documents, {size / 1e6:.0f} MB of XML")
    runs: dict[str, Callable[[], None]] = {
        "unzip -p": lambda: unzip(paths),
        "scan, 1 process": lambda: scan(paths),
        "scan, 2 processes": lambda: scan(paths, 2),
        "scan with country totals": lambda: scan(paths, 1, True),
    }
    seconds = best_of(rounds, runs)
    if parse:
        seconds |= best_of(
            1,
            {
                "lxml tree of every document": lambda: parse_trees(paths),
                "every document read": lambda: read_all(paths),
            },
        )
    base, once = seconds["unzip -p"], seconds["scan, 1 process"]
    for name, taken in seconds.items():
        print(
            f"{name:30} {taken:7.2f} s  {taken / base:5.2f} x unzip  {taken / once:5.1f} x scan  "
            f"{taken / documents * 1e6:6.1f} µs per document"
        )
    print(f"peak memory of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def main() -> None:
    """Command line; see the module's text."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("folder", nargs="?", type=Path)
    arguments.add_argument("--documents", type=int, default=5000, help="documents per file")
    arguments.add_argument("--files", type=int, default=4)
    arguments.add_argument("--text-words", type=int, default=0, help="words of description per document")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--parse", action="store_true", help="measure parsing every document too (slow)")
    options = arguments.parse_args()
    if options.folder:
        measure(sorted(options.folder.rglob("*.zip")), options.rounds, options.parse)
        return
    with tempfile.TemporaryDirectory() as folder:
        paths = write_archive(Path(folder), options.files, options.documents, options.text_words)
        measure(paths, options.rounds, options.parse)


if __name__ == "__main__":
    main()
