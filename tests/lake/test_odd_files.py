"""Files of an archive that are not named .zip or .xml: read where they can be, else named with the way out."""

from __future__ import annotations

import gzip
import io
import os
import shutil
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from bri_pipeline.commands.find import files_of, find, question
from bri_pipeline.commands.quick_check import current_state
from bri_pipeline.errors import UserError
from bri_pipeline.lake.archived import manifest
from bri_pipeline.lake.soundness import landing_faults
from bri_pipeline.settings import load_settings
from bri_pipeline.uspto.read import read_documents
from bri_pipeline.uspto.scan import scan_file
from bri_pipeline.warehouse.lake_tables import load_lake
from tests.archives import ArchiveTruth
from tests.lake.conftest import Lake

WEEK = "ipab20130103_wk01"


@pytest.fixture
def week(archive: ArchiveTruth) -> bytes:
    return sorted(archive.folder.rglob("ipab2013*"))[-1].read_bytes()


@pytest.fixture
def text(week: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(week)) as archive:
        return archive.read(next(name for name in archive.namelist() if name.endswith(".xml")))


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


@pytest.fixture
def lake(files: Path, archive: ArchiveTruth, open_lake: Callable[..., Lake]) -> Lake:
    return open_lake(ArchiveTruth(**{**archive.__dict__, "folder": files}))


def documents(lake: Lake) -> int:
    return sum(file.documents for file in lake.land([2013])[2013].files)


def left_out(lake: Lake) -> list[tuple[str, str, str | None, str | None]]:
    with duckdb.connect() as con:
        load_lake(con, lake.study_home)
        return con.execute(
            "select source_file, reason, read_instead, problem from lake.left_out order by 1"
        ).fetchall()


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        (WEEK, "utf-8"),
        (f"{WEEK}.XML", "utf-16"),
        (f"{WEEK}.xml.txt", "utf-8"),
        ("week", "utf-32-be"),
        ("a.data", "utf-16"),
    ],
)
def test_xml_of_any_name_is_read(lake: Lake, files: Path, text: bytes, name: str, encoding: str) -> None:
    written = text.decode().replace('encoding="UTF-8"', f'encoding="{encoding[:6].upper()}"').encode(encoding)
    (files / "plain.xml").write_bytes(written)
    expected = documents(lake)
    (files / "plain.xml").rename(files / name)
    assert documents(lake) == expected > 0
    assert left_out(lake) == []


