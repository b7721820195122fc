"""What a user can get wrong: exit status 2, a sentence or two on stderr, never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result

from bri_pipeline.years import parsed_years
from tests.end_to_end.studies import Home, bri

STUDY = """\
name = "mine"
focal_country = "CN"
window = { start = 2011-01-01, end = 2012-12-31 }
partners = ["SG", "IN"]
"""


def complaint(result: Result) -> str:
    """What a user's error prints on stderr; fails where it prints anything but its sentence."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    text = result.stderr.strip()
    assert text.startswith("bri: ") and "Traceback" not in text
    # a wrong query is shown with the place where it is wrong
    assert len(text) < 700 and text.count("\n") <= 5
    return text


def study_file(folder: Path, text: str) -> str:
    path = folder / "mine.toml"
    path.write_text(text)
    return str(path)


def test_an_unknown_study_names_those_there_are(tmp_path: Path) -> None:
    text = complaint(bri(tmp_path, "run", "--study", "nanjing"))
    assert "'nanjing'" in text and "jiangsu-2018, live" in text
    assert "missing.toml" in complaint(bri(tmp_path, "run", "--study", str(tmp_path / "missing.toml")))
    assert "'nowhere'" in complaint(bri(tmp_path, "check", env={"BRI_STUDY": "nowhere"}))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--countries", "SG,XX"], ["XX", "is not searched by", "SG"]),
        (["--countries", ","], ["nothing"]),
        (["--years", "2013:2011"], ["2013:2011", "must rise"]),
        (["--years", "1999:2005"], ["2001 to 2018"]),
        (["--years", ""], ["write it as 2010:2012"]),
        (["--years", "2001-2005"], ["2001-2005", "write it as 2010:2012"]),
        (["--years", "2001,2050"], ["--years 2050 must", "2001 to 2018"]),
        (["--years", "2001,,2003"], ["write it as 2010:2012"]),
        (["--years", "²"], ["write it as 2010:2012"]),
        (["--years", "9" * 10_000], ["write it as 2010:2012"]),
        (["--countries", "\u202e" * 10_000], ["is not searched by"]),
    ],
)
def test_years_and_countries_that_cannot_be(tmp_path: Path, arguments: list[str], said: list[str]) -> None:
    text = complaint(bri(tmp_path, "run", *arguments))
    assert all(part in text for part in said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (STUDY + 'colour = "red"\n', "line 5: unknown key 'colour'"),
        (STUDY + "[growth]\nyear = 2001\n", "line 6: unknown key 'year'"),
        (STUDY.replace('"IN"', '"ZZ"'), "line 4: 'ZZ' is no country code"),
        (STUDY.replace("2012-12-31", "2010-12-31"), "line 3: the window is reversed"),
        (STUDY.replace("2011-01-01", "yesterday"), "not valid TOML"),
        (STUDY + '[source]\npath = "nowhere"\n', "nowhere does not exist"),
    ],
)
def test_a_study_file_that_cannot_be_used_names_the_line(tmp_path: Path, text: str, said: str) -> None:
    path = study_file(tmp_path, text)
    message = complaint(bri(tmp_path / "home", "run", "--study", path))
    assert said in message and path in message


def test_no_files_and_no_key_say_how_to_get_them(tmp_path: Path) -> None:
    text = complaint(bri(tmp_path / "home", "run", "--study", study_file(tmp_path, STUDY)))
    assert "USPTO_API_KEY" in text and str(tmp_path / "home" / "mine" / "archive") in text


@pytest.mark.parametrize("command", [["check"], ["query", "select 1"], ["report"]])
def test_reading_before_the_first_run(tmp_path: Path, command: list[str]) -> None:
    assert "Run `bri run` first" in complaint(bri(tmp_path, *command))
    assert not list(tmp_path.rglob("*.duckdb"))


def test_sql_that_is_wrong(home: Home) -> None:
    assert "marts.by_planet" in complaint(home.bri("query", "select * from marts.by_planet"))
    assert "show all tables" in complaint(home.bri("query", "selec 1"))


