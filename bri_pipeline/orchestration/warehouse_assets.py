"""The warehouse: reference tables, every SQL model and its checks as one step of one writer."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import dagster as dg
import duckdb

from bri_pipeline.errors import UserError
from bri_pipeline.home import StudyHome
from bri_pipeline.lake.landed import landed_files
from bri_pipeline.lake.soundness import faults_in_words, faults_of
from bri_pipeline.orchestration import groups
from bri_pipeline.orchestration.failures import ChecksFailed, saying_first
from bri_pipeline.orchestration.lake_assets import LANDING, raw_key
from bri_pipeline.orchestration.logging import step_progress
from bri_pipeline.orchestration.paper_assets import PAPERS
from bri_pipeline.orchestration.resources import OpenedStudy, Warehouse
from bri_pipeline.orchestration.table_metadata import (
    built_metadata,
    declared_metadata,
    markdown_table,
    sql_block,
    table_key,
)
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
from bri_pipeline.warehouse.dictionary_file import column_types
from bri_pipeline.warehouse.external import EXTERNAL_TABLES
from bri_pipeline.warehouse.lake_tables import PAPER_TABLES
from bri_pipeline.warehouse.made_from import python_digest, reference_digests
from bri_pipeline.warehouse.model import Check, Model
from bri_pipeline.warehouse.outcomes import Outcome, run_and_keep
from bri_pipeline.warehouse.python_tables import PYTHON_TABLES
from bri_pipeline.warehouse.small_chart import SmallChart, small_chart

CHECKS_NAMED = 3


def _key(check: Check) -> tuple[dg.AssetKey, str]:
    return table_key(check.table), check.name


def warehouse_assets(study: Study) -> dg.AssetsDefinition:
    """One asset per reference table and SQL model; dependencies are those the SQL has."""
    sql_models, types = models(), column_types()
    reference = reference_digests(study)
    specs = [_external_spec(name, reference) for name in (*REFERENCE_TABLES, *PYTHON_TABLES)]
    specs += [_model_spec(model, study, types.get(model.name, {})) for model in sql_models.values()]
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
        groups.name_study(context, study)
        progress = step_progress(context, opened)
        with (
            saying_first(),
            tables_turn(context, opened),
            warehouse.get_connection(progress) as connection,
        ):
            _refuse_empty_lake(opened.home, wanted)
            if wanted.issuperset(sql_models):
                for name in remove_others(connection, sql_models):
                    context.log.info(f"removed {name}, which nothing makes any more")
            for built in build_tables(connection, opened.home, sql_models, wanted, progress=progress):
                outcomes += built.checks
                yield _result(built, checked, _chart(connection, built, study))
            # Checks selected without their table run on the table as it is.
            alone = [check for check in checks if check.table not in wanted and _key(check) in checked]
            for outcome in run_and_keep(connection, alone, BuildIds(connection)):
                outcomes.append(outcome)
                yield _check_result(outcome)
        _log(context, len(wanted), outcomes)
        _refuse_failed(opened.home, outcomes, only_some=not wanted.issuperset(sql_models))

    return tables


def _refuse_empty_lake(home: StudyHome, wanted: Collection[str]) -> None:
    """Tables of nothing would be empty and green, and their publication would replace a good copy."""
    from_the_lake = [name for name in wanted if not name.startswith("reference.")]
    if from_the_lake and next(landed_files(home), None) is None:
        raise UserError(
            f"Nothing of {home.study.name} has landed yet, so its tables would be empty. "
            "Run the job refresh for the years wanted, or `bri run`."
        )


def _refuse_failed(home: StudyHome, outcomes: list[Outcome], *, only_some: bool) -> None:
    """Say what failed, files of the lake first, as they are usually why checks fail.

    ``only_some``: not all tables were built, so that checks may have compared new tables with older ones.
    """
    failed = [outcome for outcome in outcomes if not outcome.passed and outcome.check.severity == "error"]
    if not failed:
        return
    files = faults_in_words(faults_of(home, home.study.years))
    checks = " ".join(f"{check_line(outcome).rstrip('.')}." for outcome in failed[:CHECKS_NAMED])
    more = f" And {len(failed) - CHECKS_NAMED} more." if len(failed) > CHECKS_NAMED else ""
    older = (
        "Only some tables were built, and checks may compare them with older ones: run the job marts. "
        if only_some
        else ""
    )
    way_out = (
        f"{older}Nothing is published. `bri check {failed[0].check.id}` shows every offending row; "
        "docs/operations.md says what to do."
    )
    raise ChecksFailed(f"{files} {checks}{more} {way_out}".strip())


def _chart(connection: duckdb.DuckDBPyConnection, built: Built, study: Study) -> SmallChart | None:
    if not built.name.startswith("marts."):
        return None
    return small_chart(
        connection, built.name, built.table.columns, study.focal_province or study.focal_country
    )


def _external_spec(name: str, reference: Mapping[str, str]) -> dg.AssetSpec:
    table = EXTERNAL_TABLES[name]
    deps = [table_key(table.source)] if table.source else []
    return dg.AssetSpec(
        table_key(name),
        deps=deps,
        group_name=groups.OF_SCHEMA[name.split(".")[0]],
        kinds={"duckdb", "python"},
        owners=groups.OWNERS,
        code_version=reference.get(name) or python_digest(name),
        description=f"{table.description} Made from {table.made_by}.",
        metadata=declared_metadata(name, None, {column.name: column.type for column in table.columns}),
    )


def _model_spec(model: Model, study: Study, types: Mapping[str, str]) -> dg.AssetSpec:
    return dg.AssetSpec(
        table_key(model.name),
        deps=_upstream_keys(model, study),
        group_name=groups.OF_SCHEMA[model.schema],
        kinds={"duckdb", "sql"},
        owners=groups.OWNERS,
        code_version=model.digest,
        description=model.description,
        metadata=declared_metadata(model.name, model, types),
    )


def _upstream_keys(model: Model, study: Study) -> list[dg.AssetKey]:
    """Keys of what a model reads; the tables of schema ``lake`` represent the assets that fill them."""
    keys: set[dg.AssetKey] = set()
    for name in model.depends_on:
        if name in ("lake.hits", "lake.partitions"):
            keys |= {raw_key(partner.iso2) for partner in study.searched}
        elif name in PAPER_TABLES:
            keys |= {PAPERS} if study.papers is not None else set()
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
        metadata={"query": dg.MetadataValue.md(sql_block(check.sql))},
    )


def _result(
    built: Built,
    checked: set[tuple[dg.AssetKey, str]],
    chart: SmallChart | None,
) -> dg.MaterializeResult[None]:
    return dg.MaterializeResult(
        asset_key=table_key(built.name),
        metadata=built_metadata(built, chart),
        # Of the same contents the same version: what was made from them stays fresh.
        data_version=dg.DataVersion(built.build_id),
        check_results=[_check_result(outcome) for outcome in built.checks if _key(outcome.check) in checked],
    )


def _check_result(outcome: Outcome) -> dg.AssetCheckResult:
    check = outcome.check
    metadata: dict[str, Any] = {"offending_rows": outcome.offending_rows}
    if outcome.sample:
        metadata["what_a_row_means"] = check.description
        metadata["first_offending_rows"] = dg.MetadataValue.md(markdown_table(list(outcome.sample), None))
        metadata["all_rows"] = f"bri check {check.id}"
        metadata["query"] = dg.MetadataValue.md(sql_block(check.sql))
    return dg.AssetCheckResult(
        asset_key=table_key(check.table),
        check_name=check.name,
        description=None if outcome.passed else f"{outcome.offending_rows:,} offending: {check.description}",
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
