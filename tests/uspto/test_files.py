"""Opening files: zips of every kind and the errors a user can cause."""

import zipfile
from pathlib import Path

import pytest

from bri_pipeline.errors import UserError
from bri_pipeline.files.stream import open_streams
from tests.uspto.documents import write, write_zip


def contents(path: Path) -> dict[str | None, bytes]:
    return {stream.member: b"".join(stream.chunks) for stream in open_streams(path)}


@pytest.mark.parametrize(
    "compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_xml_members_in_order_whatever_the_compression(tmp_path: Path, compression: int) -> None:
    long = b"<a>" + bytes(range(32, 127)) * 20_000 + b"</a>"
    members = {"ipab_lst.txt": b"list", "deep/er/IPAB.XML": long, "second.xml": b"<b/>", "rpt.html": b""}
    path = write_zip(tmp_path / "ipab.zip", members, compression)
    assert list(contents(path).items()) == [("deep/er/IPAB.XML", long), ("second.xml", b"<b/>")]


def test_a_zip_is_known_by_its_bytes_and_plain_xml_too(tmp_path: Path) -> None:
    assert contents(write_zip(tmp_path / "renamed.xml", {"a.xml": b"<a/>"})) == {"a.xml": b"<a/>"}
    assert contents(write(tmp_path / "plain.xml", b"<a/>")) == {None: b"<a/>"}


def test_an_empty_member_is_empty(tmp_path: Path) -> None:
    assert contents(write_zip(tmp_path / "a.zip", {"a.xml": b""})) == {"a.xml": b""}


def damaged(path: Path, cut: slice | None = None, flip: int | None = None) -> Path:
    content = bytearray(path.read_bytes())
    if flip is not None:
        content[flip] ^= 0xFF
    path.write_bytes(bytes(content[cut] if cut else content))
    return path


def test_damage_is_told_with_the_file_and_the_way_out(tmp_path: Path) -> None:
    long = {"a.xml": b"".join(b"%d" % n for n in range(50_000))}
    truncated = damaged(write_zip(tmp_path / "cut.zip", long), cut=slice(0, 20_000))
    wrong_bytes = damaged(write_zip(tmp_path / "flip.zip", long), flip=9_000)
    wrong_crc = damaged(write_zip(tmp_path / "crc.zip", {"a.xml": b"<a/>"}, zipfile.ZIP_STORED), flip=36)
    for path in (truncated, wrong_bytes, wrong_crc):
        with pytest.raises(UserError, match=rf"{path.name} is a damaged zip file .*download it again"):
            contents(path)


def test_a_wrong_checksum_of_a_deflated_member_is_damage(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "crc.zip", {"a.xml": b"<a/>" * 100})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 16] ^= 0xFF  # CRC-32 in the central directory
    path.write_bytes(bytes(content))
    with pytest.raises(UserError, match="checksum or size differs"):
        contents(path)


def test_files_that_are_not_what_they_should_be(tmp_path: Path) -> None:
    cases = {
        write(tmp_path / "empty.zip"): "is empty",
        write(tmp_path / "page.zip", b"<html>no such file</html>"): "is not a zip file",
        write_zip(tmp_path / "none.zip", {"list.txt": b"x"}): "holds no .xml file among its 1 member ",
        tmp_path / "missing.zip": "cannot be read",
        tmp_path: "cannot be read",
    }
    for path, message in cases.items():
        with pytest.raises(UserError, match=message) as caught:
            contents(path)
        assert str(path) in str(caught.value)


def test_an_encrypted_member_is_told(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "secret.zip", {"a.xml": b"<a/>"})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1  # general purpose flag in the central directory
    path.write_bytes(bytes(content))
    with pytest.raises(UserError, match="encrypted"):
        contents(path)
