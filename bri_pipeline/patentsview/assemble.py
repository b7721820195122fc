"""Puts the rows of one year together into records."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter, itemgetter
from string import ascii_uppercase

import numpy as np
import polars as pl

from bri_pipeline.patentsview.columns import IPC_SYMBOLS
from bri_pipeline.publication.countries import country_code
from bri_pipeline.publication.ipc import symbol_of_parts
from bri_pipeline.publication.parties import PrintedApplicant, PrintedInventor, numbered_applicants
from bri_pipeline.publication.record import APPLICANT_STRUCT, INVENTOR_STRUCT, IPC_STRUCT, PUBLICATION_SCHEMA

COUNTRY = pl.Enum([first + second for first in ascii_uppercase for second in ascii_uppercase])
IPC_PARTS = list(IPC_SYMBOLS.columns[2:])
_values = attrgetter(*(field.name for field in APPLICANT_STRUCT.fields))
PART_END = "\x1f"
NORMAL_PARTS = PART_END.join(["^[A-H]", "[0-9]{2}", "[A-Z]", "[1-9][0-9]{0,3}", "[0-9]{1,6}$"])


def printed(column: str) -> pl.Expr:
    """A text as printed: blanks collapsed, null if nothing is left."""
    text = pl.col(column)
    # Few have odd blanks, and replacing them in all takes three times as long.
    has_odd_blanks = text.str.contains(r"^\s|\s\s|[^\S ]|\s$")
    text = pl.when(has_odd_blanks).then(text.str.replace_all(r"\s+", " ").str.strip_chars()).otherwise(text)
    return pl.when(text != "").then(text).alias(column)


def _number(column: str) -> pl.Expr:
    """A sequence number; ``0.0`` where a column with gaps was exported as floating point."""
    return pl.col(column).cast(pl.Float64, strict=False)


def counting_country(printed_countries: pl.Series) -> pl.Series:
    """The code, a COUNTRY, of each country as printed, by the rule that the weekly files are read with."""
    codes = printed_countries.cast(COUNTRY, strict=False)
    odd = printed_countries.filter(codes.is_null()).drop_nulls().unique().to_list()
    if not odd:
        return codes
    read = [country_code(text) for text in odd]
    return codes.fill_null(
        printed_countries.replace_strict(odd, read, default=None, return_dtype=pl.String).cast(COUNTRY)
    )


def records(publications: pl.DataFrame, located: pl.DataFrame, ipc: pl.DataFrame) -> pl.DataFrame:
    """The records of some publications, with PUBLICATION_SCHEMA, by publication number.

    Args:
        publications: rows of the publication table, each pgpub_id once.
        located: their parties with ``role, city_raw, region_raw, country_raw``.
        ipc: their rows of the IPC table.
    """
    located = located.with_columns(
        printed(column)
        for column in ("last_name", "first_name", "organization", "city_raw", "region_raw", "country_raw")
    )
    country = counting_country(located["country_raw"]).cast(pl.String)
    located = located.with_columns(country.alias("country"))
    located = located.sort("pgpub_id", _number("sequence"), nulls_last=True, maintain_order=True)
    inventors = located.filter(pl.col("role") == "inventor")
    frame = _published(publications)
    for lists in (
        _inventor_lists(inventors),
        _applicant_lists(located.filter(pl.col("role") != "inventor"), inventors),
        _ipc_lists(ipc),
    ):
        frame = frame.join(lists, on="pgpub_id", how="left", maintain_order="left")
    empty = {name: pl.lit([], PUBLICATION_SCHEMA[name]) for name in ("inventors", "applicants", "ipc")}
    return frame.select(
        pl.col(name).fill_null(empty[name]) if name in empty else name for name in PUBLICATION_SCHEMA
    )


def _published(publications: pl.DataFrame) -> pl.DataFrame:
    kind = printed("wipo_kind")
    return publications.sort("pgpub_id").select(
        "pgpub_id",
        (pl.lit("US") + pl.col("pgpub_id").cast(pl.String) + kind).alias("publication_number"),
        kind.alias("kind"),
        pl.col("published_date").str.to_date("%Y-%m-%d").alias("publication_date"),
        printed("application_id").alias("application_number"),
        pl.col("filing_date").str.to_date("%Y-%m-%d", strict=False),
        printed("application_title").fill_null("").alias("title"),
    )


def _inventor_lists(inventors: pl.DataFrame) -> pl.DataFrame:
    """The tables carry no residence or nationality; a deceased inventor counts for no country."""
    return _lists(
        inventors.with_columns(
            (_place_in_list(inventors) + 1).alias("sequence"),
            pl.col("country_raw").alias("address_country"),
            pl.lit(None, pl.String).alias("residence_country"),
            pl.lit(None, pl.String).alias("nationality"),
            pl.when(~pl.col("marked")).then(pl.col("country")).alias("country"),
        ),
        "inventors",
        INVENTOR_STRUCT,
    )


def _lists(rows: pl.DataFrame, name: str, struct: pl.Struct) -> pl.DataFrame:
    """One list of structs per publication, in the order of the rows."""
    return rows.group_by("pgpub_id", maintain_order=True).agg(
        pl.struct(pl.col(field.name).cast(field.dtype) for field in struct.fields).alias(name)
    )


def _place_in_list(rows: pl.DataFrame) -> pl.Series:
    """0, 1, 2 ... for the rows of each publication, which stand together."""
    position = pl.Series(np.arange(len(rows)))
    begins = (rows["pgpub_id"] != rows["pgpub_id"].shift()).fill_null(True)
    return position - position.set(~begins, None).forward_fill()


def _applicant_lists(parties: pl.DataFrame, inventors: pl.DataFrame) -> pl.DataFrame:
    """Who counts as an applicant is decided where it is for the weekly files, unless there is nothing to decide."""
    alone = (pl.len().over("pgpub_id") == 1) & pl.col("organization").is_not_null()
    one_company = parties.filter(alone).select(
        "pgpub_id",
        pl.lit(1, pl.Int32).alias("sequence"),
        pl.col("organization").alias("name"),
        pl.lit("organization").alias("kind"),
        "role",
        "city_raw",
        "country",
    )
    united = _united_applicants(parties.filter(~alone), inventors)
    return _lists(pl.concat([one_company, united]), "applicants", APPLICANT_STRUCT)


def _united_applicants(parties: pl.DataFrame, inventors: pl.DataFrame) -> pl.DataFrame:
    """Inventors are looked at only for publications on which a person stands among the parties."""
    persons = parties.filter(pl.col("organization").is_null()).select("pgpub_id").unique()
    names = _printed_inventors(inventors.join(persons, on="pgpub_id", how="semi", maintain_order="left"))
    rows = parties.select(
        "pgpub_id", "organization", "last_name", "first_name", "city_raw", "country_raw", "role", "marked"
    ).iter_rows()
    applicants = [
        (pgpub_id, *_values(applicant))
        for pgpub_id, group in groupby(rows, key=itemgetter(0))
        for applicant in numbered_applicants(
            (PrintedApplicant(*row[1:]) for row in group), names.get(pgpub_id, ())
        )
    ]
    schema = {"pgpub_id": pl.Int64(), **{field.name: field.dtype for field in APPLICANT_STRUCT.fields}}
    return pl.DataFrame(applicants, schema=schema, orient="row")


def _printed_inventors(inventors: pl.DataFrame) -> dict[int, list[PrintedInventor]]:
    rows = inventors.select("pgpub_id", "last_name", "first_name").iter_rows()
    return {
        pgpub_id: [PrintedInventor(last_name=last, first_name=first) for _, last, first in group]
        for pgpub_id, group in groupby(rows, key=itemgetter(0))
    }


def _ipc_lists(ipc: pl.DataFrame) -> pl.DataFrame:
    """Symbols in the order of ``ipc_sequence``; the first one marked F is ``first``, else the first of all."""
    ordered = (
        ipc.with_columns(_symbols(ipc))
        .filter(pl.col("symbol").is_not_null())
        .sort(
            "pgpub_id",
            _number("ipc_sequence"),
            nulls_last=True,
            maintain_order=True,
        )
    )
    ordered = ordered.with_columns(_place_in_list(ordered).alias("place"))
    place = pl.col("place")
    marked = (pl.col("symbol_position") == "F").fill_null(False)
    first = pl.coalesce(pl.when(marked).then(place).min().over("pgpub_id"), pl.lit(0))
    position = pl.when(place == first).then(pl.lit("first")).otherwise(pl.lit("later"))
    return _lists(ordered.with_columns(position.alias("position")), "ipc", IPC_STRUCT)


def _symbols(ipc: pl.DataFrame) -> pl.Series:
    """The normal form of each row's symbol; only those not already written in it must be read."""
    parts = ipc.select(pl.col(IPC_PARTS).fill_null("").str.strip_chars())
    written = parts.select(pl.concat_str(IPC_PARTS, separator=PART_END)).to_series()
    normal = written.str.contains(NORMAL_PARTS)
    odd = written.filter(~normal).unique().to_list()
    read = written.replace_strict(
        odd, [symbol_of_parts(*text.split(PART_END)) for text in odd], default=None, return_dtype=pl.String
    )
    joined = pl.format("{}{}{} {}/{}", *IPC_PARTS)
    return parts.select(pl.when(normal).then(joined).otherwise(read).alias("symbol")).to_series()
