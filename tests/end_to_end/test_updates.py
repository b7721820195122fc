"""A study brought up to date: parts of it, the rest, nothing, new files, changed files, damaged files."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bri_pipeline.reference_corpus.documents import Document
from bri_pipeline.reference_corpus.writers import write_week
from tests.archives import PARTNERS, ArchiveTruth, random_archive
from tests.end_to_end.agreement import assert_tables_agree
from tests.end_to_end.expected import Expected, Question
from tests.end_to_end.studies import Home, build, files_below, write_study

YEARS = range(2011, 2014)


class Weeks:
    """An archive that grows week by week, and the study of it."""

    def __init__(self, folder: Path) -> None:
        made = random_archive(folder / "made", seed=21, years=YEARS, size=30)
        self.truth: ArchiveTruth = made
        self.files = folder / "files"
        self.weeks: dict[date, list[Document]] = defaultdict(list)
        for document in sorted(made.documents, key=lambda d: d.publication_number):
            self.weeks[document.publication_date].append(document)
        for documents in self.weeks.values():
            write_week(self.files, documents)
        self.question = Question(
            PARTNERS, (date(2011, 1, 1), date(2013, 12, 31)), stages=(("all", 2011, 2013),)
        )
        self.home = Home(folder / "home", write_study(folder, self.question, self.files))

    @property
    def documents(self) -> list[Document]:
        return [document for documents in self.weeks.values() for document in documents]

    def expected(self, **changes: object) -> Expected:
        return Expected(replace(self.question, **changes), self.documents)  # type: ignore[arg-type]

    def path(self, day: date) -> Path:
        [path] = self.files.rglob(f"ipab{day:%Y%m%d}*.zip")
        return path


@pytest.fixture
def weeks(tmp_path: Path) -> Weeks:
    return Weeks(tmp_path)


def landed_after(home: Home, before: dict[Path, tuple[int, int]]) -> set[str]:
    """Source files whose landed records are new or were replaced."""
    landed = files_below(home.study_home.landing)
    changed = {path for path, state in landed.items() if before.get(path) != state}
    return {path.stem for path in changed if path.suffix == ".json"}


@pytest.mark.slow
def test_parts_then_the_rest(weeks: Weeks, tmp_path: Path) -> None:
    part = weeks.home.bri("run", "--years", "2012:2012", "--countries", "SG,IN")
    assert part.exit_code == 0, part.output
    assert "warning raw.uspto_hits/countries_and_years_landed" in part.stderr
    hits = set(weeks.home.rows("select country, publication_number from raw.uspto_hits"))
    assert hits == {
        (country, number)
        for country, number in weeks.expected().hits
        if country in ("SG", "IN") and number.startswith("US2012")
    }
    [(landed, complete)] = weeks.home.rows("select country_years_landed, is_complete from marts.summary")
    assert (landed, complete) == (2, False)

    whole = weeks.home.bri("run")
    assert whole.exit_code == 0, whole.output
    expected = weeks.expected()
    assert_tables_agree(weeks.home, expected)
    removed = expected.duplicates.total()
    counts = f"{len(expected.hits)} hits - {removed} duplicates = {len(expected.patents)} patents"
    assert counts in whole.output
    direct = Home(tmp_path / "direct", weeks.home.study)
    build(direct)
    assert weeks.home.tables() == direct.tables()


@pytest.mark.slow
def test_one_new_week_and_one_changed_week_are_the_only_files_read(weeks: Weeks) -> None:
    *_, second, last = sorted(weeks.weeks)
    new = weeks.weeks.pop(last)
    kept = weeks.path(last).rename(weeks.files.parent / "kept.zip")
    weeks.home.bri("run")
    before = files_below(weeks.home.study_home.landing)
    raw = files_below(weeks.home.study_home.raw)

    name = f"ipab{last:%Y%m%d}"
    kept.rename(weeks.files / f"{name}_wk99.zip")
    weeks.weeks[last] = new
    dropped = weeks.weeks[second].pop()
    write_week(weeks.files, weeks.weeks[second])
    updated = weeks.home.bri("run", "--accept-loss")
    assert updated.exit_code == 0, updated.output
    assert f"ipab{second:%Y%m%d}" in updated.output and "that is accepted" in updated.output
    assert {
        re.sub(r"_wk.*", "", Path(name.replace("__", "/")).name) for name in landed_after(weeks.home, before)
    } == {
        name,
        f"ipab{second:%Y%m%d}",
    }
    changed_years = {
        path.parent.name
        for path, state in files_below(weeks.home.study_home.raw).items()
        if raw.get(path) != state
    }
    assert changed_years == {"2013"}, "an update of one year replaces that year's rows alone"
    assert dropped.publication_number not in {number for _, number in weeks.expected().hits}
    assert_tables_agree(weeks.home, weeks.expected())


@pytest.mark.slow
def test_a_new_file_with_documents_of_another_year_is_counted_in_the_same_run(weeks: Weeks) -> None:
    days = sorted(weeks.weeks)
    moved = weeks.path(days[-1]).rename(weeks.files.parent / "late.zip")
    weeks.home.bri("run")
    # the week of autumn 2013, in a file that carries a date of 2012
    moved.rename(weeks.files / "ipab20121227_wk52.zip")
    result = weeks.home.bri("run")
    assert result.exit_code == 0, result.output
    assert_tables_agree(weeks.home, weeks.expected())
    assert weeks.home.bri("run").output.startswith("Nothing new")


def cut_in_half(path: Path) -> bytes:
    """Damage a file; returns what it held."""
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return whole


@pytest.mark.slow
def test_a_damaged_zip_is_named_and_nothing_is_published(weeks: Weeks) -> None:
    path = weeks.path(sorted(weeks.weeks)[4])
    build(weeks.home)
    assert weeks.home.bri("report").exit_code == 0
    published, report = (
        weeks.home.study_home.published.read_bytes(),
        files_below(weeks.home.study_home.report),
    )
    cut_in_half(path)

    failed = weeks.home.bri("run")
    assert failed.exit_code == 1
    assert str(path) in failed.stderr and "Delete it and download it again" in failed.stderr
    assert "every_file_is_whole" in failed.stderr and "published copy was left as it was" in failed.stderr
    assert "Traceback" not in failed.output
    assert weeks.home.study_home.published.read_bytes() == published
    assert files_below(weeks.home.study_home.report) == report
    check = weeks.home.bri("check")
    assert check.exit_code == 1
    assert re.search(
        rf"FAILED  raw.source_files/every_file_is_whole: 1 offending row.*{path.name}", check.output
    )


@pytest.mark.slow
def test_a_damaged_zip_stays_a_failure_until_it_is_repaired(weeks: Weeks) -> None:
    path = weeks.path(sorted(weeks.weeks)[4])
    assert weeks.home.bri("run").exit_code == 0
    tables, published = weeks.home.tables(), weeks.home.study_home.published.read_bytes()
    whole = cut_in_half(path)
    for _ in range(2):
        assert weeks.home.bri("run").exit_code == 1
        assert weeks.home.study_home.published.read_bytes() == published
    path.write_bytes(whole)
    repaired = weeks.home.bri("run")
    assert repaired.exit_code == 0, repaired.output
    mended = weeks.home.tables()
    # it keeps saying that the bytes of the file changed
    assert mended.pop("raw.source_files") != tables.pop("raw.source_files")
    assert mended == tables
    held = "select count(*) from raw.source_files where documents = documents_before and problem is null"
    assert weeks.home.rows(held) == [(1,)]
