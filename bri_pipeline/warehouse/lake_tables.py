"""The lake as tables of schema ``lake`` in a DuckDB connection: what the SQL models read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from pathlib import Path, PurePath

import duckdb
import polars as pl

from bri_pipeline.files.object_storage import file_system, is_object
from bri_pipeline.home import StudyHome
from bri_pipeline.lake.archived import ArchivedFile, manifest
from bri_pipeline.lake.hits import hits_state
from bri_pipeline.lake.landed import landed_files, publications_path
from bri_pipeline.lake.landed_file import LandedFile
from bri_pipeline.lake.papers import known_institutions, paper_files, parquet_of
from bri_pipeline.publication.record import PUBLICATION_SCHEMA
from bri_pipeline.study import Study
from bri_pipeline.warehouse.external import EXTERNAL_TABLES, create_empty, duckdb_type
from bri_pipeline.warehouse.sql_text import parquet_files, quoted
from bri_pipeline.weekly_names import without_copy_marks

PAPER_TABLES = ("lake.papers", "lake.paper_institutions", "lake.paper_files")
_DTYPES: dict[str, pl.DataType] = {
    "varchar": pl.String(),
    "varchar[]": pl.List(pl.String()),
    "date": pl.Date(),
    "integer": pl.Int32(),
    "bigint": pl.Int64(),
    "boolean": pl.Boolean(),
    "timestamp with time zone": pl.Datetime("us", "UTC"),
    **{duckdb_type(dtype): dtype for dtype in PUBLICATION_SCHEMA.values()},
}

# Hits held in memory at once, about 1 KB each.
_HITS_AT_ONCE = 10_000


def _schema(table: str) -> pl.Schema:
    """The columns of a table of schema ``lake`` as ``external`` declares them."""
    return pl.Schema({column.name: _DTYPES[column.type] for column in EXTERNAL_TABLES[table].columns})


def load_lake(con: duckdb.DuckDBPyConnection, home: StudyHome, names: Collection[str] | None = None) -> None:
    """Make the named tables of schema ``lake``, all by default, say what the lake holds now.

    lake.publications    one row per publication with a focal inventor and source file, of the landed files
    lake.hits            country x publication, from the raw Parquet files
    lake.files           one row per landed source file of the window's years, with its counts
    lake.quarantine      one row per document that could not be read
    lake.partitions      one row per searched country and year of the window, landed or not
    lake.left_out        files of the archive that are not read, and why
    lake.read_twice      publications kept several times: the file they count from, and that of another record
    lake.country_sets    documents per file, year, kind and set of inventor countries, over all documents read
    lake.papers, lake.paper_institutions, lake.paper_files   papers of OpenAlex; empty in a study without them
    lake.country_codes   odd country codes of the inventors of kept publications, per file
    """
    makers: dict[str, Callable[[list[LandedFile]], pl.DataFrame]] = {
        "lake.files": lambda files: files_frame(files, home.study),
        "lake.quarantine": quarantine_frame,
        "lake.left_out": lambda _: left_out_frame(home),
        "lake.partitions": lambda _: partitions_frame(home),
        "lake.country_sets": sets_frame,
        "lake.country_codes": codes_frame,
    }
    there = {"lake.hits", "lake.publications", "lake.read_twice", *PAPER_TABLES, *makers}
    wanted = there if names is None else there & set(names)
    if not wanted:
        return
    if wanted.intersection(PAPER_TABLES):
        _create_papers(con, home)
    files = list(landed_files(home, home.study.years))
    for name in makers.keys() & wanted:
        _create(con, name, makers[name](files))
    if wanted & {"lake.publications", "lake.read_twice"}:
        kept = {str(publications_path(home, file)): file.source_file for file in files if file.kept}
        _create_publications(con, home, kept)
        _create_read_twice(con)
        _keep_last_of_each_file(con, kept)
    if "lake.hits" in wanted:
        _create_hits(con, home)


def files_frame(files: Iterable[LandedFile], study: Study) -> pl.DataFrame:
    """Landed files as a frame with the columns of lake.files."""
    return pl.DataFrame(
        [
            {
                "source_file": file.source_file,
                "file_year": file.file_year,
                "size_bytes": file.size,
                "sha256": file.fingerprint,
                "documents": file.documents,
                "kept": file.kept,
                "skipped": file.skipped,
                "other_documents": sum(file.other_documents.values()),
                "unreadable": len(file.unreadable) + file.unreadable_unlisted,
                "kinds_not_counted": sum(n for kind, n in file.kinds.items() if kind not in study.kinds),
                "outside_year": file.outside_year,
                "documents_before": file.documents_before or None,
                "notes": _noted(file.notes),
                "problem": file.problem,
                "landed_at": datetime.fromisoformat(file.landed_at),
            }
            for file in files
        ],
        schema=_schema("lake.files"),
    )


def _noted(notes: dict[str, int]) -> str | None:
    return "; ".join(f"{count:,} with {note}" for note, count in sorted(notes.items())) or None


def left_out_frame(home: StudyHome) -> pl.DataFrame:
    """Files of the archive that are not read, as a frame with the columns of lake.left_out."""
    files = {file.name: (year, file) for year in home.study.years for file in manifest(home, year)}
    rows = [
        {
            "source_file": file.name,
            "file_year": year,
            "size_bytes": file.size,
            "sha256": file.sha256 or None,
            "reason": _why_left_out(file, files.get(file.superseded_by or "", (year, None))[1]),
            "read_instead": file.superseded_by or file.same_as,
            "problem": file.not_opened,
        }
        for year, file in files.values()
        if not file.is_read
    ]
    return pl.DataFrame(rows, schema=_schema("lake.left_out"))


def _why_left_out(file: ArchivedFile, read_instead: ArchivedFile | None) -> str:
    if file.accepted:
        return "accepted loss"
    if file.not_opened:
        return "cannot be opened"
    if file.is_other:
        return "no source file"
    if file.same_as or (read_instead is not None and file.sha256 and file.sha256 == read_instead.sha256):
        return "same bytes"
    if read_instead is not None and _without_marks(file) == _without_marks(read_instead):
        return "second copy with other bytes"
    return "other form of the week"


def _without_marks(file: ArchivedFile) -> str:
    return without_copy_marks(PurePath(file.name).stem)[0].lower()


def quarantine_frame(files: Iterable[LandedFile]) -> pl.DataFrame:
    """Unreadable documents of landed files as a frame with the columns of lake.quarantine."""
    rows = [
        {**document, "source_file": file.source_file, "file_year": file.file_year}
        for file in files
        for document in file.unreadable
    ]
    return pl.DataFrame(rows, schema=_schema("lake.quarantine"))


def partitions_frame(home: StudyHome) -> pl.DataFrame:
    """Every searched country x year of the window: landed or not, and with how many hits."""
    state = hits_state(home, home.study.years)
    rows = []
    for partner in home.study.searched:
        for year in home.study.years:
            entry = state.get((partner.iso2, year))
            rows.append(
                {
                    "country": partner.iso2,
                    "year": year,
                    "hits": entry["hits"] if entry else None,
                    "landed": entry is not None,
                    "landed_at": datetime.fromisoformat(entry["landed_at"]) if entry else None,
                }
            )
    return pl.DataFrame(rows, schema=_schema("lake.partitions"))


def codes_frame(files: Iterable[LandedFile]) -> pl.DataFrame:
    """Odd country codes of the inventors of kept publications, as a frame with the columns of lake.country_codes."""
    rows = [{"source_file": file.source_file, **code} for file in files for code in file.country_codes]
    return pl.DataFrame(rows, schema=_schema("lake.country_codes"))


def sets_frame(files: Iterable[LandedFile]) -> pl.DataFrame:
    """All documents read by file, year, kind and set of inventor countries, with the columns of lake.country_sets."""
    rows = [
        (file.source_file, int(year), kind, countries, documents)
        for file in files
        for key, documents in file.country_sets.items()
        for year, kind, *countries in (key.split(" "),)
    ]
    return pl.DataFrame(rows, schema=_schema("lake.country_sets"), orient="row")


def _create_papers(con: duckdb.DuckDBPyConnection, home: StudyHome) -> None:
    """Make the tables of papers; of a work in several files the last one by name counts."""
    files = list(paper_files(home)) if home.study.papers is not None else []
    for name in PAPER_TABLES:
        create_empty(con, EXTERNAL_TABLES[name])
    kept = {str(parquet_of(home, file)): file.source_file for file in files if file.kept}
    if kept:
        con.execute(
            f"insert into lake.papers by name select * exclude (file_row_number) from {_rows_of(kept)} "
            "qualify row_number() over (partition by work_id order by source_file desc) = 1 order by work_id"
        )
    if files:
        _create(con, "lake.paper_institutions", known_institutions(home))
        columns = _schema("lake.paper_files")
        rows = [
            {
                **{name: getattr(file, name) for name in columns},
                "odd_countries": ", ".join(f"{code} {n:,}" for code, n in file.odd_countries.items()) or None,
                "landed_at": datetime.fromisoformat(file.landed_at),
            }
            for file in files
        ]
        _create(con, "lake.paper_files", pl.DataFrame(rows, schema=columns))


def _rows_of(source_files: Mapping[str, str]) -> str:
    """The rows of Parquet files (path → source file) with ``source_file``, as a subquery.

    A join, as a lookup in a map of a thousand files goes through all of them for each row.
    """
    paths, names = (", ".join(map(quoted, values)) for values in (source_files.keys(), source_files.values()))
    return (
        f"(select read.* exclude (filename), named.source_file from {parquet_files(source_files)} as read "
        f"inner join (select unnest([{paths}]) as filename, unnest([{names}]) as source_file) as named "
        "using (filename))"
    )


def _create(con: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    create_empty(con, EXTERNAL_TABLES[table])
    _insert(con, table, frame)


def _insert(con: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    con.register("frame_to_store", frame)
    con.execute(f"insert into {table} by name select * from frame_to_store")
    con.unregister("frame_to_store")


def _create_publications(con: duckdb.DuckDBPyConnection, home: StudyHome, kept: Mapping[str, str]) -> None:
    """The rows of the Parquet files, read once: six models read them, and opening a thousand files takes seconds.

    Earlier versions made a view, which is dropped.
    """
    made = "select 1 from duckdb_views() where schema_name = 'lake' and view_name = 'publications'"
    if con.execute(made).fetchone() is not None:
        con.execute("drop view lake.publications")
    create_empty(con, EXTERNAL_TABLES["lake.publications"])
    if not kept:
        return
    if is_object(home.landing):
        con.register_filesystem(file_system(home.landing))
    con.execute(f"insert into lake.publications select {_publication_columns()} from {_rows_of(kept)}")


def _publication_columns() -> str:
    return ", ".join(column.name for column in EXTERNAL_TABLES["lake.publications"].columns)


def _create_read_twice(con: duckdb.DuckDBPyConnection) -> None:
    """Make lake.read_twice: of several files the last by name counts, of one file its last record, as in lake.hits."""
    create_empty(con, EXTERNAL_TABLES["lake.read_twice"])
    con.execute("""
        insert into lake.read_twice by name
        with repeated as (
            select publication_number, max(source_file) as kept_file
            from lake.publications
            group by publication_number
            having count(*) > 1
        )
        select publication_number, publication_date, kept_file, source_file as replaced_file
        from lake.publications
        inner join repeated using (publication_number)
        qualify row_number() over (partition by publication_number order by source_file desc, publication_date desc) > 1
        order by replaced_file, publication_number
    """)


def _keep_last_of_each_file(con: duckdb.DuckDBPyConnection, kept: Mapping[str, str]) -> None:
    """Of the records of a publication in one file leave the last, as in lake.hits; there are hardly ever several."""
    repeated = con.sql(
        "select publication_number, source_file from lake.publications semi join lake.read_twice "
        "using (publication_number) group by all having count(*) > 1"
    ).pl()
    if repeated.is_empty():
        return
    con.register("repeated", repeated)
    con.execute("delete from lake.publications where (publication_number, source_file) in (from repeated)")
    files = {path: name for path, name in kept.items() if name in set(repeated["source_file"])}
    con.execute(
        f"insert into lake.publications select {_publication_columns()} from {_rows_of(files)} "
        "semi join repeated using (publication_number, source_file) qualify row_number() "
        "over (partition by publication_number, source_file order by file_row_number desc) = 1"
    )
    con.unregister("repeated")


def _create_hits(con: duckdb.DuckDBPyConnection, home: StudyHome) -> None:
    """Make lake.hits of the raw Parquet files; columns that files of another version lack are null.

    Polars opens a small file in a quarter of the time that DuckDB takes; there is one for each country and year.
    """
    create_empty(con, EXTERNAL_TABLES["lake.hits"])
    together: list[Path] = []
    hits = 0
    for (country, year), entry in hits_state(home, home.study.years).items():
        if entry["hits"]:
            together.append(home.raw / str(year) / f"{country}.parquet")
            hits += entry["hits"]
        if hits >= _HITS_AT_ONCE:
            _add_hits(con, together)
            together, hits = [], 0
    if together:
        _add_hits(con, together)


def _add_hits(con: duckdb.DuckDBPyConnection, paths: list[Path]) -> None:
    rows = pl.scan_parquet(
        paths,
        schema=_schema("lake.hits"),
        glob=False,
        hive_partitioning=False,
        missing_columns="insert",
        extra_columns="ignore",
        cast_options=pl.ScanCastOptions(missing_struct_fields="insert", extra_struct_fields="ignore"),
    )
    _insert(con, "lake.hits", rows.collect())
