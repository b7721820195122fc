"""The models as a whole: dependencies against DuckDB's own judgement, documents, style."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import partial

import duckdb
import pytest

from bri_pipeline.publication.record import PUBLICATION_SCHEMA
from bri_pipeline.warehouse import Model, build_model, load_models, prune, run_check
from bri_pipeline.warehouse.columns import columns_of
from bri_pipeline.warehouse.dictionary import documents
from bri_pipeline.warehouse.dictionary_file import kept_lineages, kept_references
from bri_pipeline.warehouse.external import EXTERNAL_TABLES, ExternalColumn
from bri_pipeline.warehouse.lineage import column_lineage, lineage_digest
from bri_pipeline.warehouse.loader import LAYERS
from bri_pipeline.warehouse.model import Column
from bri_pipeline.warehouse.python_tables import PYTHON_TABLES
from bri_pipeline.warehouse.references import query_digest, table_references
from tests.warehouse.lake import REPOSITORY

SQL = REPOSITORY / "sql"
MODELS = load_models(SQL)
FILES = sorted(SQL.rglob("*.sql"))


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_a_model_needs_exactly_what_it_says(shapes: dict[str, str], model: Model) -> None:
    with duckdb.connect() as con:
        con.execute("".join(f"create schema {schema};" for schema in LAYERS))
        con.execute("".join(shapes[name] for name in model.depends_on))
        con.execute(f"explain {model.sql}")  # nothing but what it says is there
        for name in model.depends_on:
            con.execute(f"drop table {name}")
            with pytest.raises(duckdb.CatalogException):
                con.execute(f"explain {model.sql}")
            con.execute(shapes[name])


def test_a_model_that_reads_more_than_it_says_does_not_bind(shapes: dict[str, str]) -> None:
    with duckdb.connect() as con, pytest.raises(duckdb.CatalogException):
        con.execute("".join(f"create schema {schema};" for schema in LAYERS) + shapes["core.patents"])
        con.execute("explain select * from core.patents, core.years")


@pytest.fixture(scope="module")
def shapes(empty: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Table -> the statement that makes it, with its columns and no more; a view is made as a table."""
    rows = empty.execute(
        "select schema_name || '.' || table_name, string_agg(format('\"{}\" {}', column_name, data_type), ', ') "
        "from duckdb_columns() where schema_name in (select unnest(?)) group by 1",
        [list(LAYERS)],
    ).fetchall()
    return {name: f"create table {name} ({columns});" for name, columns in rows}


def test_an_empty_lake_builds(empty: duckdb.DuckDBPyConnection) -> None:
    assert prune(empty, MODELS) == []
    failed = [
        check.id for model in MODELS.values() for check in model.checks if not run_check(empty, check).passed
    ]
    assert failed == []


def test_models_can_be_built_again_on_top(empty: duckdb.DuckDBPyConnection) -> None:
    model = MODELS["marts.by_year"]
    assert build_model(empty, model).columns == build_model(empty, model).columns


_NUMBER = re.compile(r"(BIGINT|INTEGER|DOUBLE|HUGEINT|DECIMAL.*)(\[\])?")


def _headers() -> dict[str, dict[str, tuple[str, str]]]:
    """Mart, or table that Python makes -> column -> meaning and unit."""
    columns: dict[str, Iterable[Column | ExternalColumn]] = {
        name: model.columns for name, model in MODELS.items() if model.schema == "marts"
    }
    columns |= {name: EXTERNAL_TABLES[name].columns for name in PYTHON_TABLES}
    return {
        name: {column.name: (column.description, column.unit) for column in of_table}
        for name, of_table in columns.items()
    }


HEADERS = _headers()


@pytest.mark.parametrize("name", HEADERS)
def test_every_number_of_a_mart_has_a_unit(empty: duckdb.DuckDBPyConnection, name: str) -> None:
    types = {row[0]: row[1] for row in empty.execute(f"describe {name}").fetchall()}
    without = [
        column for column, (_, unit) in HEADERS[name].items() if _NUMBER.fullmatch(types[column]) and not unit
    ]
    assert without == []


