"""Papers of OpenAlex, in a study that has them: one asset without partitions, which reads what is missing."""

import dagster as dg

from bri_pipeline.lake.papers import land_papers
from bri_pipeline.orchestration import groups
from bri_pipeline.orchestration.failures import saying_first
from bri_pipeline.orchestration.lake_assets import column_schema
from bri_pipeline.orchestration.logging import step_progress
from bri_pipeline.orchestration.resources import OpenedStudy
from bri_pipeline.orchestration.turns import lake_turn
from bri_pipeline.study import Study
from bri_pipeline.warehouse.external import EXTERNAL_TABLES

PAPERS = dg.AssetKey(["lake", "papers"])


def paper_assets(study: Study) -> list[dg.AssetsDefinition]:
    """The asset of papers; none in a study without ``[papers]``."""
    if study.papers is None:
        return []

    @dg.asset(
        key=PAPERS,
        group_name=groups.LANDING,
        kinds={"parquet"},
        owners=groups.OWNERS,
        description=(
            "One row is one paper of OpenAlex with an institution of the focal country and one of a partner country. "
            "One Parquet file per month, or per file of the snapshot; what is there is not read again."
        ),
        metadata=column_schema(EXTERNAL_TABLES["lake.papers"].columns),
    )
    def papers(context: dg.AssetExecutionContext, opened: OpenedStudy) -> None:
        groups.name_study(context, study)
        with saying_first(), lake_turn(context, opened):
            landed = land_papers(opened.home, opened.settings, step_progress(context, opened))
        context.add_output_metadata(
            {"dagster/row_count": landed.papers, "files": landed.files, "files_read_now": landed.read}
        )

    return [papers]