@pytest.mark.parametrize("name", [WEEK, f"{WEEK}.dat.bin"])
def test_a_damaged_zip_of_a_weekly_name_is_a_damaged_file_whatever_its_ending(
    lake: Lake, files: Path, week: bytes, name: str
) -> None:
    (files / name).write_bytes(week[: len(week) // 2])
    (files / "ipab20130110_wk02.zip").write_bytes(week)
    lake.land([2013])
    [fault] = landing_faults(lake.study_home, 2013)
    assert f"{name} is not a whole zip file" in fault


def test_a_damaged_zip_of_any_other_name_is_named(lake: Lake, files: Path, week: bytes) -> None:
    (files / "2013").mkdir()
    (files / "2013" / "week").write_bytes(week[: len(week) // 2])
    (files / "ipab20130110_wk02.zip").write_bytes(week)
    lake.land([2013])
    [(name, reason, _, problem)] = left_out(lake)
    assert (name, reason) == ("2013/week", "cannot be opened") and "cut or damaged" in str(problem)


PACKED: dict[str, tuple[bytes | None, str]] = {
    ".tar.gz": (None, "gzip file"),
    ".tgz": (None, "gzip file"),
    ".xml.gz": (None, "gzip file"),
    ".gz": (None, "gzip file"),
    "": (b"\x1f\x8b\x08" + bytes(600), "gzip file"),
    ".xml.bz2": (b"BZh91AY&SY", "bzip2 file"),
    ".tar.xz": (b"\xfd7zXZ\x00", "xz file"),
    ".zst": (b"\x28\xb5\x2f\xfd", "Zstandard file"),
    ".Z": (b"\x1f\x9d", "file of compress"),
    ".7z": (b"7z\xbc\xaf\x27\x1c", "7z archive"),
    ".7z.001": (b"7z\xbc\xaf\x27\x1c", "7z archive"),
    ".rar": (b"Rar!\x1a\x07\x01\x00", "RAR archive"),
    ".rev.bin": (b"Rar!\x1a\x07\x01\x00", "RAR archive"),
    ".cab": (b"MSCF\x00\x00\x00\x00", "cabinet file"),
    ".tar": (None, "tar archive"),
    ".lz4": (b"\x04\x22\x4d\x18", "lz4 file"),
    ".zip.part": (b"PK\x03\x04", "unfinished download"),
    ".zip.crdownload": (b"PK\x03\x04", "unfinished download"),
    ".zip.download": (b"PK\x03\x04", "unfinished download"),
    ".partial": (b"PK\x03\x04", "unfinished download"),
    ".zip.filepart": (b"", "unfinished download"),
    ".zip.001": (b"PK\x03\x04", "part of a zip"),
    ".z01": (b"PK\x03\x04", "part of a zip"),
    ".zipx": (b"PK\x03\x04", "part of a zip"),
    ".sgm": (b"<!DOCTYPE PATDOC PUBLIC>", "SGML"),
    ".SGML": (b"<!DOCTYPE PATDOC PUBLIC>", "SGML"),
    ".what": (b"", "is empty"),
    ".eml": (b"Dear Sir", "neither a zip nor XML"),
}


def packed(ending: str, week: bytes) -> bytes:
    content = PACKED[ending][0]
    if content is not None:
        return content
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        member = tarfile.TarInfo(f"{WEEK}.zip")
        member.size = len(week)
        archive.addfile(member, io.BytesIO(week))
    return buffer.getvalue() if ending == ".tar" else gzip.compress(buffer.getvalue())


def test_files_that_may_hold_publications_and_cannot_be_opened_are_named(
    lake: Lake, files: Path, week: bytes
) -> None:
    (files / "ipab20131226_wk52.zip").write_bytes(week)
    names = {f"ipab2013{1 + n // 28:02}{1 + n % 28:02}{ending}": ending for n, ending in enumerate(PACKED)}
    for name, ending in names.items():
        (files / name).write_bytes(packed(ending, week))
    beside = documents(lake)

    found = {source_file: rest for source_file, *rest in left_out(lake)}
    assert found.keys() == names.keys()
    for name, (reason, instead, problem) in found.items():
        assert (reason, instead) == ("cannot be opened", None), name
        assert problem and problem.startswith(name) and PACKED[names[name]][1] in problem
        assert any(problem in line for line in lake.said)
        assert problem in lake.source.inventory().not_opened
        (files / name).unlink()
    assert landing_faults(lake.study_home, 2013) == []
    assert documents(lake) == beside and left_out(lake) == [] and lake.source.stale([2013]) == set()


@pytest.mark.parametrize("ending", [".tar.gz", ".zip.part", "_r1.7z", ".rar"])
def test_beside_the_week_in_a_form_that_is_read_it_is_listed_and_nothing_is_missing(
    lake: Lake, files: Path, week: bytes, ending: str
) -> None:
    (files / f"{WEEK}.zip").write_bytes(week)
    (files / f"{WEEK}{ending}").write_bytes(b"Rar!\x1a\x07\x01\x00")
    documents(lake)
    [(name, reason, instead, _)] = left_out(lake)
    assert (name, reason) == (f"{WEEK}{ending}", "cannot be opened")
    # A revision that cannot be opened is missing.
    assert instead == (None if "_r1" in ending else f"{WEEK}.zip")


def test_folders_above_the_source_say_nothing_of_the_year(
    tmp_path: Path, archive: ArchiveTruth, week: bytes, open_lake: Callable[..., Lake]
) -> None:
    folder = tmp_path / "2013" / "files"
    folder.mkdir(parents=True)
    (folder / "all.rar").write_bytes(b"Rar!\x1a\x07\x01\x00")
    (folder / f"{WEEK}.zip").write_bytes(week)
    lake = open_lake(ArchiveTruth(**{**archive.__dict__, "folder": folder}))
    lake.land([2013])
    assert left_out(lake) == []
    lake.land(lake.study.years)
    assert [row[:2] for row in left_out(lake)] == [("all.rar", "cannot be opened")]


def test_files_of_any_name_that_are_packed_are_named_under_the_year_of_their_folder(
    lake: Lake, files: Path, week: bytes
) -> None:
    (files / "2013").mkdir()
    (files / "2013" / "all.rar").write_bytes(b"Rar!\x1a\x07\x01\x00")
    (files / "2013" / f"{WEEK}.zip").write_bytes(week)
    documents(lake)
    assert [row[:2] for row in left_out(lake)] == [("2013/all.rar", "cannot be opened")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("README.txt", b"weekly files of 2013"),
        ("make_weeks.py", b'print("""<?xml version="1.0"?>\n<us-patent-application>")'),
        ("page.htm", b"<!DOCTYPE html>\n<xmp><us-patent-application></us-patent-application></xmp>"),
        ("notes.docx", None),
        (f"{WEEK}.zip.md5", b"d41d8cd98f00b204e9800998ecf8427e"),
        ("application.dtd", b'<?xml version="1.0"?><!ELEMENT us-patent-application (a)>'),
        ("map.svg", b'<?xml version="1.0"?><svg/>'),
        ("empty", b""),
    ],
)
def test_what_is_plainly_something_else_is_listed_and_no_warning(
    lake: Lake, files: Path, week: bytes, name: str, content: bytes | None
) -> None:
    (files / f"{WEEK}.zip").write_bytes(week)
    expected = documents(lake)
    if content is None:
        with zipfile.ZipFile(files / name, "w") as document:
            document.writestr("[Content_Types].xml", "<Types/>")
            document.writestr("word/document.xml", "<document/>")
    else:
        (files / name).write_bytes(content)
    lake.land(lake.study.years)
    assert documents(lake) == expected
    assert [row[:2] for row in left_out(lake)] == [(name, "no source file")]
    assert lake.source.inventory().not_opened == ()


@pytest.mark.parametrize(
    "name",
    [".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX/._a.zip", "$RECYCLE.BIN/$R1.zip", "@eaDir/a.zip"],
)
def test_what_systems_leave_behind_is_passed_over(lake: Lake, files: Path, week: bytes, name: str) -> None:
    (files / f"{WEEK}.zip").write_bytes(week)
    expected = documents(lake)
    (files / name).parent.mkdir(exist_ok=True)
    (files / name).write_bytes(b"junk")
    assert documents(lake) == expected and left_out(lake) == []


def test_links_to_files_and_folders_are_followed_and_those_to_nothing_are_named(
    lake: Lake, files: Path, week: bytes, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / f"{WEEK}.zip").write_bytes(week)
    (files / "2013").symlink_to(elsewhere, target_is_directory=True)
    (elsewhere / "back").symlink_to(files, target_is_directory=True)
    (files / "ipab20130110_wk02.zip").symlink_to(tmp_path / "gone.zip")
    assert documents(lake) > 0
    [(name, reason, _, problem)] = left_out(lake)
    assert (name, reason) == ("ipab20130110_wk02.zip", "cannot be opened") and "link" in str(problem)


@pytest.mark.parametrize("instead", ["pipe", "link to nothing", "link to itself", "7z", "folder"])
def test_a_week_that_was_read_and_is_something_else_now_is_lost(
    lake: Lake, files: Path, week: bytes, instead: str
) -> None:
    path = files / f"{WEEK}.zip"
    path.write_bytes(week)
    (files / "ipab20130110_wk02.zip").write_bytes(week + b"\0")
    documents(lake)
    path.unlink()
    if instead == "pipe":
        os.mkfifo(path)
    elif instead == "folder":
        path.mkdir()
    elif instead == "7z":
        (files / f"{WEEK}.7z").write_bytes(week)
    else:
        path.symlink_to(path if "itself" in instead else files / "nothing")
    for _ in range(2):
        lake.land([2013])
        assert [
            fault for fault in landing_faults(lake.study_home, 2013) if f"{WEEK}.zip was read before" in fault
        ]
        assert lake.source.stale([2013]) == set()
        assert current_state(lake.study_home, load_settings(), [2013], ["SG"])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look into everything")
def test_a_folder_that_cannot_be_looked_into_is_named(lake: Lake, files: Path, week: bytes) -> None:
    (files / f"{WEEK}.zip").write_bytes(week)
    (files / "2013").mkdir(mode=0)
    documents(lake)
    (files / "2013").chmod(0o700)
    assert [row[:2] for row in left_out(lake)] == [("2013", "cannot be opened")]


def test_the_copy_that_a_program_has_not_finished_is_named(lake: Lake, files: Path, week: bytes) -> None:
    (files / f".{WEEK}.zip.Xa81Tz").write_bytes(week[:50])
    (files / "ipab20130110_wk02.zip").write_bytes(week)
    documents(lake)
    assert [row[1] for row in left_out(lake)] == ["cannot be opened"]


def test_a_folder_of_nothing_but_packed_files_says_what_to_do(lake: Lake, files: Path) -> None:
    (files / f"{WEEK}.tar.gz").write_bytes(b"\x1f\x8b\x08")
    with pytest.raises(UserError, match=r"holds no \.zip or \.xml file.*tar\.gz is a gzip file.*unpack it"):
        lake.source.inventory()


def test_what_becomes_readable_is_read(lake: Lake, files: Path, week: bytes) -> None:
    (files / f"{WEEK}.zip.part").write_bytes(week)
    (files / "ipab20130110_wk02.zip").write_bytes(b"PK")
    documents(lake)
    (files / f"{WEEK}.zip.part").rename(files / f"{WEEK}.zip")
    assert documents(lake) > 0 and left_out(lake) == []
    assert [file.name for file in manifest(lake.study_home, 2013) if file.not_opened] == []


# ---- members of a zip


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("member", "said"),
    [
        (f"{WEEK}.xml.gz", "gzip"),
        (f"sub/{WEEK}.tar.gz", "gzip"),
        (f"{WEEK}.7z", "7z"),
        (f"{WEEK}.zip.part", "unfinished"),
        ("pg010102.SGM", "SGML"),
    ],
)
def test_a_member_that_cannot_be_opened_counts_as_one_unreadable_document(
    tmp_path: Path, text: bytes, member: str, said: str
) -> None:
    alone = scan_file(zipped(tmp_path / "alone.zip", {"a.xml": text}), frozenset({"CN"}))
    path = zipped(tmp_path / "both.zip", {member: b"\x00" * 50, "a.xml": text, "notes.txt": b"x"})
    scan = scan_file(path, frozenset({"CN"}), count_countries=True)

    assert scan.documents == alone.documents + 1
    assert (len(scan.publications), scan.skipped) == (len(alone.publications), alone.skipped)
    [unread] = [one for one in scan.unreadable if member in one.reason]
    assert said in unread.reason
    assert len([one for one in read_documents(path) if getattr(one, "reason", None) == unread.reason]) == 1


def test_a_member_with_the_name_of_a_week_and_no_ending_is_read(tmp_path: Path, text: bytes) -> None:
    path = zipped(tmp_path / "week.zip", {WEEK: text, "other.xml": text})
    alone = scan_file(zipped(tmp_path / "alone.zip", {"a.xml": text}), frozenset({"CN"}))
    assert scan_file(path, frozenset({"CN"})).documents == 2 * alone.documents


@pytest.mark.parametrize(
    ("member", "said"),
    [
        ("pg010102.sgm", "SGML, the form of grants before 2002.*from 2002 on"),
        ("PG010102.SGML", "SGML, the form of grants before 2002"),
        ("pftaps19990105_wk01.txt", "text, the form of grants of 1976 to 2001"),
        (f"{WEEK}.tar.gz", "gzip file, which is not opened: unpack it"),
    ],
)
def test_a_zip_without_xml_says_what_it_holds_and_what_is_read(
    tmp_path: Path, member: str, said: str
) -> None:
    path = zipped(tmp_path / "pg010102.zip", {member: b"text"})
    with pytest.raises(UserError, match=said):
        scan_file(path, frozenset({"CN"}), "grants")


@pytest.mark.parametrize("content", [b"\x1f\x8b\x08", b"7z\xbc\xaf\x27\x1c", b"BZh9"])
def test_a_packed_file_that_is_given_says_what_it_is(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "week.dat").write_bytes(content)
    with pytest.raises(UserError, match="which is not opened: unpack it"):
        scan_file(tmp_path / "week.dat", frozenset({"CN"}))


def test_find_names_what_it_cannot_open_in_a_folder(files: Path, week: bytes) -> None:
    (files / f"{WEEK}").write_bytes(week)
    (files / "ipab20130110_wk02.xml.gz").write_bytes(b"\x1f\x8b\x08")
    (files / "README").write_bytes(b"x")
    (files / "Thumbs.db").write_bytes(b"x")
    found = find(files_of([files]), question("CN,SG", [], None), lambda _: None)
    assert found.documents > 0
    assert ["gzip" in said for said in found.bad_files] == [True]


def test_a_copy_in_a_second_folder_is_known_though_it_has_no_ending(
    lake: Lake, files: Path, week: bytes
) -> None:
    (files / f"{WEEK}.zip").write_bytes(week)
    expected = documents(lake)
    (files / "copies").mkdir()
    shutil.copy(files / f"{WEEK}.zip", files / "copies" / "week")
    assert documents(lake) == expected
    assert [row[1] for row in left_out(lake)] == ["same bytes"]
