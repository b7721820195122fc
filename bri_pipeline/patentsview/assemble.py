"""Puts the rows of one year together into records."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter, itemgetter
from string import ascii_uppercase
from typing import Literal

import numpy as np
import polars as pl

from bri_pipeline.patentsview.columns import CPC_SYMBOLS, IPC_SYMBOLS, day_printed
from bri_pipeline.publication import notes as note
from bri_pipeline.publication.countries import country_code, us_states_by_text
from bri_pipeline.publication.ipc import normal_symbol, symbol_of_parts
from bri_pipeline.publication.parties import PrintedApplicant, PrintedInventor, numbered_applicants
from bri_pipeline.publication.record import (
    APPLICANT_STRUCT,
    CPC_STRUCT,
    INVENTOR_STRUCT,
    IPC_STRUCT,
    PUBLICATION_SCHEMA,
    RELATED_STRUCT,
)

COUNTRY = pl.Enum([first + second for first in ascii_uppercase for second in ascii_uppercase])
IPC_PARTS = list(IPC_SYMBOLS.columns[2:])
CPC_PARTS = list(CPC_SYMBOLS.columns[2:])
_values = attrgetter(*(field.name for field in APPLICANT_STRUCT.fields))
PART_END = "\x1f"
NORMAL_CPC = "^[A-HY][0-9]{2}[A-Z][1-9][0-9]{0,3}/[0-9]{1,6}$"
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


def counting_country(places: pl.DataFrame) -> pl.Series:
    """The code, a COUNTRY, that each place counts for, by the rule that the weekly files are read with.

    Args:
        places: ``country_raw, region_raw`` as printed.
    """
    printed_countries = places["country_raw"]
    read = printed_countries.unique().drop_nulls().to_list()
    codes = printed_countries.replace_strict(
        read, [country_code(text) for text in read], default=None, return_dtype=pl.String
    )
    return places.select(
        pl.when(repeats_state()).then(pl.lit("US")).otherwise(codes).cast(COUNTRY)
    ).to_series()


def repeats_state(country: str = "country_raw", region: str = "region_raw") -> pl.Expr:
    """Whether the country printed only repeats the US state printed beside it."""
    code, state = (pl.col(column).str.strip_chars().str.to_uppercase() for column in (country, region))
    states = us_states_by_text()
    # Hardly any country is a state's code; only beside those the region is looked up.
    may_be = code.is_in(sorted(set(states.values()))).fill_null(False)
    return pl.when(may_be).then(code == state.replace_strict(states, default=None)).fill_null(False)


def records(
    publications: pl.DataFrame,
    located: pl.DataFrame,
    ipc: pl.DataFrame,
    cpc: pl.DataFrame,
    related: pl.DataFrame,
) -> pl.DataFrame:
    """The records of some publications, with PUBLICATION_SCHEMA, by publication number.

    Args:
        publications: rows of the publication table, each pgpub_id once.
        located: their parties with ``role, city_raw, region_raw, country_raw``.
        ipc: their rows of the IPC table.
        cpc: their rows of the CPC table.
        related: their related documents with RELATED_SCHEMA, in order.
    """
    located = located.with_columns(
        printed(column)
        for column in ("last_name", "first_name", "organization", "city_raw", "region_raw", "country_raw")
    )
    country = counting_country(located).cast(pl.String)
    located = located.with_columns(country.alias("country"))
    located = located.sort("pgpub_id", _number("sequence"), nulls_last=True, maintain_order=True)
    listed = located.filter(pl.col("role") == "inventor")
    inventors = listed.filter(~_repeats_a_row())
    ipc = ipc.with_columns(_symbols(ipc))
    cpc = cpc.with_columns(_cpc_symbols(cpc), pl.col("cpc_symbol_position").alias("symbol_position"))
    frame = _published(publications)
    for lists in (
        _inventor_lists(inventors),
        _applicant_lists(located.filter(pl.col("role") != "inventor"), inventors),
        _symbol_lists(ipc, "ipc", IPC_STRUCT),
        _symbol_lists(cpc, "cpc", CPC_STRUCT),
        _lists(
            related.filter(pl.col("relation").is_not_null()).unique(maintain_order=True),
            "related",
            RELATED_STRUCT,
        ),
        _notes(publications, listed, ipc, cpc, related),
    ):
        frame = frame.join(lists, on="pgpub_id", how="left", maintain_order="left")
    return frame.select(
        pl.col(name).fill_null(pl.lit([], dtype)) if isinstance(dtype, pl.List) else name
        for name, dtype in PUBLICATION_SCHEMA.items()
    )


def _notes(
    publications: pl.DataFrame,
    inventors: pl.DataFrame,
    ipc: pl.DataFrame,
    cpc: pl.DataFrame,
    related: pl.DataFrame,
) -> pl.DataFrame:
    """What could not be read in a record, in words: one list per publication that has any."""
    filed = pl.col("filing_date")
    noted = (
        (inventors.filter(repeats_state() & ~pl.col("marked")), note.US_STATE),
        (inventors.filter(_repeats_a_row()), note.REPEATED_INVENTOR),
        (
            publications.filter((filed.str.strip_chars() != "") & day_printed("filing_date").is_null()),
            note.FILING_DATE,
        ),
        (ipc.filter(pl.col("symbol").is_null() & _is_printed(IPC_PARTS)), note.IPC_SYMBOL),
        (cpc.filter(pl.col("symbol").is_null() & _is_printed(CPC_PARTS)), note.CPC_SYMBOL),
        (related.filter("unread_date"), note.RELATED_DATE),
    )
    rows = [of.select("pgpub_id", pl.lit(text).alias("notes")).unique() for of, text in noted]
    return pl.concat(rows).group_by("pgpub_id", maintain_order=True).agg("notes")


def _repeats_a_row() -> pl.Expr:
    """Whether an inventor's row says all that an earlier one says, its place in the sequence among it."""
    said = (
        "pgpub_id",
        "sequence",
        "last_name",
        "first_name",
        "city_raw",
        "region_raw",
        "country_raw",
        "marked",
    )
    return pl.col("sequence").is_not_null() & ~pl.struct(said).is_first_distinct()


