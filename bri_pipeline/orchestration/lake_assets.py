"""Archive, landing and raw hits: yearly partitions, a range of years runs as one run."""

from collections.abc import Iterable, Iterator

import dagster as dg

from bri_pipeline.errors import UserError
from bri_pipeline.home import StudyHome
from bri_pipeline.lake.archived import ArchivedFile, is_verified
from bri_pipeline.lake.fetch import fetch_years
from bri_pipeline.lake.hits import LandedHits, land_hits
from bri_pipeline.lake.landed import LandedYear
from bri_pipeline.orchestration.partitions import year_partitions
from bri_pipeline.orchestration.resources import OpenedStudy
from bri_pipeline.orchestration.turns import lake_turn
from bri_pipeline.publication.record import PUBLICATION_SCHEMA
from bri_pipeline.study import Study
from bri_pipeline.warehouse.external import EXTERNAL_TABLES, ExternalColumn
from bri_pipeline.years import years_in_words

ARCHIVE = dg.AssetKey(["archive", "uspto_files"])
LANDING = dg.AssetKey(["landing", "publications"])
WHOLE_RANGE = dg.BackfillPolicy.single_run()
HIT_COLUMNS = EXTERNAL_TABLES["lake.hits"].columns


def raw_key(country: str) -> dg.AssetKey:
    """Key of the raw hits of one partner country."""
    return dg.AssetKey(["raw", f"uspto_hits_{country.lower()}"])


def column_schema(columns: Iterable[ExternalColumn]) -> dict[str, dg.TableSchema]:
    """Metadata that shows documented columns in the UI before anything was materialized."""
    named = [dg.TableColumn(column.name, column.type, column.description) for column in columns]
    return {"dagster/column_schema": dg.TableSchema(named)}


def lake_assets(study: Study) -> list[dg.AssetsDefinition]:
    """The partitioned assets of a study."""
    return [_archive(study), _landing(study), _raw_hits(study)]


def _archive(study: Study) -> dg.AssetsDefinition:
    @dg.asset(
        key=ARCHIVE,
        group_name="1_archive",
        kinds={"file"},
        partitions_def=year_partitions(study),
        backfill_policy=WHOLE_RANGE,
        description=(
            "One row is one file of the source, verified: size, zip integrity, sha256; of a week published again "
            "only the highest revision is read. Files verified before and unchanged are not read again."
        ),
    )
    def uspto_files(context: dg.AssetExecutionContext, opened: OpenedStudy) -> None:
        years = [int(key) for key in context.partition_keys]
        with lake_turn(context, opened.home):
            fetch_years(opened.home, opened.settings, years, context.log.info)
            verified = opened.source.verify(years, context.log.info)
        for year, files in verified.items():
            context.add_asset_metadata(_archive_metadata(files), partition_key=str(year))

    return uspto_files


def _archive_metadata(files: list[ArchivedFile]) -> dict[str, int | str]:
    return {
        "dagster/partition_row_count": len(files),
        "bytes": sum(file.size for file in files),
        "superseded": sum(file.superseded_by is not None for file in files),
        "problems": "; ".join(file.problem for file in files if file.problem) or "none",
    }


def _landing(study: Study) -> dg.AssetsDefinition:
    @dg.asset(
        key=LANDING,
        deps=[ARCHIVE],
        group_name="2_landing",
        kinds={"parquet"},
        partitions_def=year_partitions(study),
        backfill_policy=WHOLE_RANGE,
        description=(
            f"One row is one publication with at least one inventor in {study.focal_country}, as a full record. "
            "One Parquet file per source file, with the counts of documents read, kept, skipped and unreadable."
        ),
        metadata=column_schema(column for column in HIT_COLUMNS if column.name in PUBLICATION_SCHEMA),
    )
    def publications(context: dg.AssetExecutionContext, opened: OpenedStudy) -> None:
        years = [int(key) for key in context.partition_keys]
        with lake_turn(context, opened.home):
            _refuse_unverified(opened.home, years)
            landed = opened.source.land(years, opened.settings.workers, context.log.info)
        for year, outcome in landed.items():
            context.add_asset_metadata(_landing_metadata(outcome), partition_key=str(year))

    return publications


def _refuse_unverified(home: StudyHome, years: Iterable[int]) -> None:
    """Landing reads what was verified; years that nobody has looked at would land green and empty."""
    unverified = [year for year in years if not is_verified(home, year)]
    if unverified and home.study.source.kind == "weekly_xml":
        raise UserError(
            f"The files of {years_in_words(unverified)} have not been verified yet. Materialize "
            "archive/uspto_files of these years as well, or run the job lake."
        )


def _landing_metadata(outcome: LandedYear) -> dict[str, int]:
    files = outcome.files
    return {
        "dagster/partition_row_count": sum(file.kept for file in files),
        "files": len(files),
        "files_read_now": len(outcome.read),
        "documents": sum(file.documents for file in files),
        "skipped": sum(file.skipped for file in files),
        "unreadable": sum(len(file.unreadable) for file in files),
        "dated_in_another_year": sum(file.outside_year for file in files),
    }


def _raw_hits(study: Study) -> dg.AssetsDefinition:
    country_of = {raw_key(partner.iso2): partner.iso2 for partner in study.searched}

    @dg.multi_asset(
        name="raw_hits",
        specs=[
            dg.AssetSpec(
                raw_key(partner.iso2),
                deps=[LANDING],
                group_name="3_raw",
                kinds={"parquet"},
                description=(
                    f"One row is a publication with an inventor who counts for {study.focal_country} and an "
                    f"inventor of {partner.name} ({partner.iso2})."
                ),
                metadata=column_schema(HIT_COLUMNS),
            )
            for partner in study.searched
        ],
        partitions_def=year_partitions(study),
        backfill_policy=WHOLE_RANGE,
        can_subset=True,
    )
    def raw_hits(
        context: dg.AssetExecutionContext, opened: OpenedStudy
    ) -> Iterator[dg.MaterializeResult[None]]:
        years = [int(key) for key in context.partition_keys]
        countries = sorted(country_of[key] for key in context.selected_asset_keys)
        with lake_turn(context, opened.home):
            landed, failed = land_hits(opened.home, years, countries, context.log.info)
        by_country: dict[str, list[LandedHits]] = {
            country: [] for country in countries if country not in failed
        }
        for entry in landed:
            if entry.country in by_country:
                by_country[entry.country].append(entry)
        for country, entries in by_country.items():
            key = raw_key(country)
            for entry in entries:
                metadata = {"dagster/partition_row_count": entry.hits, "changed": entry.changed}
                context.add_asset_metadata(metadata, asset_key=key, partition_key=str(entry.year))
            yield dg.MaterializeResult(asset_key=key)
        if failed:
            reasons = "; ".join(f"{country}: {error}" for country, error in failed.items())
            raise dg.Failure(f"These countries were not landed, the others were: {reasons}")

    return raw_hits
