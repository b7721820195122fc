"""Lands the pre-grant tables: publications with an inventor of a focal country, per year of publication.

Every zip is inflated once, for all years. Of what grows with the tables only one bit per publication is held,
and in the end the records of a part of a year; what must be joined is spilled to disk in partitions:

1. Locations and inventors are written to disk as they come, and the hashes of their rawlocation_ids in
   partitions by that hash.
2. Partition by partition these are joined: which publications have a focal-country inventor, and the countries
   of every publication.
3. Publications, applicants, assignees, symbols and related documents are read, and kept for those publications;
   so are the inventors and locations from the disk. Of all publications the kinds are kept.
4. Partition by partition inventors, applicants and assignees get their locations, and are spilled by part of a year.
5. Year by year kinds and countries are joined and counted by set; part by part the records are put together and
   written.
"""

from __future__ import annotations

import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from string import ascii_uppercase, digits
from tempfile import TemporaryDirectory

import polars as pl

from bri_pipeline.patentsview.assemble import COUNTRY, counting_country, records
from bri_pipeline.patentsview.bits import PlaceFilter, PublicationSet
from bri_pipeline.patentsview.columns import (
    APPLICANTS,
    ASSIGNEES,
    CPC_SYMBOLS,
    FIRST_YEAR,
    INVENTORS,
    IPC_SYMBOLS,
    LAST_YEAR,
    LOCATIONS,
    PUBLICATIONS,
    RELATED_TABLES,
    SERIALS_PER_YEAR,
    Table,
    tables_in,
)
from bri_pipeline.patentsview.parties import PLACE, ROLES, locations, parties
from bri_pipeline.patentsview.related import RELATED_SCHEMA, related_rows
from bri_pipeline.patentsview.spill import FrameSpill, Log, NumberSpill
from bri_pipeline.patentsview.tsv import BLOCK_BYTES, TableReader, Unreadable, UnreadableLine
from bri_pipeline.publication.record import PUBLICATION_SCHEMA
from bri_pipeline.publication.scanned import CountrySet

FILE_NAME = "patentsview_tables.parquet"
HEADER_BYTES = 1 << 16
# Of the location table, inflated.
PARTITION_BYTES = 32 << 20
# Records are put together for so many numbers at once, which takes several times their size.
PART_SERIALS = 50_000
YEARS = LAST_YEAR + 1 - FIRST_YEAR
COUNTRIES = len(COUNTRY.categories)
NO_COUNTRY = COUNTRIES
BY_YEAR_OF_PAIR = pl.col("pair") // (COUNTRIES * SERIALS_PER_YEAR) - FIRST_YEAR
KIND = pl.Enum([letter + digit for letter in ascii_uppercase for digit in ("", *digits)])
BY_YEAR = pl.col("pgpub_id") // SERIALS_PER_YEAR - FIRST_YEAR
BY_PLACE = pl.col("place_1").fill_null(0)


@dataclass(slots=True)
class TablesLanding:
    """What reading the tables yielded.

    files             publication year -> the Parquet file written, PUBLICATION_SCHEMA, by publication number
    documents         publication year -> publications with a readable row in the publication table
    kept              publication year -> publications written
    repeated          publication year -> rows that name a publication again; the first row counts
    unreadable        file -> its unreadable lines: how many, and the first thousand with line, reason, excerpt
    without_document  publication year -> publications with a focal-country inventor that have no readable row
                      in the publication table
    notes             publication year -> note of a record -> publications written with it
    unlocated         inventors, assignees and applicants of kept publications whose rawlocation_id is not in
                      the location table; many mean that the tables are of different releases
    placeless         living inventors of all publications whose rawlocation_id is not in the location table: a
                      focal-country inventor may be among them
    country_sets      (publication year, kind, countries of the inventors) -> publications, of all in the
                      publication table
    """

    files: dict[int, Path] = field(default_factory=dict)
    documents: Counter[int] = field(default_factory=Counter)
    kept: Counter[int] = field(default_factory=Counter)
    repeated: Counter[int] = field(default_factory=Counter)
    unreadable: dict[str, Unreadable] = field(default_factory=dict)
    without_document: Counter[int] = field(default_factory=Counter)
    notes: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    unlocated: int = 0
    placeless: int = 0
    country_sets: Counter[CountrySet] = field(default_factory=Counter)

    @property
    def skipped(self) -> Counter[int]:
        """Publication year -> publications without a focal-country inventor."""
        return self.documents - self.kept

    @property
    def unreadable_lines(self) -> list[UnreadableLine]:
        """The unreadable lines of all files, up to a thousand of each."""
        return [line for unreadable in self.unreadable.values() for line in unreadable.lines]


