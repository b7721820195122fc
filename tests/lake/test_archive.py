"""Which files of an archive are read: second copies, revisions, losses, and how a loss is accepted."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import duckdb
import pytest

from bri_pipeline.files import inflate, stream, zip_damage
from bri_pipeline.lake.archived import accepted_losses, manifest
from bri_pipeline.lake.losses import accept_losses
from bri_pipeline.lake.soundness import landing_faults
from bri_pipeline.warehouse.lake_tables import load_lake
from bri_pipeline.weekly_names import revision_of, week_of, without_copy_marks, year_in
from tests.archives import ArchiveTruth
from tests.lake.conftest import Lake

Open = Callable[..., Lake]


@pytest.mark.parametrize(
    ("stem", "plain", "place"),
    [
        ("ipab20130103_wk01", "ipab20130103_wk01", 0),
        ("ipab20130103_wk01 (1)", "ipab20130103_wk01", 1),
        ("ipab20130103_wk01(12)", "ipab20130103_wk01", 12),
        ("ipab20130103_wk01 - Copy", "ipab20130103_wk01", 1),
        ("ipab20130103_wk01 - Copy (2)", "ipab20130103_wk01", 2),
        ("Copy of ipab20130103_wk01", "ipab20130103_wk01", 1),
        ("Copy (3) of ipab20130103_wk01", "ipab20130103_wk01", 3),
        ("ipab20130103_wk01 copy 2", "ipab20130103_wk01", 2),
        ("ipab20130103_wk01_r1 (1)", "ipab20130103_wk01_r1", 1),
        ("ipab20130103_wk01_r1 (1) - Copy", "ipab20130103_wk01_r1", 2),
        ("ipab20130103_wk01 - Kopie", "ipab20130103_wk01", 1),
        ("ipab20130103_wk01 - 副本", "ipab20130103_wk01", 1),
        ("ipab20130103_wk01 – Kopie (2)", "ipab20130103_wk01", 2),
        ("ipab20130103_wk01 — копия", "ipab20130103_wk01", 1),
        ("Копия ipab20130103_wk01", "ipab20130103_wk01", 1),
        ("ipab20130103_wk01的副本", "ipab20130103_wk01", 1),
        ("ipab20130103_wk01のコピー 2", "ipab20130103_wk01", 2),
        ("ipab20130103_wk01 - 複製 (2)", "ipab20130103_wk01", 2),
        ("ipab20130103_wk01 - Másolat", "ipab20130103_wk01", 1),
        ("Kopi av ipab20130103_wk01", "ipab20130103_wk01", 1),
        ("ipab20130103_wk01_r1 (another copy)", "ipab20130103_wk01_r1", 1),
        ("ipab20130103_wk01 (Kopie 2)", "ipab20130103_wk01", 1),
        ("ipab20130103_wk01 (Anna's conflicted copy 2013-02-01)", "ipab20130103_wk01", 1),
        ("ipab20130103_wk01.sync-conflict-20130201-120000-ABCDEFG", "ipab20130103_wk01", 1),
        ("ipab20130103_wk01[1]", "ipab20130103_wk01", 1),
        ("ipab20130103_wk01（1）", "ipab20130103_wk01", 1),
        ("ipab20130103_wk01 2", "ipab20130103_wk01", 2),
        ("ipab20130103_wk01-1", "ipab20130103_wk01", 1),
        ("ipab20130103_wk01~1", "ipab20130103_wk01", 1),
        ("ipab20130103_wk01_1_", "ipab20130103_wk01", 1),
        ("ipab20130103_wk01%20(1)", "ipab20130103_wk01", 1),
        ("ipab20130103_wk01.zip (1)", "ipab20130103_wk01", 2),
        # of what may be parts of a week both are read
        ("ipab20130103_wk01_1", "ipab20130103_wk01_1", 0),
        ("ipab20130103_wk01 (part 2)", "ipab20130103_wk01 (part 2)", 0),
        ("week-1", "week-1", 0),
        ("notes [1]", "notes [1]", 0),
        ("(1)", "(1)", 0),
        ("photocopy", "photo", 1),
    ],
)
def test_the_marks_of_a_copy_are_read_off_its_name(stem: str, plain: str, place: int) -> None:
    assert without_copy_marks(stem) == (plain, place)


def test_names_of_copies_say_what_the_names_of_the_originals_say() -> None:
    assert week_of("Copy of ipab20130103_wk01_r2 (1).zip") == ("pa", "130103")
    assert revision_of("ipab20130103_wk01_r2 - Copy.zip") == 2
    assert revision_of("ipg260106_R10.zip") == 10
    assert revision_of("ipab20230126_wk04.zip") == revision_of("pg_rel_app_text.tsv.zip") == 0
    assert year_in("Copy of ipab20130103_wk01.zip") == 2013
    assert year_in("pab010315 (1).zip") == 2001


@pytest.fixture
def week(archive: ArchiveTruth) -> Path:
    """A week of 2013 with hits."""
    return sorted(archive.folder.rglob("ipab2013*"))[-1]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


@pytest.fixture
def lake(files: Path, archive: ArchiveTruth, open_lake: Open) -> Lake:
    return open_lake(ArchiveTruth(**{**archive.__dict__, "folder": files}))


def read_in(lake: Lake, year: int = 2013) -> list[str]:
    return [file.source_file for file in lake.land([year])[year].files]


def lake_table(lake: Lake, name: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as con:
        load_lake(con, lake.study_home)
        return con.execute(f"from lake.{name}").fetchall()


COPIES = ("{} (1).zip", "{} - Copy.zip", "Copy of {}.zip", "{} copy 2.zip", "sub/{}.zip", "mine.zip")


@pytest.mark.parametrize("copy", COPIES)
def test_the_same_bytes_are_read_once_and_the_copy_is_named(
    lake: Lake, files: Path, week: Path, copy: str
) -> None:
    shutil.copy(week, files / week.name)
    alone = lake.land([2013])[2013].files
    other = files / copy.format(week.stem)
    other.parent.mkdir(exist_ok=True)
    shutil.copy(week, other)

    again = lake.land([2013])[2013].files

    assert sum(file.documents for file in again) == sum(file.documents for file in alone)
    assert len(again) == 1
    assert lake.source.stale([2013]) == set()
    [(name, _, _, _, _, instead, _)] = lake_table(lake, "left_out")
    assert {name, instead} == {week.name, other.relative_to(files).as_posix()}


def test_of_copies_that_differ_the_latest_is_read_even_where_they_are_equally_long(
    lake: Lake, files: Path, week: Path
) -> None:
    older, later = files / week.name, files / f"{week.stem} (1).zip"
    shutil.copy(week, older)
    # The last field of a zip is the length of its comment, and then the comment.
    later.write_bytes(week.read_bytes()[:-2] + b"\x01\x00!")
    older.write_bytes(week.read_bytes()[:-2] + b"\x01\x00?")
    assert older.stat().st_size == later.stat().st_size
    os.utime(older, (1_000_000_000, 1_000_000_000))

    assert read_in(lake) == [later.name]

    [(name, _, _, _, reason, instead, _)] = lake_table(lake, "left_out")
    assert (name, reason, instead) == (older.name, "second copy with other bytes", later.name)


def test_the_plain_name_is_read_and_the_copy_when_that_is_gone(lake: Lake, files: Path, week: Path) -> None:
    copy = files / f"{week.stem} (1).zip"
    for path in (files / week.name, copy):
        shutil.copy(week, path)
    assert read_in(lake) == [week.name]
    (files / week.name).unlink()
    assert lake.source.stale([2013]) == {2013}
    assert read_in(lake) == [copy.name]
    assert not any(file.is_lost for file in manifest(lake.study_home, 2013))


def test_a_copy_under_the_name_of_another_year_is_read_once(lake: Lake, files: Path, week: Path) -> None:
    shutil.copy(week, files / week.name)
    shutil.copy(week, files / "ipab20140102_wk01.zip")
    landed = lake.land([2013, 2014])
    assert sum(len(year.files) for year in landed.values()) == 1
    assert lake.source.stale([2013, 2014]) == set()
    assert any("holds the same bytes as" in line for line in lake.said)
    (files / week.name).unlink()
    assert lake.source.stale([2013, 2014]) == {2013, 2014}
    landed = lake.land([2013, 2014])
    assert [file.source_file for year in landed.values() for file in year.files] == ["ipab20140102_wk01.zip"]


@pytest.mark.parametrize("copy", ["{}_r1 (1).zip", "{}_r1 - Copy.zip", "Copy of {}_r1.zip"])
def test_a_copy_of_a_revision_supersedes_the_base(
    lake: Lake, files: Path, archive: ArchiveTruth, week: Path, copy: str
) -> None:
    other = next(path for path in sorted(archive.folder.rglob("ipab2013*")) if path != week)
    shutil.copy(week, files / week.name)
    shutil.copy(other, files / copy.format(week.stem))
    assert read_in(lake) == [copy.format(week.stem)]


def test_of_two_copies_with_other_bytes_the_later_is_read(
    lake: Lake, files: Path, archive: ArchiveTruth, week: Path
) -> None:
    other = next(path for path in sorted(archive.folder.rglob("ipab2013*")) if path != week)
    for place, source in enumerate((week, other)):
        path = files / f"{week.stem}{' (1)' * place}.zip"
        shutil.copy(source, path)
        os.utime(path, (1_700_000_000 + place, 1_700_000_000 + place))
    assert read_in(lake) == [f"{week.stem} (1).zip"]


def test_a_publication_met_in_two_files_is_listed_with_both(
    lake: Lake, files: Path, archive: ArchiveTruth, week: Path
) -> None:
    """Other bytes, the same documents: an undated file that holds the week again, packed otherwise."""
    import zipfile

    shutil.copy(week, files / week.name)
    with zipfile.ZipFile(week) as source, zipfile.ZipFile(files / "zz.zip", "w") as target:
        for member in source.namelist():
            target.writestr(f"again/{member}", source.read(member))
    lake.land([2013])
    kept = next(file.kept for file in lake.land([2013])[2013].files)
    rows = lake_table(lake, "read_twice")
    assert len(rows) == kept > 0
    assert {row[2:] for row in rows} == {("zz.zip", week.name)}


@pytest.mark.parametrize("form", ["glued", "two members", "a folder of weeks"])
def test_a_publication_that_is_in_one_file_several_times_counts_by_its_last_record(
    lake: Lake, files: Path, week: Path, form: str
) -> None:
    with zipfile.ZipFile(week) as source:
        text = source.read(next(name for name in source.namelist() if name.endswith(".xml")))
    newer = text.replace(b"</city>", b" (new)</city>")
    path = files / "ipab20130103_wk01.zip"
    with zipfile.ZipFile(path, "w") as target:
        if form == "glued":
            target.writestr("a.xml", text + newer)
        elif form == "two members":
            target.writestr("a.xml", text), target.writestr("b.xml", newer)
        else:
            for name, content in (("ipab20130103_wk01.zip", text), ("ipab20130103_wk01_r1.zip", newer)):
                unit = io.BytesIO()
                with zipfile.ZipFile(unit, "w") as inner:
                    inner.writestr("week.xml", content)
                target.writestr(name, unit.getvalue())
    [file] = lake.land([2013])[2013].files
    lake.hits([2013])
    replaced = lake_table(lake, "read_twice")

    assert file.kept == 2 * len(replaced) > 0
    assert {row[2:] for row in replaced} == {(path.name, path.name)}
    cities = [city for table in ("hits", "publications") for city in first_cities(lake, table)]
    assert cities and all(city.endswith("(new)") for city in cities)
    assert len(lake_table(lake, "publications")) == len(replaced)


def first_cities(lake: Lake, table: str) -> list[str]:
    with duckdb.connect() as con:
        load_lake(con, lake.study_home)
        return [city for (city,) in con.execute(f"select inventors[1].city_raw from lake.{table}").fetchall()]


# ---- losses


def problems(lake: Lake, year: int = 2013) -> list[str]:
    return [file.problem for file in lake.land([year])[year].files if file.problem]


@pytest.fixture
def two_weeks(lake: Lake, files: Path, archive: ArchiveTruth) -> tuple[Path, Path]:
    first, second = sorted(archive.folder.rglob("ipab2013*"))[:2]
    paths = files / first.name, files / second.name
    shutil.copy(first, paths[0]), shutil.copy(second, paths[1])
    assert problems(lake) == []
    return paths


def test_a_file_that_is_gone_is_a_problem_until_it_is_back(lake: Lake, two_weeks: tuple[Path, Path]) -> None:
    content = two_weeks[0].read_bytes()
    two_weeks[0].unlink()
    for _ in range(3):
        [problem] = problems(lake)
        assert two_weeks[0].name in problem and "bri run --accept-loss" in problem
    two_weeks[0].write_bytes(content)
    assert problems(lake) == []
    assert lake.source.stale([2013]) == set()


@pytest.mark.parametrize("harm", ["deleted", "damaged"])
def test_a_file_that_is_gone_together_with_the_manifest_is_lost(
    lake: Lake, two_weeks: tuple[Path, Path], harm: str
) -> None:
    path = lake.study_home.archive / "manifest-2013.json"
    path.unlink() if harm == "deleted" else path.write_text("{")
    content = two_weeks[0].read_bytes()
    two_weeks[0].unlink()
    for _ in range(2):
        [problem] = problems(lake)
        assert f"{two_weeks[0].name} was read before and is gone" in problem
    two_weeks[0].write_bytes(content)
    assert problems(lake) == [] and lake.source.stale([2013]) == set()


def test_a_file_overwritten_with_another_one_s_bytes_is_a_loss_and_no_copy(
    lake: Lake, two_weeks: tuple[Path, Path]
) -> None:
    first, second = two_weeks
    content = second.read_bytes()
    second.write_bytes(first.read_bytes())
    for _ in range(3):
        [problem] = problems(lake)
        assert (
            f"{second.name} holds the same bytes as {first.name}, and what it held before is gone" in problem
        )
        assert [fault for fault in landing_faults(lake.study_home, 2013) if second.name in fault]
    second.unlink()
    [problem] = problems(lake)
    assert second.name in problem
    second.write_bytes(content)
    assert problems(lake) == [] and lake.source.stale([2013]) == set()
    second.write_bytes(first.read_bytes())
    problems(lake)
    assert accept_losses(lake.study_home, [2013])
    assert problems(lake) == [] and landing_faults(lake.study_home, 2013) == []


def test_files_that_change_names_lose_nothing(lake: Lake, two_weeks: tuple[Path, Path]) -> None:
    first, second = two_weeks
    contents = first.read_bytes(), second.read_bytes()
    first.write_bytes(contents[1]), second.write_bytes(contents[0])
    assert problems(lake) == [] and len(read_in(lake)) == 2


def test_a_file_that_is_renamed_moved_or_revised_is_not_lost(
    lake: Lake, two_weeks: tuple[Path, Path]
) -> None:
    first, second = two_weeks
    (first.parent / "sub").mkdir()
    first.rename(first.parent / "sub" / first.name)
    second.rename(second.with_name(f"{second.stem}_r1.zip"))
    assert problems(lake) == []
    assert len(read_in(lake)) == 2


def test_a_file_that_is_renamed_into_another_year_is_not_lost(
    lake: Lake, two_weeks: tuple[Path, Path]
) -> None:
    for name in ("ipab20140109_wk02.zip", "ipab20120112_wk02.zip"):
        moved = next(path for path in two_weeks[0].parent.glob("*") if path not in two_weeks[:1])
        moved.rename(moved.with_name(name))
        landed = lake.land([2012, 2013, 2014])
        assert [file.problem for year in landed.values() for file in year.files if file.problem] == []


def test_an_accepted_loss_is_left_out_and_stays_named(lake: Lake, two_weeks: tuple[Path, Path]) -> None:
    gone = two_weeks[0].name
    content = two_weeks[0].read_bytes()
    two_weeks[0].unlink()
    problems(lake)
    assert [line for line in accept_losses(lake.study_home, [2013]) if gone in line]
    assert problems(lake) == [] and read_in(lake) == [two_weeks[1].name]
    assert lake.source.stale([2013]) == set()
    [row] = lake_table(lake, "left_out")
    assert (row[0], row[4]) == (gone, "accepted loss")
    assert [loss.name for loss in accepted_losses(lake.study_home)] == [gone]
    assert accept_losses(lake.study_home, [2013]) == []

    two_weeks[0].write_bytes(content)  # back again: it is read
    assert len(read_in(lake)) == 2 and lake_table(lake, "left_out") == []


@pytest.mark.parametrize(
    "spoil", [lambda content: content[:-100], lambda content: content[:60], lambda _: b""]
)
def test_a_damaged_file_is_accepted_as_it_is_and_not_when_it_changes(
    lake: Lake, two_weeks: tuple[Path, Path], spoil: Callable[[bytes], bytes]
) -> None:
    path = two_weeks[0]
    whole = path.read_bytes()
    path.write_bytes(spoil(whole))
    [problem] = problems(lake)
    assert path.name in problem and "bri run --accept-loss" in problem
    accept_losses(lake.study_home, [2013])
    assert problems(lake) == []
    path.write_bytes(b"PK" + spoil(whole))
    assert len(problems(lake)) == 1


def test_a_file_that_holds_fewer_documents_than_before_is_told(
    lake: Lake, files: Path, archive: ArchiveTruth, week: Path
) -> None:
    import zipfile

    with zipfile.ZipFile(week) as source:
        text = source.read(source.namelist()[0])
    path = files / f"{week.stem}.xml"
    path.write_bytes(text)
    [whole] = lake.land([2013])[2013].files
    assert whole.documents_before <= whole.documents
    path.write_bytes(text[: text.rindex(b"<?xml")])

    [cut] = lake.land([2013])[2013].files
    assert cut.documents < cut.documents_before == whole.documents
    assert any("holds" in line for line in accept_losses(lake.study_home, [2013]))
    [accepted] = lake.land([2013])[2013].files
    assert accepted.documents_before == accepted.documents
    path.write_bytes(text)
    [back] = lake.land([2013])[2013].files
    assert back.documents == whole.documents >= back.documents_before


def test_another_reader_that_counts_otherwise_is_no_loss(
    lake: Lake, two_weeks: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bri_pipeline.lake.weekly.reader_for", lambda *_: "another reader")
    assert all(file.documents_before == 0 for file in lake.land([2013])[2013].files)


# ---- damage to what is kept of the archive and the lake


def _lake_files(lake: Lake) -> list[Path]:
    root = lake.study_home.root
    return sorted(path for path in root.rglob("*") if path.suffix in (".json", ".parquet"))


DAMAGE: dict[str, Callable[[Path], object]] = {
    "cut": lambda path: path.write_bytes(path.read_bytes()[: len(path.read_bytes()) // 2]),
    "garbage": lambda path: path.write_bytes(b"\xff\x00garbage" * 50),
    "empty": lambda path: path.write_bytes(b""),
    "deleted": lambda path: path.unlink(),
    "a list": lambda path: path.write_text("[1, 2]"),
    "other keys": lambda path: path.write_text(
        '{"files": [{"colour": "red"}], "SG": {"colour": 1}, "2013": 3}'
    ),
    "flipped": lambda path: path.write_bytes(
        path.read_bytes()[: len(path.read_bytes()) // 2]
        + bytes([path.read_bytes()[len(path.read_bytes()) // 2] ^ 0x55])
        + path.read_bytes()[len(path.read_bytes()) // 2 + 1 :]
    ),
}


@pytest.mark.parametrize(
    ("damage", "every"),
    [
        pytest.param(DAMAGE["cut"], False, id="cut, one of each kind"),
        *(pytest.param(damage, True, id=name, marks=pytest.mark.slow) for name, damage in DAMAGE.items()),
    ],
)
def test_every_kept_file_is_made_again_when_it_is_damaged(
    lake: Lake, two_weeks: tuple[Path, Path], damage: Callable[[Path], object], every: bool
) -> None:
    shutil.copy(two_weeks[1], two_weeks[1].with_name("undated.zip"))

    def all_hits() -> list[tuple[object, ...]]:
        with duckdb.connect() as con:
            load_lake(con, lake.study_home)
            columns = "country, publication_number, title, source_file, len(inventors)"
            return con.execute(f"select {columns} from lake.hits order by all").fetchall()

    lake.land(), lake.hits()
    expected = all_hits()
    paths = _lake_files(lake)
    assert {path.suffix for path in paths} == {".json", ".parquet"} and expected
    root = lake.study_home.root
    one_of_each = {(path.relative_to(root).parts[0], path.suffix): path for path in paths}
    for path in paths if every else one_of_each.values():
        if damage is DAMAGE["flipped"] and path.suffix == ".json":
            continue  # a digit that became another one cannot be noticed
        damage(path)
        lake.stale()
        lake.land(), lake.hits()
        assert all_hits() == expected, path
        assert lake.stale() == [], path


@pytest.mark.parametrize(
    "name", ["{} [1].zip", "{}[abc.zip", "{} *.zip", "year=2013 {}?.zip", "{}{{a,b}}'.zip"]
)
def test_a_file_of_any_name_is_read_and_no_pattern(lake: Lake, files: Path, week: Path, name: str) -> None:
    shutil.copy(week, files / "plain.zip")
    lake.land(), lake.hits()
    plain = lake_table(lake, "publications"), lake_table(lake, "hits")
    (files / "plain.zip").rename(files / name.format(week.stem))
    lake.land(), lake.hits()
    named = lake_table(lake, "publications"), lake_table(lake, "hits")
    assert plain[0] and [len(rows) for rows in named] == [len(rows) for rows in plain]


def test_hits_of_a_version_that_left_no_stamp_are_searched_again_and_not_called_damaged(
    lake: Lake, two_weeks: tuple[Path, Path], caplog: pytest.LogCaptureFixture
) -> None:
    import json

    lake.land(), lake.hits()
    for path in [one for one in _lake_files(lake) if one.name == "landed.json"]:
        content = json.loads(path.read_text())
        for entry in content.values():
            del entry["stored"]
        path.write_text(json.dumps(content))
    assert lake.stale() == [2013]
    lake.hits()
    assert lake.stale() == []
    assert "damaged" not in caplog.text


def test_a_key_more_of_a_newer_version_changes_nothing(lake: Lake, two_weeks: tuple[Path, Path]) -> None:
    import json

    lake.land(), lake.hits()
    for path in [one for one in _lake_files(lake) if one.suffix == ".json"]:
        content = json.loads(path.read_text())
        if isinstance(content.get("files"), list):
            content["files"] = [{**entry, "colour": "red"} for entry in content["files"]]
        elif path.name == "landed.json":
            content = {country: {**entry, "colour": "red"} for country, entry in content.items()}
        else:
            content["colour"] = "red"
        path.write_text(json.dumps(content))
    assert lake.stale() == []


# ---- damage inside a zip, found while it is read


def flip_in_data(path: Path) -> None:
    """Change a byte of the packed data: the zip's directory is whole, a checksum is not."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x55
    path.write_bytes(content)


