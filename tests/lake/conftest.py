"""A small archive in every era, and the study of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bri_pipeline.home import StudyHome
from bri_pipeline.lake.hits import LandedHits, land_hits
from bri_pipeline.lake.landed import LandedYear
from bri_pipeline.lake.source import Source, source_of
from bri_pipeline.progress import InLines
from bri_pipeline.settings import load_settings
from bri_pipeline.study import Study, load_study
from bri_pipeline.warehouse.up_to_date import stale_years
from tests.archives import ArchiveTruth, random_archive


@dataclass
class Lake:
    """A study and its folders, with the three steps that fill them."""

    study: Study
    study_home: StudyHome
    said: list[str] = field(default_factory=list)

    @property
    def countries(self) -> list[str]:
        return [partner.iso2 for partner in self.study.searched]

    @property
    def source(self) -> Source:
        return source_of(self.study_home, load_settings())

    def land(self, years: range | list[int] | None = None) -> dict[int, LandedYear]:
        wanted = self.study.years if years is None else years
        self.source.verify(wanted, InLines(self.said.append))
        return self.source.land(wanted, 1, InLines(self.said.append))

    def stale(self) -> list[int]:
        return stale_years(self.source, self.study_home, self.study.years, self.countries)

    def hits(self, years: list[int] | None = None, countries: list[str] | None = None) -> list[LandedHits]:
        landed, failed = land_hits(
            self.study_home, years or self.study.years, countries or self.countries, InLines(self.said.append)
        )
        assert failed == {}
        return landed


def study_file(folder: Path, truth: ArchiveTruth, extra: str = "") -> Path:
    start, end = truth.window
    path = folder / "study.toml"
    path.write_text(
        f'name = "archive"\nfocal_country = "{truth.focal_country}"\n'
        f"window = {{ start = {start}, end = {end} }}\n"
        f"partners = {list(truth.partners)}\n{extra}\n"
        f'[source]\npath = "{truth.folder}"\n'
    )
    return path


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> ArchiveTruth:
    return random_archive(tmp_path_factory.mktemp("archive") / "files", seed=7, size=40)


@pytest.fixture
def open_lake(tmp_path: Path) -> Iterator[Callable[..., Lake]]:
    def opened(truth: ArchiveTruth, extra: str = "") -> Lake:
        study = load_study(str(study_file(tmp_path, truth, extra)))
        return Lake(study, StudyHome(study, tmp_path / "home" / study.name))

    yield opened
