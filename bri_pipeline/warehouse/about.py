"""What goes with every copy of the tables: the study, the dates, how to read them, and whether records are made up."""

from __future__ import annotations

import duckdb

from bri_pipeline.study import Study

# Every title of the reference corpus begins with it: the records say themselves that they are made up.
SYNTHETIC_TITLE = "Synthetic record:"
_RECONSTRUCTION = "the records are a reconstruction, made so that they add up to the numbers a paper prints. "
_MADE_UP = "the records are made up. "
LICENCE = (
    "US patent publications are in the public domain. Software: MIT. Place names: GeoNames, CC BY 4.0. "
    "Fields of technology: WIPO."
)
_DEFINITIONS = (
    "Shares and rates are fractions: 0.25 is 25 %.",
    "patents is whole counting: a patent counts once for each member it has. fractional_patents divides it among them.",
    "Countries are those of residence of the inventors, as printed. An empty cell is a value that is not defined.",
    "scope is the focal country or one of its provinces, states or regions (ISO 3166-2), which columns call province.",
)


def holds_synthetic_records(con: duckdb.DuckDBPyConnection, study: Study) -> bool:
    """Whether records are made up: they say so in their titles, or the study says it of all."""
    [(found,)] = con.execute(
        "select count(*) from raw.uspto_hits where starts_with(title, ?)", [SYNTHETIC_TITLE]
    ).fetchall()
    return study.synthetic or bool(found)


def notes(con: duckdb.DuckDBPyConnection, study: Study, scope: str | None = None) -> list[tuple[str, str]]:
    """Heading and text of each note; the first says that records are synthetic, where they are."""
    [(first, last, patents)] = con.execute(
        "select first_date, last_date, patents from marts.summary"
    ).fetchall()
    [(read_on,)] = con.execute("select max(landed_at)::date from raw.source_files").fetchall()
    found = [("Warning", _warning(study))] if holds_synthetic_records(con, study) else []
    found += [
        ("Study", f"{study.title} ({study.name})"),
        ("Scope", scope or "all scopes"),
        ("Window", f"{study.window_start} to {study.window_end or 'today'}"),
        ("Patents", f"{patents:,}, published {first} to {last}" if patents else "none"),
        ("Files read up to", str(read_on or "unknown")),
        ("Licence", LICENCE),
    ]
    return found + [("How to read it", text) for text in _DEFINITIONS]


def _warning(study: Study) -> str:
    """What made-up records are: those of a study with expected values add up to what a paper prints."""
    what = _MADE_UP if study.expected is None else _RECONSTRUCTION
    return f"SYNTHETIC RECORDS: {what}No patent office published them; they say nothing about the world."


def notes_text(con: duckdb.DuckDBPyConnection, study: Study, scope: str | None = None) -> str:
    """The notes as a text file."""
    return "".join(f"{heading}: {text}\n" for heading, text in notes(con, study, scope))
