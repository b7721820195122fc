"""Archive, landing and raw hits: yearly partitions; a range of years is one run, and a year that fails fails alone."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import dagster as dg

from bri_pipeline.code_digest import code_digest
from bri_pipeline.home import StudyHome
from bri_pipeline.lake.archived import ArchivedFile
from bri_pipeline.lake.fetch import fetch_years
from bri_pipeline.lake.hit_rule import hits_of_year
from bri_pipeline.lake.hits import LandedHits, criteria_of, hits_state, land_hits
from bri_pipeline.lake.landed import LandedYear
from bri_pipeline.lake.soundness import (
    archive_faults,
    faults_in_words,
    files_version,
    landed_version,
    landing_faults,
    not_landed,
    not_verified,
)
from bri_pipeline.orchestration import groups
from bri_pipeline.orchestration.failures import YearsNotUsable, saying_first
from bri_pipeline.orchestration.logging import step_progress
from bri_pipeline.orchestration.partition_events import (
    LandedPartition,
    Parent,
    step_output,
    years_materialized,
)
from bri_pipeline.orchestration.partitions import year_partitions
from bri_pipeline.orchestration.resources import OpenedStudy, StudyInHand
from bri_pipeline.orchestration.turns import lake_turn
from bri_pipeline.progress import Listener
from bri_pipeline.publication.record import PUBLICATION_SCHEMA
from bri_pipeline.study import Study
from bri_pipeline.warehouse.external import EXTERNAL_TABLES, ExternalColumn
from bri_pipeline.years import years_in_words

ARCHIVE = dg.AssetKey(["archive", "uspto_files"])
LANDING = dg.AssetKey(["landing", "publications"])
SOURCE_FILES = dg.AssetKey(["raw", "source_files"])
WHOLE_RANGE = dg.BackfillPolicy.single_run()
HIT_COLUMNS = EXTERNAL_TABLES["lake.hits"].columns
ARCHIVE_COLUMNS = (
    ExternalColumn("name", "varchar", "name of the file"),
    ExternalColumn("year", "integer", "year the file belongs to"),
    ExternalColumn("size", "bigint", "size in bytes"),
    ExternalColumn("sha256", "varchar", "digest of the file"),
    ExternalColumn("superseded_by", "varchar", "file of the same week that is read instead; null: none"),
    ExternalColumn("problem", "varchar", "why it cannot be used and what to do; null: it can"),
)

Event = dg.DagsterEvent
Faults = dict[int, list[str]]


def raw_key(country: str) -> dg.AssetKey:
    """Key of the raw hits of one partner country."""
    return dg.AssetKey(["raw", f"uspto_hits_{country.lower()}"])


def column_schema(columns: Iterable[ExternalColumn]) -> dict[str, dg.TableSchema]:
    """Metadata that shows documented columns in the UI before anything was materialized."""
    named = [dg.TableColumn(column.name, column.type, column.description) for column in columns]
    return {"dagster/column_schema": dg.TableSchema(named)}


def lake_assets(study: Study, reader: str) -> list[dg.AssetsDefinition]:
    """The partitioned assets of a study.

    They are one step, so that of many years those that fail do not keep the others from landing.

    Args:
        study: the study.
        reader: the mark of how its source is read.
    """
    country_of = {raw_key(partner.iso2): partner.iso2 for partner in study.searched}

    @dg.multi_asset(
        name="from_files_to_hits",
        specs=[_archive(), _landing(study, reader), *_raw_hits(study)],
        partitions_def=year_partitions(study),
        backfill_policy=WHOLE_RANGE,
        can_subset=True,
    )
    def lake(context: dg.AssetExecutionContext, opened: OpenedStudy) -> Iterator[Event]:
        groups.name_study(context, study)
        step = _LakeStep(context, opened, [int(key) for key in context.partition_keys])
        wanted = context.selected_asset_keys
        with saying_first(), lake_turn(context, opened):
            if ARCHIVE in wanted:
                step.verify(thorough=LANDING not in wanted)
            if ARCHIVE in wanted and LANDING not in wanted:
                yield from step.archived()
            if LANDING in wanted:
                yield from step.land()
            if countries := sorted(country_of[key] for key in wanted if key in country_of):
                yield from step.search(countries)
        step.refuse_unsound()
        yield from (step_output(context, key) for key in sorted(wanted))

    return [lake]


def _archive() -> dg.AssetSpec:
    return dg.AssetSpec(
        ARCHIVE,
        group_name=groups.ARCHIVE,
        kinds={"file"},
        owners=groups.OWNERS,
        description=(
            "One row is one source file, verified: its size, whether the zip is whole, its sha256. Of a week that was "
            "published again only the highest revision is read. Files verified before and unchanged are not read again."
        ),
        metadata=column_schema(ARCHIVE_COLUMNS),
    )


def _landing(study: Study, reader: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        LANDING,
        deps=[ARCHIVE],
        group_name=groups.LANDING,
        kinds={"parquet"},
        owners=groups.OWNERS,
        code_version=reader,
        description=(
            f"One row is one publication with at least one inventor in {study.focal_country}, as a full record. "
            "One Parquet file per source file, with the counts of documents read, kept, skipped and unreadable."
        ),
        metadata=column_schema(column for column in HIT_COLUMNS if column.name in PUBLICATION_SCHEMA),
    )


def _raw_hits(study: Study) -> Iterator[dg.AssetSpec]:
    asked = hashlib.sha256(repr(criteria_of(study).as_values()).encode()).hexdigest()[:12]
    rule = f"{code_digest(hits_of_year)} {asked}"
    for partner in study.searched:
        yield dg.AssetSpec(
            raw_key(partner.iso2),
            deps=[LANDING],
            group_name=groups.RAW,
            kinds={"parquet"},
            owners=groups.OWNERS,
            code_version=rule,
            description=(
                f"One row is a publication with an inventor who counts for {study.focal_country} and an "
                f"inventor of {partner.name} ({partner.iso2})."
            ),
            metadata=column_schema(HIT_COLUMNS),
        )


@dataclass
class _LakeStep:
    """The years of a run on their way through the lake, and what is found wrong with them."""

    context: dg.AssetExecutionContext
    opened: StudyInHand
    years: list[int]
    faults: Faults = field(default_factory=dict)
    verified: Mapping[int, list[ArchivedFile]] = field(default_factory=dict)
    skipped: set[int] = field(default_factory=set)  # years of which nothing could be read
    failed_countries: Mapping[str, Exception] = field(default_factory=dict)

    def verify(self, *, thorough: bool) -> None:
        """Download what is new, then verify; years with a file that cannot be used are faulty.

        Unless this is ``thorough``, damage inside the files shows when they land.
        """
        fetch_years(self.opened.home, self.opened.settings, self.years, self.progress)
        self.verified = self.opened.source.verify(self.years, self.progress, thorough=thorough)
        self._note({year: archive_faults(files) for year, files in self.verified.items()})

    def archived(self) -> Iterator[Event]:
        """The years whose files were verified and are sound, as far as is known by now."""
        landed_years = {
            year: LandedPartition(files_version(files), _archive_metadata(files))
            for year, files in self.verified.items()
        }
        yield from years_materialized(self.context, ARCHIVE, self._sound(landed_years))

    def land(self) -> Iterator[Event]:
        """Read what is new or changed of all years; of a faulty year what can be read."""
        home = self.home
        unseen = {year: found for year in self.years if (found := not_verified(home, year))}
        self._note(unseen)
        self.skipped |= unseen.keys()
        years = [year for year in self.years if year not in unseen]
        landed = self.opened.source.land(years, self.opened.settings.workers, self.progress)
        self._note({year: landing_faults(home, year) for year in years})
        yield from self.archived()
        landed_years = {
            year: LandedPartition(landed_version(outcome.files), _landing_metadata(outcome))
            for year, outcome in landed.items()
        }
        yield from years_materialized(
            self.context, LANDING, self._sound(landed_years), Parent.of(self.context, ARCHIVE)
        )

    def search(self, countries: list[str]) -> Iterator[Event]:
        """Search the landed years for hits of the countries; a country that fails leaves the others."""
        unlanded = {year: found for year in self.years if (found := not_landed(self.home, year))}
        self._note(
            unlanded | {year: landing_faults(self.home, year) for year in self.years if year not in unlanded}
        )
        self.skipped |= unlanded.keys()
        years = [year for year in self.years if year not in unlanded]
        landed, self.failed_countries = land_hits(self.home, years, countries, self.progress)
        digests = {pair: entry["digest"] for pair, entry in hits_state(self.home, years).items()}
        parent = Parent.of(self.context, LANDING)
        by_country: dict[str, list[LandedHits]] = {}
        for entry in landed:
            by_country.setdefault(entry.country, []).append(entry)
        for country, entries in sorted(by_country.items()):
            landed_years = {entry.year: _hits_landed(entry, digests) for entry in entries}
            yield from years_materialized(self.context, raw_key(country), self._sound(landed_years), parent)

    def refuse_unsound(self) -> None:
        """End the step if a year or a country failed.

        Where the tables follow in the same run the step that builds them says what is wrong with the years, after its
        checks, so that the whole state can be looked at. Years that were skipped leave no trace that a check finds.
        """
        if self.failed_countries:
            reasons = "; ".join(f"{country}: {error}" for country, error in self.failed_countries.items())
            raise dg.Failure(
                f"These countries were not landed, the others were: {reasons}. Materialize these countries again."
            )
        if not self.faults:
            return
        for year, found in sorted(self.faults.items()):
            self.context.log.error(f"{year} failed: {' '.join(found)}")
        tables_follow = SOURCE_FILES in self.context.job_def.asset_layer.selected_asset_keys
        if self.skipped or not tables_follow:
            raise YearsNotUsable(self._what_failed())

    @property
    def home(self) -> StudyHome:
        """The study's home."""
        return self.opened.home

    @cached_property
    def progress(self) -> Listener:
        """The listener for the progress of this step."""
        return step_progress(self.context, self.opened)

    def _what_failed(self) -> str:
        sound = [year for year in self.years if year not in self.faults]
        kept = f" {years_in_words(sound)} landed." if sound else ""
        return f"{faults_in_words(self.faults)}{kept} Then materialize {years_in_words(sorted(self.faults))} again."

    def _note(self, faults: Faults) -> None:
        for year, found in faults.items():
            known = self.faults.get(year, [])
            if new := [fault for fault in found if fault not in known]:
                self.faults[year] = known + new

    def _sound(self, landed_years: Mapping[int, LandedPartition]) -> dict[int, LandedPartition]:
        return {year: landed for year, landed in landed_years.items() if year not in self.faults}


def _archive_metadata(files: list[ArchivedFile]) -> dict[str, int | str]:
    return {
        "dagster/partition_row_count": len(files),
        "bytes": sum(file.size for file in files),
        "superseded": sum(file.superseded_by is not None for file in files),
        "problems": "; ".join(file.problem for file in files if file.problem) or "none",
    }


def _landing_metadata(outcome: LandedYear) -> dict[str, int | str]:
    files = outcome.files
    return {
        "dagster/partition_row_count": sum(file.kept for file in files),
        "files": len(files),
        "files_read_now": sum(not file.problem for file in outcome.read),
        "documents": sum(file.documents for file in files),
        "skipped": sum(file.skipped for file in files),
        "unreadable": sum(len(file.unreadable) for file in files),
        "dated_in_another_year": sum(file.outside_year for file in files),
    }


def _hits_landed(entry: LandedHits, digests: Mapping[tuple[str, int], str]) -> LandedPartition:
    version = digests.get((entry.country, entry.year), entry.landed_at)
    return LandedPartition(
        version, {"dagster/partition_row_count": entry.hits, "differs_from_before": int(entry.changed)}
    )
