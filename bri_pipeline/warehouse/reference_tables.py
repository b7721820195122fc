"""Schema ``reference``: the study and the fact tables of ``data/reference`` as tables SQL can join.

What each table holds is said once, in ``bri_pipeline.warehouse.external``.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from bri_pipeline.csv_rows import converted_rows
from bri_pipeline.errors import UserError
from bri_pipeline.study import PROVINCE_FILES
from bri_pipeline.visible import brief
from bri_pipeline.warehouse.alliance_rows import alliance_rows
from bri_pipeline.warehouse.external import EXTERNAL_TABLES, ExternalTable, create_empty
from bri_pipeline.warehouse.sql_text import row_literal

if TYPE_CHECKING:
    from bri_pipeline.study import Study

Row = dict[str, Any]

# ipc_sections.csv marks labels that are not in the paper's table so; the label itself follows the colon.
_PAPERS_QUESTION = ("CN", "belt_and_road_2018", "publications")
_NOT_IN_TABLE_4 = "(none in Table 4: "
# The region of partners that a study lists by code, without a group's file.
NO_REGION = "(no region)"
_MOST_DECIMALS = 15


def load_reference(
    con: duckdb.DuckDBPyConnection,
    study: Study,
    reference_dir: Path,
    names: Collection[str] | None = None,
    rows: Mapping[str, list[Row]] | None = None,
) -> None:
    """Write the named tables of schema ``reference``, all by default, replacing what is there.

    Args:
        con: the warehouse.
        study: the study.
        reference_dir: folder of the reference files.
        names: the tables wanted.
        rows: the result of ``reference_rows``, where the files were read before.

    Raises:
        UserError: a file is missing, lacks a column, or holds a value of the wrong type; names file and line.
    """
    wanted = [
        table
        for name, table in EXTERNAL_TABLES.items()
        if name.startswith("reference.") and (names is None or name in names)
    ]
    if rows is None:
        rows = reference_rows(study, reference_dir) if wanted else {}
    for table in wanted:
        create_empty(con, table)
        _insert(con, table, rows[table.name])


def reference_rows(study: Study, reference_dir: Path) -> dict[str, list[Row]]:
    """Table of schema ``reference`` -> its rows.

    Raises:
        UserError: a file is missing, lacks a column, or holds a value of the wrong type; names file and line.
    """
    rows = {**study_rows(study), **fact_rows(reference_dir), "expected_values": expected_rows(study)}
    rows["alliances"] = alliance_rows(study)
    return {f"reference.{name}": table for name, table in rows.items()}


def study_rows(study: Study) -> dict[str, list[Row]]:
    """Rows of the tables that say what the study declares: study, partners, regions, years, stages."""
    partners = [
        {
            "iso2": partner.iso2,
            "name": partner.name,
            "region": partner.region or NO_REGION,
            "searched": partner.searched,
            "note": partner.note,
            "position": position,
        }
        for position, partner in enumerate(study.partners, start=1)
    ]
    return {
        "study": [_study_row(study)],
        "partners": partners,
        "regions": _regions(partners),
        "years": [_year_row(study, year) for year in study.years],
        "stages": [
            {
                "position": n,
                "stage": stage.name,
                "from_year": stage.from_year,
                "to_year": None if stage.is_open else stage.to_year,
            }
            for n, stage in enumerate(study.stages, start=1)
        ],
    }


def fact_rows(reference_dir: Path) -> dict[str, list[Row]]:
    """Rows of the tables that are files of ``data/reference``, whatever the study.

    Raises:
        UserError: a file is missing, lacks a column, or holds a value of the wrong type.
    """
    return {
        "countries": converted_rows(reference_dir / "countries.csv", {"iso2": _text, "name": _text}),
        "provinces": [
            {"code": row["iso"], "name": row["name"]}
            for file in PROVINCE_FILES
            for row in converted_rows(reference_dir / file, {"iso": _text, "name": _text})
        ],
        "ipc_classes": _ipc_classes(reference_dir / "ipc_sections.csv"),
        "wipo_fields": converted_rows(
            reference_dir / "wipo35.csv",
            {"field_number": _whole, "sector": _text, "field": _text, "ipc_prefix": _text, "level": _text},
        ),
        "applicant_aliases": converted_rows(
            reference_dir / "applicant_aliases.csv",
            dict.fromkeys(("name", "harmonised_name", "reviewer", "note"), _text),
        ),
        "paper_claims": _paper_claims(reference_dir / "paper_claims.csv"),
        "paper_claim_values": _claim_values(reference_dir / "paper_claim_values.csv"),
    }


def expected_rows(study: Study) -> list[Row]:
    """Values the study must reproduce; none if it declares no file.

    Raises:
        UserError: the file is missing, lacks a column, or holds a value of the wrong type, a scope that the study does
            not have, bounds that cross, or the same number twice.
    """
    path = study.expected
    if path is None:
        return []
    columns = {"id": _text, "measure": _text, "scope": _scope_in(study.focal_country), "member": _text}
    numbers = {"value": _finite, "upper": _optional(_finite), "digits": _decimals}
    rows = converted_rows(path, {**columns, **numbers, "source": _text})
    seen = set()
    for row in rows:
        number = " ".join(row[name] for name in ("id", "measure", "scope", "member"))
        if number in seen:
            raise UserError(f"{path}: {brief(number)} is there twice. Remove one of the lines.")
        if row["upper"] is not None and row["upper"] < row["value"]:
            raise UserError(
                f"{path}: of {brief(number)} the upper bound is below the value. Correct the line."
            )
        seen.add(number)
    return rows


def _scope_in(country: str) -> Callable[[str], str]:
    def scope(value: str) -> str:
        if value != country and not value.startswith(f"{country}-"):
            raise ValueError(
                f"it must be {country} or the code of one of its divisions, such as {country}-XX"
            )
        return value

    return scope


def _study_row(study: Study) -> Row:
    growth_from, growth_to = _declared_growth(study)
    return {
        "name": study.name,
        "title": study.title,
        "focal_country": study.focal_country,
        "focal_province": study.focal_province,
        "window_start": study.window_start,
        "window_end": study.window_end,
        "documents": study.documents,
        "kinds": list(study.kinds),
        "hong_kong_as_cn": study.hong_kong_as_cn,
        "partner_group": study.partner_group,
        "growth_from": growth_from,
        "growth_to": growth_to,
        "counting_date": study.counting_date,
        "is_synthetic": study.synthetic,
        "comparison_from": study.comparison_from,
        "zero_year_rule": study.zero_year_rule,
        "first_year": min(study.years),
        "last_year": max(study.years),
        "declares_expected_values": study.expected is not None,
        "asks_the_papers_question": (study.focal_country, study.partner_group, study.documents)
        == _PAPERS_QUESTION,
    }


def _declared_growth(study: Study) -> tuple[int | None, int | None]:
    """First and last year of growth as declared; null where the study leaves them to the data."""
    if study.growth_from is not None:
        return study.growth_from, None
    return study.growth_years if study.declares_growth else (None, None)


def _regions(partners: Iterable[Row]) -> list[Row]:
    countries: Counter[str] = Counter()
    searched: Counter[str] = Counter()
    for partner in partners:
        countries[partner["region"]] += 1
        searched[partner["region"]] += partner["searched"]
    return [
        {"region": region, "countries": count, "countries_searched": searched[region], "position": position}
        for position, (region, count) in enumerate(countries.items(), start=1)
    ]


def _year_row(study: Study, year: int) -> Row:
    end = study.window_end or date.today()
    first, last = max(study.window_start, date(year, 1, 1)), min(end, date(year, 12, 31))
    whole = (first, last) == (date(year, 1, 1), date(year, 12, 31))
    return {"year": year, "from_date": first, "to_date": last, "is_whole": whole}


def _ipc_classes(path: Path) -> list[Row]:
    names = ("ipc_class", "section", "section_title", "class_title", "paper_table4_label")
    # two sections have no sub-sections
    rows = converted_rows(path, {**dict.fromkeys(names, _text), "subsection_title": _optional(_text)})
    for row in rows:
        label = row.pop("paper_table4_label")
        row["in_table_4"] = not label.startswith(_NOT_IN_TABLE_4)
        row["paper_label"] = (
            label.removeprefix(_NOT_IN_TABLE_4).removesuffix(")") if not row["in_table_4"] else label
        )
    return rows


def _paper_claims(path: Path) -> list[Row]:
    names = ("id", "quote", "location", "published", "verdict", "explanation")
    return [{**row, "claim_id": row["id"]} for row in converted_rows(path, dict.fromkeys(names, _text))]


def _claim_values(path: Path) -> list[Row]:
    names = ("claim_id", "label", "measure", "scope", "member")
    numbers = {
        "relation": _optional(_relation),
        "published": _optional(_number),
        "digits": _whole,
        "style": _style,
    }
    rows = converted_rows(path, {**dict.fromkeys(names, _text), **numbers})
    seen: Counter[str] = Counter()
    for row in rows:
        seen[row["claim_id"]] += 1
        row["position"] = seen[row["claim_id"]]
    return rows


def _text(value: str) -> str:
    if not value:
        raise ValueError("it must not be empty")
    return value


def _whole(value: str) -> int:
    if not value.isdecimal():
        raise ValueError("it must be a whole number")
    return int(value)


def _number(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise ValueError("it must be a number") from None


def _finite(value: str) -> float:
    number = _number(value)
    if not math.isfinite(number):
        raise ValueError("it must be a number")
    return number


def _decimals(value: str) -> int:
    number = _whole(value)
    if number > _MOST_DECIMALS:
        raise ValueError(f"it must be at most {_MOST_DECIMALS}")
    return number


def _relation(value: str) -> str:
    if value not in ("equal", "more", "less"):
        raise ValueError("it must be equal, more or less")
    return value


def _style(value: str) -> str:
    if value not in ("count", "percent", "decimal"):
        raise ValueError("it must be count, percent or decimal")
    return value


def _optional(convert: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda value: convert(value) if value else None


def _insert(con: duckdb.DuckDBPyConnection, table: ExternalTable, rows: list[Row]) -> None:
    # One statement of literals: binding parameters takes a tenth of a millisecond per value.
    tuples = [row_literal(row[column.name] for column in table.columns) for row in rows]
    if tuples:
        con.execute(f"insert into {table.name} values {', '.join(tuples)}")