def land_tables(
    folder: Path,
    focal_countries: frozenset[str],
    out_dir: Path,
    *,
    workers: int = 1,
    block_bytes: int = BLOCK_BYTES,
    table_read: Callable[[], object] = lambda: None,
) -> TablesLanding:
    """Write ``out_dir/<year>/patentsview_tables.parquet`` for every year that the publication table has.

    Each file holds the publications of the year with at least one inventor whose address is in a focal country,
    with PUBLICATION_SCHEMA, and replaces the one before in one step. While it works it needs disk space beside
    ``out_dir`` of about two thirds of the inflated inventor and location tables.

    Args:
        folder: holds the zips ``pg_*.tsv.zip``; tables that are not needed are ignored.
        focal_countries: two-letter codes.
        out_dir: made if missing.
        workers: tables read at the same time; each needs about 60 MB of memory more.
        block_bytes: how much of a table is parsed at once.
        table_read: called whenever a table has been read, by the thread that read it.

    Raises:
        UserError: a table or a column is missing, or a zip is damaged.
    """
    for table in tables_in(folder):
        # The header line, so that a column that is missing shows now and not in an hour.
        next(TableReader(folder, table, HEADER_BYTES).frames())
    out_dir.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".spill-", dir=out_dir) as spilled:
        run = _Run(folder, Path(spilled), workers, block_bytes, table_read)
        run.read_places()
        run.choose(focal_countries)
        run.read_chosen()
        run.locate()
        run.count_sets()
        run.write_years(out_dir)
    return run.landing


