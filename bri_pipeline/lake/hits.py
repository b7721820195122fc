"""The raw hits per partner country and year, kept as Parquet; ``hit_rule`` says what a hit is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from bri_pipeline.code_digest import code_digest
from bri_pipeline.files.atomic import (
    is_as_left,
    name_damaged,
    read_derived,
    remove_own,
    replacing,
    stamp,
    write_json,
)
from bri_pipeline.files.object_storage import parquet_source
from bri_pipeline.home import StudyHome
from bri_pipeline.lake.hit_rule import HitCriteria, hits_of_year
from bri_pipeline.lake.landed import landed_files, publications_path
from bri_pipeline.lake.landed_file import LandedFile
from bri_pipeline.progress import Count, Listener, Progress
from bri_pipeline.study import Study


@dataclass(frozen=True)
class LandedHits:
    """Hits of one partner country in one year; ``changed`` is false when they were up to date."""

    country: str
    year: int
    hits: int
    changed: bool
    landed_at: str


def criteria_of(study: Study) -> HitCriteria:
    """What a study asks of a publication."""
    return HitCriteria(
        focal_countries=study.focal_countries,
        partners=frozenset(partner.iso2 for partner in study.searched),
        kinds=study.kinds,
        window_start=study.window_start,
        window_end=study.window_end,
        leaves_hong_kong_out=study.focal_country == "CN" and not study.hong_kong_as_cn,
    )


def land_hits(
    home: StudyHome,
    years: Iterable[int],
    countries: Iterable[str],
    progress: Listener,
) -> tuple[list[LandedHits], dict[str, Exception]]:
    """Write the raw hits of the countries for the years; nothing is written where nothing changed.

    Returns:
        What was landed, and the error of each country that failed (the others are landed all the same).
    """
    wanted, results, failed = list(countries), [], dict[str, Exception]()
    by_year, searched = _files_by_year(home), list(years)
    count = Count(progress, "searching for hits", len(searched) * len(wanted), "country-years")
    for year in searched:
        files = by_year.get(year, [])
        digest = _digest(home.study, year, files)
        state = _state(home, year)
        stale = [country for country in wanted if state.get(country, {}).get("digest") != digest]
        results += [
            _landed(country, year, state[country], False) for country in wanted if country not in stale
        ]
        count.add(len(wanted) - len(stale))
        if not stale:
            continue
        count.begin(str(year))
        # The state is taken back first, so that a kill while files are replaced leaves the pairs stale, not wrong.
        state = {country: entry for country, entry in state.items() if country not in stale}
        write_json(_state_path(home, year), state)
        hits = _hits_of_year(files, home, year)
        for country in stale:
            count.add()
            try:
                rows = hits.filter(pl.col("country") == country)
                stored = _replace(rows, home.raw / str(year) / f"{country}.parquet")
            except Exception as error:
                failed[country] = error
                continue
            now = datetime.now(UTC).isoformat(timespec="seconds")
            state[country] = {"digest": digest, "hits": rows.height, "landed_at": now, "stored": stored}
            results.append(_landed(country, year, state[country], True))
        write_json(_state_path(home, year), state)
        found = sum(entry.hits for entry in results if entry.year == year)
        progress(Progress(f"raw {year}: {found:,} hits for {len(wanted)} partner countries"))
    return results, failed


def stale_hits(home: StudyHome, years: Iterable[int], countries: Iterable[str]) -> dict[int, list[str]]:
    """Year -> countries whose raw hits do not follow from what is landed now."""
    wanted, by_year = list(countries), _files_by_year(home)
    stale = {}
    for year in years:
        digest, state = _digest(home.study, year, by_year.get(year, [])), _state(home, year)
        missing = [country for country in wanted if state.get(country, {}).get("digest") != digest]
        if missing:
            stale[year] = missing
    return stale


def hits_state(home: StudyHome, years: Iterable[int]) -> dict[tuple[str, int], dict[str, Any]]:
    """(country, year) -> digest, hits and landed_at of every landed pair."""
    return {(country, year): entry for year in years for country, entry in _state(home, year).items()}


def _files_by_year(home: StudyHome) -> dict[int, list[LandedFile]]:
    """Year of publication -> landed files that hold publications of that year, and the year's own files."""
    by_year: dict[int, list[LandedFile]] = {}
    for file in landed_files(home):
        for year in {file.file_year, *map(int, file.years)}:
            by_year.setdefault(year, []).append(file)
    return by_year


def _digest(study: Study, year: int, files: list[LandedFile]) -> str:
    content = [
        code_digest(hits_of_year),
        criteria_of(study).as_values(),
        year,
        [(file.source_file, file.fingerprint, file.reader, file.problem) for file in files],
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


def _state_path(home: StudyHome, year: int) -> Path:
    return home.raw / str(year) / "landed.json"


def _state(home: StudyHome, year: int) -> dict[str, dict[str, Any]]:
    """Country -> digest, hits, landed_at and, where there are hits, the stamp of their Parquet file.

    An entry whose file is missing or not as it was left counts as not landed.
    """
    content = read_derived(_state_path(home, year)) or {}
    return {country: entry for country, entry in content.items() if _holds(home, year, country, entry)}


def _holds(home: StudyHome, year: int, country: str, entry: object) -> bool:
    if not isinstance(entry, dict) or not {"digest", "hits", "landed_at"} <= entry.keys():
        name_damaged(_state_path(home, year))
        return False
    if entry["hits"] and "stored" not in entry:
        return False  # landed by a version that left no stamp: not damaged, but searched again
    path = home.raw / str(year) / f"{country}.parquet"
    if entry["hits"] and not is_as_left(path, entry.get("stored")):
        name_damaged(path)
        return False
    return True


def _landed(country: str, year: int, entry: dict[str, Any], changed: bool) -> LandedHits:
    return LandedHits(country, year, entry["hits"], changed, entry["landed_at"])


def _hits_of_year(files: list[LandedFile], home: StudyHome, year: int) -> pl.DataFrame:
    frames = (
        pl.read_parquet(parquet_source(publications_path(home, file)), glob=False).with_columns(
            source_file=pl.lit(file.source_file),
            landed_at=pl.lit(datetime.fromisoformat(file.landed_at)).cast(pl.Datetime("us", "UTC")),
        )
        for file in sorted(files, key=lambda file: file.source_file)
        if file.kept
    )
    return hits_of_year(frames, year, criteria_of(home.study))


def _replace(rows: pl.DataFrame, path: Path) -> dict[str, Any] | None:
    """Write the rows; the stamp of the file, null where there are none and so no file."""
    if rows.is_empty():
        remove_own(path)
        return None
    with replacing(path) as temporary:
        rows.write_parquet(temporary)
    return stamp(path)