def flip_checksum(path: Path) -> None:
    """Change the checksum in both places that name it: all bytes unpack as before."""
    content = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        crc = archive.infolist()[0].CRC.to_bytes(4, "little")
    path.write_bytes(content.replace(crc, bytes(4)))


def flip_member_that_is_not_read(path: Path) -> None:
    """Add a member beside the XML file and damage it."""
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("readme.txt", b"not for reading " * 100)
        crc = archive.getinfo("readme.txt").CRC.to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(crc, bytes(4)))


INSIDE = {
    function.__name__: function for function in (flip_in_data, flip_checksum, flip_member_that_is_not_read)
}


@pytest.mark.parametrize("damage", INSIDE.values(), ids=INSIDE)
def test_damage_that_shows_only_in_reading_gives_the_verdict_of_a_thorough_look(
    lake: Lake, files: Path, archive: ArchiveTruth, week: Path, damage: Callable[[Path], None]
) -> None:
    for path in archive.folder.rglob("ipab2013*"):
        shutil.copy(path, files / path.name)
    damage(files / week.name)
    thorough = lake.source.verify([2013], lambda _: None, thorough=True)[2013]
    [said] = [file.problem for file in thorough if file.problem]
    assert week.name in said and "Delete it and download it again, or accept the loss" in said
    shutil.rmtree(lake.study_home.root)

    assert not [file for file in lake.source.verify([2013], lambda _: None)[2013] if file.problem]
    landed = lake.land([2013])[2013].files

    assert manifest(lake.study_home, 2013) == thorough
    [unread] = [file for file in landed if file.problem]
    assert (unread.source_file, unread.problem, unread.documents) == (week.name, said, 0)
    assert sum(file.documents for file in landed) > 0
    assert landing_faults(lake.study_home, 2013) == [said]
    assert lake.source.stale([2013]) == set(), "it is not read again and again"
    assert [file.problem for file in lake.land([2013])[2013].files if file.problem] == [said]
    accept_losses(lake.study_home, [2013])
    assert week.name not in read_in(lake) and landing_faults(lake.study_home, 2013) == []
    shutil.copy(week, files / week.name)
    assert week.name in read_in(lake)