@pytest.mark.parametrize("sql", ["", "  ", ";", "/* nothing */"])
def test_no_sql_at_all(home: Home, sql: str) -> None:
    assert "There is no SQL to run" in complaint(home.bri("query", sql))


@pytest.mark.parametrize("output", ["table", "json"])
def test_inspecting_what_is_no_xml(tmp_path: Path, home: Home, output: str) -> None:
    file = tmp_path / "notes.xml"
    file.write_text("not a patent")
    text = complaint(bri(tmp_path, "inspect", str(file), "--format", output))
    assert f"{file} cannot be read: no root element" in text


def test_a_source_folder_without_files(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    study = study_file(
        tmp_path,
        'name = "mine"\nfocal_country = "CN"\nwindow = { start = 2015-01-01, end = 2015-12-31 }\n'
        'partners = ["SG"]\n[source]\npath = "files"\n',
    )
    text = complaint(bri(tmp_path / "home", "run", "--study", study))
    assert f"{tmp_path / 'files'} holds no .zip or .xml file" in text


def test_a_home_that_cannot_be_written_to(tmp_path: Path, home: Home) -> None:
    (tmp_path / "file").write_text("in the way")
    text = complaint(bri(tmp_path / "file" / "home", "run", "--study", str(home.study)))
    assert str(tmp_path / "file") in text and "set BRI_HOME to a folder you can write to" in text


def test_a_file_that_is_no_database(own_home: Home) -> None:
    own_home.study_home.warehouse.write_bytes(b"not a database, whatever its name says" * 100)
    text = complaint(own_home.bri("check"))
    assert str(own_home.study_home.warehouse) in text and "`bri run` makes it again" in text


@pytest.mark.slow
def test_a_damaged_state_file_is_named_and_made_again(
    own_home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    [state, *_] = sorted(own_home.study_home.raw.rglob("landed.json"))
    before = own_home.tables()
    state.write_text('{"SG": ')
    result = own_home.bri("run")
    assert result.exit_code == 0, result.output
    assert f"{state} is damaged" in caplog.text
    assert own_home.tables() == before


def test_settings_that_cannot_be(tmp_path: Path) -> None:
    assert "BRI_WORKERS is 'many'" in complaint(bri(tmp_path, "run", env={"BRI_WORKERS": "many"}))


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
@pytest.mark.parametrize("output", ["table", "json"])
def test_a_console_of_any_encoding_is_written_to(encoding: str, output: str) -> None:
    command = [sys.executable, "-m", "bri_pipeline", "place", "南京", "--format", output]
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    process = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert (process.returncode, process.stderr) == (0, b"")
    assert b"CN-JS" in process.stdout
    if output == "json":
        assert json.loads(process.stdout)["text"] == "南京"


def test_years_may_be_a_list() -> None:
    window = range(2001, 2019)
    assert parsed_years("2012,2014", window, "the window") == [2012, 2014]
    assert parsed_years("2014, 2001:2003,2002", window, "the window") == [2001, 2002, 2003, 2014]


def test_debug_shows_where_an_error_came_from(tmp_path: Path, home: Home) -> None:
    process = home.python("-m", "bri_pipeline", "--debug", "run", "--study", "nanjing")
    _, complaints = process.communicate()
    assert process.returncode == 2
    assert "Traceback (most recent call last)" in complaints and "'nanjing'" in complaints


def test_doctor_says_what_is_wrong_and_how_to_mend_it(tmp_path: Path, home: Home) -> None:
    sound = home.bri("doctor")
    assert sound.exit_code == 0, sound.output
    assert "ok     study corpus" in sound.output
    (tmp_path / "file").write_text("in the way")
    broken = bri(tmp_path / "file" / "home", "doctor", "--study", "nanjing")
    assert broken.exit_code == 1
    errors = [line for line in broken.output.splitlines() if line.startswith("error")]
    assert any("cannot be written to" in line and "-> set BRI_HOME" in line for line in errors)
    assert any("'nanjing'" in line for line in errors)
