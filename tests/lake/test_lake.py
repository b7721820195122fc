"""From files to raw hits: what is read, when it is read again, and that a kill leaves nothing wrong."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from bri_pipeline import code_digest
from bri_pipeline.errors import UserError
from bri_pipeline.files import atomic as atomic_module
from bri_pipeline.lake import hits as hits_module
from bri_pipeline.lake import spread
from bri_pipeline.lake.archive import _looked_into, survey
from bri_pipeline.lake.archived import manifest
from bri_pipeline.lake.hits import land_hits, stale_hits
from bri_pipeline.lake.landed import LandedYear, landed_files
from bri_pipeline.lake.landed_file import LandedFile
from bri_pipeline.lake.losses import accept_losses
from bri_pipeline.progress import InLines
from bri_pipeline.reference_corpus.documents import Document, WrittenInventor
from bri_pipeline.reference_corpus.writers import week_file_name, write_week
from tests.archives import ArchiveTruth
from tests.lake.conftest import Lake

Open = Callable[..., Lake]


def stored_hits(lake: Lake) -> set[tuple[str, str]]:
    """(country, publication number) of every raw Parquet file."""
    frames = [pl.read_parquet(path) for path in lake.study_home.raw.rglob("*.parquet")]
    return {
        (row["country"], row["publication_number"]) for frame in frames for row in frame.iter_rows(named=True)
    }


def truth_about(folder: Path, documents: list[Document], partners: tuple[str, ...]) -> ArchiveTruth:
    """A study of 2013 and 2014 over a folder, for tests that say themselves what must come out."""
    return ArchiveTruth(
        folder=folder,
        focal_country="CN",
        partners=partners,
        window=(date(2013, 1, 1), date(2014, 12, 31)),
        documents=tuple(documents),
        unreadable=0,
        superseded=(),
        hits=Counter(),
        hit_numbers=frozenset(),
        duplicates=Counter(),
        patents=frozenset(),
        by_country={},
        by_year={},
        by_section={},
        by_field={},
        by_province=Counter(),
    )


def test_every_era_gives_the_hits_that_were_written(archive: ArchiveTruth, open_lake: Open) -> None:
    lake = open_lake(archive)
    landed = lake.land()
    counts = Counter({(entry.country, entry.year): entry.hits for entry in lake.hits()})
    assert +counts == archive.hits
    assert stored_hits(lake) == archive.hit_numbers
    files = [file for year in landed.values() for file in year.files]
    assert sum(len(file.unreadable) for file in files) == archive.unreadable
    for file in files:
        assert file.documents == file.kept + file.skipped + len(file.unreadable)
    standing = {path.name for path in archive.superseded} & {Path(file.source_file).name for file in files}
    assert not standing, "a superseded week was read"


def test_a_second_run_reads_nothing_and_changes_nothing(archive: ArchiveTruth, open_lake: Open) -> None:
    lake = open_lake(archive)
    assert lake.stale()
    lake.land(), lake.hits()
    assert lake.stale() == []
    before = {path: path.stat().st_mtime_ns for path in lake.study_home.root.rglob("*") if path.is_file()}
    landed = lake.land()
    assert not any(year.read for year in landed.values())
    assert not any(entry.changed for entry in lake.hits())
    assert before == {
        path: path.stat().st_mtime_ns for path in lake.study_home.root.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize(
    "pattern",
    ["archive/manifest-*.json", "lake/landing/*/*.json", "lake/landing/*/*.parquet", "lake/raw/*/*"],
)
def test_folders_in_the_place_of_kept_files_are_set_aside_and_the_files_made_again(
    archive: ArchiveTruth, open_lake: Open, pattern: str
) -> None:
    lake = open_lake(archive)
    lake.land(), lake.hits()
    before = stored_hits(lake)
    kept = sorted(lake.study_home.root.glob(pattern))
    for path in kept:
        path.unlink()
        path.mkdir()
        (path / "somebody's").write_text("own")
    assert kept and lake.stale()
    lake.land(), lake.hits()
    assert lake.stale() == [] and stored_hits(lake) == before
    for path in kept:
        assert path.is_file() and (path.with_name(f"{path.name}.set-aside-1") / "somebody's").exists()


def test_a_new_week_is_the_only_file_read(tmp_path: Path, archive: ArchiveTruth, open_lake: Open) -> None:
    files = tmp_path / "files"
    shutil.copytree(archive.folder, files)
    [last] = sorted(files.rglob("ipab2013*"))[-1:]
    away = tmp_path / last.name
    shutil.move(last, away)
    lake = open_lake(ArchiveTruth(**{**archive.__dict__, "folder": files}))
    lake.land(), lake.hits()
    shutil.move(away, last)
    assert lake.stale() == [2013]
    landed = lake.land()
    assert [Path(file.source_file).name for year in landed.values() for file in year.read] == [last.name]
    changed = {entry.year for entry in lake.hits() if entry.changed}
    assert changed == {2013}
    assert stored_hits(lake) == archive.hit_numbers


def test_a_file_taken_away_takes_its_hits_with_it(
    tmp_path: Path, archive: ArchiveTruth, open_lake: Open
) -> None:
    files = tmp_path / "files"
    shutil.copytree(archive.folder, files)
    lake = open_lake(ArchiveTruth(**{**archive.__dict__, "folder": files}))
    lake.land(), lake.hits()
    taken = list(files.rglob("ipab2013*"))
    for path in taken:
        path.unlink()
    lake.land(), lake.hits()
    assert stored_hits(lake) == {
        (c, number) for c, number in archive.hit_numbers if not number.startswith("US2013")
    }
    assert [file.kept for file in landed_files(lake.study_home, [2013])] == [0] * len(taken)
    assert all("accept the loss" in str(file.problem) for file in landed_files(lake.study_home, [2013]))


def test_some_years_and_countries_alone(archive: ArchiveTruth, open_lake: Open) -> None:
    lake = open_lake(archive)
    year = max(archive.hits, key=lambda key: archive.hits[key])[1]
    lake.land([year])
    lake.hits([year], ["SG", "IN"])
    assert stored_hits(lake) == {
        (c, n) for c, n in archive.hit_numbers if c in ("SG", "IN") and n.startswith(f"US{year}")
    }
    other = stored_hits(lake)
    lake.hits([year], ["RU"])
    assert stored_hits(lake) >= other
    assert set(lake.stale()) == set(lake.study.years)


def test_a_failing_country_leaves_the_others_landed(
    archive: ArchiveTruth, open_lake: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = open_lake(archive)
    lake.land()
    replace = hits_module._replace

    def failing(rows: pl.DataFrame, path: Path) -> object:
        if path.stem == "SG":
            raise OSError("disk full")
        return replace(rows, path)

    monkeypatch.setattr(hits_module, "_replace", failing)
    _, failed = land_hits(lake.study_home, lake.study.years, lake.countries, InLines(lake.said.append))
    assert list(failed) == ["SG"]
    assert stored_hits(lake) == {(c, n) for c, n in archive.hit_numbers if c != "SG"}
    monkeypatch.undo()
    changed = {entry.country for entry in lake.hits() if entry.changed}
    assert changed == {"SG"}, "only what failed is done again"
    assert stored_hits(lake) == archive.hit_numbers


@pytest.mark.parametrize("stop_after", [0, 1, 5, 17])
def test_a_kill_at_any_write_is_made_good_by_the_next_run(
    archive: ArchiveTruth, open_lake: Open, monkeypatch: pytest.MonkeyPatch, stop_after: int
) -> None:
    lake = open_lake(archive)
    writes = 0

    class Killed(BaseException):
        pass

    def counting(module: object, name: str) -> None:
        original = getattr(module, name)

        def write(*args: object, **kwargs: object) -> object:
            nonlocal writes
            writes += 1
            if writes > stop_after:
                raise Killed
            return original(*args, **kwargs)

        monkeypatch.setattr(module, name, write)

    for module in (atomic_module, hits_module):
        counting(module, "write_json")
        counting(module, "replacing")
    with pytest.raises(Killed):
        lake.land(), lake.hits()
    monkeypatch.undo()
    lake.land(), lake.hits()
    assert stored_hits(lake) == archive.hit_numbers
    assert not list(lake.study_home.root.rglob("*.tmp"))


def change(package: Path, module: str, text: str = "\n\nADDED = 1\n") -> None:
    """From now on one module of the package has other code."""
    path = package / module
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    code_digest._digest.cache_clear()


def test_a_changed_rule_of_reading_reads_every_file_again_and_says_so(
    archive: ArchiveTruth, open_lake: Open, package: Path
) -> None:
    lake = open_lake(archive)
    read = len(lake.land([2013])[2013].read)
    lake.said.clear()
    assert lake.source.stale([2013]) == set()
    change(package, "publication/countries.py")
    assert lake.source.stale([2013]) == {2013}
    assert len(lake.land([2013])[2013].read) == read
    assert f"landing 2013: {read} files are read again, as the rules they were read by" in "\n".join(
        lake.said
    )
    assert lake.source.stale([2013]) == set()


def test_a_changed_rule_of_hits_finds_the_hits_again_and_reads_no_file(
    archive: ArchiveTruth, open_lake: Open, monkeypatch: pytest.MonkeyPatch, package: Path
) -> None:
    lake = open_lake(archive)
    lake.land(), lake.hits()
    before = stored_hits(lake)
    change(package, "places/hong_kong.py")
    monkeypatch.setattr("bri_pipeline.lake.hit_rule.is_hong_kong", lambda city, region: True)
    assert lake.source.stale(lake.study.years) == set()
    countries = [partner.iso2 for partner in lake.study.searched]
    assert stale_hits(lake.study_home, lake.study.years, countries).keys() == set(lake.study.years)
    lake.hits()
    assert before and stored_hits(lake) == set()


@pytest.mark.parametrize("module", ["settings.py", pytest.param("home.py", marks=pytest.mark.slow)])
def test_changed_plumbing_reads_nothing_again(
    archive: ArchiveTruth, open_lake: Open, package: Path, module: str
) -> None:
    lake = open_lake(archive)
    lake.land(), lake.hits()
    change(package, module)
    assert lake.source.stale(lake.study.years) == set()
    assert stale_hits(lake.study_home, lake.study.years, [p.iso2 for p in lake.study.searched]) == {}


def test_several_processes_land_what_one_lands(
    archive: ArchiveTruth, open_lake: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = open_lake(archive)
    alone = lake.land()
    said = list(lake.said)
    shutil.rmtree(lake.study_home.landing)
    lake.said.clear()

    monkeypatch.setattr(spread, "PARALLEL_FROM_BYTES", 0)
    lake.source.verify(lake.study.years, InLines(lake.said.append))
    together = lake.source.land(lake.study.years, 3, InLines(lake.said.append))

    def timeless(landed: dict[int, LandedYear]) -> list[LandedFile]:
        return [replace(file, landed_at="") for year in landed.values() for file in year.read]

    assert timeless(together) == timeless(alone)
    assert lake.said == said
    assert len(timeless(together)) > 3, "too few files to share"


def test_a_failure_in_one_process_ends_the_landing(
    archive: ArchiveTruth, open_lake: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = open_lake(archive)
    lake.source.verify(lake.study.years, InLines(lake.said.append))
    monkeypatch.setattr(spread, "PARALLEL_FROM_BYTES", 0)
    lake.study_home.landing.parent.mkdir(parents=True, exist_ok=True)
    lake.study_home.landing.write_text("a file where a folder is needed")
    with pytest.raises(OSError, match="landing"):
        lake.source.land(lake.study.years, 3, InLines(lake.said.append))


def test_a_damaged_zip_is_named_and_the_other_weeks_are_landed(
    tmp_path: Path, archive: ArchiveTruth, open_lake: Open
) -> None:
    files = tmp_path / "files"
    shutil.copytree(archive.folder, files)
    damaged, *others = sorted(files.rglob("ipab2013*"))
    content = damaged.read_bytes()
    damaged.write_bytes(content[: len(content) // 2])
    lake = open_lake(ArchiveTruth(**{**archive.__dict__, "folder": files}))
    landed = lake.land([2013])[2013]
    problems = [file for file in landed.files if file.problem]
    assert [Path(file.source_file).name for file in problems] == [damaged.name]
    assert "Delete it and download it again" in str(problems[0].problem)
    assert sum(file.documents for file in landed.files) > 0 and len(landed.files) == len(others) + 1
    assert any(damaged.name in line for line in lake.said)
    damaged.write_bytes(content)
    assert not any(file.problem for file in lake.land([2013])[2013].files)


def test_whatever_is_wrong_with_a_zip_it_is_named(
    tmp_path: Path, archive: ArchiveTruth, open_lake: Open
) -> None:
    files = tmp_path / "files"
    shutil.copytree(archive.folder, files)
    encrypted, named, *_ = sorted(files.rglob("ipab2013*"))
    # Flags of a member: it is encrypted; its name is UTF-8, which the bytes put there are not.
    for path, offset, value, name in ((encrypted, 8, 0x01, b"i"), (named, 9, 0x08, b"\xff")):
        content = bytearray(path.read_bytes())
        entry = content.rindex(b"PK\x01\x02")
        content[entry + offset] |= value
        content[entry + 46 : entry + 47] = name
        path.write_bytes(bytes(content))
    lake = open_lake(ArchiveTruth(**{**archive.__dict__, "folder": files}))
    problems = {Path(f.source_file).name: str(f.problem) for f in lake.land([2013])[2013].files if f.problem}
    assert set(problems) == {encrypted.name, named.name}
    assert "is encrypted" in problems[encrypted.name]
    assert "the name of a member cannot be read" in problems[named.name]


def test_a_file_the_disk_does_not_give_is_no_damaged_zip(tmp_path: Path) -> None:
    sha256, problem = _looked_into(tmp_path / "ipab20130103_wk01.zip", True)
    assert sha256 == ""
    assert "cannot be read (No such file or directory). Check the disk" in str(problem)


def test_hong_kong_written_under_china_counts_only_where_the_study_says_so(
    tmp_path: Path, open_lake: Open
) -> None:
    day = date(2013, 3, 21)
    tan = WrittenInventor("Tan", "Wei", "Singapore", "SG")
    pairs = {
        "Hong Kong": WrittenInventor("Chan", "Ka", "Hong Kong", "CN"),
        "Kowloon": WrittenInventor("Chan", "Ka", "Kowloon", "CN"),
        "Nanjing": WrittenInventor("Li", "Na", "Nanjing", "CN"),
        "code HK": WrittenInventor("Chan", "Ka", "Hong Kong", "HK"),
    }
    documents = [
        Document(
            9_000_001 + index,
            "A1",
            day,
            f"8000000{index}",
            date(2012, 1, 1),
            city,
            (inventor, tan),
            (),
            ("H04L 29/06",),
        )
        for index, (city, inventor) in enumerate(pairs.items())
    ]
    write_week(tmp_path / "files", documents)
    truth = truth_about(tmp_path / "files", documents, ("SG", "HK"))

    def titles(lake: Lake) -> set[tuple[str, str]]:
        lake.land(), lake.hits()
        frames = [pl.read_parquet(path) for path in lake.study_home.raw.rglob("*.parquet")]
        return {(row["country"], row["title"]) for frame in frames for row in frame.iter_rows(named=True)}

    assert titles(open_lake(truth)) == {("SG", "Nanjing")}
    shutil.rmtree(tmp_path / "home")
    assert titles(open_lake(truth, "hong_kong_as_cn = true")) == {("SG", title) for title in pairs}


def test_a_document_dated_in_another_year_counts_in_the_year_of_its_date(
    tmp_path: Path, open_lake: Open
) -> None:
    day = date(2014, 1, 2)
    people = (WrittenInventor("Li", "Na", "Nanjing", "CN"), WrittenInventor("Tan", "Wei", "Singapore", "SG"))
    document = Document(
        9_000_001, "A1", day, "80000001", date(2012, 1, 1), "Late", people, (), ("H04L 29/06",)
    )
    written = write_week(tmp_path / "files", [document])
    shutil.move(written, written.with_name(week_file_name(date(2013, 12, 26))))
    truth = truth_about(tmp_path / "files", [document], ("SG",))
    lake = open_lake(truth)
    landed = lake.land()
    assert landed[2013].files[0].outside_year == 1
    assert any("1 publication(s) dated in another year" in line for line in lake.said)
    assert {(entry.year, entry.hits) for entry in lake.hits()} == {(2013, 0), (2014, 1)}


def test_undated_names_take_the_year_of_their_first_document(
    tmp_path: Path, archive: ArchiveTruth, open_lake: Open
) -> None:
    files = tmp_path / "files"
    files.mkdir()
    source = sorted(archive.folder.rglob("ipab2013*"))[0]
    shutil.copy(source, files / "somebody renamed this.zip")
    (files / ".hidden.zip").write_bytes(b"")
    (files / "notes.txt").write_text("not a source file")
    lake = open_lake(ArchiveTruth(**{**archive.__dict__, "folder": files}))
    found = survey(lake.study_home)
    assert [file.name for file in found[2013]] == ["somebody renamed this.zip"]
    assert [(file.name, file.is_other) for file in found[2001]] == [("notes.txt", True)]


def test_front_pages_stand_for_the_full_text_of_the_same_week(
    tmp_path: Path, archive: ArchiveTruth, open_lake: Open
) -> None:
    files = tmp_path / "files"
    files.mkdir()
    source = sorted(archive.folder.rglob("ipab2013*"))[-1]
    shutil.copy(source, files / "ipab20131017_wk42.zip")
    shutil.copy(source, files / "ipa131017.zip")
    lake = open_lake(ArchiveTruth(**{**archive.__dict__, "folder": files}))
    landed = lake.land([2013])[2013]
    assert [file.source_file for file in landed.files] == ["ipab20131017_wk42.zip"]
    superseded = {file.name: file.superseded_by for file in manifest(lake.study_home, 2013)}
    assert superseded == {"ipab20131017_wk42.zip": None, "ipa131017.zip": "ipab20131017_wk42.zip"}


def test_what_leaves_the_archive_leaves_the_lake_and_is_named(
    tmp_path: Path, archive: ArchiveTruth, open_lake: Open
) -> None:
    files = tmp_path / "files"
    files.mkdir()
    first, second = sorted(archive.folder.rglob("ipab2013*"))[:2]
    for source in (first, second):
        shutil.copy(source, files)
    lake = open_lake(ArchiveTruth(**{**archive.__dict__, "folder": files}))
    kept = {file.source_file: file.kept for file in lake.land([2013])[2013].files}

    (files / first.name).unlink()
    revised = second.name.replace(".zip", "_r1.zip")
    shutil.copy(second, files / revised)
    lake.said.clear()
    lake.land([2013])
    accept_losses(lake.study_home, [2013])
    landed = lake.land([2013])[2013]

    assert [file.source_file for file in landed.files] == [revised]
    removed = [line for line in lake.said if "removed" in line]
    assert removed == [
        f"landing 2013: {second.name} is replaced by {revised}; "
        f"the {kept[second.name]} publications kept from it are removed",
        f"landing 2013: {first.name} is no longer in the archive; the 0 publications kept from it are removed",
    ]
    assert any(f"{first.name} was read before and is gone" in line for line in lake.said)


def test_a_missing_source_folder_is_named(tmp_path: Path, archive: ArchiveTruth, open_lake: Open) -> None:
    lake = open_lake(ArchiveTruth(**{**archive.__dict__, "folder": tmp_path / "nowhere"}))
    with pytest.raises(UserError, match="nowhere does not exist"):
        lake.land()


def test_what_killed_runs_left_is_removed_once_it_is_old(archive: ArchiveTruth, open_lake: Open) -> None:
    lake = open_lake(archive)
    old, new = (
        lake.study_home.landing / "2013" / f".week.parquet.{part}.tmp" for part in ("0" * 12, "1" * 12)
    )
    for path in (old, new):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("half")
    os.utime(old, (0, 0))
    with lake.study_home.lock(print):
        assert not old.exists() and new.exists()


def test_landed_counts_are_kept_beside_the_records(archive: ArchiveTruth, open_lake: Open) -> None:
    lake = open_lake(archive)
    lake.land()
    by_kind: Counter[str] = Counter()
    for file in landed_files(lake.study_home):
        by_kind.update(file.kinds)
    written = Counter(
        d.kind
        for d in archive.documents
        if "CN" in d.countries and d.publication_date.year in lake.study.years
    )
    assert by_kind == written
