"""Materializations of single years of a step that takes many, each with the version of its own data.

Dagster gives all partitions of a step's output one data version, and marks all of them as materialized. Here a year
that failed is left out, and a year keeps its version as long as its data do, so that what was made from it stays
fresh when other years are read again.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import dagster as dg
from dagster._core.definitions.data_version import (
    CODE_VERSION_TAG,
    DATA_VERSION_IS_USER_PROVIDED_TAG,
    DATA_VERSION_TAG,
    NULL_EVENT_POINTER,
    get_input_data_version_tag,
    get_input_event_pointer_tag,
)
from dagster._core.events import DagsterEventBatchMetadata
from dagster._core.execution.plan.objects import TypeCheckData
from dagster._core.execution.plan.outputs import StepOutputData, StepOutputHandle


@dataclass(frozen=True)
class LandedPartition:
    """What is recorded of one year of an asset: the version of its data, and numbers."""

    version: str
    metadata: Mapping[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True)
class Parent:
    """What an asset is made from: the parent's newest event, and the version of each of its years."""

    key: dg.AssetKey
    newest_event: str
    versions: Mapping[str, str]

    @classmethod
    def of(cls, context: dg.AssetExecutionContext, key: dg.AssetKey) -> Parent:
        """The parent as it is now."""
        newest = context.instance.fetch_materializations(key, limit=1).records
        tags = context.instance.event_log_storage.get_latest_tags_by_partition(
            key, dg.DagsterEventType.ASSET_MATERIALIZATION, [DATA_VERSION_TAG]
        )
        versions = {year: tag[DATA_VERSION_TAG] for year, tag in tags.items() if DATA_VERSION_TAG in tag}
        return cls(key, str(newest[0].storage_id) if newest else NULL_EVENT_POINTER, versions)

    def tags(self, year: str) -> dict[str, str]:
        """The tags by which Dagster sees later whether the parent has changed."""
        return {
            get_input_data_version_tag(self.key): self.versions.get(year, "INITIAL"),
            get_input_event_pointer_tag(self.key): self.newest_event,
        }


def years_materialized(
    context: dg.AssetExecutionContext,
    key: dg.AssetKey,
    years: Mapping[int, LandedPartition],
    parent: Parent | None = None,
) -> Iterator[dg.DagsterEvent]:
    """Events of the years of an asset, written in one batch."""
    step = context.get_step_execution_context()
    code_version = context.assets_def.code_versions_by_key.get(key) or context.run.run_id
    batch, last = str(uuid.uuid4()), len(years) - 1
    for place, (year, landed) in enumerate(sorted(years.items())):
        tags = {
            DATA_VERSION_TAG: landed.version,
            DATA_VERSION_IS_USER_PROVIDED_TAG: "true",
            CODE_VERSION_TAG: code_version,
            **(parent.tags(str(year)) if parent else {}),
        }
        materialization = dg.AssetMaterialization(
            key, metadata=landed.metadata, partition=str(year), tags=tags
        )
        yield dg.DagsterEvent.asset_materialization(
            step, materialization, DagsterEventBatchMetadata(batch, place == last)
        )


def step_output(context: dg.AssetExecutionContext, key: dg.AssetKey) -> dg.DagsterEvent:
    """Tells the steps that read an asset that they may begin."""
    step = context.get_step_execution_context()
    [name] = [name for name, of in context.assets_def.node_keys_by_output_name.items() if of == key]
    # The page of a run needs the type check: without one it stops showing the log at this event.
    checked = TypeCheckData(success=True, label=name)  # type: ignore[no-untyped-call]
    handle = StepOutputHandle(step.step.key, name)
    return dg.DagsterEvent.step_output_event(step, StepOutputData(handle, type_check_data=checked))
