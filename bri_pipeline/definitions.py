"""The table of contents: every asset, check, job, schedule and sensor of the study named by BRI_STUDY."""

import dagster as dg

from bri_pipeline.home import StudyHome
from bri_pipeline.lake.source import source_of
from bri_pipeline.orchestration.alerts import alert_sensors
from bri_pipeline.orchestration.files_sensor import new_files_sensor
from bri_pipeline.orchestration.jobs import jobs, monthly_refresh
from bri_pipeline.orchestration.lake_assets import lake_assets
from bri_pipeline.orchestration.logging import console
from bri_pipeline.orchestration.paper_assets import paper_assets
from bri_pipeline.orchestration.publish_assets import publish_assets
from bri_pipeline.orchestration.resources import StudyInHand, WarehouseFile, fixed
from bri_pipeline.orchestration.warehouse_assets import warehouse_assets
from bri_pipeline.progress import Listener
from bri_pipeline.settings import Settings, load_settings
from bri_pipeline.study import Study, load_study


def build_definitions(study: Study, settings: Settings, watcher: Listener | None = None) -> dg.Definitions:
    """All definitions for a study; nothing is read or made until an asset is materialized.

    ``watcher`` takes the counts and messages of a run in this process.
    """
    home = StudyHome.of(study, settings)
    return dg.Definitions(
        assets=[
            *lake_assets(study, source_of(home, settings).reader),
            *paper_assets(study),
            warehouse_assets(study),
            *publish_assets(study),
        ],
        jobs=jobs(study),
        schedules=[monthly_refresh(home)],
        sensors=[*alert_sensors(home, settings), new_files_sensor(home, settings)],
        resources={
            "opened": fixed(StudyInHand(str(study.path), str(settings.home), settings.lake, watcher)),
            "warehouse": fixed(WarehouseFile(database=str(home.warehouse))),
            # No asset hands anything on by it; Dagster's own would take a folder to write into.
            "io_manager": dg.IOManagerDefinition(_in_memory, config_schema={}),
        },
        loggers={"console": console(watcher)},
        # The default executor starts a process per step, which costs more than the steps do here.
        executor=dg.in_process_executor,
    )


def _in_memory(_: dg.InitResourceContext) -> dg.IOManager:
    return dg.InMemoryIOManager()  # type: ignore[no-untyped-call]


@dg.definitions
def defs() -> dg.Definitions:
    """Loaded by Dagster (workspace.yaml)."""
    settings = load_settings()
    return build_definitions(load_study(settings.study), settings)
