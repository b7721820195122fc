"""The warehouse: reference tables, every SQL model and its checks as one step of one writer."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import dagster as dg

from bri_pipeline.errors import UserError
from bri_pipeline.home import StudyHome
from bri_pipeline.lake.landed import landed_files
from bri_pipeline.orchestration.lake_assets import LANDING, raw_key
from bri_pipeline.orchestration.resources import OpenedStudy, Warehouse
from bri_pipeline.orchestration.turns import tables_turn
from bri_pipeline.study import Study
from bri_pipeline.warehouse.build import (
    REFERENCE_TABLES,
    Built,
    build_tables,
    check_line,
    models,
    remove_others,
)
from bri_pipeline.warehouse.build_ids import BuildIds
from bri_pipeline.warehouse.external import EXTERNAL_TABLES
from bri_pipeline.warehouse.lake_tables import PAPER_TABLES
from bri_pipeline.warehouse.model import Check, Model
from bri_pipeline.warehouse.outcomes import Outcome, run_and_keep
from bri_pipeline.warehouse.python_tables import PYTHON_TABLES

CELL_WIDTH = 60
# The UI sorts groups by name; the numbers put them in the order of the data.
GROUPS = {
    "reference": "0_reference",
    "raw": "3_raw",
    "staging": "4_staging",
    "core": "5_core",
    "marts": "6_marts",
}


def table_key(name: str) -> dg.AssetKey:
    """``core.patents`` -> core/patents."""
    return dg.AssetKey(name.split("."))


def _key(check: Check) -> tuple[dg.AssetKey, str]:
    return table_key(check.table), check.name


def warehouse_assets(study: Study) -> dg.AssetsDefinition:
    """One asset per reference table and SQL model; dependencies are those the SQL has."""
    sql_models = models()
    specs = [_external_spec(name, study) for name in (*REFERENCE_TABLES, *PYTHON_TABLES)]
    specs += [_model_spec(model, study) for model in sql_models.values()]
    checks = [check for model in sql_models.values() for check in model.checks]

    @dg.multi_asset(
        name="sql_models",
        specs=specs,
        check_specs=[_check_spec(check) for check in checks],
        can_subset=True,
        retry_policy=None,
    )
    def tables(
        context: dg.AssetExecutionContext, opened: OpenedStudy, warehouse: Warehouse
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        wanted = {".".join(key.path) for key in context.selected_asset_keys}
        checked = {(key.asset_key, key.name) for key in context.selected_asset_check_keys}
        outcomes: list[Outcome] = []
        _refuse_empty_lake(opened.home, wanted)
        with tables_turn(context, opened.home), warehouse.get_connection() as connection:
            if wanted.issuperset(sql_models):
                for name in remove_others(connection, sql_models):
                    context.log.info(f"removed {name}, which nothing makes any more")
            for built in build_tables(connection, opened.home, sql_models, wanted):
                outcomes += built.checks
                yield _result(built, checked)
            # Checks selected without their table run on the table as it is.
            alone = [check for check in checks if check.table not in wanted and _key(check) in checked]
            for outcome in run_and_keep(connection, alone, BuildIds(connection)):
                outcomes.append(outcome)
                yield _check_result(outcome)
        _log(context, len(wanted), outcomes)

    return tables


def _refuse_empty_lake(home: StudyHome, wanted: Collection[str]) -> None:
    """Tables of nothing would be empty and green, and their publication would replace a good copy."""
    from_the_lake = [name for name in wanted if not name.startswith("reference.")]
    if from_the_lake and next(landed_files(home), None) is None:
        raise UserError(
            f"Nothing of {home.study.name} has landed yet, so its tables would be empty. "
            "Run the job refresh for the years wanted, or `bri run`."
        )


def _external_spec(name: str, study: Study) -> dg.AssetSpec:
    table = EXTERNAL_TABLES[name]
    deps = [table_key(table.source)] if table.source else []
    return dg.AssetSpec(
        table_key(name),
        deps=deps,
        group_name=GROUPS[name.split(".")[0]],
        kinds={"duckdb", "python"},
        description=f"{table.description}\n\nMade from {table.made_by}.",
    )


def _model_spec(model: Model, study: Study) -> dg.AssetSpec:
    return dg.AssetSpec(
        table_key(model.name),
        deps=_upstream_keys(model, study),
        group_name=GROUPS[model.schema],
        kinds={"duckdb", "sql"},
        code_version=model.digest,
        description=f"{model.description}\n\n{_sql_block(model.sql)}",
    )


def _upstream_keys(model: Model, study: Study) -> list[dg.AssetKey]:
    """Keys of what a model reads; the tables of schema ``lake`` stand for the assets that fill them."""
    keys: set[dg.AssetKey] = set()
    for name in model.depends_on:
        if name in ("lake.hits", "lake.partitions"):
            keys |= {raw_key(partner.iso2) for partner in study.searched}
        elif name in PAPER_TABLES:
            continue
        elif name.startswith("lake."):
            keys.add(LANDING)
        else:
            keys.add(table_key(name))
    return sorted(keys)


def _check_spec(check: Check) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        check.name,
        asset=table_key(check.table),
        description=check.description,
        blocking=check.severity == "error",
        metadata={"query": dg.MetadataValue.md(_sql_block(check.sql))},
    )


def _result(built: Built, checked: set[tuple[dg.AssetKey, str]]) -> dg.MaterializeResult[None]:
    key = table_key(built.name)
    return dg.MaterializeResult(
        asset_key=key,
        metadata=_table_metadata(built),
        check_results=[_check_result(outcome) for outcome in built.checks if _key(outcome.check) in checked],
    )


def _table_metadata(built: Built) -> dict[str, Any]:
    table = built.table
    metadata: dict[str, Any] = {
        "dagster/row_count": table.rows,
        "dagster/table_name": built.name,
        "dagster/column_schema": dg.TableSchema(
            [
                dg.TableColumn(name, type_, description=meaning or None)
                for name, type_, meaning in table.columns
            ]
        ),
        "preview": dg.MetadataValue.md(markdown_table(table.preview)),
        "seconds": round(table.seconds, 3),
    }
    if table.lineage:
        metadata["dagster/column_lineage"] = dg.TableColumnLineage(
            {
                column: [dg.TableColumnDep(table_key(source), origin) for source, origin in origins]
                for column, origins in table.lineage.items()
            }
        )
        metadata["columns_come_from"] = dg.MetadataValue.md(_lineage_table(table.lineage))
    return metadata


def _lineage_table(lineage: Mapping[str, list[tuple[str, str]]]) -> str:
    rows = [
        {"column": column, "from": ", ".join(f"{table}.{origin}" for table, origin in origins)}
        for column, origins in lineage.items()
    ]
    return markdown_table(rows)


def _check_result(outcome: Outcome) -> dg.AssetCheckResult:
    check = outcome.check
    metadata: dict[str, Any] = {"offending_rows": outcome.offending_rows}
    if outcome.sample:
        metadata["first_offending_rows"] = dg.MetadataValue.md(markdown_table(list(outcome.sample)))
        metadata["query"] = dg.MetadataValue.md(_sql_block(check.sql))
    return dg.AssetCheckResult(
        asset_key=table_key(check.table),
        check_name=check.name,
        passed=outcome.passed,
        severity=dg.AssetCheckSeverity.ERROR if check.severity == "error" else dg.AssetCheckSeverity.WARN,
        metadata=metadata,
    )


def _log(context: dg.AssetExecutionContext, tables: int, outcomes: list[Outcome]) -> None:
    failed = [outcome for outcome in outcomes if not outcome.passed]
    built = "1 table" if tables == 1 else f"{tables} tables"
    context.log.info(f"built {built}; {len(outcomes) - len(failed)} of {len(outcomes)} checks passed")
    for outcome in failed:
        context.log.warning(check_line(outcome))


def _sql_block(sql: str) -> str:
    return f"```sql\n{sql.strip()}\n```"


def markdown_table(rows: list[dict[str, Any]]) -> str:
    """Rows as a Markdown table, cells cut at 60 characters; ``no rows`` when there are none."""
    if not rows:
        return "no rows"
    header = list(rows[0])
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    lines += ["| " + " | ".join(_cell(row[name]) for name in header) + " |" for row in rows]
    return "\n".join(lines)


def _cell(value: object) -> str:
    text = "" if value is None else str(value).replace("\n", " ").replace("|", "\\|")
    return text if len(text) <= CELL_WIDTH else text[: CELL_WIDTH - 1] + "…"