@pytest.mark.parametrize("place", ["superseded", "accepted before it was ever verified"])
def test_a_zip_that_is_not_read_is_looked_into_all_the_same(
    lake: Lake, files: Path, week: Path, place: str
) -> None:
    shutil.copy(week, files / week.name)
    flip_in_data(files / week.name)
    if place == "superseded":
        shutil.copy(week, files / f"{week.stem}_r1.zip")
    else:
        lake.source.verify([2013], lambda _: None, thorough=True)
        accept_losses(lake.study_home, [2013])
        (lake.study_home.archive / "manifest-2013.json").unlink()
    [file] = [file for file in lake.source.verify([2013], lambda _: None)[2013] if file.name == week.name]
    assert file.problem and file.accepted == (place != "superseded")


def test_every_part_of_a_sound_zip_is_inflated_once(
    lake: Lake, files: Path, week: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(week, files / week.name)
    inflated: list[str] = []

    def counting(file: BinaryIO, member: zipfile.ZipInfo, chunk_bytes: int) -> Iterator[bytes]:
        inflated.append(member.filename)
        return inflate.inflated(file, member, chunk_bytes)

    for module in (stream, zip_damage):
        monkeypatch.setattr(module, "inflated", counting)
    assert read_in(lake) == [week.name]
    with zipfile.ZipFile(week) as archive:
        assert sorted(inflated) == sorted(archive.namelist())
    [entry] = manifest(lake.study_home, 2013)
    assert entry.sha256 == hashlib.sha256(week.read_bytes()).hexdigest()
