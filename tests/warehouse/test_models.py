"""The models as a whole: dependencies against DuckDB's own judgement, documents, style."""

from __future__ import annotations

import re

import duckdb
import pytest

from bri_pipeline.publication.record import PUBLICATION_SCHEMA
from bri_pipeline.warehouse import Model, build_model, load_models, prune, run_check
from bri_pipeline.warehouse.dictionary import documents
from bri_pipeline.warehouse.external import EXTERNAL_TABLES
from bri_pipeline.warehouse.loader import LAYERS
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


MARTS = [model for model in MODELS.values() if model.schema == "marts"]
_NUMBER = re.compile(r"(BIGINT|INTEGER|DOUBLE|HUGEINT|DECIMAL.*)(\[\])?")


@pytest.mark.parametrize("model", MARTS, ids=lambda model: model.name)
def test_every_number_of_a_mart_has_a_unit(empty: duckdb.DuckDBPyConnection, model: Model) -> None:
    types = {row[0]: row[1] for row in empty.execute(f"describe {model.name}").fetchall()}
    without = [
        column.name for column in model.columns if _NUMBER.fullmatch(types[column.name]) and not column.unit
    ]
    assert without == []


@pytest.mark.parametrize("model", MARTS, ids=lambda model: model.name)
def test_every_share_of_a_mart_says_its_base_and_every_interval_its_level_and_method(model: Model) -> None:
    meanings = {column.name: column.description for column in model.columns}
    shares = {name for name in meanings if re.fullmatch(r"(.*_)?share(_of_\w+)?", name)}
    assert [name for name in shares if "/" not in meanings[name]] == []
    for name in meanings:
        if name == "low" or name.endswith("_low"):
            assert re.search("95 %.*(:|exact|Clopper)", meanings[name], re.DOTALL), name
            assert f"{name.removesuffix('low')}high" in meanings


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
