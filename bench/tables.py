"""Wall time and memory of reading the pre-grant tables, beside ``unzip -p`` of the same zips.

    python -m bench.tables FOLDER [--publications 8000000] [--workers 1] [--keep]

Generates the six tables into a new folder inside FOLDER, lands them, and deletes everything again. Every
publication has three or four inventors (25 on 8 publications), a company as applicant or assignee or both on
three of four, two or three IPC symbols; one inventor in twelve is Chinese; the rows of the location table stand
in an order unrelated to the other tables. Disk per million publications: 0.5 GB of zips, and 0.5 GB while landing.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
from isal import isal_zlib

BLOCK = 100_000
FIRST_YEAR, YEARS = 2001, 26
COUNTRIES = pl.Series(
    ["US"] * 46
    + ["JP"] * 20
    + ["CN", "KR", "DE"] * 8
    + ["TW", "FR", "GB", "IN", "SG", "IL", "HK", "CA", "IT", "SE"]
)
CITIES = pl.Series(
    [
        f"{a}{b}"
        for a in ("Nan", "San ", "Yoko", "Frank", "New ", "Ban")
        for b in ("jing", "hama", "furt", "Jose", "York", "galore")
    ]
)
WORDS = pl.Series(
    [
        "system",
        "method",
        "device",
        "apparatus",
        "for",
        "of",
        "and",
        "with",
        "a",
        "wireless",
        "data",
        "display",
    ]
)
NAMES = pl.Series(
    [
        f"{a}{b}"
        for a in ("Wei", "Jo", "An", "Hiro", "Ra", "Mi")
        for b in ("", "hn", "na", "shi", "jesh", "chael", "-Xing", " L.")
    ]
)


def mixed(numbers: np.ndarray, salt: int) -> np.ndarray:
    """Splitmix64 of the numbers: the same pseudo-random 64 bits wherever a number is met."""
    state = numbers.astype(np.uint64) + np.uint64((salt * 0x9E3779B97F4A7C15) % 2**64)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


def drawn(values: pl.Series, numbers: np.ndarray, salt: int) -> pl.Series:
    """One of the values for each number."""
    return values.gather((mixed(numbers, salt) % np.uint64(len(values))).astype(np.uint32))


HEX = np.frombuffer(b"".join(b"%02x" % byte for byte in range(256)), dtype="S2")


def uuids(numbers: np.ndarray) -> pl.Series:
    """The rawlocation ids of the mentions with these numbers."""
    halves = np.stack([mixed(numbers, 1), mixed(numbers, 2)], axis=1).view(np.uint8)
    text = HEX[halves].view(np.uint8).reshape(len(numbers), 32)
    lines = np.full((len(numbers), 37), ord("-"), dtype=np.uint8)
    for source, width, target in ((0, 8, 0), (8, 4, 9), (12, 4, 14), (16, 4, 19), (20, 12, 24)):
        lines[:, target : target + width] = text[:, source : source + width]
    lines[:, 36] = ord("\n")
    return pl.read_csv(io.BytesIO(lines.tobytes()), has_header=False, infer_schema=False).to_series()


class Tables:
    """Generates the blocks of each table for a number of publications."""

    def __init__(self, publications: int) -> None:
        self.publications = publications
        self.inventors = publications * 25 // 8
        self.mentions = self.inventors + publications

    def pgpub_ids(self, numbers: np.ndarray) -> np.ndarray:
        """Publication numbers, evenly over the years."""
        per_year = -(-self.publications // YEARS)
        return (FIRST_YEAR + numbers // per_year) * 10**7 + numbers % per_year + 1

    def publication_of(self, mentions: np.ndarray) -> np.ndarray:
        """Number of the publication that a mention (inventor, then applicant) belongs to."""
        others = mentions - self.inventors
        return np.where(mentions < self.inventors, mentions * 8 // 25, others % (self.publications // 2) * 2)

    def country_of(self, mentions: np.ndarray) -> pl.Series:
        """Country of a mention: that of its publication, but for one in twenty."""
        strays = mixed(mentions, 3) % np.uint64(20) == 0
        return drawn(COUNTRIES, np.where(strays, mentions + 10**9, self.publication_of(mentions)), 4)

    def locations(self, block: np.ndarray) -> pl.DataFrame:
        """pg_location_not_disambiguated, rows in an order of their own."""
        mentions = (block * 7_368_787 + 12_345) % self.mentions
        country = self.country_of(mentions)
        return pl.DataFrame(
            {
                "rawlocation_id": uuids(mentions),
                "location_id": uuids(mixed(mentions, 5) % np.uint64(100_000)),
                "raw_city": drawn(CITIES, mentions, 6),
                "raw_state": pl.select(
                    pl.when(country == "US").then(pl.lit("CA")).otherwise(pl.lit(""))
                ).to_series(),
                "raw_country": country,
            }
        )

    def inventors_table(self, block: np.ndarray) -> pl.DataFrame:
        """pg_inventor_not_disambiguated."""
        first, last = drawn(NAMES, block, 7), drawn(NAMES, block, 8)
        return pl.DataFrame(
            {
                "pgpub_id": self.pgpub_ids(self.publication_of(block)),
                "inventor_sequence": block % 4,
                "inventor_id": "fl:"
                + last.str.slice(0, 2).str.to_lowercase()
                + "_ln:"
                + last
                + "-"
                + (mixed(block, 9) % np.uint64(4000)).astype(str),
                "raw_inventor_name_first": first,
                "raw_inventor_name_last": last,
                "deceased_flag": ["False"] * len(block),
                "rawlocation_id": uuids(block),
            }
        )

    def applicants(self, block: np.ndarray) -> pl.DataFrame:
        """pg_applicant_not_disambiguated: one for every second publication."""
        return pl.DataFrame(
            {
                "pgpub_id": self.pgpub_ids(block * 2),
                "applicant_sequence": block * 0,
                "raw_applicant_name_first": [""] * len(block),
                "raw_applicant_name_last": [""] * len(block),
                "raw_applicant_organization": drawn(CITIES, block, 10) + " Technologies Co., Ltd.",
                "applicant_type": ["applicant"] * len(block),
                "applicant_designation": ["us-only"] * len(block),
                "applicant_authority": ["assignee"] * len(block),
                "rawlocation_id": uuids(block + self.inventors),
            }
        )

    def assignees(self, block: np.ndarray) -> pl.DataFrame:
        """pg_assignee_not_disambiguated: one for every second publication, half of them without an applicant."""
        return pl.DataFrame(
            {
                "pgpub_id": self.pgpub_ids(block * 2 + block % 2),
                "assignee_sequence": block * 0,
                "assignee_id": uuids(mixed(block, 11) % np.uint64(300_000)),
                "raw_assignee_individual_name_first": [""] * len(block),
                "raw_assignee_individual_name_last": [""] * len(block),
                "raw_assignee_organization": drawn(CITIES, block, 12) + " Electronics Inc.",
                "assignee_type": block * 0 + 3,
                "rawlocation_id": uuids(block + self.inventors + self.publications // 2),
            }
        )

    def ipc(self, block: np.ndarray) -> pl.DataFrame:
        """pg_ipc_at_issue: five symbols for two publications."""
        return pl.DataFrame(
            {
                "pgpub_id": self.pgpub_ids(block * 2 // 5),
                "ipc_sequence": block % 3,
                "classification_level": ["A"] * len(block),
                "section": drawn(pl.Series(list("ABCDEFGH")), block, 13),
                "ipc_class": drawn(pl.Series(["01", "04", "06", "12", "61"]), block, 14),
                "subclass": drawn(pl.Series(list("BCDFHKLNQ")), block, 15),
                "main_group": (mixed(block, 16) % np.uint64(99) + np.uint64(1)).astype(str),
                "subgroup": drawn(pl.Series(["00", "02", "06", "14", "483"]), block, 17),
                "classification_value": drawn(pl.Series(["I", "I", "N"]), block, 18),
                "classification_status": ["B"] * len(block),
                "classification_data_source": ["H"] * len(block),
                "action_date": ["2015-07-30"] * len(block),
                "ipc_version_indicator": ["2006-01-01"] * len(block),
            }
        )

    def published(self, block: np.ndarray) -> pl.DataFrame:
        """pg_published_application."""
        ids = self.pgpub_ids(block)
        title = WORDS.gather([0] * len(block))
        for salt in range(20, 28):
            title = title + " " + drawn(WORDS, block, salt)
        return pl.DataFrame(
            {
                "pgpub_id": ids,
                "application_id": (9_000_000 + block).astype(str),
                "filing_date": (ids // 10**7 - 1).astype(str),
                "patent_type": ["utility"] * len(block),
                "filing_type": ["new-utility"] * len(block),
                "published_date": (ids // 10**7).astype(str),
                "wipo_kind": ["A1"] * len(block),
                "series_code": ["09"] * len(block),
                "application_title": title,
                "rule_47_flag": ["False"] * len(block),
                "filename": ["ipa150730.xml"] * len(block),
            }
        ).with_columns(
            pl.col("application_id").str.zfill(8),
            pl.col("filing_date") + "-07-30",
            pl.col("published_date") + drawn(pl.Series(["-01-15", "-04-01", "-11-26"]), block, 19),
        )

    def all(self) -> dict[str, Iterator[pl.DataFrame]]:
        """Table name to its blocks."""
        blocks = {
            "pg_location_not_disambiguated": (self.locations, self.mentions),
            "pg_inventor_not_disambiguated": (self.inventors_table, self.inventors),
            "pg_applicant_not_disambiguated": (self.applicants, self.publications // 2),
            "pg_assignee_not_disambiguated": (self.assignees, self.publications // 2),
            "pg_ipc_at_issue": (self.ipc, self.publications * 5 // 2),
            "pg_published_application": (self.published, self.publications),
        }
        return {name: map(make, row_numbers(rows)) for name, (make, rows) in blocks.items()}


def row_numbers(rows: int) -> Iterator[np.ndarray]:
    """The numbers 0 to rows - 1 in blocks."""
    return (np.arange(start, min(start + BLOCK, rows)) for start in range(0, rows, BLOCK))


def write_zip(path: Path, blocks: Iterator[pl.DataFrame]) -> int:
    """One table as a zip of one TSV, deflated by ISA-L because zlib takes minutes; returns the bytes of the TSV."""
    size = 0
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(path.name.removesuffix(".zip"), "w", force_zip64=True) as member,
    ):
        member._compressor = isal_zlib.compressobj(3, isal_zlib.DEFLATED, -15)
        for number, block in enumerate(blocks):
            text = block.write_csv(separator="\t", quote_style="non_numeric", include_header=number == 0)
            size += member.write(text.encode())
    return size


def unzip_seconds(folder: Path) -> float:
    """Wall time of ``unzip -p`` of every zip to nowhere."""
    start = time.perf_counter()
    for path in sorted(folder.glob("*.zip")):
        subprocess.run(["unzip", "-p", path], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


LANDING = """
import resource, sys, time
from pathlib import Path
from bench.memory import peak_megabytes
from bri_pipeline.patentsview.tables import land_tables
start = time.perf_counter()
landing = land_tables(Path(sys.argv[1]), frozenset({"CN"}), Path(sys.argv[2]), workers=int(sys.argv[3]))
seconds, usage = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
print(f"landing  {seconds:7.1f} s wall, {usage.ru_utime + usage.ru_stime:.1f} s of processor time")
print(f"peak     {peak_megabytes():7.0f} MB resident")
print(f"{sum(landing.documents.values()):,} publications, {sum(landing.kept.values()):,} kept")
print(f"{sum(landing.country_totals.values()):,} pairs of publication and country counted")
print(seconds)
"""


def main() -> None:
    """Generate, measure, print, delete."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--publications", type=int, default=8_000_000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="leave the zips and what was landed in place")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="tables-", dir=options.folder))
    try:
        measure(folder, options.publications, options.workers)
    finally:
        if not options.keep:
            shutil.rmtree(folder)


def measure(folder: Path, publications: int, workers: int) -> None:
    """Print the sizes, the time of unzip, and time and memory of the landing, run in a process of its own."""
    tables = Tables(publications).all()
    size = sum(write_zip(folder / f"{name}.tsv.zip", blocks) for name, blocks in tables.items())
    zipped = sum(path.stat().st_size for path in folder.glob("*.zip"))
    print(f"{publications:,} publications: {zipped / 1e9:.2f} GB of zips, {size / 1e9:.2f} GB inflated")
    unzip = unzip_seconds(folder)
    print(f"unzip -p {unzip:7.1f} s wall")
    command = [sys.executable, "-c", LANDING, folder, folder / "landed", str(workers)]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    print(*output[:-1], sep="\n")
    unzip_after = unzip_seconds(folder)
    print(f"unzip -p {unzip_after:7.1f} s wall, once more")
    print(f"ratio    {2 * float(output[-1]) / (unzip + unzip_after):7.2f} (landing to the mean of both)")
    print(f"load     {os.getloadavg()[0]:7.1f} of {os.cpu_count()} processors over the last minute")


if __name__ == "__main__":
    main()