class _Run:
    """One landing: the spills of its steps and what it has counted so far."""

    def __init__(
        self,
        folder: Path,
        spilled: Path,
        workers: int,
        block_bytes: int,
        table_read: Callable[[], object],
    ) -> None:
        self.landing = TablesLanding()
        self._table_read = table_read
        self._folder = folder
        self._workers = workers
        self._block_bytes = block_bytes
        self._chosen = PublicationSet()
        self._needed = PlaceFilter()
        self._partitions = _partitions(LOCATIONS.path(folder))
        self._logs = {table: Log(spilled / f"log-{table.name}") for table in (LOCATIONS, INVENTORS)}
        self._keys = {
            table: NumberSpill(spilled / f"keys-{table.name}", self._partitions, BY_PLACE)
            for table in self._logs
        }
        self._pairs = NumberSpill(spilled / "pairs", YEARS, BY_YEAR_OF_PAIR)
        self._kinds = NumberSpill(spilled / "kinds", YEARS, BY_YEAR)
        self._by_place = {
            table: FrameSpill(spilled / table.name, self._partitions, BY_PLACE)
            for table in (LOCATIONS, INVENTORS, ASSIGNEES, APPLICANTS)
        }
        self._parts_per_year = -(-SERIALS_PER_YEAR // PART_SERIALS)
        parts = self._parts_per_year * YEARS
        self._extra = [table for table in tables_in(folder) if table in (CPC_SYMBOLS, *RELATED_TABLES)]
        self._by_part = {
            table: FrameSpill(spilled / table.name, parts, self._part)
            for table in (PUBLICATIONS, IPC_SYMBOLS, *self._extra)
        }
        self._located = FrameSpill(spilled / "located", parts, self._part)

    def read_places(self) -> None:
        """Read locations and inventors: everything to the logs, what is joined first to the keys."""
        self._read({LOCATIONS: self._take_locations, INVENTORS: self._take_inventors})

    def choose(self, focal_countries: frozenset[str]) -> None:
        """Find the publications with a focal-country inventor, and count those of every country."""
        focal = [COUNTRY.categories.index_of(country) for country in focal_countries]
        for partition in range(self._partitions):
            pairs = self._pairs_of(partition)
            found = pairs.filter((pl.col("pair") % COUNTRIES).is_in(focal))["pair"] // COUNTRIES
            self._chosen.add(found.cast(pl.Int64))
            self._pairs.add(pairs)
        self._pairs.flush()

    def count_sets(self) -> None:
        """Count the publications of every year by kind and set of inventor countries."""
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            if year - FIRST_YEAR not in self._kinds.filled:
                continue
            rows = self._kinds.read(year - FIRST_YEAR)
            kinds = rows.unique("pgpub_id", keep="first")
            self.landing.documents[year] = len(kinds)
            self.landing.repeated[year] = len(rows) - len(kinds)
            counted = (
                kinds.join(self._sets_of(year), on="pgpub_id", how="left").group_by("kind", "countries").len()
            )
            self.landing.country_sets.update(
                {
                    (year, KIND.categories[kind], tuple((countries or "").split())): documents
                    for kind, countries, documents in counted.iter_rows()
                }
            )

    def _sets_of(self, year: int) -> pl.DataFrame:
        """The countries of each publication of a year that has any, as one sorted text: ``CN SG``."""
        if year - FIRST_YEAR not in self._pairs.filled:
            return pl.DataFrame(schema={"pgpub_id": pl.UInt64, "countries": pl.String})
        pair = pl.col("pair")
        code = pl.col("country").cast(pl.UInt32).replace_strict(dict(enumerate(COUNTRY.categories)))
        pairs = self._pairs.read(year - FIRST_YEAR).unique()
        return (
            pairs.sort("pair")
            .select((pair // COUNTRIES).alias("pgpub_id"), (pair % COUNTRIES).alias("country"))
            .with_columns(code)
            .group_by("pgpub_id", maintain_order=True)
            .agg(pl.col("country").str.join(" ").alias("countries"))
        )

    def read_chosen(self) -> None:
        """Keep what belongs to the publications found: the other tables as read, then the logs."""
        self._read(
            {
                PUBLICATIONS: self._take_publications,
                IPC_SYMBOLS: lambda rows: self._spill_by_part(IPC_SYMBOLS, rows),
                ASSIGNEES: lambda rows: self._spill_parties(ASSIGNEES, parties(ASSIGNEES, rows)),
                APPLICANTS: lambda rows: self._spill_parties(APPLICANTS, parties(APPLICANTS, rows)),
                **{table: partial(self._spill_by_part, table) for table in self._extra},
            },
            self._read_chosen_inventors,
        )
        for rows in self._logs[LOCATIONS].frames():
            self._by_place[LOCATIONS].add(rows.filter(self._needed.contains(*rows.select(PLACE))))
        self._by_place[LOCATIONS].flush()

    def _read_chosen_inventors(self) -> None:
        for rows in self._logs[INVENTORS].frames():
            self._spill_parties(INVENTORS, rows)
        self._by_place[INVENTORS].flush()

    def locate(self) -> None:
        """Give the parties of the publications found their locations, and spill them by part of a year."""
        for partition in range(self._partitions):
            rows = pl.concat(
                (
                    self._by_place[table].read(partition).with_columns(pl.lit(role).alias("role"))
                    for table, role in ROLES.items()
                ),
                how="diagonal",
            )
            places = _each_once(self._by_place[LOCATIONS].read(partition))
            located = rows.join(places.with_columns(found=True), on=PLACE, how="left", maintain_order="left")
            unlocated = located.filter(pl.col("place_1").is_not_null() & pl.col("found").is_null())
            self.landing.unlocated += len(unlocated)
            self._located.add(located.drop(*PLACE, "found"))
        self._located.flush()

    def write_years(self, out_dir: Path) -> None:
        """Write the records of every year, and count what is missing from them."""
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            if self.landing.documents[year]:
                self.landing.files[year] = self._write_year(year, out_dir / str(year))
            if missing := self._chosen.count(year) - self.landing.kept[year]:
                self.landing.without_document[year] = missing

    def _write_year(self, year: int, folder: Path) -> Path:
        """The records of a year as a Parquet file in the folder, in place at once or not at all."""
        folder.mkdir(parents=True, exist_ok=True)
        path, partial = folder / FILE_NAME, folder / f".{FILE_NAME}.partial"
        first = (year - FIRST_YEAR) * self._parts_per_year
        filled = self._by_part[PUBLICATIONS].filled
        parts = [
            self._records(year, part) for part in range(first, first + self._parts_per_year) if part in filled
        ]
        pl.concat([PUBLICATION_SCHEMA.to_frame(), *parts]).write_parquet(partial)
        partial.replace(path)
        return path

    def _records(self, year: int, part: int) -> pl.DataFrame:
        """The records of a part of a year, counted."""
        publications, ipc = (self._by_part[table].read(part) for table in (PUBLICATIONS, IPC_SYMBOLS))
        distinct = publications.unique("pgpub_id", keep="first", maintain_order=True)
        frame = records(distinct, self._located.read(part), ipc, self._cpc(part), self._related(part))
        self.landing.kept[year] += len(frame)
        self.landing.notes[year].update(frame["notes"].explode().drop_nulls().to_list())
        return frame

    def _cpc(self, part: int) -> pl.DataFrame:
        if CPC_SYMBOLS in self._by_part:
            return self._by_part[CPC_SYMBOLS].read(part)
        columns = (*CPC_SYMBOLS.columns, *CPC_SYMBOLS.optional)
        return pl.DataFrame(schema={**dict.fromkeys(columns, pl.String), "pgpub_id": pl.Int64})

    def _related(self, part: int) -> pl.DataFrame:
        tables = [table for table in RELATED_TABLES if table in self._by_part]
        read = (related_rows(table, self._by_part[table].read(part)) for table in tables)
        return pl.concat([RELATED_SCHEMA.to_frame(), *read])

    @property
    def _part(self) -> pl.Expr:
        """Number of the part of a year that a publication belongs to, counted through all years."""
        year, serial = pl.col("pgpub_id") // SERIALS_PER_YEAR, pl.col("pgpub_id") % SERIALS_PER_YEAR
        return (year - FIRST_YEAR) * self._parts_per_year + serial // PART_SERIALS

    def _read(self, takers: dict[Table, Callable[[pl.DataFrame], None]], *others: Callable[[], None]) -> None:
        """Read tables, as many at a time as there are workers, handing every frame to the table's taker.

        ``others`` is what else can be done meanwhile.
        """
        with ThreadPoolExecutor(self._workers) as pool:
            tables = [pool.submit(self._read_table, table, take) for table, take in takers.items()]
            try:
                for future in [*tables, *map(pool.submit, others)]:
                    future.result()
            finally:  # after a failure nothing more is begun
                pool.shutdown(cancel_futures=True)

    def _read_table(self, table: Table, take: Callable[[pl.DataFrame], None]) -> None:
        reader = TableReader(self._folder, table, self._block_bytes)
        self.landing.unreadable[reader.path.name] = reader.unreadable
        for rows in reader.frames():
            take(rows)
        for spills in (self._keys, self._by_place, self._by_part):
            if table in spills:
                spills[table].flush()
        if table is PUBLICATIONS:
            self._kinds.flush()
        self._table_read()

    def _take_locations(self, rows: pl.DataFrame) -> None:
        rows = locations(rows)
        self._logs[LOCATIONS].add(rows)
        country = counting_country(rows).to_physical().alias("country")
        self._keys[LOCATIONS].add(rows.select(*PLACE, country.fill_null(NO_COUNTRY)))

    def _take_inventors(self, rows: pl.DataFrame) -> None:
        rows = parties(INVENTORS, rows)
        self._logs[INVENTORS].add(rows)
        living = rows.filter(~pl.col("marked")).select(*PLACE, "pgpub_id").drop_nulls("place_1")
        self._keys[INVENTORS].add(living)

    def _take_publications(self, rows: pl.DataFrame) -> None:
        kind = pl.col("wipo_kind").str.strip_chars().cast(KIND).to_physical()
        self._kinds.add(rows.select(pl.col("pgpub_id").cast(pl.Int64), kind.alias("kind")))
        self._spill_by_part(PUBLICATIONS, rows)

    def _spill_by_part(self, table: Table, rows: pl.DataFrame) -> None:
        rows = rows.with_columns(pl.col("pgpub_id").cast(pl.Int64))
        self._by_part[table].add(self._of_chosen(rows))

    def _spill_parties(self, table: Table, rows: pl.DataFrame) -> None:
        rows = self._of_chosen(rows)
        self._needed.add(*rows.select(PLACE).drop_nulls())
        self._by_place[table].add(rows)

    def _of_chosen(self, rows: pl.DataFrame) -> pl.DataFrame:
        return rows.filter(self._chosen.contains(rows["pgpub_id"]))

    def _pairs_of(self, partition: int) -> pl.DataFrame:
        """The pairs of publication and country of an inventor within a partition, each once, as one number."""
        places = _each_once(self._keys[LOCATIONS].read(partition))
        inventors = self._keys[INVENTORS].read(partition)
        found = inventors.join(places, on="place_1").filter(pl.col("place_2") == pl.col("place_2_right"))
        self.landing.placeless += len(inventors) - len(found)
        pair = pl.col("pgpub_id") * COUNTRIES + pl.col("country")
        return found.filter(pl.col("country") != NO_COUNTRY).select(pair.alias("pair")).unique()


def _each_once(places: pl.DataFrame) -> pl.DataFrame:
    """Of locations with the same rawlocation_id the first; there should be none, and looking is cheaper."""
    if places["place_1"].n_unique() == len(places):
        return places
    return places.unique(PLACE, keep="first", maintain_order=True)


def _partitions(path: Path) -> int:
    """Partitions for the rows of a table, so that one of them fits into memory several times."""
    if not zipfile.is_zipfile(path):
        return 1 + path.stat().st_size // PARTITION_BYTES
    with zipfile.ZipFile(path) as archive:
        return 1 + sum(member.file_size for member in archive.infolist()) // PARTITION_BYTES