@pytest.mark.parametrize("name", HEADERS)
def test_every_share_of_a_mart_says_its_base_and_every_interval_its_level_and_method(name: str) -> None:
    meanings = {column: meaning for column, (meaning, _) in HEADERS[name].items()}
    shares = {column for column in meanings if re.fullmatch(r"(.*_)?share(_of_\w+)?", column)}
    assert [column for column in shares if "/" not in meanings[column]] == []
    for column in meanings:
        if column == "low" or column.endswith("_low"):
            assert re.search("95 %.*(:|exact|Clopper)", meanings[column], re.DOTALL), column
            assert f"{column.removesuffix('low')}high" in meanings


_OF_NO_UNIT_OF_ITS_OWN = re.compile("fraction|ratio|probability|chi-square|correlation|index")
_FORMULA = re.compile(r"[/:=*]| - |\d \d|[A-Z][a-z]+ \d{4}|^(its|the) (upper|same)|^upper|^as ")


@pytest.mark.parametrize("name", HEADERS)
def test_every_ratio_of_a_mart_has_a_formula_or_the_source_of_one(name: str) -> None:
    bare = [
        column
        for column, (meaning, unit) in HEADERS[name].items()
        if _OF_NO_UNIT_OF_ITS_OWN.match(unit) and not _FORMULA.search(meaning)
    ]
    assert bare == []


def test_the_data_dictionary_is_up_to_date() -> None:
    for name, text in documents(SQL).items():
        assert (REPOSITORY / "docs" / name).read_text(encoding="utf-8") == text, (
            f"docs/{name} is out of date: run python -m bri_pipeline.warehouse.dictionary"
        )


def test_lineage_walks_back_to_the_lake(empty: duckdb.DuckDBPyConnection) -> None:
    lineage = {name: build_model(empty, model).lineage for name, model in MODELS.items()}
    assert all(lineage.values())
    assert lineage["staging.inventors"]["province"] == [
        ("staging.inventor_mentions", "is_focal"),
        ("staging.inventor_places", "province"),
    ]
    assert lineage["raw.uspto_hits"]["title"] == [("lake.hits", "title")]
    assert lineage["marts.summary"]["hits"] == []  # a count of rows


def test_hits_have_the_fields_of_a_record() -> None:
    hits = {column.name: column.type for column in EXTERNAL_TABLES["lake.hits"].columns}
    assert set(PUBLICATION_SCHEMA) <= set(hits)
    for name in ("inventors", "applicants", "ipc", "cpc", "related"):
        fields = re.findall(r'[(,] ?"(\w+)" ', hits[name])
        assert fields == [field.name for field in PUBLICATION_SCHEMA[name].inner.fields]  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SQL)))
def test_style(path: object) -> None:
    text = path.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    code = re.sub(r"--.*|'[^']*'", "", text)
    assert max(map(len, text.splitlines())) <= 120
    assert not re.search(r"\b(SELECT|FROM|WHERE|JOIN|WITH|CASE|GROUP BY)\b", code)
    if path.parts[-2] in ("core", "marts"):  # type: ignore[attr-defined]
        assert not re.search(r"select\s+(\w+\.)?\*", code)


def test_an_edited_query_has_its_own_lineage_and_references_whatever_is_kept(
    empty: duckdb.DuckDBPyConnection,
) -> None:
    model = MODELS["raw.country_years"]
    columns = partial(columns_of, empty)
    assert kept_lineages()[model.name].digest == lineage_digest(columns, model)
    sql = model.sql.replace("landed", "landed and hits > 0 as landed", 1)
    edited = replace(model, sql=sql, digest="edited")
    assert kept_references()[query_digest(model.sql)] == model.depends_on
    assert query_digest(sql) not in kept_references()
    assert table_references(sql, model.path) == model.depends_on
    assert column_lineage(columns, edited)["landed"] == [
        ("lake.partitions", "hits"),
        ("lake.partitions", "landed"),
    ]
