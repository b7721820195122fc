"""Damaged zips, whatever the damage: told as a problem or a user error, never as a traceback."""

from __future__ import annotations

import errno
import random
import warnings
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from bri_pipeline.errors import UserError
from bri_pipeline.files.stream import open_streams
from bri_pipeline.files.zip_damage import damage_told_by, zip_problem

COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


def sound_zip() -> bytes:
    """A small zip of every compression, one name outside ASCII among its members."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for compression in COMPRESSIONS:
            archive.writestr(f"week{compression}é.xml", b"<a>%d</a>" % compression * 40, compression)
    return buffer.getvalue()


def corrupted(content: bytes, chance: random.Random) -> bytes:
    """Some bytes of the second half, where the directory stands, or of anywhere overwritten; sometimes cut short."""
    spoilt = bytearray(content)
    start = chance.choice((0, len(spoilt) // 2))
    for _ in range(chance.randint(1, 6)):
        spoilt[chance.randrange(start, len(spoilt))] = chance.choice((0, 0xFF, chance.randrange(256)))
    return bytes(spoilt[: chance.choice((None, None, chance.randrange(len(spoilt))))])


@pytest.fixture
def corruptions(tmp_path: Path) -> Iterator[Path]:
    def each() -> Iterator[Path]:
        content, chance, path = sound_zip(), random.Random(4), tmp_path / "ipab20130103_wk01.zip"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for _ in range(1500):
                path.write_bytes(corrupted(content, chance))
                yield path

    return each()


def test_no_corruption_of_a_zip_raises(corruptions):
    problems = [zip_problem(path) for path in corruptions]

    assert sum(problem is not None for problem in problems) > 1000
    assert all(problem is None or problem.startswith("is ") for problem in problems)


def test_no_corruption_of_a_zip_is_a_traceback_for_its_readers(corruptions):
    told = []
    for path in corruptions:
        try:
            for stream in open_streams(path):
                b"".join(stream.chunks)
        except UserError as error:
            told.append(str(error))

    assert len(told) > 1000
    assert all("ipab20130103_wk01.zip" in text for text in told)
    assert not [text for text in told if "Invalid argument" in text]
    assert [text for text in told if "points to a position outside the file" in text]


def with_bytes(path: Path, old: bytes, new: bytes) -> Path:
    path.write_bytes(sound_zip().replace(old, new))
    return path


def test_a_member_name_that_is_no_utf8_is_told(tmp_path):
    path = with_bytes(tmp_path / "a.zip", "é".encode(), b"\xff\xfe")

    assert zip_problem(path) == "is damaged (the name of a member cannot be read)"
    with pytest.raises(UserError, match=r"is a damaged zip file \(the name of a member cannot be read"):
        next(open_streams(path))


def test_an_encrypted_member_is_told(tmp_path):
    content = bytearray(sound_zip())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.zip").write_bytes(bytes(content))

    assert "encrypted" in str(zip_problem(tmp_path / "a.zip"))


def test_a_sound_zip_and_an_empty_one(tmp_path):
    (tmp_path / "a.zip").write_bytes(sound_zip())
    with zipfile.ZipFile(tmp_path / "b.zip", "w"):
        pass

    assert zip_problem(tmp_path / "a.zip") is None
    assert zip_problem(tmp_path / "b.zip") == "is empty"


def test_a_failure_of_the_disk_is_no_damage(tmp_path):
    with pytest.raises(FileNotFoundError):
        zip_problem(tmp_path / "none.zip")
    with pytest.raises(OSError, match="Input/output error"):
        damage_told_by(OSError(errno.EIO, "Input/output error"))


def test_a_compression_that_cannot_be_unpacked_is_no_damage(tmp_path):
    content = bytearray(sound_zip())
    for signature, method in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        content[content.index(signature) + method] = 9  # Deflate64, as Windows makes above 2 GB
    path = tmp_path / "a.zip"
    path.write_bytes(bytes(content))

    assert zip_problem(path) is None
    with pytest.raises(UserError, match=r"cannot read \(.*: Deflate64\); unpack it"):
        [chunk for stream in open_streams(path) for chunk in stream.chunks]


def test_what_file_managers_leave_behind_is_no_member(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in (
            "__MACOSX/._a.xml",
            "folder/._b.xml",
            ".DS_Store",
            "Thumbs.db",
            "a.xml",
            "__MACOSX/x.zip",
        ):
            archive.writestr(name, b"<a/>")

    assert [stream.member for stream in open_streams(path)] == ["a.xml"]


def test_unit_zips_within_a_zip_are_opened(tmp_path):
    unit = BytesIO()
    with zipfile.ZipFile(unit, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("US20250204297A1/US20250204297A1.XML", b"<a>unit</a>")
        archive.writestr("US20250204297A1/US20250204297A1-D00001.TIF", b"picture")
    path = tmp_path / "I20250626.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("I20250626/US20250204297A1-20250626.ZIP", unit.getvalue())
        archive.writestr("I20250626/US20250204298A1-20250626.ZIP", unit.getvalue())

    read = [(stream.member, b"".join(stream.chunks)) for stream in open_streams(path)]

    inside = "US20250204297A1/US20250204297A1.XML"
    assert read == [(f"I20250626/US2025020429{n}A1-20250626.ZIP/{inside}", b"<a>unit</a>") for n in (7, 8)]


def zipped(*members: tuple[str, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def inflated_bytes(path: Path) -> int:
    return sum(len(chunk) for stream in open_streams(path) for chunk in stream.chunks)


def test_a_zip_in_a_zip_that_would_fill_the_disk_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    path = tmp_path / "bomb.zip"
    path.write_bytes(zipped(("u.zip", zipped(("a.xml", b"<a/>")) + bytes(20_000_000))))
    unpacked = []
    monkeypatch.setattr(
        "bri_pipeline.files.stream.inflated", lambda *given: unpacked.append(given) or iter(())
    )
    with pytest.raises(UserError, match=r"none of the USPTO's files: u\.zip"):
        inflated_bytes(path)
    assert unpacked == []


def test_zips_in_zips_without_end_are_refused(tmp_path):
    path, content = tmp_path / "deep.zip", zipped(("a.xml", b"<a/>"))
    for _ in range(2):
        content = zipped(("n.zip", content))
    path.write_bytes(content)
    assert inflated_bytes(path) == 4
    for _ in range(10):
        content = zipped(("n.zip", content))
    path.write_bytes(content)
    with pytest.raises(UserError, match="3 levels deep"):
        inflated_bytes(path)


def test_a_member_is_inflated_to_the_size_the_directory_says_and_no_further(tmp_path):
    content = bytearray(zipped(("a.xml", bytes(20_000_000))))
    entry = content.rindex(b"PK\1\2")
    content[entry + 24 : entry + 28] = (1000).to_bytes(4, "little")
    path = tmp_path / "lie.zip"
    path.write_bytes(content)
    read = 0
    with pytest.raises(UserError, match="damaged zip"):
        for stream in open_streams(path):
            for chunk in stream.chunks:
                read += len(chunk)
    assert read <= 1000
    assert zip_problem(path) == "is damaged at a.xml"


def test_members_that_share_bytes_are_refused(tmp_path):
    whole = zipped(("a.xml", bytes(1_000_000)))
    entry, end = whole.index(b"PK\1\2"), whole.index(b"PK\5\6")
    directory = whole[entry:end] * 1000
    counts = (1000).to_bytes(2, "little") * 2 + len(directory).to_bytes(4, "little") + whole[end + 16 :]
    path = tmp_path / "overlap.zip"
    path.write_bytes(whole[:entry] + directory + whole[end : end + 8] + counts)
    with pytest.raises(UserError, match=r"a\.xml and a\.xml share bytes"):
        inflated_bytes(path)
    assert "share bytes" in (zip_problem(path) or "")
