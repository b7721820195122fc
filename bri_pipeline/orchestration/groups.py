"""Groups of the asset graph, the owner, and the tag by which runs name their study."""

import dagster as dg

from bri_pipeline.study import Study

# The UI sorts groups by name; the numbers put them in the order of the data.
REFERENCE = "0_facts_and_study"
ARCHIVE = "1_source_files"
LANDING = "2_publications_read"
RAW = "3_hits_by_country"
STAGING = "4_cleaned"
CORE = "5_patents"
MARTS = "6_numbers"
PUBLISHED = "7_published"
REPORT = "8_report_and_health"
EXPORTS = "9_files_to_take_away"
OF_SCHEMA = {"reference": REFERENCE, "raw": RAW, "staging": STAGING, "core": CORE, "marts": MARTS}

OWNERS = ["team:operators"]
STUDY_TAG = "bri/study"


def name_study(context: dg.AssetExecutionContext, study: Study) -> None:
    """Tag the run with its study, also one that was started from an asset's page, the graph or a backfill."""
    if STUDY_TAG not in context.run.tags:
        context.instance.add_run_tags(context.run.run_id, {STUDY_TAG: study.name})