def _is_printed(columns: list[str]) -> pl.Expr:
    return pl.any_horizontal((pl.col(column).str.strip_chars() != "").fill_null(False) for column in columns)


def _published(publications: pl.DataFrame) -> pl.DataFrame:
    kind = printed("wipo_kind")
    return publications.sort("pgpub_id").select(
        "pgpub_id",
        (pl.lit("US") + pl.col("pgpub_id").cast(pl.String) + kind).alias("publication_number"),
        kind.alias("kind"),
        day_printed("published_date").alias("publication_date"),
        printed("application_id").alias("application_number"),
        day_printed("filing_date"),
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
    """0, 1, 2 ... for the rows of each publication, which are adjacent."""
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
    """Inventors are looked at only for publications with a person among the parties."""
    persons = parties.filter(pl.col("organization").is_null()).select("pgpub_id").unique()
    names = _printed_inventors(inventors.join(persons, on="pgpub_id", how="semi", maintain_order="left"))
    rows = parties.select(
        *("pgpub_id", "organization", "last_name", "first_name", "city_raw", "country_raw", "role", "marked"),
        "region_raw",
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


def _symbol_lists(symbols: pl.DataFrame, name: Literal["ipc", "cpc"], struct: pl.Struct) -> pl.DataFrame:
    """Symbols in the order of their sequence; the first one marked F is ``first``, else the first of all."""
    ordered = symbols.filter(pl.col("symbol").is_not_null()).sort(
        "pgpub_id", _number(f"{name}_sequence"), nulls_last=True, maintain_order=True
    )
    ordered = ordered.with_columns(_place_in_list(ordered).alias("place"))
    place = pl.col("place")
    marked = (pl.col("symbol_position") == "F").fill_null(False)
    first = pl.coalesce(pl.when(marked).then(place).min().over("pgpub_id"), pl.lit(0))
    position = pl.when(place == first).then(pl.lit("first")).otherwise(pl.lit("later"))
    return _lists(ordered.with_columns(position.alias("position")), name, struct)


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


def _cpc_symbols(cpc: pl.DataFrame) -> pl.Series:
    """The normal form of each row's CPC symbol: that of its group, else as far as the other columns tell."""
    group = cpc["cpc_group"]
    normal = group.str.contains(NORMAL_CPC).fill_null(False)
    odd = cpc.select(CPC_PARTS).filter(~normal).unique()
    read = odd.with_columns(
        pl.Series("read", [_cpc_symbol(*parts) for parts in odd.iter_rows()], dtype=pl.String)
    )
    joined = cpc.select(CPC_PARTS).join(
        read, on=CPC_PARTS, how="left", nulls_equal=True, maintain_order="left"
    )
    written = pl.format("{} {}", pl.col("cpc_group").str.slice(0, 4), pl.col("cpc_group").str.slice(4))
    return joined.select(pl.when(normal).then(written).otherwise("read").alias("symbol")).to_series()


def _cpc_symbol(
    section: str | None, cpc_class: str | None, subclass: str | None, group: str | None
) -> str | None:
    """The longest symbol the columns give; each repeats the one before it (``A``, ``A61``, ``A61B``, ``A61B5/00``)."""
    found = (normal_symbol(text, cpc=True) for text in (group, subclass, cpc_class, section) if text)
    return next((symbol for symbol in found if symbol), None)
