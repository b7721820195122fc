"""``bri find``: a question of one's own, straight from files."""

from __future__ import annotations

import json
import os
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from bri_pipeline.cli import main
from bri_pipeline.publication.record import Publication
from bri_pipeline.uspto.read import read_documents
from tests.archives import random_archive
from tests.uspto.documents import inventor_v44, v44, write, write_zip


def country(code: str) -> str:
    return inventor_v44(f"<country>{code}</country>")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return random_archive(tmp_path_factory.mktemp("archive"), 5, years=(2003, 2010, 2016), size=30).folder


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["find", *map(str, arguments)])


def numbers(result: Result) -> set[str]:
    assert result.exit_code == 0, result.output
    return {json.loads(line)["publication_number"] for line in result.stdout.splitlines()}


@pytest.mark.parametrize("countries", ["CN,SG", "SG", "US,CN", "HK,RU", "CN,SG,IN"])
def test_what_is_found_has_inventors_of_all_countries(archive: Path, countries: str) -> None:
    wanted = {
        one.publication_number
        for path in sorted(archive.rglob("*.zip"))
        for one in read_documents(path)
        if isinstance(one, Publication) and set(countries.split(",")) <= set(one.countries)
    }

    assert numbers(run("--inventors", countries, "--format", "json", archive)) == wanted


def test_years_and_words_narrow_it(archive: Path) -> None:
    everything = numbers(run("--inventors", "CN", "--format", "json", archive))
    of_2010 = numbers(run("--inventors", "CN", "--year", "2010", "--format", "json", archive))
    words = run("--words", "record SYNTHETIC", "--year", "2010:2016", "--format", "json", archive)

    assert of_2010 == {number for number in everything if number.startswith("US2010")}
    assert of_2010 < numbers(words)
    assert {number[2:6] for number in numbers(words)} == {"2010", "2016"}


def test_grants_stand_beside_publications_and_bad_files_are_named(tmp_path: Path) -> None:
    grant = v44(country("CN") + country("RP"), root="us-patent-grant", number="11617522", kind="B2")
    application = v44(country("PH") + country("CN"), number="20200000001")
    write_zip(tmp_path / "a.zip", {"a.xml": (grant + application).encode()})
    write(tmp_path / "b.xml", application.replace("0000001", "0000002").replace("</us-parties>", ""))
    write(tmp_path / "c.zip", "<html>no zip</html>")
    write(tmp_path / "._a.zip", "left by a file manager")

    result = run("--inventors", "CN,PH", "--format", "csv", tmp_path)

    assert result.exit_code == 1
    assert [line.split(",")[0] for line in result.stdout.splitlines()[1:]] == [
        "US11617522B2",
        "US20200000001A1",
    ]
    assert "document 0 of b.xml could not be read" in result.stderr
    assert "c.zip is not a zip file" in result.stderr
    assert "._a.zip" not in result.stderr


def test_parquet_has_the_records(archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "found.parquet"
    result = run("--inventors", "CN,SG", "--format", "parquet", "--out", out, archive)

    assert result.exit_code == 0, result.output
    frame = pl.read_parquet(out)
    assert frame.height == len(numbers(run("--inventors", "CN,SG", "--format", "json", archive))) > 0
    assert {"inventors", "related", "source_file"} <= set(frame.columns)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--inventors", "CN,QX"], "QX is no country"),
        ([], "Say what to look for"),
        (["--words", "x", "--format", "parquet"], "add --out"),
        (["--inventors", "CN", "--year", "1999"], "1999"),
    ],
)
def test_what_cannot_be_asked_is_told(tmp_path: Path, arguments: list[str], told: str) -> None:
    write(tmp_path / "a.xml", v44(country("CN")))
    result = run(*arguments, tmp_path)

    assert result.exit_code == 2
    assert told in result.stderr
    assert run("--words", "x", tmp_path / "nothing").exit_code == 2


def test_csv_written_to_a_file_opens_right_in_excel(archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "found.csv"
    ended = run("--inventors", "CN,SG", "--format", "csv", "--out", out, archive)
    assert ended.exit_code == 0, ended.output
    assert out.read_bytes().startswith(b"\xef\xbb\xbfpublication_number,")
    assert [path.name for path in tmp_path.glob(".*.tmp")] == []


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_a_file_that_cannot_be_written_is_a_sentence(archive: Path, tmp_path: Path, form: str) -> None:
    (tmp_path / "file").write_text("a file")
    for place in ("file/below", "x" * 300):
        ended = run("--inventors", "CN,SG", "--format", form, "--out", tmp_path / place, archive)
        assert ended.exit_code == 2 and "--out" in ended.output and "cannot be written" in ended.output


def test_a_pipe_or_a_device_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "week.zip")
    for path in (tmp_path / "week.zip", Path("/dev/zero")):
        result = run("--year", "2012", path)

        assert (result.exit_code, result.stdout) == (2, "")
        assert f"{path} is neither a file nor a folder" in result.stderr
