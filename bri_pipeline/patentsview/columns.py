"""The pre-grant tables and the columns this software reads of them; other tables and columns are ignored.

Column names are those of PatentsView's export views (``resources/create_export_views.sql`` of PatentsView-DB).
A ``pgpub_id`` is the four digits of the publication year and a serial number of seven digits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path, PurePath

import polars as pl

from bri_pipeline.errors import UserError
from bri_pipeline.publication.days import days_of
from bri_pipeline.weekly_names import without_copy_marks

SERIALS_PER_YEAR = 10**7
FIRST_YEAR, LAST_YEAR = 2001, 2099


def publication_year(pgpub_id: pl.Expr) -> pl.Expr:
    """Year of publication, which a pgpub_id begins with."""
    return pgpub_id.cast(pl.Int64, strict=False) // SERIALS_PER_YEAR


def day_printed(column: str) -> pl.Expr:
    """The day a column prints, by the rule of all sources."""
    return pl.col(column).map_batches(days_of, return_dtype=pl.Date, is_elementwise=True)


PGPUB_ID = (
    "pgpub_id is not a publication number of eleven digits",
    (pl.col("pgpub_id").str.len_bytes() == 11)
    & publication_year(pl.col("pgpub_id")).is_between(FIRST_YEAR, LAST_YEAR),
)


@dataclass(frozen=True, eq=False)
class Table:
    """A table: the columns read, the columns read if there are any, and what every row must fulfil.

    ``checks`` are pairs of a reason and a boolean expression over the text columns; a row for which one is
    not true is unreadable for that reason.
    """

    name: str
    columns: tuple[str, ...]
    checks: tuple[tuple[str, pl.Expr], ...] = (PGPUB_ID,)
    optional: tuple[str, ...] = field(default=())

    @property
    def file_name(self) -> str:
        """Name of the table's zip."""
        return f"{self.name}.tsv.zip"

    def is_in(self, folder: Path) -> bool:
        """Whether a folder holds the table, zipped or not."""
        return self._found_in(folder) is not None

    def _found_in(self, folder: Path) -> Path | None:
        paths = (folder / self.file_name, folder / self.file_name.removesuffix(".zip"))
        return next((path for path in paths if path.is_file()), None) or self._copy_in(folder)

    def _copy_in(self, folder: Path) -> Path | None:
        """The latest file named as a second copy of the table (``pg_x.tsv (1).zip``), where the plain name is gone."""
        copies = [path for path in folder.glob("*") if _table_name(path.name) == self.name and path.is_file()]
        return max(copies, key=lambda path: (path.stat().st_mtime_ns, path.name), default=None)

    def path(self, folder: Path) -> Path:
        """The table's file in a folder, the zip or what was unpacked from it.

        Raises:
            UserError: if there is none.
        """
        path = self._found_in(folder)
        if path is None:
            there = sorted(path.name for path in folder.glob(f"{self.name}*"))
            found = (
                f" {there[0]} is there, which is not read in this form: unpack it, or get the .tsv.zip."
                if there
                else ""
            )
            raise UserError(
                f"The table {self.file_name} is missing in {folder}.{found} Download it (product PVPGPUBDIS of the "
                "USPTO's Open Data Portal) and put it there; all tables must be of the same release."
            )
        return path


def _table_name(file_name: str) -> str | None:
    """The table a file holds by its name, case and marks of a copy left out; null if it is no table's name."""
    path = PurePath(file_name.lower())
    stem = without_copy_marks(path.stem)[0]
    if path.suffix == ".tsv":
        return stem
    inner = PurePath(stem)
    return without_copy_marks(inner.stem)[0] if (path.suffix, inner.suffix) == (".zip", ".tsv") else None


PUBLICATIONS = Table(
    "pg_published_application",
    ("pgpub_id", "application_id", "filing_date", "published_date", "wipo_kind", "application_title"),
    (
        PGPUB_ID,
        (
            "published_date is not a date in the year that pgpub_id begins with",
            day_printed("published_date").dt.year() == publication_year(pl.col("pgpub_id")),
        ),
        ("wipo_kind is not a kind code", pl.col("wipo_kind").str.contains(r"^\s*[A-Z][0-9]?\s*$")),
    ),
)
INVENTORS = Table(
    "pg_inventor_not_disambiguated",
    ("pgpub_id", "inventor_sequence", "raw_inventor_name_first", "raw_inventor_name_last", "rawlocation_id"),
    optional=("deceased_flag",),
)
APPLICANTS = Table(
    "pg_applicant_not_disambiguated",
    (
        "pgpub_id",
        "applicant_sequence",
        "raw_applicant_name_first",
        "raw_applicant_name_last",
        "raw_applicant_organization",
        "rawlocation_id",
    ),
    optional=("applicant_type", "applicant_authority"),
)
ASSIGNEES = Table(
    "pg_assignee_not_disambiguated",
    (
        "pgpub_id",
        "assignee_sequence",
        "raw_assignee_individual_name_first",
        "raw_assignee_individual_name_last",
        "raw_assignee_organization",
        "rawlocation_id",
    ),
)
LOCATIONS = Table(
    "pg_location_not_disambiguated",
    ("rawlocation_id", "raw_city", "raw_state", "raw_country"),
    (("rawlocation_id is empty", pl.col("rawlocation_id").str.len_bytes() > 0),),
)
IPC_SYMBOLS = Table(
    "pg_ipc_at_issue",
    ("pgpub_id", "ipc_sequence", "section", "ipc_class", "subclass", "main_group", "subgroup"),
    optional=("symbol_position",),
)
CPC_SYMBOLS = Table(
    "pg_cpc_at_issue",
    ("pgpub_id", "cpc_sequence", "cpc_section", "cpc_class", "cpc_subclass", "cpc_group"),
    optional=("cpc_symbol_position",),
)
FOREIGN_PRIORITIES = Table(
    "pg_foreign_priority",
    (
        "pgpub_id",
        "priority_claim_sequence",
        "foreign_application_id",
        "filing_date",
        "foreign_country_filed",
    ),
)
RELATED_DOCUMENTS = Table(
    "pg_us_rel_doc",
    (
        "pgpub_id",
        "related_doc_number",
        "published_country",
        "related_doc_type",
        "related_doc_published_date",
    ),
    optional=("related_doc_kind", "related_doc_sequence"),
)
INTERNATIONAL_FILINGS = Table(
    "pg_pct_data", ("pgpub_id", "published_or_filed_date", "filed_country", "pct_doc_number")
)
TABLES = (PUBLICATIONS, INVENTORS, APPLICANTS, ASSIGNEES, LOCATIONS, IPC_SYMBOLS)
RELATED_TABLES = (FOREIGN_PRIORITIES, RELATED_DOCUMENTS, INTERNATIONAL_FILINGS)
EXTRA_TABLES = (CPC_SYMBOLS, *RELATED_TABLES)
"""Read where they are there; without them ``cpc`` and ``related`` lack what they hold, which a note says."""


def tables_in(folder: Path) -> tuple[Table, ...]:
    """The tables to read: all of TABLES, and those of EXTRA_TABLES that the folder holds."""
    return (*TABLES, *(table for table in EXTRA_TABLES if table.is_in(folder)))
