"""The tables of priorities, related documents and international filings as related documents of records."""

from __future__ import annotations

import polars as pl

from bri_pipeline.patentsview.columns import (
    FOREIGN_PRIORITIES,
    INTERNATIONAL_FILINGS,
    RELATED_DOCUMENTS,
    Table,
    day_printed,
)
from bri_pipeline.publication.related import RELATIONS, related_document

RELATED_SCHEMA = pl.Schema(
    {
        "pgpub_id": pl.Int64(),
        "relation": pl.String(),
        "country": pl.String(),
        "number": pl.String(),
        "date": pl.Date(),
        "unread_date": pl.Boolean(),
    }
)
_COLUMNS = {  # sequence, relation, country, number, date
    FOREIGN_PRIORITIES: (
        "priority_claim_sequence",
        pl.lit("foreign-priority"),
        "foreign_country_filed",
        "foreign_application_id",
        "filing_date",
    ),
    RELATED_DOCUMENTS: (
        "related_doc_sequence",
        pl.col("related_doc_type").str.strip_prefix("us-").str.strip_suffix("-application"),
        "published_country",
        "related_doc_number",
        "related_doc_published_date",
    ),
    INTERNATIONAL_FILINGS: (
        "pct_doc_number",
        pl.when(pl.col("pct_doc_number").str.to_uppercase().str.starts_with("PCT"))
        .then(pl.lit("pct"))
        .otherwise(pl.lit("pct-publication")),
        "filed_country",
        "pct_doc_number",
        "published_or_filed_date",
    ),
}


def related_rows(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of one of the three tables as related documents, RELATED_SCHEMA, in the order of the table's sequence.

    A row of which only a date is given, and cannot be read, has no relation. Of the pairs of parent and child in
    the table of related documents the parent counts.
    """
    if table is RELATED_DOCUMENTS:
        kind = pl.col("related_doc_kind").fill_null("")
        rows = rows.filter((kind == "") | (kind.str.to_lowercase().str.contains("^parent.doc")))
    sequence, relation, country, number, day = _COLUMNS[table]
    printed = (
        rows.with_columns(relation=relation)
        .filter(pl.col("relation").is_in(list(RELATIONS)))
        .sort(
            "pgpub_id", pl.col(sequence).cast(pl.Float64, strict=False), nulls_last=True, maintain_order=True
        )
        .select(
            "pgpub_id",
            "relation",
            _text(country).alias("country"),
            _text(number).alias("number"),
            day_printed(day).alias("date"),
            (pl.col(day).str.strip_chars() != "").fill_null(False).alias("printed_date"),
        )
    )
    documents = (related_document(*written) for _, *written, _ in printed.iter_rows())
    found = [
        (pgpub_id, *(document or (None,) * 4), was_printed and day is None)
        for (pgpub_id, *_, day, was_printed), document in zip(printed.iter_rows(), documents, strict=True)
        if document or was_printed
    ]
    return pl.DataFrame(found, schema=RELATED_SCHEMA, orient="row")


def _text(column: str) -> pl.Expr:
    text = pl.col(column).str.replace_all(r"\s+", " ").str.strip_chars()
    return pl.when(text != "").then(text)
