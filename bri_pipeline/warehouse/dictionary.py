"""The data dictionary: ``docs/tables.md`` and ``docs/lineage.md``, written from the headers of the SQL files.

``python -m bri_pipeline.warehouse.dictionary`` writes both; with ``--check`` it only says whether they are up to date.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import duckdb

from bri_pipeline.settings import CHECKOUT, resource_dir
from bri_pipeline.warehouse.columns import columns_of
from bri_pipeline.warehouse.dictionary_file import DIGEST_LINE, QUERIES_HEAD, KeptLineage, Lineage
from bri_pipeline.warehouse.external import EXTERNAL_TABLES, ExternalTable, create_empty
from bri_pipeline.warehouse.lineage import lineage_digest, traced_lineage
from bri_pipeline.warehouse.loader import LAYERS, load_models
from bri_pipeline.warehouse.model import Model
from bri_pipeline.warehouse.model_build import BuiltTable, build_model
from bri_pipeline.warehouse.references import parsed_references, query_digest

_LAYERS_SAY = {
    "lake": "What the pipeline has landed, read from the lake's files; not in the published database.",
    "reference": "The study as declared, and fact tables.",
    "raw": "The hits as read from the source.",
    "staging": "Typed rows: places, names and symbols resolved.",
    "core": "Patents, what was removed, and what each patent belongs to.",
    "marts": "Aggregates per dimension and scope: the numbers of the report.",
    "checks": "Which build of each table is there, and what every check found on it.",
}
_TABLES_HEAD = """# Tables

Written by `python -m bri_pipeline.warehouse.dictionary` from the headers of the files under `sql/`; do not edit.
A column's unit is given where its meaning does not say it; `from` names the columns of other tables that its value is
computed from. Counts of rows come from no column.
"""
_LINEAGE_HEAD = """# Column lineage

Written by `python -m bri_pipeline.warehouse.dictionary` from the SQL; do not edit. A column is listed with the columns
of other tables its value is computed from; columns that only filter, group or join are not named. Counts of rows
have no source column. A build reads the lineage of a query from here while the digest beside it is the query's.
"""
_QUERIES_SAY = (
    "Models, and checks that are files. A query of a digest listed here is not parsed to find what it reads."
)


def documents(root: Path) -> dict[str, str]:
    """File name -> text of the data dictionary for the models under ``root``.

    The models are built on empty tables, so that types are DuckDB's own.
    """
    models = load_models(root)
    con = duckdb.connect()
    try:
        for table in EXTERNAL_TABLES.values():
            create_empty(con, table)
        built = {name: build_model(con, model) for name, model in models.items()}
        columns = partial(columns_of, con)
        lineages = {
            name: KeptLineage(lineage_digest(columns, model), traced_lineage(columns, model))
            for name, model in models.items()
        }
    finally:
        con.close()
    return {
        "tables.md": "\n".join(_tables(models, built, lineages)),
        "lineage.md": "\n".join([*_lineage(built, lineages), *_queries(models)]),
    }


def _tables(
    models: Mapping[str, Model], built: Mapping[str, BuiltTable], lineages: Mapping[str, KeptLineage]
) -> Iterator[str]:
    yield _TABLES_HEAD
    for layer in LAYERS:
        yield f"## {layer}\n\n{_LAYERS_SAY[layer]}\n"
        names = sorted(name for name in [*EXTERNAL_TABLES, *models] if name.startswith(f"{layer}."))
        for name in names:
            if name in models:
                yield from _model_section(models[name], built[name], lineages[name].columns)
            else:
                yield from _external_section(EXTERNAL_TABLES[name])


def _model_section(model: Model, built: BuiltTable, lineage: Lineage) -> Iterator[str]:
    yield f"### {model.name}\n\n{model.description}\n"
    reads = ", ".join(f"`{name}`" for name in sorted(model.depends_on))
    yield f"Reads {reads}.\n"
    said = {column.name: (column.unit, column.description) for column in model.columns}
    yield "| column | type | unit | meaning | from |"
    yield "|---|---|---|---|---|"
    for name, type_, _ in built.columns:
        unit, meaning = said.get(name, ("", ""))
        origins = ", ".join(f"`{table}.{source}`" for table, source in lineage.get(name, []))
        cells = (f"`{name}`", _short_type(type_), unit, _cell(meaning), origins)
        yield f"| {' | '.join(cells)} |"
    if model.checks:
        yield "\nChecks:\n"
    for check in model.checks:
        yield f"- `{check.name}` ({check.severity}): {check.description}"
    yield ""


def _external_section(table: ExternalTable) -> Iterator[str]:
    yield f"### {table.name}\n\n{table.description} Made from {table.made_by}.\n"
    yield "| column | type | unit | meaning |"
    yield "|---|---|---|---|"
    for column in table.columns:
        cells = (f"`{column.name}`", _short_type(column.type), column.unit, _cell(column.description))
        yield f"| {' | '.join(cells)} |"
    yield ""


def _short_type(type_: str) -> str:
    lowered = type_.lower()
    return "list of struct" if lowered.startswith("struct(") else lowered


def _lineage(built: Mapping[str, BuiltTable], lineages: Mapping[str, KeptLineage]) -> Iterator[str]:
    yield _LINEAGE_HEAD
    for name in sorted(built, key=lambda name: (LAYERS.index(name.partition(".")[0]), name)):
        yield f"## {name}\n\n{DIGEST_LINE.format(lineages[name].digest)}\n\n| column | from |\n|---|---|"
        for column, _, _ in built[name].columns:
            sources = lineages[name].columns.get(column, [])
            yield f"| `{column}` | {', '.join(f'`{table}.{source}`' for table, source in sources)} |"
        yield ""


def _queries(models: Mapping[str, Model]) -> Iterator[str]:
    yield f"{QUERIES_HEAD}\n\n{_QUERIES_SAY}\n\n| query | digest | reads |\n|---|---|---|"
    for model in models.values():
        of_files = [(check.id, check.sql, check.path) for check in model.checks]
        for name, sql, path in [(model.name, model.sql, model.path), *of_files]:
            if path is not None:
                tables = ", ".join(f"`{table}`" for table in sorted(parsed_references(sql, path)))
                yield f"| `{name}` | `{query_digest(sql)}` | {tables} |"
    yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main(arguments: list[str]) -> int:
    """Write the files, or compare them with what would be written."""
    folder = CHECKOUT / "docs"
    stale = []
    for name, text in documents(resource_dir("sql")).items():
        path = folder / name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(str(path))
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8")
    for path_text in stale:
        print(f"{'out of date' if '--check' in arguments else 'written'}: {path_text}")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
