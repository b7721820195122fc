"""Small lakes in DuckDB: hits written by hand or by rule, in the tables SQL models read."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from bri_pipeline.study import Study, load_study
from bri_pipeline.warehouse import Model
from bri_pipeline.warehouse.external import EXTERNAL_TABLES, create_empty
from bri_pipeline.warehouse.python_tables import PYTHON_TABLES, make_python_table
from bri_pipeline.warehouse.reference_tables import load_reference

REPOSITORY = Path(__file__).parents[2]
REFERENCE = REPOSITORY / "data" / "reference"

# What a place resolver would say of the cities the tests use: province, candidates.
PLACES: dict[str, tuple[str | None, list[str]]] = {
    "Nanjing": ("CN-JS", ["CN-JS"]),
    "Suzhou": ("CN-JS", ["CN-JS", "CN-AH"]),
    "Taizhou": (None, ["CN-JS", "CN-ZJ"]),
    "Hangzhou": ("CN-ZJ", ["CN-ZJ"]),
    "Beijing": ("CN-BJ", ["CN-BJ"]),
    "Shanghai": ("CN-SH", ["CN-SH"]),
    "Kowloon": ("CN-HK", ["CN-HK"]),
}


@dataclass
class Patent:
    """A publication in short: inventors as ``(country, city)``, IPC symbols with the main one first."""

    number: str
    published: date
    inventors: list[tuple[str, str]]
    ipc: list[str]
    application: str | None = None
    kind: str = "A1"
    applicants: list[tuple[str, str]] = field(default_factory=list)
    filed: date | None = None
    # relation, office, number, date
    related: list[tuple[str, str | None, str | None, date | None]] = field(default_factory=list)

    def row(self) -> dict[str, Any]:
        return {
            "publication_number": self.number,
            "kind": self.kind,
            "publication_date": self.published,
            "application_number": self.application,
            "filing_date": str(self.filed) if self.filed else None,
            "title": f"Title of {self.number}",
            "inventors": [
                {
                    "sequence": n,
                    "last_name": f"Last{n}",
                    "first_name": "First",
                    "city_raw": city,
                    "region_raw": None,
                    "address_country": country,
                    "residence_country": None,
                    "nationality": None,
                    "country": country,
                }
                for n, (country, city) in enumerate(self.inventors, start=1)
            ],
            "applicants": [
                {
                    "sequence": n,
                    "name": name,
                    "kind": "organization",
                    "role": "assignee",
                    "city_raw": None,
                    "country": country,
                }
                for n, (name, country) in enumerate(self.applicants, start=1)
            ],
            "ipc": [
                {"symbol": symbol, "position": "later" if n else "first"} for n, symbol in enumerate(self.ipc)
            ],
            "related": [
                {"relation": relation, "country": office, "number": number, "date": str(day) if day else None}
                for relation, office, number, day in self.related
            ],
        }


@dataclass
class Paper:
    """A work in short: institutions as ``(country, city)``, one author each."""

    work_id: str
    published: date
    institutions: list[tuple[str, str]]
    field: str | None = "Engineering"


def fill_lake(
    con: duckdb.DuckDBPyConnection,
    study: Study,
    hits: Iterable[tuple[str, Patent]],
    places: Mapping[str, tuple[str | None, list[str]]] = PLACES,
    others: Iterable[Patent] = (),
    papers: Iterable[Paper] = (),
) -> None:
    """A lake in which every searched country and year has landed, with these hits and one file a year.

    ``others`` are publications with a focal inventor that are no hits; ``papers`` make a study that has papers.
    """
    hits = list(hits)
    for name, table in EXTERNAL_TABLES.items():
        if name.startswith(("lake.", "staging.")):
            create_empty(con, table)
    rows = [
        patent.row()
        | {
            "country": country,
            "year": patent.published.year,
            "publication_date": str(patent.published),
            "source_file": f"ipab{patent.published:%Y%m%d}.zip",
            "landed_at": "2026-01-01T00:00:00Z",
        }
        for country, patent in hits
    ]
    _insert(con, "lake.hits", rows)
    landed = {patent.number: patent for patent in [*(patent for _, patent in hits), *others]}
    _insert(
        con,
        "lake.publications",
        [
            patent.row()
            | {
                "publication_date": str(patent.published),
                "source_file": f"ipab{patent.published:%Y%m%d}.zip",
            }
            for patent in landed.values()
        ],
    )
    years = ", ".join(f"({year})" for year in study.years)
    searched = ", ".join(f"('{partner.iso2}')" for partner in study.searched)
    con.execute(f"""
        insert into lake.partitions
        select country, year, count(hits.publication_number), true, now()
        from (values {searched}) as countries (country)
        cross join (values {years}) as years (year)
        left join lake.hits as hits using (country, year)
        group by country, year
    """)
    # Ten documents like each hit, and six of the focal country alone that are kept.
    con.execute(f"""
        insert into lake.country_sets
        with sets as (
            select
                year,
                any_value(kind) as kind,
                list_sort(list_distinct(list(country) || ['{study.focal_country}'])) as countries
            from lake.hits
            group by year, publication_number
        )
        select format('ipab{{}}0101.zip', year), year, kind, countries, count(*) * 10
        from sets
        group by year, kind, countries
    """)
    con.execute(f"""
        insert into lake.country_sets
        select format('ipab{{}}0101.zip', year), year, 'P1', ['{study.focal_country}'], 6
        from (values {years}) as years (year)
    """)
    con.execute("""
        insert into lake.files
        select
            source_file, any_value(year), 1000, 'sha', sum(documents), 6, sum(documents) - 6, 0, 0, 0, 0,
            null, null, null, now()
        from lake.country_sets
        group by source_file
    """)
    for city, (province, candidates) in places.items():
        method = "unresolved" if not candidates else "exact" if province else "ambiguous"
        con.execute(
            "insert into staging.place_resolution values (?, null, 1, 0, ?, ?, ?, 0.9, ?, ?, '')",
            [city, province, city, method, candidates, [city] * len(candidates)],
        )
    _fill_papers(con, list(papers))
    load_reference(con, study, REFERENCE)


def _fill_papers(con: duckdb.DuckDBPyConnection, papers: list[Paper]) -> None:
    places = {
        place: f"I{n}" for n, place in enumerate(dict.fromkeys(p for one in papers for p in one.institutions))
    }
    _insert(
        con,
        "lake.paper_institutions",
        [
            {"institution_id": number, "name": f"University of {city}", "country": country, "city": city}
            for (country, city), number in places.items()
        ],
    )
    _insert(
        con,
        "lake.papers",
        [
            {
                "work_id": paper.work_id,
                "title": f"Title of {paper.work_id}",
                "publication_date": str(paper.published),
                "year": paper.published.year,
                "type": "article",
                "field": paper.field,
                "authors": len(paper.institutions),
                "authors_truncated": False,
                "affiliations": [
                    {
                        "author": n,
                        "institution_id": places[place],
                        "institution": f"University of {place[1]}",
                        "country": place[0],
                    }
                    for n, place in enumerate(paper.institutions, start=1)
                ],
                "source_file": f"{paper.published:%Y-%m}",
            }
            for paper in papers
        ],
    )
    months = sorted({f"{paper.published:%Y-%m}" for paper in papers})
    for month in months:
        con.execute("insert into lake.paper_files values (?, 10, 1, 0, 0, true, null, null, now())", [month])


def connect() -> duckdb.DuckDBPyConnection:
    """An empty database on one thread: the tables are small, and the tests share the machine."""
    return duckdb.connect(config={"threads": 1})


def build_all(con: duckdb.DuckDBPyConnection, models: Mapping[str, Model], *wanted: str) -> None:
    """The wanted tables with all they are made from, every one by default; places stay as the lake was given them."""
    names = _with_upstream(models, wanted) if wanted else {*models, *PYTHON_TABLES}
    for name, model in models.items():
        if name in names:
            create(con, model)
            make_from(con, name, names)


def create(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """The table alone; comments, lineage and preview are those of ``build_model``, which has tests of its own."""
    con.execute(f"create schema if not exists {model.schema}")
    con.execute(f"create or replace {'view' if model.is_view else 'table'} {model.name} as\n{model.sql}")


def make_from(con: duckdb.DuckDBPyConnection, source: str, wanted: Collection[str] = PYTHON_TABLES) -> None:
    """The wanted tables Python makes from a model, places left as they are."""
    for name in PYTHON_TABLES:
        if EXTERNAL_TABLES[name].source == source and name in wanted and name != "staging.place_resolution":
            make_python_table(con, name, _default_study())


@cache
def _default_study() -> Study:
    return load_study("jiangsu-2018")


def _with_upstream(models: Mapping[str, Model], wanted: Iterable[str]) -> set[str]:
    """The tables and those before them, in SQL and in Python; what is neither is taken as it is."""
    found, waiting = set[str](), [*wanted]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            source = EXTERNAL_TABLES[name].source if name in EXTERNAL_TABLES else None
            waiting += models[name].depends_on if name in models else [source] if source else []
    return found


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    types = {column.name: column.type for column in EXTERNAL_TABLES[table].columns}
    known = [{name: row[name] for name in types if name in row} for row in rows]
    con.execute(
        f"insert into {table} by name select unnest(from_json(?, '{json.dumps([types])}'), max_depth := 2)",
        [json.dumps(known)],
    )
